"""SIGTERM, with which systemd and container engines end a run, taken as Ctrl-C is: everything stored, then out."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator


class Ending:
    """Was the run asked to end? ``exit_code``: 128 and the signal's number, as shells have it."""

    def __init__(self) -> None:
        self.signal: int | None = None

    @property
    def asked(self) -> bool:
        return self.signal is not None

    @property
    def exit_code(self) -> int:
        return 128 + (self.signal or signal.SIGINT)


@contextlib.contextmanager
def terminable() -> Iterator[Ending]:
    """In the block SIGTERM raises KeyboardInterrupt by the way that Ctrl-C takes, which asyncio knows how to end."""
    ending = Ending()
    if threading.current_thread() is not threading.main_thread():
        yield ending  # signals are the main thread's
        return

    def end(number: int, _: object) -> None:
        ending.signal = number
        if signal.getsignal(signal.SIGINT) in (signal.SIG_IGN, signal.SIG_DFL, None):
            raise KeyboardInterrupt  # started in a shell's background, where Ctrl-C is ignored
        signal.raise_signal(signal.SIGINT)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield ending
    finally:
        signal.signal(signal.SIGTERM, before)
