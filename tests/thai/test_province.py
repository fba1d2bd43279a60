"""The province of the event: the lead's venue, else what the title and the lead are about, else none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.thai.lead import find_lead
from moi_pipeline.thai.model import OfficialMention, Release
from moi_pipeline.thai.places import find_places
from moi_pipeline.thai.province import release_province


def province_of(
    text: str, officials: list[OfficialMention] | None = None, site_province: str | None = None
) -> str | None:
    title_end = text.find("\n") if "\n" in text else 0
    release = Release(text, title_end, site_province=site_province)
    found = release_province(release, find_places(release), officials or [])
    return found.name if found else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the lead's venue
        (
            "ประชุมติดตามงาน\nวันที่ 3 มีนาคม 2566 เวลา 09.00 น. ณ ห้องประชุมภูผา ชั้น 2 ศาลากลางจังหวัดเลย นายสมควร ใจมั่น",
            "เลย",
        ),
        (
            "รองปลัดกระทรวงตรวจงานจังหวัดระยอง\nวันนี้ (5 ม.ค. 65) ที่ศูนย์แถลงข่าว กระทรวงตัวอย่าง จ.นนทบุรี นายสมควร ใจมั่น "
            "กล่าวถึงจังหวัดระยอง และผู้ว่าราชการจังหวัดระยอง",
            "นนทบุรี",
        ),
        ("เปิดงาน\nวันที่ 5 มีนาคม 2566 ลงพื้นที่บ้านนาดี ตำบลนาดี อำเภอเมือง จังหวัดแพร่ โดยมีผู้นำชุมชน", "แพร่"),
        ("เปิดงาน\nวันที่ 5 มีนาคม 2566 นายสมควร ใจมั่น เปิดงาน ณ วัดกลาง อำเภอเมืองนครพนม", "นครพนม"),
        # a venue that names no province decides too
        (
            "ปลัดกระทรวงนำประชุม\nวันนี้ (5 ม.ค. 65) ที่ห้องประชุมใหญ่ กระทรวงมหาดไทย นายสมควร ใจมั่น ประชุมเตรียมการ "
            "ก่อนคณะรัฐมนตรีประชุม ณ จังหวัดสงขลา โดยมีรองผู้ว่าราชการจังหวัดน่าน ร่วมประชุม",
            None,
        ),
        ("นายกฯ แถลง\nวันนี้ เวลา 10.00 น. ณ ทำเนียบรัฐบาล นายสมควร ใจมั่น กล่าวถึงจังหวัดตาก", None),
        # another day's venue does not
        (
            "ผู้ว่าฯ พะเยา ชวนใส่ผ้าไทย\nวันนี้ (6 เม.ย. 66) นายสมควร ใจมั่น ผู้ว่าราชการจังหวัดพะเยา เปิดเผยว่า ได้รับแบบลายผ้า "
            "เมื่อวันที่ 9 มีนาคม 2566 ณ โรงแรมใหญ่ จ.นนทบุรี",
            "พะเยา",
        ),
        # no venue: whose office, official or place it is about
        ("พ่อเมืองสองแคว ชวนชมภาพ\nเมื่อวันที่ 2 มิ.ย. 66 นายสมควร ใจมั่น ผู้ว่าราชการจังหวัดพิษณุโลก เปิดเผยว่า", "พิษณุโลก"),
        (
            "‘นายกฯสมควร’ เปิดแผน\nวันที่ 4 ตุลาคม 2564 ณ โรงแรมดี นายสมควร ใจมั่น นายกเทศมนตรีนครขอนแก่น เป็นประธาน",
            "ขอนแก่น",
        ),
        ("ประชุม\nวันที่ 4 ตุลาคม 2564 นายสมควร ใจมั่น นายก อบจ.ลำปาง ประชุมที่ห้องประชุมสภา", "ลำปาง"),
        ("มอบถุงยังชีพ\nนครนายก - วันนี้ นายสมควร ใจมั่น มอบถุงยังชีพให้ราษฎรที่ประสบภัยในหมู่บ้านริมน้ำ", "นครนายก"),
        ("ออกหน่วย\nวันที่ 4 มีนาคม 2565 นายสมควร ใจมั่น ผวจ.ชร. ออกหน่วยบริการ", "เชียงราย"),
        (
            "กรมจัดอบรมรุ่นที่ 4 จังหวัดชัยนาท\nกรมจัดโครงการอบรมรุ่นที่ 4 จังหวัดชัยนาท โดยมีนายสมควร ใจมั่น เป็นประธาน "
            "ณ รีสอร์ทริมน้ำ ตำบลบ้านกล้วย",
            "ชัยนาท",
        ),
        # several provinces share it, or none is told
        ("ประชุมช่วยเหลือ\nวันนี้ รัฐมนตรีประชุมทางไกล พร้อมด้วยผู้ว่าราชการจังหวัดศรีสะเกษ สุรินทร์ บุรีรัมย์ ร่วมประชุม", None),
        ("มอบผ้า\nจังหวัดกระบี่ และสตูล จัดพิธีมอบแบบลายผ้า วันนี้ นายสมควร ใจมั่น กล่าวว่า", None),
        ("สั่งการทุกจังหวัด\nวันนี้ ปลัดกระทรวงสั่งการผู้ว่าราชการจังหวัดทุกจังหวัดและผู้ว่าราชการกรุงเทพมหานคร", None),
        ("แก้ปัญหา\nวันนี้ อธิบดีกล่าวว่า หลายพื้นที่ยังมีน้ำท่วม อาทิ จังหวัดพิจิตร ณ วัดกลาง และจังหวัดเลย ณ วัดใหญ่", None),
        ("วันเทศบาล\nวันนี้ นายสมควร ใจมั่น นายกเทศมนตรีตำบลนาดี จัดกิจกรรม ณ สำนักงานเทศบาลตำบลนาดี", None),
        ("", None),
        ("\n\n", None),
    ],
)
def test_province(text: str, expected: str | None) -> None:
    assert province_of(text) == expected


@pytest.mark.parametrize(
    ("text", "site", "expected"),
    [
        ("กิจกรรม\nวันนี้ ชาวจังหวัดลำพูน และชาวจังหวัดลำปาง ร่วมกิจกรรมทำความสะอาดริมน้ำ", None, None),
        ("กิจกรรม\nวันนี้ ชาวจังหวัดลำพูน และชาวจังหวัดลำปาง ร่วมกิจกรรมทำความสะอาดริมน้ำ", "ลำพูน", "ลำพูน"),
        ("กิจกรรม\nวันนี้ ชาวจังหวัดลำพูน และชาวจังหวัดลำปาง ร่วมกิจกรรมทำความสะอาดริมน้ำ", "ตาก", None),
        (
            "กิจกรรม\nวันนี้ นายอำเภอบ้านนา เปิดกิจกรรม " + "ก" * 700 + "\nติดต่อสำนักงานจังหวัดลำพูน " + "ก" * 400,
            None,
            None,
        ),
        (
            "กิจกรรม\nวันนี้ นายอำเภอบ้านนา เปิดกิจกรรม " + "ก" * 700 + "\nติดต่อสำนักงานจังหวัดลำพูน " + "ก" * 400,
            "ลำพูน",
            "ลำพูน",
        ),
        ("กิจกรรม\nวันนี้ ชุมชนบ้านเรา ร่วมกิจกรรมทำความสะอาดริมน้ำกัน", "ลำพูน", None),
    ],
)
def test_the_site_speaks_only_for_a_province_of_the_text(
    text: str, site: str | None, expected: str | None
) -> None:
    assert province_of(text, site_province=site) == expected


def test_the_chair_s_area_counts() -> None:
    text = "กิจกรรม\nวันนี้ นายสมควร ใจมั่น นายอำเภอบ้านนา เป็นประธานเปิดกิจกรรมทำความสะอาดริมน้ำ จังหวัดนครนายก"
    chair = OfficialMention(
        span_start=15, span_end=30, surface=text[15:30], title="นาย", given_name="สมควร", family_name="ใจมั่น",
        full_name="สมควร ใจมั่น", province_code="TH-26", role="chair",
    )  # fmt: skip
    assert province_of(text, [chair]) == "นครนายก"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the title's echoes and a posting line are not the lead
        ("ชื่อข่าวของงานใหญ่ประจำปี\nชื่อข่าวของงานใหญ่ประจำปี\nวันศุกร์ที่ 3 มีนาคม 2566\nวันนี้ นายสมควร เป็นประธาน", "วันนี้"),
        # where the title is the beginning of the whole lead, the body's copy is the lead
        ("ชื่อข่าวของงานใหญ่ประจำปี\n" + "ชื่อข่าวของงานใหญ่ประจำปี " + "ก" * 450, "ชื่อข่าว"),
        ("ชื่อข่าว", "ชื่อข่าว"),
    ],
)
def test_lead(text: str, expected: str) -> None:
    title_end = text.find("\n") if "\n" in text else 0
    lead = find_lead(text, title_end)
    assert text[lead.start :].startswith(expected)
    assert lead.start <= lead.opening <= lead.end <= len(text)


def test_a_list_ends_the_lead() -> None:
    text = "ชื่อข่าว\nวันนี้ นายสมควร ใจมั่น กล่าวถึงพิธีในหลายพื้นที่ อาทิ\n1. จังหวัดเลย ณ วัดกลาง\n2. จังหวัดแพร่ ณ วัดใหญ่"
    assert text[: find_lead(text, 8).end].endswith("อาทิ")


_PIECES = st.sampled_from(
    [
        "จังหวัด", "จ.", "ผู้ว่าราชการจังหวัด", "ผู้ว่าฯ ", "พ่อเมือง", "ณ ", "วันนี้ ", "เมื่อวันที่ 3 มีนาคม 2566 ", "ที่", "วัดกลาง",
        "ตรัง", "น่าน ", "สงขลา", "กระทรวง", "กรุงเทพ", "กทม.", "\n", " ", "1. ", "และ", " - ", "อาทิ ", "โคราช", "น. ",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(_PIECES | st.text(max_size=3), max_size=30).map("".join),
    st.integers(0, 40),
    st.sampled_from([None, "ตรัง", "ไม่มี"]),
)
def test_any_text(text: str, title_end: int, site: str | None) -> None:
    release = Release(text, min(title_end, len(text)), site_province=site)
    places = find_places(release)
    found = release_province(release, places, [])
    assert found == release_province(release, places, [])
    if found is not None:
        spellings = (found.name, *found.spellings, *found.nicknames)
        squeezed = "".join(text.split())
        assert any(spelling in squeezed for spelling in spellings)  # never from outside the text
