"""One pass over a text for the words of all finders at once.

Each finder gives its words as a ``Lexicon``. An automaton of all of them reads the text once, which takes little
longer than one finder's own pass would. It reads the text without blanks, capitals made small, one byte a letter;
a lexicon that forgives neither has each hit compared with the text as it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import accumulate
from typing import Any, ClassVar, Generic, TypeVar

import ahocorasick

T = TypeVar("T")
Hit = tuple[int, int, T]  # start, end, what the lexicon says of the word

# White space as str.split has it. What the Thai code page lacks of it is rare, and made a blank that it has.
_RARE_BLANK = re.compile("[\x85\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")
_PLAIN = bytes(
    0x20 if byte in b"\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\xa0" else byte + 32 * (0x41 <= byte <= 0x5A)
    for byte in range(256)
)
_DIGIT = bytes(0x30 <= byte <= 0x39 or 0xF0 <= byte <= 0xF9 for byte in range(256))
# The letters of Thai text, the most frequent first.
_COMMON = "ารนกง่ัมอ้วเยดทลีะิสหบคพตปจชแุใืำขูไ์โผธภ็ณศ.ถษึญ2516ฐ0ซฒ".encode("cp874").decode("latin-1")
_LONG = 400  # shorter texts are parts of a text: they are not kept


class Lexicon(Generic[T]):
    """The words of one finder. ``forgiving``: blanks inside a word, or missing there, and capitals don't count."""

    _all: ClassVar[list[Lexicon[Any]]] = []

    def __init__(self, words: Callable[[], Mapping[str, T]], *, forgiving: bool = False) -> None:
        self.words, self.forgiving = words, forgiving
        self._number = len(Lexicon._all)
        Lexicon._all.append(self)

    def hits(self, text: str) -> list[Hit[T]]:
        """Where words of the lexicon stand, by their ends, of those with one end the longest first."""
        return _read(text)[self._number]

    def longest(self, text: str, end: int | None = None) -> list[Hit[T]]:
        """Words from left to right, none overlapping another, of two at a place the longer; up to ``end``."""
        found = self.hits(text)
        if end is not None:
            found = [hit for hit in found if hit[1] <= end]
        kept: list[Hit[T]] = []
        free = 0
        for hit in sorted(found, key=_by_start):
            if hit[0] >= free:
                kept.append(hit)
                free = hit[1]
        return kept


def places_of(lexicon: Lexicon[str], text: str) -> dict[str, list[int]]:
    """Where each word of a lexicon stands whose words say what they are themselves."""
    places: dict[str, list[int]] = {}
    for start, _, word in lexicon.hits(text):
        places.setdefault(word, []).append(start)
    return places


def _by_start(hit: Hit[Any]) -> tuple[int, int]:
    return hit[0], -hit[1]


@lru_cache(maxsize=4)  # the digits and the words of one release are both read from it
def _bytes(text: str) -> bytes:
    """The text in the Thai code page, one byte a character, with "?" for what it lacks."""
    letters = text.encode("cp874", "replace")
    if b"?" in letters and _RARE_BLANK.search(text):
        letters = _RARE_BLANK.sub("\xa0", text).encode("cp874", "replace")
    return letters


@lru_cache(maxsize=2)
def digit_runs(text: str) -> list[tuple[int, int]]:
    """The spans of all runs of Arabic and Thai digits."""
    digits = _bytes(text).translate(_DIGIT)
    runs = []
    start = digits.find(1)
    while start >= 0:
        end = digits.find(0, start)
        if end < 0:
            end = len(digits)
        runs.append((start, end))
        start = digits.find(1, end)
    return runs


@lru_cache(maxsize=2)
def _automaton(lexicons: int) -> Any:
    """The automaton of all lexicons there are. Its values are tuples of lexicon, length, exact word
    (None: not asked for; "": its letters are enough), value.
    """
    words: dict[str, list[tuple[int, int, str | None, Any]]] = {}
    for number, lexicon in enumerate(Lexicon._all[:lexicons]):
        for word, value in lexicon.words().items():
            letters = b"".join(_bytes(word).translate(_PLAIN).split(b" "))
            if (lexicon.forgiving and b"?" in letters) or word != word.strip():
                raise ValueError(f"{word!r}: not to be told from other words of a text")
            # A word with no blank and no capital stands where its letters do, if no blank parts them.
            plain = letters == _bytes(word) and b"?" not in letters and letters.upper() == letters
            exact = None if lexicon.forgiving else "" if plain else word
            words.setdefault(letters.decode("latin-1"), []).append((number, len(letters), exact, value))
    automaton = ahocorasick.Automaton()
    for word, entries in sorted(words.items(), key=_by_commonness):
        automaton.add_word(word, tuple(entries))
    automaton.make_automaton()
    return automaton


def _by_commonness(item: tuple[str, Any]) -> list[int]:
    """A key that puts words of common letters first: the automaton looks through its branches in this order."""
    return [_COMMON.find(char) % 256 for char in item[0]]


def _read(text: str) -> list[list[Hit[Any]]]:
    lexicons = len(Lexicon._all)
    return _kept(text, lexicons) if len(text) > _LONG else _hits(text, lexicons)


def _hits(text: str, lexicons: int) -> list[list[Hit[Any]]]:
    """Each lexicon's hits."""
    found: list[list[Hit[Any]]] = [[] for _ in range(lexicons)]
    if not text:
        return found
    pieces = _bytes(text).translate(_PLAIN).split(b" ")
    # A piece's number is how many blanks stand before it: so far its letters are shifted in the text.
    starts = list(accumulate(map(len, pieces), initial=0))
    for last, entries in _automaton(lexicons).iter(b"".join(pieces).decode("latin-1")):
        shift = bisect_right(starts, last) - 1
        begins, end = starts[shift], last + shift + 1
        for number, length, word, value in entries:
            start = last - length + 1
            if start >= begins:
                # The word stands in one piece: its letters are all that was asked for.
                if not word or text.startswith(word, start + shift):
                    found[number].append((start + shift, end, value))
            elif word != "":
                start += bisect_right(starts, start) - 1
                if word is None:
                    found[number].append((start, end, value))
                elif text.startswith(word, start):
                    found[number].append((start, start + len(word), value))
    return found


_kept = lru_cache(maxsize=2)(_hits)  # the finders of one release all ask for the same text
