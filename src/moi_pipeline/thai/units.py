"""Units and classifiers: ``data/units.toml`` as one pattern to match after a number, and what a unit counts."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import get_args

from moi_pipeline.thai.model import QuantityKind

_MARK = "[ะ-ฺ็-๎]"


@dataclass(frozen=True, slots=True)
class Units:
    """What the data file says, in the shapes that the finder needs."""

    kinds: dict[str, QuantityKind]  # a unit's kind
    units: dict[str, str]  # a spelling's unit
    scales: dict[str, int]
    by_first: dict[
        str, re.Pattern[str]
    ]  # the units, and words that only look like one, by their first letter
    scale: re.Pattern[str]  # a power of ten
    not_after: dict[str, tuple[str, ...]]  # by their last letter
    not_before_names: tuple[str, ...]
    may_precede: tuple[str, ...]
    quantifiers: tuple[str, ...]
    named_units: frozenset[str]
    after_count: tuple[str, ...]
    site_counts: re.Pattern[str]
    site_sentences: frozenset[str]
    organisation_nouns: tuple[str, ...]
    money_nouns: tuple[str, ...]
    lengths: tuple[str, ...]
    photographs: tuple[str, ...]


def _either(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def _by_first(spellings: list[str]) -> dict[str, re.Pattern[str]]:
    """A pattern for each first letter: trying two hundred words at every number costs more than all else."""
    groups: dict[str, list[str]] = {}
    for spelling in spellings:
        groups.setdefault(spelling[0], []).append(spelling)
    # A unit is not at its end where a vowel or tone mark of its last letter follows.
    return {first: re.compile(f"(?:{_either(group)})(?!{_MARK})") for first, group in groups.items()}


def _by_last(words: list[str]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[-1], []).append(word)
    return {last: tuple(group) for last, group in groups.items()}


@cache
def units() -> Units:
    """The units of quantities."""
    source = files("moi_pipeline.thai").joinpath("data/units.toml").read_text(encoding="utf-8")
    data = tomllib.loads(source)
    kinds: dict[str, QuantityKind] = {
        unit: kind for kind in get_args(QuantityKind) for unit in data["kinds"].get(kind, ())
    }
    words = data["words"]
    spelt = {**{unit: unit for unit in kinds}, **data["spellings"]}
    return Units(
        kinds=kinds,
        units=spelt,
        scales=data["scales"],
        by_first=_by_first([*spelt, *words["not_units"]]),
        scale=re.compile(f"({_either(list(data['scales']))})(?!ละ|{_MARK})"),
        not_after=_by_last(words["not_after"]),
        not_before_names=tuple(words["not_before_names"]),
        may_precede=tuple(words["may_precede"]),
        named_units=frozenset(words["named_units"]),
        after_count=tuple(words["after_count"]),
        quantifiers=tuple(words["quantifiers"]),
        site_counts=re.compile(_either(words["site_counts"])),
        site_sentences=frozenset(words["site_sentences"]),
        organisation_nouns=tuple(words["organisation_nouns"]),
        money_nouns=tuple(words["money_nouns"]),
        lengths=tuple(words["lengths"]),
        photographs=tuple(words["photographs"]),
    )
