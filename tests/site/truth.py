"""Three hundred invented Thai releases: the truth that every kind of site shows in its own way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

PROVINCES = ("นครพนม", "ตรัง", "น่าน", "สุรินทร์", "ชลบุรี", "ลพบุรี", "กระบี่", "เลย", "ยะลา", "ตาก")
DISTRICTS = ("บ้านทดสอบ", "หนองตัวอย่าง", "โคกสมมติ", "ท่าจำลอง", "นาแบบแผน", "ทุ่งลองดู", "ห้วยสาธิต")
NAMES = ("สมมติ ใจกล้า", "ทดลอง พาเพียร", "ตัวอย่าง มั่นคง", "จำลอง แสนดี", "สาธิต รักงาน", "ลองดู ศรีสุข")
EVENTS = (
    "ประชุมติดตามการขับเคลื่อนโครงการหมู่บ้านตัวอย่าง",
    "เปิดงานตลาดนัดสินค้าชุมชนประจำปี",
    "มอบถุงยังชีพแก่ผู้ประสบอุทกภัย",
    "ลงพื้นที่ตรวจเยี่ยมศูนย์เรียนรู้ชุมชนต้นแบบ",
    "ประชุมคณะกรมการจังหวัดและหัวหน้าส่วนราชการ",
    "ตรวจความพร้อมจุดบริการประชาชนช่วงเทศกาล",
    "เป็นประธานพิธีมอบบ้านแก่ครัวเรือนยากจน",
)
TASKS = (
    "ให้ทุกอำเภอเร่งสำรวจครัวเรือนที่ได้รับความเดือดร้อนและรายงานผลทุกวันศุกร์",
    "ให้ท้องถิ่นจังหวัดจัดเตรียมเครื่องจักรกลและกำลังคนให้พร้อมตลอดเวลา",
    "ขอให้พัฒนาการจังหวัดส่งเสริมการปลูกผักสวนครัวทุกครัวเรือน",
    "ให้สาธารณสุขจังหวัดดูแลผู้ป่วยติดเตียงอย่างใกล้ชิด",
    "ให้ประชาสัมพันธ์จังหวัดเผยแพร่ข้อมูลที่ถูกต้องแก่ประชาชน",
    "ขอความร่วมมือกำนันผู้ใหญ่บ้านเฝ้าระวังการเผาในพื้นที่เกษตร",
)
MONTHS = (
    *("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน"),
    *("กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"),
)
COUNT = 300
FIRST = datetime(2022, 3, 1, 8, 30)


@dataclass(frozen=True, slots=True)
class Release:
    """One release. ``posted`` and ``modified`` are Thai local time."""

    number: int  # 1 … 300, the site's id
    title: str
    posted: datetime
    event: date
    paragraphs: tuple[str, ...]
    items: tuple[str, ...]  # numbered from 1; may be empty
    form: str  # how the items are shown: "ol" or "text"
    modified: datetime
    province: str

    @property
    def lines(self) -> list[str]:
        """The body's lines as READ has them: an <ol>'s numbers stand before its items."""
        items = [f"{number}. {text}" for number, text in enumerate(self.items, 1)]
        return [*self.paragraphs[:2], *items, *self.paragraphs[2:]]

    @property
    def html(self) -> str:
        """The body as the sites' editors make it."""
        before = "".join(f"<p>{text}</p>\n" for text in self.paragraphs[:2])
        after = "".join(f"<p>{text}</p>\n" for text in self.paragraphs[2:])
        if self.form == "ol":
            middle = "<ol>" + "".join(f"<li>{text}</li>\n" for text in self.items) + "</ol>\n"
        else:
            middle = "".join(f"<p>{number}. {text}</p>\n" for number, text in enumerate(self.items, 1))
        return before + (middle if self.items else "") + after

    def edited(self, at: datetime, note: str = "แก้ไขเพิ่มเติม") -> Release:
        """The same release after its authors changed it."""
        told = f"{self.paragraphs[-1]} ({note}ในรายละเอียดของงานลำดับที่ {self.number})"
        return replace(self, paragraphs=(*self.paragraphs[:-1], told), modified=at)


def thai_day(day: date) -> str:
    """12 มกราคม 2566"""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}"


@cache
def releases(count: int = COUNT) -> tuple[Release, ...]:
    """The releases by number; the last is the newest. Always the same."""
    return tuple(release(number) for number in range(1, count + 1))


def release(number: int) -> Release:
    """One release, made by its number alone."""
    province = PROVINCES[number % len(PROVINCES)]
    district = DISTRICTS[number % len(DISTRICTS)]
    name, other = NAMES[number % len(NAMES)], NAMES[(number + 2) % len(NAMES)]
    event = EVENTS[(number // 2) % len(EVENTS)]
    # A dozen at a time are posted in one and the same minute, as where a batch is brought in.
    posted = FIRST + timedelta(days=2 * (number // 12), hours=number // 12 % 9)
    day = posted.date() - timedelta(days=number % 4)
    paragraphs = (
        f"วันที่ {thai_day(day)} เวลา {9 + number % 7:02d}.30 น. นาย{name} ผู้ว่าราชการจังหวัด{province} {event} "
        f"ณ หอประชุมอำเภอ{district} จังหวัด{province} โดยมีนาง{other} นายอำเภอ{district} "
        f"พร้อมด้วยหัวหน้าส่วนราชการ และประชาชน จำนวน {40 + number} คน เข้าร่วม",
        f"ผู้ว่าราชการจังหวัด{province}กล่าวว่า งานครั้งที่ {number} นี้ใช้งบประมาณ {number * 1250:,} บาท "
        "มุ่งให้ทุกหมู่บ้านมีส่วนร่วมในการวางแผนและติดตามผลอย่างต่อเนื่อง เพื่อให้เกิดประโยชน์สูงสุดแก่พี่น้องประชาชน",
        f"ทั้งนี้ จังหวัด{province}จะติดตามผลและรายงานความคืบหน้าในการประชุมครั้งที่ {number + 1} ต่อไป",
    )
    listed = number % 2 == 0
    items = tuple(
        f"{TASKS[(number + k) % len(TASKS)]} ในพื้นที่ตำบลที่ {number * 7 + k}" for k in range(2 + number % 4)
    )
    if listed:
        paragraphs = (paragraphs[0], f"{paragraphs[1]} และได้มอบแนวทาง {len(items)} ข้อ ดังนี้", paragraphs[2])
    return Release(
        number,
        f"จังหวัด{province} {event} อำเภอ{district} ครั้งที่ {number}",
        posted,
        day,
        paragraphs,
        items if listed else (),
        "ol" if number % 4 == 0 else "text",
        posted + timedelta(minutes=number),
        province,
    )
