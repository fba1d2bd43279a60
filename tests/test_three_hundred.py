"""Each kind of source against 300 releases: all of them, once, equal to the truth; and again after edits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.site.check import all_captures, compare
from tests.site.feeds import Feed
from tests.site.joomla import Joomla
from tests.site.portals import FAMILIES, Portal
from tests.site.server import Server, serve
from tests.site.truth import Release, release, releases
from tests.site.wordpress import WordPress
from tests.site.workspace import fetched, workspace

NOW = datetime(2024, 6, 1, 9, 0)
Posts = dict[int, Release]


@dataclass(frozen=True)
class Case:
    """One kind as one sort of site has it."""

    make: Callable[[Posts], Any]
    options: dict[str, Any]  # "path" is the address's
    # Requests of a run after three edits and one new release, whose lists tell changes; else pages are asked again.
    lists: int = 0
    told: bool = True  # the list tells changes


def portal(family: str) -> Case:
    return Case(
        lambda posts: Portal(posts, family, validators=True),
        {"kind": "listing", "preset": family, "path": FAMILIES[family].list},
        told=False,
    )


def joomla(**how: Any) -> Case:
    return Case(
        lambda posts: Joomla(posts, size=50, **how),
        {"kind": "joomla", "path": Joomla({}, **how).front},
        told=False,
    )


CASES = {
    "wordpress": Case(WordPress, {"kind": "wordpress", "path": ""}, 2),
    "wordpress rest_route": Case(
        lambda posts: WordPress(posts, pretty=False), {"kind": "wordpress", "path": ""}, 3
    ),
    "wordpress without rest": Case(
        lambda posts: WordPress(posts, closed=True), {"kind": "wordpress", "path": ""}, told=False
    ),
    "joomla feed": joomla(),
    "joomla list": joomla(feed=False),
    "joomla k2": joomla(k2=True),
    "joomla k2 list": joomla(k2=True, feed=False),
    "rss": Case(Feed, {"kind": "feed", "path": "/rss.xml"}, 1),
    "rss without text": Case(
        lambda posts: Feed(posts, full=False), {"kind": "feed", "path": "/rss.xml"}, told=False
    ),
    "atom": Case(Feed, {"kind": "feed", "path": "/atom.xml"}, 1),
    "atom without text": Case(
        lambda posts: Feed(posts, full=False), {"kind": "feed", "path": "/atom.xml"}, 1 + 4
    ),
    "sitemap": Case(
        lambda posts: Feed(posts, gz=False),
        {"kind": "sitemap", "path": "/sitemap.xml", "pattern": "/newsshow/"},
        1 + 5 + 4,
    ),
    "sitemap gzip": Case(
        Feed, {"kind": "sitemap", "path": "/sitemap.xml", "pattern": "/newsshow/"}, 1 + 5 + 4
    ),
    **{f"listing {family}": portal(family) for family in FAMILIES},
}


@pytest.mark.parametrize("name", CASES)
def test_every_release_once_and_then_only_what_changed(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    site = case.make({post.number: post for post in releases()})
    with serve(site) as server:
        assert fetched(_workspace(tmp_path, server, case)).fetched == 300

        server.clear()
        edited = (7, 120, 299) if case.told else (293, 295, 299)
        for number in edited:
            site.posts[number] = site.posts[number].edited(NOW)
        site.posts[301] = release(301).edited(NOW)
        # Where no list tells an edit, what is young is looked at again.
        young = {} if case.told else {"recheck": (date.today() - release(280).posted.date()).days}
        told = fetched(_workspace(tmp_path, server, case, **young))
        assert (told.fetched, told.changed) == (4, 3)
        if case.told:
            assert len(server.paths()) <= case.lists, server.paths()
        assert len(all_captures(_workspace(tmp_path, server, case), "site")) == 304
        compare(_workspace(tmp_path, server, case), "site", site.posts.values())


def test_archives_give_every_release_once_and_then_only_what_changed(tmp_path: Path) -> None:
    case = CASES["listing mvc"]
    site = case.make({post.number: post for post in releases()})
    archives = tmp_path / "archives"
    archives.mkdir()
    with serve(site) as server:
        fetched(_workspace(tmp_path, server, case))
        _workspace(tmp_path, server, case).export_warc(archives / "1.warc.gz")
        reader = workspace(tmp_path / "reader", archive={"kind": "warc", "path": str(archives)})
        assert fetched(reader, "archive").fetched == 300
        compare(reader, "archive", site.posts.values())

        for number in (293, 295, 299):
            site.posts[number] = site.posts[number].edited(NOW)
        site.posts[301] = release(301).edited(NOW)
        young = (date.today() - release(280).posted.date()).days
        fetched(_workspace(tmp_path, server, case, recheck=young))
        _workspace(tmp_path, server, case).export_warc(archives / "2.warc.gz")
        told = fetched(reader, "archive")
        assert (told.fetched, told.changed) == (4, 3)
        compare(reader, "archive", site.posts.values())


def _workspace(folder: Path, server: Server, case: Case, **more: Any) -> Any:
    options = {key: value for key, value in case.options.items() if key != "path"}
    url = server.url + case.options["path"]
    return workspace(folder, site=options | {"url": url, "rate": 100_000, "review": 0} | more)
