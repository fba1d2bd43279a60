"""Nothing silent: what a source's entry expects, and the alarms that a run and ``moi status`` raise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.helpers import moi
from tests.site.feeds import Feed
from tests.site.portals import FAMILIES, Portal
from tests.site.server import Response, serve
from tests.site.truth import release, releases
from tests.site.workspace import fetch, workspace

from moi_pipeline.errors import BadSettings
from moi_pipeline.fetch.health import Expect, overdue, read_expect, stale

NOW = datetime(2024, 5, 10, 20, 0, tzinfo=UTC)  # the 11th in Thailand
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"at_least": 5, "every": "1 day"}, Expect(5, DAY)),
        ({"at_least": 2, "every": "2 weeks"}, Expect(2, 14 * DAY)),
        ({"every": "12 hours"}, Expect(1, DAY / 2)),
        ({"at_least": 3, "every": "week"}, Expect(3, 7 * DAY)),
        ({}, Expect(1, DAY)),
    ],
    ids=str,
)
def test_what_is_expected_is_read(given: dict[str, Any], meant: Expect) -> None:
    assert read_expect(given) == meant


@pytest.mark.parametrize(
    "given",
    [
        {"at_least": 0},
        {"at_least": "5"},
        {"at_least": True},
        {"every": "often"},
        {"every": 1},
        {"every": "0 days"},
        {"atleast": 1},
    ],
    ids=str,
)
def test_a_wrong_expectation_names_its_line(tmp_path: Path, given: dict[str, Any]) -> None:
    ws = workspace(tmp_path, site={"kind": "feed", "url": "http://x.test/", "expect": given})
    with pytest.raises(BadSettings, match=r"sources.toml, line 8: source 'site': "):
        _ = ws.sources


def test_stale_and_overdue() -> None:
    days = [date(2024, 5, 10), date(2024, 5, 11), date(2024, 5, 9)]
    assert stale(Expect(2, DAY), days, NOW) is None
    assert "2 releases" in str(stale(Expect(3, DAY), days, NOW))
    assert "at least 1" in str(stale(Expect(1, DAY), [], NOW))
    assert overdue(Expect(1, DAY), NOW - DAY, NOW) is None
    assert "since 2024-05-08" in str(overdue(Expect(1, DAY), NOW - 2 * DAY, NOW))
    assert "never" in str(overdue(Expect(1, DAY), None, NOW))


def test_a_stale_source_is_loud_in_fetch_status_and_record(tmp_path: Path) -> None:
    site = Feed({post.number: post for post in releases(10)})
    with serve(site) as server:
        options = {
            "kind": "feed",
            "url": f"{server.url}/rss.xml",
            "expect": {"at_least": 5, "every": "1 day"},
        }
        ws = workspace(
            tmp_path, site=options, other={"kind": "feed", "url": f"{server.url}/rss.xml", "verify": False}
        )
        done = moi("fetch", cwd=ws.root, expect=3)
        assert "ALARM site: stale: 0 releases" in done.stderr
        assert "ALARM other" not in done.stderr
        told = moi("status", cwd=ws.root, expect=3)
        assert "ALARM site: stale: 0 releases" in told.stdout
        assert "certificates are NOT checked for other" in told.stdout
    record = next(ws.runs.glob("*-fetch.json")).read_text(encoding="utf-8")
    assert "stale: 0 releases" in record


def test_a_source_that_posts_as_expected_is_quiet(tmp_path: Path) -> None:
    today = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=7)
    posts = {n: release(n) for n in range(1, 11)}
    for number, post in posts.items():
        object.__setattr__(post, "posted", today - timedelta(hours=number))
    with serve(Feed(posts)) as server:
        options = {
            "kind": "feed",
            "url": f"{server.url}/rss.xml",
            "expect": {"at_least": 5, "every": "1 day"},
        }
        report = fetch(workspace(tmp_path, site=options))
        assert (report.alarms, report.exit_code) == ([], 0)
        assert moi("status", cwd=tmp_path).returncode == 0


def test_a_list_that_is_empty_or_no_longer_fits_is_loud(tmp_path: Path) -> None:
    site = Feed({})
    with serve(site) as server:
        report = fetch(workspace(tmp_path / "a", site={"kind": "feed", "url": f"{server.url}/rss.xml"}))
        assert report.alarms == ["site: nothing found: the site lists no release at all"]
        assert report.exit_code == 3
        options = {"kind": "listing", "preset": "ewt", "url": server.url + FAMILIES["mvc"].list}
        assert fetch(workspace(tmp_path / "b", site=options)).alarms[0].startswith("site: layout:")


def test_a_falling_share_of_whole_articles_is_loud(tmp_path: Path) -> None:
    site = Portal({post.number: post for post in releases(30)})
    with serve(site) as server:
        ws = workspace(
            tmp_path, site={"kind": "listing", "preset": "mvc", "url": server.url + FAMILIES["mvc"].list}
        )
        assert fetch(ws).alarms == []
        for number in range(31, 41):  # a new design, which shows no date
            site.posts[number] = release(number)
            text = "".join(f"<p>ข้อความที่ {k} ของข่าวนี้ไม่มีวันเวลาบอกไว้เลย ขอให้ติดตามต่อไป</p>" for k in range(4))
            page = site.around("ข่าว", f"<h1>{release(number).title}</h1>{text}")
            site.extra[f"/managing/public/newsshow/{number}"] = Response(page.encode())
        report = fetch(ws)
        assert report.alarms == [
            "site: unreadable: 0 of 10 pages read as releases with text and date, usually 100%"
        ]
        assert report.exit_code == 3


def test_the_contact_is_told_to_the_site_and_checked(tmp_path: Path) -> None:
    with serve(Feed({1: release(1)})) as server:
        source = {"kind": "feed", "url": f"{server.url}/rss.xml"}
        fetch(workspace(tmp_path, 'contact = "webmaster@office.test"', site=source))
        assert all("webmaster@office.test" in hit.headers["user-agent"] for hit in server.hits)
        ws = workspace(tmp_path, "contact = 5", site=source)
        with pytest.raises(BadSettings, match="line 1: contact"):
            fetch(ws)
