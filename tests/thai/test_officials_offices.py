"""Which office, organisation and province a position names."""

from __future__ import annotations

import pytest

from moi_pipeline.thai.lexicon import load_table
from moi_pipeline.thai.offices import office_of
from moi_pipeline.thai.provinces import province_coded


@pytest.mark.parametrize(
    ("position", "key", "organisation", "province_code"),
    [
        ("ผู้ว่าราชการจังหวัดตรัง", "governor", "จังหวัดตรัง", "TH-92"),
        ("ผวจ.นฐ.", "governor", "จังหวัดนครปฐม", "TH-73"),
        ("ผู้ว่าฯพิจิตร", "governor", "จังหวัดพิจิตร", "TH-66"),
        ("ผู้ว่าราชการ จ.ฉะเชิงเทรา", "governor", "จังหวัดฉะเชิงเทรา", "TH-24"),
        ("พ่อเมืองนนทบุรี", "governor", "จังหวัดนนทบุรี", "TH-12"),
        ("รอง ผวจ.พังงา", "vice_governor", "จังหวัดพังงา", "TH-82"),
        ("รองผู้ว่าราชการจังหวัด", "vice_governor", None, None),
        ("ผู้ว่าราชการกรุงเทพมหานคร", "bangkok_governor", "กรุงเทพมหานคร", "TH-10"),
        ("ปลัดกระทรวงมหาดไทย", "permanent_secretary", "กระทรวงมหาดไทย", None),
        ("ปลัด มท.", "permanent_secretary", None, None),
        ("รองปลัดกระทรวงมหาดไทย", "deputy_permanent_secretary", "กระทรวงมหาดไทย", None),
        ("รมว.มหาดไทย", "minister_of_interior", "กระทรวงมหาดไทย", None),
        ("มท.1", "minister_of_interior", "กระทรวงมหาดไทย", None),
        ("รมช.มหาดไทย", "deputy_minister_of_interior", "กระทรวงมหาดไทย", None),
        ("นายกรัฐมนตรีและรัฐมนตรีว่าการกระทรวงกลาโหม", "prime_minister", "กระทรวงกลาโหม", None),
        ("นายอำเภอเมืองตรัง", "district_chief", "อำเภอเมืองตรัง", "TH-92"),
        ("นอภ.ชุมแพ", "district_chief", "อำเภอชุมแพ", None),
        ("พัฒนาการจังหวัดนครปฐม", "provincial_cdd_chief", "สำนักงานพัฒนาชุมชนจังหวัดนครปฐม", "TH-73"),
        ("พัฒนาการอำเภอเทิง", "district_cdd_chief", "สำนักงานพัฒนาชุมชนอำเภอเทิง", None),
        ("นายแพทย์สาธารณสุขจังหวัดประจวบฯ", "provincial_public_health_chief", "สำนักงานสาธารณสุขจังหวัดประจวบคีรีขันธ์", "TH-77"),
        ("นายกเทศมนตรีนครขอนแก่น", "mayor", "เทศบาลนครขอนแก่น", "TH-40"),
        ("นายกเทศมนตรีตำบลบัลลังก์", "mayor", "เทศบาลตำบลบัลลังก์", None),
        ("รองนายกเทศมนตรีเมืองน่าน", "vice_mayor", "เทศบาลเมืองน่าน", "TH-55"),
        ("นายก อบจ.ลำพูน", "pao_president", "องค์การบริหารส่วนจังหวัดลำพูน", "TH-51"),
        ("นายกองค์การบริหารส่วนจังหวัดลำพูน", "pao_president", "องค์การบริหารส่วนจังหวัดลำพูน", "TH-51"),
        ("นายกองค์การบริหารส่วนตำบลบ้านนา", "sao_president", "องค์การบริหารส่วนตำบลบ้านนา", None),
        ("นายกเหล่ากาชาดจังหวัดตรัง", "provincial_red_cross_president", "เหล่ากาชาดจังหวัดตรัง", "TH-92"),
        ("อธิบดีกรมการพัฒนาชุมชน", "director_general", "กรมการพัฒนาชุมชน", None),
        ("เจ้าอาวาสวัดบ้านใหม่", "abbot", "วัดบ้านใหม่", None),
        ("รองผู้ว่าราชการจังหวัด รักษาราชการแทนผู้ว่าราชการจังหวัดตรัง", "governor", "จังหวัดตรัง", "TH-92"),
        ("อดีตผู้ว่าราชการจังหวัดตรัง", None, "จังหวัดตรัง", "TH-92"),
        ("ศิลปินพื้นบ้าน", None, None, None),
    ],
)  # fmt: skip
def test_office(position: str, key: str | None, organisation: str | None, province_code: str | None) -> None:
    office = office_of(position)
    assert (office.key, office.organisation, office.province_code) == (key, organisation, province_code)


def test_every_form_belongs_to_one_office() -> None:
    offices = load_table("offices")["office"]
    keys = [office["key"] for office in offices]
    forms = [form for office in offices for form in office["forms"]]
    assert len(keys) == len(set(keys)) >= 40
    assert len(forms) == len(set(forms))
    assert all(form == "".join(form.split()) for form in forms)
    assert all(province_coded(office["province"]) for office in offices if "province" in office)
