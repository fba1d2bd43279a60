"""Joomla sites, K2 included: a category's feed by ``limitstart`` or its list pages by ``start``, then the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from moi_pipeline.fetch.manners import FetchFailed
from moi_pipeline.sources import WEB_OPTIONS, Context, Found, Option, Source

OPTIONS = WEB_OPTIONS | {
    "url": Option(str, needed=True, about="the category: its list page"),
    "list": Option(str, about='"feed" or "pages" (default: the feed, and the pages where there is none)'),
    "pattern": Option(str, about="a regular expression that a release's address fits"),
}
#: Where com_content and K2 put the headlines of a category's list.
HEADLINES = (
    ".catItemTitle a, .catItemHeader h3 a, td.list-title a, .list-title a, .page-header h2 a, .item-title a, "
    "h2[itemprop=headline] a, h2[itemprop=name] a, .items-row h2 a, .contentheading a, .article-title a, "
    ".blog h2 a, .blog-items h2 a, .tag-category a"
)
#: An article's id in its address: of K2, of com_content, or the id with the alias where the menu's path stands before
#: them. Not the beginning of an alias that is a time (2022-08-15-07-00-57): sites may leave the id away.
ARTICLE = (
    r"/(item)/(\d+)(?:-|\.html|\Z)|[?&](option=com_k2)&(?:.*&)?id=(\d+)|[?&](view=article)&(?:.*&)?id=(\d+)"
    r"|/(?!\d{4}-\d\d-\d\d-\d\d)(\d+-[^/?.]*[^\d/?.-][^/?.]*)(?:\.\w+)?(?:\?|\Z)"
)


async def crawl(source: Source, context: Context) -> AsyncIterator[Found]:
    """Every item of a category. The query string is part of an item's address: two ``id=`` are two releases."""
    from moi_pipeline.sources._address import named_by
    from moi_pipeline.sources._page import Links, entries_of, feed_entries
    from moi_pipeline.sources._walk import Entry, walk

    url: str = source.options["url"]
    mode = source.options.get("list")
    links = Links(link=HEADLINES, pattern=source.options.get("pattern"))
    size = 0

    async def feed_page(number: int) -> list[Entry] | None:
        """A page of the feed; None where the site has none."""
        more = {"limitstart": str(number * size)} if number else {}
        answer = await context.get(with_query(url, {"format": "feed", "type": "rss"} | more))
        if answer.status != 200:
            return None
        try:
            # The feed's text may be the introduction alone: the page has it whole.
            return [replace(entry, html=None) for entry in feed_entries(answer.body, url)]
        except ValueError:
            return None

    first: list[str] = []  # of the feed
    behind = False  # the feed shows its first items only: the list pages have the rest

    async def list_page(number: int) -> list[Entry]:
        nonlocal mode, size, behind
        if mode != "pages":
            entries = await feed_page(number)
            idents = [entry.ident for entry in entries or ()]
            if number == 0:
                first[:] = idents
            elif number == 1 and idents and set(idents) <= set(first):
                mode, behind = "pages", True
                try:
                    return [*await list_page(0), *await list_page(1)]
                except FetchFailed as error:
                    # A category that shows nothing but its feed.
                    if error.reason != "layout":
                        raise
                    return []
            if entries or (entries is not None and (number or mode == "feed")):
                mode, size = "feed", size or len(entries)
                return entries
            if mode == "feed":
                raise FetchFailed(
                    url, "no feed", "the category's address with format=feed&type=rss gives no feed"
                )
            mode = "pages"
        address = with_query(url, {"start": str(number * size)}) if number else url
        answer = await context.get(address)
        if number and answer.status == 404:
            return []
        if answer.status != 200:
            raise FetchFailed(address, "status", f"the server answered {answer.status}")
        found = entries_of(answer.body, answer.final_url, links, answer.charset)
        if number == 0:
            if not found:
                raise FetchFailed(address, "layout", "no headline of a Joomla or K2 category on this page")
            size = len(found)
        return found

    async for found in walk(list_page, source, context, named_by(ARTICLE), all_there=True):
        yield found


def with_query(url: str, more: dict[str, str]) -> str:
    """An address with these query parameters set, the others kept."""
    parts = urlsplit(url)
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in more]
    return urlunsplit((*parts[:3], urlencode([*query, *more.items()]), ""))
