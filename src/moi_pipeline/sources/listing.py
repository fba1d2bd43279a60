"""Any list page, by declared selectors and address patterns; systems that many offices share are presets.

A source of a shared system is three lines: kind, preset, url. What a preset says is in ``data/presets.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import AsyncIterator
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from moi_pipeline.fetch.manners import FetchFailed
from moi_pipeline.sources import WEB_OPTIONS, Context, Found, Option, Source

OPTIONS = WEB_OPTIONS | {
    "url": Option(str, needed=True, about="the list page"),
    "preset": Option(str, about="a shared system, see presets.toml"),
    "item": Option(str, about="CSS: one release on the list"),
    "link": Option(str, about="CSS: the links to releases"),
    "title": Option(str, about="CSS, inside the item"),
    "date": Option(str, about="CSS, inside the item"),
    "pattern": Option(str, about="a regular expression that a release's address fits"),
    "id": Option(str, about="a regular expression whose groups are the release's id in its path and query"),
    "next": Option(str, about="CSS: the link to the next page (default: by its words or its number)"),
    "page": Option(str, about='the query parameter, or a path such as "/page/{n}", of a page\'s number'),
    "page_from": Option(int, about="the number of the second page (default 2)"),
    "page_step": Option(int, about="what is added from page to page (default 1)"),
}


@cache
def presets() -> dict[str, dict[str, Any]]:
    """The shared systems: what their list pages have in common."""
    text = (files("moi_pipeline.sources") / "data" / "presets.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


async def crawl(source: Source, context: Context) -> AsyncIterator[Found]:
    """The releases of a list page and of the pages after it."""
    from moi_pipeline.sources._address import named_by
    from moi_pipeline.sources._page import Links, entries_of, next_page, pager
    from moi_pipeline.sources._walk import Entry, walk

    said = presets().get(source.options.get("preset", ""), {}) | source.options
    links = Links(**{name: said.get(name) for name in ("item", "link", "title", "date", "pattern")})
    url: str = said["url"]
    addresses = {0: url}

    async def list_page(number: int) -> list[Entry]:
        address = addresses.get(number)
        if address is None and said.get("page"):
            step = said.get("page_step", 1)
            address = page_address(url, said["page"], said.get("page_from", 2) + (number - 1) * step)
        if address is None:
            return []
        answer = await context.get(address)
        if number and answer.status in (400, 404, 410):
            return []
        if answer.status != 200:
            raise FetchFailed(address, "status", f"the server answered {answer.status}")
        if said.get("next"):
            after = next_page(answer.body, answer.final_url, said["next"], answer.charset)
        elif "page" in source.options:
            after = None
        else:
            # What the page itself shows goes before what a preset believes.
            after = pager(answer.body, answer.final_url, number, answer.charset)
        if after and after not in addresses.values():
            addresses[number + 1] = after
        found = entries_of(answer.body, answer.final_url, links, answer.charset)
        if not found and number == 0:
            raise FetchFailed(
                address, "layout", "no link of the list page fits the source's selectors and pattern"
            )
        return found

    async for found in walk(list_page, source, context, named_by(said.get("id")), all_there=True):
        yield found


def page_address(url: str, page: str, number: int) -> str:
    """The address of a list page by its number: a query parameter, or a pattern of a path with ``{n}`` in it."""
    if "{n}" in page:
        return re.sub(r"/+\Z", "", url.split("?", maxsplit=1)[0]) + page.replace("{n}", str(number))
    parts = urlsplit(url)
    query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != page]
    return urlunsplit((*parts[:3], urlencode([*query, (page, str(number))]), ""))
