"""Portals built by hand or shared by many offices: list pages with pagers, and pages in their forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from itertools import count

from tests.site.server import Request, Response
from tests.site.truth import Release, thai_day


@dataclass(frozen=True, slots=True)
class Family:
    """How one system writes its addresses and pages."""

    list: str  # address of the list
    item: str  # address of a release, {n} its number
    page: str  # what the pager adds for page {n} (from 2) or offset {o}
    body: str  # "p", "br", "div" or "td"
    date_on_list: bool = True
    size: int = 15


FAMILIES = {
    "gov-platform": Family(
        "/th/content/category/index/id/33", "/th/content/category/detail/id/33/iid/{n}", "?page={n}", "div"
    ),
    "ewt": Family(
        "/surin/more_news.php?cid=5",
        "/surin/ewt_news.php?nid={n}&filename=index",
        "&offset={o}",
        "br",
        size=20,
    ),
    "dla": Family(
        "/servlet/ActivityServlet?_mode=list",
        "/servlet/ActivityServlet?_mode=detail&id={n}",
        "&page={n}",
        "td",
    ),
    "php": Family(
        "/news.php?cat=2", "/news_detail.php?hd=1&id={n}&checkAdd=chkAd&dum={c}_ypk", "&page={n}", "br", False
    ),
    "mvc": Family("/managing/public/news", "/managing/public/newsshow/{n}", "?page={n}", "p"),
}


def body(release: Release, form: str) -> str:
    """A release's body in the markup of a system."""
    if form == "p":
        return release.html
    lines = [*release.paragraphs[:2]]
    items = [f"{number}. {text}" for number, text in enumerate(release.items, 1)]
    ol = "<ol>" + "".join(f"<li>{text}</li>" for text in release.items) + "</ol>"
    after = list(release.paragraphs[2:])
    if form == "div":
        rows = [f"<div>{line}</div>" for line in lines]
        rows += [ol] if release.form == "ol" and items else [f"<div>{line}</div>" for line in items]
        return "".join(rows + [f"<div>{line}</div>" for line in after])
    between = "<br />\n<br />\n" if form == "br" else "<br>\n"
    if release.form == "ol" and items:
        return between.join(lines) + ol + between.join(after)
    return between.join([*lines, *items, *after])


@dataclass
class Portal:
    """A site of one family. ``past``: what a page after the last shows; ``each`` is run after each list page."""

    posts: dict[int, Release]
    family: str = "mvc"
    past: str = "empty"  # empty, last, first, 404
    charset: str = "utf-8"
    label: str | None = "utf-8"  # in header and meta; None: none
    next_link: bool = True  # False: the pager is made by a script, and can't be followed
    validators: bool = False  # answers If-None-Match
    robots: str = ""
    extra: dict[str, Response] = field(default_factory=dict)  # other addresses
    also: list[str] = field(default_factory=list)  # other links on the first page of the list: <a>…</a>
    canonical: str = ""  # a fixed rel=canonical for every page: {n} its number
    each: Callable[[int], None] = lambda number: None
    clock: count[int] = field(default_factory=lambda: count(1))

    @property
    def form(self) -> Family:
        return FAMILIES[self.family]

    def newest(self) -> list[Release]:
        return sorted(self.posts.values(), key=lambda post: (post.posted, post.number), reverse=True)

    def item(self, number: int) -> str:
        return self.form.item.format(n=number, c=next(self.clock) * 7919)

    def __call__(self, request: Request) -> Response:
        if request.path == "/robots.txt":
            return Response(self.robots.encode(), 200 if self.robots else 404, type="text/plain")
        if request.target in self.extra or request.path in self.extra:
            return self.extra.get(request.target) or self.extra[request.path]
        base = self.form.list.partition("?")
        query = request.query
        listed = request.path == base[0] and all(part in request.target for part in base[2].split("&"))
        if listed or request.path.startswith(f"{base[0]}/index/"):
            number = int(next((query[name] for name in ("page", "p", "pageNum_rs") if name in query), "1"))
            if not listed:
                number = int(request.path.rpartition("/")[2])
            if offset := query.get("offset") or query.get("start"):
                number = int(offset) // self.form.size + 1
            answer = self.index(number)
            self.each(number)
            return answer
        named = query.get("id") or query.get("nid") or request.path.rstrip("/").rpartition("/")[2]
        path = self.form.item.partition("?")[0].replace("{n}", named)
        if request.path.endswith(path) and named.isdigit() and int(named) in self.posts:
            return self.page(self.posts[int(named)], request)
        return self.sent(
            "<html><head><title>404</title></head><body><h1>ไม่พบหน้าที่ต้องการ</h1></body></html>", 404
        )

    def sent(self, html: str, status: int = 200, **headers: str) -> Response:
        label = f"; charset={self.label}" if self.label else ""
        return Response(html.encode(self.charset, "xmlcharrefreplace"), status, headers, f"text/html{label}")

    def around(self, title: str, inner: str, head: str = "") -> str:
        meta = (
            f'<meta http-equiv="Content-Type" content="text/html; charset={self.label}">'
            if self.label
            else ""
        )
        return (
            f"<!DOCTYPE html><html><head>{meta}<title>{escape(title)}</title>{head}</head><body>"
            '<div id="top"><ul class="menu"><li><a href="/">หน้าหลัก</a></li>'
            '<li><a href="/about.php">ข้อมูลหน่วยงาน</a></li>'
            '<li><a href="/contact.php">ติดต่อเรา</a></li></ul></div>'
            f'{inner}<div id="foot">ผู้เข้าชมวันนี้ {next(self.clock)} คน เวลา 10:{next(self.clock) % 60:02d} น.<br>'
            "สงวนลิขสิทธิ์ หน่วยงานตัวอย่าง</div></body></html>"
        )

    def index(self, number: int) -> Response:
        size = self.form.size
        pages = max(1, -(-len(self.posts) // size))
        if number > pages:
            if self.past == "404":
                return self.sent("<h1>404 Not Found</h1>", 404)
            number = {"last": pages, "first": 1}.get(self.past, number)
        rows = ""
        for post in self.newest()[(number - 1) * size : number * size]:
            link = escape(self.item(post.number))
            date = f'<span class="date">{thai_day(post.posted)}</span>' if self.form.date_on_list else ""
            rows += (
                f'<div class="news-item"><a href="{link}"><img src="/pic/{post.number}.jpg"></a>'
                f'<h3><a href="{link}">{escape(post.title)}</a></h3>{date}'
                f"<span>อ่าน {next(self.clock)} ครั้ง</span></div>\n"
            )
        if number == 1:
            rows += "".join(self.also)
        pager = ""
        if self.next_link:
            for other in range(1, pages + 1):
                address = self.form.list
                if other > 1:
                    address += self.form.page.format(n=other, o=(other - 1) * size)
                pager += (
                    f'<a href="{escape(address)}">{other}</a> ' if other != number else f"<b>{other}</b> "
                )
        return self.sent(self.around("ข่าวประชาสัมพันธ์", f"<h2>ข่าวประชาสัมพันธ์</h2>{rows}<div>{pager}</div>"))

    def page(self, post: Release, request: Request) -> Response:
        tag = f'"{post.number}-{post.modified:%Y%m%d%H%M%S}"'
        if self.validators and request.headers.get("if-none-match") == tag:
            return Response(status=304, headers={"ETag": tag})
        title = escape(post.title)
        text = body(post, self.form.body)
        date = f"วันที่เผยแพร่ : {thai_day(post.posted)}"
        if self.form.body == "td":
            inner = f"<table><tr><td><b>{title}</b></td></tr><tr><td>{date}</td></tr><tr><td>{text}</td></tr></table>"
        else:
            inner = f'<h1>{title}</h1><div class="date">{date}</div><div class="detail">{text}</div>'
        side = "".join(
            f'<li><a href="{escape(self.item(other.number))}">{escape(other.title)}</a></li>'
            for other in self.newest()[:4]
        )
        head = (
            f'<link rel="canonical" href="{self.canonical.format(n=post.number)}">' if self.canonical else ""
        )
        inner += f'<div class="side"><h4>ข่าวล่าสุด</h4><ul>{side}</ul></div>'
        headers = {"ETag": tag} if self.validators else {}
        return self.sent(self.around(f"{post.title} - หน่วยงานตัวอย่าง", inner, head), 200, **headers)
