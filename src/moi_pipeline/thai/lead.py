"""Where a release's lead stands: the paragraph that tells the event, after the title and its echoes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import NamedTuple


class Lead(NamedTuple):
    """``text[start:end]`` is the lead. What stands before it is the title and its echoes.

    ``opening`` ends the lead's first paragraph: what follows says less of the event itself.
    """

    start: int
    opening: int
    end: int


_ENOUGH = 600  # a lead shorter than this goes on into the next line
_OPENING = 250  # and so does its first paragraph, on sites that break lines inside sentences
_MOST = 2000
_ECHO = 25  # so many letters alike make a line an echo of the title
_BARE_DATE = 60  # a dated line shorter than this is a posting line
_LONG = 200  # a line so long is no heading
_SUMMARY_LINES = 3  # how many lines may stand between a summary and the paragraph that dates the event
_LIST_ITEM = re.compile(r"\s{0,40}(?:\(?[0-9๐-๙]{1,2}[.)]|[-•*●])")
_DATED = re.compile(r"วันนี้|เมื่อวัน|เมื่อวาน|วัน[ก-๎]{0,9}[ \t]?ที่[ \t]?[0-9๐-๙]|เวลา[ \t]?[0-9๐-๙]")
_TOLD = re.compile(r"ณ(?<![ก-๎]ณ)[ \t.]|เป็นประธาน|กล่าวว่า|เปิดเผย|วันนี้[ \t(]")


def find_lead(text: str, title_end: int) -> Lead:
    """The lead of a text whose title is ``text[:title_end]``. Where nothing follows the title, it is the lead."""
    title = _head(text, 0, title_end)
    lines = _lines(text, title, title_end)
    first: int | None = None
    while line := next(lines, None):
        start, end = line
        first = start if first is None else first
        length = end - start
        dated = is_dated(text, start, end)
        if length < _LONG and not (dated and length >= _BARE_DATE) and not _TOLD.search(text[start:end]):
            continue
        if not dated:
            following = list(islice(lines, _SUMMARY_LINES))
            head = _head(text, start, end)
            if any(head == _head(text, *other) for other in following):
                lines = chain(following, lines)
                continue  # a summary that the text repeats
            event = next((other for other in following if is_dated(text, *other)), (start, end))
            if event[1] - event[0] >= _BARE_DATE:
                return _lead_from(text, start, event[0])
        return _lead_from(text, start, start)
    return _lead_from(text, first or 0, first or 0)


def is_dated(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` tells a day."""
    return _DATED.search(text, start, end) is not None


_LINE = re.compile(r"[^\s][^\n]*")
_LOOKED_AT = 12


def _lines(text: str, title: str, title_end: int) -> Iterator[tuple[int, int]]:
    """The spans of the first lines after the title, those left out that repeat it."""
    for line in islice(_LINE.finditer(text, title_end), _LOOKED_AT):
        span = line.span()
        if not (title and text[span[0]] == title[0] and _is_echo(text, span, title, title_end)):
            yield span


def _head(text: str, start: int, end: int) -> str:
    """The first letters of a line."""
    return "".join(text[start : min(end, start + 4 * _ECHO)].split())[:_ECHO]


def _is_echo(text: str, line: tuple[int, int], title: str, title_end: int) -> bool:
    """Whether the line repeats the title; not where the title is only the beginning of a longer lead."""
    return line[1] - line[0] <= max(2 * title_end, 2 * _LONG) and _head(text, *line).startswith(title)


def _lead_from(text: str, start: int, event: int) -> Lead:
    """The lead from ``start`` to the end of the line in which the paragraph of the event has enough.

    A list that begins before is no part of it.
    """
    most = min(len(text), event + _MOST)
    opening = 0
    end = event
    while end < most:
        end = text.find("\n", end + 1)
        if end < 0 or end >= most:
            end = most
        if not opening and end - event >= _OPENING:
            opening = end
        if end - event >= _ENOUGH or _LIST_ITEM.match(text, end):
            break
    return Lead(start, opening or end, end)
