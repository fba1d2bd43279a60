"""The 77 provinces and their spellings: look one up by name, or read one at a position in a text.

The facts stand in ``data/provinces.csv``. Many names are plain words too (เลย, ตาก, น่าน), so
``province_at`` is only for positions where a province is expected: after จังหวัด, จ. or an office's head.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from moi_pipeline.thai.lexicon import any_of


@dataclass(frozen=True, slots=True, eq=False)
class Province:
    """A province. ``name`` is without จังหวัด, ``code`` is ISO 3166-2 (TH-48).

    There is one object of each, which equals no other: to compare or to hash all of its spellings takes long.
    """

    code: str
    name: str
    english: str
    region: str  # one of the six geographic regions: north, northeast, central, east, west, south
    abbreviation: str  # with its final point: นม.
    spellings: tuple[str, ...]  # short, old and misspelt names, the name itself left out
    nicknames: tuple[str, ...] = ()  # แปดริ้ว, โคราช: some are towns or plain words too
    plain_word: bool = False  # the name is an everyday word too (เลย, ตาก)


# A name is not at its end before one of these: a vowel or mark that belongs to its last letter.
_CONTINUES = frozenset("ะัาำิีึืฺุู็่้๊๋์ํ๎ๅ")
_BLANKS = frozenset(" \t")
_PREFIXES = ("จังหวัด", "จ.")
_MOST_SPACES = 3  # how many blanks a broken name may hold
_LONGEST_PART = 16  # its first part is no longer


@cache
def provinces() -> tuple[Province, ...]:
    """All provinces, in the order of their codes."""
    source = files("moi_pipeline.thai").joinpath("data/provinces.csv").read_text(encoding="utf-8")
    lines = (line for line in source.splitlines() if not line.startswith("#"))
    return tuple(
        Province(
            code=row["code"],
            name=row["name"],
            english=row["english"],
            region=row["region"],
            abbreviation=row["abbreviation"],
            spellings=tuple(filter(None, row["spellings"].split("|"))),
            nicknames=tuple(filter(None, row["nicknames"].split("|"))),
            plain_word=row["plain_word"] == "yes",
        )
        for row in csv.DictReader(lines)
    )


@cache
def _by_spelling(nicknames: bool) -> dict[str, Province]:
    table: dict[str, Province] = {}
    for province in provinces():
        for spelling in (province.name, *province.spellings):
            table.setdefault(spelling, province)
    if nicknames:
        for province in provinces():
            for spelling in province.nicknames:
                table.setdefault(spelling, province)
    return table


@cache
def _by_start(nicknames: bool) -> dict[str, dict[str, tuple[Province, bool]]]:
    """Spellings by their first two letters, the longest first; for each its province, and whether a longer
    spelling of the same province begins with it (อุบล, อุบลราชธานี).
    """
    table: dict[str, dict[str, tuple[Province, bool]]] = {}
    known = _by_spelling(nicknames)
    for spelling in sorted(known, key=len, reverse=True):
        longer = (known[spelling].name, *known[spelling].spellings)
        short = any(other.startswith(spelling) and other.rstrip("ฯ") != spelling for other in longer)
        table.setdefault(spelling[:2], {})[spelling] = (known[spelling], short)
    return table


@cache
def _spelling(start: str, nicknames: bool) -> re.Pattern[str]:
    """The longest spelling at a place of those that begin with these two letters. All at once take long to compile."""
    return re.compile(any_of(_by_start(nicknames)[start]))


@cache
def _by_abbreviation() -> dict[str, Province]:
    return {province.abbreviation: province for province in provinces()}


@cache
def _by_code() -> dict[str, Province]:
    return {province.code: province for province in provinces()}


@cache
def _by_english() -> dict[str, Province]:
    return {province.english.replace(" ", "").casefold(): province for province in provinces()}


def province_coded(code: str) -> Province | None:
    """The province of an ISO 3166-2 code (TH-48)."""
    return _by_code().get(code)


def province_named(name: str) -> Province | None:
    """The province that ``name`` is a spelling of, None where it is none.

    Takes the name, its abbreviation, short forms, nicknames and the English name, with or without
    จังหวัด or จ. before it. Blanks anywhere do not matter.
    """
    squeezed = "".join(name.split())
    for prefix in _PREFIXES:
        if squeezed.startswith(prefix):
            squeezed = squeezed[len(prefix) :]
            break
    return (
        _by_spelling(True).get(squeezed)
        or _by_abbreviation().get(squeezed)
        or _by_english().get(squeezed.casefold())
    )


def province_at(text: str, start: int, nicknames: bool = False) -> tuple[Province, int] | None:
    """The longest province name that begins at ``start`` (blanks before it are skipped), and its end.

    Only for positions where a province is expected. A name broken by blanks (อุบล ราชธานี) is read too.
    An abbreviation counts straight after จ. only (จ.นม., ผวจ.นม.): elsewhere พล. is a rank, นพ. a doctor.
    """
    if text[start - 1 : start] == "." and text[start - 2 : start] == "จ.":
        short = _by_abbreviation().get(text[start : start + 3]) or _by_abbreviation().get(
            text[start : start + 4]
        )
        if short is not None:
            end = start + len(short.abbreviation)
            if not "ก" <= text[end : end + 1] <= "๛":
                return short, end
    groups = _by_start(nicknames)
    group = groups.get(text[start : start + 2])
    if group is None:
        if text[start : start + 1] not in _BLANKS:
            return None
        while text[start : start + 1] in _BLANKS:
            start += 1
        group = groups.get(text[start : start + 2])
        if group is None:
            return None
    if found := _spelling(text[start : start + 2], nicknames).match(text, start):
        province, goes_on = group[found[0]]
        end = found.end()
        if goes_on and text.startswith(" ", end):
            broken = _broken(text, start, end, group)
            if broken is not None and group[broken[0]][0] is province:
                return province, broken[1]
        return province, end
    blank = text.find(" ", start + 2, start + _LONGEST_PART)
    broken = _broken(text, start, blank, group) if blank >= 0 else None
    return None if broken is None else (group[broken[0]][0], broken[1])


def _broken(text: str, start: int, blank: int, spellings: Iterable[str]) -> tuple[str, int] | None:
    """The spelling that is broken by blanks, the first of them at ``blank`` (อุบล ราชธานี), and its end."""
    beginning = text[start:blank]
    following = text[blank + 1 : blank + 2]
    for spelling in spellings:
        if (
            len(spelling) > len(beginning)
            and spelling.startswith(beginning)
            and following in (" ", spelling[len(beginning)])
        ):
            window = text[start : start + len(spelling) + _MOST_SPACES]
            places = [i for i, char in enumerate(window) if char != " "][: len(spelling)]
            if len(places) == len(spelling) and "".join(window[i] for i in places) == spelling:
                end = start + places[-1] + 1
                if text[end : end + 1] not in _CONTINUES:
                    return spelling, end
    return None
