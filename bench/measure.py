"""What all sections of the bench share: figures, timing, one core, and processes of their own."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


class BenchFailed(Exception):
    """Something did not do its work, so that its time is no figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure. ``against`` is its ratio to a peer, ``limit`` what it should keep to (``<`` or ``>``)."""

    measure: str
    value: float
    unit: str
    against: str = ""
    limit: tuple[str, float] | None = None

    @property
    def met(self) -> bool | None:
        """Does it keep to its limit? None where it has none."""
        if self.limit is None:
            return None
        sign, bound = self.limit
        return self.value < bound if sign == "<" else self.value >= bound


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured. ``runs`` is how often; figures are medians."""

    documents: int = 500
    runs: int = 3
    peer_documents: int = 30
    starts: int = 10
    pages: int = 1000
    articles: int = 100_000
    night: int = 500
    long: tuple[int, ...] = (200_000, 2_000_000)
    repeated: int = 100_000


QUICK = Sizes(20, 1, 2, 3, 40, 700, 20, (20_000,), 5_000)


def median_of(runs: int, call: Callable[[], object]) -> float:
    """The median seconds of several calls."""
    return statistics.median(seconds(call) for _ in range(max(1, runs)))


def seconds(call: Callable[[], object]) -> float:
    """The seconds of one call."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def one_core() -> None:
    """Keep this process, and those that it starts, to one core: the last, since the first serves the machine."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def child(module: str, *args: object) -> Any:
    """Run ``python -m module ARGS`` and read the JSON that it prints. Raises CalledProcessError where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, args)], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


def medians(results: list[dict[str, float]]) -> dict[str, float]:
    """The median of each figure over several processes."""
    return {name: statistics.median(result[name] for result in results) for name in results[0]}


def moi(folder: Path, *command: str, exit_codes: tuple[int, ...] = (0,)) -> float:
    """Run moi on a workspace in a process of its own; its seconds. Raises CalledProcessError."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "moi_pipeline", "--workspace", str(folder), *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    took = time.perf_counter() - started
    if done.returncode not in exit_codes:
        sys.stderr.write(done.stderr)
        raise subprocess.CalledProcessError(done.returncode, command)
    return took
