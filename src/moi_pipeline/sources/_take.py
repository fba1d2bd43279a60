"""Taking one entry of a list: is it stored, is it to be asked for, and what comes of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from moi_pipeline.captures import Capture
from moi_pipeline.fetch.aside import Aside
from moi_pipeline.fetch.manners import FetchFailed
from moi_pipeline.sources import Context, Failure, Found, Gone, Refusal, Seen, Source
from moi_pipeline.sources._address import clean, own_address

if TYPE_CHECKING:
    from moi_pipeline.fetch.client import Answer
    from moi_pipeline.read import Article, NotArticle
    from moi_pipeline.sources._walk import Entry

#: Content types that are no page: the release's file is not the release.
NOT_PAGES = {
    "application/pdf": "pdf",
    "application/msword": "word file",
    "application/zip": "zip file",
    "application/octet-stream": "file",
}
#: Readings of a page that surely is no release: not stored. Any other may be the reader's own fault.
NO_RELEASE = {"login_page", "soft_404", "javascript_shell", "pdf", "picture_only", "binary", "empty"}
#: A firewall's page says nothing of the release behind it.
BLOCKED = {"block_page"}
#: Thai local time, by which sites write their days.
BANGKOK = timedelta(hours=7)


class Stored:
    """The stored captures of a source, found by any address that they had, and what was put aside."""

    def __init__(self, context: Context, name: Callable[[str], str]) -> None:
        self.context, self.name = context, name
        self.by_name: dict[str, dict[str, Any]] = {}
        self.young: dict[str, bool] = {}
        self.asked: set[str] = set()  # stored addresses that this run looked at again
        self.taken: dict[str, Article | NotArticle] = {}  # in this run, by the release's own address
        for row in context.known.rows.values():
            for address in (row["final_url"], row["url"]):
                if address:
                    self.by_name[name(address)] = row

    def row(self, entry: Entry) -> dict[str, Any] | None:
        return self.by_name.get(self.name(entry.key or entry.url)) or self.by_name.get(self.name(entry.url))

    def aside(self, entry: Entry) -> Aside | None:
        return self.context.asides.found.get(self.name(entry.url))

    def to_try_again(self, span: timedelta) -> list[Aside]:
        """What failed in earlier runs, and not too long ago."""
        return [
            aside
            for aside in self.context.asides.found.values()
            if aside.reason.startswith("failed") and self.context.moment - aside.since < span
        ]

    def may_bring(self, entry: Entry) -> bool:
        """May asking for the entry bring anything? Then the pages behind its own are worth a look too."""
        row = self.row(entry)
        if row is None:
            return self.aside(entry) is None
        return self.is_young(entry, row)

    def is_young(self, entry: Entry, row: dict[str, Any]) -> bool:
        """Is a stored release young enough to be looked at again, where the list would not tell its change?"""
        if entry.modified is not None or entry.html is not None:
            return False
        url = row["url"]
        if url not in self.young:
            day = self.posted(row, entry.published)
            self.young[url] = (
                self.context.is_young(row["fetched_at"])
                if day is None
                else (self.context.moment + BANGKOK).date() - day < self.context.recheck
            )
        return self.young[url]

    def posted(self, row: dict[str, Any], published: str | None = None) -> date | None:
        """The day on which a stored release was posted, by its list or its page."""
        from moi_pipeline.fetch.change import read_stored
        from moi_pipeline.read import Article
        from moi_pipeline.read.days import parse_stamp

        day = parse_stamp(published or row["listed_published"])
        if day is None and isinstance(read := read_stored(self.context.known, row["url"]), Article):
            day = read.published_at
        return day


async def take(
    entry: Entry, source: Source, context: Context, stored: Stored, again: bool = False
) -> AsyncIterator[Found]:
    """What comes of one entry: its capture, or why there is none. What is put aside is remembered.

    ``again``: look at it though it is stored and old.
    """
    row = stored.row(entry)
    aside = stored.aside(entry)
    if row is None and aside is not None and aside.of is not None:
        yield Seen(aside.of)
        return
    if row is not None:
        told = entry.modified is not None and row["listed_modified"] == entry.modified
        old = entry.modified is None and entry.html is None and not stored.is_young(entry, row)
        if (told or old) and not again:
            yield Seen(row["url"])
            return
        stored.asked.add(row["url"])
    elif aside is not None and not aside.reason.startswith("failed") and not context.is_young(aside.since):
        yield Seen(entry.url)
        return
    found: Found
    if entry.html is not None:
        found = _item(entry, source, context)
    else:
        found = await take_page(entry, source, context, row)
        if isinstance(found, Capture):
            found = _judged(found, entry, row, stored)
    name = stored.name(entry.url)
    if isinstance(found, Refusal | Failure) and row is None:
        reason = found.reason if isinstance(found, Refusal) else f"failed: {found.reason}"
        fresh = context.asides.add(
            name, Aside(entry.url, reason, context.moment.isoformat(), None, entry.title, entry.published)
        )
        # What was refused before for the same reason is told once.
        yield found if fresh or isinstance(found, Failure) else Seen(entry.url)
        return
    if aside is not None and aside.of is None:
        context.asides.drop(name)
    yield found
    if isinstance(found, Capture | Seen) and row is None:
        final = found.final_url if isinstance(found, Capture) else None
        if name not in {stored.name(found.url), stored.name(final or found.url)}:
            context.asides.add(name, Aside(entry.url, "same", context.moment.isoformat(), of=found.url))


def _item(entry: Entry, source: Source, context: Context) -> Capture:
    """A release whose whole text the list itself holds."""
    return Capture(
        source=source.name,
        url=entry.key or entry.url,
        kind="feed",
        fetched_at=context.moment,
        body=(entry.html or "").encode(),
        final_url=entry.url,
        content_type="text/html",
        charset="utf-8",
        listed_title=entry.title,
        listed_published=entry.published,
        listed_modified=entry.modified,
    )


def _judged(found: Capture, entry: Entry, row: dict[str, Any] | None, stored: Stored) -> Found:
    """A page's capture, unless it is no release, or one that another address gave already."""
    from moi_pipeline.fetch.change import read_found, read_stored, same_article
    from moi_pipeline.read import NotArticle

    read = read_found(found)
    if isinstance(read, NotArticle):
        if read.reason in BLOCKED:
            return Failure(entry.url, read.reason, read.detail)
        if read.reason in NO_RELEASE:
            if row is None:
                return Refusal(entry.url, read.reason, read.detail)
            # The stored release must not be replaced by a page that says nothing of it.
            gone = read.reason == "soft_404"
            return (
                Gone(row["url"], "the page says so")
                if gone
                else Failure(row["url"], read.reason, read.detail)
            )
    if row is not None:
        return found
    before = stored.taken.get(found.url)
    if before is None and found.url in stored.context.known.rows:
        before = read_stored(stored.context.known, found.url)
    if before is not None:
        if same_article(before, read):
            return Seen(found.url)
        # Several releases that name one address as their own: a mistake in the site's template.
        found = replace(found, url=clean(found.final_url or entry.url))
    stored.taken[found.url] = read
    return found


async def take_page(
    entry: Entry, source: Source, context: Context, row: dict[str, Any] | None = None
) -> Found:
    """Fetch a release's page, conditionally where it is stored already (``row``)."""
    try:
        answer = await context.get(
            entry.url, etag=row and row["etag"], last_modified=row and row["last_modified"]
        )
    except FetchFailed as error:
        if error.reason == "robots":
            return Refusal(entry.url, "robots", error.detail)
        if error.reason == "budget":
            raise  # no more requests in this run: the walk itself ends here
        return Failure(error.url, error.reason, error.detail)
    if answer.status == 304 and row is not None:
        return Seen(row["url"])
    if answer.status in (404, 410):
        told = f"the site answers {answer.status}"
        return Gone(row["url"], told) if row else Refusal(entry.url, "not there", told)
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
