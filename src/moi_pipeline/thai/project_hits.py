"""Where programmes of the reviewed list and trigger words stand in a text: one pass, blanks forgiven."""

from __future__ import annotations

import re
from bisect import bisect_left

from moi_pipeline.thai.programmes import Programme, Trigger, programmes, triggers
from moi_pipeline.thai.scan import Lexicon

Hit = tuple[int, int, Programme | Trigger | str]  # start, end, what; a str is a word that ends a quoted name
Named = dict[int, tuple[int, Programme]]  # start of a programme's name: its end, the programme

_MODELS = ("โมเดล", "แซนด์บ็อกซ์", "sandbox")


def _words() -> dict[str, Programme | Trigger | str]:
    words: dict[str, Programme | Trigger | str] = {model: model for model in _MODELS}
    words.update(programmes())
    words.update(triggers())
    return words


_WORDS = Lexicon(_words, forgiving=True)


def find_hits(text: str) -> list[Hit]:
    """Where programmes and trigger words stand: start, end, what; in the order of their ends."""
    return _WORDS.hits(text)


def longest_programmes(text: str, hits: list[Hit]) -> Named:
    """The programmes named in the text by their start; of two that overlap the longer one."""
    found = [
        (start, _without_gloss(text, start, end), value)
        for start, end, value in hits
        if isinstance(value, Programme) and _stands_alone(text, start, end)
    ]
    if len(found) > 1:
        found.sort(key=lambda hit: (hit[0] - hit[1], hit[0]))
    taken: Named = {}
    spans: list[tuple[int, int]] = []  # those taken, in order
    for start, end, value in found:
        place = bisect_left(spans, (start, end))
        if (not place or spans[place - 1][1] <= start) and (place == len(spans) or spans[place][0] >= end):
            spans.insert(place, (start, end))
            taken[start] = (end, value)
    return taken


def _without_gloss(text: str, start: int, end: int) -> int:
    """The end of a name without the English name in brackets behind it."""
    bracket = text.rfind("(", start + 1, end) if text[end - 1] == ")" else -1
    return bracket - len(text[start:bracket]) + len(text[start:bracket].rstrip()) if bracket > 0 else end


_GLOSS = re.compile(r" ?\([A-Z][A-Za-z]")


def has_gloss(text: str, end: int) -> bool:
    """Whether an English name in brackets follows a Thai one, as only a proper name has it."""
    return not text[end - 1].isascii() and _GLOSS.match(text, end) is not None


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a match is not the inside of a longer Latin word or number, nor cut before a Thai mark."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before == "#":
        return False  # a hashtag under the text, mostly one for many releases
    if before == after == ".":
        return False  # a web address
    if text.startswith("บ้าน", start) and text.endswith("หมู่", 0, start):
        return False  # หมู่บ้าน
    if text[start].isascii() and before.isascii() and before.isalnum():
        return False
    if text[end - 1].isascii() and text[end - 1].isalnum() and after.isascii() and after.isalnum():
        return False
    return after not in "ะัาำิีึืฺุู็่้๊๋์ํ"
