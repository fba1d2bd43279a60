"""A person's given and family name at a place in the text, and where they end."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from moi_pipeline.thai.name_words import (
    cuts,
    family_names,
    given_names,
    is_verb,
    not_family,
    of_places,
    opens_organisation,
    opens_place,
    plain_verbs,
    plain_words,
    posts,
    strong_post,
    weak_verbs,
)
from moi_pipeline.thai.position_words import post_pattern


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
_LATIN_POST = re.compile(
    r"[ \t]+(?:President|CEO|Chief|Director|Chairman|Ambassador|Minister|Governor|Manager|Head)\b"
)
_GAP = re.compile(r"[ \t]{0,12}")
_WIDE_GAP = re.compile(r"[ \t]{0,12}(?:\n[ \t]{0,12})?")
_OF = re.compile(r"ณ[ \t]{0,4}")
_SENTENCE = re.compile(r"เป็น|ให้|ของ|การ|ที่|และ|ได้|ความ|จังหวัด|ประชา|กระทรวง|รัฐบาล")
_LONGEST = 28  # letters: longer words are runs of text without blanks


def word_at(text: str, start: int, limit: int) -> int:
    """The end of the Thai word-like run at ``start``, cut before a verb or a post that it is glued to."""
    match = _WORD.match(text, start, limit)
    if match is None:
        return start
    cut = cuts().search(text, start + 1, match.end())
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
    if cuts().match(text, start, limit):
        return None
    end = word_at(text, start, limit)
    if end - start < 2 or end - start > _LONGEST:
        return None
    word = text[start:end]
    known = word in family_names() and word not in posts()
    followed = _followed(text, end, limit)
    if not known and (not _may_be_family(text, start, end, followed) or (broken and not followed)):
        return None
    return start, _longer(text, end, limit), known or followed


def _may_be_family(text: str, start: int, end: int, followed: bool) -> bool:
    """Whether a word that is no known family name may be one."""
    if strong_post().match(text, start, end) or plain_verbs().match(text, start, end):
        return False
    if post_pattern().match(text, start, end):
        # บุตร and ช่าง are posts, บุตรคุณ before a post is a family name.
        return followed and text[start:end] not in plain_words() and end - start <= 12
    verb = not_family().match(text, start, end)
    if verb is None:
        return followed or (
            end - start <= 20
            and not _SENTENCE.search(text, start, end)
            and text[start:end] not in plain_words()
        )
    # มี is a verb, มีทอง before a post is a family name.
    long = end - start > 14 or end <= verb.end() + 1 or _SENTENCE.search(text, start + 2, end)
    return followed and verb[0] in weak_verbs() and not long and text[start:end] not in plain_words()


def _followed(text: str, end: int, limit: int) -> bool:
    """Whether a post stands behind ``end``."""
    gap = _WIDE_GAP.match(text, end, limit)
    return post_pattern().match(text, gap.end() if gap else end, limit) is not None


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
    unknown = 2 <= end - of.end() <= 14 and not opens_place(text, of.end(), end)
    return end if unknown and _followed(text, end, limit) else 0


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
    if word in family_names() or (word not in plain_words() and not opens_organisation(text, start, last)):
        return last
    return end


def _split(run: str, known: Collection[str], followed: bool) -> tuple[int, bool]:
    """Where a given name ends that is written as one word with what follows (0 where that is not plain),
    and whether that is the family name (and not a verb)."""
    for given in sorted(known, key=len, reverse=True):
        for spelling in (given, given.rstrip("์")):
            rest = run[len(spelling) :]
            if len(spelling) >= 3 and run.startswith(spelling) and len(rest) >= 3 and _WORD.fullmatch(rest):
                verb = not_family().match(rest) or plain_verbs().match(rest) or _SENTENCE.search(rest)
                if verb is None or rest in family_names():
                    return (len(spelling), True) if len(rest) <= 20 else (0, False)
                return (len(spelling), False) if spelling == given else (0, False)
    if len(run) < 8 or run in given_names():
        return 0, False
    for at in range(len(run) - 3, 2, -1):
        if run[at:] in family_names() and run[:at] in given_names():
            return at, True
    if followed and len(run) >= 10:
        # A post behind it: the run is a whole name.
        for at in range(len(run) - 4, 3, -1):
            if run[:at] in given_names() and _WORD.fullmatch(run, at):
                return at, True
    return 0, False
