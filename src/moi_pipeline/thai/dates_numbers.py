"""Dates written in figures alone (22-09-2565, 22/9/65, 2565-09-22) and years (ปี 2563, พ.ศ. 2564, ปี'59, ปี 2561 – 62)."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from moi_pipeline.thai.calendar_words import DASH, SP, N, facts
from moi_pipeline.thai.dates_atoms import Atom, gregorian, in_address, real_date
from moi_pipeline.thai.dates_years import read_year, short_years
from moi_pipeline.thai.scan import digit_runs

# Behind one or two figures a separator, more figures, a separator, more figures.
_MORE_FIGURES = re.compile(rf"[ ]?[-/.][ ]?{N}{{1,2}}[ ]?[-/.][ ]?{N}{{2}}")
_SEPARATED = 3  # the farthest that these figures stand apart
_DAY_FIRST = re.compile(
    rf"(?:({N}{{1,2}}){SP}{DASH}{SP}(?={N}{{1,2}}/))?"
    rf"({N}{{1,2}})[ ]?([-/.])[ ]?({N}{{1,2}})[ ]?\3[ ]?({N}{{4}}|{N}{{2}})(?!{N}|[-/]{N})"
)
_YEAR_FIRST = re.compile(rf"({N}{{4}})([-/.])({N}{{1,2}})\2({N}{{1,2}})(?!{N}|[-/.]{N})")
_DAY_RANGE_BEFORE = re.compile(rf"(?<!{N})(?<!{N}[./])({N}{{1,2}}){SP}{DASH}{SP}\Z")


def find_number_dates(text: str, taken: list[tuple[int, int]]) -> list[Atom]:
    """Atoms of numeric dates, in order; what the spans of ``taken`` cover, in order as well, is left alone."""
    atoms: list[Atom] = []
    short: list[Atom] = []
    used = 0
    free = 0  # where the figures looked at last end
    spans = iter((*taken, (len(text), len(text) + 1)))
    taken_from, taken_to = next(spans)
    for (start, end), (following, _) in pairwise((*digit_runs(text), (len(text) + 2 * _SEPARATED, 0))):
        width = end - start
        alone = following - end > _SEPARATED
        if alone and width != 4 and (width != 2 or text[start] not in _SHORT_YEARS):
            continue  # most figures are no year, and no others are near
        years: list[Atom] | None = None
        year_like = width == 4 and text[start] in "12๑๒"
        dated = year_like and start >= free
        if dated:
            free = end
        elif width <= 2:
            if width == 2 and text[start] in _SHORT_YEARS:
                years = short_years(text, start)
            if not alone and start >= free and (more := _MORE_FIGURES.match(text, end)):
                dated = True
                free = more.end()
        if not dated and not years:
            continue
        while taken_to <= start:
            taken_from, taken_to = next(spans)
        if start >= taken_from:
            continue
        if years:
            short += years
        if not dated or start < used:
            continue
        if not year_like or text[start + 4 : start + 5] in _TAIL:
            atom = _full_date(text, start, year_like=year_like)
        else:
            atom = _english(text, start)
        if atom is not None:
            used = atom.end
            if atom.month and not in_address(text, atom.start, atom.end):
                atoms.append(atom)
        elif year_like and (year := read_year(text, start, atoms)) is not None:
            used = year.end
            atoms.append(year)
    return sorted(atoms + short, key=lambda a: a.start) if short else atoms


def _full_date(text: str, start: int, *, year_like: bool) -> Atom | None:
    """The day that figures from here on name. ``month`` 0: shaped like one, but no day of the calendar."""
    found = (_YEAR_FIRST if year_like else _DAY_FIRST).match(text, start)
    if not found:
        return None
    end = found.end()
    if year_like:
        opening, year, month, day = None, int(found[1]), int(found[3]), int(found[4])
    else:
        opening, year, month, day = found[1], int(found[5]), int(found[4]), int(found[2])
        if len(found[5]) == 2 and (found[3] == "." or (found[3] == "-" and _phone(text, start))):
            return None  # "1.2.65" numbers a section
    glued = text[start - 1 : start]
    range_before = _DAY_RANGE_BEFORE.search(text, max(0, start - 6), start)
    if glued and (glued in _NOT_BEFORE or (glued.isalpha() and glued.isascii())) and not range_before:
        return None
    if text[end : end + 1] in _TAIL and text[end + 1 : end + 2].isdecimal():
        return None
    western = gregorian(year)
    if western is None or real_date(western, month, day) is None:
        return Atom(start, end, "day", None, 0)
    first = day
    if opening:
        first = int(opening)
    elif range_before and not year_like and found[3] == "/":
        first, start = int(range_before[1]), range_before.start(1)
    if not 1 <= first <= day:
        first = day
    return Atom(start, end, "day", western, month, first, day if day != first else None)


_TAIL = frozenset("-/.")
_SHORT_YEARS = frozenset("345678๓๔๕๖๗๘")  # the first figures of years that two figures give
_NOT_BEFORE = frozenset("-_/.,#=")
_PHONE = re.compile(r"(?:โทร|แฟกซ์|เบอร์|เลข)[^\n]{0,40}\Z")


def _phone(text: str, start: int) -> bool:
    return _PHONE.search(text, max(0, start - 60), start) is not None


@cache
def _english_before() -> re.Pattern[str]:
    names = "|".join(f"{m[:3]}(?:{m[3:]})?" if m[3:] else m for m in facts()["english"]["months"])
    ordinal = "(?:st|nd|rd|th)?"
    return re.compile(
        rf"(?<![A-Za-z0-9])(?:(?P<d1>\d{{1,2}}){ordinal}[ -]?)?(?P<m>{names})\.?(?:[ -](?P<d2>\d{{1,2}}){ordinal})?"
        r"[,.]?[ -]?\Z"
    )


def _english(text: str, start: int) -> Atom | None:
    """The day or month that English words before a year name ("March 23, 2023", "23 Mar 2023", "March 2023")."""
    before = text[max(0, start - 26) : start]
    if not before.rstrip(" ,.0123456789sthndr")[-1:].isascii() or not _LATIN_END.search(before):
        return None
    found = _english_before().search(before)
    year = gregorian(int(text[start : start + 4]))
    if not found or year is None:
        return None
    month = next(n for n, name in enumerate(facts()["english"]["months"], 1) if name[:3] == found["m"][:3])
    left = start - len(before) + found.start()
    day = int(found["d1"] or found["d2"] or 0)
    if not day:
        return Atom(left, start + 4, "month", year, month)
    return Atom(left, start + 4, "day", year, month, day) if real_date(year, month, day) else None


_LATIN_END = re.compile(r"[A-Za-z][A-Za-z.]{2}[^\n]{0,8}\Z")
