"""moi.duckdb in other hands: DuckDB of other versions, and its shell held open while new tables are published.

The packages are installed once into the temporary folder and kept there. Where the package index can't be
reached the tests are skipped, and say so.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests.helpers import write_releases

from moi_pipeline.api import Moi

ASKED = (
    "SELECT (SELECT count(*) FROM articles), (SELECT max(length(text)) > 100 FROM articles), "
    "(SELECT count(*) > 0 FROM unique_officials), (SELECT count(*) > 0 FROM persons)"
)


def installed(package: str, version: str) -> Path:
    """The folder with one version of a package, installed if it is not there yet; skips where it can't be had."""
    folder = Path(tempfile.gettempdir()) / f"moi-tests-{os.getuid()}" / f"{package}-{version}"
    if not (folder / "whole").exists():
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--upgrade"]
        done = subprocess.run(
            [*pip, "--target", str(folder), f"{package}=={version}"],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"{package} {version} can't be installed here: {done.stderr.strip()[-200:]}")
        (folder / "whole").touch()
    return folder


@pytest.mark.parametrize("version", ["1.4.0", "1.5.0"])
def test_older_duckdb_reads_the_tables(built: Moi, version: str, tmp_path: Path) -> None:
    write_releases(built.root.parent / "releases", 1, first=30)
    built.fetch("news")
    assert built.extract()[1].changed == 1, "a build that went on from another"
    code = (
        "import duckdb, sys; print(duckdb.__version__); "
        "print(*duckdb.connect(sys.argv[1], read_only=True).execute(sys.argv[2]).fetchone())"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(built.database), ASKED],
        env={**os.environ, "PYTHONPATH": str(installed("duckdb", version))},
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=True,
    )
    assert told.stdout.split() == [version, "7", "True", "True", "True"]


def test_the_shell_stays_open_while_new_tables_are_published(built: Moi, tmp_path: Path) -> None:
    program = installed("duckdb-cli", "1.5.6") / "duckdb_cli" / "duckdb"
    with subprocess.Popen(
        [str(program), "-readonly", "-csv", "-noheader", str(built.database)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
        cwd=tmp_path,
    ) as shell:
        assert shell.stdin is not None
        assert shell.stdout is not None

        def ask(query: str) -> str:
            assert shell.stdin is not None
            assert shell.stdout is not None
            shell.stdin.write(f"{query};\n")
            shell.stdin.flush()
            return shell.stdout.readline().strip()

        assert ask(ASKED) == "6,true,true,true"
        for number in (30, 31):
            write_releases(built.root.parent / "releases", 1, first=number)
            built.fetch("news")
            extracted, report = built.extract()
            assert (extracted.exit_code, report.exit_code) == (0, 0)
            assert ask(ASKED) == "6,true,true,true", "yesterday's tables, whole"
        shell.stdin.write(".quit\n")
        shell.stdin.flush()
        assert shell.wait(timeout=60) == 0
    assert built.sql("SELECT count(*) FROM articles").fetchall() == [(8,)]
