"""The pace at which one host is asked: never faster than its rate, with some jitter, whoever asks."""

from __future__ import annotations

import asyncio
import random
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

#: Retry-After is obeyed between these bounds (seconds): 0 would loop, and a day is another run's business.
FLOOR, CAP = 1.0, 300.0


class Pace:
    """One host's turns. Requests wait for their turn in the order in which they ask."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._next = 0.0

    async def turn(self, interval: float) -> float:
        """Wait until a request may go out, then book ``interval`` seconds after it; returns the seconds waited."""
        async with self._lock:
            asked = time.monotonic()
            # Another's answer may ask for patience (hold) while this one waits.
            while (wait := self._next - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            now = time.monotonic()
            # Jitter only ever adds: the rate is a promise.
            self._next = now + interval * (1 + random.random() * 0.1)
        return now - asked

    def hold(self, seconds: float) -> None:
        """Let nobody ask this host for so long (Retry-After, backoff)."""
        self._next = max(self._next, time.monotonic() + seconds)


def retry_after(header: str | None, now: datetime | None = None) -> float | None:
    """Seconds to wait by a Retry-After header in either form, between FLOOR and CAP; None where it says nothing."""
    if not header:
        return None
    header = header.strip()
    if header.isdigit():
        seconds = float(header)
    else:
        try:
            moment = parsedate_to_datetime(header)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, FLOOR), CAP)


def backoff(attempt: int) -> float:
    """Seconds to wait before try ``attempt + 1``: 1, 2, 4 … at most 60, with jitter."""
    return min(60.0, 2.0 ** (attempt - 1)) * (0.75 + random.random() / 2)
