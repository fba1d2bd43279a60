"""WordPress as it answers: REST, feed and sitemap of one set of posts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape

from tests.site.server import Request, Response
from tests.site.truth import Release

WORD = {"Content-Type": "application/json; charset=UTF-8"}
BANGKOK = timedelta(hours=7)


def curled(html: str) -> str:
    """What WordPress makes of plain text on display."""
    return html.replace(" - ", " &#8211; ").replace("...", "&#8230;")


@dataclass
class WordPress:
    """A WordPress site: ``cap`` is the most posts a page, ``old`` knows no modified_after, ``folder`` is its root."""

    posts: dict[int, Release]
    folder: str = ""
    cap: int = 100
    old: bool = False
    pretty: bool = True  # False: only ?rest_route=
    closed: bool = False  # REST is switched off
    full_feed: bool = True
    warning: bool = False  # a PHP warning stands before the JSON
    host: str = ""
    shift: list[Release] = field(default_factory=list)  # published one by one while the list is read

    def __call__(self, request: Request) -> Response:
        self.host = request.host
        path = request.path.removeprefix(self.folder)
        query = request.query
        route = query.get("rest_route") or (
            path.removeprefix("/wp-json") if path.startswith("/wp-json") else None
        )
        if route is not None and (self.pretty or "rest_route" in query):
            return self.rest(route, query)
        if path.startswith("/feed"):
            return self.feed(query)
        if path == "/wp-sitemap.xml":
            return self.index()
        if path.startswith("/wp-sitemap-posts-post-"):
            return self.sitemap(int(path.split("-")[-1].split(".")[0]))
        if path == "/robots.txt":
            return Response(b"User-agent: *\nDisallow: /wp-admin/\n", type="text/plain")
        number = query.get("p") or path.strip("/").split("-")[-1]
        if number.isdigit() and int(number) in self.posts:
            return self.page(self.posts[int(number)])
        return Response("<title>ไม่พบหน้านี้</title><h1>404</h1>".encode(), 404)

    @property
    def root(self) -> str:
        return f"http://{self.host}{self.folder}"

    def link(self, post: Release) -> str:
        return f"{self.root}/{post.posted:%Y/%m/%d}/news-{post.number}/"

    def rest(self, route: str, query: dict[str, str]) -> Response:
        if self.closed:
            return self.error("rest_forbidden", "Sorry, you are not allowed to do that.", 403)
        if route.rstrip("/") != "/wp/v2/posts":
            return self.error("rest_no_route", "No route was found matching the URL and request method.", 404)
        size, number = int(query.get("per_page", "10")), int(query.get("page", "1"))
        if size > self.cap:
            return self.error("rest_invalid_param", "Invalid parameter(s): per_page", 400)
        chosen = list(self.posts.values())
        after = query.get("modified_after")
        if after and not self.old:
            if not after.endswith("Z"):
                return self.error("rest_invalid_param", "Invalid parameter(s): modified_after", 400)
            since = datetime.fromisoformat(after[:-1]) + BANGKOK
            chosen = [post for post in chosen if post.modified > since]
        by_change = query.get("orderby") == "modified"
        chosen.sort(
            key=lambda post: (post.modified if by_change else 0, post.number),
            reverse=query.get("order", "desc") == "desc",
        )
        pages = -(-len(chosen) // size)
        if number > max(pages, 1):
            return self.error("rest_post_invalid_page_number", "The page number requested is larger.", 400)
        shown = chosen[(number - 1) * size : number * size]
        if self.shift:
            late = self.shift.pop(0)
            self.posts[late.number] = late
        body = json.dumps([self.json(post) for post in shown])
        if self.warning:
            body = "<br />\n<b>Warning</b>: something in <b>x.php</b> on line <b>3</b><br />\n" + body
        return Response(
            body.encode(), headers={"X-WP-Total": str(len(chosen)), "X-WP-TotalPages": str(pages)} | WORD
        )

    @staticmethod
    def error(code: str, message: str, status: int) -> Response:
        told = {"code": code, "message": message, "data": {"status": status, "params": {"per_page": ""}}}
        return Response(json.dumps(told).encode(), status, WORD)

    def json(self, post: Release) -> dict[str, object]:
        return {
            "id": post.number,
            "date": post.posted.isoformat(),
            "date_gmt": (post.posted - BANGKOK).isoformat(),
            "guid": {"rendered": f"{self.root}/?p={post.number}"},
            "modified": post.modified.isoformat(),
            "modified_gmt": (post.modified - BANGKOK).isoformat(),
            "slug": f"news-{post.number}",
            "status": "publish",
            "type": "post",
            "link": self.link(post),
            "title": {"rendered": curled(post.title)},
            "content": {"rendered": curled(post.html), "protected": False},
        }

    def newest(self) -> list[Release]:
        return sorted(self.posts.values(), key=lambda post: (post.posted, post.number), reverse=True)

    def feed(self, query: dict[str, str]) -> Response:
        number = int(query.get("paged", "1"))
        shown = self.newest()[(number - 1) * 10 : number * 10]
        if not shown:
            return Response(b"<h1>404</h1>", 404)
        return rss(
            (
                f"<item><title>{escape(post.title)}</title><link>{self.link(post)}</link>"
                f"<pubDate>{post.posted - BANGKOK:%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
                f'<guid isPermaLink="false">{self.root}/?p={post.number}</guid>'
                f"<description><![CDATA[{post.paragraphs[0][:200]} [&#8230;]]]></description>"
                + (f"<content:encoded><![CDATA[{post.html}]]></content:encoded>" if self.full_feed else "")
                + "</item>"
            )
            for post in shown
        )

    def index(self) -> Response:
        maps = range(1, -(-len(self.posts) // 100) + 1)
        body = "".join(
            f"<sitemap><loc>{self.root}/wp-sitemap-{name}.xml</loc></sitemap>"
            for name in [*(f"posts-post-{n}" for n in maps), "posts-page-1", "users-1"]
        )
        return Response(
            f'<?xml version="1.0"?><sitemapindex>{body}</sitemapindex>'.encode(), type="application/xml"
        )

    def sitemap(self, number: int) -> Response:
        shown = sorted(self.posts.values(), key=lambda post: post.number)[(number - 1) * 100 : number * 100]
        body = "".join(f"<url><loc>{self.link(post)}</loc></url>" for post in shown)
        return Response(f'<?xml version="1.0"?><urlset>{body}</urlset>'.encode(), type="application/xml")

    def page(self, post: Release) -> Response:
        return Response(
            f'<!doctype html><html lang="th"><head><title>{escape(post.title)} &#8211; เว็บตัวอย่าง</title>'
            f'<link rel="canonical" href="{self.link(post)}"><meta name="generator" content="WordPress 6.1.9">'
            f'<meta property="article:published_time" content="{post.posted.isoformat()}+07:00"></head><body>'
            '<header><a href="/">หน้าหลัก</a> <a href="/about">เกี่ยวกับเรา</a></header>'
            f'<article class="post"><h1 class="entry-title">{post.title}</h1>'
            f'<div class="entry-content">{post.html}</div></article>'
            "<footer>ลิขสิทธิ์ เว็บตัวอย่าง</footer></body></html>".encode()
        )


def rss(items: Iterable[str], title: str = "ข่าวตัวอย่าง") -> Response:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>{title}</title>{''.join(items)}</channel></rss>"
    )
    return Response(body.encode(), type="application/rss+xml; charset=UTF-8")
