"""List pages: the shared systems' presets, pagers that repeat, restart or slide, charsets, what is no release."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.site.check import all_captures, compare, stored
from tests.site.portals import FAMILIES, Portal
from tests.site.server import Response, serve
from tests.site.truth import Release, release, releases
from tests.site.workspace import fetch, fetched, workspace

import moi_pipeline
from moi_pipeline.api import Moi
from moi_pipeline.fetch.manners import Ledger, Manners
from moi_pipeline.setup import make_workspace
from moi_pipeline.sources import Context
from moi_pipeline.sources._address import named_by
from moi_pipeline.sources._walk import due
from moi_pipeline.sources.listing import presets
from moi_pipeline.store import Known

NOW = release(300).modified.replace(year=2024)


def posts(count: int = 300) -> dict[int, Release]:
    return {post.number: post for post in releases(count)}


def source(url: str, family: str = "mvc", **more: Any) -> dict[str, Any]:
    return {"kind": "listing", "preset": family, "url": url + FAMILIES[family].list} | more


@pytest.mark.parametrize("family", FAMILIES)
def test_a_shared_system_comes_whole_and_then_only_what_changed(tmp_path: Path, family: str) -> None:
    count = 45
    site = Portal(posts(count), family, validators=True)
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url, family))
        told = fetched(ws)
        assert (told.fetched, told.changed, told.refused) == (count, 0, {})
        compare(ws, "site", site.posts.values())

        server.clear()
        told = fetched(ws)
        assert (told.fetched, len(server.hits)) == (0, 2), server.paths()  # robots.txt and the first page

        # All are looked at again where recheck says so; what has not changed costs no body.
        ws = workspace(tmp_path, site=source(server.url, family, recheck=100_000))
        server.clear()
        for number in (7, 20, 44):
            site.posts[number] = site.posts[number].edited(NOW)
        site.posts[count + 1] = release(count + 1)
        told = fetched(ws)
        assert (told.fetched, told.changed) == (4, 3)
        pages = [hit.status for hit in server.hits if _is_item(hit.target, family)]
        assert pages.count(200) == 4
        compare(ws, "site", site.posts.values())
        assert len(all_captures(ws, "site")) == count + 4  # what was before a change stays


def _is_item(target: str, family: str) -> bool:
    mark = {
        "gov-platform": "/iid/",
        "ewt": "nid=",
        "dla": "_mode=detail",
        "php": "news_detail",
        "mvc": "newsshow",
    }
    return mark[family] in target


@pytest.mark.parametrize("past", ["empty", "last", "first", "404"])
@pytest.mark.parametrize("next_link", [True, False])
def test_a_walk_ends_whatever_stands_past_the_last_page(tmp_path: Path, past: str, next_link: bool) -> None:
    site = Portal(posts(40), past=past, next_link=next_link)
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url))
        assert fetched(ws).fetched == 40
        assert sum("newsshow" in path for path in server.paths()) == 40
        compare(ws, "site", site.posts.values())


@pytest.mark.parametrize("pager", ["?p={n}", "/index/{n}", "?start={o}", "?pageNum_rs={n}&totalRows_rs=40"])
def test_a_list_s_own_pager_is_followed(tmp_path: Path, pager: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FAMILIES, "mvc", replace(FAMILIES["mvc"], page=pager))
    site = Portal(posts(40), past="first")
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url))
        assert fetched(ws).fetched == 40
        compare(ws, "site", site.posts.values())


def test_what_slides_to_a_page_already_read_is_found(tmp_path: Path) -> None:
    site = Portal(posts(60))
    taken: list[int] = []

    def vanish(number: int) -> None:
        if number == 2 and not taken:
            # Ten releases of page 1 are taken away: what stood on top of page 3 now stands on page 2.
            for post in site.newest()[:10]:
                taken.append(post.number)
                del site.posts[post.number]

    site.each = vanish
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url))
        fetched(ws)
        titles = {row["listed_title"] for row in stored(ws, "site")}
        assert {post.title for post in site.posts.values()} <= titles


def test_what_is_posted_while_the_list_is_read_comes_once(tmp_path: Path) -> None:
    site = Portal(posts(60))

    def post(number: int) -> None:
        if len(site.posts) < 63:
            site.posts[len(site.posts) + 1] = release(len(site.posts) + 1)

    site.each = post
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url))
        assert fetched(ws).fetched == 63
        assert len({path.split("?")[0] for path in server.paths() if "newsshow" in path}) == 63
        compare(ws, "site", site.posts.values())


@pytest.mark.parametrize("label", ["windows-874", "utf-8", "iso-8859-1", None], ids=str)
@pytest.mark.parametrize("family", ["php", "dla"])
def test_windows_874_pages_are_right_under_any_label(tmp_path: Path, family: str, label: str | None) -> None:
    site = Portal(posts(30), family, charset="cp874", label=label)
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url, family))
        assert fetched(ws).fetched == 30
        compare(ws, "site", site.posts.values())


def test_counters_and_clocks_are_no_change(tmp_path: Path) -> None:
    site = Portal(posts(30))
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url, recheck=100_000))
        fetched(ws)
        told = fetched(ws)
        assert (told.fetched, told.unchanged) == (0, 30)
        assert sum("newsshow" in path for path in server.paths()) == 60  # asked again, and no change found
        site.posts[3] = site.posts[3].edited(NOW)
        assert fetched(ws).changed == 1


def test_one_release_under_several_addresses_is_one(tmp_path: Path) -> None:
    site = Portal(posts(20), canonical="/managing/public/newsshow/{n}")
    for number in (3, 4, 5):
        twin = f"/en/managing/public/newsshow/{number}"
        site.also += [f'<a href="{twin}">News {number}</a>']
        site.also += [
            f'<a href="/managing/public/newsshow/{number}?PHPSESSID=8f3a8f3a8f3a8f3a{number}">ข่าว</a>'
        ]
        site.also += [f'<a href="/managing/public/newsshow/{number}?print=1">พิมพ์</a>']
    with serve(site) as server:
        # A site whose ids nobody declared: its pages' own word decides.
        options = {"kind": "listing", "url": server.url + FAMILIES["mvc"].list, "pattern": "/newsshow/"}
        ws = workspace(tmp_path, site=options)
        assert fetched(ws).fetched == 20
        compare(ws, "site", site.posts.values())
        assert (
            sum("newsshow" in path for path in server.paths()) == 23
        )  # the English ones had to be looked at, once
        server.clear()
        assert fetched(ws).fetched == 0
        assert len(server.hits) == 2


def test_a_template_that_names_one_address_for_all_its_pages_merges_nothing(tmp_path: Path) -> None:
    site = Portal(posts(20), "php", canonical="/news_detail.php?hd=1")
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url, "php"))
        assert fetched(ws).fetched == 20
        compare(ws, "site", site.posts.values())


LOGIN = (
    "<html><head><title>เข้าสู่ระบบ</title></head><body><h1>เข้าสู่ระบบ</h1><form action='/login'>ชื่อผู้ใช้ <input name='u'>"
    "รหัสผ่าน <input type='password' name='p'><button>เข้าสู่ระบบ</button></form></body></html>"
)
SHELL = (
    "<html><head><title>Portal</title><script src='/app.js'></script></head><body><div id='app'></div>"
    "<noscript>You need to enable JavaScript to run this app.</noscript></body></html>"
)
SOFT = "<html><head><title>ไม่พบข้อมูล</title></head><body><h1>ไม่พบข้อมูลที่ท่านต้องการ</h1></body></html>"
BLOCK = (
    "<html><head><title>Access Denied</title></head><body><h1>Access Denied</h1>"
    "<p>You don't have permission to access this page.</p></body></html>"
)


def test_what_is_no_release_is_told_once_with_its_reason_and_never_stored(tmp_path: Path) -> None:
    site = Portal(posts(10))
    pages = {
        "901": Response(LOGIN.encode()),
        "902": Response(SHELL.encode()),
        "903": Response(SOFT.encode()),
        "904": Response(b"%PDF-1.4 ...", type="application/pdf"),
        "905": Response(b"%PDF-1.4 ..."),
        "906": Response(b"<h1>gone</h1>", 404),
        "907": Response(b"\x89PNG\r\n\x1a\n....", type="image/png"),
    }
    for number, answer in pages.items():
        site.extra[f"/managing/public/newsshow/{number}"] = answer
        site.also.append(f'<a href="/managing/public/newsshow/{number}">ข่าวประชาสัมพันธ์เรื่องที่ {number}</a>')
    site.robots = "User-agent: *\nDisallow: /managing/public/newsshow/908\n"
    site.also.append('<a href="/managing/public/newsshow/908">ข่าวที่ห้าม</a>')
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url))
        report = fetch(ws)
        told = report.sources["site"]
        assert told.fetched == 10
        reasons = {entry["url"].rpartition("/")[2]: entry["reason"] for entry in report.refused}
        assert reasons == {
            "901": "login_page",
            "902": "javascript_shell",
            "903": "soft_404",
            "904": "pdf",
            "905": "pdf",
            "906": "not there",
            "907": "image",
            "908": "robots",
        }
        assert report.exit_code == 3
        compare(ws, "site", site.posts.values())
        assert not any("908" in path for path in server.paths())
        assert fetch(ws).exit_code == 0  # told once
        ws = workspace(tmp_path, site=source(server.url, recheck=0))
        server.clear()
        assert fetched(ws).fetched == 0
        assert len(server.hits) == 2  # and later not asked again


def test_a_release_that_vanished_or_hides_behind_a_block_keeps_its_capture(tmp_path: Path) -> None:
    site = Portal(posts(10))
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url, recheck=100_000))
        fetched(ws)
        site.extra["/managing/public/newsshow/3"] = Response(b"", 410)
        site.extra["/managing/public/newsshow/4"] = Response(SOFT.encode())
        site.extra["/managing/public/newsshow/5"] = Response(BLOCK.encode())
        report = fetch(ws)
        assert {gone["url"].rpartition("/")[2] for gone in report.gone} == {"3", "4"}
        assert [(f["url"].rpartition("/")[2], f["reason"]) for f in report.failed] == [("5", "block_page")]
        assert report.sources["site"].fetched == 0
        assert report.exit_code == 3
        compare(ws, "site", site.posts.values())
        make_workspace(ws.root)  # its views
        opened = moi_pipeline.open(ws.root)
        opened.extract()
        gone = opened.sql("SELECT url, article_id IS NOT NULL, since IS NOT NULL FROM vanished").fetchall()
        assert [(url.rpartition("/")[2], *told) for url, *told in gone] == [
            ("3", True, True),
            ("4", True, True),
        ]


def test_declared_selectors_and_a_path_pager(tmp_path: Path) -> None:
    site = Portal(posts(45))

    def paths(request: Any) -> Response:
        head, _, number = request.path.partition("/page/")
        if number:
            return site.index(int(number))
        return site(request) if head != "/news" else site.index(1)

    site.next_link = False
    with serve(paths) as server:
        options = {
            "kind": "listing",
            "url": f"{server.url}/news",
            "item": "div.news-item",
            "link": "h3 a",
            "date": ".date",
            "page": "/page/{n}",
        }
        ws = workspace(tmp_path, site=options)
        assert fetched(ws).fetched == 45
        compare(ws, "site", site.posts.values())
        assert all(row["listed_published"] for row in stored(ws, "site"))


def test_a_layout_that_no_longer_matches_is_loud(tmp_path: Path) -> None:
    site = Portal(posts(5))
    with serve(site) as server:
        options = {
            "kind": "listing",
            "url": server.url + FAMILIES["mvc"].list,
            "item": "article.post",
            "link": "h2 a",
        }
        report = fetch(workspace(tmp_path, site=options))
        assert report.sources["site"].failed == {"layout": 1}
        assert report.exit_code == 3


def test_what_was_put_into_the_list_far_behind_is_found_by_the_next_audit(tmp_path: Path) -> None:
    site = Portal({number: post for number, post in posts(60).items() if number != 5})
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url))
        fetched(ws)
        site.posts[5] = release(5)
        assert fetched(ws).fetched == 0
        assert fetched(workspace(tmp_path, site=source(server.url, audit=0))).fetched == 1
        compare(ws, "site", site.posts.values())


@pytest.mark.parametrize(
    ("family", "twins"),
    [
        (
            "gov-platform",
            ["/th/content/category/detail/id/9/iid/{n}", "/en/content/category/detail/id/33/iid/{n}"],
        ),
        ("ewt", ["/surin/ewt_news.php?filename=index2&nid={n}", "/en/surin/ewt_news.php?nid={n}"]),
        ("dla", ["/th/servlet/ActivityServlet?_mode=detail&id={n}&cat=4"]),
        ("php", ["/news_detail.php?id={n}&hd=7", "/news_detail.php?hd=1&id={n}&print=1&sess=ab12"]),
        ("mvc", ["/en/managing/public/newsshow/{n}", "/managing/public/newsshow/{n}/print"]),
    ],
)
def test_the_site_s_own_id_decides_what_is_one_release(tmp_path: Path, family: str, twins: list[str]) -> None:
    site = Portal(posts(12), family)
    for number in (3, 4, 5):
        site.also += [f'<a href="{twin.format(n=number)}">อ่านข่าวนี้อีกแบบหนึ่ง</a>' for twin in twins]
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url, family))
        assert fetched(ws).fetched == 12
        assert (
            sum(_is_item(path, family) for path in server.paths()) == 12
        )  # the others were not even asked for
        compare(ws, "site", site.posts.values())


def test_ids_of_two_offices_are_two_releases() -> None:
    ewt, mvc, dla = (named_by(presets()[name]["id"]) for name in ("ewt", "mvc", "dla"))
    assert ewt("http://x.test/surin/ewt_news.php?nid=5") != ewt("http://x.test/tak/ewt_news.php?nid=5")
    assert mvc("http://x.test/front/news/5") != mvc("http://x.test/front/news/6")
    assert mvc("http://x.test/newsshow/5") == mvc("http://www.x.test/th/newsshow/5?PHPSESSID=1")
    assert dla("http://x.test/ActivityServlet?_mode=detail&id=5") != dla(
        "http://x.test/NewsServlet?_mode=detail&id=5"
    )
    php = named_by(presets()["php"]["id"])
    assert php("http://x.test/view.php?id=3&nid=1") != php("http://x.test/view.php?id=4&nid=1")
    assert php("http://x.test/view.php?album_id=TVR%2B1") != php("http://x.test/view.php?album_id=TVR%2B2")
    assert mvc("http://x.test/news/detail/id/5") != mvc("http://x.test/news/detail/id/6")
    assert mvc("http://x.test/front/news/2566/5") != mvc("http://x.test/front/news/2566/6")
    assert mvc("http://x.test/about") == "x.test/about"


def long_ago(ws: Moi, **ago: float) -> None:
    """Let the runs so far have been so long ago; a capture's own time stays."""
    for path in ws.runs.glob("*-fetch.json"):
        record = json.loads(path.read_text(encoding="utf-8"))
        began = datetime.fromisoformat(record["started_at"]) - timedelta(**ago)
        path.write_text(json.dumps(record | {"started_at": began.isoformat()}), encoding="utf-8")


def test_old_pages_are_looked_at_again_each_month_a_part_a_day(tmp_path: Path) -> None:
    site = Portal(posts(60), validators=True)
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url))
        fetched(ws)
        site.posts[7] = site.posts[7].edited(NOW)
        server.clear()
        assert fetched(ws).fetched == 0
        assert len(server.hits) == 2  # twice on one day: nothing is asked twice

        long_ago(ws, days=1)
        server.clear()
        fetched(ws)
        a_day = sum("newsshow" in path for path in server.paths())
        assert a_day < 10

        long_ago(ws, days=28)
        server.clear()
        fetched(ws)
        answers = [hit.status for hit in server.hits if "newsshow" in hit.target]
        assert len(answers) == 60  # all, and what was not edited costs no body
        assert answers.count(200) <= 1
        assert len({hit.target for hit in server.hits if "newsshow" in hit.target}) == 60
        compare(ws, "site", site.posts.values())

        long_ago(ws, days=28)
        server.clear()
        assert fetched(workspace(tmp_path, site=source(server.url, review=0))).fetched == 0
        assert not any("newsshow" in path for path in server.paths())


def test_each_day_s_part_is_another_one_and_the_parts_are_all() -> None:
    rows = {
        url: {
            "url": url,
            "kind": "html",
            "listed_modified": None,
            "fetched_at": datetime(2020, 1, 1, tzinfo=UTC),
        }
        for url in (f"http://x.test/{n}" for n in range(400))
    }
    met: list[str] = []
    for day in range(28):
        moment = datetime(2024, 5, 1, 20, tzinfo=UTC) + timedelta(days=day)
        context = Context(
            Path(), Known({}, None, [], rows=rows), moment, Manners(), Ledger(), None,
            complete_at=moment - timedelta(days=1), review=28,
        )  # fmt: skip
        met += [row["url"] for row in due(context)]
    assert sorted(met) == sorted(rows)


def test_what_left_a_whole_list_is_told_and_what_a_short_list_does_not_show_is_not(tmp_path: Path) -> None:
    site = Portal(posts(60))
    with serve(site) as server:
        ws = workspace(tmp_path, site=source(server.url, audit=0))
        fetched(ws)
        kept = dict(site.posts)
        for number in (12, 40):
            del site.posts[number]
        report = fetch(ws)
        assert {gone["url"].rpartition("/")[2] for gone in report.gone} == {"12", "40"}
        assert {gone["detail"] for gone in report.gone} == {"no longer in the list"}
        compare(ws, "site", kept.values())
        site.posts = {
            number: post for number, post in kept.items() if number > 3
        }  # the oldest fall off its end
        assert fetch(ws).gone == []
        site.posts = {number: post for number, post in kept.items() if number > 30}
        assert fetch(ws).gone == []
