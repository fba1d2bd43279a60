"""The stages one by one: what each does a second on one core, and what a release takes on the disk.

Run as a module it is the process that is measured: ``python -m bench.pipeline CORPUS_DIR DOCUMENTS RUNS SCRATCH``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.measure import Figure, Sizes, child, median_of, one_core, seconds

#: So many times a segment of captures is opened, since once is too short to be measured.
SCANS = 10


def section(corpus: Path, sizes: Sizes, scratch: Path) -> Iterator[Figure]:
    """All figures of this section."""
    told = child("bench.pipeline", corpus.resolve(), sizes.documents, sizes.runs, scratch)
    count = told["documents"]
    for name, took in told["seconds"].items():
        yield Figure(name, count / took, "releases/s")
    for name, size in told["bytes"].items():
        yield Figure(f"{name} on the disk", size / count, "bytes a release")


def measure(corpus: Path, documents: int, runs: int, scratch: Path) -> dict[str, Any]:
    """The seconds of each stage for so many documents, and the bytes that these take."""
    import pyarrow as pa
    from bench.site import page

    from moi_pipeline.extract.record import extract_batch, no_collections
    from moi_pipeline.extract.sketch import sketch
    from moi_pipeline.read import Article, read_capture
    from moi_pipeline.store import ROW_GROUP, open_segment, read_light, segments

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    ws, releases = _workspace(corpus, documents, scratch)
    fetched = seconds(lambda: ws.fetch(releases))
    (segment, *_) = segments(ws.raw)
    captures = open_segment(segment).read().to_pylist()
    count = len(captures)
    html = [page(capture["body"].decode(), number) for number, capture in enumerate(captures)]
    articles = [read_capture(c["body"], kind=c["kind"], url=c["url"]) for c in captures]
    texts = [article.text for article in articles if isinstance(article, Article)]

    def read_texts() -> None:
        with no_collections():
            for capture in captures:
                read_capture(capture["body"], kind=capture["kind"], url=capture["url"])

    def read_pages() -> None:
        with no_collections():
            for body in html:
                read_capture(body, kind="html", url="https://bench.example/", content_type="text/html")

    def extract_all() -> None:
        for start in range(0, count, ROW_GROUP):
            extract_batch(captures[start : start + ROW_GROUP])

    def scan() -> None:
        for _ in range(SCANS):
            read_light(segment)

    def scan_bodies() -> None:
        for _ in range(SCANS):
            open_segment(segment).read()

    extract_all()
    told = {
        "fetch of a folder (files to captures)": fetched,
        "raw scan, light columns": median_of(runs, scan) / SCANS,
        "raw scan, bodies too": median_of(runs, scan_bodies) / SCANS,
        "read, text files": median_of(runs, read_texts),
        "read, HTML pages": median_of(runs, read_pages),
        "sketch": median_of(runs, lambda: [sketch(text) for text in texts]) * count / max(1, len(texts)),
        "extract (read, thai, sketch, Arrow)": median_of(runs, extract_all),
        "moi extract, curating so few from nothing included": seconds(lambda: ws.extract(workers=1)),
    }
    sizes = {
        "as received": sum(len(capture["body"]) for capture in captures),
        "raw": _bytes(segments(ws.raw)),
        "extracted": _bytes(segments(ws.extracted)),
        "curated, Parquet": _bytes(sorted((ws.curated / "current/").glob("*.parquet"))),
        "curated, moi.duckdb": ws.database.stat().st_size,
    }
    return {"documents": count, "seconds": told, "bytes": sizes}


def _workspace(corpus: Path, documents: int, scratch: Path) -> tuple[Any, Path]:
    """A new workspace, and a folder of so many releases."""
    import moi_pipeline
    from moi_pipeline.setup import make_workspace

    releases = scratch / "releases"
    releases.mkdir()
    for path in sorted(corpus.glob("*.txt"))[:documents]:
        (releases / path.name).write_bytes(path.read_bytes())
    make_workspace(scratch / "workspace")
    return moi_pipeline.open(scratch / "workspace"), releases


def _bytes(paths: list[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


if __name__ == "__main__":
    one_core()
    json.dump(measure(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4])), sys.stdout)
