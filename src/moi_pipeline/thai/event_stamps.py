"""Which dates belong to a page and not to its release: posting lines and the theme's own clock."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from moi_pipeline.thai.calendar_words import SP, any_role, weekday_pattern
from moi_pipeline.thai.model import DateMention, Release

_HEADER = 1500  # titles and their repeats above a posting line, credits below one
_BAR_REACH = 32  # the farthest that a bar stands before its date
_STAMP_REACH = 60  # the farthest that a line of a stamp goes on to either side of its date


@cache
def _stamp_words() -> re.Pattern[str]:
    return re.compile(any_role("stamp"), re.IGNORECASE)


@cache
def _menu_words() -> re.Pattern[str]:
    return re.compile(any_role("menu"), re.IGNORECASE)


@cache
def _plain_words() -> re.Pattern[str]:
    return re.compile(rf"{any_role('plain')}|{weekday_pattern()}|[\W\d_]+")


_AFTER_BAR = re.compile(rf"\|{SP}(?:วันที่)?{SP}\Z")  # "หน่วยงาน : สำนักปลัด | 12 มีนาคม 2568"
_BY_LINE = re.compile(rf"{SP}(?:\||::)")  # "12 มีนาคม 2568 | สำนักปลัด"
# The comma after the weekday is what tells a theme's clock; other words of the page may stand in its line.
_CLOCK = re.compile(r"(?:^|[^\w\n])(?:วัน[ก-๎]{3,9}|[ก-๎]{3,8}|[A-Z][a-z]{5,8})[ \t]?,[ \t]?\Z", re.M)
_CLOCK_ENDS = re.compile(r"[^\n]{0,60}(?:\n|\Z)")


def page_stamp(release: Release, mention: DateMention) -> Literal["published", "site_clock"] | None:
    """The role of a date that stands on a line of its own, with nothing but what belongs to a page's stamp."""
    span = release.published_span
    if span is not None and span[0] < mention.span_end and mention.span_start < span[1]:
        return "published"
    if mention.precision != "day" or mention.date_from != mention.date_to:
        return None
    text, start, end = release.text, mention.span_start, mention.span_end
    # Most dates stand inside a paragraph, after a word: cheap tests rule them out.
    comma = "," in text[max(0, start - 2) : start]
    if comma and _CLOCK_ENDS.match(text, end) and _CLOCK.search(text[max(0, start - 24) : start]):
        return "site_clock"
    line = text.rfind("\n", max(0, start - _STAMP_REACH), start) + 1
    if text[end : end + 1] in ("\n", "") and _AFTER_BAR.search(text[max(line, start - _BAR_REACH) : start]):
        return "published"
    line_end = text.find("\n", end, end + _STAMP_REACH)
    if line_end < 0:
        line_end = len(text)
    far = start - line >= _STAMP_REACH or line_end - end >= _STAMP_REACH
    if (not far or start - line <= len("วันที่ ")) and _BY_LINE.match(text, end):
        return "published"
    if far:
        return None
    if text[end:line_end].strip() == ")":
        return "published"
    rest = text[line:start] + "\n" + text[end:line_end]
    left = _plain_words().sub("", rest)
    if left:
        # A stamp's words are looked for in the whole line: ที่ is part of วันที่บันทึก.
        bare = _menu_words().sub("", rest)
        left = _plain_words().sub("", _stamp_words().sub("", bare))
        return None if left else "published" if bare == rest else "site_clock"
    if mention.surface.replace("/", "").replace("-", "").isdecimal():
        return "published"
    # "วันที่ 3 มิถุนายน 2565" alone is how writers date what they did; sites stamp without วันที่. Where the posting
    # line is known to stand elsewhere, a date above the body is the writer's too.
    if "วันที่" in text[line:start] or _GOES_ON.match(text, line_end):
        return None
    above = span is None and _above_body(release, line)
    return "published" if above or _below_body(release, line_end) else None


_GOES_ON = re.compile(r"\s*(?:ณ|เวลา|ที่(?!มา))")


def _above_body(release: Release, line: int) -> bool:
    """Whether nothing but the title, its repeats and labels stands above a line."""
    if line - release.title_end > _HEADER:
        return False
    title = release.text[: release.title_end].strip()[:30]
    above = release.text[release.title_end : line].split("\n")
    return not any(len(part) > 40 and part.strip()[:30] != title for part in above)


def _below_body(release: Release, line_end: int) -> bool:
    """Whether at most one line of credits stands below a line."""
    below = release.text[line_end : line_end + _HEADER + 1]
    return len(below) <= _HEADER and sum(len(part) > 20 for part in below.split("\n")) <= 1
