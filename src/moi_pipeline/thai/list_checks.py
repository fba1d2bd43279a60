"""Which chains of markers are no lists of items: numbered names, telephone numbers, table rows, a page's furniture."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from moi_pipeline.thai.listwords import list_words

_LETTERS = re.compile("[ก-๎A-Za-z][^ก-๎A-Za-z]*+[ก-๎A-Za-z]")
_CELLS = re.compile(r"\t|[ \xa0]\|[ \xa0]")
_LONGEST_NAME = 160  # of a person with title and post; a longer item tells what the person did
_BLANK = re.compile(r"\s+")


def is_list(text: str, spans: Sequence[tuple[int, int]], named: Sequence[tuple[int, int]]) -> bool:
    """Whether a chain's item spans hold items; ``named`` are the spans of the persons in the text, in order."""
    words = list_words()
    full = [(start, end) for start, end in spans if _letters(text, start, end)]
    if len(full) < 2 or len(full) < 0.7 * len(spans):
        return False
    half = 0.5 * len(full)
    if sum(_has_cells(text, start, end) for start, end in full) > half:
        return False
    if sum(text.startswith(words.furniture_items, start) for start, _ in full) > half:
        return False
    people = sum(
        end - start < _LONGEST_NAME
        and (words.person.match(text, start) is not None or _names_one(start, end, named))
        for start, end in full
    )
    return people <= half


def _has_cells(text: str, start: int, end: int) -> bool:
    """Whether a span is a table's row."""
    if text.find("\t", start, end) < 0 and text.find("|", start, end) < 0:
        return False
    return _CELLS.search(text, start, end) is not None


def _letters(text: str, start: int, end: int) -> bool:
    """Whether a span holds two letters or more."""
    return _LETTERS.search(text, start, end) is not None


def _names_one(start: int, end: int, named: Sequence[tuple[int, int]]) -> bool:
    """Whether a person with his post takes up most of a span."""
    at = bisect_left(named, (start, start))
    return any(
        min(end, span_end) - max(start, span_start) >= 0.6 * (end - start) and span_start <= start + 3
        for span_start, span_end in named[max(0, at - 1) : at + 1]
    )


def echoed(text: str, lists: Sequence[Sequence[tuple[int, int]]]) -> list[bool]:
    """For each list whether the next one repeats it: a title that holds a list is often printed again, or cut."""
    if len(lists) < 2:
        return [False] * len(lists)
    plain = [[_BLANK.sub("", text[start:end]) for start, end in spans] for spans in lists]
    echoes = [_repeats(plain[index], plain[index + 1]) for index in range(len(plain) - 1)]
    return [*echoes, False]


def _repeats(first: Sequence[str], second: Sequence[str]) -> bool:
    if len(first) > len(second) or list(first[:-1]) != list(second[: len(first) - 1]):
        return False
    return first[-1].startswith(second[len(first) - 1]) or second[len(first) - 1].startswith(first[-1])
