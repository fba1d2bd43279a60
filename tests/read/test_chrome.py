from __future__ import annotations

import re
import tomllib
from importlib import resources

import pytest

from moi_pipeline.read.chrome import chrome_reason, ends_body, strip_chrome, trim_title

RAW = tomllib.loads(resources.files("moi_pipeline.read").joinpath("data/chrome.toml").read_text("utf-8"))
PATTERNS = [
    (rule["reason"], p) for part in ("line", "cut", "title") for rule in RAW[part] for p in rule["patterns"]
]


@pytest.mark.parametrize(("reason", "pattern"), PATTERNS, ids=[f"{r}: {p[:30]}" for r, p in PATTERNS])
def test_each_pattern_stands_alone(reason: str, pattern: str) -> None:
    """A pattern has no capturing group (they number the rules) and never matches nothing."""
    compiled = re.compile(pattern, re.IGNORECASE)
    assert reason
    assert compiled.groups == 0
    assert compiled.fullmatch("") is None


SITE = [
    ("(Visited 1 times, 1 visits today)", "any", "visit counter"),
    ("Read 185 times", "any", "visit counter"),
    ("จำนวนผู้เข้าชม : 55 คน", "any", "visit counter"),
    ("คะแนนโหวต :", "any", "vote"),
    ("(0 votes)", "any", "vote"),
    ("StarStarStarStarStar", "any", "vote"),
    ("Leave a comment", "any", "comment form"),
    ("Facebook", "any", "share bar"),
    ("Facebook Twitter Line", "any", "share bar"),
    ("พิมพ์", "head", "print or font control"),
    ("A- A A+", "head", "print or font control"),
    ("หน้าแรก > ข่าว > ข่าวกิจกรรม", "head", "navigation"),
    ("ข่าวกิจกรรม", "head", "section label"),
    ("Written by Super User", "foot", "by-line of the site"),
    ("ที่มา : https://www.example.go.th/a", "foot", "source link"),
    ("203", "head", "bare counter"),
    ("IMG_1234.JPG", "any", "image name"),
    ("You are here: Home", "any", "navigation"),
]


@pytest.mark.parametrize(("line", "zone", "reason"), SITE)
def test_chrome_reason(line: str, zone: str, reason: str) -> None:
    assert chrome_reason(line, zone) == reason


INSIDE = ["พิมพ์", "ข่าวกิจกรรม", "203", "หน้าแรก", "แสดงความคิดเห็น", "กลับ", "1", "นายสมมุติ ดีงาม", "ก" * 200, ""]


@pytest.mark.parametrize("line", INSIDE)
def test_inside_the_body_only_what_can_be_nothing_else_is_chrome(line: str) -> None:
    assert chrome_reason(line, "any") is None


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("ผู้ว่าฯ เปิดงาน Featured", "ผู้ว่าฯ เปิดงาน"),
        ("รัฐบาลไทย-ข่าวทำเนียบรัฐบาล-ผู้ว่าฯ เปิดงาน", "ผู้ว่าฯ เปิดงาน"),
        ("หัวข้อข่าว : ผู้ว่าฯ เปิดงาน", "ผู้ว่าฯ เปิดงาน"),
        ("ผู้ว่าฯ เปิดงาน", "ผู้ว่าฯ เปิดงาน"),
        ("Featured", "Featured"),
        ("", ""),
    ],
)
def test_trim_title(title: str, wanted: str) -> None:
    trimmed, removed = trim_title(title, 3)
    assert trimmed == wanted
    assert all(r.line == 3 for r in removed)
    assert bool(removed) == (trimmed != title)


def test_cut_lines_take_only_short_ends_with_them() -> None:
    body = "ก" * 150
    lines = ["ชื่อเรื่องของข่าว", body, "ความเห็นท้ายเรื่อง", "Leave a comment", "หน้าข่าวอื่น", "เมนูท้าย"]
    kept, removed = strip_chrome(lines)
    assert kept == ["ชื่อเรื่องของข่าว", body, "ความเห็นท้ายเรื่อง", None, None, None]
    assert [r.line for r in removed] == [3, 4, 5]
    lines[4] = "ข" * 400  # a long line after it: the heading was none
    kept, _ = strip_chrome(lines)
    assert kept[4:] == lines[4:]


@pytest.mark.parametrize(
    ("line", "ends"),
    [("ข่าวที่เกี่ยวข้อง", True), ("Leave a Reply", True), ("Related Posts", True), ("ข่าว", False), ("", False)],
)
def test_ends_body(line: str, ends: bool) -> None:
    assert ends_body(line) is ends
