"""Walking a list of releases page by page, the same for every kind of site that shows such lists.

A kind gives the pages, as lists of entries; the walk decides what is new, what is looked at again, when to
stop, and notices pages that repeat, restart or slide while they are read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from moi_pipeline.sources import Context, Found, Gone, Source
from moi_pipeline.sources._address import ident
from moi_pipeline.sources._take import BANGKOK, Stored, take

#: So often a list that slides while it is read is walked again, at most.
AGAIN = 2
#: Old pages of a source that are looked at again a day, at most.
A_DAY = 100
#: So many releases may leave a whole list, or a tenth of them: where more have, the list shows its newest part alone.
FEW = 3
#: For so long what failed is tried again at every run, though no list shows it any more.
TRY_AGAIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Entry:
    """One release as a list shows it. ``html``: the body, where the list itself has it whole."""

    url: str
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    html: str | None = None
    key: str | None = None  # the release's own address, where the site's id decides it

    @property
    def ident(self) -> str:
        return ident(self.key or self.url)


#: Page ``n`` (from 0) of a list: its entries; an empty list past the end. May raise FetchFailed.
ListPage = Callable[[int], Awaitable[list[Entry]]]
#: What an address names: two addresses with one name are one release.
Name = Callable[[str], str]


async def walk(
    list_page: ListPage, source: Source, context: Context, name: Name = ident, all_there: bool = False
) -> AsyncIterator[Found]:
    """Everything on a list's pages that may be new, changed or young enough to be looked at again.

    The whole list is walked until a run came to its end once (``context.complete_at``); from then on the walk
    stops at the first page that brings nothing new. Sets ``context.complete`` when it came to its end. At the end
    come the old pages whose turn it is to be looked at again and, where the list's pages show all that there is
    (``all_there``), what they no longer have.
    """
    stored = Stored(context, name)
    seen: set[str] = set()
    for aside in stored.to_try_again(TRY_AGAIN):
        seen.add(name(aside.url))
        entry = Entry(aside.url, aside.title, aside.published)
        async for found in take(entry, source, context, stored):
            yield found
    listed: set[str] = set()
    async for found in _pages(list_page, source, stored, seen, listed):
        yield found
    if context.complete and listed:
        for row in due(context):
            if row["url"] not in stored.asked:
                entry = Entry(row["final_url"] or row["url"], row["listed_title"], row["listed_published"])
                async for found in take(entry, source, context, stored, again=True):
                    yield found
        if all_there and context.whole and context.complete_at:
            for url in missing(stored, listed):
                yield Gone(url, "no longer in the list")


async def _pages(
    list_page: ListPage, source: Source, stored: Stored, seen: set[str], listed: set[str]
) -> AsyncIterator[Found]:
    """The walk itself. Adds to ``seen`` what it met, and to ``listed`` what the list showed."""
    name, context = stored.name, stored.context
    for _ in range(AGAIN + 1):
        first: list[str] = []
        last: tuple[int, list[str]] = (0, [])
        passed: set[str] = set()
        number = 0
        while True:
            page = await list_page(number)
            names = [name(entry.key or entry.url) for entry in page]
            if not set(names) - passed:
                break  # past the end: empty, the last page again, or the first
            passed.update(names)
            listed.update(names)
            if number == 0:
                first = names
            new = False
            for entry, named in zip(page, names, strict=True):
                if named in seen:
                    continue
                seen.add(named)
                new = new or stored.may_bring(entry)
                async for found in take(entry, source, context, stored):
                    yield found
            last = (number, names)
            number += 1
            if context.complete_at and not new and not context.audit:
                context.complete = True
                return  # everything older was stored by earlier runs
        if number <= 1 or not await _slid(list_page, first, last, name):
            break
    context.complete = context.whole = True


def due(context: Context) -> list[dict[str, Any]]:
    """The stored pages whose turn it is to be looked at again, because no list would tell that they were edited.

    Each has its day by its address alone, one in ``context.review`` days, or in more where that would be too many
    pages a day; due are the days since the last run that came to its end. So nothing need be remembered.
    """
    rows = [r for r in context.known.rows.values() if r["kind"] == "html" and r["listed_modified"] is None]
    if not context.review or context.complete_at is None:
        return []
    period = max(context.review, len(rows) // A_DAY)
    today = (context.moment + BANGKOK).toordinal()
    days = {day % period for day in range((context.complete_at + BANGKOK).toordinal() + 1, today + 1)}
    return [
        row
        for row in rows
        if int.from_bytes(sha256(row["url"].encode()).digest()[:8], "big") % period in days
        and row["fetched_at"] < context.moment
    ]


def missing(stored: Stored, listed: set[str]) -> list[str]:
    """The stored releases that a whole list no longer has.

    None where many are missing, and only what is newer than something listed: else the list has been cut short.
    """
    here, absent = [], []
    twins = {aside.of for aside in stored.context.asides.found.values()}
    for row in stored.context.known.rows.values():
        names = {stored.name(row["url"]), stored.name(row["final_url"] or row["url"])}
        if names & listed:
            here.append(row)
        elif row["url"] not in twins:
            absent.append(row)
    if len(absent) > max(FEW, (len(here) + len(absent)) // 10):
        return []
    if not absent or not (days := [day for row in here if (day := stored.posted(row))]):
        return []
    return [row["url"] for row in absent if (day := stored.posted(row)) and day > min(days)]


async def _slid(list_page: ListPage, first: list[str], last: tuple[int, list[str]], name: Name) -> bool:
    """Did the list change while it was read? Then something may have slid from one page to another unseen."""
    number, names = last
    for page, before in ((0, first), (number, names)):
        if [name(entry.key or entry.url) for entry in await list_page(page)] != before:
            return True
    return False
