"""The 77 provinces: the data file, names looked up, names read at a position."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.thai.provinces import province_at, province_coded, province_named, provinces


def test_data_file_is_whole() -> None:
    found = provinces()
    assert len(found) == 77
    assert len({p.code for p in found}) == 77
    assert len({p.abbreviation for p in found}) == 77
    assert [p.code for p in found] == sorted(p.code for p in found)
    assert {p.region for p in found} == {"north", "northeast", "central", "east", "west", "south"}
    spellings = [s for p in found for s in (p.name, p.abbreviation, *p.spellings, *p.nicknames)]
    assert len(spellings) == len(set(spellings))
    assert all(s == s.strip() and s for s in spellings)


@pytest.mark.parametrize("province", provinces(), ids=lambda p: p.code)
def test_every_spelling_finds_its_province(province) -> None:  # type: ignore[no-untyped-def]
    for name in (
        province.name,
        province.abbreviation,
        province.english,
        *province.spellings,
        *province.nicknames,
    ):
        assert province_named(name) == province
        assert province_named("จังหวัด" + name) == province
    assert province_coded(province.code) == province


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("อุบลฯ", "TH-34"),
        ("จ.ประจวบฯ", "TH-77"),
        ("จังหวัด อยุธยา", "TH-14"),
        ("โคราช", "TH-30"),
        ("แปดริ้ว", "TH-24"),
        ("สองแคว", "TH-65"),
        ("สี่แคว", "TH-60"),
        ("เมืองคอน", "TH-80"),
        ("แม่กลอง", "TH-75"),
        ("กทม.", "TH-10"),
        ("กรุงเทพ มหานคร", "TH-10"),
        ("จ. สุราษฎร์ ธานี", "TH-84"),
        ("สุราษฏร์ธานี", "TH-84"),
        ("PHUKET", "TH-83"),
        ("ต่าง ๆ", None),
        ("", None),
        ("เมือง", None),
    ],
)
def test_province_named(name: str, code: str | None) -> None:
    found = province_named(name)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("text", "start", "name", "surface"),
    [
        ("จังหวัดตรังเป็นเจ้าภาพ", 7, "ตรัง", "ตรัง"),
        ("จังหวัด อุบลราชธานี", 7, "อุบลราชธานี", " อุบลราชธานี"),
        ("จ.อุบลฯ วันนี้", 2, "อุบลราชธานี", "อุบลฯ"),
        ("จ.อุบล วันนี้", 2, "อุบลราชธานี", "อุบล"),
        ("จังหวัดอุบล ราชธานี", 7, "อุบลราชธานี", "อุบล ราชธานี"),
        ("จ.นม. จัดงาน", 2, "นครราชสีมา", "นม."),
        ("ผวจ.สฎ. ตรวจเยี่ยม", 4, "สุราษฎร์ธานี", "สฎ."),
        ("ตำรวจภูธรจังหวัด พล.ต.ต.สมควร", 16, None, None),
        ("สาธารณสุขจังหวัด นพ.สมควร", 16, None, None),
        ("จ.พล.ต.ต.", 2, None, None),
        ("จังหวัดโคราช", 7, None, None),
        ("จังหวัดต่าง ๆ", 7, None, None),
        ("จังหวัดชัยนาทและสิงห์บุรี", 7, "ชัยนาท", "ชัยนาท"),
        ("จังหวัดเลยนั้น", 7, "เลย", "เลย"),
        ("", 0, None, None),
        ("จังหวัด", 7, None, None),
    ],
)
def test_province_at(text: str, start: int, name: str | None, surface: str | None) -> None:
    found = province_at(text, start)
    if found is None:
        assert name is None
    else:
        assert (found[0].name, text[start : found[1]]) == (name, surface)


def test_nicknames_where_asked() -> None:
    found = province_at("ชาวแปดริ้วร่วมงาน", 3, nicknames=True)
    assert found is not None
    assert (found[0].code, found[1]) == ("TH-24", 10)


_PIECES = st.sampled_from(
    ["จังหวัด", "จ.", " ", "  ", "อุบล", "ราชธานี", "นม.", "ตรัง", "ฯ", "ะ", "กรุงเทพ", "ม", "\n"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_PIECES | st.text(max_size=3), max_size=8).map("".join), st.integers(0, 30))
def test_province_at_on_any_text(text: str, start: int) -> None:
    found = province_at(text, start)
    assert found == province_at(text, start)
    if found is not None:
        assert start < found[1] <= len(text)
        assert province_named(text[start : found[1]]) == found[0]
