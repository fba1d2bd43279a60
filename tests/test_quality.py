"""The quality gate: extraction on annotated releases stays above its floors, and floors only go up."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
FLOORS = ROOT / "quality" / "floors.toml"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the annotated releases are not part of the project")
def test_scores_are_above_their_floors() -> None:
    done = subprocess.run(
        [sys.executable, "quality/evaluate.py", SHARED / "gold" / "dev", SHARED / "gold" / "score.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "held back" in done.stdout


def test_no_floor_was_ever_lowered() -> None:
    def git(*args: str) -> str:
        return subprocess.run(["git", *args], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    if not (ROOT / ".git").exists():
        pytest.skip("no history here: the project was unpacked, not cloned")
    commits = git("log", "--reverse", "--format=%H", "--", "quality/floors.toml").split()
    versions = [git("show", f"{commit}:quality/floors.toml") for commit in commits]
    highest: dict[str, float] = {}
    for text in [*versions, FLOORS.read_text(encoding="utf-8")]:
        tables = {name: table for name, table in tomllib.loads(text).items() if name.endswith("floors")}
        floors = {f"{name} {kind}": floor for name, table in tables.items() for kind, floor in table.items()}
        assert not highest.keys() - floors.keys(), "a floor was taken away"
        for kind, floor in floors.items():
            assert floor >= highest.get(kind, 0.0), f"the floor of {kind} was lowered"
            highest[kind] = floor
    assert highest
