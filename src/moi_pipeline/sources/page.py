"""One page by its address: a release that somebody named, looked at again where it is named again."""

from __future__ import annotations

from collections.abc import AsyncIterator

from moi_pipeline.captures import Capture
from moi_pipeline.sources import WEB_OPTIONS, Context, Found, Option, Refusal, Source

OPTIONS = WEB_OPTIONS | {"url": Option(str, needed=True, about="the release's page")}


async def crawl(source: Source, context: Context) -> AsyncIterator[Found]:
    """The page, asked for conditionally where it is stored."""
    from moi_pipeline.fetch.change import read_found
    from moi_pipeline.read import NotArticle
    from moi_pipeline.sources._address import ident
    from moi_pipeline.sources._take import NO_RELEASE, take_page
    from moi_pipeline.sources._walk import Entry

    url: str = source.options["url"]
    stored = (
        row
        for row in context.known.rows.values()
        if ident(url) in (ident(row["url"]), ident(row["final_url"] or row["url"]))
    )
    found = await take_page(Entry(url), source, context, next(stored, None))
    if isinstance(found, Capture):
        read = read_found(found)
        if isinstance(read, NotArticle) and read.reason in {*NO_RELEASE, "block_page"}:
            found = Refusal(url, read.reason, read.detail)
    yield found
