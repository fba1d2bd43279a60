"""The part of a text that shows why it was found."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

#: About how many characters of the text are shown.
SHOWN = 220
#: A word that stands everywhere need not be looked at everywhere.
LOOKED_AT = 60


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word stands: a span of the text, or of none (-1) where only a settled name holds it; how well."""

    start: int
    end: int
    worth: float


def window(
    text: str, told: Sequence[Sequence[Place]], weights: Sequence[float], title_end: int
) -> tuple[int, int]:
    """The part of the text to show: where most words stand together, after the title if they are there too."""
    spots = sorted(
        (place.start, place.end, word)
        for word, found in enumerate(told)
        for place in found
        if place.start >= 0
    )
    best, chosen = -1.0, (0, 0)
    for number, (start, _, _) in enumerate(spots):
        seen: dict[int, float] = {}
        stop = start
        for _, end, word in spots[number:]:
            if end - start > SHOWN - 40:
                break
            seen[word] = weights[word]
            stop = max(stop, end)
        worth = sum(seen.values()) + (0.01 if start >= title_end else 0.0)
        if worth > best + 1e-9:
            best, chosen = worth, (start, stop)
    return _whole(text, *chosen)


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span to the sentence or the line around it, at blanks, as far as there is room."""
    room = max(0, SHOWN - (end - start))
    first = max(text.rfind("\n", 0, start) + 1, 0)
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    if last - first <= SHOWN:
        return _trimmed(text, first, last)
    if start - first > room // 3:
        blank = text.find(" ", start - room // 3, start)
        first = blank + 1 if blank >= 0 else _between_letters(text, start - room // 3)
    most = first + SHOWN
    if last > most:
        blank = text.rfind(" ", end, most)
        last = blank if blank >= 0 else _between_letters(text, max(end, most))
    return _trimmed(text, first, last)


def _between_letters(text: str, at: int) -> int:
    """Not between a letter and its marks, nor behind a vowel that is written before its consonant."""
    while at > 0 and at < len(text) and (text[at] in "ะาำๅๆฯ" or unicodedata.category(text[at]) == "Mn"):
        at -= 1
    while at > 0 and text[at - 1] in "เแโใไ":
        at -= 1
    return at


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    start += len(part) - len(part.lstrip())
    return start, max(start, start + len(part.strip()))
