"""Joomla's own content and K2: category pages by ``start``, feeds by ``limitstart``, item pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from tests.site.server import Request, Response
from tests.site.truth import MONTHS, Release
from tests.site.wordpress import BANGKOK, rss

WEEKDAYS = tuple(f"วัน{name}" for name in ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์"))


@dataclass
class Joomla:
    """A category at /index.php/news (sef) or /index.php?option=com_content&view=category&id=5."""

    posts: dict[int, Release]
    k2: bool = False
    sef: bool = True
    feed: bool = True
    limitstart: bool = True  # False: the feed shows its first items whatever is asked
    split: bool = True  # K2: introduction and full text apart
    dates: bool = True  # item pages show a date
    size: int = 10
    each: Callable[[int], None] = lambda number: None

    @property
    def front(self) -> str:
        if self.k2:
            return "/main/index.php/th/news/itemlist/category/6-news"
        return "/index.php/news" if self.sef else "/index.php?option=com_content&view=category&id=5&Itemid=9"

    def item(self, post: Release) -> str:
        alias = f"{post.number}-{post.posted:%Y-%m-%d-%H-%M-%S}"
        if self.k2:
            return f"/main/index.php/th/news/item/{alias}"
        if self.sef:
            return f"/index.php/news/{alias}"
        return f"/index.php?option=com_content&view=article&id={alias.replace('-', ':', 1)}&catid=5&Itemid=9"

    def newest(self) -> list[Release]:
        return sorted(self.posts.values(), key=lambda post: (post.posted, post.number), reverse=True)

    def __call__(self, request: Request) -> Response:
        query = request.query
        base = self.front.partition("?")[0]
        article = query.get("view") == "article"
        if request.path == base and not article:
            if query.get("format") == "feed":
                return self.rss(query, request.host)
            start = int(query.get("start", "0"))
            answer = self.category(start)
            self.each(start)
            return answer
        named = query.get("id", "") if article else request.path.rpartition("/")[2]
        number = named.replace(":", "-").partition("-")[0]
        if number.isdigit() and int(number) in self.posts:
            return self.page(self.posts[int(number)])
        return Response(b"<h1>404 Article not found</h1>", 404)

    def rss(self, query: dict[str, str], host: str) -> Response:
        if not self.feed:
            return self.category(0)
        start = int(query.get("limitstart", "0")) if self.limitstart else 0
        return rss(
            f"<item><title>{escape(post.title)}</title><link>http://{host}{escape(self.item(post))}</link>"
            f'<guid isPermaLink="true">http://{host}{escape(self.item(post))}</guid>'
            f"<description><![CDATA[<p>{post.paragraphs[0]}</p>]]></description><category>ข่าว</category>"
            f"<pubDate>{post.posted - BANGKOK:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
            for post in self.newest()[start : start + self.size]
        )

    def around(self, title: str, inner: str) -> Response:
        return Response(
            (
                '<!DOCTYPE html><html xml:lang="th-th"><head><meta charset="utf-8">'
                '<meta name="generator" content="Joomla! - Open Source Content Management">'
                f"<title>{escape(title)}</title></head><body><div class='menu'><a href='/index.php'>หน้าแรก</a>"
                f"<a href='/index.php/contact-us'>ติดต่อเรา</a></div>{inner}"
                "<div id='footer'>สงวนลิขสิทธิ์</div></body></html>"
            ).encode()
        )

    def category(self, start: int) -> Response:
        rows = ""
        for post in self.newest()[start : start + self.size]:
            link, title = escape(self.item(post)), escape(post.title)
            if self.k2:
                rows += (
                    f'<div class="catItemView groupLeading"><div class="catItemHeader"><h3 class="catItemTitle">'
                    f'<a href="{link}">{title}</a></h3></div><div class="catItemBody"><div class="catItemIntroText">'
                    f"<p>{post.paragraphs[0]}</p></div></div>"
                    f'<div class="catItemReadMore"><a class="k2ReadMore" href="{link}">อ่านเพิ่มเติม...</a></div></div>'
                )
            else:
                rows += (
                    f'<div class="items-row"><div class="page-header"><h2><a href="{link}">{title}</a></h2></div>'
                    f'<p>{post.paragraphs[0]}</p><p class="readmore"><a href="{link}">อ่านเพิ่มเติม...</a></p></div>'
                )
        name = "itemListView" if self.k2 else "blog"
        return self.around("ข่าว", f'<div id="k2Container" class="{name}">{rows}</div>')

    def page(self, post: Release) -> Response:
        title, day = escape(post.title), post.posted
        shown = f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}"  # Thai names, Christian years
        if self.k2:
            date = (
                f'<span class="itemDateCreated">{WEEKDAYS[day.weekday()]}, {shown} {day:%H:%M}</span>'
                if self.dates
                else ""
            )
            first = f"<p>{post.paragraphs[0]}</p>"
            rest = post.html.removeprefix(first)
            text = (
                f'<div class="itemIntroText">{first}</div><div class="itemFullText">{rest}</div>'
                if self.split
                else f'<div class="itemFullText">{post.html}</div>'
            )
            inner = (
                f'<div id="k2Container" class="itemView"><div class="itemHeader">{date}'
                f'<h2 class="itemTitle">{title}</h2></div>'
                '<div class="itemRatingBlock"><ul><li><a href="#">1</a></li></ul></div>'
                f'<div class="itemBody">{text}<div class="clr"></div></div><div class="itemContentFooter">'
                '<span class="itemHits">อ่าน <b>12</b> ครั้ง</span></div></div>'
            )
            return self.around(post.title, inner)
        date = (
            f'<dl class="article-info"><dd class="published"><time datetime="{day.isoformat()}+07:00" '
            f'itemprop="datePublished">เผยแพร่เมื่อ: {shown}</time></dd><dd class="hits">ฮิต: 77</dd></dl>'
            if self.dates
            else ""
        )
        return self.around(
            post.title,
            f'<div class="item-page"><div class="page-header"><h2 itemprop="headline">{title}</h2></div>{date}'
            f'<div itemprop="articleBody" class="com-content-article__body">{post.html}</div></div>',
        )
