"""Sitemaps: index and urlset, gzip, ``lastmod``. The list is whole, so what has left it is told."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Collection

from moi_pipeline.fetch.manners import FetchFailed
from moi_pipeline.sources import WEB_OPTIONS, Context, Failure, Found, Gone, Option, Source

OPTIONS = WEB_OPTIONS | {
    "url": Option(str, needed=True, about="the sitemap or the sitemap index"),
    "pattern": Option(str, about="a regular expression that a release's address fits"),
    "maps": Option(str, about="a regular expression that a sitemap of the index fits (default: all)"),
}
#: Sitemaps of an index that are read in one run.
MAPS = 500


async def crawl(
    source: Source, context: Context, skip: Collection[str] = frozenset()
) -> AsyncIterator[Found]:
    """Every page of the sitemap that fits, is new or has another ``lastmod`` than the stored one.

    ``skip``: idents of addresses that this run has met elsewhere.
    """
    from moi_pipeline.sources._address import ident
    from moi_pipeline.sources._page import sitemap_entries
    from moi_pipeline.sources._walk import Entry, walk

    fits = re.compile(source.options.get("pattern", ""))
    wanted = re.compile(source.options.get("maps", ""))
    left, read = [source.options["url"]], 0
    entries: dict[str, Entry] = {}
    broken = False
    while left and read < MAPS:
        address = left.pop(0)
        read += 1
        try:
            answer = await context.get(address)
            if answer.status != 200:
                raise FetchFailed(address, "status", f"the server answered {answer.status}")
            pages, maps = sitemap_entries(answer.body)
        except (FetchFailed, ValueError) as error:
            if read == 1:
                raise (
                    error
                    if isinstance(error, FetchFailed)
                    else FetchFailed(address, "no sitemap", str(error))
                ) from error
            # One bad map of an index must not hide the others.
            broken = True
            reason = error.reason if isinstance(error, FetchFailed) else "no sitemap"
            yield Failure(address, reason, str(error))
            continue
        left += [entry.url for entry in maps if wanted.search(entry.url)]
        entries |= {entry.ident: entry for entry in pages if fits.search(entry.url)}

    async def list_page(number: int) -> list[Entry]:
        return [] if number else [entry for key, entry in entries.items() if key not in skip]

    async for found in walk(list_page, source, context):
        yield found
    context.complete = context.complete and not broken
    if context.complete:
        for row in list(context.known.rows.values()):
            if not {ident(row["url"]), ident(row["final_url"] or row["url"])} & entries.keys():
                yield Gone(row["url"], "no longer in the sitemap")
