"""The pieces that dates are made of, before ranges are joined and missing years found."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from moi_pipeline.thai.model import Precision


@dataclass(slots=True)
class Atom:
    """One day, month or year (or a range inside one month) as written.

    ``year`` is Gregorian and None where none is written. ``weak``: counts only where a neighbour
    makes it a date (a month's name alone). ``joined``: the far end of a range, once it is one.
    """

    start: int
    end: int
    precision: Precision
    year: int | None
    month: int = 1
    day: int = 1
    last_day: int | None = None  # of a range inside the month ("8-9 กรกฎาคม")
    weak: bool = False
    year_given: bool = True
    joined: Atom | None = None

    def first(self) -> date | None:
        """Its first day, None where it has no year or is no day of the calendar."""
        if self.year is None:
            return None
        if self.precision == "fiscal_year":
            return date(self.year - 1, 10, 1)
        if self.precision == "academic_year":
            return date(self.year, 5, 16)
        return real_date(self.year, self.month, self.day)

    def last(self) -> date | None:
        """Its last day, that of the range's far end where it is one."""
        if self.joined is not None:
            return self.joined.last()
        if self.year is None:
            return None
        match self.precision:
            case "day":
                return real_date(self.year, self.month, self.last_day or self.day)
            case "fiscal_year":
                return date(self.year, 9, 30)
            case "academic_year":
                return date(self.year + 1, 3, 31)
            case "year":
                return date(self.year, 12, 31)
        return date(self.year, self.month, monthrange(self.year, self.month)[1])


def real_date(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def gregorian(year: int, *, buddhist: bool | None = None) -> int | None:
    """A written year as a Gregorian one: 2400-2699 is Buddhist Era, two figures are 25xx, 19xx and 20xx are CE.

    ``buddhist`` is what an era mark before it says; None where there is none.
    """
    if year < 100:
        return 2500 + year - 543 if year > 31 else None  # 30 and 31 are far more often days than years
    if buddhist or (buddhist is None and 2400 <= year <= 2699):
        return year - 543 if 1700 <= year <= 2699 else None
    return year if 1500 <= year <= 2100 and (buddhist is False or year >= 1900) else None


_ADDRESS = re.compile(r"(?:://|www\.|\.(?:go|or|ac|co|in)\.th|\.com|\.(?:jpg|jpeg|png|pdf))", re.IGNORECASE)


def in_address(text: str, start: int, end: int) -> bool:
    """Whether the figures stand in a web address or a file's name."""
    before = text[max(0, start - 160) : start]
    left = max(before.rfind(" "), before.rfind("\n"), before.rfind("\t"), before.rfind("\xa0"))
    if left == len(before) - 1 and before:
        return False
    right = len(text)
    for blank in (" ", "\n"):
        place = text.find(blank, end, min(end + 60, right))
        right = place if place >= 0 else min(end + 60, right)
    return _ADDRESS.search(before[left + 1 :] + text[start:right]) is not None
