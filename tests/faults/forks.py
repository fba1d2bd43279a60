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

    from moi_pipeline.curate import build, renew
    from moi_pipeline.search import index

    of_python = {
        called.__code__
        for called in (
            pq.ParquetWriter.write_table, pq.ParquetWriter.close, build.Making.make, build.Making.hand_on,
            build._comment, build._check, renew.renew, renew.attach_changed, index.write_index,
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

    nightly.MANY_IN_ONE = 3  # type: ignore[misc]
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


WORK: dict[str, Callable[[Moi], Any]] = {
    work.__name__: work for work in (fetch, extract, tables, compact, refresh, keep, compare, look)
}


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Run what is asked for in a child, and tell how it ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        told = {}
        try:
            moments: Counter[str] = Counter()
            if "kill_at" in request:
                moments = count_moments(request["kill_at"], lambda: os.kill(os.getpid(), signal.SIGKILL))
            value = WORK[request["work"]](Moi(Path(request["root"])))
            sys.setprofile(None)
            told = {"value": value, "moments": moments}
        except BaseException:  # noqa: BLE001 - told to the test, whatever it is
            sys.setprofile(None)
            told = {"raised": traceback.format_exc()}
        finally:
            os.write(writing, json.dumps(told).encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"killed": killed} | (json.loads(told) if told and not killed else {})


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
    extraction._was_killed = lambda _: False
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
