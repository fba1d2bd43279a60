"""Times of day ("09.00 น.", "9.30-16.30 น.", "13:30 น.", "เวลา 1000"), bound to the date that they belong to."""

from __future__ import annotations

import re
from datetime import time

from moi_pipeline.thai.calendar_words import DASH, SP, N

# A venue may stand between a date and its time, a whole sentence hardly.
_AFTER = 160
_BEFORE = 48

_HOURS = rf"{SP}(?:นาฬิกา|น\.|น(?![ก-๎]))"

# One time, beginning with a figure so that it is quickly found: "11.ooน." has letters typed for zeros, "08.30. น." a
# point too many, "18:02:14" seconds.
_MINUTES = rf"{SP}[.:;]{SP}(?:{N}{{2}}|[oO]{{2}})(?!{N})(?:[.:]{N}{{2}}(?!{N}))?\.?"
_TIME = re.compile(
    rf"{N}(?<!{N}{N})(?<!{N}[.,/].){N}?{_MINUTES}(?:{_HOURS})?"
    rf"(?:{SP}(?:{DASH}|(?:ไป)?(?:จน)?ถึง){SP}(?:เวลา{SP})?{N}{{1,2}}{_MINUTES}(?:{_HOURS})?)?"
    rf"|{N}(?<!{N}{N}){N}{{3}}(?!{N}|[.,:/]{N})(?:{_HOURS})?"
)
_PARTS = re.compile(rf"({N}{{1,2}}){SP}[.:;]?{SP}({N}{{2}}|[oO]{{2}})(?:[.:]{N}{{2}})?")
_HOURS_WORD = re.compile(_HOURS)
_NAMED = re.compile(rf"เวลา{SP}(?:ประมาณ{SP})?\Z")
_STAMP_LEAD = re.compile(r"[ \t\xa0,:/|()]{0,6}")
# What may stand between a time and the date right after it: "ของวันนี้ (", "วันที่ ".
_BETWEEN = re.compile(
    rf"{SP}(?:ของ)?{SP}(?:เช้า|บ่าย|ค่ำ)?(?:วันนี้|เมื่อวานนี้)?{SP}[(<\[]?{SP}(?:ใน|เมื่อ)?"
    rf"(?:วัน[^\s\d๐-๙]{{0,12}})?{SP}(?:ที่)?{SP}"
)
Times = tuple[time | None, time | None]
_Bound = tuple[time, time | None, int]


def bind_times(text: str, days: list[tuple[int, int]]) -> list[Times]:
    """For each day's span, in order, the time that stands after it, or right before it; None, None with none."""
    out: list[Times] = []
    free_from = 0  # a time belongs to one date
    for place, (start, end) in enumerate(days):
        next_day = days[place + 1][0] if place + 1 < len(days) else len(text)
        limit = min(next_day, end + _AFTER)
        line_end = text.find("\n", end, limit)
        found = _time_after(text, end, limit if line_end < 0 else line_end, next_day)
        if found is None:
            found = _time_before(text, max(free_from, start - _BEFORE), start)
        if found is None:
            out.append((None, None))
        else:
            free_from = found[2]
            out.append((found[0], found[1]))
    return out


def time_inside(text: str, start: int, end: int) -> time | None:
    """The time that stands between the two ends of a range ("5 มีนาคม 2566 เวลา 08.00 น. ถึงวันที่ 7 ...")."""
    for found in _TIME.finditer(text, start, end):
        if _is_time(text, found) and (value := _value(found)):
            return value[0]
    return None


def _time_after(text: str, start: int, limit: int, next_day: int) -> _Bound | None:
    """The first time between a date and the place where its reach ends."""
    at = start
    while found := _TIME.search(text, at, limit):
        at = found.end()
        # Figures alone are a time only as the stamp right behind a date: "4 ธ.ค. 2564, 09:06".
        if _is_time(text, found) or (
            not found[0].isdecimal() and _STAMP_LEAD.fullmatch(text, start, found.start())
        ):
            if limit == next_day < len(text) and _BETWEEN.fullmatch(text, at, limit):
                return None  # "... เวลา 10.00 น.วันที่ 20 เม.ย.": it is the next date's own
            if value := _value(found):
                return value
    return None


def _time_before(text: str, start: int, limit: int) -> _Bound | None:
    """The time that ends right before a date."""
    while found := _TIME.search(text, start, limit):
        start = found.end()
        if _is_time(text, found) and _BETWEEN.fullmatch(text, start, limit):
            return _value(found)
    return None


def _is_time(text: str, found: re.Match[str]) -> bool:
    """Whether เวลา stands before the figures, or น. after them; four figures alone need เวลา."""
    start = found.start()
    if _NAMED.search(text, max(0, start - 24), start):
        return True
    return not found[0][:4].isdecimal() and _HOURS_WORD.search(found[0]) is not None


def _value(found: re.Match[str]) -> _Bound | None:
    parts = [(p[1], p[2]) for p in _PARTS.finditer(found[0])]
    start = _of_day(*parts[0])
    if start is None:
        return None
    return start, _of_day(*parts[1]) if len(parts) > 1 else None, found.end()


def _of_day(hour: str, minute: str) -> time | None:
    h, m = int(hour), int(minute) if minute.isdecimal() else 0
    return time(h, m) if h <= 23 and m <= 59 else None
