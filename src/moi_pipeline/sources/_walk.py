"""Walking a list of releases page by page, the same for every kind of site that shows such lists.

A kind gives the pages, as lists of entries; the walk decides what is new, what is looked at again, when to
stop, and notices pages that repeat, restart or slide while they are read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from moi_pipeline.sources import Context, Found, Source
from moi_pipeline.sources._address import ident
from moi_pipeline.sources._take import Stored, take

#: So often a list that slides while it is read is walked again, at most.
AGAIN = 2
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
    list_page: ListPage, source: Source, context: Context, name: Name = ident
) -> AsyncIterator[Found]:
    """Everything on a list's pages that may be new, changed or young enough to be looked at again.

    The whole list is walked until a run came to its end once (``context.complete_at``); from then on the walk
    stops at the first page that brings nothing new. Sets ``context.complete`` when it came to its end.
    """
    stored = Stored(context, name)
    seen: set[str] = set()
    for aside in stored.to_try_again(TRY_AGAIN):
        seen.add(name(aside.url))
        entry = Entry(aside.url, aside.title, aside.published)
        async for found in take(entry, source, context, stored):
            yield found
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


async def _slid(list_page: ListPage, first: list[str], last: tuple[int, list[str]], name: Name) -> bool:
    """Did the list change while it was read? Then something may have slid from one page to another unseen."""
    number, names = last
    for page, before in ((0, first), (number, names)):
        if [name(entry.key or entry.url) for entry in await list_page(page)] != before:
            return True
    return False
