"""The 77 provinces and their spellings: look one up by name, or read one at a position in a text.

The facts stand in ``data/provinces.csv``. Many names are plain words too (เลย, ตาก, น่าน), so
``province_at`` is only for positions where a province is expected: after จังหวัด, จ. or an office's head.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Province:
    """A province. ``name`` is without จังหวัด, ``code`` is ISO 3166-2 (TH-48)."""

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
_PREFIXES = ("จังหวัด", "จ.")
_MOST_SPACES = 3  # how many blanks a broken name may hold


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
def _lengths(nicknames: bool) -> tuple[int, ...]:
    return tuple(sorted({len(spelling) for spelling in _by_spelling(nicknames)}, reverse=True))


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
    if text.startswith("จ.", max(start - 2, 0)) and start >= 2:
        short = _by_abbreviation().get(text[start : start + 3]) or _by_abbreviation().get(
            text[start : start + 4]
        )
        if short is not None:
            end = start + len(short.abbreviation)
            if not "ก" <= text[end : end + 1] <= "๛":
                return short, end
    while start < len(text) and text[start] in " \t":
        start += 1
    table, lengths = _by_spelling(nicknames), _lengths(nicknames)
    window = text[start : start + lengths[0] + _MOST_SPACES + 1]
    province, taken = _longest(window, table, lengths)
    if " " in window:
        places = [i for i, char in enumerate(window) if char != " "]
        broken, length = _longest("".join(window[i] for i in places), table, lengths)
        # A short name stays as it is where the words after it only look like its rest.
        if broken is not None and length > taken and (province is None or broken is province):
            province, taken = broken, places[length - 1] + 1
    return None if province is None else (province, start + taken)


def _longest(
    window: str, table: dict[str, Province], lengths: tuple[int, ...]
) -> tuple[Province | None, int]:
    for length in lengths:
        found = table.get(window[:length])
        # A window shorter than ``length`` would be looked up as a whole, with a wrong end.
        if found is not None and len(window) >= length and window[length : length + 1] not in _CONTINUES:
            return found, length
    return None, 0
