"""Administrative areas named in a text: subdistricts, districts and provinces, as places or in an office's name.

Words stand in ``data/places.toml``, provinces in ``data/provinces.csv``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from moi_pipeline.thai.lexicon import load_table
from moi_pipeline.thai.provinces import Province, province_at
from moi_pipeline.thai.scan import Lexicon
from moi_pipeline.thai.wordmatch import WordMatch

Level = Literal["subdistrict", "district", "province"]


class Area(NamedTuple):
    """An area named in the text. ``text[name_start:end]`` is its name, without the area word."""

    start: int
    name_start: int
    end: int
    level: Level
    province: Province | None  # of a province, and of อำเภอเมืองX
    office: bool  # the name of an office or a post holds it (วัฒนธรรมจังหวัดX, นายอำเภอX)


_WORDS: dict[str, Level | None] = {
    "จังหวัด": "province",
    "จ.": "province",
    "จว.": "province",
    "อำเภอ": "district",
    "อ.": "district",
    "ตำบล": "subdistrict",
    "ต.": "subdistrict",
}
_LONGEST_NAME = 24
_BEFORE_OFFICE = 20  # the most blanks between an office's head and its area
_RUN = re.compile(r"[ก-ฮเ-ไ][ก-ฺเ-๎]{1,60}")
_BLANK = " \t"
_AREA_WORDS = ("จังหวัด", "อำเภอ", "ตำบล", "จ.")
_MARKS = frozenset("ะัาำิีึืฺุู็่้๊๋์ํ๎ๅ")  # none of them begins a syllable
_JOINS = re.compile(r"(?:[ \t]*(?:,|และ|กับ|/|หรือ|-|–)[ \t]*|[ \t]+)")
_SMALLER_BEFORE = re.compile(r"(?:ตำบล|ต\.|จังหวัด|จ\.)[ \t]?[ก-ฺเ-๎]{2,24}[ \t,]*\Z")
_JOINS_BEGIN = frozenset(" \t,แก/ห-–")
_BANGKOK = ("กรุงเทพ", "กทม")
_BANGKOK_DISTRICT = re.compile(
    r"(?:(?P<khwaeng>แขวง) ?(?P<sub>[ก-ฺเ-๎]{2,24}),? *)?(?P<khet>เขต) ?(?P<name>[ก-ฺเ-๎]{2,24}),? *\Z"
)
_EVERY_PROVINCE = re.compile(r"(?:จังหวัด|จังหวัดและ|จังหวัด และ) *\Z")


def words() -> dict[str, Any]:
    """``data/places.toml`` as it stands."""
    return load_table("places")


@cache
def begins(group: str, key: str) -> WordMatch:
    """The words of a list in ``data/places.toml``, to be asked which one stands at a position."""
    return WordMatch(words()[group][key])


@cache
def one_of(group: str, key: str) -> re.Pattern[str]:
    """A pattern of any word of a list in ``data/places.toml``, longest first, to be searched for."""
    return re.compile(_any(words()[group][key]))


def _any(listed: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(set(listed), key=lambda word: (-len(word), word))))


@cache
def _endings(key: str) -> dict[str, tuple[str, ...]]:
    """The words of a list by their last letter: far fewer are then compared than the list has."""
    table: dict[str, tuple[str, ...]] = {}
    for word in words()["areas"][key]:
        table[word[-1]] = (*table.get(word[-1], ()), word)
    return table


def _ends_with(text: str, at: int, key: str) -> bool:
    """Whether a word of a list in ``data/places.toml`` ends at ``at``."""
    return text.endswith(_endings(key).get(text[at - 1 : at], ()), 0, at)


def is_letter(text: str, at: int) -> bool:
    """Whether a Thai letter, vowel or mark (or ฯ, ๆ) stands at ``at``."""
    return 0 <= at < len(text) and "ก" <= text[at] <= "๎"


_AREA_HEADS: Lexicon[Level | None] = Lexicon(lambda: {**_WORDS, **dict.fromkeys(_BANGKOK)})


@lru_cache(maxsize=2)  # places and the release's province both ask for the same text
def find_areas(text: str) -> tuple[Area, ...]:
    """All areas in the text, ordered by start. They do not overlap."""
    found: list[Area] = []
    for at, end, level in _AREA_HEADS.hits(text):
        if level == "province":
            _provinces_from(text, at, end, found)
        elif level is None:
            _bangkok_at(text, at, found)
        else:
            area = _area_at(text, at, end, level)
            if area is not None:
                found.append(area)
    found.sort(key=itemgetter(0))
    kept: list[Area] = []
    free = 0
    for area in found:
        start = area.start
        if start < free:
            continue
        # In ตำบลXอำเภอYจังหวัดZ the letters before an area word are an area, no office's head.
        joined = start == free and area.office and kept
        kept.append(area._replace(office=kept[-1].office) if joined else area)
        free = area.end
    return tuple(kept)


def _provinces_from(text: str, at: int, end: int, found: list[Area]) -> None:
    """The province after an area word, and those that follow it in one list (จังหวัดเลย หนองคาย และน่าน)."""
    hit = province_at(text, end)
    if hit is not None:
        found.append(Area(at, end, hit[1], "province", hit[0], _in_office(text, at)))
        _list_from(text, hit[1], found)


def _list_from(text: str, end: int, found: list[Area]) -> None:
    """The provinces with no area word of their own that follow the last one found, which ends at ``end``."""
    office = found[-1].office
    while text[end : end + 1] in _JOINS_BEGIN:
        if text[end] == " " and text[end + 1 : end + 2] not in _JOINS_BEGIN:
            start = end + 1
        elif join := _JOINS.match(text, end):
            start = join.end()
        else:
            return
        hit = province_at(text, start)
        if hit is None or text.startswith(_BANGKOK, start):
            return
        if is_letter(text, hit[1]) and (hit[0].plain_word or not _clean_end(text, hit[1])):
            return
        found.append(Area(start, start, hit[1], "province", hit[0], office))
        end = hit[1]


def _clean_end(text: str, at: int) -> bool:
    """Whether a name that ends at ``at`` is followed by a word that names are followed by."""
    return begins("areas", "stops").at(text, at) or begins("areas", "soft_stops").at(text, at)


def _area_at(text: str, at: int, name_start: int, level: Level) -> Area | None:
    """The subdistrict or district whose area word is ``text[at:name_start]``; None where no name follows."""
    short = text[name_start - 1] == "."
    if short and ((at and (is_letter(text, at - 1) or text[at - 1] == ".")) or text[at + 3 : at + 4] == "."):
        return None  # พ.ต.อ., ต.ค., อ.อ.
    spaced = name_start < len(text) and text[name_start] in _BLANK
    if spaced:
        name_start += 1
    if level == "district":
        start = at - 4 if at >= 4 and text.startswith("กิ่ง", at - 4) else at
        hit = _district(text, at, name_start, sure=not (spaced or short))
        return (
            None if hit is None else Area(start, name_start, hit[0], level, hit[1], _in_office(text, start))
        )
    end = _name_end(text, name_start)
    if end is None or (spaced and not _stands_in_chain(text, at, end)):
        return None  # "ทุกตำบล ร่วมกัน": what follows the blank is no name
    return Area(at, name_start, end, level, None, _in_office(text, at))


def _district(text: str, at: int, start: int, sure: bool) -> tuple[int, Province | None] | None:
    """Where the district's name that begins at ``start`` ends, and the province that its name holds (เมืองตรัง).

    A name that is in no list counts only among other areas (ตำบลX อำเภอY จังหวัดZ). So does any name where
    the area word is not ``sure``: อ.พาน may be a teacher, after นายอำเภอ and a blank comes a person.
    """
    if text.startswith("เมือง", start):
        capital = province_at(text, start + 5)
        if capital is not None and (not is_letter(text, capital[1]) or not capital[0].plain_word):
            return capital[1], capital[0]
        if not is_letter(text, start + 5) or text.startswith((*_AREA_WORDS, "ฯ"), start + 5):
            return start + 5, None
    end = _district_end(text, start)
    if end >= 0 and text[end : end + 1] not in _MARKS:
        clean = not is_letter(text, end) or _clean_end(text, end) or text.startswith(_AREA_WORDS, end)
        if (clean or (sure and end - start > 3)) and (sure or _stands_in_chain(text, at, end)):
            return end, None
    end_of_run = _name_end(text, start)
    if end_of_run is None or not _stands_in_chain(text, at, end_of_run):
        return None
    return end_of_run, None


@cache
def _district_names() -> dict[str, set[str]]:
    """The names of all districts, by their first two letters."""
    source = files("moi_pipeline.thai").joinpath("data/districts.csv").read_text(encoding="utf-8")
    lines = [line for line in source.splitlines() if not line.startswith("#")]
    table: dict[str, set[str]] = {}
    for line in lines[1:]:
        for name in line.partition(",")[2].split("|"):
            table.setdefault(name[:2], set()).add(name)
    return table


@cache
def _districts_from(start: str) -> re.Pattern[str]:
    """The names of districts that begin with these two letters. All at once take long to compile."""
    return re.compile(_any(_district_names()[start]))


def _district_end(text: str, start: int) -> int:
    """Where the longest name of a district that begins at ``start`` ends; -1 where none does."""
    first = text[start : start + 2]
    found = _districts_from(first).match(text, start) if first in _district_names() else None
    return found.end() if found else -1


def _stands_in_chain(text: str, at: int, end: int) -> bool:
    """Whether the area at ``at`` follows or is followed by another area word, or is อำเภอเมือง."""
    after = text[end : end + 12].lstrip(" ,")
    return (
        after.startswith(("จ.", "จังหวัด", "อ.", "อำเภอ", "กิ่งอำเภอ", "จว."))
        or text.startswith("เมือง", at + 2)
        or _SMALLER_BEFORE.search(text, max(at - 32, 0), at) is not None
    )


def _name_end(text: str, start: int) -> int | None:
    """Where the area name that begins at ``start`` ends, None where no name begins there."""
    match = _RUN.match(text, start)
    if match is None:
        return None
    run = match.group()
    known = begins("areas", "names_all_the_same").end(run, 0)
    if known < 0 and begins("areas", "not_names").at(run, 0):
        return None
    skip = max(known, 2)
    cut = one_of("areas", "words").search(run, skip)
    if cut is not None:
        run = run[: cut.start()]
    cut = one_of("areas", "stops").search(run, skip)
    if cut is not None:
        run = run[: cut.start()]
    if len(run) > words()["areas"]["longest_plain"] and not _is_capital(run):
        cut = one_of("areas", "soft_stops").search(run, max(skip, 3))
        if cut is not None:
            run = run[: cut.start()]
    if not 2 <= len(run) <= _LONGEST_NAME:
        return None
    if text[start + len(run) : start + len(run) + 1] == "ๆ" or text.startswith(" ๆ", start + len(run)):
        return None
    return start + len(run)


def _is_capital(run: str) -> bool:
    return run.startswith("เมือง") and province_at(run, 5) is not None


def _in_office(text: str, at: int) -> bool:
    """Whether the letters before an area word make it a part of an office's or a post's name."""
    if at == 0:
        return False
    last = text[at - 1]
    if "ก" <= last <= "๎" or last == ".":
        return not _ends_with(text, at, "place_before") or _ends_with(text, at, "place_before_not")
    farthest = max(at - _BEFORE_OFFICE, 0)
    while at > farthest and text[at - 1] in _BLANK:
        at -= 1
    return last in _BLANK and _ends_with(text, at, "office_before")


def _bangkok_at(text: str, at: int, found: list[Area]) -> None:
    hit = province_at(text, at)
    if hit is None or _EVERY_PROVINCE.search(text, max(at - 16, 0), at):
        return
    district = None
    if text.find("เขต", max(at - 64, 0), at) >= 0:
        district = _BANGKOK_DISTRICT.search(text, max(at - 64, 0), at)
    if district is not None and _district_end(district["name"], 0) != len(district["name"]):
        district = None
    if district is not None:
        if district["khwaeng"]:
            start, name, end = district.start("khwaeng"), district.start("sub"), district.end("sub")
            found.append(Area(start, name, end, "subdistrict", None, False))
        start, name, end = district.start("khet"), district.start("name"), district.end("name")
        found.append(Area(start, name, end, "district", None, False))
    found.append(Area(at, at, hit[1], "province", hit[0], district is None and _in_office(text, at)))
    _list_from(text, hit[1], found)
