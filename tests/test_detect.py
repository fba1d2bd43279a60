"""What a site is told to be, from any address of it that a person would paste."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from html import escape

import pytest
from tests.site.portals import FAMILIES, Portal
from tests.site.server import Request, Response, serve
from tests.site.truth import Release, releases
from tests.site.wordpress import WordPress

from moi_pipeline.fetch.client import Client
from moi_pipeline.fetch.detect import Detection, detect, site_title
from moi_pipeline.fetch.manners import FetchFailed, Manners
from moi_pipeline.fetch.signs import form_of, read_signs, shape_of
from moi_pipeline.fetch.tryout import Guess

QUICK = Manners(rate=1000, patience=0.001, tries=2, timeout=10)
POSTS = {post.number: post for post in releases(30)}
TITLES = {post.title for post in POSTS.values()}


def looked(url: str, manners: Manners = QUICK, most: int = 2) -> Detection:
    async def ask() -> Detection:
        async with Client() as client:
            return await detect(url, client, manners, most=most)

    return asyncio.run(ask())


def best(found: Detection, posts: dict[int, Release] = POSTS) -> Guess:
    """The best guess, its three samples held against the truth."""
    assert found.guesses, [(g.kind, g.options, g.problems) for g in found.failed]
    guess = found.guesses[0]
    assert len(guess.samples) == 3, guess
    days = {post.title: post.posted.date().isoformat() for post in posts.values()}
    for sample in guess.samples:
        assert days[sample.title] == sample.published
    assert len({sample.title for sample in guess.samples}) == 3
    assert guess.evidence
    return guess


class Blog(WordPress):
    """A WordPress site with pages for people: a theme's head, a front page, a category."""

    def __call__(self, request: Request) -> Response:
        path = request.path.removeprefix(self.folder)
        inner = "".join(
            f'<h2><a href="{self.link(post)}">{escape(post.title)}</a></h2>' for post in self.posts.values()
        )
        if path == "/" and not request.query:
            return self.themed("home blog", inner)
        if path == "/category/news/":
            link = f'<{self.root}/wp-json/wp/v2/categories/5>; rel="alternate"; type="application/json"'
            return self.themed("archive category", inner, link)
        response = super().__call__(request)
        if response.status == 200 and "Content-Type" not in response.headers and "/feed" not in path:
            title = next((p.title for p in self.posts.values() if p.title.encode() in response.body), "")
            return self.themed("single single-post", response.body.decode(), title=title)
        return response

    def themed(self, classes: str, inner: str, link: str = "", title: str = "จังหวัดทดสอบ") -> Response:
        api = f"{self.root}/wp-json/" if self.pretty else f"{self.root}/index.php?rest_route=/"
        head = (
            f'<title>{escape(title)}</title><meta property="og:site_name" content="จังหวัดทดสอบ">'
            f'<meta name="generator" content="WordPress 6.1.9"><link rel="stylesheet" '
            f'href="{self.root}/wp-content/themes/x/style.css">'
            f'<link rel="alternate" type="application/rss+xml" title="RSS" href="{self.root}/feed/">'
            f'<link rel="alternate" type="application/rss+xml" title="Comments" href="{self.root}/comments/feed/">'
        )
        links = ", ".join(part for part in (f'<{api}>; rel="https://api.w.org/"', link) if part)
        body = f'<html><head>{head}</head><body class="{classes}">{inner}</body></html>'
        return Response(body.encode(), headers={} if self.closed else {"Link": links})


@pytest.mark.parametrize("folder", ["", "/2567"])
@pytest.mark.parametrize("path", ["/", "/?p=7", "/wp-json/", "/wp-json/wp/v2/posts"])
def test_wordpress_from_its_front_page_a_release_and_its_interface(folder: str, path: str) -> None:
    with serve(Blog(dict(POSTS), folder=folder)) as server:
        if path == "/wp-json/":
            server.site = _with(
                server.site, f"{folder}/wp-json/", Response(b'{"name": "x"}', type="application/json")
            )
        found = looked(server.url + folder + path)
        guess = best(found)
        assert (guess.kind, guess.options) == ("wordpress", {"url": f"{server.url}{folder}/"})
        assert found.release == (path == "/?p=7")
        assert len(server.paths()) <= 12


def _with(
    site: Callable[[Request], Response], path: str, response: Response
) -> Callable[[Request], Response]:
    return lambda request: response if request.path == path else site(request)


def test_wordpress_without_pretty_addresses() -> None:
    with serve(Blog(dict(POSTS), pretty=False)) as server:
        guess = best(looked(server.url))
        assert (guess.kind, guess.options) == ("wordpress", {"url": f"{server.url}/"})


def test_a_wordpress_category_is_that_category() -> None:
    with serve(Blog(dict(POSTS))) as server:
        guess = best(looked(f"{server.url}/category/news/"))
        assert guess.options == {"url": f"{server.url}/", "category": 5}


def test_wordpress_whose_interface_is_closed_is_read_by_its_feed() -> None:
    with serve(Blog(dict(POSTS), closed=True)) as server:
        found = looked(server.url)
        assert best(found).kind == "wordpress"
        assert found.guesses[0].options["url"] == f"{server.url}/"


def test_wordpress_that_shows_no_sign_is_found_by_asking() -> None:
    plain = Response("<html><head><title>หน้าหลัก</title></head><body>ยินดีต้อนรับ</body></html>".encode())
    with serve(_with(WordPress(dict(POSTS)), "/", plain)) as server:
        guess = best(looked(server.url))
        assert guess.kind == "wordpress"
        assert guess.evidence == ["/wp-json/ answers"]


def test_a_feed_is_a_feed() -> None:
    with serve(Blog(dict(POSTS))) as server:
        found = looked(f"{server.url}/feed/")
        guess = best(found)
        assert (guess.kind, guess.options["url"]) == ("feed", f"{server.url}/feed/")


def test_a_sitemap_is_a_sitemap() -> None:
    with serve(Blog(dict(POSTS))) as server:
        guess = best(looked(f"{server.url}/wp-sitemap-posts-post-1.xml"))
        assert guess.kind == "sitemap"


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_shared_systems_from_their_list_page(family: str) -> None:
    with serve(Portal(dict(POSTS), family)) as server:
        found = looked(server.url + FAMILIES[family].list)
        guess = best(found)
        assert (guess.kind, guess.options["preset"]) == ("listing", family)
        assert guess.options["url"] == server.url + FAMILIES[family].list
        assert not found.release


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_release_of_a_shared_system_is_known_as_one(family: str) -> None:
    with serve(Portal(dict(POSTS), family)) as server:
        found = looked(server.url + FAMILIES[family].item.format(n=7, c=1), most=1)
        assert found.release


def test_the_list_of_the_government_platform_follows_from_a_release() -> None:
    with serve(Portal(dict(POSTS), "gov-platform")) as server:
        guess = best(looked(f"{server.url}/th/content/category/detail/id/33/iid/7"))
        assert guess.options == {
            "preset": "gov-platform",
            "url": f"{server.url}/th/content/category/index/id/33",
        }


def _front(portal: Portal) -> Callable[[Request], Response]:
    """The portal with its list on the front page as well."""
    return lambda request: portal.index(1) if request.path == "/" else portal(request)


def test_a_front_page_that_shows_the_news() -> None:
    with serve(_front(Portal(dict(POSTS), "mvc"))) as server:
        guess = best(looked(server.url))
        assert (guess.kind, guess.options["preset"], guess.options["url"]) == (
            "listing",
            "mvc",
            f"{server.url}/",
        )


def test_a_portal_of_nobodys_system_is_read_by_the_form_of_its_addresses() -> None:
    portal = Portal(dict(POSTS), "mvc")

    def site(request: Request) -> Response:
        target = request.target.replace("/rueang/", "/managing/public/newsshow/")
        response = portal(Request(target, request.headers, request.at))
        response.body = response.body.replace(b"/managing/public/newsshow/", b"/rueang/")
        return response

    with serve(site) as server:
        found = looked(f"{server.url}/managing/public/news")
        guess = best(found)
        assert (guess.kind, guess.options["pattern"]) == ("listing", r"/rueang/\d+")
        assert looked(f"{server.url}/rueang/7", most=1).release


class K2:
    """A Joomla site with K2: a category's list page and its items."""

    head = '<meta name="generator" content="Joomla! - Open Source Content Management">'

    def __call__(self, request: Request) -> Response:
        if request.path == "/robots.txt":
            return Response(b"", 404)
        if request.query.get("format") == "feed":
            return Response(b"<html>no feed here</html>", 404)
        if request.path == "/main/index.php/news/itemlist/category/6-news":
            start = int(request.query.get("start", "0"))
            shown = [POSTS[n] for n in sorted(POSTS, reverse=True)][start : start + 10]
            rows = "".join(
                f'<div class="catItemView"><h3 class="catItemTitle"><a href="{self.path(post)}">'
                f"{escape(post.title)}</a></h3></div>"
                for post in shown
            )
            return self.sent(f'<div id="k2Container" class="itemListView">{rows}</div>')
        number = request.path.rpartition("/")[2].partition("-")[0]
        if "/news/item/" in request.path and number.isdigit() and int(number) in POSTS:
            post = POSTS[int(number)]
            return self.sent(
                f'<div id="k2Container" class="itemView"><h2 class="itemTitle">{escape(post.title)}</h2>'
                f'<span class="itemDateCreated"><time datetime="{post.posted.isoformat()}+07:00">x</time></span>'
                f'<div class="itemBody"><div class="itemFullText">{post.html}</div></div><div class="itemCategory">'
                '<a href="/main/index.php/news/itemlist/category/6-news">ข่าว</a></div></div>'
            )
        return Response(b"<h1>404</h1>", 404)

    @staticmethod
    def path(post: Release) -> str:
        return f"/main/index.php/news/item/{post.number}-2022-08-15-07-00-57"

    def sent(self, inner: str) -> Response:
        return Response(
            f"<html><head><title>ข่าว</title>{self.head}</head><body>{inner}</body></html>".encode()
        )


@pytest.mark.parametrize("paste", ["itemlist/category/6-news", "item/7-2022-08-15-07-00-57"])
def test_k2_from_its_list_and_from_an_item(paste: str) -> None:
    with serve(K2()) as server:
        found = looked(f"{server.url}/main/index.php/news/{paste}")
        guess = best(found)
        assert (guess.kind, guess.options) == (
            "joomla",
            {"url": f"{server.url}/main/index.php/news/itemlist/category/6-news"},
        )
        assert found.release == paste.startswith("item/")


def test_a_sitemap_that_robots_names_is_the_last_resort() -> None:
    blog = Blog(dict(POSTS), closed=True)

    def site(request: Request) -> Response:
        if request.path == "/":
            return Response("<html><title>x</title>ยินดีต้อนรับ</html>".encode())
        if request.path == "/robots.txt":
            return Response(
                f"Sitemap: http://{request.host}/wp-sitemap-posts-post-1.xml".encode(), type="text/plain"
            )
        return Response(b"", 404) if request.path.startswith("/feed") else blog(request)

    with serve(site) as server:
        found = looked(server.url)
        assert best(found).kind == "sitemap"
        assert found.guesses[0].evidence == ["robots.txt names a sitemap"]


def test_a_site_with_no_news_gives_no_guess() -> None:
    with serve(lambda request: Response("<html><title>x</title>ยินดีต้อนรับ</html>".encode())) as server:
        found = looked(server.url)
        assert found.guesses == []
        assert not found.release


def test_an_address_that_can_not_be_had() -> None:
    def broken(request: Request) -> Response:
        return Response(b"", 404 if request.path == "/robots.txt" else 500)

    with serve(broken) as server, pytest.raises(FetchFailed):
        looked(server.url)
    with serve(lambda request: Response(b"no", 404)) as server, pytest.raises(FetchFailed, match="404"):
        looked(f"{server.url}/nowhere")


# The server never answers a TLS greeting; the half-open connection that httpx drops then is its own affair.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_http_is_tried_where_no_scheme_is_given() -> None:
    with serve(Blog(dict(POSTS))) as server:
        found = looked(server.url.removeprefix("http://"), replace(QUICK, timeout=1))
        assert found.url == f"{server.url}/"


@pytest.mark.parametrize(
    ("url", "shape"),
    [
        ("https://x.go.th/newsshow/9477", r"/newsshow/\d+"),
        ("https://x.go.th/main/367-ข่าว-ดี.html?a=1", r"/main/\d+[^/?]*\?a=[^&]*\d+[^&]*"),
        ("https://x.go.th/i.php?r=news/views&id=576", r"/i\.php\?r=news/views&id=[^&]*\d+[^&]*"),
        ("https://x.go.th/home/2170.html", r"/home/\d+[^/?]*"),
        ("https://x.go.th/news-id414.html", r"/news-id\d+\.html"),
        ("https://x.go.th/about", None),
    ],
)
def test_the_form_of_an_address(url: str, shape: str | None) -> None:
    assert shape_of(url) == shape


@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<rss version="2.0">', "feed"),
        (b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">', "feed"),
        (b'<sitemapindex xmlns="x">', "sitemap"),
        (b"\x1f\x8b\x08", "sitemap"),
        (b' [{"id": 1}]', "json"),
        (b"<!DOCTYPE html><html><feed>", "page"),
        (b"", "page"),
    ],
)
def test_the_form_of_an_answer(body: bytes, form: str) -> None:
    assert form_of(body) == form


@pytest.mark.parametrize("noise", [b"", b"<" * 5000, b"\xff\xfe" * 100, b"<link rel=alternate" * 500])
def test_signs_of_anything(noise: bytes) -> None:
    signs = read_signs(noise, "http://x.example/a", {"link": "<" * 1000 + ">;" * 1000})
    assert (signs.feeds, signs.wordpress, signs.joomla) == ([], [], [])


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("จังหวัดตรังเปิดงาน - สำนักงานจังหวัดตรัง", "สำนักงานจังหวัดตรัง"),
        ("ข่าว 1-2 | ประกาศ &#8211; เว็บ | ปชส.ตรัง", "ปชส.ตรัง"),
        ("จังหวัดตรังเปิดงาน", None),
        (None, None),
    ],
)
def test_a_release_s_headline_is_no_name_of_a_site(title: str | None, name: str | None) -> None:
    assert site_title(title) == name
