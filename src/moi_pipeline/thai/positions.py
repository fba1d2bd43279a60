"""Where a position that begins at a place in the text ends.

Thai sets no blanks between words, and blanks inside long posts: "รองผู้ว่าราชการจังหวัดตรังเป็นประธาน",
"ผู้อำนวยการกองโรคติดต่อทั่วไป กรมควบคุมโรค แถลง". So a position is read as an office's head with the
organisation and area that follow it: inside a run of letters it goes on up to a known verb, joining word or the
end of a province's name; over a blank it goes on only where what follows still says which office it is.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from moi_pipeline.thai.lexicon import load_table
from moi_pipeline.thai.position_walk import Walk
from moi_pipeline.thai.position_words import (
    ends_at,
    events,
    head_pattern,
    parted_words,
    post_pattern,
    words,
)

_LONGEST = 260
_NO_END = frozenset(" \t\n.-–:")
_POINTED = re.compile(r"(?:^|[\s./])[ก-ฮ]{1,5}\.$")
_RUN = re.compile(r"[ก-ฮะ-ฺเ-ๅ็-๎.ฯ]{1,200}")


def position_at(text: str, start: int, limit: int, *, behind_name: bool) -> int:
    """The end of the position that begins at ``start``; ``start`` itself where none does.

    ``limit`` is where the next person begins. ``behind_name`` says that a full name stands right before, so
    that plain words like ครู are posts too.
    """
    limit = min(limit, start + _LONGEST)
    run = _RUN.match(text, start, limit)
    read = _read_run(run[0], behind_name) if run is not None else None
    if run is None or read is None:
        return _read(text, start, limit, behind_name)
    length, area, may_be_group = read
    if not length or (may_be_group and words("groups").match(text, start, limit)):
        return start
    end = start + length
    if end == run.end() and not _stops(text, end, limit):
        walk = Walk(text, start, limit)
        walk.area = area
        end = walk.end(end)
    return _trimmed(text, start, end)


def _read(text: str, start: int, limit: int, behind_name: bool) -> int:
    head = (post_pattern() if behind_name else head_pattern()).match(text, start, limit)
    if head is None or words("groups").match(text, start, limit):
        return start
    first = events().match(text, start, limit)
    if first is not None and first.lastgroup == "end":
        return start
    return _trimmed(text, start, Walk(text, start, limit).end(head.end()))


@lru_cache(maxsize=1 << 15)
def _read_run(run: str, behind_name: bool) -> tuple[int, bool, bool] | None:
    """Of a run without blanks: where a position that begins with it ends inside it (0: none begins), whether
    that has its province, and whether a group's word may stand there. None: the run says too little by itself.

    The same runs (ผู้ว่าราชการจังหวัดตรัง) stand in many releases, so this is kept.
    """
    if run in parted_words() or run.endswith(_goes_over_blanks()):
        return None
    head = (post_pattern() if behind_name else head_pattern()).match(run)
    first = events().match(run)
    if head is None or (first is not None and first.lastgroup == "end"):
        return 0, False, False
    walk = Walk(run, 0, len(run))
    return walk.end(head.end()), walk.area, run.startswith(_group_words())


def _stops(text: str, end: int, limit: int) -> bool:
    """Whether a position plainly ends at ``end``: the next person begins there, or a verb after a blank."""
    after = end
    while after < limit and text[after] in " \t":
        after += 1
    return after == limit or (after > end and ends_at(text, after, limit))


@cache
def _group_words() -> tuple[str, ...]:
    return tuple({word.split(" ", 1)[0] for word in load_table("position_ends")["groups"]["words"]})


@cache
def _goes_over_blanks() -> tuple[str, ...]:
    """Ends of runs behind which a fixed phrase or a company's name may go on: they are read in their text."""
    phrases = load_table("position_ends")["glued"]["guards"]
    return ("และ", "บริษัท", *(phrase.split(" ", 1)[0] for phrase in phrases if " " in phrase))


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in _NO_END:
        if text[end - 1] == "." and _POINTED.search(text, start, end):
            break
        end -= 1
    return end
