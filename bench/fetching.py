"""Fetching: the same pages of a local site by moi, wget and scrapy, each with politeness off and on one core.

Whole commands are timed, starting included. The site is a process of its own on another core where there is one.
moi judges and stores each page as it comes (is it a release, has another address given it); the peers write files.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from bench import site
from bench.measure import ROOT, BenchFailed, Figure, Sizes, seconds

import moi_pipeline
from moi_pipeline.setup import make_workspace
from moi_pipeline.store import read_light, segments


def section(corpus: Path, sizes: Sizes, scratch: Path) -> Iterator[Figure]:
    """All figures of this section."""
    with served(corpus, sizes.pages) as port:
        urls = scratch / "urls.txt"
        urls.write_text(
            "".join(f"http://127.0.0.1:{port}{path}\n" for path in site.paths(sizes.pages)), encoding="utf-8"
        )
        whole, parts = ["/sitemap.xml"], [f"/sitemap-{part}.xml" for part in range(site.PARTS)]
        ours = {
            "moi, one source": _rate(
                sizes, lambda run: by_moi(scratch / f"one{run}", port, whole, sizes.pages)
            ),
            f"moi, {site.PARTS} sources": _rate(
                sizes, lambda run: by_moi(scratch / f"some{run}", port, parts, sizes.pages)
            ),
        }
        peers = {}
        if shutil.which("wget"):
            peers["wget"] = _rate(sizes, lambda run: by_wget(urls, scratch / f"wget{run}", sizes.pages))
        else:
            print("  (wget is not installed: no figure)", file=sys.stderr)
        if find_spec("scrapy"):
            peers["scrapy, 16 requests at once"] = _rate(
                sizes, lambda run: by_scrapy(urls, scratch / f"scrapy{run}", sizes.pages)
            )
        else:
            print("  (scrapy is not installed: make bench installs it)", file=sys.stderr)
    for name, rate in ours.items():
        against = ", ".join(
            f"{rate / peer:.2f} times {other.partition(',')[0]}" for other, peer in peers.items()
        )
        yield Figure(f"{name} ({sizes.pages:,} pages)", rate, "pages/s", against)
    for name, rate in peers.items():
        yield Figure(f"peer: {name}", rate, "pages/s")


def _rate(sizes: Sizes, fetch: Callable[[int], float]) -> float:
    """Pages a second, the median of several runs."""
    return sizes.pages / statistics.median(fetch(run) for run in range(sizes.runs))


@contextlib.contextmanager
def served(corpus: Path, count: int) -> Iterator[int]:
    """The site, in a process of its own, for as long as the block lasts; gives its port."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.site", str(corpus.resolve()), str(count)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.stdin.close()


def by_moi(folder: Path, port: int, maps: Sequence[str], count: int) -> float:
    """The seconds of ``moi fetch`` into a new workspace, each sitemap a source."""
    make_workspace(folder)
    (folder / "sources.toml").write_text(
        "".join(
            f"[sources.part{number}]\nkind = 'sitemap'\nurl = 'http://127.0.0.1:{port}{path}'\n"
            "rate = 1000000\nrobots = false\n"
            for number, path in enumerate(maps)
        ),
        encoding="utf-8",
    )
    took = seconds(lambda: _run([sys.executable, "-m", "moi_pipeline", "-w", str(folder), "fetch"]))
    stored = sum(len(read_light(path)) for path in segments(moi_pipeline.open(folder).raw))
    return _whole(took, stored, count, "moi")


def by_wget(urls: Path, folder: Path, count: int) -> float:
    """The seconds of wget, which keeps one connection."""
    took = seconds(lambda: _run(["wget", "-q", "-P", str(folder), "-i", str(urls)]))
    return _whole(took, len(list(folder.iterdir())), count, "wget")


def by_scrapy(urls: Path, folder: Path, count: int) -> float:
    """The seconds of scrapy."""
    folder.mkdir()
    took = seconds(lambda: _run([sys.executable, "-m", "bench.spider", str(urls), str(folder)]))
    return _whole(took, len(list(folder.iterdir())), count, "scrapy")


def _whole(took: float, got: int, count: int, who: str) -> float:
    if got != count:
        raise BenchFailed(f"{who} brought {got} of {count} pages")
    return took


def _run(command: list[str]) -> None:
    """Run a command on the last core, past any proxy. Raises CalledProcessError."""
    pin = []
    if shutil.which("taskset") and hasattr(os, "sched_getaffinity"):
        pin = ["taskset", "-c", str(max(os.sched_getaffinity(0)))]
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    subprocess.run([*pin, *command], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True)
