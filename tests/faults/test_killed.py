"""kill -9 at seeded moments of every stage, again and again: then the same tables as without it.

``forks.py`` says what a moment is. tests/test_kill.py kills the real command line, with all its processes.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.faults.conftest import Forks

Fault = Callable[[str, int, int], None]

#: Kills a stage, and how many of them one workspace lives through before its run is left in peace.
KILLS = {"fetch": 14, "extract": 14, "tables": 7, "compact": 7, "refresh": 7}
IN_A_ROW = 7


@pytest.mark.parametrize("stage", KILLS)
def test_a_stage_killed_at_any_moment_loses_nothing(
    stage: str, states: Path, forks: Forks, fault: Fault, memory: Path
) -> None:
    rng = random.Random(f"moi {stage}")
    template = states / stage / "ws"
    unkilled = new(template, memory / f"{stage}-unkilled", states)
    before = forks("look", unkilled)["value"]
    counted = forks(stage, unkilled, kill_at=0)["moments"]
    moments = sum(counted.values())
    assert moments > 10, counted
    finish(stage, unkilled, forks)
    after = forks("look", unkilled)["value"]

    kills = lost = 0
    while kills < KILLS[stage]:
        root = new(template, memory / f"{stage}-killed", states)
        for _ in range(IN_A_ROW):
            kills += forks(stage, root, kill_at=rng.randint(1, moments))["killed"]
            seen = forks("look", root)["value"]
            assert seen in (before, after), "a reader sees the older tables or the newer ones"
        lost += finish(stage, root, forks)
    fault(f"kill -9 in {stage}", kills, lost)
    assert lost == 0


def new(template: Path, folder: Path, states: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder / "ws", symlinks=True)
    shutil.copy(states / "wanted.pickle", folder / "wanted.pickle")
    return folder / "ws"


def finish(stage: str, root: Path, forks: Forks) -> int:
    """Run the stage once more and to its end, and what follows it; gives the rows that are lost or wrong."""
    forks(stage, root)
    if stage not in ("tables", "refresh"):
        forks("tables", root)
    told = forks("compare", root)["value"]
    assert told["faults"] == []
    assert told["left"] == []
    return int(told["lost"])
