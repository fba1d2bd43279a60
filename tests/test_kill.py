"""kill -9 at any moment of fetch or extract, then the same command again: the same tables as without the kill."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.helpers import contents, mention_bytes, moi, start_moi, wait_for, write_releases

from moi_pipeline.api import Moi
from moi_pipeline.errors import NothingBuilt
from moi_pipeline.setup import make_workspace
from moi_pipeline.store import known_captures, open_segment, segments

#: More than a segment of fetch holds, and five tasks of extraction. One in ten is a release: the others cost little.
COUNT, ARTICLES = 530, 53

State = Callable[[Moi], object]


def parts(folder: Path) -> list[Path]:
    return list(folder.rglob(".*.part"))


def builds(workspace: Moi, pattern: str) -> list[Path]:
    return list((workspace.curated / "builds").glob(pattern))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_releases(tmp_path_factory.mktemp("many") / "releases", COUNT)
    for number, path in enumerate(sorted(folder.iterdir())):
        if number % 10:
            path.write_text(f"{number}", encoding="utf-8")
    return folder


def new_workspace(folder: Path) -> Moi:
    make_workspace(folder)
    return Moi(folder.resolve())


@pytest.fixture(scope="module")
def unkilled(folder: Path) -> Moi:
    """A workspace whose runs were left in peace."""
    workspace = new_workspace(folder.parent / "unkilled")
    workspace.fetch(folder)
    workspace.extract()
    assert len(contents(workspace)["articles"]) == ARTICLES
    return workspace


def kill_at(state: State, workspace: Moi, *args: str | Path) -> None:
    """Start the command, and kill it and all its processes as soon as ``state`` is seen, or let it end."""
    running = start_moi(*args, cwd=workspace.root)
    try:
        assert wait_for(lambda: running.poll() is not None or state(workspace))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


def kill_after(seconds: float, workspace: Moi, *args: str | Path) -> None:
    """Start the command, and kill it and all its processes after a time, wherever it is by then."""
    running = start_moi(*args, cwd=workspace.root)
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def assert_same_tables(workspace: Moi, unkilled: Moi) -> None:
    assert contents(workspace) == contents(unkilled)
    assert mention_bytes(workspace) == mention_bytes(unkilled)
    assert workspace.check() == []
    assert parts(workspace.root / "data") == []
    assert builds(workspace, ".*") == []


FETCH_STATES: dict[str, State] = {
    "one segment written": lambda ws: segments(ws.raw),
}


@pytest.mark.parametrize("state", FETCH_STATES)
def test_fetch_killed_at(state: str, tmp_path: Path, folder: Path, unkilled: Moi) -> None:
    workspace = new_workspace(tmp_path / "ws")
    kill_at(FETCH_STATES[state], workspace, "fetch", folder)
    kept = len(known_captures(workspace.raw / "files").newest)
    told = moi("fetch", folder, cwd=workspace.root).stdout
    assert told.startswith(f"files: {COUNT} listed, {COUNT - kept} new, {kept} unchanged, 0 refused")
    stored = [open_segment(path).metadata.num_rows for path in segments(workspace.raw)]
    assert sum(stored) == COUNT, "nothing is stored twice"
    assert parts(workspace.raw) == []
    workspace.extract()
    assert_same_tables(workspace, unkilled)


BUILD_STATES: dict[str, State] = {
    "publishing": lambda ws: builds(ws, "[!.]*"),
}


@pytest.mark.parametrize("state", BUILD_STATES)
def test_first_build_killed_at(state: str, built: Moi) -> None:
    before = contents(built)
    shutil.rmtree(built.curated)
    kill_at(BUILD_STATES[state], built, "extract")
    # What is there in between is all or nothing.
    with contextlib.suppress(NothingBuilt):
        built.sql("SELECT 1")
        assert contents(built) == before
    built.extract()
    assert contents(built) == before
    assert built.check() == []
    assert builds(built, ".*") == []


def test_killed_again_and_again_wherever_it_is(tmp_path: Path, folder: Path, unkilled: Moi) -> None:
    workspace = new_workspace(tmp_path / "ws")
    rng = random.Random(9)
    for _ in range(2):
        kill_after(rng.uniform(0.1, 1.5), workspace, "fetch", folder)
    moi("fetch", folder, cwd=workspace.root)
    for _ in range(3):
        kill_after(rng.uniform(0.3, 4.0), workspace, "extract", "--workers", "2")
    moi("extract", "--workers", "2", cwd=workspace.root)
    assert_same_tables(workspace, unkilled)


REBUILD_STATES: dict[str, State] = {
    "writing a table": lambda ws: builds(ws, ".*/articles.parquet"),
    "published": lambda ws: "first" not in str((ws.curated / "current").readlink()),
}


@pytest.mark.parametrize("state", REBUILD_STATES)
def test_a_killed_extract_leaves_the_older_tables_or_the_newer_ones(state: str, built: Moi) -> None:
    before = contents(built)
    # Named, so that the new build can be told from it.
    current = built.curated / "current"
    (built.curated / current.readlink()).rename(built.curated / "builds" / "first")
    current.unlink()
    current.symlink_to("builds/first")
    write_releases(built.root.parent / "releases", 1, first=50)
    built.fetch("news")
    kill_at(REBUILD_STATES[state], built, "extract")
    between = contents(built)
    assert between == before or len(between["articles"]) == 7
    assert built.check() == []
    built.extract()
    assert len(contents(built)["articles"]) == 7
    assert len(builds(built, "*")) == 2
