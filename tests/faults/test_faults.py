"""Faults other than a kill: each is made in mid-run, and then the tables are those of a run without it."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.faults.conftest import Forks
from tests.faults.test_killed import new
from tests.helpers import small_disk

Fault = Callable[[str, int, int], None]
DAY = 86_400


def lost(forks: Forks, root: Path) -> int:
    told = forks("compare", root)["value"]
    assert (told["faults"], told["left"]) == ([], [])
    return int(told["lost"])


def test_a_full_disk(states: Path, forks: Forks, fault: Fault, tmp_path: Path) -> None:
    template = states / "refresh"
    size = sum(p.stat().st_size + 4096 for p in (template / "ws").rglob("*") if not p.is_symlink()) // 1024
    with small_disk(tmp_path / "disk", f"{size + 2000}k") as disk:
        root = new(template / "ws", disk / "here", states)
        before = forks("look", root)["value"]
        full = 0
        # From a disk that holds not one byte more to one that is filled by the last of the tables.
        for room in (4, 60, 200, 1000, 3000):
            used = shutil.disk_usage(disk).used // 1024
            subprocess.run(["mount", "-o", f"remount,size={used + room}k", str(disk)], check=True)
            full += bool(forks("tables", root, errors=("NotStored",)).get("raised"))
            assert forks("look", root)["value"] == before
        subprocess.run(["mount", "-o", "remount,size=100m", str(disk)], check=True)
        assert full == 5
        forks("refresh", root)
        wrong = lost(forks, root)
    fault("full disk", full, wrong)
    assert wrong == 0


def test_permission_lost_in_mid_run(states: Path, forks: Forks, fault: Fault, memory: Path) -> None:
    rng = random.Random("moi permission")
    root = new(states / "first" / "ws", memory / "forbidden", states)
    seen = {forks("look", root)["value"]}
    times = 0
    for moment in sorted(rng.sample(range(3, 60), 5)):
        told = forks("refresh", root, errors=("NotStored",), forbid_at=moment)
        times += bool(told.get("raised")) or not (root / "data").stat().st_mode & 0o200
        for path in [root / "data", *(root / "data").rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() else 0o644)
        seen.add(forks("look", root)["value"])
    assert times == 5
    assert None not in seen
    forks("refresh", root)
    wrong = lost(forks, root)
    fault("permission lost in mid-run", times, wrong)
    assert wrong == 0


def test_a_clock_set_back(states: Path, forks: Forks, fault: Fault, memory: Path) -> None:
    root = new(states / "first" / "ws", memory / "clock", states)
    runs = len(forks("status", root)["value"]["files"])
    forks("refresh", root, clock_back=400 * DAY)
    wrong = lost(forks, root)
    told = forks("status", root, clock_back=400 * DAY)["value"]
    assert len(told["files"]) > runs, "each run has a record of its own"
    assert set(told["files"]) >= set(told["runs"])
    for source in told["status"]["sources"]:
        for name, value in source.items():
            assert not (isinstance(value, int | float) and value < 0), (name, value)
    forks("refresh", root)
    wrong += lost(forks, root)
    fault("clock set back 400 days, then right again", 2, wrong)
    assert wrong == 0


def test_a_damaged_segment(states: Path, forks: Forks, fault: Fault, memory: Path) -> None:
    rng = random.Random("moi damage")
    root = new(states / "compact" / "ws", memory / "damaged", states)
    forks("tables", root)
    times = {"bit-flipped segment": 0, "truncated segment": 0}
    for _ in range(3):
        stages = rng.sample(("raw", "extracted"), 2)
        for stage, how in zip(stages, times, strict=True):
            path = rng.choice(sorted((root / "data" / stage).rglob("*.parquet")))
            body = bytearray(path.read_bytes())
            if how.startswith("bit"):
                body[rng.randrange(4, len(body) - 8)] ^= 1 << rng.randrange(8)
            else:
                del body[rng.randrange(len(body)) :]
            path.write_bytes(body)
            times[how] += 1
        # What extraction reads of them is found broken now, and what it read before when it reads all again.
        forks("tables", root, errors=("NothingBuilt",))
        forks("rebuild", root, errors=("NothingBuilt",))
        forks("fetch", root)
        forks("tables", root)
    assert {path.parent.parent.name for path in (root / "data").rglob("*.broken")} >= {"raw"}
    wrong = lost(forks, root)
    for how, count in times.items():
        fault(how, count, wrong)
    assert wrong == 0


def test_runs_at_once(states: Path, forks: Forks, fault: Fault, memory: Path) -> None:
    root = new(states / "first" / "ws", memory / "together", states)
    ends = forks("together", root)["value"]
    assert ends["other"] == 0
    assert ends["done"] >= 1
    assert ends["busy"] >= 1
    wrong = lost(forks, root)
    fault("another run at the same time", ends["busy"], wrong)
    assert wrong == 0


def test_a_reader_while_tables_are_published(states: Path, forks: Forks, fault: Fault, memory: Path) -> None:
    root = new(states / "first" / "ws", memory / "read", states)
    builds = root / "data" / "curated" / "builds"
    (older,) = builds.iterdir()
    shutil.copytree(older, builds.parent / "a")
    forks("refresh", root)
    (newer,) = [path for path in builds.iterdir() if path.name != older.name]
    shutil.copytree(newer, builds.parent / "b")
    told = forks("read_on", root)["value"]
    assert told["errors"] == []
    assert told["reads"] > 20
    assert len(set(told["right"])) == 2
    mixed = set(told["seen"]) - set(told["right"])
    fault("a reader while tables are published", 20, len(mixed))
    assert not mixed
