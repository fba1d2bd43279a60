"""A sketch of a text: 64 numbers by which near-equal texts can be found without comparing all with all.

One-permutation MinHash over character shingles: every run of ``SHINGLE`` characters is hashed once, the hash's
first bits choose one of 64 bins, and each bin keeps its least hash. The share of equal bins of two sketches
estimates the Jaccard likeness of their texts (its error is about 0.05). Thai is written without spaces between
words, so shingles are of characters; white space, punctuation and letter case don't count.
"""

from __future__ import annotations

import re

import numpy as np

BINS = 64
SHINGLE = 7
#: Shorter texts have too few shingles for their likeness to mean anything.
SHORTEST = 80
NO_LETTERS = re.compile(r"[\s\"'`“”‘’«»„‟()\[\]{}<>.,:;!?/\\|•·*_#=+~…–—-]+")
_ODD = np.uint64(0x9E3779B97F4A7C15)
_POWERS = np.array([pow(0x100000001B3, n, 1 << 64) for n in range(SHINGLE)], dtype=np.uint64)


def sketch(text: str) -> list[int] | None:
    """The sketch of a text: ``BINS`` numbers below 2**32; None for a text of less than ``SHORTEST`` letters."""
    letters = NO_LETTERS.sub("", text).lower()
    if len(letters) < SHORTEST:
        return None
    codes = np.frombuffer(letters.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    count = len(codes) - SHINGLE + 1
    hashes = np.zeros(count, dtype=np.uint64)
    for offset in range(SHINGLE):
        hashes += codes[offset : offset + count] * _POWERS[offset]
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
