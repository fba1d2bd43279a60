"""RSS and Atom feeds: the whole text where the feed has it, else the release's page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from moi_pipeline.fetch.manners import FetchFailed
from moi_pipeline.sources import WEB_OPTIONS, Context, Found, Option, Source

OPTIONS = WEB_OPTIONS | {
    "url": Option(str, needed=True, about="the feed"),
    "full_text": Option(
        bool, about="false: the feed's text is a summary, fetch the page (default: as the feed says)"
    ),
    "pages": Option(
        str, about='how older items are asked for: "paged" (WordPress), "limitstart" (Joomla); else one page'
    ),
}
ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"


async def crawl(source: Source, context: Context) -> AsyncIterator[Found]:
    """What the feed lists, back to its first item where ``pages`` says how to ask for older ones."""
    from dataclasses import replace

    from moi_pipeline.sources._page import feed_entries
    from moi_pipeline.sources._walk import Entry, walk

    url: str = source.options["url"]
    sizes: list[int] = []

    async def list_page(number: int) -> list[Entry]:
        address = page_address(url, source.options.get("pages"), number, sizes[0] if sizes else 10)
        if address is None:
            return []
        answer = await context.get(address, accept=ACCEPT)
        if number and answer.status in (400, 404, 410):
            return []  # how WordPress answers past the last page
        if answer.status != 200:
            raise FetchFailed(address, "status", f"the server answered {answer.status}")
        try:
            entries = feed_entries(answer.body, answer.final_url)
        except ValueError as error:
            raise FetchFailed(address, "no feed", str(error)) from error
        if number == 0:
            sizes.append(len(entries))
        if source.options.get("full_text") is False:
            entries = [replace(entry, html=None) for entry in entries]
        return entries

    async for found in walk(list_page, source, context):
        yield found


def page_address(url: str, pages: str | None, number: int, size: int) -> str | None:
    """The address of page ``number`` (from 0) of a feed; None where the feed has no such page."""
    if number == 0:
        return url
    parameters = {"paged": ("paged", number + 1), "limitstart": ("limitstart", number * size)}
    if pages not in parameters:
        return None
    name, value = parameters[pages]
    parts = urlsplit(url)
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != name]
    return urlunsplit((*parts[:3], urlencode([*query, (name, str(value))]), ""))
