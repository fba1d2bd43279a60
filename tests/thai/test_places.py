"""Places: venue, subdistrict, district, province; what is no place; spans."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.thai.model import Place, Release
from moi_pipeline.thai.places import find_places

Parts = tuple[str | None, str | None, str | None, str | None]


def parts(place: Place) -> Parts:
    return place.venue, place.subdistrict, place.district, place.province


def found(text: str) -> list[Parts]:
    return [parts(place) for place in find_places(Release(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a venue and the areas after it are one place
        (
            "วันนี้ ณ ห้องประชุมพระร่วง ชั้น 5 ศาลากลางจังหวัดสุโขทัย ตำบลธานี อำเภอเมืองสุโขทัย จังหวัดสุโขทัย โดยมีผู้แทน",
            ("ห้องประชุมพระร่วง ชั้น 5 ศาลากลางจังหวัดสุโขทัย", "ธานี", "เมืองสุโขทัย", "สุโขทัย"),
        ),
        ("จัดขึ้น ณ วัดดอนแก้ว ต.ดอนแก้ว อ.แม่ริม จ.เชียงใหม่", ("วัดดอนแก้ว", "ดอนแก้ว", "แม่ริม", "เชียงใหม่")),
        ("เวลา 09.00 น. ที่โรงเรียนบ้านหนองแวง อ.ภูเวียง จ.ขอนแก่น", ("โรงเรียนบ้านหนองแวง", None, "ภูเวียง", "ขอนแก่น")),
        ("ลงพื้นที่บ้านดงเย็น หมู่ที่ 4 ตำบลนาคำ อำเภอศรีสงคราม", ("บ้านดงเย็น หมู่ที่ 4", "นาคำ", "ศรีสงคราม", None)),
        ("เยี่ยมวัดป่าแดง ตำบลป่าแดง", (None, "ป่าแดง", None, None)),
        ("มอบของแก่ วัดป่าแดง ตำบลป่าแดง อำเภอชาติตระการ", ("วัดป่าแดง", "ป่าแดง", "ชาติตระการ", None)),
        ("ณ โรงแรมเวียงทอง รีสอร์ท แอนด์ สปา นายสมควร ใจมั่น", ("โรงแรมเวียงทอง รีสอร์ท แอนด์ สปา", None, None, None)),
        ("ณ โรงแรมฟ้าใส ขอนแก่น โฮเทล นายสมควร ใจมั่น", ("โรงแรมฟ้าใส ขอนแก่น โฮเทล", None, None, None)),
        ("ณ เดอะ ริเวอร์ไซด์ ตำบลบ้านเกาะ", ("เดอะ ริเวอร์ไซด์", "บ้านเกาะ", None, None)),
        ("ณ ศาลากลางจังหวัดตรังโดยมีนายสมควร", ("ศาลากลางจังหวัดตรัง", None, None, "ตรัง")),
        ("ณ ศาลากลางจังหวัดตรัง เพื่อรับฟัง", ("ศาลากลางจังหวัดตรัง", None, None, "ตรัง")),
        ("ณ ที่ว่าการอำเภอนาแก เมื่อวานนี้", ("ที่ว่าการอำเภอนาแก", None, "นาแก", None)),
        ("ณ หอประชุมอำเภอนาแก จังหวัดนครพนม", ("หอประชุมอำเภอนาแก", None, "นาแก", "นครพนม")),
        (
            "ที่ห้องประชุมบัวแก้ว ที่ว่าการอำเภอเมืองลำพูน นายสมควร",
            ("ห้องประชุมบัวแก้ว ที่ว่าการอำเภอเมืองลำพูน", None, "เมืองลำพูน", "ลำพูน"),
        ),
        ("สถานที่ : หอประชุมเทศบาลตำบลกลางดง", ("หอประชุมเทศบาลตำบลกลางดง", "กลางดง", None, None)),
        ("กิจกรรม ณห้องประชุมชั้นสอง อบต.นาดี", ("ห้องประชุมชั้นสอง อบต.นาดี", None, None, None)),
        ("กิจกรรม ณ.บริเวณหน้าอำเภอ", ("บริเวณหน้าอำเภอ", None, None, None)),
        # areas alone
        ("จัดที่ ณ จังหวัดพังงา", (None, None, None, "พังงา")),
        ("ในพื้นที่อำเภอเมือง จังหวัดแพร่", (None, None, "เมืองแพร่", "แพร่")),
        ("ในพื้นที่อำเภอเมืองแพร่", (None, None, "เมืองแพร่", "แพร่")),
        ("ชาวอำเภอเมืองฯ ร่วมงาน", (None, None, "เมือง", None)),
        ("ตำบลหาดทรายอำเภอเมืองจังหวัดชุมพร", (None, "หาดทราย", "เมืองชุมพร", "ชุมพร")),
        ("ต.ในเมือง อ.เมือง จ.ขก.", (None, "ในเมือง", "เมืองขอนแก่น", "ขอนแก่น")),
        ("อำเภอแม่สายจัดกิจกรรม", (None, None, "แม่สาย", None)),
        ("อำเภอสุไหงโก-ลก จังหวัดนราธิวาส", (None, None, "สุไหงโก-ลก", "นราธิวาส")),
        ("กิ่งอำเภอนาโยง จังหวัดตรัง", (None, None, "นาโยง", "ตรัง")),
        ("ชุมชนริมคลอง แขวงคลองจั่น เขตบางกะปิ กรุงเทพมหานคร", ("ชุมชนริมคลอง", "คลองจั่น", "บางกะปิ", "กรุงเทพมหานคร")),
        ("ในพื้นที่กทม. วันนี้", (None, None, None, "กรุงเทพมหานคร")),
        ("ที่จังหวัดอุบลฯ วันนี้", (None, None, None, "อุบลราชธานี")),
    ],
)
def test_a_place(text: str, expected: Parts) -> None:
    assert found(text)[0] == expected


def test_a_list_of_provinces_is_a_row_each() -> None:
    places = find_places(Release("กลุ่มภาคใต้ (จังหวัดกระบี่ พังงา, สตูล และตรัง) ร่วมประชุม"))
    assert [place.province for place in places] == ["กระบี่", "พังงา", "สตูล", "ตรัง"]
    assert [place.surface for place in places] == ["จังหวัดกระบี่", "พังงา", "สตูล", "ตรัง"]
    assert places[0].province_code == "TH-81"


@pytest.mark.parametrize(
    "text",
    [
        "นายสมควร ใจมั่น ผู้ว่าราชการจังหวัดตรัง กล่าวว่า",
        "นายสมควร ใจมั่น ผู้ว่าราชการ จังหวัดตรัง กล่าวว่า",
        "นายอำเภอนาแก และปลัดอำเภอนาแก",
        "องค์การบริหารส่วนจังหวัดตรัง ร่วมกับเทศบาลตำบลนาโยง",
        "วัฒนธรรมจังหวัดลำพูน พมจ.ลำพูน ผวจ.ลพ.",
        "ทุกจังหวัด ทั้ง 76 จังหวัด จังหวัดต่าง ๆ และกลุ่มจังหวัด",
        "ตำบลละ 2 ล้าน อำเภอละ 1 แห่ง จังหวัดละ 3 คน",
        "พ.ต.อ.สมควร จ.ส.อ.สมใจ พล.ต.ต.สมชาย เมื่อ 3 ต.ค. 65 โดย อ.สมศรี",
        "นายสมควร ศรีวงศ์ ณ อยุธยา กล่าวว่า",
        "พลตรี ณรงค์ ใจดี และนางณัฐชา",
        "ข้อมูล ณ วันที่ 5 มีนาคม 2566 และ ณ ปัจจุบัน",
        "ณ วัดต่าง ๆ ทั่วประเทศ",
        "ให้ทุกจังหวัดและกรุงเทพมหานครดำเนินการ",
        "ระดับอำเภอและระดับตำบลที่ประสบภัย",
        "นายอำเภอ กำนัน ผู้ใหญ่บ้าน",
        "",
        "   \n",
    ],
)
def test_no_place(text: str) -> None:
    assert found(text) == []


def test_spans_hold_the_whole_expression() -> None:
    text = "ประชุม ณ หอประชุมบ้านนา หมู่ 3 ต.นาดี อ.นาดี จ.ปราจีนบุรี วานนี้"
    (place,) = find_places(Release(text))
    assert place.surface == "หอประชุมบ้านนา หมู่ 3 ต.นาดี อ.นาดี จ.ปราจีนบุรี"
    assert text[place.span_start : place.span_end] == place.surface
    assert place.province_code == "TH-25"


_PIECES = st.sampled_from(
    [
        "จังหวัด", "จ.", "อำเภอ", "อ.", "ตำบล", "ต.", "ณ", " ณ ", "ที่", "วัด", "บ้าน", "ห้องประชุม", "ศาลากลาง", "ตรัง", "เมือง",
        "เลย", "แม่สาย", "กรุงเทพ", "มหานคร", "เขต", "แขวง", "กทม.", " ", "  ", "\n", ",", "(", ")", "“", "หมู่ที่ 3", "3",
        "นาย", "โดย", "และ", "ลงพื้นที่", "สถานที่ : ", "ๆ", "ฯ", "ั", "สุไหงโก-ลก", "โรงแรม", "แอนด์", "๕",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES | st.text(alphabet="กขงดนบมยรลวสาิี่้์ๆฯ .,0๑A\n", max_size=4), max_size=25).map("".join))
def test_any_text(text: str) -> None:
    places = find_places(Release(text))
    assert places == find_places(Release(text))
    end = 0
    for place in places:
        assert end <= place.span_start < place.span_end <= len(text)
        assert text[place.span_start : place.span_end] == place.surface
        assert (place.province is None) == (place.province_code is None)
        assert any((place.venue, place.subdistrict, place.district, place.province))
        if place.venue is not None:
            assert place.surface.startswith(place.venue)
        end = place.span_end


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_unicode(text: str) -> None:
    for place in find_places(Release(text)):
        assert text[place.span_start : place.span_end] == place.surface
