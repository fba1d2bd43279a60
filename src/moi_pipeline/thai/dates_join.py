"""Ranges and lists made of several dates, and the years that a date takes from its neighbours or its release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from moi_pipeline.thai.calendar_words import DASH, ERA_BE, ERA_CE, SP, N, facts, weekday_pattern
from moi_pipeline.thai.dates_atoms import Atom, real_date

_LONGEST_LINK = 48
_STROKE = re.compile(rf"{SP}/{SP}")
_YEARS = ("year", "fiscal_year", "academic_year")


@cache
def _lead() -> str:
    """What may stand before the second date of two: "วันพุธที่", "เดือน", "ปีงบประมาณ พ.ศ."."""
    return (
        rf"(?:(?:ใน)?(?:วัน)?{SP}{weekday_pattern()}?{SP}(?:ที่)?|สิ้นเดือน|ปลายเดือน|เดือน|ปี)?{SP}(?:เดือน|ปี)?"
        rf"(?:งบประมาณ|การศึกษา)?{SP}(?:{ERA_BE}|{ERA_CE})?{SP}"
    )


@cache
def _range_link() -> re.Pattern[str]:
    clock = rf"(?:เวลา{SP})?{N}{{1,2}}[.:]{N}{{2}}{SP}(?:น\.?)?{SP}"
    return re.compile(rf"{SP}(?:{clock})?(?:{DASH}|(?:ไป)?(?:จน)?(?:กระทั่ง)?ถึง){SP}{_lead()}")


@cache
def _list_link() -> re.Pattern[str]:
    return re.compile(rf"{SP}(?:,|และ(?:ใน)?|กับ|หรือ|รวมถึง){SP}{_lead()}")


def join(text: str, atoms: list[Atom]) -> list[Atom]:
    """The atoms, in order, with the two ends of each range made one and years passed along lists."""
    out: list[Atom] = []
    for atom in atoms:
        before = out[-1] if out else None
        if before is not None and _is_range(text, before, atom):
            before.joined = atom
            before.end = atom.end
            before.weak = False
            if atom.precision == "day":
                before.precision = "day"
            continue
        out.append(atom)
    _pass_along_lists(text, out)
    return [a for a in out if not a.weak]


def _is_range(text: str, a: Atom, b: Atom) -> bool:
    """Whether b ends the range that a begins; fills in the year that one of them lacks."""
    if a.joined is not None or a.last_day is not None or not 0 < b.start - a.end <= _LONGEST_LINK:
        return False
    if a.precision in _YEARS and a.precision == b.precision and _STROKE.fullmatch(text, a.end, b.start):
        return a.year is not None and b.year == a.year + 1
    if (a.precision in _YEARS) != (b.precision in _YEARS) or not _range_link().fullmatch(
        text, a.end, b.start
    ):
        return False
    if a.precision in _YEARS:
        return a.year is not None and b.year is not None and a.year < b.year <= a.year + 60
    if b.precision == "month" and a.precision == "day":
        return False
    if a.year is None and b.year is not None:
        a.year, a.year_given = b.year - (a.month > b.month), True
    elif a.year is not None and b.year is None:
        b.year = a.year + (b.month < a.month)
    if a.year is None:
        return True
    first, last = a.first(), b.last()
    return first is not None and last is not None and first < last


def _pass_along_lists(text: str, atoms: list[Atom]) -> None:
    """Gives each date of a list the year that stands at the list's end, and firmness that either side has."""
    links = [
        (a, b)
        for a, b in pairwise(atoms)
        if 0 < b.start - a.end <= _LONGEST_LINK
        and a.precision not in _YEARS
        and b.precision not in _YEARS
        and _list_link().fullmatch(text, a.end, b.start) is not None
    ]
    for a, b in reversed(links):
        if a.year is None and b.year is not None:
            set_year(a, b.year - (a.month > b.month))
            a.year_given = b.year_given
        a.weak = a.weak and b.weak
    for a, b in links:
        if a.precision == "month":
            b.weak = b.weak and a.weak


def set_year(atom: Atom, year: int) -> None:
    """Gives a date with no year this one, and its range's far end the year that follows from it."""
    atom.year = year
    if atom.joined is not None and atom.joined.year is None:
        atom.joined.year = year + (atom.joined.month < atom.month)


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a release's other dates say of the years that it leaves out: a day near which it was written, or a year."""

    day: date | None
    year: int | None


_THIS_YEAR = re.compile(rf"{SP}(?:ของ)?{SP}ปี{SP}(?:นี้|เดียวกัน)")
_LAST_YEAR = re.compile(rf"{SP}(?:ของ)?{SP}ปี{SP}(?:ที่แล้ว|ก่อน|ที่ผ่านมา)")
_NEXT_YEAR = re.compile(rf"{SP}(?:ของ)?{SP}ปี{SP}(?:หน้า|ถัดไป)")
_PAST = re.compile(rf"\.?{SP}(?:ที่ผ่านมา|ที่แล้ว)")
_COMING = re.compile(rf"\.?{SP}(?:ที่จะถึง|ที่กำลังจะ|ที่จะมาถึง)")
_POINTED_AT = re.compile(rf"\.?{SP}(?:ของ)?{SP}(?:ปี)?{SP}(?:นี้|ศกนี้|ที่ผ่านมา|ที่แล้ว|ที่จะ|ที่กำลังจะ)")
_RECURRING_AFTER = re.compile(rf"[^\n]{{0,16}}?(?:ทุก|แต่ละ){SP}(?:ๆ)?{SP}ปี")
_RECURRING_BEFORE = re.compile(rf"(?:ทุก|แต่ละ){SP}(?:วัน\S{{0,12}}|เดือน)?{SP}\Z")


_CLOCK_BEFORE = re.compile(rf"{weekday_pattern()}{SP},{SP}\Z")


def find_anchor(text: str, published: date | None, atoms: list[Atom]) -> Anchor:
    """The day that undated months lie near: the posting day, else the first full date; else the one year named.

    A page's clock, known by the comma after its weekday, tells of another time than the release's.
    """
    if published is not None and 1900 <= published.year <= 2200:
        return Anchor(published, published.year)
    for precision in ("day", "month"):
        for atom in atoms:
            if atom.precision != precision or atom.year is None:
                continue
            before = text[max(0, atom.start - 16) : atom.start]
            if "," in before and _CLOCK_BEFORE.search(before):
                continue
            if day := atom.first():
                return Anchor(day, day.year)
    years = {a.year for a in atoms if a.precision == "year" and a.joined is None}
    return Anchor(None, years.pop() if len(years) == 1 else None)


def resolve(text: str, atoms: list[Atom], anchor: Anchor) -> list[Atom]:
    """The atoms that have a year, missing ones found where the anchor makes them plain; the others are dropped."""
    out: list[Atom] = []
    for atom in atoms:
        if atom.year is None:
            if is_recurring(text, atom) or (atom.precision == "month" and _is_season(text, atom)):
                continue
            year = _plain_year(text, atom, anchor)
            if year is None:
                continue
            set_year(atom, year)
            atom.year_given = False
        out.append(atom)
    return out


# "18 มีนาคม “วันท้องถิ่นไทย”", "24 เมษายน เป็นวันเทศบาล", "18 มีนาคม ร.ศ. 124"
_NAMED_DAY = re.compile(
    rf"{SP}(?:ซึ่ง)?(?:เป็น|ถือเป็น|คือ|ตรงกับ)?{SP}[“\"‘'(]?{SP}วัน(?!ที่|นี้|ละ|แรก|สุดท้าย|เดียว|ต่อ|ทำ|หยุด|รุ่ง|พรุ่ง|ก่อน|{weekday_pattern()})"
    rf"|{SP}ร\.?{SP}ศ\.?{SP}{N}"
)


def is_recurring(text: str, atom: Atom) -> bool:
    """Whether the day comes back each year ("28 กรกฎาคม ของทุกปี", "ทุกวันที่ 5 ธันวาคม")."""
    return (
        _RECURRING_AFTER.match(text, atom.end) is not None
        or (atom.precision == "day" and _NAMED_DAY.match(text, atom.end) is not None)
        or _RECURRING_BEFORE.search(text[max(0, atom.start - 24) : atom.start]) is not None
    )


@cache
def _season() -> re.Pattern[str]:
    return re.compile("|".join(facts()["season"]["words"]))


def _is_season(text: str, atom: Atom) -> bool:
    """Whether months tell when something happens each year ("บานในช่วงเดือนมีนาคมถึงพฤษภาคม")."""
    if _POINTED_AT.match(text, atom.end):
        return False
    near = max(0, atom.start - 60)
    line = text.rfind("\n", near, atom.start) + 1
    return _season().search(text, max(line, near), atom.start) is not None


def _plain_year(text: str, atom: Atom, anchor: Anchor) -> int | None:
    if anchor.year is None:
        return None
    if _LAST_YEAR.match(text, atom.end):
        return anchor.year - 1
    if _NEXT_YEAR.match(text, atom.end):
        return anchor.year + 1
    if anchor.day is None or _THIS_YEAR.match(text, atom.end):
        return anchor.year
    past, coming = _PAST.match(text, atom.end), _COMING.match(text, atom.end)
    best: tuple[int, int] | None = None
    for year in (anchor.year, anchor.year - 1, anchor.year + 1):
        day = real_date(year, atom.month, 15 if atom.precision == "month" else atom.day)
        if day is None:
            continue
        away = (day - anchor.day).days
        if (past and away > 20) or (coming and away < -20):
            continue
        # Who leaves the year out mostly means this one, unless the other year's day lies much nearer.
        cost = abs(away) + (90 if year != anchor.year else 0)
        if best is None or cost < best[0]:
            best = (cost, year)
    return best[1] if best and best[0] <= 366 else None
