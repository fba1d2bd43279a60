"""The words of Thai dates, from ``data/dates.toml``: one automaton over all months, and small patterns."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from moi_pipeline.thai.scan import Lexicon

# How a month is spelled decides what must stand around it: a full name or a dotted abbreviation stands for
# itself, "มีค" must have figures on both sides, "เมษา" (a given name too) must follow a day's number.
MonthForm = Literal["full", "dotted", "bare", "short"]

N = "[0-9๐-๙]"
# Possessive: a run of blanks is taken once, so that patterns with many SP stay linear on any text.
SP = "[ \t\xa0]{0,8}+"
DASH = "(?:[-\u2010-\u2015−~]{1,3})"
ERA_BE = rf"(?:พ{SP}\.?{SP}ศ{SP}\.?|พระ?พุทธศักราช|พุทธศักราช)"
ERA_CE = rf"(?:ค{SP}\.?{SP}ศ{SP}\.?|คริสต์?ศักราช)"


class MonthWord(NamedTuple):
    """A month's name where it stands in a text."""

    start: int
    end: int
    month: int
    form: MonthForm


@cache
def facts() -> dict[str, Any]:
    """The data file as it is."""
    return tomllib.loads((files("moi_pipeline.thai") / "data" / "dates.toml").read_text(encoding="utf-8"))


def _standing_alone() -> dict[str, tuple[int, MonthForm]]:
    """Names and dotted abbreviations, which need no figures before them."""
    words: dict[str, tuple[int, MonthForm]] = {}
    for month in facts()["month"]:
        number: int = month["number"]
        head, tail = month["letters"]
        # "เม.ย" and not "เม.ย.": the last point may be missing, and what follows is looked at anyway.
        for spelling in (f"{head}.{tail}", f"{head}. {tail}", f"{head} .{tail}", f"{head}..{tail}"):
            words[spelling] = (number, "dotted")
        for spelling in (month["name"], *month["misspelt"]):
            words[spelling] = (number, "full")
    return words


def _after_figures() -> dict[str, tuple[int, MonthForm]]:
    """Spellings that are mostly other words: figures must stand before them."""
    words: dict[str, tuple[int, MonthForm]] = {}
    for month in facts()["month"]:
        number: int = month["number"]
        head, tail = month["letters"]
        for spelling in (head + tail, f"{head} {tail}", f"{head},{tail}"):
            words[spelling] = (number, "bare")
        words[month["short"]] = (number, "short")
    return words


_MONTHS = Lexicon(_standing_alone)
_SHORT_MONTHS = Lexicon(_after_figures)


def month_words(text: str) -> list[MonthWord]:
    """Every spelling of a month in the text, longest first at each place, in order."""
    hits = [
        *_MONTHS.hits(text),
        *[
            hit
            for hit in _SHORT_MONTHS.hits(text)
            if text[hit[0] - 1 : hit[0]] in _BEFORE_SHORT
            and _FIGURE_BEFORE.search(text, max(0, hit[0] - 3), hit[0])
        ],
    ]
    words: list[MonthWord] = []
    begin, free = -1, 0  # of the last word
    for start, end, (month, form) in sorted(hits):
        if start == begin:
            words[-1] = MonthWord(start, end, month, form)  # longer than the one before
        elif start >= free:
            words.append(MonthWord(start, end, month, form))
        else:
            continue
        begin, free = start, end
    return words


_FIGURE_BEFORE = re.compile(rf"{N}[ .\xa0]{{0,2}}\Z")
_BEFORE_SHORT = frozenset("0123456789๐๑๒๓๔๕๖๗๘๙ .\xa0")


def one_of(words: list[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "(?:" + "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + ")"


@cache
def weekday_pattern() -> str:
    """A pattern with one group: a weekday's name without วัน."""
    return f"({one_of([w for day in facts()['weekdays']['names'] for w in day])})"


@cache
def weekday_names() -> frozenset[str]:
    """All spellings of weekdays, without วัน."""
    return frozenset(name for day in facts()["weekdays"]["names"] for name in day)


@cache
def weekday_number(name: str) -> int | None:
    """0 for Monday, as ``date.weekday`` has it; None for a word that is no weekday."""
    for number, spellings in enumerate(facts()["weekdays"]["names"]):
        if name in spellings:
            return number
    return None


@cache
def unit_pattern() -> str:
    """A pattern for a noun that a number before it counts."""
    return "(?:" + "|".join(facts()["years"]["units"]) + ")"


def any_role(name: str) -> str:
    """A pattern of the words that the data file gives for a part that a date may play."""
    return "(?:" + "|".join(facts()["roles"][name]) + ")"
