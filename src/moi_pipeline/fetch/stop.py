"""Running a coroutine so that Ctrl-C ends it within a moment, and takes nothing from what it does to end."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine
from typing import Any


def run_to_end(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end, also where a loop is running already (a notebook).

    Ctrl-C stops it, and what it has is stored; pressed again it changes nothing. Raises KeyboardInterrupt then.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        asyncio.run(_stoppable(work, _Stop()))
        return
    raised: list[BaseException] = []
    stop = _Stop()

    def body() -> None:
        try:
            asyncio.run(_stoppable(work, stop))
        except BaseException as error:  # noqa: BLE001 - handed on to the caller below
            raised.append(error)

    thread = threading.Thread(target=body)
    thread.start()
    while thread.is_alive():
        try:
            thread.join()
        except KeyboardInterrupt:
            stop.now()
    if raised:
        raise raised[0]


class _Stop:
    """Ctrl-C as a wish that is granted once: the work is cancelled, and what it does to end is left alone."""

    def __init__(self) -> None:
        self.wanted = False
        self._cancel: Callable[[], object] | None = None

    def now(self) -> None:
        if not self.wanted:
            self.wanted = True
            if self._cancel:
                self._cancel()

    def holds(self, work: asyncio.Task[None]) -> None:
        loop = asyncio.get_running_loop()
        self._cancel = lambda: loop.call_soon_threadsafe(work.cancel)
        if self.wanted:
            self._cancel()


async def _stoppable(work: Coroutine[Any, Any, None], stop: _Stop) -> None:
    loop = asyncio.get_running_loop()
    heard = threading.current_thread() is threading.main_thread()
    if heard:
        loop.add_signal_handler(signal.SIGINT, stop.now)
    try:
        task = loop.create_task(work)
        stop.holds(task)
        await task
    except asyncio.CancelledError:
        if stop.wanted:
            raise KeyboardInterrupt from None
        raise
    finally:
        if heard:
            loop.remove_signal_handler(signal.SIGINT)
