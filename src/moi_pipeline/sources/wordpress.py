"""WordPress sites by their REST interface: a post is a capture, its body the post's JSON.

Pages are ordered by id, the one order in which no post slips between two pages. Where REST is switched off
the site's feed is read, and its sitemap for what the feed no longer shows.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from moi_pipeline.captures import Capture
from moi_pipeline.fetch.manners import FetchFailed
from moi_pipeline.sources import WEB_OPTIONS, Context, Found, Gone, Option, Refusal, Source

OPTIONS = WEB_OPTIONS | {
    "url": Option(str, needed=True, about="the site's root, subfolder included"),
    "api": Option(
        str, about='the REST root, where it is not URL/wp-json: ".../?rest_route=" for sites without it'
    ),
    "category": Option(int, about="only posts of this category"),
}
FIELDS = "id,date,date_gmt,guid,modified,modified_gmt,slug,status,type,link,title,content"
#: Posts a page: what WordPress allows, and what sites were seen to cap it to.
SIZES = (100, 50, 20, 10, 5)
#: Posts that are asked for first where few changes are expected: no site caps its pages lower.
FEW = 10
#: modified_after is strict, and several posts may be saved in one second.
OVERLAP = timedelta(seconds=1)
#: How far a site's clock may differ from ours.
SKEW = timedelta(hours=1)


class NoRest(Exception):
    """The site's REST interface is not there, or not for us."""


async def crawl(source: Source, context: Context) -> AsyncIterator[Found]:
    """Every post, or those modified since the last whole walk."""
    rest = _Rest(source, context)
    try:
        async for post in _new_posts(rest, context):
            yield post_found(source, context, post)
        if context.audit:
            async for gone in _gone(rest, source, context):
                yield gone
    except NoRest:
        async for found in _without_rest(source, context):
            yield found


def address_of(source: Source, number: int) -> str:
    """The address under which a post is stored."""
    return f"{source.options['url'].rstrip('/')}/?p={number}"


def post_found(source: Source, context: Context, post: dict[str, Any]) -> Found:
    """A post as a capture, under the address that its id gives; that address outlives every change of the slug."""
    url = address_of(source, post["id"])
    if post.get("status", "publish") != "publish":
        return Refusal(url, "not published", str(post.get("status")))
    title = post.get("title")
    return Capture(
        source=source.name,
        url=url,
        kind="wordpress",
        fetched_at=context.moment,
        body=json.dumps(post, ensure_ascii=False, separators=(",", ":")).encode(),
        final_url=post.get("link") or url,
        status=200,
        content_type="application/json",
        charset="utf-8",
        listed_title=title.get("rendered") if isinstance(title, dict) else None,
        listed_published=post.get("date"),
        listed_modified=post.get("modified_gmt"),
    )


async def _new_posts(rest: _Rest, context: Context) -> AsyncIterator[dict[str, Any]]:
    since = _watermark(context)
    if since is not None:
        context.changes_only = True
        async for post in _changed(rest, since):
            yield post
        context.complete = True
        return
    if context.newest_first:
        async for post in rest.walk({"order": "desc"}):
            yield post
        return
    # A walk that was broken off goes on one page before its end.
    stored = len(context.known.rows)
    async for post in rest.walk(start=stored):
        yield post
    if rest.started_at > 1:
        # What was changed on the pages that an earlier run read, since it read them.
        first = min(row["fetched_at"] for row in context.known.rows.values())
        async for post in _changed(rest, first.replace(tzinfo=None) - timedelta(days=1)):
            yield post
    context.complete = context.whole = True


async def _gone(rest: _Rest, source: Source, context: Context) -> AsyncIterator[Found]:
    """The stored posts that the site no longer has: it is asked for the ids of all, a hundred a request."""
    here: set[str] = set()
    async for post in rest.walk({"_fields": "id"}):
        here.add(address_of(source, post["id"]))
    for url in context.known.rows:
        if url not in here:
            yield Gone(url, "the site lists this post no more")
    context.whole = True


async def _changed(rest: _Rest, since: datetime) -> AsyncIterator[dict[str, Any]]:
    """The posts modified after ``since``. One small page, the last change first, does for most nights."""
    after = {"modified_after": f"{since.isoformat()}Z"}
    newest = {"orderby": "modified", "order": "desc"}
    page = await rest.page(1, after | newest, FEW)
    # Before WordPress 5.7 modified_after is unknown and passed over: the answers tell, not the version.
    fresh = [post for post in page.posts if _modified(post) > since]
    if len(fresh) == len(page.posts) and page.goes_on(1, FEW):
        page = await rest.page(1, after)
        if all(_modified(post) > since for post in page.posts):
            async for post in rest.walk(after, page=page):
                yield post
            return
        page = await rest.page(1, newest)
        fresh = [post for post in page.posts if _modified(post) > since]
        if len(fresh) == len(page.posts) and page.goes_on(1, rest.size):
            # More than a page of changes, and no order by change in which none slips between two pages.
            fresh = []
            async for post in rest.walk():
                yield post
    for post in fresh:
        yield post


def _watermark(context: Context) -> datetime | None:
    """The moment since which changes may not be stored: the last change that a complete walk saw, or its start."""
    if context.complete_at is None:
        return None
    moments = [
        datetime.fromisoformat(row["listed_modified"])
        for row in context.known.rows.values()
        if row["listed_modified"] and row["fetched_at"] <= context.complete_at
    ]
    if not moments:
        return None
    # A post may be changed while the walk goes on behind it, and the site's clock may differ from ours.
    return min(max(moments), context.complete_at.replace(tzinfo=None) - SKEW) - OVERLAP


def _modified(post: dict[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(str(post.get("modified_gmt")))
    except ValueError:
        return datetime.min


@dataclass(frozen=True, slots=True)
class _Page:
    posts: list[dict[str, Any]]
    pages: int | None

    def goes_on(self, number: int, size: int) -> bool:
        """Are there pages after this one, which is page ``number``?"""
        return number < self.pages if self.pages is not None else len(self.posts) >= size


class _Rest:
    """The posts route of one site: finds its root and the page size that it allows."""

    def __init__(self, source: Source, context: Context) -> None:
        self.source, self.context = source, context
        self.root: str | None = source.options.get("api")
        self.size = 0
        self.started_at = 1  # the page at which the walk began

    async def page(self, number: int, more: dict[str, str], size: int = 0, start: int = 0) -> _Page:
        """One page of posts by id. Raises NoRest where there is no such interface, FetchFailed.

        ``size`` posts a page, else as many as the site allows; ``start`` posts are passed over by whole pages.
        """
        for root in [self.root] if self.root else self._roots():
            for each in [size or self.size] if size or self.size else SIZES:
                asked = max(number, start // each)
                found = await self._ask(root, asked, each, more)
                if isinstance(found, _Page):
                    self.root = root
                    if not size:
                        self.size = each
                    if start:
                        self.started_at = asked
                    return found
                if found == "no rest":
                    break
        raise NoRest

    def _roots(self) -> list[str]:
        url = self.source.options["url"].rstrip("/")
        return [f"{url}/wp-json", f"{url}/?rest_route="]

    async def _ask(self, root: str, number: int, size: int, more: dict[str, str]) -> _Page | str:
        from moi_pipeline.sources._page import json_of

        query = {
            "per_page": str(size),
            "page": str(number),
            "orderby": "id",
            "order": "asc",
            "_fields": FIELDS,
        } | more
        if "category" in self.source.options:
            query["categories"] = str(self.source.options["category"])
        route = f"{root}/wp/v2/posts"
        address = f"{route}{'&' if '?' in root else '?'}{urlencode(query)}"
        answer = await self.context.get(address, accept="application/json")
        try:
            said = json_of(answer.body)
        except ValueError:
            return "no rest"
        if isinstance(said, list) and answer.status == 200:
            pages = answer.headers.get("x-wp-totalpages", "")
            return _Page(
                [post for post in said if isinstance(post, dict) and "id" in post],
                int(pages) if pages.isdigit() else None,
            )
        code = said.get("code", "") if isinstance(said, dict) else ""
        if code == "rest_post_invalid_page_number" and number > 1:
            return _Page([], number - 1)
        if code == "rest_invalid_param" and "per_page" in str(said):
            return "smaller"
        return "no rest"

    async def walk(
        self, more: dict[str, str] | None = None, page: _Page | None = None, start: int = 0
    ) -> AsyncIterator[dict[str, Any]]:
        """The posts of all pages by id, each once; ``page`` is the first, where it was asked for already."""
        seen: set[int] = set()
        number = 1
        if page is None:
            page = await self.page(1, more or {}, start=start)
            number = self.started_at
        while fresh := [
            post for post in page.posts if post["id"] not in seen
        ]:  # none: the last page repeated
            seen.update(post["id"] for post in fresh)
            for post in fresh:
                yield post
            if not page.goes_on(number, self.size):
                return
            number += 1
            page = await self.page(number, more or {})


async def _without_rest(source: Source, context: Context) -> AsyncIterator[Found]:
    """The posts of a site whose REST interface is closed: by its feed, and once by its sitemap what that left out."""
    from moi_pipeline.sources import feed, sitemap
    from moi_pipeline.sources._address import ident

    root = source.options["url"].rstrip("/")
    shared = {key: value for key, value in source.options.items() if key in WEB_OPTIONS}
    by_feed = replace(source, kind="feed", options=shared | {"url": f"{root}/feed/", "pages": "paged"})
    maps = {"url": f"{root}/wp-sitemap.xml", "maps": "posts-post"}
    by_map = replace(source, kind="sitemap", options=shared | maps)
    taken: set[str] = set()
    first = context.complete_at is None
    try:
        async for found in feed.crawl(by_feed, context):
            taken.add(ident(found.url))
            if isinstance(found, Capture) and found.final_url:
                taken.add(ident(found.final_url))
            yield found
    except FetchFailed as error:
        if error.reason in ("budget", "robots"):
            raise
        first = True  # no feed: the sitemap is all there is
    if not first:
        return
    try:
        async for found in sitemap.crawl(by_map, context, skip=taken):
            yield found
    except FetchFailed as error:
        if not taken:
            raise
        # Before WordPress 5.5 there was no sitemap: the feed is all there is.
        if error.reason in ("budget", "robots"):
            raise
