"""The calendar days that sites write beside a release: posting stamps, not the dates of running text."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib import resources

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_BANGKOK = timezone(timedelta(hours=7))

_DIGIT = "[0-9๐-๙]"
_OPENS = re.compile("[0-9๐-๙ADFJMNOSadfjmnos]")  # a day's first letter: searched for much faster than a day
_LEAD = 40  # letters before a date among which its weekday stands


@dataclass(frozen=True, slots=True)
class _Grammar:
    day: re.Pattern[str]  # begins with a digit or an English month
    lead: re.Pattern[str]  # what may stand before it, up to its start
    month_of: dict[str, int]


@cache
def _grammar() -> _Grammar:
    data = tomllib.loads(resources.files("moi_pipeline.read").joinpath("data/days.toml").read_text("utf-8"))
    month_of = {name: int(number) for number, names in data["months"].items() for name in names}
    longest_first = sorted(month_of, key=lambda name: (-len(name), name))
    thai = "|".join(re.escape(name) for name in longest_first if not name.isascii())
    english = "|".join(re.escape(name) for name in longest_first if name.isascii())
    iso_day = rf"(?P<y3>{_DIGIT}{{4}})(?P<sep3>[/-])(?P<m3>{_DIGIT}{{1,2}})(?P=sep3)(?P<d3>{_DIGIT}{{1,2}})"
    thai_day = (
        rf"(?P<d1>{_DIGIT}{{1,2}}) ?(?:เดือน ?)?(?P<m1>{thai}) ?,? ?"
        rf"(?:พ\. ?ศ\. ?|ค\. ?ศ\. ?)?(?P<y1>{_DIGIT}{{4}}|{_DIGIT}{{2}})"
    )
    slash_day = (
        rf"(?P<d2>{_DIGIT}{{1,2}}) ?(?P<sep>[/.-]) ?(?P<m2>{_DIGIT}{{1,2}}) ?(?P=sep) ?"
        rf"(?P<y2>{_DIGIT}{{4}}|{_DIGIT}{{2}})"
    )
    english_day = (
        rf"(?P<d4>[0-9]{{1,2}})(?:st|nd|rd|th)?[ -](?P<m4>{english})\.?,?[ -](?P<y4>[0-9]{{4}})"
        rf"|(?P<m5>{english})\.? (?P<d5>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<y5>[0-9]{{4}})"
    )
    return _Grammar(
        day=re.compile(rf"(?:{iso_day}|{thai_day}|{slash_day}|{english_day})(?!{_DIGIT})", re.I | re.A),
        lead=re.compile(
            rf"(?:(?P<weekday>{data['weekdays']})\.?(?P<comma> ?,)? ?(?:ที่ ?)?)?(?:วันที่ ?)?$", re.IGNORECASE
        ),
        month_of=month_of,
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
        month = int(g[f"m{n}"]) if g[f"m{n}"].isdigit() else _grammar().month_of[g[f"m{n}"].lower()]
        value = _valid(year, month, day)
        if value is None and n == "2" and month > 12 >= day:
            value = _valid(year, day, month)  # 08/21/2021: only the American order makes a day of it
        return (value, len(raw) == 4 and int(raw) < 2400) if value else None
    return None


def find_day(line: str) -> Day | None:
    """The first calendar day with a year in ``line``, or None."""
    if len(line) < 6:
        return None
    grammar = _grammar()
    end = 0
    for opening in _OPENS.finditer(line):
        m = grammar.day.match(line, opening.start()) if opening.start() >= end else None
        if m is None:
            continue
        end = m.end()
        before = line[m.start() - 1] if m.start() else ""
        if before.isdigit() or (before and before in "/.-" and m["m1"] is None):
            continue
        if (found := _value(m)) is not None:
            value, western = found
            lead = grammar.lead.search(line, max(0, m.start() - _LEAD), m.start())
            weekday = lead["weekday"] if lead else None
            return Day(
                value,
                m.start(),
                m.end(),
                lead.start() if lead else m.start(),
                bool(lead and lead["comma"])
                and not western
                and weekday is not None
                and not weekday.isascii(),
                weekday is not None,
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
    from email.utils import parsedate_to_datetime  # slow to import: it brings sockets with it

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
