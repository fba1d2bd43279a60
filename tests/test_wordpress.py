"""WordPress sites by REST, and by feed and sitemap where REST is closed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.site.check import compare, stored
from tests.site.server import Response, serve
from tests.site.truth import Release, release, releases
from tests.site.wordpress import WordPress
from tests.site.workspace import fetch, fetched, workspace

NOW = datetime(2024, 6, 1, 9, 0)


def posts(count: int = 300) -> dict[int, Release]:
    return {post.number: post for post in releases(count)}


@pytest.mark.parametrize(
    ("site", "requests"),
    [
        ({}, 4),
        ({"cap": 50}, 8),
        ({"cap": 20}, 18),
        ({"old": True}, 4),
        ({"folder": "/2567"}, 4),
        ({"pretty": False}, 5),
        ({"warning": True}, 4),
    ],
    ids=str,
)
def test_a_site_comes_whole_and_then_only_what_changed(
    tmp_path: Path, site: dict[str, Any], requests: int
) -> None:
    wp = WordPress(posts(), **site)
    # The page sizes and the numbers of requests want 300 posts; reading them once is enough.
    with serve(wp) as server:
        ws = workspace(tmp_path, site={"kind": "wordpress", "url": server.url + wp.folder})
        told = fetched(ws)
        assert (told.fetched, told.changed, told.complete) == (300, 0, True)
        assert len(server.hits) <= requests

        server.clear()
        told = fetched(ws)
        assert (told.fetched, told.gone) == (0, 0)
        assert len(server.hits) <= 2 + (not wp.pretty), server.paths()

        server.clear()
        for number in (7, 120, 299):
            wp.posts[number] = wp.posts[number].edited(NOW)
        wp.posts[301] = release(301)
        wp.posts[301] = wp.posts[301].edited(NOW + timedelta(minutes=1))
        told = fetched(ws)
        assert (told.fetched, told.changed) == (4, 3)
        compare(ws, "site", wp.posts.values())
        assert len(stored(ws, "site")) == 301


@pytest.mark.parametrize("full", [True, False])
def test_a_site_without_rest_comes_by_its_feed(tmp_path: Path, full: bool) -> None:
    wp = WordPress(posts(45), closed=True, full_feed=full)
    with serve(wp) as server:
        ws = workspace(tmp_path, site={"kind": "wordpress", "url": server.url})
        assert fetched(ws).fetched == 45
        compare(ws, "site", wp.posts.values())
        server.clear()
        wp.posts[46] = release(46)
        told = fetched(ws)
        assert (told.fetched, told.changed) == (1, 0)
        assert len(server.paths()) <= 4 + (not full)
        compare(ws, "site", wp.posts.values())


def test_what_the_feed_leaves_out_comes_by_the_sitemap(tmp_path: Path) -> None:
    wp = WordPress(posts(60), closed=True)
    shown = wp.feed

    def one_page(query: dict[str, str]) -> Response:
        return shown({})  # a site that passes over ?paged=

    wp.feed = one_page  # type: ignore[method-assign]
    with serve(wp) as server:
        ws = workspace(tmp_path, site={"kind": "wordpress", "url": server.url})
        assert fetched(ws).fetched == 60
        compare(ws, "site", wp.posts.values())


def test_a_thousand_posts_in_a_dozen_requests(tmp_path: Path) -> None:
    wp = WordPress({number: release(number) for number in range(1, 1001)})
    with serve(wp) as server:
        ws = workspace(tmp_path, site={"kind": "wordpress", "url": server.url})
        assert fetched(ws).fetched == 1000
        assert len(server.hits) <= 12
        server.clear()
        assert fetched(ws).fetched == 0
        assert len(server.hits) <= 2


def test_more_changes_than_a_page_holds_on_a_site_that_can_not_be_asked_for_them(tmp_path: Path) -> None:
    wp = WordPress(posts(), old=True)
    with serve(wp) as server:
        ws = workspace(tmp_path, site={"kind": "wordpress", "url": server.url})
        fetched(ws)
        for number in range(100, 250):
            wp.posts[number] = wp.posts[number].edited(NOW)  # all in one second: no order among them
        assert fetched(ws).changed == 150
        compare(ws, "site", wp.posts.values())


def test_a_post_published_while_the_list_is_read_is_not_lost(tmp_path: Path) -> None:
    wp = WordPress(posts(), shift=[release(number) for number in (301, 302, 303)])
    with serve(wp) as server:
        ws = workspace(tmp_path, site={"kind": "wordpress", "url": server.url})
        fetched(ws)
        fetched(ws)
        compare(ws, "site", wp.posts.values())


def test_posts_that_the_site_took_back_are_told_and_kept(tmp_path: Path) -> None:
    wp = WordPress(posts(250))
    with serve(wp) as server:
        ws = workspace(tmp_path, site={"kind": "wordpress", "url": server.url, "audit": 0})
        fetched(ws)
        kept = dict(wp.posts)
        del wp.posts[250]
        del wp.posts[12]
        server.clear()
        report = fetch(ws)
        assert [gone["url"].rpartition("=")[2] for gone in report.gone] == ["12", "250"]
        assert len(server.hits) == 2 + 3
        assert report.sources["site"].alarms == []
        compare(ws, "site", kept.values())
