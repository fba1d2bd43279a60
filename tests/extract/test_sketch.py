"""Sketches of near-equal texts are near-equal, and nothing in a text makes sketching fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moi_pipeline.extract.sketch import BINS, SHORTEST, sketch

TEXT = (
    "ผู้ว่าราชการจังหวัดตัวอย่าง มอบนโยบายแก่หัวหน้าส่วนราชการ เน้นการดูแลประชาชนในพื้นที่ห่างไกล "
    "และเร่งรัดโครงการก่อสร้างถนนให้แล้วเสร็จก่อนฤดูฝน พร้อมติดตามราคาผลผลิตทางการเกษตรอย่างใกล้ชิด "
) * 2 + "โดยจะลงพื้นที่ทุกอำเภอภายในเดือนหน้า"


def likeness(one: str, other: str) -> float:
    """The share of equal bins."""
    a, b = sketch(one), sketch(other)
    assert a is not None and b is not None
    return sum(x == y for x, y in zip(a, b, strict=True)) / BINS


@pytest.mark.parametrize(
    "edited",
    [
        TEXT.replace(" ", "  \n"),
        TEXT.replace(" ", ""),
        "“" + TEXT.replace(" ", " – ") + "”",
        TEXT.upper(),
    ],
    ids=["spaces", "no spaces", "marks", "letter case"],
)
def test_spaces_and_punctuation_do_not_count(edited: str) -> None:
    assert sketch(edited) == sketch(TEXT)


def test_a_small_edit_leaves_most_bins_as_they_were() -> None:
    assert likeness(TEXT, TEXT.replace("ฤดูฝน", "หน้าฝน") + "ที่มา เว็บไซต์จังหวัด") > 0.7


def test_another_text_has_another_sketch() -> None:
    other = "เทศบาลจัดกิจกรรมปลูกต้นไม้ริมคลองสาธารณะร่วมกับนักเรียนและชมรมผู้สูงอายุในวันหยุด " * 3
    assert likeness(TEXT, other) < 0.1


def test_short_texts_have_none() -> None:
    assert sketch("ก" * (SHORTEST - 1)) is None
    assert sketch("") is None


@given(st.text(max_size=400))
def test_no_text_makes_it_fail(text: str) -> None:
    made = sketch(text)
    assert made is None or (len(made) == BINS and all(0 <= value < 1 << 32 for value in made))
    assert made == sketch(text)
