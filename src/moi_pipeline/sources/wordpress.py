"""WordPress sites by their REST interface: a post is a capture, its body the post's JSON.

Pages are ordered by id, the one order in which no post slips between two pages. Where REST is switched off
the site's feed is read, and its sitemap for what the feed no longer shows.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from moi_pipeline.captures import Capture
from moi_pipeline.fetch.manners import FetchFailed
from moi_pipeline.sources import WEB_OPTIONS, Context, Found, Option, Refusal, Source

OPTIONS = WEB_OPTIONS | {
    "url": Option(str, needed=True),  # the site's root, subfolder included
    "api": Option(str),  # the REST root, where it is not URL/wp-json: ".../?rest_route=" for sites without it
    "category": Option(int),  # only posts of this category
}
FIELDS = "id,date,date_gmt,guid,modified,modified_gmt,slug,status,type,link,title,content"
#: Posts a page: what WordPress allows, and what sites were seen to cap it to.
SIZES = (100, 50, 20, 10)
#: How far the watermark is moved back, for posts that were saved while the last run read the list.
OVERLAP = timedelta(seconds=1)


class NoRest(Exception):
    """The site's REST interface is not there, or not for us."""


async def crawl(source: Source, context: Context) -> AsyncIterator[Found]:
    """Every post, or those modified since the last whole walk."""
    try:
        async for post in _new_posts(source, context):
            yield post_found(source, context, post)
    except NoRest:
        async for found in _without_rest(source, context):
            yield found


def post_found(source: Source, context: Context, post: dict[str, Any]) -> Found:
    """A post as a capture, under the address that its id gives; that address outlives every change of the slug."""
    url = f"{source.options['url'].rstrip('/')}/?p={post['id']}"
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


async def _new_posts(source: Source, context: Context) -> AsyncIterator[dict[str, Any]]:
    rest = _Rest(source, context)
    since = _watermark(context)
    if since is not None:
        answer = await rest.page(1, {"modified_after": f"{since.isoformat()}Z"})
        # Before WordPress 5.7 the parameter is unknown and passed over: the answer tells, not the version.
        if all(_modified(post) > since for post in answer.posts):
            async for post in rest.walk(answer, {"modified_after": f"{since.isoformat()}Z"}):
                yield post
        else:
            async for post in rest.newest(since):
                yield post
        context.complete = True
        return
    # A walk that was broken off goes on where it ended, one page before; what is stored costs no request.
    stored = len(context.known.rows)
    first = max(1, stored // SIZES[0]) if stored else 1
    answer = await rest.page(first, {}, may_end=first > 1)
    count = stored if first > 1 else 0
    async for post in rest.walk(answer, {}, first):
        count += 1
        yield post
    if first > 1 and rest.total is not None and count < rest.total:
        # Posts were deleted since: the pages have moved. Read them all.
        async for post in rest.walk(await rest.page(1, {}), {}):
            yield post
    context.complete = True


def _watermark(context: Context) -> datetime | None:
    """The newest change that is surely stored: of captures that a whole walk, or a run before it, fetched."""
    if context.complete_at is None:
        return None
    moments = [
        datetime.fromisoformat(row["listed_modified"])
        for row in context.known.rows.values()
        if row["listed_modified"] and row["fetched_at"] <= context.complete_at
    ]
    return max(moments) - OVERLAP if moments else None


def _modified(post: dict[str, Any]) -> datetime:
    try:
        return datetime.fromisoformat(str(post.get("modified_gmt")))
    except ValueError:
        return datetime.min


class _Page:
    def __init__(self, posts: list[dict[str, Any]], pages: int | None) -> None:
        self.posts, self.pages = posts, pages


class _Rest:
    """The posts route of one site: finds its root and the page size that it allows."""

    def __init__(self, source: Source, context: Context) -> None:
        self.source, self.context = source, context
        self.root: str | None = source.options.get("api")
        self.size = 0
        self.total: int | None = None

    async def page(self, number: int, more: dict[str, str], may_end: bool = False) -> _Page:
        """One page of posts by id. Raises NoRest where there is no such interface, FetchFailed."""
        for root in [self.root] if self.root else self._roots():
            for size in [self.size] if self.size else SIZES:
                found = await self._ask(root, number, size, more, may_end)
                if isinstance(found, _Page):
                    self.root, self.size = root, size
                    return found
                if found == "no rest":
                    break
        raise NoRest

    def _roots(self) -> list[str]:
        url = self.source.options["url"].rstrip("/")
        return [f"{url}/wp-json", f"{url}/?rest_route="]

    async def _ask(
        self, root: str, number: int, size: int, more: dict[str, str], may_end: bool
    ) -> _Page | str:
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
        answer = await self.context.get(
            f"{route}{'&' if '?' in root else '?'}{urlencode(query)}", accept="application/json"
        )
        try:
            said = json_of(answer.body)
        except ValueError:
            return "no rest"
        if isinstance(said, list) and answer.status == 200:
            total = answer.headers.get("x-wp-total", "")
            pages = answer.headers.get("x-wp-totalpages", "")
            if not more:
                self.total = int(total) if total.isdigit() else None
            return _Page(
                [post for post in said if isinstance(post, dict) and "id" in post],
                int(pages) if pages.isdigit() else None,
            )
        code = said.get("code", "") if isinstance(said, dict) else ""
        if code == "rest_post_invalid_page_number" and (number > 1 or may_end):
            return _Page([], number - 1)
        if code == "rest_invalid_param" and "per_page" in str(said):
            return "smaller"
        return "no rest"

    async def walk(self, page: _Page, more: dict[str, str], number: int = 1) -> AsyncIterator[dict[str, Any]]:
        """The posts of a page and of all after it, each once."""
        seen: set[int] = set()
        while page.posts:
            fresh = [post for post in page.posts if post["id"] not in seen]
            if not fresh:
                return  # the site repeats its last page past the end
            seen.update(post["id"] for post in fresh)
            for post in fresh:
                yield post
            if page.pages is not None and number >= page.pages:
                return
            number += 1
            page = await self.page(number, more, may_end=True)

    async def newest(self, since: datetime) -> AsyncIterator[dict[str, Any]]:
        """The posts modified after ``since`` on a site that can't be asked for them: newest first, until older ones."""
        order = {"orderby": "modified", "order": "desc"}
        number, seen = 1, set[int]()
        while True:
            page = await self.page(number, order, may_end=True)
            fresh = [post for post in page.posts if post["id"] not in seen]
            for post in fresh:
                seen.add(post["id"])
                if _modified(post) > since:
                    yield post
            if not fresh or min(map(_modified, page.posts)) <= since or number == page.pages:
                return
            number += 1


async def _without_rest(source: Source, context: Context) -> AsyncIterator[Found]:
    """The posts of a site whose REST interface is closed: by its feed, which holds the text, and its sitemap."""
    from moi_pipeline.sources import feed, sitemap

    root = source.options["url"].rstrip("/")
    shared = {key: value for key, value in source.options.items() if key in WEB_OPTIONS}
    by_feed = replace(source, kind="feed", options=shared | {"url": f"{root}/feed/", "pages": "paged"})
    try:
        async for found in feed.crawl(by_feed, context):
            yield found
    except FetchFailed as error:
        if error.reason in ("budget", "robots"):
            raise
            by_map = replace(
                source,
                kind="sitemap",
                options=shared
                | {
                    "url": f"{root}/wp-sitemap.xml",
                    "maps": "posts-post",
                },
            )
        async for found in sitemap.crawl(by_map, context):
            yield found
