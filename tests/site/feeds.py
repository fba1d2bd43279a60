"""A site known by its feed or its sitemap alone."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from html import escape

from tests.site.portals import Portal
from tests.site.server import Request, Response
from tests.site.truth import Release
from tests.site.wordpress import BANGKOK, rss


@dataclass
class Feed(Portal):
    """A portal with /rss.xml, /atom.xml and /sitemap.xml. ``full``: the feeds hold the whole text."""

    full: bool = True
    shown: int = 1000  # items in a feed
    gz: bool = True
    lastmod: bool = True
    per_map: int = 100

    def __call__(self, request: Request) -> Response:
        self.host = request.host
        if request.path == "/rss.xml":
            return self.conditional(request, self.rss())
        if request.path == "/atom.xml":
            return self.conditional(request, self.atom())
        if request.path == "/sitemap.xml":
            maps = range(1, -(-len(self.posts) // self.per_map) + 1)
            end = ".xml.gz" if self.gz else ".xml"
            body = "".join(
                f"<sitemap><loc>http://{self.host}/map-{n}{end}</loc></sitemap>" for n in [*maps, "pages"]
            )
            return Response(
                f'<?xml version="1.0"?><sitemapindex>{body}</sitemapindex>'.encode(), type="text/xml"
            )
        if request.path.startswith("/map-"):
            return self.map(request.path.removeprefix("/map-").partition(".")[0])
        return Portal.__call__(self, request)

    def conditional(self, request: Request, answer: Response) -> Response:
        tag = f'"{hash(answer.body)}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status=304, headers={"ETag": tag})
        answer.headers["ETag"] = tag
        return answer

    def address(self, post: Release) -> str:
        return f"http://{self.host}/managing/public/newsshow/{post.number}"

    def rss(self) -> Response:
        return rss(
            f"<item><title>{escape(post.title)}</title><link>{self.address(post)}</link>"
            f"<pubDate>{post.posted - BANGKOK:%a, %d %b %Y %H:%M:%S} GMT</pubDate>"
            f"<description>{escape(post.paragraphs[0][:120])} ...</description>"
            + (f"<content:encoded><![CDATA[{post.html}]]></content:encoded>" if self.full else "")
            + "</item>"
            for post in self.newest()[: self.shown]
        )

    def atom(self) -> Response:
        entries = "".join(
            f"<entry><title>{escape(post.title)}</title><id>tag:{self.host},2020:{post.number}</id>"
            f'<link rel="alternate" href="{self.address(post)}"/>'
            f"<published>{post.posted.isoformat()}+07:00</published><updated>{post.modified.isoformat()}+07:00</updated>"
            + (
                f'<content type="html">{escape(post.html)}</content>'
                if self.full
                else "<summary>ย่อ</summary>"
            )
            + "</entry>"
            for post in self.newest()[: self.shown]
        )
        body = f'<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{entries}</feed>'
        return Response(body.encode(), type="application/atom+xml")

    def map(self, number: str) -> Response:
        urls = f"<url><loc>http://{self.host}/about.php</loc></url>"
        if number.isdigit():
            shown = sorted(self.posts.values(), key=lambda post: post.number)
            urls = "".join(
                f"<url><loc>{self.address(post)}</loc>"
                + (f"<lastmod>{post.modified.isoformat()}+07:00</lastmod>" if self.lastmod else "")
                + "</url>"
                for post in shown[(int(number) - 1) * self.per_map : int(number) * self.per_map]
            )
        body = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()
        return Response(
            gzip.compress(body) if self.gz else body, type="application/x-gzip" if self.gz else "text/xml"
        )
