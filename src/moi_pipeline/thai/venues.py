"""Where the event was: venues after ณ, ที่ or ลงพื้นที่, and halls that need no such word.

Words stand in ``data/places.toml``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from moi_pipeline.thai.areas import Area, is_letter, one_of, positions, words
from moi_pipeline.thai.provinces import province_at


@dataclass(frozen=True, slots=True)
class Venue:
    """A venue's span. It is empty where an area follows the cue at once (ณ จังหวัดตรัง)."""

    start: int
    end: int


_LONGEST = 150
_MOST_WORDS = 10
_LONGEST_BARE = 30  # after พื้นที่, where no areas follow
_AT = re.compile(r"ณ(?<![ก-๎]ณ)(?:[ \t.]+|(?=ห้อง|ศาลา|บริเวณ|หอประชุม|โรงเรียน|ที่ว่าการ|วัด))")
_IN = re.compile(r"ที่(?<![ก-๎]ที่)[ \t]?")
_IN_AFTER_WORD = re.compile(r"(?:ไป|ขึ้น|งาน|อยู่|ตั้ง|ประชุม|มา|จัด)ที่[ \t]?")
_GROUND = re.compile(r"พื้นที่[ \t]?")
_LABEL = re.compile(r"สถานที่(?:จัดงาน|จัดประชุม|จัดกิจกรรม)?[ \t]*[:：][ \t]*")
_TOKEN = re.compile(r"\([^()\n]{0,60}\)|[“\"'‘][^”\"'’\n]{1,60}[”\"'’]|[^\s,“”\"‘’()]+")
_NUMBERED = re.compile(r"(?:ชั้น|อาคาร|ห้อง|ที่|หมู่|เลขที่|ม\.|แห่ง|สาขา|ประชุม)\Z")
_SHORT = re.compile(r"[0-9๐-๙A-Za-z][0-9๐-๙A-Za-z/.\-&']*")
_TIMED = re.compile(r"(?:น\.|[)0-9๐-๙])[ \t]*\Z")
_TRIM = " \t,.:;-–/“\"'‘("


@cache
def _bare_heads() -> frozenset[str]:
    return frozenset(words()["venues"]["heads"])


def find_venues(text: str, areas: Sequence[Area]) -> Iterator[Venue]:
    """Venues in the order in which their cues are looked for; they may overlap, and some may be empty."""
    starts = [area.start for area in areas]
    for start in _starts(text):
        end = _venue_end(text, start, areas, starts)
        if end is not None:
            yield Venue(start, end)
    ground_heads = one_of("venues", "ground_heads")
    for match in _GROUND.finditer(text):
        start = match.end()
        if one_of("venues", "heads").match(text, start):
            end = _venue_end(text, start, areas, starts)
            if end is not None and (
                _area_follows(text, end, starts)
                or (end - start <= _LONGEST_BARE and ground_heads.match(text, start))
            ):
                yield Venue(start, end)


def _area_follows(text: str, end: int, starts: Sequence[int]) -> bool:
    index = bisect_left(starts, end)
    return index < len(starts) and not text[end : starts[index]].strip(" ,")


def _starts(text: str) -> Iterator[int]:
    """Where venues begin: after ณ, ที่ and the like, or at a head that needs none of them."""
    for match in _AT.finditer(text):
        if not one_of("venues", "times").match(text, match.end()) and not _is_surname(text, match):
            yield match.end()
    heads, office_heads = one_of("venues", "heads"), one_of("venues", "office_heads")
    for match in _IN.finditer(text):
        if office_heads.match(text, match.end()):
            if match.group()[-1] in " \t" or _TIMED.search(text, max(match.start() - 4, 0), match.start()):
                yield match.end()
        elif heads.match(text, match.end()):
            yield match.end()
    for match in _IN_AFTER_WORD.finditer(text):
        if heads.match(text, match.end()):
            yield match.end()
    for match in _LABEL.finditer(text):
        yield match.end()
    for word in words()["venues"]["plain_heads"]:
        for at in positions(text, word):
            if not is_letter(text, at - 1):
                yield at


def _is_surname(text: str, match: re.Match[str]) -> bool:
    """Whether this ณ belongs to a surname (X ณ อยุธยา): it follows a name, and no venue would be so bare."""
    town = one_of("venues", "surnames").match(text, match.end())
    return (
        town is not None
        and not is_letter(text, town.end())
        and text[match.start() - 1 : match.start()] == " "
    )


def _venue_end(text: str, start: int, areas: Sequence[Area], starts: Sequence[int]) -> int | None:
    """Where the venue that begins at ``start`` ends; ``start`` itself where an area begins there."""
    index = bisect_left(starts, start)
    # An office's area (ศาลากลางจังหวัดตรัง) belongs to the venue; any other ends it.
    while index < len(areas) and areas[index].office:
        index += 1
    following = areas[index].start if index < len(areas) else len(text)
    if following == start:
        return start
    limit = min(following, start + _LONGEST, len(text))
    inside = one_of("venues", "ends_inside")
    reaches_area = following < start + _LONGEST and _leads_to(text, start, following)
    end = start
    at = start
    while at < limit:
        token = _TOKEN.match(text, at, limit)
        if token is None:
            break
        word = token.group()
        if end > start and not reaches_area and not _goes_on(text, start, end, token):
            break
        cut = inside.search(word, 2)
        if cut is not None:
            end = at + cut.start()
            break
        end = token.end()
        at = end
        while at < limit and text[at] in " \t\u00a0":
            at += 1
        if at == end or at - end > 3:
            break
    return _trimmed(text, start, end)


def _goes_on(text: str, start: int, end: int, token: re.Match[str]) -> bool:
    """Whether the word after a blank still belongs to the venue ``text[start:end]``."""
    word = token.group()
    goes_on, loans = one_of("venues", "goes_on"), one_of("venues", "loan_words")
    if goes_on.match(word) or loans.match(word) or word[0] in "(“\"'‘":
        return True
    if province_at(text, token.start()) is None and one_of("venues", "ends_before").match(word):
        return False
    if word[0].isascii() and word[0].isalpha():
        return True
    before = text[start:end]
    if before.rsplit(" ", 1)[-1] in _bare_heads():
        return True
    if _SHORT.fullmatch(word) and _NUMBERED.search(before):
        return True
    # One unknown word between known ones: โรงแรมX ขอนแก่น โฮเทล, ศูนย์แถลงข่าวโรค… 2019 กระทรวงสาธารณสุข.
    after = token.end() + 1
    return text[token.end() : after] == " " and (
        loans.match(text, after) is not None or goes_on.match(text, after) is not None
    )


def _leads_to(text: str, start: int, following: int) -> bool:
    """Whether the words from ``start`` run up to the areas that follow, with nothing that ends a venue."""
    between = text[start:following]
    if "\n" in between or "," in between[:-2]:
        return False
    ends, goes_on = one_of("venues", "ends_before"), one_of("venues", "goes_on")
    tokens = between.split()
    if len(tokens) > _MOST_WORDS:
        return False
    for before, token in pairwise(tokens):
        if (
            ends.match(token)
            and not goes_on.match(token)
            and not (before.isdecimal() and token.startswith("ปี"))
        ):
            return False
    inside = one_of("venues", "ends_inside")
    return not any(inside.search(token, 2) for token in tokens)


def _trimmed(text: str, start: int, end: int) -> int | None:
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    surface = text[start:end]
    if (
        surface.rstrip("ฯ") in _bare_heads()
        or len(surface) < 3
        or one_of("venues", "vague").search(text[start : end + 12])
    ):
        return None
    return end
