"""One pass for the words of several finders."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moi_pipeline.thai.scan import Lexicon, digit_runs, places_of

EXACT = Lexicon(lambda: {"ตลาด": 1, "ตลาดนัด": 2, "Fair": 3, "น้ำ ใส": 4})
FORGIVING = Lexicon(lambda: {"ตลาดนัด": "a", "fair": "b", "น้ำใส": "c"}, forgiving=True)
SELF = Lexicon(lambda: {"นัด": "นัด"})


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("ไปตลาดนัด", [(2, 6, 1), (2, 9, 2)]),
        ("ไปตลาด\nนัด", [(2, 6, 1)]),
        ("ตล าด Fair fair", [(6, 10, 3)]),
        ("น้ำ ใส น้ำใส", [(0, 6, 4)]),
        ("", []),
        (" \n", []),
    ],
)
def test_exact_words(text: str, hits: list[tuple[int, int, int]]) -> None:
    assert EXACT.hits(text) == hits


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("ไป ตลาด\nนัด", [(3, 11, "a")]),
        ("FAIR\u2003f\xa0a ir", [(0, 4, "b"), (5, 11, "b")]),
        ("  \U0001f600 น้ำ  ใส", [(4, 11, "c")]),
        ("น?ำใส", []),
    ],
)
def test_forgiving_words(text: str, hits: list[tuple[int, int, str]]) -> None:
    assert FORGIVING.hits(text) == hits


def test_longest() -> None:
    assert EXACT.longest("ตลาดนัด ตลาด") == [(0, 7, 2), (8, 12, 1)]
    assert EXACT.longest("ตลาดนัด ตลาด", 6) == [(0, 4, 1)]


def test_places_of() -> None:
    assert places_of(SELF, "นัด 1 นัด") == {"นัด": [0, 6]}


def test_refuses_what_it_cannot_tell_apart() -> None:
    late = Lexicon(lambda: {" นัด": 1})
    try:
        with pytest.raises(ValueError, match="not to be told"):
            late.hits("นัด")
    finally:
        Lexicon._all.remove(late)


@given(st.text(alphabet="ตลาดนัFairน้ำใส \n\xa0\u2003?1๑\U0001f600é", max_size=600))
def test_any_text(text: str) -> None:
    assert [(s, e) for s, e, _ in sorted(EXACT.hits(text))] == sorted(
        (at, at + len(word)) for word in EXACT.words() for at in range(len(text)) if text.startswith(word, at)
    )
    assert all("".join(text[s:e].split()).lower() in FORGIVING.words() for s, e, _ in FORGIVING.hits(text))
    assert digit_runs(text) == [m.span() for m in re.finditer("[0-9๐-๙]+", text)]
