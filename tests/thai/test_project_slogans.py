"""Names of projects that go on behind a space, and words behind โครงการ that are no name; all invented."""

from __future__ import annotations

import pytest

from moi_pipeline.thai.model import Release
from moi_pipeline.thai.projects import find_projects

CASES = [
    # the edition's year ends what the space only parts
    (
        "ดำเนินโครงการ เสริมพลังผู้นำสตรี  เพื่อครอบครัวอบอุ่น  ประจำปีงบประมาณ พ.ศ. 2563เพื่อ",
        ["เสริมพลังผู้นำสตรี เพื่อครอบครัวอบอุ่น"],
    ),
    ("ตามโครงการสู้จนเชิงรุก ปลุกใจคนสู้งาน ปี'65", ["สู้จนเชิงรุก ปลุกใจคนสู้งาน"]),
    ("จัดโครงการเยาวชนรักถิ่น เพื่อปลูกฝังจิตสำนึกแก่เยาวชน โดยมี", ["เยาวชนรักถิ่น"]),
    ("จัดโครงการเยาวชนรักถิ่น จัดประกวดร้องเพลง ประจำปี 2566", ["เยาวชนรักถิ่น"]),
    # a slogan's second half may hold a number, and begin with a verb
    ("เปิดโครงการถุงเดียวไม่พอ ขอเพิ่ม 3 ถุง โดยมี นาย ก", ["ถุงเดียวไม่พอ ขอเพิ่ม 3 ถุง"]),
    ("เปิดโครงการคลองสวยด้วยใจ ขอเชิญประชาชนร่วมงาน", ["คลองสวยด้วยใจ"]),
    # a bare verb is not the whole name where another follows
    ("โครงการส่งเสริม สนับสนุน และพัฒนาวิสาหกิจชุมชนริมโขง ประจำปี 2566", ["ส่งเสริม สนับสนุน และพัฒนาวิสาหกิจชุมชนริมโขง"]),
    ("โครงการรวมพลังแม่บ้านสู้ภัยหนาว ประจำปี 2566", ["รวมพลังแม่บ้านสู้ภัยหนาว"]),
    # what is done and to what is no name, unless an opening or an edition makes it one
    ("รัฐบาลมีโครงการกระตุ้นเศรษฐกิจ และโครงการช่วยเหลือชาวนา ในจังหวัด", []),
    ("เป็นประธานเปิดโครงการส่งเสริมอาชีพ ณ ศาลาประชาคม", ["ส่งเสริมอาชีพ"]),
    ("ดำเนินโครงการส่งเสริมอาชีพ ประจำปี 2566", ["ส่งเสริมอาชีพ"]),
    ("ให้อำเภอจัดทำแผนงาน/โครงการพัฒนาแหล่งน้ำขนาดเล็กที่จำเป็นเร่งด่วน", []),
    ("ตามคำขวัญของโครงการฯ “รักบ้านเกิดต้องตอบแทน” ต่อไป", []),
    # a line wrapped before the name, an organisation glued to it, an edition behind several parts
    ("ให้สำนักงานดำเนินโครงการ\n“สามหาดสามใจ ไปได้ทุกวัน” ในปีงบประมาณ พ.ศ. 2566", ["สามหาดสามใจ ไปได้ทุกวัน"]),
    ("ตามโครงการอบรมผู้นำท้องที่ยุคใหม่ของที่ทำการปกครองอำเภอ โดยมี", ["อบรมผู้นำท้องที่ยุคใหม่"]),
    (
        "ตามโครงการสร้างสรรค์เครือข่ายเยาวชนคนกล้า รักษ์ถิ่นเกิด และรู้ทันสื่อ ประจำปีงบประมาณ พ.ศ. ๒๕๖๗",
        ["สร้างสรรค์เครือข่ายเยาวชนคนกล้า รักษ์ถิ่นเกิด และรู้ทันสื่อ"],
    ),
    ("โครงการจังหวัดเคลื่อนที่ไม่ใช่เพียงการออกหน่วย", ["จังหวัดเคลื่อนที่"]),
    # a known system's name may begin a longer one
    ("รายงานผ่านระบบ TPMAP Logbook Plus ทุกเดือน", ["TPMAP Logbook Plus"]),
    ("รายงานผ่านแอปพลิเคชัน Telehealth ทุกเดือน", []),
    # words that are a programme's name only behind a word such as โครงการ, or with its English name
    ("มุ่งสู่ครอบครัวยั่งยืน หมู่บ้านยั่งยืน อำเภอยั่งยืน", []),
    ("มุ่งสู่หมู่บ้านยั่งยืน (Sustainable Village) ทั้งอำเภอ", ["หมู่บ้านยั่งยืน"]),
    ("ขับเคลื่อนโครงการหมู่บ้านยั่งยืน ในพื้นที่", ["หมู่บ้านยั่งยืน"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_where_a_name_goes_on_and_where_none_stands(text: str, expected: list[str]) -> None:
    found = find_projects(Release("หัวข้อข่าว\n" + text, len("หัวข้อข่าว")))
    assert list(dict.fromkeys(" ".join(mention.name.split()) for mention in found)) == expected
