"""Completion in the shell: what it offers, by the shell's own protocol, and that nothing heavy is loaded for it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from tests.helpers import environment

from moi_pipeline.api import Moi

MOI = str(Path(sys.executable).parent / "moi")


@cache
def bash_script() -> str:
    env = environment(_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    return subprocess.run(
        [MOI, "--show-completion", "bash"], env=env, capture_output=True, text=True, check=True
    ).stdout


def completed(workspace: Path, line: str, current: str = "") -> list[str]:
    """What bash offers for the last word of a line: its own function, installed as moi prints it."""
    bash = shutil.which("bash")
    assert bash
    words = [*line.split(), current]
    script = (
        f"{bash_script()}\n"
        f"COMP_WORDS=({' '.join(word or repr('') for word in words)})\nCOMP_CWORD={len(words) - 1}\n"
        f"_moi_completion {MOI}\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        [bash, "--norc", "-c", script],
        cwd=workspace,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return [line for line in done.stdout.splitlines() if line]


@pytest.mark.skipif(not Path(MOI).exists(), reason="the command is not installed beside this Python")
def test_bash_completes_sources_tables_articles_and_more(tables: Moi, tmp_path: Path) -> None:
    root = tables.root
    assert completed(root, "moi fetch", "new") == ["news"]
    assert completed(root, "moi sources check", "sam") == ["samples"]
    assert {"officials", "offices"} <= set(completed(root, "moi sql", "off"))
    article = tables.sql("SELECT min(article_id) FROM articles").fetchall()[0][0]
    assert article in completed(root, "moi show", article[:3])
    assert completed(tmp_path, f"moi -w {root} show", article[:8]) == [article], "the workspace of the line"
    assert completed(root, "moi show x --mentions", "pla") == ["places"]
    assert completed(root, "moi search x --province", "ตรั") == ["ตรัง"]
    assert sorted(completed(root, "moi search x --province", "NakhonP")) == ["NakhonPathom", "NakhonPhanom"]
    assert completed(tmp_path, "moi fetch", "new") == [], "no workspace, no sources"
    assert completed(tmp_path, "moi show", "ab") == []


def test_completing_loads_nothing_heavy(tables: Moi) -> None:
    heavy = "duckdb, pandas, pyarrow, numpy, pythainlp, httpx"
    code = (
        "import sys, moi_pipeline.cli\n"
        "try:\n    moi_pipeline.cli.app()\nexcept SystemExit:\n    pass\n"
        f"loaded = sorted(set({heavy!r}.split(', ')) & set(sys.modules))\n"
        "print('loaded', loaded)\n"
    )
    for line in ("moi fetch n", "moi show a", "moi sql off"):
        env = environment(COMP_WORDS=line, COMP_CWORD="2", _MOI_COMPLETE="complete_bash")
        done = subprocess.run(
            [sys.executable, "-c", code.replace("app()", "app(prog_name='moi')")],
            cwd=tables.root,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines()[-1] == "loaded []", (line, done.stdout)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_scripts_of_other_shells_are_sound(shell: str, tables: Moi) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    env = environment(_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    script = subprocess.run(
        [sys.executable, "-m", "moi_pipeline", "--show-completion", shell],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    subprocess.run([program, "-n", "-c", script], env=env, check=True)
    asked = {
        "zsh": {"_TYPER_COMPLETE_ARGS": "moi fetch new", "_MOI_COMPLETE": "complete_zsh"},
        "fish": {
            "_TYPER_COMPLETE_ARGS": "moi fetch new",
            "_TYPER_COMPLETE_FISH_ACTION": "get-args",
            "_MOI_COMPLETE": "complete_fish",
        },
    }[shell]
    code = "from moi_pipeline.cli import app; app(prog_name='moi')"
    offered = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tables.root,
        env=environment(**asked),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "news" in offered.stdout
