"""Titles, ranks and words of address before a person's name."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal, NamedTuple

from moi_pipeline.thai.anchors import AnchorKind
from moi_pipeline.thai.lexicon import any_of, load_table

TitleKind = Literal["plain", "weak"]


class Title(NamedTuple):
    """A title (or several that stand together) at ``[start, end)``; a doubled one is given once in ``text``.

    A weak one (คุณ) is a person's title only where given and family name are plainly names. ``glued`` says
    that it stands right behind a Thai letter, so that it may be the end of another word.
    """

    start: int
    end: int
    text: str
    kind: TitleKind
    glued: bool


_MOST_PARTS = 5
_LETTERS = frozenset(
    chr(code)
    for code in (*range(0xE01, 0xE2F), *range(0xE30, 0xE3B), *range(0xE40, 0xE46), *range(0xE47, 0xE4F))
)
_LOOK_BACK = 14
_LATIN_GLOSS = re.compile(r"\(\s*(?:H\.?E\.?\s*)?(?:[A-Z][a-z]+\.\s*){0,2}$")
_BEFORE_WEAK = re.compile(r"(?:โดย|และ|ให้|กับ|ของ|คือ|มี|จาก|ด้วย|ด้าน|แก่|ถึง|กราบ)$")


@cache
def _table() -> dict[str, Any]:
    return load_table("titles")


@cache
def _ranks() -> tuple[str, ...]:
    ranks = _table()["ranks"]
    whole = [stem + grade for stem in ranks["stems"] for grade in ranks["grades"]] + ranks["words"]
    return tuple(whole)


@cache
def _one() -> re.Pattern[str]:
    """One title."""
    table = _table()
    women = table["ranks"]["women"]
    letters = [". ".join(word.rstrip(".").split(".")) for word in table["ranks"]["abbreviations"]]
    short = rf"{any_of(letters)}(?:\.|(?=[ \t]))"
    rank = rf"(?:{table['ranks']['provisional']}[ \t]{{0,12}})?(?:{any_of(_ranks())}|{short})(?:[ \t]?\(?{women}\)?)?"
    words = [w for g in ("civil", "academic", "medical", "noble", "royal") for w in table[g]["words"]]
    return re.compile(rf"(?:{rank}|{any_of(words)})")


@cache
def _not_after() -> dict[str, re.Pattern[str]]:
    """What follows a title that makes it another word: นายอำเภอ. A word marked $ does so only where it ends."""
    found: dict[str, re.Pattern[str]] = {}
    for title, words in _table()["not_after"].items():
        whole = [word[:-1] for word in words if word.endswith("$")]
        begun = [word for word in words if not word.endswith("$")]
        options = [any_of(begun)] if begun else []
        options += [f"{any_of(whole)}(?![ก-ฮเ-ไ])"] if whole else []
        if options:
            found[title] = re.compile("|".join(options))
    return found


@cache
def _not_before() -> dict[str, tuple[str, ...]]:
    return {title: tuple(words) for title, words in _table()["not_before"].items()}


@cache
def _things() -> tuple[str, ...]:
    return tuple(_table()["things"]["words"])


@cache
def _thing_ends() -> frozenset[str]:
    return frozenset(word[-1] for word in _things())


@cache
def _royal() -> frozenset[str]:
    return frozenset(_table()["royal"]["words"])


@cache
def _loose() -> frozenset[str]:
    """Titles that are also the ends of other words, where a Thai letter stands before them."""
    return frozenset(
        {"ดร", "ศ.", "มล.", "มรว.", "นส.", "ม.ล", "ม.ล.", "Mr", "Ms", "Mrs", "ภก.", "ทพ.", "นสพ."}
    )


def find_titles(text: str, anchors: dict[AnchorKind, list[int]]) -> list[Title]:
    """All places in ``text`` where a person's title stands, in order, none overlapping another.

    ``anchors`` are those of ``find_anchors(text)``.
    """
    places = [(start, True) for start in anchors["title"]] + [(start, False) for start in anchors["weak"]]
    found: list[Title] = []
    consumed = 0
    for start, strong in sorted(places):
        if start >= consumed:
            title = _title_at(text, start, strong)
            if title is not None:
                found.append(title)
                consumed = title.end
    return found


def _title_at(text: str, start: int, strong: bool) -> Title | None:
    glued = start > 0 and text[start - 1] in _LETTERS
    first = _one().match(text, start) if strong else None
    if first is None:
        return _weak_at(text, start, glued)
    if not _stands_free(text, start, first[0], glued):
        return None
    parts, end = _parts(text, first)
    if not parts or not _royal().isdisjoint(parts):
        return None
    return Title(start, end, _spelled(text, parts, start, end), "plain", glued)


def _stands_free(text: str, start: int, first: str, glued: bool) -> bool:
    """Whether what stands before a title leaves it a title."""
    floor = max(0, start - _LOOK_BACK)
    if glued and (first in _loose() or text.endswith(_not_before().get(first, ()), floor, start)):
        return False
    if start and text[start - 1] == "." and "." in first:
        # ค.ศ. and พ.ศ. hold ศ., สพ.ญ. holds ญ.
        return not (first in _loose() and start > 1 and text[start - 2] in _LETTERS)
    if first[0].isascii() and _LATIN_GLOSS.search(text[floor:start]):
        return False  # the Latin spelling of the name before it
    return not names_thing(text, start)


def names_thing(text: str, at: int) -> bool:
    """Whether the name that begins at ``at`` is that of a thing: ถนน..., โรงเรียน..."""
    floor = max(0, at - _LOOK_BACK)
    end = at - 1 if text[at - 1 : at] == " " and at > floor else at
    return text[end - 1 : end] in _thing_ends() and text.endswith(_things(), floor, end)


def _parts(text: str, first: re.Match[str]) -> tuple[list[str], int]:
    """The titles that stand together from ``first`` on, up to one that is no title by what follows it."""
    parts: list[str] = []
    end = first.start()
    one: re.Match[str] | None = first
    while one is not None and len(parts) < _MOST_PARTS:
        barred = _not_after().get(one[0])
        if barred is not None and barred.match(text, one.end()):
            break
        parts.append(one[0])
        end = at = one.end()
        while at < end + 3 and text[at : at + 1] in (" ", "\t"):
            at += 1
        one = _one().match(text, at)
    return parts, end


def _spelled(text: str, parts: list[str], start: int, end: int) -> str:
    once = [part for i, part in enumerate(parts) if i == 0 or part != parts[i - 1]]
    if len(parts) == 1 or len(once) < len(parts):
        return " ".join(once)
    return " ".join(text[start:end].split())


def _weak_at(text: str, start: int, glued: bool) -> Title | None:
    for word in _weak_words():
        if text.startswith(word, start):
            if glued and not _BEFORE_WEAK.search(text[max(0, start - 5) : start]):
                return None
            return Title(start, start + len(word), word, "weak", glued)
    return None


@cache
def _weak_words() -> tuple[str, ...]:
    return tuple(sorted(_table()["weak"]["words"], key=len, reverse=True))
