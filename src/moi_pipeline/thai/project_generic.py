"""What stands after a trigger word and is no project's name: kinds of things, works, counts, tools."""

from __future__ import annotations

import re
from functools import cache

from moi_pipeline.thai.programmes import read_data, squeeze

_PAIRED = re.compile(r"[ก-๙]{2,12}\s{0,3}(?:\d|[๐-๙]|หนึ่ง)")
# What follows a name and not a clause: its year or number.
EDITION = re.compile(r"\s{0,3}(?:ประจำปี|ปีงบประมาณ|ปีการศึกษา|รุ่นที่|ระยะที่|ครั้งที่|ปี\s?['’‘]?[\d๐-๙])")
_WORK = 16  # a longer name tells one work from another


def past_blanks(text: str, at: int) -> int:
    """The first place from ``at`` on that is not a blank."""
    while at < len(text) and text[at] in " \t\u00a0":
        at += 1
    return at


@cache
def generic_words() -> dict[str, tuple[str, ...]]:
    """The lists of words after, before and inside which no name stands."""
    lists: dict[str, list[str]] = read_data("project_words.toml")["generic"]
    return {key: tuple(words) for key, words in lists.items()}


_COUNT = re.compile(r"[\d๐-๙][\d๐-๙,.]*\s*")


def is_generic(text: str, start: int) -> bool:
    """Whether what stands at ``start``, after a trigger word, is no name (ดังกล่าว, ที่ ..., 185 ราย)."""
    words = generic_words()
    if text.startswith(words["offices"], start):
        return True
    blank = text[start - 1 : start].isspace()
    if blank and text.startswith(words["after_space"], start):
        return True
    if text.startswith(words["after"], start) and not text.startswith(words["named_all_the_same"], start):
        return True
    count = _COUNT.match(text, start)
    if not count or not text.startswith(words["counted"], count.end()):
        return False
    return not _PAIRED.match(text, count.end())  # 1 ตำบล 1 ลานกีฬา is a name


def is_category(text: str, start: int, end: int) -> bool:
    """Whether the words found are no one's own name: a bare verb, or a kind of things (ก่อสร้างต่าง ๆ)."""
    name = squeeze(text[start:end])
    return (
        name in generic_words()["whole"]
        or name.endswith(("ต่างๆ", "อื่นๆ"))
        or text.startswith(("ต่าง", "อื่น"), past_blanks(text, end))
    )


def is_work(text: str, start: int, end: int) -> bool:
    """Whether the words only say what is done and to what (กระตุ้นเศรษฐกิจ), with no year or number behind."""
    name = squeeze(text[start:end])
    return (
        len(name) <= _WORK and name.startswith(generic_words()["works"]) and EDITION.match(text, end) is None
    )


def is_tool(name: str) -> bool:
    """Whether a Latin name is a tool that everybody uses (Video Conference), not an undertaking."""
    first = re.split(r"[\s:/]", name, maxsplit=1)[0]
    return squeeze(first) in generic_words()["tools"]
