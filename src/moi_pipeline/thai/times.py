"""Times of day ("09.00 น.", "9.30-16.30 น.", "13:30 น.", "เวลา 1000"), bound to the date that they belong to."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time

from moi_pipeline.thai.calendar_words import DASH, SP, N
from moi_pipeline.thai.model import DateMention

# A venue may stand between a date and its time, a whole sentence hardly.
_AFTER = 160
_BEFORE = 48

_HOURS = rf"{SP}(?:นาฬิกา|น\.|น(?![ก-๎]))"
_NAMED = rf"เวลา{SP}(?:ประมาณ{SP})?"


def _clock(which: int) -> str:
    """A pattern for one time; "11.ooน." has letters typed for zeros, "08.30. น." a point too many."""
    return (
        rf"(?P<h{which}>{N}{{1,2}}){SP}[.:;]{SP}(?P<m{which}>{N}{{2}}|[oO]{{2}})(?!{N})"
        rf"(?:[.:]{N}{{2}}(?!{N}))?\.?"
    )


_TIME = re.compile(
    rf"(?P<named>{_NAMED})?(?<!{N})(?<!{N}[.,/]){_clock(1)}"
    rf"(?:(?:{_HOURS})?{SP}(?:{DASH}|(?:ไป)?(?:จน)?ถึง){SP}(?:เวลา{SP})?{_clock(2)})?(?P<hours>{_HOURS})?"
    rf"|{_NAMED}(?P<h3>{N}{{2}})(?P<m3>{N}{{2}})(?!{N}|[.,:/]{N})(?:{_HOURS})?"
)
_STAMP_LEAD = re.compile(r"[ \t\xa0,:/|()]{0,6}")
# What may stand between a time and the date right after it: "น. ของวันนี้ (", "น.วันที่ ".
_BETWEEN = re.compile(
    rf"{SP}(?:ของ)?{SP}(?:เช้า|บ่าย|ค่ำ)?(?:วันนี้|เมื่อวานนี้)?{SP}[(<\[]?{SP}(?:ใน|เมื่อ)?(?:วัน[^\s\d๐-๙]{{0,12}})?{SP}(?:ที่)?{SP}"
)
_Bound = tuple[time, time | None, int]


def bind_times(text: str, mentions: list[DateMention]) -> list[DateMention]:
    """The mentions, in order; each day has the time that stands after it, or right before it, where one does."""
    days = [m.span_start for m in mentions if m.precision == "day"] + [len(text)]
    out: list[DateMention] = []
    free_from = place = 0  # a time belongs to one date
    for mention in mentions:
        if mention.precision != "day":
            out.append(mention)
            continue
        place += 1
        next_day = days[place]
        limit = min(next_day, mention.span_end + _AFTER)
        line_end = text.find("\n", mention.span_end, limit)
        found = _time_after(text, mention.span_end, limit if line_end < 0 else line_end, next_day)
        if found is None:
            found = _time_before(text, max(free_from, mention.span_start - _BEFORE), mention.span_start)
        if found is None:
            out.append(mention)
        else:
            free_from = found[2]
            out.append(replace(mention, time_from=found[0], time_to=found[1]))
    return out


def _time_after(text: str, start: int, limit: int, next_day: int) -> _Bound | None:
    """The first time between a date and the place where its reach ends."""
    for found in _TIME.finditer(text, start, limit):
        # Figures alone are a time only as the stamp right behind a date: "4 ธ.ค. 2564, 09:06".
        if _is_time(found) or _STAMP_LEAD.fullmatch(text, start, found.start()):
            if limit == next_day < len(text) and _BETWEEN.fullmatch(text, found.end(), limit):
                return None  # "... เวลา 10.00 น.วันที่ 20 เม.ย.": it is the next date's own
            if value := _value(found):
                return value
    return None


def _time_before(text: str, start: int, limit: int) -> _Bound | None:
    """The time that ends right before a date."""
    for found in _TIME.finditer(text, start, limit):
        if _is_time(found) and _BETWEEN.fullmatch(text, found.end(), limit):
            return _value(found)
    return None


def _is_time(found: re.Match[str]) -> bool:
    return bool(found["named"] or found["hours"] or found["h3"])


def _value(found: re.Match[str]) -> _Bound | None:
    start = _of_day(found["h1"] or found["h3"], found["m1"] or found["m3"])
    if start is None:
        return None
    end = _of_day(found["h2"], found["m2"]) if found["h2"] else None
    return start, end, found.end()


def _of_day(hour: str, minute: str) -> time | None:
    h, m = int(hour), int(minute) if minute.isdecimal() else 0
    return time(h, m) if h <= 23 and m <= 59 else None
