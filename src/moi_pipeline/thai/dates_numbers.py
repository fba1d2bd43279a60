"""Dates written in figures alone (22-09-2565, 22/9/65, 2565-09-22) and years (ปี 2563, พ.ศ. 2564, ปี'59, ปี 2561 – 62)."""

from __future__ import annotations

import re

from moi_pipeline.thai.calendar_words import DASH, SP, N
from moi_pipeline.thai.dates_atoms import Atom, Taken, gregorian, in_address, real_date
from moi_pipeline.thai.dates_years import read_year, short_years

# Four figures that begin like a year, or two groups of figures with a separator and more figures behind.
_CANDIDATE = re.compile(
    rf"{N}(?<!{N}.)(?:(?<=[12๑๒]){N}{{3}}(?!{N})|{N}?[ ]?[-/.][ ]?{N}{{1,2}}[ ]?[-/.][ ]?{N}{{2}})"
)
_DAY_FIRST = re.compile(
    rf"(?:({N}{{1,2}}){SP}{DASH}{SP}(?={N}{{1,2}}/))?({N}{{1,2}})[ ]?([-/.])[ ]?({N}{{1,2}})[ ]?\3[ ]?({N}{{4}}|{N}{{2}})(?!{N}|[-/]{N})"
)
_YEAR_FIRST = re.compile(rf"({N}{{4}})([-/.])({N}{{1,2}})\2({N}{{1,2}})(?!{N}|[-/.]{N})")
_DAY_RANGE_BEFORE = re.compile(rf"(?<!{N})(?<!{N}[./])({N}{{1,2}}){SP}{DASH}{SP}$")


def find_number_dates(text: str, taken: Taken) -> list[Atom]:
    """Atoms of numeric dates, in order; what ``taken`` covers is left alone."""
    atoms: list[Atom] = []
    used = 0
    for found in _CANDIDATE.finditer(text):
        start = found.start()
        if start < used or taken.covers(start):
            continue
        year_like = found.end() - start == 4 and text[start : found.end()].isdecimal()
        atom = _full_date(text, start, year_like=year_like)
        if atom is not None:
            used = atom.end
            if atom.month and not in_address(text, atom.start, atom.end):
                atoms.append(atom)
        elif year_like and (year := read_year(text, start, atoms)) is not None:
            used = year.end
            atoms.append(year)
    short = short_years(text, taken)
    return sorted(atoms + short, key=lambda a: a.start) if short else atoms


def _full_date(text: str, start: int, *, year_like: bool) -> Atom | None:
    """The day that figures from here on name. ``month`` 0: shaped like one, but no day of the calendar."""
    if year_like:
        found = _YEAR_FIRST.match(text, start)
        if not found:
            return None
        year, month, day = gregorian(int(found[1])), int(found[3]), int(found[4])
        first = day
    else:
        found = _DAY_FIRST.match(text, start)
        if not found:
            return None
        if found[3] == "." and len(found[5]) == 2:
            return None  # "1.2.25" numbers a section
        year, month, day = gregorian(int(found[5])), int(found[4]), int(found[2])
        first = day
    end = found.end()
    glued = text[start - 1 : start]
    if (
        glued
        and (glued in "-_/.,#=" or (glued.isalpha() and glued.isascii()))
        and not _DAY_RANGE_BEFORE.search(text[max(0, start - 6) : start])
    ):
        return None
    if text[end : end + 1] in _TAIL and text[end + 1 : end + 2].isdecimal():
        return None
    if year is None or real_date(year, month, day) is None:
        return Atom(start, end, "day", None, 0)
    if (
        not year_like
        and found[3] == "/"
        and (before := _DAY_RANGE_BEFORE.search(text, max(0, start - 6), start))
    ):
        opening = int(before[1])
        if 1 <= opening < day:
            first, start = opening, before.start(1)
    return Atom(start, end, "day", year, month, first, day if day != first else None)


_TAIL = frozenset("-/.")
