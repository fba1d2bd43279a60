from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.read.days import find_day, parse_stamp
from moi_pipeline.read.posting import read_posting_line

LINES = [
    # line, day, its words, sort
    ("22-09-2565 Written by", (2022, 9, 22), "22-09-2565", "bare"),
    ("28/04/2568", (2025, 4, 28), "28/04/2568", "bare"),
    ("2021-11-22 09:12:39", (2021, 11, 22), "2021-11-22", "bare"),
    ("2021-11-22T09:12:39+07:00", (2021, 11, 22), "2021-11-22", "bare"),
    ("date 2024-03-02", (2024, 3, 2), "2024-03-02", "posted"),
    ("28 เม.ย. 2022 ::", (2022, 4, 28), "28 เม.ย. 2022", "bare"),
    ("20 มี.ค. 2560", (2017, 3, 20), "20 มี.ค. 2560", "bare"),
    ("18 มี.ค. 67", (2024, 3, 18), "18 มี.ค. 67", "bare"),
    ("4 ธ.ค. 2564, 09:06", (2021, 12, 4), "4 ธ.ค. 2564", "bare"),
    ("17 ก.ค. 2560 | 14.02", (2017, 7, 17), "17 ก.ค. 2560", "bare"),
    ("29 เมษายน 2565 : 14:25 น.", (2022, 4, 29), "29 เมษายน 2565", "bare"),
    ("11 มกราคม 2561 / 18:02:14", (2018, 1, 11), "11 มกราคม 2561", "bare"),
    ("วันที่ 23 มิ.ย. 2557 )", (2014, 6, 23), "23 มิ.ย. 2557", "bare"),
    ("วันที่ 12 ต.ค. 2563 (จำนวนคนอ่าน 0 คน)", (2020, 10, 12), "12 ต.ค. 2563", "bare"),
    ("ข่าว ณ วันที่ 16 ม.ค. 60 เวลา 8:17 น. โดย super", (2017, 1, 16), "16 ม.ค. 60", "posted"),
    ("ข่าว ณ. วันที่ 20 ต.ค. 2566 เวลา 11.27 น. โดย", (2023, 10, 20), "20 ต.ค. 2566", "posted"),
    ("ประกาศเมื่อ 2019-01-11 11:00:41น.", (2019, 1, 11), "2019-01-11", "posted"),
    ("ปรับปรุงล่าสุดเมื่อ : 11/7/2019", (2019, 7, 11), "11/7/2019", "updated"),
    ("วันที่บันทึก :08/09/2021", (2021, 9, 8), "08/09/2021", "posted"),
    ("[ วันที่ 06/08/2562 ]", (2019, 8, 6), "06/08/2562", "bare"),
    ("โพสต์เมื่อ : 5 พฤษภาคม 2566", (2023, 5, 5), "5 พฤษภาคม 2566", "posted"),
    ("เขียนเมื่อ วันพฤหัสบดี, 22 กันยายน 2565 09:12", (2022, 9, 22), "22 กันยายน 2565", "posted"),
    ("วันพฤหัสบดี, 22 กันยายน 2022", (2022, 9, 22), "22 กันยายน 2022", "bare"),
    ("วันพฤหัสบดีที่ 17 ธันวาคม 2563", (2020, 12, 17), "17 ธันวาคม 2563", "bare"),
    ("วันพุธ ที่ 12 เมษายน พ.ศ. 2566", (2023, 4, 12), "12 เมษายน พ.ศ. 2566", "bare"),
    ("๑๒ ต.ค. ๖๓", (2020, 10, 12), "๑๒ ต.ค. ๖๓", "bare"),
    ("๒๘/๐๔/๒๕๖๘", (2025, 4, 28), "๒๘/๐๔/๒๕๖๘", "bare"),
    ("30 กรกฏาคม 2562", (2019, 7, 30), "30 กรกฏาคม 2562", "bare"),
    ("8/5/63", (2020, 5, 8), "8/5/63", "bare"),
    ("Thursday, March 23, 2023", (2023, 3, 23), "March 23, 2023", "bare"),
    ("Published on 5 Jan 2023 by admin", (2023, 1, 5), "5 Jan 2023", "posted"),
    ("08/21/2021", (2021, 8, 21), "08/21/2021", "bare"),
    ("********** 10 มกราคม 2568", (2025, 1, 10), "10 มกราคม 2568", "bare"),
    ("วันอังคาร, 16 สิงหาคม 2565", (2022, 8, 16), "16 สิงหาคม 2565", "clock"),
    ("วันที่ 5 มกราคม 2566 เวลา 10:22:01 น. | เข้าชม 55 ครั้ง", (2023, 1, 5), "5 มกราคม 2566", "bare"),
]


@pytest.mark.parametrize(("line", "day", "words", "sort"), LINES, ids=[line for line, *_ in LINES])
def test_posting_line(line: str, day: tuple[int, int, int], words: str, sort: str) -> None:
    found = read_posting_line(line)
    assert found is not None
    assert (found.value, found.kept[found.start : found.end], found.sort) == (date(*day), words, sort)
    assert line.startswith(found.kept)
    assert (found.kept + found.chrome).replace(" ", "") == line.replace(" ", "")


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ผู้ว่าราชการจังหวัดสมมุติ",
        "เมื่อวันที่ 5 มิถุนายน 2563 นายสมมุติ ดีงาม",
        "วันที่ 5 มกราคม 2566 เวลา 09.00 น.",  # the lead's first line, wrapped
        "ณ วันที่ 5 มกราคม 2566 มีผู้ป่วย 3 ราย",
        "31/02/2565",
        "5 มกราคม",
        "12/10/20",  # either calendar's year
        "0-7534-8118",
        "1.2.3",
        "ครั้งที่ 2/2568",
        "ประกาศ ฉบับที่ 5 ลงวันที่ 3 มีนาคม 2565 เรื่อง หลักเกณฑ์",
        "5 มกราคม 2566 - 7 มกราคม 2566",
    ],
)
def test_no_posting_line(line: str) -> None:
    assert read_posting_line(line) is None


BANGKOK = timezone(timedelta(hours=7))
STAMPS = [
    (None, None),
    ("", None),
    ("no date", None),
    (date(2021, 5, 4), date(2021, 5, 4)),
    (datetime(2021, 5, 4, 23, 0), date(2021, 5, 4)),
    (datetime(2021, 5, 4, 23, 0, tzinfo=timezone.utc), date(2021, 5, 5)),  # noqa: UP017 - the same on 3.11
    (datetime(2021, 5, 4, 23, 0, tzinfo=BANGKOK), date(2021, 5, 4)),
    ("2021-05-04T18:30:00Z", date(2021, 5, 5)),
    ("2021-05-04T18:30:00+07:00", date(2021, 5, 4)),
    ("2021-05-04", date(2021, 5, 4)),
    ("2564-05-04", date(2021, 5, 4)),
    ("Tue, 04 May 2021 18:30:00 +0000", date(2021, 5, 5)),
    ("4 พฤษภาคม 2564", date(2021, 5, 4)),
    ("๔ พ.ค. ๖๔", date(2021, 5, 4)),
    ("0001-01-01T00:00:00", None),
    ("9999-12-31T23:59:59-11:00", None),
]


@pytest.mark.parametrize(("stamp", "day"), STAMPS, ids=[str(s) for s, _ in STAMPS])
def test_parse_stamp(stamp: date | datetime | str | None, day: date | None) -> None:
    assert parse_stamp(stamp) == day


@given(st.text(st.sampled_from("วันที่ 0123456789/-.:มกราคม.ค.พศเวลาน๑๒๕๖([,) aAmp"), max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_line(line: str) -> None:
    day = find_day(line)
    if day:
        assert 0 <= day.from_weekday <= day.start < day.end <= len(line)
    found = read_posting_line(line)
    if found:
        assert 0 <= found.start < found.end <= len(found.kept)
    assert found == read_posting_line(line)
    parse_stamp(line)


@pytest.mark.parametrize("filler", ["by ", "โดย ", " )", "| / - ", "อ่าน 5 ", "1/1/25 ", "5 มกราคม "])
def test_lines_made_to_be_parted_in_many_ways(filler: str) -> None:
    """Open repeats of loose patterns would never come back from these."""
    line = ("5 มกราคม 2566 " + filler * 60)[:90] + "ก" * 70
    assert read_posting_line(line) is None
