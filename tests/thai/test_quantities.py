"""Counted amounts: number, unit and kind in the forms that releases use, and numbers that count nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.thai.model import DateMention, Quantity, Release
from moi_pipeline.thai.quantities import find_quantities


def found(text: str, dates: list[DateMention] | None = None) -> list[Quantity]:
    return find_quantities(Release(text), dates or [])


def plain(text: str) -> list[tuple[str, float, str, str]]:
    return [(one.surface, one.amount, one.unit, one.kind) for one in found(text)]


@pytest.mark.parametrize(
    ("text", "surface", "amount", "unit", "kind"),
    [
        ("มีผู้เข้าอบรม จำนวน 44 คน", "44 คน", 44, "คน", "people"),
        ("เข้าร่วมกว่า 5,000 คน", "5,000 คน", 5000, "คน", "people"),
        ("ประชาชนกว่า200คน", "200คน", 200, "คน", "people"),
        ("จำนวน ๓๐๐ คน", "๓๐๐ คน", 300, "คน", "people"),
        ("จำนวน ๑,๒๓๔ ราย", "๑,๒๓๔ ราย", 1234, "ราย", "people"),
        ("แจกจ่ายแก่ 3 หมื่นคน", "3 หมื่นคน", 30000, "คน", "people"),
        ("รวม 1.5 แสนราย", "1.5 แสนราย", 150000, "ราย", "people"),
        ("ปลูกไปแล้ว 10 หมื่นต้น", "10 หมื่นต้น", 100000, "ต้น", "other"),
        ("เกือบ 300 กว่าคน", "300 กว่าคน", 300, "คน", "people"),
        ("นิมนต์พระสงฆ์ จำนวน 101 รูป", "101 รูป", 101, "รูป", "people"),
        ("คัดเลือกภาพถ่าย 12 รูป", "12 รูป", 12, "รูป", "other"),
        ("กำลังพล 20 นาย ร่วมค้นหา", "20 นาย", 20, "นาย", "people"),
        ("ผู้สูงอายุ 50 คน", "50 คน", 50, "คน", "people"),
        ("เด็กอายุ 13 ปี 1 คน", "1 คน", 1, "คน", "people"),
        ("ค่าใช้จ่าย 9,995,000 บาท", "9,995,000 บาท", 9995000, "บาท", "money"),
        ("จำนวน 1,500,000บาท", "1,500,000บาท", 1500000, "บาท", "money"),
        ("มูลค่า 2.2 ล้านบาท", "2.2 ล้านบาท", 2200000, "บาท", "money"),
        ("วงเงิน 3 พันล้านบาท", "3 พันล้านบาท", 3e9, "บาท", "money"),
        ("รายได้กว่า 2 แสนล้านบาท", "2 แสนล้านบาท", 2e11, "บาท", "money"),
        ("งบประมาณกว่า 20 ล้าน เพื่อซ่อมถนน", "20 ล้าน", 20000000, "บาท", "money"),
        ("ตั๋วใบละ 500.- รวมอาหาร", "500.-", 500, "บาท", "money"),
        ("ลงทุน 80 ล้านเหรียญสหรัฐ", "80 ล้านเหรียญสหรัฐ", 80000000, "ดอลลาร์สหรัฐ", "money"),
        ("คิดเป็นร้อยละ 80 ของเป้าหมาย", "ร้อยละ 80", 80, "%", "percent"),
        ("ได้ร้อยละ80", "ร้อยละ80", 80, "%", "percent"),
        ("คืบหน้า 14.41 %", "14.41 %", 14.41, "%", "percent"),
        ("น้ำในอ่าง ๘๐ เปอร์เซ็นต์", "๘๐ เปอร์เซ็นต์", 80, "%", "percent"),
        ("พื้นที่ 3 ไร่", "3 ไร่", 3, "ไร่", "area"),
        ("เนื้อที่ 3 ไร่ 2 งาน 50 ตารางวา", "3 ไร่ 2 งาน 50 ตารางวา", 3.625, "ไร่", "area"),
        ("เนื้อที่ ๓ ไร่ ๒ งาน", "๓ ไร่ ๒ งาน", 3.5, "ไร่", "area"),
        ("เนื้อที่ 4 ไร่ 40 ตร.ว.", "4 ไร่ 40 ตร.ว.", 4.1, "ไร่", "area"),
        ("ที่ดินแปลงนี้ 3-2-50 ไร่", "3-2-50 ไร่", 3.625, "ไร่", "area"),
        ("ลานกว้าง 800 ตร.ม.", "800 ตร.ม.", 800, "ตารางเมตร", "area"),
        ("จำนวน 19 ครัวเรือน/แปลง", "19 ครัวเรือน", 19, "ครัวเรือน", "other"),
        ("น้ำท่วม 35 หลังคาเรือน", "35 หลังคาเรือน", 35, "หลังคาเรือน", "other"),
        ("เทศบาลตำบล จำนวน 20 แห่ง", "20 แห่ง", 20, "แห่ง", "organisations"),
        ("สร้างฝาย จำนวน 20 แห่ง", "20 แห่ง", 20, "แห่ง", "other"),
        ("ภาคีรวม 100 องค์กร", "100 องค์กร", 100, "องค์กร", "organisations"),
        ("ในพื้นที่ 14 จังหวัดภาคใต้", "14 จังหวัด", 14, "จังหวัด", "other"),
        ("ปล่อยน้ำ 2,500 ลบ.ม./วินาที", "2,500 ลบ.ม./วินาที", 2500, "ลูกบาศก์เมตรต่อวินาที", "other"),
        ("ถนนกว้าง 6 ม.", "6 ม.", 6, "เมตร", "other"),
        ("ระยะทางรวม3,380เมตร", "3,380เมตร", 3380, "เมตร", "other"),
        ("เงินรางวัลคนละ 20 บาท", "20 บาท", 20, "บาท", "money"),
        ("ในสวนสัตว์ มีผู้เข้าชมคึกคักตลอดวัน และมีผู้เข้าชม 500 คน", "500 คน", 500, "คน", "people"),
        ("รายการต่อไปนี้\n1. 7 จังหวัดเข้าร่วม", "7 จังหวัด", 7, "จังหวัด", "other"),
    ],
)
def test_amount(text: str, surface: str, amount: float, unit: str, kind: str) -> None:
    (only,) = found(text)
    assert (only.surface, only.unit, only.kind) == (surface, unit, kind)
    assert only.amount == pytest.approx(amount)


@pytest.mark.parametrize(
    "text",
    [
        "ผู้มีอายุ 60 ปีขึ้นไป",
        "ครบรอบ 117 ปี",
        "ทรงเจริญพระชนมพรรษา 6 รอบ",
        "อบรม 3 วัน 2 คืน ตลอด 24 ชั่วโมง",
        "ห้องประชุม ชั้น 5 อาคารหลังใหม่",
        "หมู่ที่ 8 ตำบลบ้านทุ่ง",
        "ม.5 ตำบลบ้านทุ่ง",
        "การประชุมครั้งที่ 58",
        "ห้องประชุม 4 ศูนย์ราชการ",
        "ทางหลวงหมายเลข 21",
        "วันที่ 22 กันยายน 2565 จังหวัดสมมุติ",
        "เมื่อ 22 ก.ย. 65 จังหวัดสมมุติ",
        "ในปี 2565 โครงการเริ่มขึ้น",
        "ผู้เข้าชม 77 ท่าน",
        "จำนวนผู้เข้าชม : 55 คน",
        "อ่าน : 324 ครั้ง",
        "ในภาพอาจจะมี 2 คน, ผู้คนกำลังยืน",
        "โทร 0-7534-8118 คน",
        "หนังสือที่ สฎ 0018.2/111 ราย",
        "หนึ่งเดียว 1 ตำบล 1 ผลิตภัณฑ์",
        "ค่าตอบแทน 120-240 บาท",
        "ครั้งละ 10 ถึง 20 คน",
        "ระยะทาง 1. 7 กิโลเมตร",
        "ยาว 3+320 กิโลเมตร",
        "รวม 20,00 บาท",
        "กว่า 20 ล้าน",
        "โควิด-19 จังหวัดสมมุติ",
        "โควิด 19 จังหวัดสมมุติ",
        "ฝุ่น PM2.5 จังหวัดสมมุติ",
        "1 นายสมมุติ ใจดี",
        "ลำดับ 5 ลำดับแรก",
        "",
        "ช่วงต้น 2565 ครัวเรือนยากจนลดลง",
    ],
)
def test_what_counts_nothing(text: str) -> None:
    assert plain(text) == []


def test_numbers_inside_dates_count_nothing() -> None:
    text = "กิจกรรม 15 คน เดือนนี้"
    mention = DateMention(8, 13, text[8:13], date(2022, 1, 1), date(2022, 1, 1), "day")
    assert [one.surface for one in found(text)] == ["15 คน"]
    assert found(text, [mention]) == []


def test_amounts_stand_in_the_order_of_the_text() -> None:
    text = "ชาย 20 คน หญิง 24 คน งบประมาณ 5,000 บาท"
    assert [one.surface for one in found(text)] == ["20 คน", "24 คน", "5,000 บาท"]


THAI = st.text(alphabet="กขคงนบาทรายแหคไร่ล้พันหมื่ต.,-–/ \n0123456789๐๑๒๓%()ๆฯ", max_size=120)


@settings(max_examples=100, deadline=None)
@given(st.one_of(THAI, st.text(max_size=80)))
def test_spans_hold_on_any_text(text: str) -> None:
    quantities = found(text)
    assert quantities == found(text)
    end = 0
    for one in quantities:
        assert text[one.span_start : one.span_end] == one.surface
        assert one.span_start >= end
        assert one.amount >= 0
        end = one.span_end
