"""Titles, ranks and words of address before a person's name."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal, NamedTuple

from moi_pipeline.thai.anchors import AnchorKind
from moi_pipeline.thai.lexicon import any_of, load_table
from moi_pipeline.thai.wordmatch import WordMatch

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
_BEFORE_WEAK = ("โดย", "และ", "ให้", "กับ", "ของ", "คือ", "มี", "จาก", "ด้วย", "ด้าน", "แก่", "ถึง", "กราบ")


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
def _beginnings() -> frozenset[str]:
    """The first two letters of all titles: a set is asked much faster than the pattern of some hundred titles."""
    table = _table()
    groups = ("civil", "academic", "medical", "noble", "royal")
    titles = [*_ranks(), *table["ranks"]["abbreviations"], table["ranks"]["provisional"]]
    titles += [word for group in groups for word in table[group]["words"]]
    return frozenset(title[:2] for title in titles)


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
    before = text[start - 1] if start else "\n"
    glued = before in _LETTERS
    first = _one().match(text, start) if strong else None
    if first is None:
        return _weak_at(text, start, glued)
    word = first[0]
    if not _stands_free(text, start, word, before, glued):
        return None
    barred = _not_after().get(word)
    if barred is not None and barred.match(text, first.end()):
        return None
    parts, end = [word], first.end()
    while len(parts) < _MOST_PARTS and (more := _one_behind(text, end)):
        barred = _not_after().get(more[0])
        if barred is not None and barred.match(text, more.end()):
            break
        parts.append(more[0])
        end = more.end()
    if not _royal().isdisjoint(parts):
        return None
    return Title(start, end, word if len(parts) == 1 else _spelled(text, parts, start, end), "plain", glued)


def _one_behind(text: str, end: int) -> re.Match[str] | None:
    """One more title behind ``end``, up to three blanks between."""
    at = end
    while at < end + 3 and text[at : at + 1] in (" ", "\t"):
        at += 1
    return _one().match(text, at) if text[at : at + 2] in _beginnings() else None


def _stands_free(text: str, start: int, word: str, before: str, glued: bool) -> bool:
    """Whether what stands before a title, ``before`` right before it, leaves it a title."""
    if glued:
        barred = _not_before().get(word)
        if word in _loose() or (barred and text.endswith(barred, max(0, start - _LOOK_BACK), start)):
            return False
    elif before == "." and "." in word:
        # ค.ศ. and พ.ศ. hold ศ., สพ.ญ. holds ญ.
        return not (word in _loose() and start > 1 and text[start - 2] in _LETTERS)
    if word[0].isascii() and _LATIN_GLOSS.search(text[max(0, start - _LOOK_BACK) : start]):
        return False  # the Latin spelling of the name before it
    return not names_thing(text, start)


def names_thing(text: str, at: int) -> bool:
    """Whether the name that begins at ``at`` is that of a thing: ถนน..., โรงเรียน..."""
    end = at - 1 if at > 1 and text[at - 1] == " " else at
    if not end or text[end - 1] not in _thing_ends():
        return False
    return text.endswith(_things(), max(0, at - _LOOK_BACK), end)


def _spelled(text: str, parts: list[str], start: int, end: int) -> str:
    once = [part for i, part in enumerate(parts) if i == 0 or part != parts[i - 1]]
    return " ".join(once if len(once) < len(parts) else text[start:end].split())


def _weak_at(text: str, start: int, glued: bool) -> Title | None:
    if glued and not text.endswith(_BEFORE_WEAK, max(0, start - 5), start):
        return None
    end = _weak_words().end(text, start)
    return Title(start, end, text[start:end], "weak", glued) if end > 0 else None


@cache
def _weak_words() -> WordMatch:
    return WordMatch(_table()["weak"]["words"])
