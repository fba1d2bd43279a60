"""A person's given and family name at a place in the text, and where they end."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from moi_pipeline.thai.lexicon import any_of, load_table


@dataclass(frozen=True, slots=True)
class Name:
    """A name at ``[start, end)``. ``sure`` where more than its place behind a title speaks for the family name."""

    start: int
    end: int
    given: str
    family: str | None
    sure: bool = False

    @property
    def full(self) -> str | None:
        """Given name, one space, family name."""
        return None if self.family is None else f"{self.given} {self.family}"


_WORD = re.compile(r"(?!ก[เ-ไ])[เ-ไ]?[ก-ฮ][ก-ฮะ-ฺเ-ๅ็-๎]*(?:[-–][เ-ไ]?[ก-ฮ][ก-ฮะ-ฺเ-ๅ็-๎]*)?")
_LATIN = re.compile(
    r"[A-Z][A-Za-zÀ-ÿ.'’-]*[ \t]+(?:(?:[A-Z][A-Za-zÀ-ÿ.'’-]*|de|van|von|der|bin|al)[ \t]+){0,2}[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]+"
)
_LATIN_POST = re.compile(r"[ \t]+(?:President|CEO|Chief|Director|Chairman|Ambassador|Minister|Governor|Manager|Head)\b")
_GAP = re.compile(r"[ \t]{0,12}")
_WIDE_GAP = re.compile(r"[ \t]{0,12}(?:\n[ \t]{0,12})?")
_OF = re.compile(r"ณ[ \t]{0,4}")
_BOUNDARY = re.compile(r"(?![ก-ฮะ-ฺเ-ๅ็-๎])")
_SENTENCE = re.compile(r"เป็น|ให้|ของ|การ|ที่|และ|ได้|ความ|จังหวัด|ประชา|กระทรวง|รัฐบาล")
_LONGEST = 28  # letters: longer words are runs of text without blanks


@cache
def _ends() -> dict[str, Any]:
    return load_table("position_ends")


@cache
def _heads() -> dict[str, Any]:
    return load_table("position_heads")


@cache
def _cuts() -> re.Pattern[str]:
    """What ends a name that it is glued to: a verb, a joining word or a post."""
    posts = [word for word in _heads()["strong"]["words"] if len(word) >= 6]
    posts += [f"รอง{word}" for word in posts] + ["ผู้ช่วย", "รองผอ", "รองผู้", "รองปลัด", "รองนายก", "รองอธิบดี"]
    return re.compile(any_of([*_ends()["name_cuts"]["words"], *posts]))


@cache
def post_pattern() -> re.Pattern[str]:
    """A post that stands behind a name, blanks between them or not."""
    before = [*_heads()["before"]["words"], *_heads()["acting"]["words"], *_heads()["acting"]["serving"]]
    fields = f"{any_of(_heads()['fields']['words'])}{any_of(_heads()['fields']['area'])}"
    posts = any_of(_heads()["strong"]["words"] + _heads()["plain"]["words"])
    return re.compile(rf"(?:ตำแหน่ง[ \t]*)?(?:{any_of(before)}[ \t]*(?:ตำแหน่ง[ \t]*)?){{0,4}}(?:{posts}|{fields})")


@cache
def _strong_post() -> re.Pattern[str]:
    return re.compile(any_of([w for w in _heads()["strong"]["words"] if len(w) > 3] + _heads()["before"]["words"]))


@cache
def _not_family() -> re.Pattern[str]:
    return re.compile(any_of(_ends()["not_family"]["words"]))


@cache
def _verbs() -> re.Pattern[str]:
    return re.compile(any_of(_ends()["glued"]["words"]))


@cache
def _posts() -> frozenset[str]:
    return frozenset(_heads()["strong"]["words"]) | frozenset(_heads()["plain"]["words"])


@cache
def _weak() -> frozenset[str]:
    return frozenset(_ends()["not_family"]["weak"])


@cache
def _of_places() -> re.Pattern[str]:
    return re.compile(any_of(_ends()["families_of"]["words"]) + _BOUNDARY.pattern)


@cache
def family_names() -> frozenset[str]:
    """Thai family names in common use."""
    from pythainlp.corpus.common import thai_family_names

    return frozenset(thai_family_names())


@cache
def given_names() -> frozenset[str]:
    """Thai given names in common use."""
    from pythainlp.corpus.common import thai_female_names, thai_male_names

    return frozenset(thai_male_names()) | frozenset(thai_female_names())


@cache
def plain_words() -> frozenset[str]:
    """The words of a Thai dictionary."""
    from pythainlp.corpus.common import thai_words

    return frozenset(thai_words())


def word_at(text: str, start: int, limit: int) -> int:
    """The end of the Thai word-like run at ``start``, cut before a verb or a post that it is glued to."""
    match = _WORD.match(text, start, limit)
    if match is None:
        return start
    cut = _cuts().search(text, start + 1, match.end())
    return cut.start() if cut else match.end()


def name_at(text: str, start: int, limit: int, known: Collection[str] = ()) -> Name | None:
    """The name at ``start`` (blanks before it skipped), which ends at ``limit`` at the latest.

    ``known`` holds given names that the release uses elsewhere; they decide where a glued name is split.
    The family name is None where none is told: "นายสมชาย กล่าวว่า".
    """
    start = _GAP.match(text, start, limit).end()  # type: ignore[union-attr]
    latin = _LATIN.match(text, start, limit)
    if latin is not None:
        end = latin.end()
        post = _LATIN_POST.search(text, start, end)
        given, _, family = " ".join(text[start : post.start() if post else end].split()).partition(" ")
        return Name(start, post.start() if post else end, given, family, sure=True) if family else None
    end = word_at(text, start, limit)
    if end - start < 2:
        return None
    given = text[start:end]
    family = _family_at(text, end, limit)
    if family is not None:
        family_start, family_end, sure = family
        spelled = " ".join(text[family_start:family_end].split())
        if len(given) <= _LONGEST:
            return Name(start, family_end, given, spelled, sure)
        return None
    split, whole = _split(given, known)
    if split:
        family_name = given[split:] if whole else None
        return Name(start, end if whole else start + split, given[:split], family_name, sure=whole)
    return Name(start, end, given, None) if len(given) <= _LONGEST else None


def _family_at(text: str, after: int, limit: int) -> tuple[int, int, bool] | None:
    """Where the family name behind a given name begins and ends, and whether more speaks for it."""
    gap = _GAP.match(text, after, limit)
    start = gap.end() if gap else after
    broken = False
    if start < limit and text[start] == "\n":
        wide = _WIDE_GAP.match(text, after, limit)
        start, broken = (wide.end() if wide else start), True
    if start == after:
        return None
    of = _of_at(text, start, limit)
    if of:
        return start, of, True
    if _cuts().match(text, start, limit):
        return None
    end = word_at(text, start, limit)
    if end - start < 2 or end - start > _LONGEST:
        return None
    word = text[start:end]
    known = word in family_names() and word not in _posts()
    followed = _followed(text, end, limit)
    if not known and (not _may_be_family(text, start, end, followed) or (broken and not followed)):
        return None
    return start, _longer(text, end, limit), known or followed


def _may_be_family(text: str, start: int, end: int, followed: bool) -> bool:
    """Whether a word that is no known family name may be one."""
    if _strong_post().match(text, start, end) or _verbs().match(text, start, end):
        return False
    if post_pattern().match(text, start, end):
        # บุตร and ช่าง are posts, บุตรคุณ before a post is a family name.
        return followed and text[start:end] not in plain_words() and end - start <= 12
    verb = _not_family().match(text, start, end)
    if verb is None:
        return followed or (end - start <= 20 and not _SENTENCE.search(text, start, end) and text[start:end] not in plain_words())
    # มี is a verb, มีทอง before a post is a family name.
    long = end - start > 14 or end <= verb.end() + 1 or _SENTENCE.search(text, start + 2, end)
    return followed and verb[0] in _weak() and not long and text[start:end] not in plain_words()


def is_verb(word: str) -> bool:
    """Whether a word begins like a verb or joining word that often stands behind a given name."""
    return _not_family().match(word) is not None or _verbs().match(word) is not None


def _followed(text: str, end: int, limit: int) -> bool:
    """Whether a post stands behind ``end``."""
    gap = _WIDE_GAP.match(text, end, limit)
    return post_pattern().match(text, gap.end() if gap else end, limit) is not None


def _of_at(text: str, start: int, limit: int) -> int:
    """The end of "ณ อยุธยา" and its like at ``start``, 0 where there is none."""
    of = _OF.match(text, start, limit)
    if of is None:
        return 0
    place = _of_places().match(text, of.end(), limit)
    return place.end() if place else 0


def _longer(text: str, end: int, limit: int) -> int:
    """The end of a family name of two words whose first ends at ``end``."""
    gap = _GAP.match(text, end, limit)
    start = gap.end() if gap else end
    if start == end:
        return end
    of = _of_at(text, start, limit)
    if of:
        return of
    last = word_at(text, start, limit)
    if last - start < 2 or last - start > _LONGEST or _WORD.match(text, start, limit)[0] != text[start:last]:  # type: ignore[index]
        return end
    if post_pattern().match(text, start, limit) or is_verb(text[start:last]):
        return end
    word = text[start:last]
    if not _followed(text, last, limit):
        return end
    if word in family_names() or (word not in plain_words() and not _opens_organisation(text, start, last)):
        return last
    return end


def _opens_organisation(text: str, start: int, end: int) -> bool:
    return _organisation().match(text, start, end) is not None


@cache
def _organisation() -> re.Pattern[str]:
    return re.compile(any_of(_heads()["goes_on"]["words"] + _ends()["groups"]["words"]))


def _split(run: str, known: Collection[str]) -> tuple[int, bool]:
    """Where a given name ends that is written as one word with what follows (0 where that is not plain),
    and whether that is the family name (and not a verb)."""
    for given in sorted(known, key=len, reverse=True):
        for spelling in (given, given.rstrip("์")):
            rest = run[len(spelling) :]
            if len(spelling) >= 3 and run.startswith(spelling) and len(rest) >= 3 and _WORD.fullmatch(rest):
                verb = _not_family().match(rest) or _verbs().match(rest) or _SENTENCE.search(rest)
                if verb is None or rest in family_names():
                    return (len(spelling), True) if len(rest) <= 20 else (0, False)
                return (len(spelling), False) if spelling == given else (0, False)
    if len(run) < 8 or run in given_names():
        return 0, False
    for at in range(len(run) - 3, 2, -1):
        if run[at:] in family_names() and run[:at] in given_names():
            return at, True
    return 0, False
