"""Numbered lists in every form that real releases write them; the texts are made up in those forms."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.thai.items import find_items
from moi_pipeline.thai.model import OfficialMention, PolicyItem, Release

TITLE = "อำเภอบ้านสวนประชุมประจำเดือน"


def found(body: str, officials: list[OfficialMention] | None = None) -> list[PolicyItem]:
    text = f"{TITLE}\n{body}"
    items = find_items(Release(text, len(TITLE)), officials or [])
    for item in items:
        assert text[item.span_start : item.span_end] == item.text
        assert item.text == item.text.strip()
    return items


def brief(body: str) -> list[tuple[int, str, str]]:
    return [(item.list_no, item.item_no, item.text) for item in found(body)]


def one_list(*texts: str) -> list[tuple[int, str, str]]:
    return [(1, str(number), text) for number, text in enumerate(texts, start=1)]


@pytest.mark.parametrize(
    ("body", "markers"),
    [
        ("ดังนี้\n1. เร่งรัดงบ\n2. ขุดลอกคลอง\n3. กำจัดขยะ", ["1.", "2.", "3."]),
        ("ดังนี้\n1.เร่งรัดงบ\n2.ขุดลอกคลอง\n3.กำจัดขยะ", ["1.", "2.", "3."]),
        ("ได้แก่\n\n  1. เร่งรัดงบ\n\n  2. ขุดลอกคลอง\n\n  3. กำจัดขยะ\n", ["1.", "2.", "3."]),
        ("ดังนี้\n1) เร่งรัดงบ\n2) ขุดลอกคลอง\n3) กำจัดขยะ", ["1)", "2)", "3)"]),
        ("ดังนี้\n(1) เร่งรัดงบ\n(2) ขุดลอกคลอง\n(3) กำจัดขยะ", ["(1)", "(2)", "(3)"]),
        ("ดังนี้\n1.) เร่งรัดงบ\n2.) ขุดลอกคลอง\n3.) กำจัดขยะ", ["1.)", "2.)", "3.)"]),
        ("ดังนี้\n๑. เร่งรัดงบ\n๒. ขุดลอกคลอง\n๓. กำจัดขยะ", ["๑.", "๒.", "๓."]),
        ("ดังนี้\n๑)เร่งรัดงบ\n๒)ขุดลอกคลอง\n๓)กำจัดขยะ", ["๑)", "๒)", "๓)"]),
        ("ดังนี้\n\n      1 เร่งรัดงบ\n\n      2 ขุดลอกคลอง\n\n3 กำจัดขยะ", ["1", "2", "3"]),
        ("ดังนี้\nข้อ 1 เร่งรัดงบ\nข้อ 2 ขุดลอกคลอง\nข้อ 3 กำจัดขยะ", ["ข้อ 1", "ข้อ 2", "ข้อ 3"]),
        ("👉 1. เร่งรัดงบ\n👉 2. ขุดลอกคลอง\n👉 3. กำจัดขยะ", ["1.", "2.", "3."]),
        ("- 1. เร่งรัดงบ\n- 2. ขุดลอกคลอง\n- 3. กำจัดขยะ", ["1.", "2.", "3."]),
        ("1️⃣ เร่งรัดงบ\n2️⃣ ขุดลอกคลอง\n3️⃣ กำจัดขยะ", ["1️⃣", "2️⃣", "3️⃣"]),
        ("ได้แก่ 1. เร่งรัดงบ 2. ขุดลอกคลอง 3. กำจัดขยะ", ["1.", "2.", "3."]),
        ("คือ1.เร่งรัดงบ 2.ขุดลอกคลอง และ3.กำจัดขยะ", ["1.", "2.", "3."]),
        ("ได้แก่ 1)เร่งรัดงบ 2)ขุดลอกคลอง รวมทั้ง 3)กำจัดขยะ", ["1)", "2)", "3)"]),
        ("ได้แก่ 1) เร่งรัดงบ 2 ) ขุดลอกคลอง ตลอดจน 3) กำจัดขยะ", ["1)", "2 )", "3)"]),
        ("ได้แก่ (1) เร่งรัดงบ (2) ขุดลอกคลอง และ (3) กำจัดขยะ", ["(1)", "(2)", "(3)"]),
        ("(ได้แก่ ๑) เร่งรัดงบ ๒) ขุดลอกคลอง และ ๓) กำจัดขยะ)", ["๑)", "๒)", "๓)"]),
        (
            "คือ ยุทธศาสตร์ที่ 1 เร่งรัดงบ ยุทธศาสตร์ที่ 2 ขุดลอกคลอง และยุทธศาสตร์ที่ 3 กำจัดขยะ",
            ["ยุทธศาสตร์ที่ 1", "ยุทธศาสตร์ที่ 2", "ยุทธศาสตร์ที่ 3"],
        ),
        ("มิติที่ ๑ เร่งรัดงบ\nมิติที่ ๒ ขุดลอกคลอง\nมิติที่ ๓ กำจัดขยะ", ["มิติที่ ๑", "มิติที่ ๒", "มิติที่ ๓"]),
        (
            "กิจกรรมที่ 1 : เร่งรัดงบ\nกิจกรรมที่ 2 : ขุดลอกคลอง\nกิจกรรมที่ 3 : กำจัดขยะ",
            ["กิจกรรมที่ 1", "กิจกรรมที่ 2", "กิจกรรมที่ 3"],
        ),
        ("ได้แก่ จุดที่ 1) เร่งรัดงบ จุดที่ 2) ขุดลอกคลอง จุดที่ 3) กำจัดขยะ", ["จุดที่ 1)", "จุดที่ 2)", "จุดที่ 3)"]),
        (
            "คือ เสากลางที่ 1 เร่งรัดงบ เสากลางที่ 2 ขุดลอกคลอง และเสากลางที่ 3 กำจัดขยะ",
            ["เสากลางที่ 1", "เสากลางที่ 2", "เสากลางที่ 3"],
        ),
        (
            "ย้ำประการแรก เร่งรัดงบ ประการที่สอง ขุดลอกคลอง และประการสุดท้าย กำจัดขยะ",
            ["ประการแรก", "ประการที่สอง", "ประการสุดท้าย"],
        ),
        (
            "ประการที่ 1 เร่งรัดงบ ประการที่ 2 ขุดลอกคลอง และประการที่ 3 กำจัดขยะ",
            ["ประการที่ 1", "ประการที่ 2", "ประการที่ 3"],
        ),
    ],
)
def test_marker(body: str, markers: list[str]) -> None:
    items = found(body)
    assert [(item.item_no, item.text) for item in items] == [
        ("1", "เร่งรัดงบ"),
        ("2", "ขุดลอกคลอง"),
        ("3", "กำจัดขยะ"),
    ]
    assert [item.marker for item in items] == markers
    assert [item.position for item in items] == [1, 2, 3]
    assert {item.level for item in items} == {1}


@pytest.mark.parametrize(
    "body",
    [
        "รายชื่อผู้รับรางวัล\n1. นายกิตติ ทองดี\n2. นางสาวสุดา แก้วใส\n3. นายกำพล ศรีสุข",
        "ได้แก่ 1) นายกิตติ ทองดี ปลัดอำเภอ 2) นางสุดา แก้วใส พัฒนาการอำเภอ",
        "สอบถามได้ที่\n1. 02-123-4567\n2. 081-234-5678",
        "1. Skip to Menu\n2. Skip to Content\n3. Skip to Footer",
        "ข้อความ\n1\n2\n3\n4\n1 2 3 4 5",
        "1 มกราคม 2566 พิธีทำบุญ\n2 มกราคม 2566 งานกาชาด",
        "วันที่ 1.02.2565 และ 2.02.2565 เวลา 09.00 น. งบ 1.5 ล้านบาท และ 2.5 ล้านบาท",
        "สอดคล้องกับเป้าหมาย ข้อ 1. การขจัดความยากจน อย่างเดียว",
        "ตามมาตรา 1 และมาตรา 2 ประกอบข้อ 1 และข้อ 2 ของระเบียบ",
        "การประชุมครั้งที่ 1/2565 และครั้งที่ 2/2565",
        "ระเบียบวาระที่ 1 เรื่องแจ้งให้ทราบ\nระเบียบวาระที่ 2 รับรองรายงาน",
        "วาระที่ 1 เรื่องแจ้งให้ทราบ\nวาระที่ 2 รับรองรายงาน",
        "หมู่ที่ 1 ตำบลบ้านสวน หมู่ที่ 2 ตำบลบ้านสวน",
        "วันที่ 1 พิธีเปิด วันที่ 2 พิธีปิด",
        "หมอคนที่ 1 ใกล้บ้าน ร่วมกับหมอคนที่ 2 และ 3",
        "การวิ่ง (ระยะที่ 1) และการเดิน (ระยะที่ 2) ในสวน",
        "ผล 1-0 และ 2-1 ประตู",
        "ลำดับ | ชื่อ | คะแนน\n1. | ทีมแดง | 10\n2. | ทีมดำ | 8",
        "1. ข้อเดียวเท่านั้น",
        "",
    ],
)
def test_no_list(body: str) -> None:
    assert brief(body) == []


@pytest.mark.parametrize(
    ("body", "last"),
    [
        ("ดังนี้\n1. ดูแลน้ำ\n2. ดูแลไฟ\nทั้งนี้ ขอให้ทุกหน่วยรายงานผล", "ดูแลไฟ"),
        ("ดังนี้\n1. ดูแลน้ำ\n2. ดูแลไฟ ทั้งกลางวันและกลางคืน\n\nในการนี้ นายอำเภอได้เยี่ยมชมบูธ", "ดูแลไฟ ทั้งกลางวันและกลางคืน"),
        ("ได้แก่ 1) ดูแลน้ำ 2) ดูแลไฟ โดยผู้ใหญ่บ้านจะเป็นแกนหลัก", "ดูแลไฟ"),
        ("ได้แก่ 1) ดูแลน้ำ 2) ดูแลไฟ นั้น", "ดูแลไฟ"),
        ("ได้แก่ 1) ดูแลน้ำ จำนวน 2 บ่อ 2) ดูแลไฟ จำนวน 3 จุด นอกจากนี้ ยังได้ปลูกป่า", "ดูแลไฟ จำนวน 3 จุด"),
        ("“ขอฝาก 1. ดูแลน้ำให้ดี ไม่ปล่อยน้ำเสีย 2. ดูแลไฟให้ดี ไม่เผาป่า” นายอำเภอกล่าว", "ดูแลไฟให้ดี ไม่เผาป่า"),
        ('"ขอฝาก 1. ดูแลน้ำให้ดี ไม่ปล่อยน้ำเสีย 2. ดูแลไฟให้ดี ไม่เผาป่า" นายอำเภอกล่าว', "ดูแลไฟให้ดี ไม่เผาป่า"),
        ('ได้แก่ 1) โครงการ "น้ำใส" 2) โครงการ "ไฟสว่าง" ในโอกาสนี้ ได้มอบถุงยังชีพ', 'โครงการ "ไฟสว่าง"'),
        ("ได้แก่ 1) ดูแลน้ำ และคูคลอง 2) ดูแลไฟ และป่า นายสมมุติ ใจดี กล่าวว่า ขอบคุณ", "ดูแลไฟ และป่า"),
        ("ดังนี้\n1. ด้านน้ำ\nให้ขุดบ่อ\n2. ด้านไฟ\nให้ทำแนวกันไฟ\nจากนั้น ได้เยี่ยมราษฎร", "ด้านไฟ\nให้ทำแนวกันไฟ"),
        (
            "ดังนี้\n1. ดูแลน้ำ\n- ขุดบ่อ\n2. ดูแลไฟ\n- กันไฟ\n- เฝ้าระวัง\nรายละเอียดมีในเอกสาร",
            "ดูแลไฟ\n- กันไฟ\n- เฝ้าระวัง",
        ),
        (
            "ดังนี้\n1. ดูแลน้ำในลำคลองทุกสายของตำบลให้ใสสะอาดตลอดทั้งปี\nและทุกฤดู\n2. ดูแลไฟ\n"
            "3. ดูแลถนนทุกสายของหมู่บ้านให้สะอาดเรียบร้อยตลอดทั้งปี\nทั้งกลางวันและกลางคืน\nรายละเอียดมีในเอกสาร",
            "ดูแลถนนทุกสายของหมู่บ้านให้สะอาดเรียบร้อยตลอดทั้งปี\nทั้งกลางวันและกลางคืน",
        ),
        (
            "ดังนี้\n1. ดูแลน้ำ\n2. ดูแลไฟ จากนั้น นายอำเภอบ้านสวนพร้อมคณะได้เดินเยี่ยมชมบูธผลิตภัณฑ์ชุมชนและพบปะประชาชน",
            "ดูแลไฟ",
        ),
        ("ดังนี้\n1. ดูแลน้ำ\n2. ดูแลไฟ\nบรรทัดใหม่เล่าเรื่องอื่น", "ดูแลไฟ"),
        ("ได้แก่ 1) ดูแลน้ำ (บ่อ) 2) ดูแลไฟ (ป่า) จะเริ่มเดือนหน้า", "ดูแลไฟ (ป่า)"),
    ],
)
def test_end_of_the_last_item(body: str, last: str) -> None:
    assert brief(body)[-1][2] == last


def test_joining_words_belong_to_no_item() -> None:
    body = "ได้แก่ 1. น้ำดี, 2. ไฟสว่าง; 3. ทางสะดวก ตลอดจน 4. คนมีสุข และ\n5. เมืองสะอาด"
    assert brief(body) == one_list("น้ำดี", "ไฟสว่าง", "ทางสะดวก", "คนมีสุข", "เมืองสะอาด")


def test_page_furniture_belongs_to_no_item() -> None:
    body = "ดังนี้\n1. รักษาความสะอาด\nพิมพ์\n2. ประหยัดพลังงาน\nอ่านเพิ่มเติม...\n3. แต่งกายผ้าไทย\nพิมพ์\n"
    assert brief(body) == one_list("รักษาความสะอาด", "ประหยัดพลังงาน", "แต่งกายผ้าไทย")


def test_continuation_lines_belong_to_their_item() -> None:
    body = "ดังนี้\n1. รักษาความสะอาด\nทั้งในบ้านและนอกบ้าน\n2. ประหยัดพลังงาน\n3. แต่งกายผ้าไทย"
    assert brief(body)[0] == (1, "1", "รักษาความสะอาด\nทั้งในบ้านและนอกบ้าน")


@pytest.mark.parametrize(
    "body",
    [
        "1. ด้านน้ำ\n1.1 ขุดบ่อ\n1.2 สร้างฝาย\n2. ด้านไฟ\n2.1 กันไฟ\n2.2 เฝ้าระวัง\nจากนั้น เยี่ยมชมบูธ",
        "1. ด้านน้ำ\n1) ขุดบ่อ\n2) สร้างฝาย\n2. ด้านไฟ\n1) กันไฟ\n2) เฝ้าระวัง\nจากนั้น เยี่ยมชมบูธ",
        "ได้แก่ 1) ด้านน้ำ 1. ขุดบ่อ 2. สร้างฝาย 2) ด้านไฟ 1. กันไฟ 2. เฝ้าระวัง",
        "๑. ด้านน้ำ\n  (๑) ขุดบ่อ\n  (๒) สร้างฝาย\n๒. ด้านไฟ\n  (๑) กันไฟ\n  (๒) เฝ้าระวัง",
    ],
)
def test_inner_lists(body: str) -> None:
    items = found(body)
    assert [(item.item_no, item.text, item.level) for item in items] == [
        ("1", "ด้านน้ำ", 1),
        ("1.1", "ขุดบ่อ", 2),
        ("1.2", "สร้างฝาย", 2),
        ("2", "ด้านไฟ", 1),
        ("2.1", "กันไฟ", 2),
        ("2.2", "เฝ้าระวัง", 2),
    ]
    assert [item.position for item in items] == [1, 2, 3, 4, 5, 6]
    assert {item.list_no for item in items} == {1}


def test_a_list_announced_by_its_own_clause_is_no_inner_list() -> None:
    body = "มากที่สุด ได้แก่ 1. บ้านสวน 20 ราย 2. บ้านนา 15 ราย ขณะที่น้อยที่สุด ได้แก่ 1. บ้านป่า 3 ราย 2. บ้านเขา 1 ราย"
    assert brief(body) == [
        (1, "1", "บ้านสวน 20 ราย"),
        (1, "2", "บ้านนา 15 ราย"),
        (2, "1", "บ้านป่า 3 ราย"),
        (2, "2", "บ้านเขา 1 ราย"),
    ]


def test_a_marker_without_text_is_no_item() -> None:
    items = found("ดังนี้ 1. 1.1 น้ำดี 1.2 ไฟสว่าง 2. ทางสะดวก")
    assert [(item.item_no, item.position, item.text) for item in items] == [
        ("1.1", 1, "น้ำดี"),
        ("1.2", 2, "ไฟสว่าง"),
        ("2", 3, "ทางสะดวก"),
    ]


def test_names_inside_an_item_stay_in_it() -> None:
    body = "รางวัล ดังนี้\n1. ดีเด่น ได้แก่ 1) นายกิตติ ทองดี 2) นางสุดา แก้วใส\n2. ชมเชย ได้แก่ 1) นายกำพล ศรีสุข"
    assert [number for _, number, _ in brief(body)] == ["1", "2"]
    assert brief(body)[0][2].endswith("นางสุดา แก้วใส")


def test_several_lists() -> None:
    body = (
        "วัตถุประสงค์ ดังนี้\n1. เพื่อสร้างอาชีพ\n2. เพื่อลดรายจ่าย\nกลุ่มเป้าหมาย จำนวน 2 กลุ่ม ได้แก่ "
        "1) สตรี 2) เยาวชน\nพิธีปิดมีขึ้นในช่วงบ่าย"
    )
    items = found(body)
    assert [(item.list_no, item.item_no, item.text) for item in items] == [
        (1, "1", "เพื่อสร้างอาชีพ"),
        (1, "2", "เพื่อลดรายจ่าย"),
        (2, "1", "สตรี"),
        (2, "2", "เยาวชน"),
    ]
    assert [item.declared_count for item in items] == [None, None, 2, 2]


@pytest.mark.parametrize(
    ("intro", "declared", "complete"),
    [
        ("รายงานผลการขับเคลื่อน จำนวน 3 ประเด็น ดังนี้", 3, True),
        ("ภายใต้ 3 ยุทธศาสตร์ คือ", 3, True),
        ("มอบนโยบาย ๓ ข้อ ได้แก่", 3, True),
        ("เน้นย้ำสามประการ ได้แก่", 3, True),
        ("ใน 3 ประเด็นการพัฒนาสำคัญ คือ", 3, True),
        ("จำนวน 3 รายการ วงเงินรวม 38,849 บาท ได้แก่", 3, True),
        ("ส่งเสริม 3 อาชีพ ได้แก่", 3, True),
        ("กำหนดไว้ 5 มาตรการ ดังนี้", 5, False),
        ("ร่วมกับ 7 ภาคีเครือข่าย ขับเคลื่อนงาน โดยมีแนวทาง ดังนี้", None, None),
        ("ภายใน 3 ปี มีแนวทาง ดังนี้", None, None),
        ("มีแนวทาง ดังนี้", None, None),
    ],
)
def test_declared_count(intro: str, declared: int | None, complete: bool | None) -> None:
    items = found(f"{intro}\n1. เร่งรัดงบ\n2. ขุดลอกคลอง\n3. กำจัดขยะ")
    assert [(item.declared_count, item.list_complete) for item in items] == [(declared, complete)] * 3


def test_count_of_the_title() -> None:
    text = "นายอำเภอเปิด 3 แผนพัฒนา\nรายละเอียดมีดังนี้\n1. แผนน้ำ\n2. แผนไฟ\n3. แผนทาง"
    items = find_items(Release(text, text.index("\n")), [])
    assert [item.declared_count for item in items] == [3, 3, 3]


def test_inner_items_do_not_count() -> None:
    items = found("แนวทาง 2 ด้าน ได้แก่\n1. ด้านน้ำ\n1.1 ขุดบ่อ\n1.2 สร้างฝาย\n2. ด้านไฟ")
    assert {(item.declared_count, item.list_complete) for item in items} == {(2, True)}


@pytest.mark.parametrize(
    ("body", "orders"),
    [
        ("ผู้ว่าราชการจังหวัดสั่งการ ดังนี้\n1. เร่งรัดงบ\n2. ขุดลอกคลอง", True),
        ("โดยมีมาตรการ ได้แก่\n1) เร่งรัดงบ\n2) ขุดลอกคลอง", True),
        ("ที่ประชุมมีมติ ดังนี้\n1. รับทราบผลงาน\n2. ให้ทุกหน่วยเร่งรัดงบ", True),
        ("มีผู้ได้รับรางวัล ได้แก่\n1. บ้านสวนใต้\n2. บ้านสวนเหนือ", False),
        ("สั่งการ" + "ความยาวพอประมาณ" * 10 + " มีรางวัล ได้แก่\n1. บ้านสวนใต้\n2. บ้านสวนเหนือ", False),
    ],
)
def test_lists_that_give_orders(body: str, orders: bool) -> None:
    assert {item.gives_orders for item in found(body)} == {orders}


@pytest.mark.parametrize(
    ("body", "intro"),
    [
        ("นายอำเภอมอบแนวทาง โดยมีประเด็นสำคัญ ดังนี้\n1. น้ำดี\n2. ไฟสว่าง", "โดยมีประเด็นสำคัญ ดังนี้"),
        ("มีแนวทางดำเนินงานหลายด้าน\nดังนี้\n1. น้ำดี\n2. ไฟสว่าง", "มีแนวทางดำเนินงานหลายด้าน\nดังนี้"),
    ],
)
def test_introduction(body: str, intro: str) -> None:
    assert {item.list_intro for item in found(body)} == {intro}


def test_introduction_is_at_most_a_hundred_characters() -> None:
    items = found("ก" * 150 + " ข" * 150 + " ดังนี้\n1. น้ำดี\n2. ไฟสว่าง")
    assert all(item.list_intro and len(item.list_intro) <= 100 for item in items)
    assert all(item.list_intro and item.list_intro.endswith("ดังนี้") for item in items)


def official(text: str, name: str) -> OfficialMention:
    start = text.index(name)
    given, family = name.removeprefix("นาย").split()
    return OfficialMention(start, start + len(name), name, "นาย", given, family, f"{given} {family}")


def test_speaker_is_who_last_spoke_before_the_list() -> None:
    body = (
        "นายกิตติ ทองดี นายอำเภอ เป็นประธาน โดยมี นายกำพล ศรีสุข ปลัดอำเภอ เข้าร่วม\n"
        "นายกิตติ ทองดี กล่าวว่า ขอให้ทุกฝ่ายดำเนินการ ดังนี้\n1. น้ำดี\n2. ไฟสว่าง\n"
        "จากนั้น นายกำพล ศรีสุข ได้รายงานผล ดังนี้\n1. น้ำใส\n2. ไฟดับ"
    )
    text = f"{TITLE}\n{body}"
    people = [official(text, "นายกิตติ ทองดี"), official(text, "นายกำพล ศรีสุข")]
    for name in ("นายกิตติ ทองดี", "นายกำพล ศรีสุข"):
        start = text.rindex(name)
        mention = official(text, name)
        people.append(
            OfficialMention(
                start,
                start + len(name),
                name,
                "นาย",
                mention.given_name,
                mention.family_name,
                mention.full_name,
            )
        )
    speakers = [(item.list_no, item.speaker) for item in found(body, people)]
    assert speakers == [(1, "กิตติ ทองดี"), (1, "กิตติ ทองดี"), (2, "กำพล ศรีสุข"), (2, "กำพล ศรีสุข")]


def test_speaker_may_order_later_in_his_sentence() -> None:
    body = "นายกิตติ ทองดี ประชุมร่วมกับส่วนราชการทุกแห่งในพื้นที่ที่ห้องประชุมใหญ่ และได้มอบนโยบาย ดังนี้\n1. น้ำดี\n2. ไฟสว่าง"
    items = found(body, [official(f"{TITLE}\n{body}", "นายกิตติ ทองดี")])
    assert {item.speaker for item in items} == {"กิตติ ทองดี"}


def test_whose_words_are_quoted_is_no_speaker() -> None:
    body = "ตามที่ นายกิตติ ทองดี เคยอยู่ในพื้นที่มานานหลายปีจนเป็นที่รู้จัก จังหวัดได้มอบนโยบาย ดังนี้\n1. น้ำดี\n2. ไฟสว่าง"
    items = found(body, [official(f"{TITLE}\n{body}", "นายกิตติ ทองดี")])
    assert {item.speaker for item in items} == {None}


def test_no_speaker_where_nobody_speaks() -> None:
    body = "นายกิตติ ทองดี เดินทางถึงศาลากลาง มีบูธ ดังนี้\n1. น้ำดี\n2. ไฟสว่าง"
    items = found(body, [official(f"{TITLE}\n{body}", "นายกิตติ ทองดี")])
    assert {item.speaker for item in items} == {None}


def test_posts_with_names_are_no_items() -> None:
    body = "ผู้ร่วมพิธี\n1. ปลัดอำเภอ นายกิตติ ทองดี\n2. เกษตรอำเภอ นายกำพล ศรีสุข"
    text = f"{TITLE}\n{body}"
    spans = [(text.index("ปลัดอำเภอ"), text.index("\n2.")), (text.index("เกษตรอำเภอ"), len(text))]
    people = [OfficialMention(a, b, text[a:b], "นาย", "ก", "ข", "ก ข") for a, b in spans]
    assert found(body, people) == []


def test_a_title_printed_again_gives_its_list_once() -> None:
    title = "ย้ำ 3 เรื่อง 1) น้ำดี 2) ไฟสว่าง 3) ทางสะดวก"
    text = f"{title[:-3]}\n{title}\nวันนี้ นายอำเภอย้ำ 3 เรื่อง 1) น้ำดี 2) ไฟสว่าง 3) ทางสะดวก"
    items = find_items(Release(text, len(title) - 3), [])
    assert [(item.list_no, item.text) for item in items] == [(1, "น้ำดี"), (1, "ไฟสว่าง"), (1, "ทางสะดวก")]
    assert items[0].span_start > len(title) * 2


def test_inner_lists_may_repeat_each_other() -> None:
    body = "ดังนี้\n1. ด้านน้ำ\n1) สำรวจ\n2) แก้ไข\n2. ด้านไฟ\n1) สำรวจ\n2) แก้ไข"
    assert [number for _, number, _ in brief(body)] == ["1", "1.1", "1.2", "2", "2.1", "2.2"]


def test_typing_errors_in_numbers_break_no_list() -> None:
    body = "ดังนี้\n1. น้ำดี\n2. ไฟสว่าง\n4. ทางสะดวก\n4. คนมีสุข\n5. เมืองสะอาด"
    assert [number for _, number, _ in brief(body)] == ["1", "2", "4", "4", "5"]


@pytest.mark.parametrize(
    "block", ["1. ก ", "1. กข 2. ขค ", "1", '"', "(", "นาย", "ที่ 1 ", "1.1 กข ", "ประการแรก กข "]
)
def test_repeated_blocks_are_read(block: str) -> None:
    assert isinstance(found(block * 2000), list)


LIST_TEXT = st.text(alphabet='กขคงนดังนี้ได้แก่คือยุทธศาสตร์ประการแรกข้อ  \n\n0123๑๒๓.)(:-“”"ๆฯ1.2)', max_size=150)
MARKERS = st.lists(
    st.sampled_from(
        [
            "1. ",
            "2. ",
            "3. ",
            "1) ",
            "2) ",
            "(1) ",
            "(2) ",
            "1.1 ",
            "1.2 ",
            "\n",
            "กข ",
            "และ",
            "ดังนี้",
            " ",
            "ข้อ 1 ",
            "ข้อ 2 ",
            "ประการแรก ",
            "ประการสุดท้าย ",
            "ทั้งนี้ ",
            "“",
            "”",
            "นายก ข ",
            "ที่ 1 ",
            "ด้านที่ 1 ",
            "ด้านที่ 2 ",
        ]
    ),
    max_size=40,
).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(LIST_TEXT, MARKERS, st.text(max_size=80)))
def test_items_hold_on_any_text(text: str) -> None:
    items = find_items(Release(text, text.find("\n") if "\n" in text else len(text)), [])
    assert items == find_items(Release(text, text.find("\n") if "\n" in text else len(text)), [])
    by_list: dict[int, list[PolicyItem]] = {}
    for item in items:
        assert text[item.span_start : item.span_end] == item.text
        assert item.text
        assert item.text == item.text.strip()
        by_list.setdefault(item.list_no, []).append(item)
    assert list(by_list) == list(range(1, len(by_list) + 1))
    for members in by_list.values():
        assert len(members) >= 2
        assert [item.position for item in members] == list(range(1, len(members) + 1))
        starts = [item.span_start for item in members]
        assert starts == sorted(starts)
        assert all(one.span_end <= two.span_start for one, two in pairwise(members))


def test_lists_one_after_another_do_not_nest_without_end() -> None:
    text = "หัวข้อข่าว\nแบ่งเป็น " + "1) อบรมเกษตรกร 2) แจกพันธุ์ปลา 3) ตั้งกลุ่มออม " * 60
    items = find_items(Release(text, 10), [])
    assert len(items) > 100
    assert max(len(item.item_no) for item in items) <= 11
