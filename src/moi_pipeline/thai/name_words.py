"""The words that tell a name from what stands around it, from data files and PyThaiNLP's name lists."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from moi_pipeline.thai.lexicon import any_of, load_table


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
def strong_post() -> re.Pattern[str]:
    return re.compile(
        any_of([w for w in _heads()["strong"]["words"] if len(w) > 3] + _heads()["before"]["words"])
    )


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


def opens_place(text: str, start: int, end: int) -> bool:
    return _place().match(text, start, end) is not None


@cache
def _place() -> re.Pattern[str]:
    return re.compile(any_of(_ends()["at"]["words"]))


def opens_organisation(text: str, start: int, end: int) -> bool:
    return _organisation().match(text, start, end) is not None


@cache
def _organisation() -> re.Pattern[str]:
    return re.compile(any_of(_heads()["goes_on"]["words"] + _ends()["groups"]["words"]))


def is_verb(word: str) -> bool:
    """Whether a word begins like a verb or joining word that often stands behind a given name."""
    return not_family().match(word) is not None or plain_verbs().match(word) is not None
