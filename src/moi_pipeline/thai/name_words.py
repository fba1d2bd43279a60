"""The words that tell a name from what stands around it, from data files and PyThaiNLP's name lists."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from moi_pipeline.thai.lexicon import any_of, load_table
from moi_pipeline.thai.position_words import head_pattern, post_pattern


@cache
def _ends() -> dict[str, Any]:
    return load_table("position_ends")


@cache
def _heads() -> dict[str, Any]:
    return load_table("position_heads")


@cache
def cuts() -> re.Pattern[str]:
    """What ends a name that it is glued to: a verb, a joining word or a post."""
    posts = [word for word in _heads()["strong"]["words"] if len(word) >= 6]
    posts += [f"รอง{word}" for word in posts] + ["ผู้ช่วย", "รองผอ", "รองผู้", "รองปลัด", "รองนายก", "รองอธิบดี"]
    return re.compile(any_of([*_ends()["name_cuts"]["words"], *posts]))


@cache
def not_family() -> re.Pattern[str]:
    return re.compile(any_of(_ends()["not_family"]["words"]))


@cache
def plain_verbs() -> re.Pattern[str]:
    """Verbs so plain that no family name begins with them."""
    return re.compile(any_of([word for word in _ends()["glued"]["words"] if len(word) >= 6]))


@cache
def posts() -> frozenset[str]:
    return frozenset(_heads()["strong"]["words"]) | frozenset(_heads()["plain"]["words"])


@cache
def weak_verbs() -> frozenset[str]:
    return frozenset(_ends()["not_family"]["weak"])


@cache
def of_places() -> re.Pattern[str]:
    return re.compile(any_of(_ends()["families_of"]["words"]) + "(?![ก-ฮเ-ไ])")


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


def is_plain_verb(word: str) -> bool:
    """Whether a word begins like a verb so plain that no name does."""
    return plain_verbs().match(word) is not None


def opens_place(word: str) -> bool:
    """Whether a word behind ณ is a place where something happens, and no part of a name."""
    return _place().match(word) is not None


@cache
def _place() -> re.Pattern[str]:
    return re.compile(any_of(_ends()["at"]["words"]))


def opens_organisation(word: str) -> bool:
    """Whether a word begins an organisation or a group of people."""
    return _organisation().match(word) is not None


@cache
def _organisation() -> re.Pattern[str]:
    return re.compile(any_of(_heads()["goes_on"]["words"] + _ends()["groups"]["words"]))


def is_verb(word: str) -> bool:
    """Whether a word begins like a verb or joining word that often stands behind a given name."""
    return not_family().match(word) is not None or plain_verbs().match(word) is not None


# The same words stand in release after release; what a word is told to be is kept (nothing else decides it).
_KEPT = 1 << 15
_MARKS = str.maketrans("", "", "์ิีึืุู็่้๊๋")
_SENTENCE = re.compile(r"เป็น|ให้|ของ|การ|ที่|และ|ได้|ความ|จังหวัด|ประชา|กระทรวง|รัฐบาล")


def reads_like_sentence(word: str) -> bool:
    """Whether a long word holds words of which sentences are made."""
    return _SENTENCE.search(word) is not None


@lru_cache(maxsize=_KEPT)
def cut_of(run: str) -> int:
    """Where a run of letters that begins with a name is cut before a verb or a post; 0 where it is one itself."""
    if run in family_names() and run not in posts():
        return len(run)
    if run in given_names():
        return len(run)
    if cuts().match(run):
        return 0
    cut = cuts().search(run, 1)
    return cut.start() if cut else len(run)


@lru_cache(maxsize=_KEPT)
def is_plain_name(given: str, family: str) -> bool:
    """Whether two words before a post are a given and a family name and nothing else is glued to them."""
    if not (2 <= len(given) <= 28 and 2 <= len(family) <= 28):
        return False
    whole = cut_of(given) == len(given) and cut_of(family) == len(family)
    return whole and (is_family(family) or may_be_family(family, True, False))


@lru_cache(maxsize=_KEPT)
def is_family(word: str) -> bool:
    """Whether a word is a known family name (and no post: ปลัด is both)."""
    return word in family_names() and word not in posts()


@lru_cache(maxsize=_KEPT)
def may_be_family(word: str, followed: bool, acts: bool) -> bool:
    """Whether a word that is no known family name may be one.

    ``followed``: a post or the next person stands behind it; ``acts``: a verb does.
    """
    post = head_pattern().match(word)
    if (post is not None and post.end() > 3) or plain_verbs().match(word):
        return False
    if post_pattern().match(word):
        # บุตร and ช่าง are posts, บุตรคุณ before a post is a family name.
        return followed and word not in plain_words() and len(word) <= 12
    verb = not_family().match(word)
    if verb is None:
        plain = len(word) <= 20 and not reads_like_sentence(word)
        return followed or (plain and (acts or word not in plain_words()))
    # มี is a verb, มีทอง before a post is a family name.
    if not followed or verb[0] not in weak_verbs():
        return False
    return (
        verb.end() + 1 < len(word) <= 14 and not reads_like_sentence(word[2:]) and word not in plain_words()
    )


@lru_cache(maxsize=_KEPT)
def whole_family(word: str) -> int:
    """How long the known family name is that a word begins with, a plain verb glued to it; else its length."""
    if word not in family_names():
        for at in range(len(word) - 4, 3, -1):
            if word[:at] in family_names() and is_plain_verb(word[at:]):
                return at
    return len(word)


@lru_cache(maxsize=_KEPT)
def bare_spelling(name: str) -> str:
    """A name without the marks that are often forgotten or mistaken (ธีรยุทธ์, ธีรยุทธ)."""
    return name.translate(_MARKS)


@lru_cache(maxsize=_KEPT)
def may_be_second_family(word: str) -> bool:
    """Whether a word before a post may be the second word of a family name."""
    if post_pattern().match(word) or is_verb(word):
        return False
    return word in family_names() or (word not in plain_words() and not opens_organisation(word))
