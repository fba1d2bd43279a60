"""Releases apart from their page: WordPress posts as JSON, feed items."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from moi_pipeline.read import Article, NotArticle, read_capture

LEAD = "<p>วันที่ 5 มกราคม 2566 นายสมมุติ ใจกล้า ผู้ว่าราชการจังหวัดสมมุติบุรี เป็นประธานการประชุม ณ ศาลากลางจังหวัด</p>"
CONTENT = (
    LEAD
    + "<p>มีข้อสั่งการ ดังนี้</p><ol><li>สำรวจแหล่งน้ำ</li><li>รายงานผล</li></ol><p>&#8220;ขอให้ทุกคนช่วยกัน&#8221;</p>"
)
TEXT = [
    "วันที่ 5 มกราคม 2566 นายสมมุติ ใจกล้า ผู้ว่าราชการจังหวัดสมมุติบุรี เป็นประธานการประชุม ณ ศาลากลางจังหวัด",
    "มีข้อสั่งการ ดังนี้",
    "1. สำรวจแหล่งน้ำ",
    "2. รายงานผล",
    "“ขอให้ทุกคนช่วยกัน”",
]


def post(**changes: Any) -> bytes:
    return json.dumps(
        {
            "id": 7,
            "date": "2023-01-06T01:04:15",
            "date_gmt": "2023-01-05T18:04:15",
            "link": "https://x.example.go.th/2023/01/06/a/",
            "title": {"rendered": "สมมุติบุรี &#8220;รักษ์น้ำ&#8221; &amp; ป่า"},
            "content": {"rendered": CONTENT, "protected": False},
            **changes,
        }
    ).encode()


def wordpress(body: bytes, **listed: str) -> Article:
    found = read_capture(body, kind="wordpress", **listed)
    assert isinstance(found, Article), found
    return found


def test_post() -> None:
    found = wordpress(post())
    assert found.title == "สมมุติบุรี “รักษ์น้ำ” & ป่า"
    assert found.text.split("\n")[1:] == TEXT
    assert found.published_at == date(2023, 1, 6)  # in Thailand
    assert found.published_span is None


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"date_gmt": None}, date(2023, 1, 6)),
        ({"date": None, "date_gmt": "2023-01-05T10:00:00"}, date(2023, 1, 5)),
        ({"date": None, "date_gmt": None}, date(2023, 1, 6)),  # by its address
        ({"date": 5, "date_gmt": "x", "link": None}, None),
    ],
)
def test_day_of_a_post(changes: dict[str, Any], day: date | None) -> None:
    assert wordpress(post(**changes)).published_at == day


def test_the_list_overrules_the_posts_own_day() -> None:
    assert wordpress(post(), listed_published="2023-02-01").published_at == date(2023, 2, 1)


def test_what_plugins_leave_in_a_post() -> None:
    left = (
        '[vc_row css=".x{}"][vc_column]'
        + CONTENT
        + "[/vc_column][/vc_row]<p>(Visited 3 times, 1 visits today)</p>"
        '<div class="sharedaddy">Share this:</div><style>.a{}</style><script>x()</script>'
    )
    found = wordpress(post(content={"rendered": left}))
    assert [line for line in found.text.split("\n")[1:] if line] == TEXT


def test_lone_surrogates_and_plain_fields() -> None:
    found = wordpress(post(title="ก\ud83dข ประชุมใหญ่สามัญประจำปี", content=CONTENT))
    assert found.title == "กข ประชุมใหญ่สามัญประจำปี"
    assert found.text.encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"{", "bad_json"),
        (b"[]", "bad_json"),
        (b"null", "bad_json"),
        (b'{"code": "rest_post_invalid_id", "message": "Invalid post ID."}', "bad_json"),
        (b"[" * 100_000, "bad_json"),
        (post(content={"rendered": "", "protected": True}), "login_page"),
        (post(content={"rendered": '<iframe src="https://x.example/view?url=a.pdf"></iframe>'}), "pdf"),
        (post(content={"rendered": '<p><img src="a.jpg"></p>'}), "picture_only"),
        (post(content={"rendered": ""}), "empty"),
        (post(content=None), "empty"),
    ],
)
def test_posts_that_hold_no_release(body: bytes, reason: str) -> None:
    found = read_capture(body, kind="wordpress")
    assert isinstance(found, NotArticle)
    assert found.reason == reason


RSS = f"""<item><title>สมมุติบุรี &quot;รักษ์น้ำ&quot;</title><link>https://x.example.go.th/a</link>
<pubDate>Thu, 05 Jan 2023 18:04:15 +0000</pubDate><description><![CDATA[{LEAD}]]></description>
<content:encoded><![CDATA[{CONTENT}]]></content:encoded></item>"""
ESCAPED = CONTENT.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
JOOMLA = f"""<item><title><![CDATA[สมมุติบุรี "รักษ์น้ำ"]]></title><description>{ESCAPED}</description>
<pubDate>Fri, 06 Jan 2023 01:04:15 +0700</pubDate></item>"""
ATOM = f"""<entry><title type="html">สมมุติบุรี &amp;quot;รักษ์น้ำ&amp;quot;</title><published>2023-01-05T18:04:15Z</published>
<summary type="html">สั้น</summary><content type="html">{ESCAPED}</content></entry>"""


@pytest.mark.parametrize("item", [RSS, JOOMLA, ATOM], ids=["RSS", "Joomla", "Atom"])
def test_feed_item(item: str) -> None:
    found = read_capture(item.encode(), kind="feed")
    assert isinstance(found, Article)
    assert found.title == 'สมมุติบุรี "รักษ์น้ำ"'
    assert found.text.split("\n")[1:] == TEXT
    assert found.published_at == date(2023, 1, 6)


def test_feed_item_as_bare_markup() -> None:
    found = read_capture(
        CONTENT.encode(), kind="feed", listed_title="สมมุติบุรี รักษ์น้ำ", listed_published="2023-01-06"
    )
    assert isinstance(found, Article)
    assert found.title == "สมมุติบุรี รักษ์น้ำ"
    assert found.text.split("\n")[1:] == TEXT


@pytest.mark.parametrize("item", ["<item>", "<item><title>", "<item><title>ก</title>", "<entry></entry>"])
def test_broken_feed_item(item: str) -> None:
    assert isinstance(read_capture(item.encode(), kind="feed"), NotArticle)
