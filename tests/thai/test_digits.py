"""Thai digits become Arabic ones and nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.thai.digits import arabic


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("๐๑๒๓๔๕๖๗๘๙", "0123456789"),
        ("วันที่ ๑๔ กุมภาพันธ์ ๒๕๖๓", "วันที่ 14 กุมภาพันธ์ 2563"),
        ("ข้อ ๑) และ 2)", "ข้อ 1) และ 2)"),
        ("no digits ไม่มีเลข", "no digits ไม่มีเลข"),
    ],
)
def test_digits_are_arabic(text: str, expected: str) -> None:
    assert arabic(text) == expected


@settings(max_examples=100)
@given(st.text())
def test_length_stays_and_a_second_pass_changes_nothing(text: str) -> None:
    once = arabic(text)
    assert len(once) == len(text)
    assert arabic(once) == once
    assert not any(c in once for c in "๐๑๒๓๔๕๖๗๘๙")
