"""The calendar days that sites write beside a release: posting stamps, not the dates of running text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_BANGKOK = timezone(timedelta(hours=7))

# Full name, official abbreviation with and without its dots, and the misspellings met on real sites.
_MONTHS = {
    1: ("มกราคม", "ม.ค.", "ม.ค", "มค.", "มค", "january", "jan"),
    2: ("กุมภาพันธ์", "กุมภาพันธ", "ก.พ.", "ก.พ", "กพ.", "กพ", "february", "feb"),
    3: ("มีนาคม", "มี.ค.", "มี.ค", "มีค.", "มีค", "march", "mar"),
    4: ("เมษายน", "เม.ย.", "เม.ย", "เมย.", "เมย", "april", "apr"),
    5: ("พฤษภาคม", "พฤษาคม", "พ.ค.", "พ.ค", "พค.", "พค", "may"),
    6: ("มิถุนายน", "มิ.ย.", "มิ.ย", "มิย.", "มิย", "june", "jun"),
    7: ("กรกฎาคม", "กรกฏาคม", "ก.ค.", "ก.ค", "กค.", "กค", "july", "jul"),
    8: ("สิงหาคม", "ส.ค.", "ส.ค", "สค.", "สค", "august", "aug"),
    9: ("กันยายน", "ก.ย.", "ก.ย", "กย.", "กย", "september", "sept", "sep"),
    10: ("ตุลาคม", "ต.ค.", "ต.ค", "ตค.", "ตค", "october", "oct"),
    11: ("พฤศจิกายน", "พฤษจิกายน", "พ.ย.", "พ.ย", "พย.", "พย", "november", "nov"),
    12: ("ธันวาคม", "ธ.ค.", "ธ.ค", "ธค.", "ธค", "december", "dec"),
}
_MONTH_OF = {name: number for number, names in _MONTHS.items() for name in names}
_THAI_MONTH = "|".join(re.escape(n) for n in sorted(_MONTH_OF, key=len, reverse=True) if not n.isascii())
_ENGLISH_MONTH = "|".join(re.escape(n) for n in sorted(_MONTH_OF, key=len, reverse=True) if n.isascii())

_WEEKDAY = (
    r"(?:วัน ?)?(?:จันทร์|อังคาร|พุธ|พฤหัสบดี|พฤหัส|ศุกร์|เสาร์|อาทิตย์)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun"
)
_WEEKDAY_PREFIX = rf"(?:(?P<weekday>{_WEEKDAY})\.?(?P<comma> ?,)? ?(?:ที่ ?)?)?(?:วันที่ ?)?"
_DIGIT = "[0-9๐-๙]"
_THAI_DAY = (
    rf"(?P<d1>{_DIGIT}{{1,2}}) ?(?:เดือน ?)?(?P<m1>{_THAI_MONTH}) ?,? ?"
    rf"(?:พ\. ?ศ\. ?|ค\. ?ศ\. ?)?(?P<y1>{_DIGIT}{{4}}|{_DIGIT}{{2}})"
)
_SLASH_DAY = (
    rf"(?P<d2>{_DIGIT}{{1,2}}) ?(?P<sep>[/.-]) ?(?P<m2>{_DIGIT}{{1,2}}) ?(?P=sep) ?"
    rf"(?P<y2>{_DIGIT}{{4}}|{_DIGIT}{{2}})"
)
_ISO_DAY = rf"(?P<y3>{_DIGIT}{{4}})(?P<sep3>[/-])(?P<m3>{_DIGIT}{{1,2}})(?P=sep3)(?P<d3>{_DIGIT}{{1,2}})"
_ENGLISH_DAY = (
    rf"(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?[ -](?P<m4>{_ENGLISH_MONTH})\.?,?[ -](?P<y4>[0-9]{{4}})"
    rf"|(?P<m5>{_ENGLISH_MONTH})\.? (?P<d5>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<y5>[0-9]{{4}})"
)
_DAY = re.compile(
    rf"{_WEEKDAY_PREFIX}(?P<day>{_ISO_DAY}|{_THAI_DAY}|{_SLASH_DAY}|{_ENGLISH_DAY})(?!{_DIGIT})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day found in a line: ``line[start:end]`` is its date, ``line[from_weekday:start]`` what leads it."""

    value: date
    start: int
    end: int
    from_weekday: int
    clock: bool  # "วันศุกร์, 8 ธันวาคม 2566": with the comma, the form of a page's own clock
    weekday: bool


def _year(text: str) -> int | None:
    year = int(text)
    if len(text) == 2:
        return 2500 + year - 543 if year >= 45 else None  # a lower number could be either calendar's
    if 2400 <= year <= 2699:
        return year - 543
    return year if 1970 <= year <= 2100 else None


def _valid(year: int | None, month: int, day: int) -> date | None:
    if year is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _value(m: re.Match[str]) -> tuple[date, bool] | None:
    g = {k: v.translate(_THAI_DIGITS) for k, v in m.groupdict().items() if v is not None}
    for n in "12345":
        if f"y{n}" not in g:
            continue
        raw = g[f"y{n}"]
        year, day = _year(raw), int(g[f"d{n}"])
        month = int(g[f"m{n}"]) if g[f"m{n}"].isdigit() else _MONTH_OF[g[f"m{n}"].lower()]
        value = _valid(year, month, day)
        if value is None and n == "2" and month > 12 >= day:
            value = _valid(year, day, month)  # 08/21/2021: only the American order makes a day of it
        return (value, len(raw) == 4 and int(raw) < 2400) if value else None
    return None


def find_day(line: str, start: int = 0) -> Day | None:
    """The first calendar day with a year in ``line`` from ``start`` on, or None."""
    for m in _DAY.finditer(line, start):
        before = line[m.start() - 1] if m.start() else ""
        if before.isdigit() or (before in "/.-" and before and m["m1"] is None):
            continue
        if (found := _value(m)) is not None:
            value, western = found
            return Day(
                value,
                m.start("day"),
                m.end("day"),
                m.start(),
                bool(m["comma"]) and not western and m["weekday"][0] > "z",
                m["weekday"] is not None,
            )
    return None


def parse_stamp(stamp: date | datetime | str | None) -> date | None:
    """The day, in Thailand, of what a list, a header or a ``datetime`` attribute says; None where unreadable."""
    if stamp is None:
        return None
    if isinstance(stamp, datetime):
        return (stamp.astimezone(_BANGKOK) if stamp.tzinfo else stamp).date()
    if isinstance(stamp, date):
        return stamp
    text = " ".join(stamp.split()).translate(_THAI_DIGITS)[:200]
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if 2400 <= moment.year <= 2699:
            return _valid(moment.year - 543, moment.month, moment.day)
        try:
            return parse_stamp(moment) if 1970 <= moment.year <= 2100 else None
        except (OverflowError, ValueError):
            return None
    day = find_day(text)
    return day.value if day else None
