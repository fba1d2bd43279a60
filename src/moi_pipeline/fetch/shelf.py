"""The captures of one source that wait to be written, and the judgement whether one is new at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from moi_pipeline.captures import Capture
from moi_pipeline.fetch.aside import Asides
from moi_pipeline.fetch.change import read_found, same_release
from moi_pipeline.fetch.health import day_of
from moi_pipeline.fetch.report import SourceReport
from moi_pipeline.read import Article
from moi_pipeline.store import Known, captures_table, write_segment

#: A segment is written when so many captures, so many bytes or seconds are waiting: what a kill can cost.
BATCH, BATCH_BYTES, BATCH_SECONDS = 512, 32_000_000, 20.0


#: Told of each segment before its captures are said to be stored.
Stored = Callable[[Path], None]


class Shelf:
    """One source's captures on their way to the disk."""

    def __init__(
        self, folder: Path, known: Known, told: SourceReport, asides: Asides, stored: Stored | None = None
    ) -> None:
        self.stored = stored
        self.folder, self.known, self.told, self.asides = folder, known, told, asides
        # A clock that was set back must not make a new capture look older than the one it replaces.
        self.floor = known.last + timedelta(microseconds=1) if known.last else None
        self.waiting: list[Capture] = []
        self.size = 0
        self.since = time.monotonic()
        self.days: list[date] = []  # of the new releases

    def add(self, found: Capture) -> None:
        """Take a capture, unless it is the stored one again. Raises NotStored."""
        url, final_url = without_user(found.url), found.final_url and without_user(found.final_url)
        if (url, final_url) != (found.url, found.final_url):
            found = replace(found, url=url, final_url=final_url)
        before = self.known.newest.get(found.url)
        if before == found.capture_id or (before is not None and same_release(self.known, found)):
            self.told.unchanged += 1
            return
        if before is not None:
            self.told.changed += 1
        else:
            self.days.append(day_of(found.listed_published, found.fetched_at))
        if found.status is not None or found.kind == "feed":
            self._judge(found)
        if before is not None and self.floor is not None and found.fetched_at < self.floor:
            found = replace(found, fetched_at=self.floor)
        self.known.newest[found.url] = found.capture_id
        self.waiting.append(found)
        self.size += len(found.body)
        late = time.monotonic() - self.since > BATCH_SECONDS
        if len(self.waiting) >= BATCH or self.size >= BATCH_BYTES or late:
            self.store()

    def _judge(self, found: Capture) -> None:
        read = read_found(found)
        self.told.judged += 1
        self.told.whole += isinstance(read, Article) and read.published_at is not None

    def store(self) -> None:
        """Write what is waiting. Raises NotStored."""
        if self.waiting:
            path = write_segment(self.folder, captures_table(self.waiting))
            count, size = len(self.waiting), self.size
            # On the disk they are: where the object store fails below, they must not be written once more.
            self.waiting.clear()
            self.size = 0
            if self.stored:
                self.stored(path)
            self.told.fetched += count
            self.told.bytes += size
        # After the captures: an address must not be put aside for a release that is not stored yet.
        self.asides.store(self.folder)
        self.since = time.monotonic()


def without_user(url: str) -> str:
    """An address without the user and password in it: those are for asking, and no part of what is stored."""
    if "@" not in url:
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
