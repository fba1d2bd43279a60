"""Named undertakings: real forms, invented names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.thai.model import Release
from moi_pipeline.thai.projects import find_projects


def names(text: str) -> list[str]:
    """The distinct names in the order of the text."""
    title_end = text.find("\n") if "\n" in text else len(text)
    return list(dict.fromkeys(m.name for m in find_projects(Release(text, title_end))))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("เป็นประธานเปิดโครงการธนาคารความดี ประจำปีงบประมาณ พ.ศ. 2568 โดยมีนายอำเภอ", ["ธนาคารความดี"]),
        ("เปิดโครงการ “บ้านสวย เมืองสุข” ณ ศาลากลาง", ["บ้านสวย เมืองสุข"]),
        ("ลงพื้นที่ตามโครงการดังกล่าว", []),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert names(text) == expected


THAI = st.text(
    alphabet=st.sampled_from("โครงการกิจกรรม “”\"'‘’ผ้าไทยใส่ให้สนุก()1234567890.,\n ฯๆะาิ็่แผนระบบ"), max_size=120
)


@settings(max_examples=100, deadline=None)
@given(st.one_of(THAI, st.text(max_size=80)))
def test_spans_hold_on_any_text(text: str) -> None:
    found = find_projects(Release(text, 0))
    assert found == find_projects(Release(text, 0))
    assert all(text[m.span_start : m.span_end] == m.surface and m.surface for m in found)
    assert found == sorted(found, key=lambda m: m.span_start)
