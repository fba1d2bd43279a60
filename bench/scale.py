"""Measure what docs/scale.md says: how fast extraction is on one core, two, and Ray, and what a release costs.

    python -m bench.scale CORPUS_DIR [--documents 6000] [--price 0.05] [--grown 10000 100000]

The corpus is repeated until there are enough documents, each with a line of its own so that none is the same capture.
Each engine extracts all of them anew in a process of its own; the best of ``--runs`` counts, since others may be at
work on the machine. ``--grown`` builds tables of so many varied articles, as bench/growth.py does.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import tracemalloc
from functools import partial
from pathlib import Path
from typing import Any

ENGINES = ("1 core", "2 cores", "Ray, 2 cores")
ROOT = Path(__file__).parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=6000)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--price", type=float, default=0.05, help="of a core for an hour, in dollars")
    parser.add_argument("--grown", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(_child(Path(args.child[0]), args.child[1])))
        return
    with tempfile.TemporaryDirectory() as scratch:
        _measure(args, Path(scratch))


def _measure(args: argparse.Namespace, scratch: Path) -> None:
    from bench import growth

    from moi_pipeline.setup import make_workspace

    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, ", end="")
    print(f"load {os.getloadavg()[0]:.1f} at the start\n")
    repeat(args.corpus, scratch / "releases", args.documents)
    make_workspace(scratch / "ws")
    fetched = _run(scratch / "ws", "fetch", args)
    print("| extraction | releases/s | CPU ms a release | hours a million | dollars a million |")
    print("|---|---|---|---|---|")
    for engine in ENGINES:
        told = min(
            (_run(scratch / "ws", engine, args) for _ in range(args.runs)), key=lambda told: told["seconds"]
        )
        rate = args.documents / told["seconds"]
        hours = 1e6 / rate / 3600
        dollars = hours * (1 if engine == ENGINES[0] else 2) * args.price
        # Ray's workers are no children of the process that is asked.
        cpu = "" if engine == ENGINES[2] else f"{told['cpu'] / args.documents * 1000:.2f}"
        print(f"| {engine} | {rate:,.0f} | {cpu} | {hours:.2f} | {dollars:.3f} |", flush=True)
    facts = _run(scratch / "ws", "facts", args)
    print(f"\nload {os.getloadavg()[0]:.1f} at the end; a core costs {args.price:.2f} dollars an hour\n")
    print("| what | figure |")
    print("|---|---|")
    print(f"| storing captures of local files | {args.documents / fetched['seconds']:,.0f} releases/s |")
    for what, figure in facts.items():
        print(f"| {what} | {figure} |")
    if args.grown:
        print("\nTables (bench/growth.py):\n")
        base = growth.records_of(args.corpus, scratch / "base")
        print("  articles    made   built  ms each     MB   again  a night     MB     raw extracted  curated")
        for size in args.grown:
            growth.measure(args.corpus, base, scratch / str(size), size, night=500)


def repeat(corpus: Path, folder: Path, count: int) -> None:
    """So many documents of the corpus, again and again, each with a last line of its own."""
    folder.mkdir()
    texts = [path.read_bytes() for path in sorted(corpus.glob("*.txt"))]
    for number in range(count):
        text = texts[number % len(texts)] + f"\nสำเนาที่ {number}\n".encode()
        (folder / f"{number:06d}.txt").write_bytes(text)


def _run(folder: Path, what: str, args: argparse.Namespace) -> dict[str, Any]:
    """One measurement, in a process of its own. Raises CalledProcessError where it fails."""
    command = [sys.executable, "-m", "bench.scale", str(args.corpus), "--child", str(folder), what]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _child(folder: Path, what: str) -> dict[str, Any]:
    import moi_pipeline as moi
    from moi_pipeline.extract.ray_engine import run_ray
    from moi_pipeline.extract.run import extract

    ws = moi.open(folder)
    if what == "facts":
        return _facts(ws)
    started = time.perf_counter()
    if what == "fetch":
        ws.fetch(folder.parent / "releases")
        return {"seconds": time.perf_counter() - started}
    with ws.lock("extract"):
        engine = partial(run_ray, address=None) if what == ENGINES[2] else None
        report = extract(ws, 2 if what == ENGINES[1] else 1, rebuild=True, engine=engine)
    return {"seconds": report.seconds, "cpu": sum(os.times()[:4])}


def _facts(ws: Any) -> dict[str, str]:
    """Bytes and memory a release."""
    from moi_pipeline.extract.engine import plan
    from moi_pipeline.store import known_captures, open_segment, read_light, segments

    raw, records = segments(ws.raw), segments(ws.extracted)
    count = sum(open_segment(path).metadata.num_rows for path in raw)
    sent = sum(
        len(body.as_buffer())
        for path in raw
        for group in range(open_segment(path).num_row_groups)
        for body in open_segment(path).read_row_group(group, columns=["body"]).column(0)
    )
    facts = {"bytes as received, a release": f"{sent / count:,.0f}"}
    for name, paths in (("raw", raw), ("extracted", records)):
        facts[f"bytes {name}, a release"] = f"{sum(path.stat().st_size for path in paths) / count:,.0f}"
    facts["segments written by these runs"] = f"{len(raw):,} raw, {len(records):,} extracted"
    started = time.perf_counter()
    for path in raw:
        read_light(path)
    facts["reading what is stored, without bodies"] = (
        f"{count / (time.perf_counter() - started):,.0f} releases/s"
    )
    read_light(raw[0]).to_pylist()  # what this imports is no release's memory
    tracemalloc.start()
    done: set[str] = set()
    for path in records:
        done.update(open_segment(path).read(columns=["capture_id"]).column(0).to_pylist())
    facts["memory of planning, a release that is extracted"] = (
        f"{tracemalloc.get_traced_memory()[0] / count:,.0f} bytes"
    )
    tasks = list(plan(raw, set(), ws.extracted))
    facts["releases a task"] = f"{count / len(tasks):,.0f}"
    del done, tasks
    tracemalloc.reset_peak()
    before = tracemalloc.get_traced_memory()[0]
    known = known_captures(ws.raw)
    facts["memory of a fetch, a release that is stored"] = (
        f"{(tracemalloc.get_traced_memory()[0] - before) / len(known.rows):,.0f} bytes"
    )
    tracemalloc.stop()
    return facts


if __name__ == "__main__":
    main()
