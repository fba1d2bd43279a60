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
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

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
    """What came of a task: captures by outcome and the segment written, or why its raw segment can't be read."""

    task: Task
    outcomes: dict[str, int]
    broken: str | None = None
    written: Path | None = None


#: What runs tasks: here, or on a cluster.
Engine = Callable[[Sequence[Task]], Iterator[Result]]
#: How often tasks are run whose worker died before each is run alone.
_TRIES = 2


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
    written = write_segment(task.folder, table)
    return Result(task, dict(Counter(table.column("outcome").to_pylist())), written=written)


def run_local(tasks: Sequence[Task], workers: int, careful: bool = False) -> Iterator[Result]:
    """Run tasks here, in this process or in ``workers`` of their own, and yield results as they come.

    What kills its worker is run again, at last alone: a capture that kills whoever reads it is set aside.
    ``careful`` says that this process may have been killed by one of these tasks: then none runs in it.
    """
    # Starting a process costs about as much as extracting a row group.
    few = workers <= 1 or sum(len(task.wanted) for task in tasks) <= ROW_GROUP
    if not tasks or (few and not careful):
        yield from map(run_task, tasks)
        return
    left = list(tasks)
    for _ in range(_TRIES):
        try:
            for result in _run_pool(left, min(max(workers, 1), len(left))):
                left.remove(result.task)
                yield result
            return
        except BrokenProcessPool:
            # Which of the tasks at work it was, nobody can tell; those finished are not run again.
            continue
    for task in left:
        yield from _run_alone(task)


def _run_alone(task: Task) -> Iterator[Result]:
    """Run a task that may kill its worker, in ever smaller parts: what is left of it is the capture that does."""
    try:
        yield from _run_pool([task], 1)
    except BrokenProcessPool:
        if len(task.wanted) == 1:
            yield give_up(task)
            return
        for part in halves(task):
            yield from _run_alone(part)


def halves(task: Task) -> tuple[Task, Task]:
    """The two halves of a task that wants several captures."""
    middle = len(task.wanted) // 2
    return replace(task, wanted=task.wanted[:middle]), replace(task, wanted=task.wanted[middle:])


def give_up(task: Task) -> Result:
    """Record the captures of a task as failed, because they kill the process that reads them."""
    from moi_pipeline.extract.record import failed_batch

    detail = "the process that read this document was killed, each time; most often for lack of memory"
    captures = read_captures(task.segment, task.row_group, task.wanted)
    written = write_segment(task.folder, failed_batch(captures, "WorkerDied", detail))
    return Result(task, {"failed": len(task.wanted)}, written=written)


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
