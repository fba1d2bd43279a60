"""Which day a release's event has; the texts are made up in the forms that real releases have."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.thai.dates import find_dates
from moi_pipeline.thai.event import date_event
from moi_pipeline.thai.model import DateMention, Release


def judge(
    text: str, published: date | None = None, posting: str | None = None
) -> tuple[list[DateMention], date | None, date | None]:
    at = text.find(posting) if posting else -1
    span = (at, at + len(posting)) if posting and at >= 0 else None
    release = Release(text, max(text.find("\n"), 0), published, span)
    return date_event(release, find_dates(release))


LEADS = [
    "วันที่ 14 มกราคม 2563 เวลา 09.00 น. นายก ข เป็นประธานเปิดงาน",
    "เมื่อวันที่ 14 มกราคม 2563 นายก ข ลงพื้นที่",
    "ในวันอังคารที่ ๑๔ มกราคม ๒๕๖๓ นายก ข เป็นประธาน",
    "วันนี้ (14 ม.ค.63)นายก ข นายอำเภอ เปิดเผยว่า",
    "เช้าวันนี้( 14 ม.ค. 63) นายก ข ประชุม",
    "วันนี้ (วันอังคารที่ 14 มกราคม 2563) นายก ข ประชุม",
    "วันนี้ < 14 มกราคม 2563 > นายก ข ประชุม",
    "เมื่อวานนี้ 14 มกราคม 2563 นายก ข ประชุม",
    "14 ม.ค.63 - ผู้สื่อข่าวรายงานว่า มีการประชุม",
    "จังหวัดตัวอย่าง : 14 มกราคม 2563 นายก ข ลงพื้นที่",
    "เมื่อเวลา 10.00 น.วันที่ 14 ม.ค.63 นายก ข ประชุม",
    "เมื่อวันอังคารที่ 14 มกราคม 2563 ที่ผ่านมา นายก ข ประชุม",
    "นายก ข มอบหมายให้นาง ค ร่วมประชุม ครั้งที่ 3/2563 ณ ห้องประชุม เมื่อวันที่ 14 ม.ค.63 ที่ผ่านมา",
    "เทศบาลจัดกิจกรรมทำความสะอาด\nวันที่ 14 มกราคม 2563\nณ บริเวณวัดใหม่",
    "ล่าสุด 14 มกราคม 2563 นายก ข ให้สัมภาษณ์",
]


@pytest.mark.parametrize("body", LEADS)
@pytest.mark.parametrize("published", [None, date(2020, 1, 15)])
def test_the_lead_date_is_the_event(body: str, published: date | None) -> None:
    mentions, first, last = judge("หัวข้อข่าว\n" + body, published)
    assert (first, last) == (date(2020, 1, 14), date(2020, 1, 14))
    assert "event" in [m.role for m in mentions]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        # a range, and days in a row
        ("อบรม\nเทศบาลจัดอบรม ประจำปี 2563 ระหว่างวันที่ 8 -9 กรกฎาคม 2563", "2020-07-08", "2020-07-09"),
        ("อบรม\nดำเนินโครงการ ระหว่างวันที่ 12 และ 13 มิถุนายน 2565 ณ ศูนย์เรียนรู้", "2022-06-12", "2022-06-13"),
        # on the occasion's own day
        (
            "ปล่อยพันธุ์สัตว์น้ำ\nปล่อยพันธุ์ปลา เนื่องในวันเฉลิมพระชนมพรรษา วันที่ 3 มิถุนายน 2564 ณ อ่างเก็บน้ำ",
            "2021-06-03",
            "2021-06-03",
        ),
        # tomorrow's, and a by-line above the body
        (
            "แถลงข่าว\nวันที่ 24 ธ.ค. 2555 )\nวันพรุ่งนี้ วันอังคารที่ 25 ธ.ค.55 เวลา 10.00 น. จะจัดแถลงข่าว",
            "2012-12-25",
            "2012-12-25",
        ),
        ("ประชุม\n12 มีนาคม 2568 | สำนักปลัด\nวันที่ 11 มีนาคม 2568 นายก ข ประชุม", "2025-03-11", "2025-03-11"),
        # only in the title
        ("ขุดลอกคลอง 3 เม.ย. 66\nเทศบาลดำเนินการขุดลอกคลอง", "2023-04-03", "2023-04-03"),
        # an occasion, a history and a rule of every year before it
        (
            "พิธี\nร่วมพิธีถวายพระพร เนื่องในวันเฉลิมพระชนมพรรษา 12 สิงหาคม 2562 เมื่อวันที่ 9 สิงหาคม 2562",
            "2019-08-09",
            "2019-08-09",
        ),
        (
            "งานวันท้องถิ่นไทย\nวันที่ 18 มีนาคม ของทุกปีเป็นวันท้องถิ่นไทย ตั้งแต่เมื่อวันที่ ๑๘ มีนาคม ๒๔๔๘ "
            "จึงจัดกิจกรรมในวันจันทร์ที่ ๑๘ มีนาคม พ.ศ. ๒๕๖๗ ณ ลานหน้าอาคาร",
            "2024-03-18",
            "2024-03-18",
        ),
        # something to come before it
        (
            "ประชุม\nนายก ข ประชุมเตรียมจัดงานซึ่งจะจัดขึ้นในวันที่ 1 มีนาคม 2567 เมื่อวันที่ 5 ก.พ. 2567",
            "2024-02-05",
            "2024-02-05",
        ),
        # the first of several
        ("ข่าว\nวันที่ 5 ก.พ. 2567 นายก ข ประชุม\nวันที่ 6 ก.พ. 2567 นายก ข ลงพื้นที่", "2024-02-05", "2024-02-05"),
        # nothing that dates an event
        ("ข่าว\nนายก ข เป็นประธานการประชุม", None, None),
        ("ข่าว\nวันนี้ นายก ข เป็นประธานการประชุม ประจำปี 2566", None, None),
        ("ข่าว\nโพสต์เมื่อ 5 มี.ค. 2566\nนายก ข เป็นประธานการประชุม", None, None),
        ("วันอังคารที่ 14 กันยายน 2564\nบ่ายวันนี้ เวลา 13.30 น. นายก ข เป็นประธาน", None, None),
        ("คำสั่ง\nตามคำสั่งจังหวัดที่ 3576/2559 ลงวันที่ 9 พฤศจิกายน 2559 ให้ทุกหน่วยงานดำเนินการ", None, None),
        ("พิธี\nร่วมพิธี เนื่องในโอกาสวันเฉลิมพระชนมพรรษา 28 กรกฎาคม 2563 ณ ศาลาประชาคม", None, None),
        ("รับสมัคร\nยื่นใบสมัครได้ภายในวันที่ 31 มีนาคม 2566 ตั้งแต่วันที่ 1 มีนาคม 2566", None, None),
        ("ข้าวโพด\nปริมาณรับซื้อ (ต.ค.- 16 ธ.ค.64) จำนวน 300 ตัน", None, None),
    ],
)
def test_without_a_posting_day(text: str, first: str | None, last: str | None) -> None:
    _, event_from, event_to = judge(text)
    assert (event_from, event_to) == tuple(date.fromisoformat(d) if d else None for d in (first, last))


@pytest.mark.parametrize(
    ("body", "first"),
    [
        ("ขอเชิญเที่ยวงาน ระหว่างวันที่ 1 - 8 มีนาคม 2567 ณ สนามหน้าศาลากลาง", "2024-03-01"),
        ("นายก ข ประชุมเมื่อวันที่ 20 ก.พ. 2567 เตรียมจัดงาน ระหว่างวันที่ 1 - 8 มีนาคม 2567", "2024-02-20"),
        ("วันนี้ (20 ก.พ. 66) นายก ข ประชุม", "2023-02-20"),  # a slip of the year stays as it is written
        ("เมื่อวันที่ 20 กุมภาพันธ์ 2566 นายก ข ประชุม", "2023-02-20"),
        ("นายก ข กล่าวว่า ครม. มีมติเมื่อวันที่ 20 กุมภาพันธ์ 2567 เห็นชอบ", "2024-02-20"),
        ("นายก ข กล่าวว่า ครม. มีมติเมื่อวันที่ 20 กุมภาพันธ์ 2565 เห็นชอบ", None),
        ("นายก ข กล่าวว่า งานเริ่มขึ้นเมื่อวันที่ 20 ตุลาคม 2566 แล้ว", None),
        ("เมื่อวันที่ 20 ตุลาคม 2564 นายก ข ประชุม", "2021-10-20"),  # the posting day may be a wrong one
        ("นายก ข กล่าวว่า กฎหมายมีผลบังคับใช้ในวันที่ 5 มีนาคม 2567", None),
    ],
)
def test_near_the_posting_day(body: str, first: str | None) -> None:
    _, event_from, _ = judge("หัวข้อข่าว\n" + body, date(2024, 2, 21))
    assert event_from == (date.fromisoformat(first) if first else None)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("ข่าว\n22-09-2565 Written by\nวันนี้ (31 สิงหาคม 2565) ประชุม", "published"),
        ("ข่าว\n2021-11-22 09:12:39\nวันนี้ (31 สิงหาคม 2564) ประชุม", "published"),
        ("ข่าว\nวันที่บันทึก :08/09/2021\nวันนี้ (31 สิงหาคม 2564) ประชุม", "published"),
        ("ข่าว\nข่าว ณ วันที่ 16 ม.ค. 60 เวลา 8:17 น. โดย super\nวันนี้ (13 ม.ค. 60) ประชุม", "published"),
        ("ข่าว\nวันที่ 12 ต.ค. 2563 (จำนวนคนอ่าน 0 คน)\nวันนี้ (11 ต.ค. 2563) ประชุม", "published"),
        ("ข่าว\nวันพุธที่ 21 ตุลาคม 2563\nพิมพ์\nวันนี้ (20 ต.ค. 63) ประชุม", "published"),
        ("ข่าว\n12 มีนาคม 2568 | สำนักปลัด\nวันนี้ (11 มี.ค. 68) ประชุม", "published"),
        ("Thursday, 9 May 2024\nข่าว\nวันนี้ (20 ต.ค. 63) ประชุม", "site_clock"),
        ("วันศุกร์, 8 ธันวาคม 2566\n\nข่าว\nวันนี้ (20 ต.ค. 63) ประชุม", "site_clock"),
    ],
)
def test_a_stamp_is_not_the_event(text: str, role: str) -> None:
    mentions, first, _ = judge(text)
    assert [m.role for m in mentions] == [role, "event"]
    assert first == mentions[1].date_from


def test_the_posting_line_that_is_known_dates_no_event() -> None:
    text = "ข่าว\nวันที่ 5 มกราคม 2566\nนายก ข เป็นประธาน"
    mentions, first, last = judge(text, date(2023, 1, 5), "5 มกราคม 2566")
    assert [m.role for m in mentions] == ["published"]
    assert (first, last) == (None, None)


def test_a_date_below_the_body_is_a_stamp() -> None:
    text = "ข่าว\n" + "นายก ข เป็นประธานการประชุมคณะกรรมการบริหารงานจังหวัด" * 3 + "\n***** 28 ธันวาคม 2563"
    mentions, first, _ = judge(text)
    assert [m.role for m in mentions] == ["published"]
    assert first is None


PIECES = st.sampled_from(
    [
        "วันที่ ",
        "เมื่อ",
        "วันนี้ (",
        ")",
        "5 มกราคม 2563",
        "8 -9 ก.พ. 64",
        "2563",
        "\n",
        " ",
        "จะจัด",
        "เนื่องใน",
        "มติ",
        "ลงวันที่ ",
        "ระหว่าง",
        "และ ",
        "นี้",
        "2021-11-22",
        "โพสต์เมื่อ ",
        "วันศุกร์, ",
        "ณ ",
        "เวลา 09.00 น.",
        "นายก ข ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.lists(PIECES, max_size=25).map("".join), st.text(max_size=60)),
    st.sampled_from([None, date(2020, 1, 6)]),
    st.integers(0, 40),
)
def test_any_text_is_judged(text: str, published: date | None, title_end: int) -> None:
    release = Release(text, min(title_end, len(text)), published)
    found = find_dates(release)
    mentions, first, last = date_event(release, found)
    assert (mentions, first, last) == date_event(release, found)
    assert [(m.span_start, m.span_end) for m in mentions] == [(m.span_start, m.span_end) for m in found]
    assert (first is None) == (last is None)
    assert first is None or last is None or first <= last
    assert (first is not None) == any(m.role == "event" for m in mentions)
