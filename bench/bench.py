"""Measure the speed of everything, as ratios against peers of the same run, and add the figures to history.csv.

    python -m bench.bench CORPUS_DIR [--only thai,fetch] [--quick] [--no-history]

Each figure is the median of several runs, but for building many tables from nothing and the report on them, which
are run once. What says so keeps to one core. Nothing else should be at work on the machine: where the load average
is above 0.5 the figures mean little.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.commands import section as commands
from bench.commands import tables
from bench.fetching import section as fetching
from bench.measure import QUICK, ROOT, BenchFailed, Figure, Sizes
from bench.pipeline import section as pipeline
from bench.thai import section as thai

Section = Callable[[Path, Sizes, Path], Iterator[Figure]]
SECTIONS: dict[str, tuple[str, Section]] = {
    "thai": ("Finding mentions (one core)", thai),
    "pipeline": ("The stages (one core)", pipeline),
    "fetch": ("Fetching a local site, politeness off", fetching),
    "commands": ("Commands", commands),
    "tables": ("The tables as they grow", tables),
}
COLUMNS = ("date", "commit", "machine", "cores", "load", "python", "section", "measure", "value", "unit")
HISTORY = Path(__file__).parent / "history.csv"
#: With more at work than this the figures mean little.
QUIET = 0.5


def main() -> None:
    args = _arguments()
    sizes = QUICK if args.quick else Sizes()
    if args.articles:
        sizes = replace(sizes, articles=args.articles)
    load = os.getloadavg()[0]
    facts = [
        f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        commit(),
        machine(),
        str(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()),
        f"{load:.2f}",
        platform.python_version(),
    ]
    print(f"{facts[0]}, commit {facts[1]}, {facts[2]}, {facts[3]} cores, Python {facts[5]}, load {facts[4]}")
    if load > QUIET:
        print(f"WARNING: the machine is at work (load average {load:.2f}): these figures mean little")
    started = time.monotonic()
    found: list[tuple[str, Figure]] = []
    failed: list[str] = []
    for name in args.only:
        title, section = SECTIONS[name]
        print(f"\n{title}", flush=True)
        try:
            with tempfile.TemporaryDirectory() as scratch:
                for figure in section(args.corpus.resolve(), sizes, Path(scratch)):
                    print(line(figure), flush=True)
                    found.append((name, figure))
        except (BenchFailed, subprocess.CalledProcessError) as error:
            # What was measured so far is told and kept, and the other sections are measured.
            print(f"  FAILED: {error}", flush=True)
            failed.append(name)
    missed = [figure for _, figure in found if figure.met is False]
    print(f"\n{len(found)} figures in {time.monotonic() - started:.0f} s, {len(missed)} beside their limit")
    if not args.no_history:
        write_history(args.history, facts, found)
    sys.exit(bool(failed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, help="a folder of releases as text files")
    parser.add_argument("--only", type=_sections, default=list(SECTIONS), help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="tiny sizes: whether it runs, not how fast")
    parser.add_argument("--articles", type=int, help="articles in the tables (default 100,000)")
    parser.add_argument("--history", type=Path, default=HISTORY, help="the file that figures are added to")
    parser.add_argument("--no-history", action="store_true", help="only print")
    args = parser.parse_args()
    if not any(args.corpus.glob("*.txt")):
        parser.error(f"no releases (*.txt) in {args.corpus}")
    return args


def _sections(told: str) -> list[str]:
    wanted = told.split(",")
    if unknown := [name for name in wanted if name not in SECTIONS]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(SECTIONS)}")
    return [name for name in SECTIONS if name in wanted]


def line(figure: Figure) -> str:
    """A figure for people: what, how much, against what, and whether it keeps to its limit."""
    told = f"  {figure.measure:62s}{number(figure.value):>10s} {figure.unit:16s}{figure.against}"
    if figure.limit:
        sign, bound = figure.limit
        told += f"{' ' if figure.against else ''}[{sign} {bound:g}: {'met' if figure.met else 'MISSED'}]"
    return told.rstrip()


def number(value: float) -> str:
    """A number with about three figures."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.3g}"


def commit() -> str:
    """The commit measured, with a + where the tree differs from it; empty outside a repository."""
    git = ["git", "-C", str(ROOT)]
    try:
        known = subprocess.run(
            [*git, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True
        )
        changed = subprocess.run(
            [*git, "status", "--porcelain", "--untracked-files=no", "src", "queries", "bench"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return known.stdout.strip() + ("+" if changed.stdout.strip() else "")


def machine() -> str:
    """The processor's name."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for text in info.read_text(encoding="utf-8").splitlines():
            if text.startswith("model name"):
                return text.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def write_history(path: Path, facts: Sequence[str], found: Sequence[tuple[str, Figure]]) -> None:
    """Add a run's figures to the history, a line each."""
    fresh = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        if fresh:
            writer.writerow(COLUMNS)
        for section, figure in found:
            writer.writerow([*facts, section, figure.measure, f"{figure.value:.6g}", figure.unit])
    print(f"added to {path}", file=sys.stderr)


if __name__ == "__main__":
    main()
