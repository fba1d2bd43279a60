"""What the fault suite shares: the process that forks, and workspaces in the states that stages begin from."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.helpers import environment, release, write_releases

from moi_pipeline.setup import make_workspace

HERE = Path(__file__).parent


class Forks:
    """The process of ``forks.py``; each call runs one piece of work in a child of it."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.forks"],
            cwd=HERE.parent.parent,
            env=environment(MOI_LANG="en"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._read() == {"ready": True}

    def __call__(self, work: str, root: Path, *, errors: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"work": work, "root": str(root), **more}) + "\n")
        self.process.stdin.flush()
        told = self._read()
        assert "raised" not in told or told["error"] in errors, told["raised"]
        return told

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout
        told: dict[str, Any] = json.loads(self.process.stdout.readline())
        return told

    def end(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    forks = Forks()
    yield forks
    forks.end()


@pytest.fixture(scope="session")
def memory() -> Iterator[Path]:
    """A folder in memory where there is such a place: a killed process takes nothing of it along either, and the
    thousand flushes of this suite wait for no disk.
    """
    shared = Path("/dev/shm")
    roomy = shared.is_dir() and shutil.disk_usage(shared).free > 200_000_000
    with tempfile.TemporaryDirectory(prefix="moi-faults-", dir=shared if roomy else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def states(memory: Path, forks: Forks) -> Path:
    """Workspaces, each in the state that a stage begins from, named as the stage; and the rows of ``wanted``.

    Two sources, of which one changes its releases twice; "refresh" has published tables and finds new releases.
    """
    folder = memory
    news, more = write_releases(folder / "news", 2), write_releases(folder / "more", 1, first=20)
    root = folder / "ws"
    make_workspace(root)
    settings = ""  # none of the catalogue: nothing here asks the web
    for path in (news, more):
        settings += f'[sources.{path.name}]\nkind = "files"\npath = "{path}"\nbase_url = "https://{path.name}.example"\n'
    (root / "sources.toml").write_text(settings, encoding="utf-8")

    def keep(name: str) -> None:
        shutil.copytree(root, folder / name / "ws", symlinks=True)

    forks("fetch", root)
    forks("tables", root)
    keep("first")
    (news / "00000.txt").write_text(release(0, "ฉบับแก้ไข"), encoding="utf-8")
    write_releases(news, 1, first=2)
    forks("fetch", root)
    forks("extract", root)
    write_releases(news, 2, first=3)
    keep("refresh")
    keep("fetch")
    forks("fetch", root)
    keep("extract")
    keep("tables")
    forks("extract", root)
    keep("compact")
    forks("compact", root)
    forks("tables", root)
    assert forks("keep", root)["value"] > 50
    return folder


@pytest.fixture
def fault(record_property: Any) -> Any:
    """Tell the table at the end of a fault: its name, how often it was made, and the rows lost or wrong after it."""

    def tell(name: str, times: int, lost: int) -> None:
        record_property("fault", [name, times, lost])

    return tell
