"""The words of numbered lists: ``data/list_words.toml`` as sets, tuples and patterns."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class ListWords:
    """What the data file says, in the shapes that the modules need."""

    heads: dict[str, tuple[str, ...]]  # by their last two letters, the longest first
    not_heads: tuple[str, ...]
    prose_heads: frozenset[str]
    ordinals: dict[str, int]
    numerals: dict[str, int]
    announcers: tuple[str, ...]
    joiners: tuple[str, ...]
    tails: tuple[str, ...]
    speech: tuple[str, ...]
    orders: tuple[str, ...]
    courtesies: tuple[str, ...]
    not_subjects: tuple[str, ...]
    order_announcers: tuple[str, ...]  # words by which a list is announced as one of orders
    order_openers: tuple[str, ...]  # words by which one of its items begins
    furniture_lines: frozenset[str]
    furniture_items: tuple[str, ...]
    closer: re.Pattern[str]  # white space, a quotation mark or a full stop, and a closing word as group 1
    weak_closer: re.Pattern[str]  # a word that may close, after white space
    going_on: tuple[str, ...]  # what goes on after a blank
    first_word: re.Pattern[str]  # matches a closing word
    count: re.Pattern[str]  # a number in figures, as group 1, and the blanks behind it
    count_word: re.Pattern[str]  # a number in words, before the noun that it counts
    measure: re.Pattern[str]  # matches a unit of measure
    counted: re.Pattern[str]  # matches a noun that counts items
    person: re.Pattern[str]  # matches a person's title


def _either(words: list[str]) -> str:
    """A pattern of the words, the longest first, so that none hides a longer one."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))


def _by_ending(heads: list[str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for head in sorted(heads, key=lambda word: (-len(word), word)):
        table[head[-2:]] = (*table.get(head[-2:], ()), head)
    return table


@cache
def list_words() -> ListWords:
    """The words of numbered lists."""
    source = files("moi_pipeline.thai").joinpath("data/list_words.toml").read_text(encoding="utf-8")
    data = tomllib.loads(source)
    words = data["words"]
    ordinals: dict[str, int] = data["ordinals"]
    numerals: dict[str, int] = data["numerals"]
    return ListWords(
        heads=_by_ending(data["heads"]),
        not_heads=tuple(data["not_heads"]),
        prose_heads=frozenset(data["prose_heads"]),
        ordinals=ordinals,
        numerals=numerals,
        announcers=tuple(words["announcers"]),
        joiners=tuple(sorted(words["joiners"], key=len, reverse=True)),
        tails=tuple(words["tails"]),
        speech=tuple(words["speech"]),
        orders=tuple(words["orders"]),
        courtesies=tuple(words["courtesies"]),
        not_subjects=tuple(words["not_subjects"]),
        order_announcers=tuple(words["order_announcers"]),
        order_openers=tuple(words["order_openers"]),
        furniture_lines=frozenset(words["furniture_lines"]),
        furniture_items=tuple(words["furniture_items"]),
        closer=re.compile(rf"[\s\"”’).]({_either(words['closers'])})"),
        weak_closer=re.compile(rf"(?<=\s)(?:{_either(words['weak_closers'])})"),
        going_on=tuple(words["going_on"]),
        first_word=re.compile(_either(words["closers"])),
        # Two patterns, each of which begins with what the engine can look for.
        count=re.compile(r"([0-9๐-๙](?<![0-9๐-๙.,/].)[0-9๐-๙]?)(?![0-9๐-๙.,/:])\s{0,3}"),
        count_word=re.compile(rf"(?:{_either(list(numerals))})(?=[ก-ฮเ-ไ])"),
        measure=re.compile(_either(words["measures"])),
        counted=re.compile(_either(words["counts"])),
        person=re.compile(f"(?!{_either(words['not_persons'])})(?:{_either(words['persons'])})"),
    )
