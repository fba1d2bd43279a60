"""The bench runs, and its history holds what it measured. How fast anything is, no test says."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

from tests.helpers import environment, write_releases

ROOT = Path(__file__).parent.parent


def bench(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bench.bench", *map(str, args)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def test_a_quick_run_prints_its_figures_and_adds_them_to_the_history(tmp_path: Path) -> None:
    corpus, history = write_releases(tmp_path / "releases", 12), tmp_path / "history.csv"
    for run in (1, 2):
        done = bench(corpus, "--quick", "--only", "thai" if run == 1 else "commands", "--history", history)
        assert done.returncode == 0, done.stdout + done.stderr
        with history.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        assert {row["section"] for row in rows} == ({"thai"} if run == 1 else {"thai", "commands"})
    by_name = {(row["measure"], row["unit"]): row for row in rows}
    assert all(float(row["value"]) > 0 and row["date"] and row["python"] for row in rows)
    assert ("all kinds of mention, cold", "releases/s") in by_name
    assert ("thai (cold) against newmm alone", "times") in by_name
    assert ("moi --help", "s") in by_name
    assert "moi --help" in done.stdout


def test_what_cannot_be_measured_is_said_before_anything_is(tmp_path: Path) -> None:
    done = bench(tmp_path, "--no-history")
    assert done.returncode == 2
    assert "no releases" in done.stderr
    done = bench(write_releases(tmp_path, 1), "--only", "nothing")
    assert done.returncode == 2
    assert "'nothing' is none of thai, pipeline, fetch" in done.stderr
