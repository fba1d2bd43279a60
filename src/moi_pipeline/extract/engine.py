"""Running tasks on this machine. A task is a row group of a raw segment in, an extracted segment out.

A task names everything that it needs, and its result is a file: so the same function can run on
a cluster's workers, and a task that died can be run again.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from moi_pipeline.errors import MoiError
from moi_pipeline.store import ROW_GROUP, open_segment, read_captures, write_segment


@dataclass(frozen=True, slots=True)
class Task:
    """The wanted captures of one row group of a raw segment, and the folder for the result."""

    segment: Path
    row_group: int
    wanted: tuple[str, ...]
    folder: Path


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a task: captures by outcome, or why its segment can't be read."""

    task: Task
    outcomes: dict[str, int]
    broken: str | None = None


class WorkerDied(MoiError):
    """A worker process was killed, most often for lack of memory."""


def plan(raw: Sequence[Path], done: set[str], folder: Path) -> Iterator[Task]:
    """The tasks that are left: raw minus ``done``, a capture once however often it was stored."""
    seen = set(done)
    for path in raw:
        segment = open_segment(path)
        for group in range(segment.num_row_groups):
            ids = segment.read_row_group(group, columns=["capture_id"]).column(0).to_pylist()
            wanted = tuple(capture for capture in ids if not (capture in seen or seen.add(capture)))  # type: ignore[func-returns-value]
            if wanted:
                yield Task(path, group, wanted, folder)


def run_task(task: Task) -> Result:
    """Extract one task and write its segment. A broken raw segment is told, not raised."""
    # Imported here, so that planning needs neither PyThaiNLP nor selectolax.
    from moi_pipeline.extract.record import extract_batch

    try:
        captures = list(read_captures(task.segment, task.row_group, task.wanted))
    except (OSError, pa.ArrowException) as error:
        return Result(task, {}, broken=str(error))
    table = extract_batch(captures)
    write_segment(task.folder, table)
    return Result(task, dict(Counter(table.column("outcome").to_pylist())))


def run_local(tasks: Sequence[Task], workers: int) -> Iterator[Result]:
    """Run tasks here, in this process or in ``workers`` of their own, and yield results as they come."""
    # Starting a process costs about as much as extracting a row group.
    workers = min(workers, len(tasks))
    if workers <= 1 or sum(len(task.wanted) for task in tasks) <= ROW_GROUP:
        yield from map(run_task, tasks)
        return
    left: Iterable[Task] = tasks
    for attempt in (1, 2):
        finished: set[Task] = set()
        try:
            for result in _run_pool(left, workers):
                finished.add(result.task)
                yield result
            return
        except BrokenProcessPool as error:
            left = [task for task in left if task not in finished]
            if attempt == 2:
                raise WorkerDied(
                    f"a worker process died twice; {len(left)} tasks are left",
                    "Everything finished is kept. Run the same command again with --workers 1.",
                ) from error


def _run_pool(tasks: Iterable[Task], workers: int) -> Iterator[Result]:
    # spawn: a forked child would inherit the locks of Arrow's threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker) as pool:
        futures = [pool.submit(run_task, task) for task in tasks]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _start_worker() -> None:
    # Ctrl-C is the parent's to handle: a worker ends its task, whose result is then kept.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # One thread a worker: the pool already uses every core.
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def _end_with_parent() -> None:
    # A worker whose parent was killed would wait for its next task for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)
