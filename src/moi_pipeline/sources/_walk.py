"""Walking a list of releases page by page, the same for every kind of site that shows such lists.

A kind gives the pages, as lists of entries; the walk decides what is new, what is looked at again, when to
stop, and notices pages that repeat, restart or slide while they are read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from moi_pipeline.captures import Capture
from moi_pipeline.fetch.manners import FetchFailed
from moi_pipeline.sources import Context, Failure, Found, Gone, Refusal, Seen, Source
from moi_pipeline.sources._address import ident, own_address

if TYPE_CHECKING:
    from moi_pipeline.fetch.client import Answer

#: So often a list that slides while it is read is walked again, at most.
AGAIN = 2
#: Content types that are no page: the release's file is not the release.
NOT_PAGES = {
    "application/pdf": "pdf",
    "application/msword": "word file",
    "application/zip": "zip file",
    "application/octet-stream": "file",
}


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


async def walk(list_page: ListPage, source: Source, context: Context) -> AsyncIterator[Found]:
    """Everything on a list's pages that may be new, changed or young enough to be looked at again.

    The whole list is walked until a run came to its end once (``context.complete_at``); from then on the walk
    stops at the first page that brings nothing new. Sets ``context.complete`` when it came to its end.
    """
    known = _Stored(context)
    seen: set[str] = set()
    for again in range(AGAIN + 1):
        first: list[str] = []
        last: tuple[int, list[str]] = (0, [])
        number = 0
        while True:
            page = await list_page(number)
            idents = [entry.ident for entry in page]
            if not page or (number and not set(idents) - set(last[1])) or (number and idents[0] == first[0]):
                break  # past the end: empty, the last page repeated, or the first page again
            if number == 0:
                first = idents
            fresh = [entry for entry in page if entry.ident not in seen]
            seen.update(idents)
            new = False
            for entry in fresh:
                new = new or known.row(entry) is None or known.is_young(entry)
                async for found in _take(entry, source, context, known):
                    yield found
            last = (number, idents)
            number += 1
            if context.complete_at and not again and not new:
                context.complete = True
                return  # everything older was stored by earlier runs
            if again and not fresh and context.complete_at:
                break
        if number <= 1 or not await _slid(list_page, first, last):
            break
    context.complete = True


async def _slid(list_page: ListPage, first: list[str], last: tuple[int, list[str]]) -> bool:
    """Did the list change while it was read? Then something may have slid from one page to another unseen."""
    number, idents = last
    return [entry.ident for entry in await list_page(0)] != first or [
        entry.ident for entry in await list_page(number)
    ] != idents


class _Stored:
    """The stored captures of a source, found by any address that they had."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.by_ident: dict[str, dict[str, Any]] = {}
        for row in context.known.rows.values():
            for address in (row["url"], row["final_url"]):
                if address:
                    self.by_ident[ident(address)] = row

    def row(self, entry: Entry) -> dict[str, Any] | None:
        return self.by_ident.get(entry.ident) or self.by_ident.get(ident(entry.url))

    def is_young(self, entry: Entry) -> bool:
        """Is a stored release young enough to be looked at again, though the list tells no change?"""
        row = self.row(entry)
        return row is not None and entry.modified is None and self.context.is_young(row["fetched_at"])


async def _take(entry: Entry, source: Source, context: Context, known: _Stored) -> AsyncIterator[Found]:
    """What comes of one entry: its capture, or why there is none."""
    row = known.row(entry)
    if row is not None:
        if entry.modified is not None and row["listed_modified"] == entry.modified:
            yield Seen(row["url"])
            return
        if entry.modified is None and not known.is_young(entry) and entry.html is None:
            yield Seen(row["url"])
            return
    if entry.html is not None:
        yield Capture(
            source=source.name,
            url=entry.key or entry.url,
            kind="feed",
            fetched_at=context.moment,
            body=entry.html.encode(),
            final_url=entry.url,
            content_type="text/html",
            charset="utf-8",
            listed_title=entry.title,
            listed_published=entry.published,
            listed_modified=entry.modified,
        )
        return
    yield await take_page(entry, source, context, row)


async def take_page(
    entry: Entry, source: Source, context: Context, row: dict[str, Any] | None = None
) -> Found:
    """Fetch a release's page, conditionally where it is stored already (``row``)."""
    try:
        answer = await context.get(
            entry.url, etag=row and row["etag"], last_modified=row and row["last_modified"]
        )
    except FetchFailed as error:
        if error.reason in ("budget", "robots") and not isinstance(error.__cause__, FetchFailed):
            if error.reason == "robots":
                return Refusal(entry.url, "robots", error.detail)
            raise  # no more requests in this run: the walk itself ends here
        return Failure(error.url, error.reason, error.detail)
    if answer.status == 304 and row is not None:
        return Seen(row["url"])
    if answer.status in (404, 410):
        return (
            Gone(row["url"], f"the site answers {answer.status}") if row else Refusal(entry.url, "not there")
        )
    if answer.status != 200:
        return Failure(entry.url, "status", f"the server answered {answer.status}")
    kind = answer.content_type or ""
    if kind in NOT_PAGES or kind.startswith(("image/", "video/", "audio/")):
        return Refusal(entry.url, NOT_PAGES.get(kind, kind.split("/")[0]), "no page")
    return page_capture(answer, entry, source, context, row)


def page_capture(
    answer: Answer, entry: Entry, source: Source, context: Context, row: dict[str, Any] | None = None
) -> Capture:
    """A page as a capture, under the release's own address."""
    return Capture(
        source=source.name,
        # What is stored keeps its address, whatever the page says of itself now.
        url=row["url"] if row else entry.key or own_address(answer.body, answer.final_url),
        kind="html",
        fetched_at=context.moment,
        body=answer.body,
        final_url=answer.final_url,
        status=answer.status,
        content_type=answer.content_type,
        charset=answer.charset,
        etag=answer.etag,
        last_modified=answer.last_modified,
        listed_title=entry.title,
        listed_published=entry.published,
        listed_modified=entry.modified,
    )
