"""Invented releases for the curated model: who, where, when and what can be chosen."""

from __future__ import annotations

from pathlib import Path

ORDERS = (
    "เร่งสำรวจครัวเรือนที่ได้รับผลกระทบจากน้ำหลากให้แล้วเสร็จและรายงานผลผ่านระบบกลางทุกวันศุกร์",
    "จัดเวรเฝ้าระวังจุดเสี่ยงริมแม่น้ำตลอดยี่สิบสี่ชั่วโมงร่วมกับองค์กรปกครองส่วนท้องถิ่นและอาสาสมัคร",
    "ประชาสัมพันธ์ช่องทางขอความช่วยเหลือให้ประชาชนทราบอย่างทั่วถึงทั้งทางหอกระจายข่าวและสื่อออนไลน์",
)


def told(
    province: str,
    date: str,
    official: str = "",
    about: str = "ประชุมติดตามงานประจำเดือน",
    *,
    orders: tuple[str, ...] = (),
    declared: int | None = None,
    more: str = "",
) -> str:
    """A release of a province about one day; ``official`` is name and position as they stand in the text."""
    text = (
        f"จังหวัด{province} {about}\n\n"
        f"เมื่อวันที่ {date} ณ ห้องประชุม ศาลากลางจังหวัด{province} อำเภอเมือง จังหวัด{province} "
        f"{official or 'คณะทำงาน'} เป็นประธานการ{about} โดยมีหัวหน้าส่วนราชการที่เกี่ยวข้องเข้าร่วม{more}\n"
    )
    if orders:
        text += f"ที่ประชุมได้กำหนดแนวทาง จำนวน {declared or len(orders)} ข้อ ดังนี้\n"
        text += "".join(f"{number}. {order}\n" for number, order in enumerate(orders, 1))
    return text


def write(folder: Path, texts: dict[str, str]) -> Path:
    """A folder with a text file a release."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder
