"""A sketch of a text: 64 numbers by which near-equal texts can be found without comparing all with all.

One-permutation MinHash over character shingles: every run of ``SHINGLE`` characters is hashed once, the hash's
first bits choose one of 64 bins, and each bin keeps its least hash. The share of equal bins of two sketches
estimates the Jaccard likeness of their texts (its error is about 0.05). Thai is written without spaces between
words, so shingles are of characters; white space, punctuation and letter case don't count.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import numpy.typing as npt

BINS = 64
SHINGLE = 7
#: Shorter texts have too few shingles for their likeness to mean anything.
SHORTEST = 80
NO_LETTERS = re.compile(r"[\s\"'`“”‘’«»„‟()\[\]{}<>.,:;!?/\\|•·*_#=+~…–—-]+")
_ODD = np.uint64(0x9E3779B97F4A7C15)
_POWERS = [np.uint64(pow(0x100000001B3, n, 1 << 64)) for n in range(SHINGLE)]
_DROPPED, _CONTEXT = 0, 1  # what ``_plain_codes`` says of a character, where it does not say the small letter


@cache
def _plain_codes() -> npt.NDArray[np.uint64]:
    """For each of the first 65,536 characters the code of its small letter, or that it is dropped.

    ``_CONTEXT``: its small letter depends on the letters around it, or is two, or it has no such meaning at all.
    """
    codes = np.arange(1 << 16, dtype=np.uint64)
    for code in range(1 << 16):
        char = chr(code)
        if NO_LETTERS.match(char):
            codes[code] = _DROPPED
        elif char == "Σ" or len(char.lower()) > 1 or code == _CONTEXT:
            codes[code] = _CONTEXT
        elif char != char.lower():
            codes[code] = ord(char.lower())
    codes[0] = _CONTEXT
    return codes


def _letters(text: str) -> npt.NDArray[np.uint64]:
    """The codes of the text's letters, small ones, without what does not count."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    if codes.size and codes.max() < 1 << 16:
        plain: npt.NDArray[np.uint64] = _plain_codes()[codes]
        plain = plain[plain != _DROPPED]
        if not np.any(plain == _CONTEXT):
            return plain
    letters = NO_LETTERS.sub("", text).lower().encode("utf-32-le", "surrogatepass")
    return np.frombuffer(letters, dtype="<u4").astype(np.uint64)


def sketch(text: str) -> list[int] | None:
    """The sketch of a text: ``BINS`` numbers below 2**32; None for a text of less than ``SHORTEST`` letters."""
    codes = _letters(text)
    if len(codes) < SHORTEST:
        return None
    # A shingle's number is the sum of each code times its place's power; sums of two make those of four.
    two = codes[1:] * _POWERS[1]
    two += codes[:-1]
    four = two[2:] * _POWERS[2]
    four += two[:-2]
    hashes = codes[SHINGLE - 1 :] * _POWERS[2]
    hashes += two[SHINGLE - 3 : -1]
    hashes *= _POWERS[4]
    hashes += four[: len(hashes)]
    hashes ^= hashes >> np.uint64(32)
    hashes *= _ODD
    hashes ^= hashes >> np.uint64(29)
    hashes *= _ODD
    bins = np.full(BINS, np.uint64(1 << 32), dtype=np.uint64)
    np.minimum.at(
        bins, (hashes >> np.uint64(58)).astype(np.intp), (hashes >> np.uint64(26)) & np.uint64(0xFFFFFFFF)
    )
    return _filled(bins.tolist())


def _filled(bins: list[int]) -> list[int]:
    """Bins of short texts that stayed empty borrow from the next full one, so that equal texts stay equal."""
    empty = 1 << 32
    return [
        value
        if value != empty
        else next(
            (bins[(at + step) % BINS] + step * 0x9E3779B1) % empty
            for step in range(1, BINS)
            if bins[(at + step) % BINS] != empty
        )
        for at, value in enumerate(bins)
    ]
