"""Measure the speed of each stage, as ratios against a peer in the same run.

    python bench/bench.py CORPUS_DIR [--documents 500]

One core, each figure the median of several runs. The peer is PyThaiNLP's word_tokenize (newmm) over the whole
text: what a pipeline built from libraries would do before it has found anything.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa

import moi_pipeline as moi
from moi_pipeline.extract.record import extract_batch
from moi_pipeline.read import Article, read_capture
from moi_pipeline.setup import make_workspace
from moi_pipeline.store import open_segment, segments
from moi_pipeline.thai.analyse import analyse
from moi_pipeline.thai.model import Release

RUNS = 3


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--documents", type=int, default=500)
    args = parser.parse_args()
    pa.set_cpu_count(1)
    with tempfile.TemporaryDirectory() as scratch:
        make_workspace(Path(scratch))
        ws = moi.open(scratch)
        fetched, _ = timed(lambda: ws.fetch(args.corpus), runs=1)
        (segment, *_) = segments(ws.raw)
        captures = open_segment(segment).read().slice(0, args.documents).to_pylist()
        articles = [read_capture(c["body"], kind=c["kind"], url=c["url"]) for c in captures]
        releases = [
            Release(a.text, a.title_end, a.published_at, a.published_span)
            for a in articles
            if isinstance(a, Article)
        ]
        characters = sum(len(release.text) for release in releases)
        count = len(releases)
        first, _ = timed(lambda: analyse(releases[0]), runs=1)
        read, _ = timed(lambda: [read_capture(c["body"], kind=c["kind"], url=c["url"]) for c in captures])
        thai, _ = timed(lambda: [analyse(release) for release in releases])
        whole, _ = timed(lambda: extract_batch(captures))
        curated, _ = timed(lambda: ws.extract(workers=1), runs=1)
        few = releases[:: max(1, count // 50)]
        peer, _ = timed(lambda: tokenize(few), runs=1)
    print(f"{count} releases, {characters:,} characters, one core")
    print(f"{'':34s}{'releases/s':>12s}{'M chars/s':>12s}")
    scale = sum(len(release.text) for release in few) / characters
    for name, seconds, share in (
        ("fetch of local files", fetched, 1.0),
        ("read (bytes to article)", read, 1.0),
        ("thai (all kinds of mention)", thai, 1.0),
        ("extract (read, thai, Arrow)", whole, 1.0),
        ("extract, curate, check, publish", curated, 1.0),
        ("peer: newmm over whole texts", peer, scale),
    ):
        print(f"{name:34s}{count * share / seconds:12,.0f}{characters * share / seconds / 1e6:12.2f}")
    print(f"thai against newmm: {peer / scale / thai:.0f} times as fast; first call {first * 1000:.0f} ms")


def timed(call: Callable[[], object], runs: int = RUNS) -> tuple[float, object]:
    """The median seconds of several calls, and the last result."""
    seconds, result = [], None
    for _ in range(runs):
        started = time.perf_counter()
        result = call()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds), result


def tokenize(releases: list[Release]) -> None:
    """The peer's work."""
    from pythainlp.tokenize import word_tokenize

    for release in releases:
        word_tokenize(release.text, engine="newmm")


if __name__ == "__main__":
    main()
