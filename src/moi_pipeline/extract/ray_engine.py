"""Running tasks on a Ray cluster, or on a Ray of this machine's own.

The tasks and their results are those of ``engine``: workers read raw segments and write extracted ones, so they
must see the workspace's data under the same path (a shared folder), or the object store that it lies on.
"""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from moi_pipeline.errors import MoiError
from moi_pipeline.extract import engine
from moi_pipeline.extract.engine import Result, Task, give_up, halves

#: Tasks handed out at once a core: enough to keep it busy, few enough that a stopped run has little to call off.
_AHEAD = 3
#: How often Ray runs a task again whose worker died, before it is run in parts.
_RETRIES = 2
_PATIENCE = 10.0  # seconds


class NoCluster(MoiError):
    """Ray is not installed, or its cluster does not answer."""


def run_ray(
    tasks: Sequence[Task], address: str | None = None, work: Callable[[Task], Result] = engine.run_task
) -> Iterator[Result]:
    """Run tasks on the cluster at ``address`` (None: one started here, for this run) and yield results as they come.

    ``work`` is what a worker does with a task.

    A task whose worker dies is run again elsewhere; one that kills every worker is run in ever smaller parts, until
    the capture that does it is found and recorded as failed. Raises NoCluster.
    """
    if not tasks:
        return
    # Ray tells of workers that died on standard output, which is for what moi was asked.
    with contextlib.redirect_stdout(sys.stderr):
        yield from _run(tasks, work, _started(address))


def _run(tasks: Sequence[Task], work: Callable[[Task], Result], ray: Any) -> Iterator[Result]:
    try:

        def run_task(task: Task) -> Result:
            return work(task)

        run = ray.remote(num_cpus=1, max_retries=_RETRIES)(run_task)
        waiting = list(reversed(tasks))
        at_work: dict[Any, Task] = {}
        most = max(1, int(ray.cluster_resources().get("CPU", 1))) * _AHEAD
        while waiting or at_work:
            while waiting and len(at_work) < most:
                task = waiting.pop()
                at_work[run.remote(task)] = task
            (ready, *_), _left = ray.wait(list(at_work), num_returns=1)
            task = at_work.pop(ready)
            try:
                yield ray.get(ready)
            except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError):
                if len(task.wanted) > 1:
                    waiting += halves(task)
                else:
                    yield give_up(task)
            except ray.exceptions.RayTaskError as error:
                # The error as it was raised there: Ray's own holds the worker's traceback.
                raise error.cause if isinstance(error.cause, MoiError) else error from None
    finally:
        with contextlib.suppress(ConnectionError):
            ray.shutdown()


def _started(address: str | None) -> Any:
    """The library, connected. Its own output is kept away: results and errors come back here."""
    if importlib.util.find_spec("ray") is None:
        raise NoCluster("Ray is not installed", 'Install it: pip install "moi-pipeline[ray]"')
    import ray

    if address is not None:
        _reach(address)
    options: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
    if address is None:
        options["include_dashboard"] = False
    try:
        ray.init(address=address or "local", **options)
    except Exception as error:
        # Where its processes don't come up in time, as on a machine with too much to do, Ray raises this very class.
        if type(error) is Exception or isinstance(error, (ConnectionError, ValueError, RuntimeError)):
            raise _no_answer(address or "this machine", error) from error
        raise
    return ray


def _reach(address: str) -> None:
    """Ask whether anything listens there: Ray itself would try for minutes. Other addresses are Ray's to find."""
    host, _, port = address.rpartition("://")[2].rpartition(":")
    if host and port.isdecimal():
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
        except OSError as error:
            raise _no_answer(address, error) from error


def _no_answer(address: str, error: Exception) -> NoCluster:
    return NoCluster(
        f"no Ray cluster answers at {address}: {error}",
        "Start one (ray start --head), or name another with --address; --engine local needs none.",
    )
