"""Where the event was: venues after ณ, ที่ or ลงพื้นที่, and halls that need no such word.

Words stand in ``data/places.toml``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from moi_pipeline.thai.areas import Area, begins, is_letter, one_of, words
from moi_pipeline.thai.provinces import province_at
from moi_pipeline.thai.scan import Lexicon

# A venue's start and end. It is empty where an area follows the cue at once (ณ จังหวัดตรัง).
Venue = tuple[int, int]

_LONGEST = 150
_MOST_WORDS = 10
_LONGEST_BARE = 30  # after พื้นที่, where no areas follow
_AT = re.compile(r"ณ(?<![ก-๎]ณ)(?:[ \t.]+|(?=ห้อง|ศาลา|บริเวณ|หอประชุม|โรงเรียน|ที่ว่าการ|วัด))")
_IN_AFTER = ("ไป", "ขึ้น", "งาน", "อยู่", "ตั้ง", "ประชุม", "มา", "จัด", "พื้น")
_TOKEN = re.compile(r"\([^()\n]{0,60}\)|[“\"'‘][^”\"'’\n]{1,60}[”\"'’]|[^\s,“”\"‘’()]+")
_NUMBERED = re.compile(r"(?:ชั้น|อาคาร|ห้อง|ที่|หมู่|เลขที่|ม\.|แห่ง|สาขา|ประชุม)\Z")
_SHORT = re.compile(r"[0-9๐-๙A-Za-z][0-9๐-๙A-Za-z/.\-&']*")
_TIMED = re.compile(r"(?:น\.|[)0-9๐-๙])[ \t]*\Z")
_TRIM = " \t,.:;-–/“\"'‘("


@cache
def _bare_heads() -> frozenset[str]:
    return frozenset(words()["venues"]["heads"])


def find_venues(text: str, areas: Sequence[Area]) -> Iterator[Venue]:
    """Venues from left to right; they do not overlap, and some may be empty."""
    starts = [area.start for area in areas]
    end = 0
    for start in sorted({*_starts(text), *_labelled(text)}):
        if start < end:
            continue
        found = _venue_end(text, start, areas, starts)
        if found is not None and (not _on_ground(text, start) or _is_ground(text, start, found, starts)):
            yield start, found
            end = found


def _starts(text: str) -> Iterator[int]:
    """Where venues begin after ณ, or with a head that needs no such word."""
    for match in _AT.finditer(text):
        if not begins("venues", "times").at(text, match.end()) and not _is_surname(text, match):
            yield match.end()
    for at, _, _ in _HALLS.hits(text):
        if not is_letter(text, at - 1):
            yield at


_HALLS = Lexicon(lambda: dict.fromkeys(words()["venues"]["plain_heads"]))


@cache
def _at_or_label() -> re.Pattern[str]:
    """ที่ before a venue's head, or the end of a label (สถานที่จัดงาน :), as group 1."""
    # Heads by their first letter: the engine then tries a few words and not a hundred. The pattern begins with
    # letters that every match has, which it looks for faster than a loop here could.
    by_first: dict[str, list[str]] = {}
    for head in words()["venues"]["heads"]:
        by_first.setdefault(head[0], []).append(re.escape(head[1:]))
    heads = "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in by_first.items())
    label = r"(?<=สถานที่)(?:จัดงาน|จัดประชุม|จัดกิจกรรม)?[ \t]*[:：][ \t]*"
    return re.compile(rf"ที่(?:({label})|[ \t]?(?={heads}))")


def _labelled(text: str) -> Iterator[int]:
    """Where venues begin after a label, or after ที่, which is mostly another word: a venue's head must follow."""
    for match in _at_or_label().finditer(text):
        at, start = match.span()
        if match[1]:
            yield start
        elif is_letter(text, at - 1):
            if text.endswith(_IN_AFTER, 0, at):
                yield start
        elif (
            start > at + 3
            or not begins("venues", "office_heads").at(text, start)
            or _TIMED.search(text, max(at - 4, 0), at)
        ):
            yield start


def _on_ground(text: str, start: int) -> bool:
    return text[max(start - 8, 0) : start].rstrip().endswith("พื้นที่")


def _is_ground(text: str, start: int, end: int, starts: Sequence[int]) -> bool:
    """Whether what follows พื้นที่ is a venue: its areas follow, or it is short and a village or the like."""
    index = bisect_left(starts, end)
    if index < len(starts) and not text[end : starts[index]].strip(" ,"):
        return True
    return end - start <= _LONGEST_BARE and begins("venues", "ground_heads").at(text, start)


def _is_surname(text: str, match: re.Match[str]) -> bool:
    """Whether this ณ belongs to a surname (X ณ อยุธยา): it follows a name, and no venue would be so bare."""
    town = begins("venues", "surnames").end(text, match.end())
    return town >= 0 and not is_letter(text, town) and text[match.start() - 1 : match.start()] == " "


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
    if word == "ณ":
        return False
    goes_on, loans = begins("venues", "goes_on"), begins("venues", "loan_words")
    if goes_on.at(word, 0) or loans.at(word, 0) or word[0] in "(“\"'‘":
        return True
    if begins("venues", "ends_before").at(word, 0) and province_at(text, token.start()) is None:
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
    return text[token.end() : after] == " " and (loans.at(text, after) or goes_on.at(text, after))


def _leads_to(text: str, start: int, following: int) -> bool:
    """Whether the words from ``start`` run up to the areas that follow, with nothing that ends a venue."""
    between = text[start:following]
    if "\n" in between or "," in between[:-2]:
        return False
    ends, goes_on = begins("venues", "ends_before"), begins("venues", "goes_on")
    tokens = between.split()
    if len(tokens) > _MOST_WORDS:
        return False
    for before, token in pairwise(tokens):
        if (
            ends.at(token, 0)
            and not goes_on.at(token, 0)
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
