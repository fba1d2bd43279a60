"""Joomla and K2: by the category's feed, by its list pages, and the pages of its items."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.site.check import compare
from tests.site.joomla import Joomla
from tests.site.server import serve
from tests.site.truth import Release, release, releases
from tests.site.workspace import fetched, workspace

from moi_pipeline.sources._address import named_by
from moi_pipeline.sources.joomla import ARTICLE

NOW = datetime(2024, 6, 1, 9, 0)


def posts(count: int = 300) -> dict[int, Release]:
    return {post.number: post for post in releases(count)}


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"k2": True},
        {"k2": True, "split": False, "feed": False},
        {"sef": False},
        {"sef": False, "feed": False},
        {"feed": False},
    ],
    ids=str,
)
def test_a_category_comes_whole_and_then_only_what_changed(tmp_path: Path, given: dict[str, Any]) -> None:
    options = dict(given)
    count = options.pop("count", 45)
    site = Joomla(posts(count), **options)
    with serve(site) as server:
        ws = workspace(tmp_path, site={"kind": "joomla", "url": server.url + site.front})
        told = fetched(ws)
        assert (told.fetched, told.changed, told.complete) == (count, 0, True)
        compare(ws, "site", site.posts.values())

        server.clear()
        assert fetched(ws).fetched == 0
        assert len(server.hits) <= 2 + (not site.feed)

        server.clear()
        site.posts[count + 1] = release(count + 1)
        assert fetched(ws).fetched == 1
        assert len(server.paths()) <= 3 + (not site.feed)

        # What the list does not tell is seen by looking again at what is young; here all are.
        ws = workspace(tmp_path, site={"kind": "joomla", "url": server.url + site.front, "recheck": 100_000})
        for number in (7, 20, 44):
            site.posts[number] = site.posts[number].edited(NOW)
        told = fetched(ws)
        assert (told.fetched, told.changed) == (3, 3)
        compare(ws, "site", site.posts.values())


def test_a_feed_that_passes_over_limitstart_does_not_hide_the_older_releases(tmp_path: Path) -> None:
    site = Joomla(posts(40), limitstart=False)
    with serve(site) as server:
        ws = workspace(tmp_path, site={"kind": "joomla", "url": server.url + site.front})
        assert fetched(ws).fetched == 40
        compare(ws, "site", site.posts.values())


def test_two_ids_in_a_query_are_two_releases_and_a_print_view_is_none(tmp_path: Path) -> None:
    site = Joomla(posts(5), sef=False, feed=False)
    shown = site.category

    def category(start: int) -> Any:
        answer = shown(start)
        link = site.item(site.posts[2]).replace("&", "&amp;") + "&amp;tmpl=component&amp;print=1"
        answer.body += f'<h2 itemprop="name"><a href="{link}">พิมพ์หน้านี้</a></h2>'.encode()
        return answer

    site.category = category  # type: ignore[method-assign]
    with serve(site) as server:
        ws = workspace(tmp_path, site={"kind": "joomla", "url": server.url + site.front})
        assert fetched(ws).fetched == 5
        compare(ws, "site", site.posts.values())


def test_an_article_s_own_id_decides_what_is_one_article() -> None:
    name = named_by(ARTICLE)
    base = "http://x.test/index.php"
    for one, other in (
        ("/news/367-flood", "/th/activities/367-flood.html"),
        ("/news/item/12-flood", "/hit/item/12-flood-2?tmpl=component"),
        (
            "?option=com_content&view=article&id=304:2560-3&catid=10&Itemid=217",
            "?option=com_content&view=article&catid=12&id=304&tmpl=component&print=1",
        ),
        ("?option=com_k2&view=item&id=5:a&Itemid=9", "?option=com_k2&view=item&Itemid=11&id=5"),
    ):
        assert name(base + one) == name(base + other), one
    for one, other in (
        ("/news/367-flood", "/news/368-flood"),
        ("/news/2022-08-15-07-00-57", "/news/2022-08-15-07-00-58"),
        ("/news/1-8-61", "/news/1-9-61"),  # a day for an alias, and no id before it
        ("/news/item/12-flood", "/news/12-flood"),
        ("?view=article&id=304:a&catid=10", "?view=article&id=305:a&catid=10"),
    ):
        assert name(base + one) != name(base + other), one
