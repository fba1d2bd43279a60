"""Which word of a list stands at a position."""

from __future__ import annotations

import pytest

from moi_pipeline.thai.wordmatch import WordMatch

_WORDS = WordMatch(["นาย", "นายก", "นายกรัฐมนตรี", "ที่"])


@pytest.mark.parametrize(
    ("text", "at", "end"),
    [
        ("นายกฯ", 0, 4),
        ("นายกรัฐมนตรี", 0, 12),
        ("นายสมควร", 0, 3),
        ("ณ ที่นี้", 2, 5),
        ("ณ ที่นี้", 1, -1),
        ("", 0, -1),
        ("น", 0, -1),
    ],
)
def test_longest_word(text: str, at: int, end: int) -> None:
    assert _WORDS.end(text, at) == end
    assert _WORDS.at(text, at) == (end >= 0)
