"""Calendar days, months and years named in a release."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from operator import attrgetter

from moi_pipeline.thai.calendar_words import DASH, SP, weekday_number, weekday_pattern
from moi_pipeline.thai.dates_atoms import Atom
from moi_pipeline.thai.dates_join import find_anchor, join, resolve
from moi_pipeline.thai.dates_months import find_month_dates
from moi_pipeline.thai.dates_numbers import find_number_dates
from moi_pipeline.thai.model import DateMention, Release
from moi_pipeline.thai.times import Times, bind_times, time_inside


def find_dates(release: Release) -> list[DateMention]:
    """Every day, month or year that the text names, in order, none overlapping another.

    A date with no year is given where the release's other dates make the year plain, and left out where
    they do not; impossible days (31 กุมภาพันธ์), recurring ones (ของทุกปี), meeting numbers and ages are none.
    """
    text = release.text
    atoms, spans = find_month_dates(text)
    atoms += find_number_dates(text, spans)
    atoms.sort(key=_start)
    atoms = join(text, atoms)
    atoms = resolve(text, atoms, find_anchor(text, release.published_at, atoms))
    times = iter(bind_times(text, [(a.start, a.end) for a in atoms if a.precision == "day"]))
    mentions = []
    for atom in atoms:
        clock = next(times) if atom.precision == "day" else _NO_TIMES
        if atom.joined is not None and clock[0] and (begin := time_inside(text, atom.start, atom.end)):
            clock = (begin, clock[0])
        mention = _mention(text, atom, clock)
        if mention is not None:
            mentions.append(mention)
    return mentions


_start = attrgetter("start")
_NO_TIMES: Times = (None, None)


def _mention(text: str, atom: Atom, clock: Times) -> DateMention | None:
    first = atom.first()
    one_day = atom.precision == "day" and atom.joined is None and atom.last_day is None
    last = first if one_day else atom.last()
    if first is None or last is None or first > last:
        return None
    return DateMention(
        span_start=atom.start,
        span_end=atom.end,
        surface=text[atom.start : atom.end],
        date_from=first,
        date_to=last,
        precision=atom.precision,
        time_from=clock[0],
        time_to=clock[1],
        year_given=atom.year_given,
        weekday_agrees=_weekday_agrees(text, atom, first, last) if atom.precision == "day" else None,
    )


@cache
def _weekday_before() -> re.Pattern[str]:
    day = weekday_pattern()
    return re.compile(rf"(?:{day}{SP}(?:{DASH}|และ|ถึง){SP}(?:วัน)?{SP})?{day}{SP},?(?:ที่)?{SP}\(?{SP}\Z")


@cache
def _weekday() -> re.Pattern[str]:
    return re.compile(weekday_pattern())


def _stated_before(text: str, start: int, end: int) -> re.Match[str] | None:
    """The weekday, or the two of a range, that ``text[start:end]`` ends with.

    The pattern is tried where a weekday's name stands: the engine would try its many words at each letter.
    """
    while day := _weekday().search(text, start, end):
        if stated := _weekday_before().match(text, day.start(), end):
            return stated
        start = day.start() + 1
    return None


def _weekday_agrees(text: str, atom: Atom, first: date, last: date) -> bool | None:
    """Whether the weekdays stated before a day, or before both ends of a range, are right; None with none."""
    stated = []
    # Most days follow a plain วันที่; the pattern is kept for those that do not.
    if not text[max(0, atom.start - 9) : atom.start].rstrip(" \xa0(").endswith(("วันที่", "วันนี้")) and (
        before := _stated_before(text, max(0, atom.start - 36), atom.start)
    ):
        if before[1] and first != last:
            stated += [(before[1], first), (before[2], last)]
        else:
            stated.append((before[1] or before[2], first))
    if first != last and (far := text.rfind("ที่", atom.start, atom.end)) >= 0:
        end = _stated_before(text, atom.start, far + 3)
        if end:
            stated.append((end[2], last))
    if not stated:
        return None
    return all(weekday_number(name) == day.weekday() for name, day in stated)
