"""The same tasks on a Ray of this machine: the same tables, byte for byte, also where a worker is killed."""

from __future__ import annotations

import os
import signal
import threading
from pathlib import Path

import pytest
from tests.helpers import contents, mention_bytes, moi, wait_for, write_releases

from moi_pipeline.api import Moi
from moi_pipeline.extract.ray_engine import NoCluster, run_ray

pytest.importorskip("ray")


@pytest.fixture
def many(ws: Moi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Moi:
    """A workspace of many tasks, extracted here."""
    monkeypatch.setattr("moi_pipeline.store.ROW_GROUP", 16)
    ws.fetch(write_releases(tmp_path / "many", 200))
    ws.extract()
    return ws


def ray_workers() -> list[int]:
    """The processes that run a task of Ray's at this moment."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and b"ray::run_task" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_ray_gives_the_same_bytes_and_loses_nothing_with_a_worker_that_is_killed(many: Moi) -> None:
    expected = mention_bytes(many)
    tables = contents(many)
    killed: list[int] = []

    def kill_one() -> None:
        if wait_for(lambda: bool(ray_workers()), 60):
            for worker in ray_workers()[:1]:
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)

    killer = threading.Thread(target=kill_one)
    killer.start()
    told = moi("extract", "--engine", "ray", "--rebuild", cwd=many.root, timeout=240)
    killer.join()
    assert killed, "no worker was there to be killed"
    assert told.stdout.startswith("extracted 200 captures")
    assert many.check() == []
    assert mention_bytes(many) == expected
    assert contents(many) == tables


def test_no_cluster_is_told(ws: Moi, releases: Path) -> None:
    ws.fetch(releases)
    told = moi("extract", "--engine", "ray", "--address", "127.0.0.1:9", cwd=ws.root, expect=1)
    assert "no Ray cluster answers at 127.0.0.1:9" in told.stderr
    assert "ray start --head" in told.stderr
    assert "--engine ray" in moi("extract", "--address", "127.0.0.1:9", cwd=ws.root, expect=2).stderr


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NoCluster) as caught:
        next(run_ray([object()]))  # type: ignore[list-item]
    assert "moi-pipeline[ray]" in caught.value.hint
