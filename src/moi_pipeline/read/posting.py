"""The line that says when a release was posted, and the page's own clock that says nothing of it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from moi_pipeline.read.days import find_day

MAX_LINE = 160  # a longer line is a sentence

_TIME = (
    r"(?:T\d{2}:\d{2}[\d:.]{0,14}(?:Z|[+-]\d{2}:?\d{2})?"
    r"| ?[,|:/@-]? ?(?:เวลา|at|เมื่อ)? ?\d{1,2}[:.]\d{2}(?:[:.]\d{2})? ?(?:น\.?|am|pm|hrs?\.?)?)"
)


@dataclass(frozen=True, slots=True)
class Posting:
    """A posting line: its day and where the date stands in it. ``kept`` is the line without its chrome."""

    value: date
    start: int  # of the date, in ``kept``
    end: int
    kept: str
    chrome: str  # what was cut from its end: "Written by …", a reader count; "" where nothing was
    sort: str  # "posted", "updated", "bare" (a date and nothing else) or "clock"
    weekday: bool = False


@cache
def _grammar() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    raw = resources.files("moi_pipeline.read").joinpath("data/posting.toml").read_text("utf-8")
    data = tomllib.loads(raw)
    labels = {sort: "|".join(words) for sort, words in data["labels"].items()}
    opening = r"[ ()\[\]<>«»:\-–*•|📅🕒🗓]*"
    head = re.compile(
        rf"{opening}(?:(?:(?P<posted>{labels['posted']})|(?P<updated>{labels['updated']})) ?[:：]? ?)?{opening}",
        re.IGNORECASE,
    )
    after = re.compile(rf"(?P<time>{_TIME})?[ \])>»*]*", re.IGNORECASE)
    counts, by_lines = ("|".join(data["tails"][name]) for name in ("counts", "by_lines"))
    tail = re.compile(rf"(?: ?(?:{counts})){{0,3}} ?(?:(?:{by_lines}).{{0,60}})?", re.IGNORECASE)
    return head, after, tail


def read_posting_line(line: str) -> Posting | None:
    """What ``line`` says of the posting day, if a date with its label, time and by-line is all that it holds."""
    if len(line) > MAX_LINE or len(line) < 6:
        return None
    day = find_day(line)
    if day is None:
        return None
    head, after, tail = _grammar()
    opened = head.fullmatch(line, 0, day.from_weekday)
    if opened is None:
        return None
    closed = after.match(line, day.end)
    end = closed.end() if closed else day.end
    rest = line[end:]
    if rest.strip() and not tail.fullmatch(rest):
        return None
    timed = bool(closed and closed["time"])
    if opened["updated"]:
        sort = "updated"
    elif opened["posted"]:
        sort = "posted"
    elif day.clock and not timed and not rest.strip():
        sort = "clock"
    elif timed and "เวลา" in line[day.end : end] and not rest.strip() and line[day.end : end].count(":") < 2:
        return None  # "วันที่ 5 มกราคม 2566 เวลา 09.00 น." alone on a line dates the event
    else:
        sort = "bare"
    chrome = rest.strip()
    kept = line[:end].rstrip() if chrome else line
    return Posting(day.value, day.start, day.end, kept, chrome, sort, day.weekday)
