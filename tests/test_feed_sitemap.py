"""RSS, Atom and sitemaps: whole, and then only what changed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.site.check import compare
from tests.site.feeds import Feed
from tests.site.server import Response, serve
from tests.site.truth import Release, release, releases
from tests.site.workspace import fetch, fetched, workspace

NOW = datetime(2024, 6, 1, 9, 0)


def posts(count: int = 300) -> dict[int, Release]:
    return {post.number: post for post in releases(count)}


def items(server: Any) -> int:
    return sum("newsshow" in path for path in server.paths())


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("feed", ["rss", "atom"])
def test_a_feed_comes_whole_and_then_only_what_changed(tmp_path: Path, feed: str, full: bool) -> None:
    count = 45
    site = Feed(posts(count), full=full)
    with serve(site) as server:
        ws = workspace(tmp_path, site={"kind": "feed", "url": f"{server.url}/{feed}.xml"})
        assert fetched(ws).fetched == count
        assert items(server) == (0 if full else count)
        compare(ws, "site", site.posts.values())

        server.clear()
        told = fetched(ws)
        assert (told.fetched, len(server.hits)) == (0, 2)

        server.clear()
        for number in (7, 20, 44):
            site.posts[number] = site.posts[number].edited(NOW)
        site.posts[count + 1] = release(count + 1)
        told = fetched(ws)
        if feed == "rss" and not full:
            # RSS tells no change: the page is looked at again while the release is young, and these are old.
            assert (told.fetched, items(server)) == (1, 1)
            return
        assert (told.fetched, told.changed) == (4, 3)
        assert items(server) == (0 if full else 4)
        compare(ws, "site", site.posts.values())


def test_a_feed_that_is_no_feed_is_loud(tmp_path: Path) -> None:
    with serve(lambda request: Response(b"<html><title>x</title>")) as server:
        report = fetch(workspace(tmp_path, site={"kind": "feed", "url": f"{server.url}/rss.xml"}))
        assert report.sources["site"].failed == {"no feed": 1}
        assert report.exit_code == 3


@pytest.mark.parametrize("gz", [True, False])
def test_a_sitemap_comes_whole_and_then_only_what_changed(tmp_path: Path, gz: bool) -> None:
    count = 45
    site = Feed(posts(count), gz=gz)
    with serve(site) as server:
        options = {
            "kind": "sitemap",
            "url": f"{server.url}/sitemap.xml",
            "pattern": "/newsshow/",
            "maps": r"map-\d",
        }
        ws = workspace(tmp_path, site=options)
        assert fetched(ws).fetched == count
        compare(ws, "site", site.posts.values())

        server.clear()
        assert fetched(ws).fetched == 0
        assert (items(server), len(server.hits)) == (0, 2 + -(-count // 100))

        server.clear()
        for number in (7, 20, 44):
            site.posts[number] = site.posts[number].edited(NOW)
        site.posts[count + 1] = release(count + 1)
        told = fetched(ws)
        assert (told.fetched, told.changed, items(server)) == (4, 3, 4)
        compare(ws, "site", site.posts.values())


def test_what_has_left_a_sitemap_is_told_and_kept(tmp_path: Path) -> None:
    site = Feed(posts(30))
    with serve(site) as server:
        ws = workspace(
            tmp_path, site={"kind": "sitemap", "url": f"{server.url}/sitemap.xml", "pattern": "/newsshow/"}
        )
        fetched(ws)
        kept = dict(site.posts)
        del site.posts[12]
        report = fetch(ws)
        assert [gone["url"].rpartition("/")[2] for gone in report.gone] == ["12"]
        compare(ws, "site", kept.values())


def test_one_bad_map_of_an_index_hides_no_other(tmp_path: Path) -> None:
    site = Feed(posts(60), per_map=20)
    broken = site.map
    site.map = lambda number: Response(b"\x1f\x8b broken") if number == "2" else broken(number)  # type: ignore[method-assign]
    with serve(site) as server:
        ws = workspace(
            tmp_path, site={"kind": "sitemap", "url": f"{server.url}/sitemap.xml", "pattern": "/newsshow/"}
        )
        report = fetch(ws)
        assert report.sources["site"].fetched == 40
        assert report.sources["site"].failed == {"no sitemap": 1}
        assert not report.gone
        site.map = broken  # type: ignore[method-assign]
        assert fetched(ws).fetched == 20
        compare(ws, "site", site.posts.values())
