"""Text files in the shapes that real sites give: which line is the title, what is the site's, what must stay."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.read import Article, NotArticle, canonical, read_capture

TITLE = "ผู้ว่าฯ สมมุติบุรี ประชุมขับเคลื่อนงานแก้จนระดับจังหวัด ประจำปี 2566"
BODY = (
    "วันที่ 14 มีนาคม 2566 เวลา 09.00 น. นายสมมุติ ใจกล้าหาญ ผู้ว่าราชการจังหวัดสมมุติบุรี เป็นประธานการประชุม "
    "ณ ห้องประชุมศาลากลางจังหวัด โดยมีหัวหน้าส่วนราชการและนายอำเภอทุกอำเภอเข้าร่วม"
)
END = "ทั้งนี้ ขอให้ทุกหน่วยงานรายงานผลการดำเนินงานให้จังหวัดทราบเป็นระยะ และบูรณาการความร่วมมือกันทุกภาคส่วนอย่างต่อเนื่องต่อไป"


def read(text: str, **listed: str) -> Article:
    found = read_capture(text.encode(), kind="text", **listed)
    assert isinstance(found, Article), found
    assert found.text[: found.title_end] == found.title
    assert found.text[found.title_end : found.title_end + 1] in ("", "\n")
    return found


def body(found: Article) -> list[str]:
    return [line for line in found.text[found.title_end :].split("\n") if line]


HEADS = {
    "title and body": f"{TITLE}\n\n{BODY}",
    "title twice": f"{TITLE}\n\n{TITLE}\n{BODY}",
    "title three times": f"{TITLE}\n{TITLE}\n\n{TITLE}\n{BODY}",
    "copies differ in spaces and quotes": f"{TITLE}\n{TITLE.replace(' ', '  ')}\n“{TITLE}”\n{BODY}",
    "section label first": f"ข่าวประชาสัมพันธ์\n\n{TITLE}\n\n{TITLE}\n{BODY}",
    "section label glued to the title": f"ข่าวผู้บริหาร{TITLE}\n{TITLE}\n{BODY}",
    "page clock first": f"วันศุกร์, 8 ธันวาคม 2566\n\n{TITLE}\n\n{BODY}",
    "site's name before": f"รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-{TITLE}\n{TITLE}\n{BODY}",
    "site's name after": f"{TITLE} | จังหวัดสมมุติบุรี\n{TITLE}\n{BODY}",
    "Featured": f"{TITLE} Featured\n\n{TITLE}\n{BODY}",
    "label before": f"ชื่อเรื่อง : {TITLE}\n{BODY}",
    "breadcrumb": f"หน้าหลัก » ข่าวกิจกรรม » รายละเอียด\n{TITLE}\n{BODY}",
    "printing and sharing": f"{TITLE}\nพิมพ์\nอีเมล\nFacebook\nLine\n{BODY}",
    "template controls": f"Font Size SCREEN Profile Layout\n{TITLE}\nA- A A+\n{BODY}",
    "view counts": f"{TITLE}\nผู้เข้าชม 77 ท่าน\nอ่าน : 324 ครั้ง\n856 อ่าน\n154 views\n569\n{BODY}",
    "two bare counters": f"{TITLE}\n0 151\n{BODY}",
    "poster": f"{TITLE}\nผู้โพส : admin\nโดย super\n{BODY}",
    "image names": f"{TITLE}\nphoto_small.jpg\n38239132_2225100_900_n.jpg\npic1 pic1\n{BODY}",
    "icon words": f"close menu search\n{TITLE}\nschedule\n{BODY}",
    "breakpoints": f"xs xsm sm md lg\n{TITLE}\n{BODY}",
    "ads": f"Header Ads\n{TITLE}\n728x90 AdSpace\nAdvertisement\n{BODY}",
    "share": f"{TITLE}\nSpread the love\nShare\nFacebook0 Google+0\n{BODY}",
    "Facebook's own words": f"{TITLE}\nในภาพอาจจะมี 2 คน, ผู้คนกำลังยืน\n{BODY}",
    "languages": f"th Thai en English\n{TITLE}\n{BODY}",
    "copy cut off": f"{TITLE}\n{TITLE[:55]}...\n{BODY}",
}


@pytest.mark.parametrize("text", HEADS.values(), ids=HEADS)
def test_head_of_a_page(text: str) -> None:
    found = read(text)
    assert found.title == TITLE
    assert body(found) == [canonical(BODY)]


FEET = {
    "visits": "(Visited 1 times, 1 visits today)",
    "stars": "Line\n\nคะแนนโหวต :\nStarStarStarStarStar",
    "K2": "Read 185 times\nRate this item\n(0 votes)\n\nLeave a comment\n\nทำเนียบผู้บริหาร",
    "comments": "แสดงความคิดเห็น",
    "WordPress comments": "ทิ้งคำตอบไว้\nYour email address will not be published. Required fields are marked *\nชื่อ *",
    "Akismet": "This site uses Akismet to reduce spam. Learn how your comment data is processed.",
    "source": "ที่มา : https://www.example.go.th/news/details/65158",
    "read more": "อ่านเพิ่มเติม...\nRead more",
    "neighbours": "เรื่องก่อนหน้า\nเรื่องถัดไป",
    "related": "ข่าวที่เกี่ยวข้อง\nจังหวัดจัดงานวันเด็ก\nเทศบาลขุดลอกคลอง",
    "copyright": "Copyright © 2024 All Rights Reserved\nPowered by Joomla",
    "cookies": "เว็บไซต์นี้มีการใช้คุกกี้เพื่อเพิ่มประสิทธิภาพ\nยอมรับทั้งหมด",
    "visitors": "จำนวนผู้เข้าชม : 55 คน\nVisitors: 63,753",
    "markup": "</div>\n[/caption]",
}


@pytest.mark.parametrize("foot", FEET.values(), ids=FEET)
def test_foot_of_a_page(foot: str) -> None:
    found = read(f"{TITLE}\n{BODY}\n{END}\n\n{foot}")
    assert body(found) == [BODY, END]
    assert {line for line in foot.split("\n") if line} <= {r.text for r in found.removed}


KEPT = [
    "โดยมีรายละเอียด ดังนี้",
    "1. ด้านการศึกษา",
    "1",
    "ผู้เข้าร่วมประชุม จำนวน 55 คน",
    "มีผู้เข้าชมนิทรรศการ 500 คน",
    "ภาพ/ข่าว : สมศรี ตัวอย่างดี",
    "ข่าวโดย กลุ่มงานสารสนเทศการพัฒนาชุมชน",
    "#สมมุติบุรี #บำบัดทุกข์บำรุงสุข",
    "**********",
    "สอบถามเพิ่มเติม โทร. 0-2000-0000",
    "ที่มาของโครงการ",
    "ประธานกล่าวว่า ขอให้ทุกคนแชร์ความรู้",
    "พิมพ์ผ้าลายอัตลักษณ์",
    "อำเภอเมือง | 12 | 15",
    "กิจกรรมที่ 1 ปลูกป่า",
    "ข่าวสารบ้านเมือง เป็นหัวข้อการเสวนา",
    "นายสมมุติ ใจกล้าหาญ",
    "ผู้ว่าราชการจังหวัดสมมุติบุรี",
    "14 มีนาคม 2566",
    "https://www.example.go.th/register",
]


@pytest.mark.parametrize("line", KEPT)
def test_lines_of_the_body_stay(line: str) -> None:
    """A body line lost is worse than a chrome line kept."""
    assert body(read(f"{TITLE}\n{BODY}\n{line}\n{END}"))[1] == line


@pytest.mark.parametrize("line", [line for line in KEPT if not line.startswith("https")])
def test_short_last_lines_stay(line: str) -> None:
    assert body(read(f"{TITLE}\n{BODY}\n{END}\n{line}"))[-1] == line


def test_cut_title_gives_way_to_its_full_copy() -> None:
    full = f"{TITLE} พร้อมมอบถุงยังชีพให้ครัวเรือนเปราะบางใน 7 อำเภอ"
    for cut in (full[:70], full[:70] + "...", full[:70] + "…", "รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-" + full[:70]):
        found = read(f"{cut}\n\n14/03/2566\nพิมพ์\n{cut}\n{full}\n{BODY}\n{END}")
        assert found.title == full
        assert body(found) == ["14/03/2566", BODY, END]


def test_whole_title_keeps_its_place_above_a_longer_lead() -> None:
    lead = f"{TITLE} โดยมีหัวหน้าส่วนราชการเข้าร่วมกว่า 100 คน"
    found = read(f"{TITLE}\n{lead}\n{BODY}\n{END}")
    assert found.title == TITLE
    assert body(found) == [lead, BODY, END]


def test_fuller_headline_that_stands_twice_is_not_the_title() -> None:
    fuller = f"{TITLE} “รวมพลังแก้จน” ชวนทุกภาคส่วนร่วมงาน"
    found = read(
        f"รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-{TITLE}\nวันจันทร์ที่ 5 ธันวาคม 2565\n{TITLE}\n{fuller}\n{fuller}\n{BODY}\n{END}"
    )
    assert found.title == TITLE
    assert found.published_at == date(2022, 12, 5)


def test_title_that_is_the_whole_lead() -> None:
    found = read(f"{BODY}\n\n{BODY}\n{END}")
    assert found.title == BODY
    assert body(found) == [END]


def test_page_that_begins_with_a_long_paragraph_keeps_it() -> None:
    lead = f"{BODY} {END} {BODY} {END}"
    found = read(f"{lead}\n{END}")
    assert len(found.title) <= 180
    assert lead.startswith(found.title)
    assert body(found) == [lead, END]


def test_paragraph_that_opens_with_the_title_stays_whole() -> None:
    paragraph = f"{TITLE[:60]}{BODY} {END} {END} {END}"
    found = read(f"{TITLE[:60]}\n{paragraph}\n{END}")
    assert body(found) == [paragraph, END]


def test_heading_that_begins_as_the_title_stays() -> None:
    found = read(f"{TITLE}\n\n{TITLE}\n\n{TITLE[:31]}\n\n{BODY}")
    assert body(found) == [TITLE[:31], BODY]


def test_listed_title_says_which_line_is_meant() -> None:
    found = read(f"สำนักงานจังหวัดสมมุติบุรีแห่งใหม่\n{TITLE}\n{BODY}", listed_title=TITLE[:30] + "...")
    assert found.title == TITLE
    assert body(found) == ["สำนักงานจังหวัดสมมุติบุรีแห่งใหม่", BODY]


def test_listed_title_that_stands_nowhere() -> None:
    found = read(f"{BODY}\n{END}", listed_title=TITLE)
    assert found.title == TITLE
    assert body(found) == [BODY, END]


NAMES = {
    "office": "เทศบาลตำบลสมมุติ อำเภอเมือง จังหวัดสมมุติบุรี",
    "section": "ข่าวอำเภอ",
    "host": "www.sommut.example.go.th",
    "unknown names over a title that stands twice": "อบต. สมมุติ\nงานป้องกันและบรรเทาสาธารณภัย",
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_names_over_the_title_are_not_it(names: str) -> None:
    found = read(f"{names}\n{TITLE}\n{TITLE}\n{BODY}\n{END}")
    assert found.title == TITLE
    assert body(found)[-2:] == [BODY, END]


@pytest.mark.parametrize(
    "title",
    ["เทศบาลตำบลสมมุติจัดงานลอยกระทง", "สำนักงานจังหวัดสมมุติบุรี ร่วมปลูกป่า", "ข่าวดี ชาวสมมุติบุรี ได้น้ำประปาใช้แล้ว", "ปลูกป่า"],
)
def test_titles_like_names_are_titles(title: str) -> None:
    assert read(f"{title}\n{BODY}\n{END}").title == title


DATED = [
    # lines under the title, day, words of the date, what stays of them
    ("วันพฤหัสบดีที่ 17 ธันวาคม 2563\n17/12/2563\nพิมพ์", date(2020, 12, 17), "17 ธันวาคม 2563", 1),
    ("วันอังคารที่ 18 กุมภาพันธ์ 2568\n17/02/2568", date(2025, 2, 18), "18 กุมภาพันธ์ 2568", 2),
    ("22-09-2565 Written by", date(2022, 9, 22), "22-09-2565", 1),
    ("วันที่ 12 ต.ค. 2563 (จำนวนคนอ่าน 0 คน)", date(2020, 10, 12), "12 ต.ค. 2563", 1),
    ("โพสต์เมื่อ : 5 พฤษภาคม 2566\nปรับปรุงล่าสุดเมื่อ : 11/7/2566", date(2023, 5, 5), "5 พฤษภาคม 2566", 2),
    ("ปรับปรุงล่าสุดเมื่อ : 11/7/2566", date(2023, 7, 11), "11/7/2566", 1),
    ("วันศุกร์, 8 ธันวาคม 2566\nเผยแพร่เมื่อ 2023-03-15 10:00:00", date(2023, 3, 15), "2023-03-15", 1),
    ("วันศุกร์, 8 ธันวาคม 2566", None, None, 1),
    ("", None, None, 0),
]


@pytest.mark.parametrize(("lines", "day", "words", "stay"), DATED, ids=[d[0][:20] for d in DATED])
def test_posting_line_under_the_title(lines: str, day: date | None, words: str | None, stay: int) -> None:
    found = read(f"{TITLE}\n{lines}\n{BODY}\n{END}")
    assert found.published_at == day
    assert (found.text[slice(*found.published_span)] if found.published_span else None) == words
    assert len(body(found)) == stay + 2


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("ข่าว ณ วันที่ 16 ม.ค. 60 เวลา 8:17 น. โดย super", date(2017, 1, 16)),
        ("ประกาศ ณ วันที่ 16 มกราคม พ.ศ. 2560", date(2017, 1, 16)),
        ("************ 10 มกราคม 2568", date(2025, 1, 10)),
    ],
)
def test_posting_line_at_the_foot(line: str, day: date) -> None:
    assert read(f"{TITLE}\n{BODY}\n{END}\n{line}").published_at == day


def test_lead_wrapped_after_its_date_is_no_posting_line() -> None:
    for after in ("เวลา 09.00 น. ณ ศาลากลาง", "ณ ศาลากลางจังหวัดสมมุติบุรี"):
        found = read(f"{TITLE}\nวันที่ 14 มีนาคม 2566\n{after} {BODY[20:]}\n{END}")
        assert found.published_at is None
        assert "วันที่ 14 มีนาคม 2566\n" in found.text


def test_saved_page_under_a_text_files_name() -> None:
    found = read(f"<!DOCTYPE html><title>x</title><h1>{TITLE}</h1><p>{BODY}</p><p>{END}</p>")
    assert found.title == TITLE
    assert body(found) == [BODY, END]


def test_a_date_in_a_files_path_is_no_posting_day() -> None:
    assert read(f"{TITLE}\n{BODY}", url="file:///data/2023/03/25/a.txt").published_at is None


def test_a_date_among_the_bodys_lines_is_no_posting_line() -> None:
    assert read(f"{TITLE}\n{BODY}\n14 กันยายน 2564\n{END}\n{BODY}\n{END}").published_at is None


def test_date_and_weekday_over_the_title_may_be_the_pages_clock() -> None:
    found = read(f"วันพฤหัสบดีที่ 13 สิงหาคม 2563\n{TITLE}\n{BODY}")
    assert found.title == TITLE
    assert found.published_at is None
    assert "13 สิงหาคม 2563" in found.text


def test_the_list_knows_the_posting_day_best_and_the_address_last() -> None:
    dated = f"{TITLE}\n14/03/2566\n{BODY}"
    assert read(dated, listed_published="2023-03-20").published_at == date(2023, 3, 20)
    assert read(dated, url="https://x.example.go.th/2023/03/25/slug").published_at == date(2023, 3, 14)
    plain = f"{TITLE}\n{BODY}"
    assert read(plain, url="https://x.example.go.th/2023/03/25/slug").published_at == date(2023, 3, 25)
    assert read(plain, url="https://x.example/25/03/2023/8489/").published_at == date(2023, 3, 25)
    assert read(plain, url="https://x.example/2023/13/45/").published_at is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        (" \n\ufeff\n", "empty"),
        ("พิมพ์\nข่าวประชาสัมพันธ์", "too_short"),
        ("404 Not Found", "soft_404"),
        ("ไม่พบหน้าที่คุณต้องการ", "soft_404"),
        ("Access Denied\nYou don't have permission to access this server.", "block_page"),
    ],
)
def test_no_article(content: str, reason: str) -> None:
    found = read_capture(content.encode(), kind="text")
    assert isinstance(found, NotArticle)
    assert found.reason == reason


def test_kinds_and_files_that_are_none() -> None:
    for content, kind, reason in (
        (b"%PDF-1.7", "text", "pdf"),
        (b"\xff\xd8\xff\xe0", "html", "picture_only"),
        (b"PK\x03\x04", "html", "binary"),
        (b"x", "gopher", "unknown_kind"),
    ):
        found = read_capture(content, kind=kind)
        assert isinstance(found, NotArticle) and found.reason == reason


WORDS = st.sampled_from(
    [
        TITLE,
        TITLE[:40],
        BODY,
        END,
        "พิมพ์",
        "14/03/2566",
        "",
        "Line",
        "1. ก",
        "ข่าว",
        "569",
        "Leave a comment",
        "ก" * 500,
    ]
)


@given(st.lists(WORDS, max_size=12))
@settings(max_examples=100, deadline=None)
def test_nothing_is_lost_between_article_and_removed(lines: list[str]) -> None:
    found = read_capture("\n".join(lines).encode(), kind="text")
    assert found == read_capture("\n".join(lines).encode(), kind="text")
    if isinstance(found, Article):
        left = found.text + "\n" + "\n".join(r.text for r in found.removed)
        assert all(line in left for line in lines)
        assert found.text[: found.title_end] == found.title
        assert canonical(found.text) == found.text
        if found.published_span:
            start, end = found.published_span
            assert found.title_end < start < end <= len(found.text)


@given(st.text(max_size=200), st.sampled_from(["text", "html", "wordpress", "feed"]))
@settings(max_examples=150, deadline=None)
def test_any_text_of_any_kind(text: str, kind: str) -> None:
    found = read_capture(text.encode(), kind=kind)
    assert isinstance(found, Article | NotArticle)
    assert found == read_capture(text.encode(), kind=kind)


@given(st.binary(max_size=300), st.sampled_from(["text", "html", "wordpress", "feed"]))
@settings(max_examples=100, deadline=None)
def test_any_bytes_of_any_kind(raw: bytes, kind: str) -> None:
    assert isinstance(read_capture(raw, kind=kind), Article | NotArticle)
