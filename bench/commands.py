"""Commands as a person or cron waits for them: starting, and on tables of many articles made by growth.py.

Run as a module it is the process whose searches are measured: ``python -m bench.commands WORKSPACE RUNS``.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import growth
from bench.measure import BenchFailed, Figure, Sizes, child, median_of, moi, one_core, seconds

import moi_pipeline

#: What people search for: words of releases, names, places, with a slip (the last two), and one word of many hits.
SEARCHES = (
    "ธนาคารขยะ น่าน",
    "ผู้ว่าราชการจังหวัด ตรวจเยี่ยม",
    "โครงการหมู่บ้านยั่งยืน",
    "น้ำท่วม ช่วยเหลือ ผู้ประสบภัย",
    "ประชุมคณะกรรมการ",
    "จังหวัด",
    "จิตอาสาพัฒนา วัด",
    "ศูนย์ดำรงธรรม",
    "ผู้ว่าราชกาน",
    "ธนาคาร ขยะะ",
)
#: A refresh of a real night may find what must be looked at (3): that is no failure of the bench.
FINE = (0, 3)


def section(corpus: Path, sizes: Sizes, scratch: Path) -> Iterator[Figure]:
    """Starting."""
    for name, command, limit in (
        ("peer: python -c pass", ["-c", "pass"], None),
        ("moi --help", ["-m", "moi_pipeline", "--help"], 0.3),
        ("moi fetch --help", ["-m", "moi_pipeline", "fetch", "--help"], None),
    ):
        took = median_of(sizes.starts, lambda command=command: _run(command))  # type: ignore[misc]
        yield Figure(name, took, "s", f"median of {sizes.starts}", ("<", limit) if limit else None)


def tables(corpus: Path, sizes: Sizes, scratch: Path) -> Iterator[Figure]:
    """Building the tables of many articles, a night more, and asking them."""
    folder = scratch / "many"
    base = growth.records_of(corpus, scratch / "base")
    growth.grow(base, folder, sizes.articles)
    tonight = folder / "tonight"
    tonight.mkdir()
    (folder / "sources.toml").write_text(
        "[sources.tonight]\nkind = 'files'\npath = 'tonight'\n", encoding="utf-8"
    )
    built = growth.run(folder, "extract")
    ws = moi_pipeline.open(folder)
    (count,) = ws.sql("SELECT count(*) FROM articles").fetchall()[0]
    of = f"{count:,} articles"
    yield Figure(f"curate {of} from nothing", count / built.seconds, "articles/s", f"{built.seconds:.0f} s")
    yield Figure("its memory", built.memory, "MB", limit=("<", 8192))
    moi(folder, "refresh", exit_codes=FINE)
    yield Figure(
        f"moi refresh, nothing new on {of}",
        statistics.median(moi(folder, "refresh", exit_codes=FINE) for _ in range(sizes.runs)),
        "s",
        limit=("<", 5),
    )
    yield Figure(
        f"moi refresh, {sizes.night} new on {of}",
        statistics.median(
            night(corpus, folder, scratch / f"night{run}", sizes.night) for run in range(sizes.runs)
        ),
        "s",
        limit=("<", 20),
    )
    asked = child("bench.commands", folder, sizes.runs)
    yield Figure(f"search {of} (one core), median query", asked["median"], "ms")
    yield Figure(f"search {of} (one core), slowest query", asked["slowest"], "ms", limit=("<", 300))
    for name, command in (
        ("moi search", ["search", SEARCHES[0]]),
        ("moi sql", ["sql", "SELECT province, count(*) FROM articles GROUP BY ALL"]),
        ("moi status", ["status"]),
        ("moi report", ["report", "--output", str(scratch / "report.html")]),
    ):
        runs = 1 if name == "moi report" else sizes.runs
        took = median_of(runs, lambda command=command: moi(folder, *command))  # type: ignore[misc]
        yield Figure(f"{name}, {of}", took, "s")
    yield Figure("the report", (scratch / "report.html").stat().st_size / 1e6, "MB", limit=("<", 5))


def night(corpus: Path, folder: Path, copy: Path, count: int) -> float:
    """The seconds of a refresh that finds so many new releases, in a copy of the workspace that is then removed."""
    # Segments and published files are never changed in place, so that the copy's may be the same files.
    shutil.copytree(folder, copy, symlinks=True, copy_function=_link)
    growth.releases(corpus, copy / "tonight", count)
    took = moi(copy, "refresh", exit_codes=FINE)
    (new,) = (
        moi_pipeline.open(copy).sql("SELECT count(*) FROM articles WHERE source = 'tonight'").fetchall()[0]
    )
    if new < min(count, len(list(corpus.glob("*.txt")))) // 2:
        raise BenchFailed(f"the night brought {new} articles of {count} releases")
    shutil.rmtree(copy)
    return took


def _link(source: str, target: str) -> None:
    os.link(source, target)


def searches(folder: Path, runs: int) -> dict[str, float]:
    """Milliseconds of the median and of the slowest of ``SEARCHES``, each the median of several runs."""
    ws = moi_pipeline.open(folder)
    ws.search("ทดสอบ")
    took = [
        statistics.median(seconds(_searching(ws, words)) * 1000 for _ in range(runs)) for words in SEARCHES
    ]
    return {"median": statistics.median(took), "slowest": max(took)}


def _searching(ws: moi_pipeline.Moi, words: str) -> Callable[[], object]:
    return lambda: ws.search(words)


def _run(command: list[str]) -> None:
    subprocess.run([sys.executable, *command], stdout=subprocess.DEVNULL, check=True)


if __name__ == "__main__":
    one_core()
    json.dump(searches(Path(sys.argv[1]), int(sys.argv[2])), sys.stdout)
