"""A person's given and family name at a place in the text, and where they end."""

from __future__ import annotations

import re
from typing import NamedTuple

from moi_pipeline.thai.name_words import (
    cut_of,
    family_names,
    given_names,
    is_family,
    is_plain_name,
    is_verb,
    may_be_family,
    may_be_second_family,
    of_places,
    opens_place,
    reads_like_sentence,
)
from moi_pipeline.thai.position_words import opens_post, post_at, verb_follows


class Name(NamedTuple):
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


_LETTERS = r"(?!ก[เ-ไ])[เ-ไ]?[ก-ฮ][ก-ฮะ-ฺเ-ๅ็-๎]{0,60}(?:[-–][เ-ไ]?[ก-ฮ][ก-ฮะ-ฺเ-ๅ็-๎]{0,30})?"
_WORD = re.compile(_LETTERS)
# The plainest case in one step: two words and a post.
_PLAIN = re.compile(
    rf"[ \t]{{0,12}}({_LETTERS})[ \t]{{1,12}}({_LETTERS})[ \t]{{1,12}}([ก-ฮะ-ฺเ-ๅ็-๎ฯ.A-Za-z]{{1,60}})"
)
_LATIN = re.compile(
    r"[A-Z][A-Za-zÀ-ÿ.'’-]*[ \t]+(?:(?:[A-Z][A-Za-zÀ-ÿ.'’-]*|de|van|von|der|bin|al)[ \t]+){0,2}[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]+"
)
_LATIN_POST = re.compile(
    r"[ \t]+(?:President|CEO|Chief|Director|Chairman|Ambassador|Minister|Governor|Manager|Head)\b"
)
_GAP = re.compile(r"[ \t]{0,12}")
_WIDE_GAP = re.compile(r"[ \t]{0,12}(?:\n[ \t]{0,12})?")
_OF = re.compile(r"ณ[ \t]{0,4}")
_JOINS = ("และ", "กับ")
_BESIDE = re.compile(r"[ \t]{0,12}(?:และ|กับ|,|/)?[ \t]{0,12}")
_TOLD = re.compile(r"อายุ[ \t]{0,4}[0-9๐-๙]|จาก(?:คณะ|มหา|สำนัก|บริษัท|กรม|กระทรวง|จังหวัด|โรง|สถาบัน)")
_LONGEST = 28  # letters: longer words are runs of text without blanks


def word_at(text: str, start: int, limit: int) -> int:
    """The end of the Thai word-like run at ``start``, cut before a verb or a post that it is glued to."""
    match = _WORD.match(text, start, limit)
    if match is None:
        return start
    run = match[0]
    if match.end() == limit and run.endswith(_JOINS):
        run = run[:-3]  # ใจดีและนาง...: the next title begins at the limit
    return start + cut_of(run)


def name_at(text: str, start: int, limit: int, known: frozenset[str] = frozenset()) -> Name | None:
    """The name at ``start`` (blanks before it skipped), which ends at ``limit`` at the latest.

    ``known`` holds given names that the release uses elsewhere; they decide where a glued name is split.
    The family name is None where none is told: "นายสมชาย กล่าวว่า".
    """
    plain = _PLAIN.match(text, start, limit)
    if plain is not None and is_plain_name(plain[1], plain[2]) and opens_post(plain[3]):
        return Name(plain.start(1), plain.end(2), plain[1], plain[2], sure=True)
    start = _WIDE_GAP.match(text, start, limit).end()  # type: ignore[union-attr]
    end = word_at(text, start, limit)
    if end - start < 2:
        return _latin_at(text, start, limit)
    given = text[start:end]
    behind = _family_at(text, end, limit)
    if behind is not None:
        family_start, family_end, sure = behind
        spelled = " ".join(text[family_start:family_end].split())
        if len(given) <= _LONGEST:
            return Name(start, family_end, given, spelled, sure)
        return None
    split, whole = _split(given, known, _followed(text, end, limit))
    if split:
        family_name = given[split:] if whole else None
        return Name(start, end if whole else start + split, given[:split], family_name, sure=whole)
    return Name(start, end, given, None) if len(given) <= _LONGEST else None


def _latin_at(text: str, start: int, limit: int) -> Name | None:
    latin = _LATIN.match(text, start, limit)
    if latin is None:
        return None
    post = _LATIN_POST.search(text, start, latin.end())
    end = post.start() if post else latin.end()
    given, _, family = " ".join(text[start:end].split()).partition(" ")
    return Name(start, end, given, family, sure=True) if family else None


def _family_at(text: str, after: int, limit: int) -> tuple[int, int, bool] | None:
    """Where the family name behind a given name begins and ends, and whether more speaks for it."""
    start = _WIDE_GAP.match(text, after, limit).end()  # type: ignore[union-attr]
    if start == after:
        return None
    of = _of_at(text, start, limit)
    if of:
        return start, of, True
    end = word_at(text, start, limit)
    if not 2 <= end - start <= _LONGEST:
        return None
    word = text[start:end]
    known = is_family(word)
    followed = _followed(text, end, limit)
    if not known and not may_be_family(word, followed, not followed and verb_follows(text, end)):
        return None
    if not known and not followed and text.find("\n", after, start) >= 0:
        return None
    if followed:
        return start, end, True
    longer = _longer(text, end, limit)
    return start, longer, known


def _followed(text: str, end: int, limit: int) -> bool:
    """Whether what stands behind ``end`` shows a whole name to end there.

    A post, an age, the next person, or the bracket that the name stands in.
    """
    if text.startswith(")", end):
        return True
    after = _WIDE_GAP.match(text, end, limit).end()  # type: ignore[union-attr]
    if post_at(text, after, limit) or _TOLD.match(text, after, limit):
        return True
    return limit < len(text) and limit - end < 16 and _BESIDE.fullmatch(text, end, limit) is not None


def _of_at(text: str, start: int, limit: int) -> int:
    """The end of "ณ อยุธยา" and its like at ``start``, 0 where there is none."""
    of = _OF.match(text, start, limit)
    if of is None:
        return 0
    place = of_places().match(text, of.end(), limit)
    if place is not None:
        return place.end()
    # A place that the list does not know, where a post follows: "ณ" is no "at" then.
    end = word_at(text, of.end(), limit)
    unknown = 2 <= end - of.end() <= 14 and not opens_place(text[of.end() : end])
    return end if unknown and _followed(text, end, limit) else 0


def _longer(text: str, end: int, limit: int) -> int:
    """The end of a family name of two words whose first ends at ``end`` and has no post behind it."""
    start = _GAP.match(text, end, limit).end()  # type: ignore[union-attr]
    word = _WORD.match(text, start, limit)
    if start == end or word is None:
        return end
    of = _of_at(text, start, limit)
    if of:
        return of
    whole = 2 <= len(word[0]) <= _LONGEST and cut_of(word[0]) == len(word[0])
    if whole and _followed(text, word.end(), limit) and may_be_second_family(word[0]):
        return word.end()
    return end


def _split(run: str, known: frozenset[str], followed: bool) -> tuple[int, bool]:
    """Where a given name ends that is written as one word with what follows (0 where that is not plain),
    and whether that is the family name (and not a verb)."""
    for at in range(len(run) - 3, 2, -1):
        whole = run[:at] in known
        if whole or f"{run[:at]}์" in known:
            rest = run[at:]
            if _WORD.fullmatch(rest):
                if is_family(rest) or not (is_verb(rest) or reads_like_sentence(rest)):
                    return (at, True) if len(rest) <= 20 else (0, False)
                return (at, False) if whole else (0, False)
    if len(run) < 8 or run in given_names():
        return 0, False
    for at in range(len(run) - 3, 2, -1):
        if run[:at] in given_names() and run[at:] in family_names():
            return at, True
    if followed and len(run) >= 10:
        # A post behind it: the run is a whole name.
        for at in range(len(run) - 4, 3, -1):
            if run[:at] in given_names() and _WORD.fullmatch(run, at):
                return at, True
    return 0, False
