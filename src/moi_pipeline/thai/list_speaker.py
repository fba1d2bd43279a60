"""Whose words a numbered list holds: the official who last spoke or ordered before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from moi_pipeline.thai.listwords import list_words
from moi_pipeline.thai.model import OfficialMention

_FARTHEST = 3000  # characters back from a list
_PARAGRAPHS = 3  # and line breaks, blank lines not counted
_NEAR = 45  # a verb right after name and post: "ได้มอบหมายให้", "จึงได้กล่าวว่า"
_SENTENCE = 300


def list_speaker(text: str, start: int, officials: Sequence[OfficialMention]) -> str | None:
    """The full name of the official to whom the list that begins at ``start`` is attributed, if one is.

    ``officials`` are in the order of the text.
    """
    until = start
    for index in range(bisect_right(officials, start, key=lambda one: one.span_start) - 1, -1, -1):
        mention = officials[index]
        if mention.span_start < start - _FARTHEST or _breaks(text, mention.span_end, start) > _PARAGRAPHS:
            break
        if mention.full_name and _speaks(text, mention, until):
            return mention.full_name
        until = mention.span_start
    return None


def _breaks(text: str, begin: int, end: int) -> int:
    return sum(1 for line in text[begin:end].split("\n")[1:] if line.strip())


def _speaks(text: str, mention: OfficialMention, until: int) -> bool:
    """Whether a person speaks or orders in the words after his name, before the next person's."""
    words = list_words()
    near = text[mention.span_end : min(until, mention.span_end + _NEAR)]
    for courtesy in words.courtesies:
        near = near.replace(courtesy, "")
    if any(verb in near for verb in words.speech):
        return True
    if text[max(0, mention.span_start - 15) : mention.span_start].rstrip().endswith(words.not_subjects):
        return False
    sentence = text[mention.span_end : min(until, mention.span_end + _SENTENCE)]
    return any(verb in sentence for verb in words.orders)
