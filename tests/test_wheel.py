"""The wheel, installed in a new environment and used in an empty folder, does the main job."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.helpers import environment

ROOT = Path(__file__).parent.parent


def test_the_wheel_does_the_main_job_in_an_empty_folder(tmp_path: Path) -> None:
    clean = environment(PIP_DISABLE_PIP_VERSION_CHECK="1")
    # Nothing of the checkout may help.
    clean.pop("PYTHONPATH", None)

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            [str(word) for word in command],
            cwd=tmp_path,
            env=clean,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    run(sys.executable, "-m", "pip", "wheel", ROOT, "--no-deps", "--quiet", "--wheel-dir", tmp_path / "dist")
    (wheel,) = (tmp_path / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        packed = set(archive.namelist())
    for path in (ROOT / "queries").rglob("*.sql"):
        assert f"moi_pipeline/_queries/{path.relative_to(ROOT / 'queries').as_posix()}" in packed
    # What a Data Package says of its quality.
    assert {"moi_pipeline/_quality/floors.toml", "moi_pipeline/_quality/quality.md"} <= packed
    assert {"moi_pipeline/py.typed", "moi_pipeline/thai/data/provinces.csv"} <= packed
    assert not [name for name in packed if name.startswith("tests") or name.endswith((".pyc", ".duckdb"))]

    run(sys.executable, "-m", "venv", tmp_path / "env")
    # Compiling all that is installed takes longer than running the little that is used.
    run(tmp_path / "env" / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-compile", wheel)
    moi = tmp_path / "env" / "bin" / "moi"
    assert "made a workspace in news" in run(moi, "init", "news")
    assert run(moi, "-w", "news", "fetch", "samples").startswith("samples: 8 listed, 8 new")
    assert "(8 article)" in run(moi, "-w", "news", "extract", "--workers", "2")
    assert run(moi, "-w", "news", "check") == "all checks are clean\n"
    found = run(moi, "-w", "news", "sql", "SELECT count(*) AS n FROM policy_items", "--format", "csv")
    assert int(found.splitlines()[1]) >= 10
    assert run(moi, "--version").split()[1] in wheel.name
    report = run(
        tmp_path / "env" / "bin" / "python",
        "-c",
        "import moi_pipeline as moi; print(len(moi.open('news').table('articles').df()), moi.__file__)",
    )
    assert report.startswith(f"8 {tmp_path / 'env'}")
