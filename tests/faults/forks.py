"""A process that has everything loaded and runs stages in forked children: a kill costs milliseconds, not a start.

Reads requests from stdin, one JSON object a line, and answers likewise. A child that is to be killed counts the calls
by which a stage changes the disk (files and folders made, written, flushed, renamed, linked, removed; views built;
row groups written), and sends itself SIGKILL before the one whose number was asked for. So every state that a stage
can leave behind has a number, and a seed names it.
"""

from __future__ import annotations

import importlib
import json
import os
import pickle
import pkgutil
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import moi_pipeline
from moi_pipeline.api import Moi

POSIX = {
    "mkdir", "rmdir", "rename", "replace", "unlink", "remove", "symlink", "link", "fsync", "ftruncate", "write",
    "sendfile", "copy_file_range",
}  # fmt: skip


def count_moments(kill_at: int, reached: Callable[[], None]) -> Counter[str]:
    """Count a stage's moments from here on in this thread; at the one of that number call ``reached``."""
    import pyarrow.parquet as pq

    from moi_pipeline.curate import build, changed, renew
    from moi_pipeline.search import index

    of_python = {
        called.__code__
        for called in (
            pq.ParquetWriter.write_table, pq.ParquetWriter.close, build.Making.make, build.Making.hand_on,
            build._comment, build._check, changed.renew_readings, renew.Renewal._make_affected,
            index.write_index,
        )
    }  # fmt: skip
    seen: Counter[str] = Counter()

    def watch(frame: FrameType, event: str, arg: Any) -> None:
        if event == "c_call":
            name = arg.__name__
            if name not in POSIX or getattr(arg, "__module__", None) != "posix":
                return
        elif event != "call" or frame.f_code not in of_python:
            return
        else:
            name = frame.f_code.co_name
        seen[name] += 1
        if seen.total() == kill_at:
            reached()

    sys.setprofile(watch)
    return seen


def fetch(ws: Moi) -> None:
    ws.fetch()


def extract(ws: Moi) -> None:
    from moi_pipeline.extract.run import extract

    with ws.lock("extract"):
        extract(ws)


def tables(ws: Moi) -> None:
    """Extraction with the build and its publishing."""
    ws.extract()


def rebuild(ws: Moi) -> None:
    ws.extract(rebuild=True)


def compact(ws: Moi) -> None:
    from moi_pipeline.nightly.compact import merge
    from moi_pipeline.nightly.retention import Rule, drop, superseded

    with ws.lock("compact"):
        rule = Rule()
        if found := superseded(ws, rule):
            drop(ws, rule, found)
        merge(ws)


def refresh(ws: Moi) -> None:
    from moi_pipeline.nightly import compact as nightly
    from moi_pipeline.nightly.journal import Journal
    from moi_pipeline.nightly.refresh import refresh

    nightly.MANY_IN_ONE = 3
    refresh(ws, Journal(quiet=True), workers=1)


def keep(ws: Moi) -> int:
    """Keep what the tables hold as what they should hold; returns the rows."""
    from tests.helpers import contents

    found = contents(ws)
    (ws.root.parent / "wanted.pickle").write_bytes(pickle.dumps(found))
    return sum(map(len, found.values()))


def compare(ws: Moi) -> dict[str, Any]:
    """How many rows the tables lack or have beyond those kept, what verify finds, and files left half-written."""
    from tests.helpers import contents

    from moi_pipeline.nightly.verify import verify

    wanted: dict[str, list[Any]] = pickle.loads((ws.root.parent / "wanted.pickle").read_bytes())
    found = contents(ws)
    lost = 0
    for name, rows in wanted.items():
        a, b = Counter(map(repr, rows)), Counter(map(repr, found[name]))
        lost += (a - b).total() + (b - a).total()
    verified = verify(ws)
    left = [p.name for p in (ws.root / "data").rglob(".*.part")]
    left += [p.name for place in (ws.curated, ws.curated / "builds") for p in place.glob(".*")]
    return {"lost": lost, "faults": [f.what for f in verified.faults], "left": left}


def look(ws: Moi) -> str | None:
    """What a reader sees at this moment: a digest of all tables, or nothing."""
    import hashlib

    from tests.helpers import contents

    from moi_pipeline.errors import NothingBuilt

    try:
        ws.sql("SELECT count(*) FROM articles").fetchall()
    except NothingBuilt:
        return None
    return hashlib.sha256(repr(sorted(contents(ws).items())).encode()).hexdigest()


def status(ws: Moi) -> dict[str, Any]:
    """What is told of the runs and of freshness."""
    told = json.loads(json.dumps(ws.status(), default=str))
    ids = [row[0] for row in ws.sql("SELECT run_id FROM runs WHERE source IS NOT NULL OR true").fetchall()]
    files = [path.stem for path in ws.runs.glob("[!.]*.json")]
    return {"status": told, "runs": sorted(set(ids)), "files": sorted(files)}


def together(ws: Moi) -> dict[str, int]:
    """Four runs at once, each in a process of its own: how many did the work and how many found it being done."""
    from moi_pipeline.errors import Busy

    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            try:
                refresh(ws)
                os._exit(0)
            except Busy:
                os._exit(7)
            except BaseException:  # noqa: BLE001 - a third way to end, which the test counts
                traceback.print_exc()
                os._exit(1)
        children.append(child)
    ends = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    return {"done": ends.count(0), "busy": ends.count(7), "other": 4 - ends.count(0) - ends.count(7)}


def read_on(ws: Moi) -> dict[str, Any]:
    """Publish two builds in turn, twenty times, while another process reads without end: what it saw."""
    import shutil

    from moi_pipeline.curate.publish import publish

    builds = ws.curated / "builds"
    pair = [ws.curated / "a", ws.curated / "b"]
    right = [look(ws), None]
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _reader(ws, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        pipe.readline()  # the reader has begun
        for number in range(20):
            copy = builds / f"night{number:02d}"
            shutil.copytree(pair[number % 2], copy)
            publish(ws.curated, copy)
            right[number % 2] = look(ws)
            pipe.readline()  # it has read once more, of this build or the one before
        os.kill(child, signal.SIGTERM)
        told = json.loads(pipe.read().split(b"\n")[-1])
    os.waitpid(child, 0)
    return dict(told) | {"right": [told for told in right if told]}


def _reader(ws: Moi, writing: int) -> None:
    import duckdb

    seen: set[str] = set()
    errors: list[str] = []
    kept = duckdb.connect(str(ws.database.resolve()), read_only=True)
    first = kept.execute("SELECT count(*) FROM articles").fetchall()
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
    reads = 0
    while not asked:
        try:
            seen.add(str(look(ws)))
            # By where the link leads: DuckDB looks a file's name up more than once, and may meet two builds' files.
            duckdb.read_parquet(str((ws.curated / "articles.parquet").resolve())).fetchall()
            if kept.execute("SELECT count(*) FROM articles").fetchall() != first:
                errors.append("the open connection saw another build")
        except BaseException as error:  # noqa: BLE001 - any error is what this looks for
            errors.append(repr(error))
        reads += 1
        os.write(writing, b"read\n")
    os.write(writing, json.dumps({"seen": sorted(seen), "errors": errors[:5], "reads": reads}).encode())
    os._exit(0)


def set_clock(back: float) -> None:
    """Let this process's clock stand so many seconds back."""
    import datetime as real
    import time

    before = real.datetime
    now = time.time

    class Kind(type):
        def __instancecheck__(cls, other: object) -> bool:
            return isinstance(other, before)

    class Clock(before, metaclass=Kind):  # type: ignore[misc, valid-type]
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return before.fromtimestamp(now() - back, tz)

    time.time = lambda: now() - back
    for name, module in list(sys.modules.items()):
        if name.startswith("moi_pipeline") and getattr(module, "datetime", None) is before:
            module.datetime = Clock  # type: ignore[attr-defined]


def forbid_writing(root: Path) -> None:
    """Take all permissions to write from a workspace's data."""
    for path in [root / "data", *(root / "data").rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o555 if path.is_dir() else 0o444)


def be_bound_by_permissions() -> None:
    """Let permissions bind this process even where it is root's: drop the capabilities that pass over them."""
    import ctypes

    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; low words, then high words
    assert libc.capget(header, sets) == 0
    sets[0] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    assert libc.capset(header, sets) == 0


STAGES = (fetch, extract, tables, rebuild, compact, refresh)
QUESTIONS = (keep, compare, look, status, together, read_on)
WORK: dict[str, Callable[[Moi], Any]] = {work.__name__: work for work in (*STAGES, *QUESTIONS)}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Run what is asked for in a child, and tell how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        told = {}
        try:
            moments: Counter[str] = Counter()
            root = Path(request["root"])
            if "clock_back" in request:
                set_clock(request["clock_back"])
            if "forbid_at" in request:
                be_bound_by_permissions()
                count_moments(request["forbid_at"], lambda: forbid_writing(root))
            if "kill_at" in request:
                moments = count_moments(request["kill_at"], lambda: os.kill(os.getpid(), signal.SIGKILL))
            value = WORK[request["work"]](Moi(root))
            sys.setprofile(None)
            told = {"value": value, "moments": moments}
        except BaseException as error:  # noqa: BLE001 - told to the test, whatever it is
            sys.setprofile(None)
            told = {"raised": traceback.format_exc(), "error": type(error).__name__}
        finally:
            os.write(writing, json.dumps(told).encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"killed": killed} | (json.loads(said) if said and not killed else {})


def main() -> None:
    """Load everything without starting a thread, then answer."""
    for found in pkgutil.walk_packages(moi_pipeline.__path__, "moi_pipeline."):
        if not found.name.endswith(("__main__", "ray_engine")) and ".report" not in found.name:
            importlib.import_module(found.name)
    for name in ("duckdb", "pyarrow.compute", "pyarrow.dataset", "pyarrow.parquet", "tantivy", "pytz"):
        importlib.import_module(name)
    from tests.helpers import release

    from moi_pipeline.extract import run as extraction
    from moi_pipeline.extract.fingerprint import fingerprint
    from moi_pipeline.read import read_capture
    from moi_pipeline.thai.analyse import analyse
    from moi_pipeline.thai.model import Release

    analyse(Release(release(1)))
    read_capture(release(1).encode(), kind="text")
    fingerprint()
    # After a kill the documents are read in workers of their own, which takes a start each; tests/test_kill.py has it.
    setattr(extraction, "_was_killed", lambda _: False)  # noqa: B010 - mypy takes no other name for its argument
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
