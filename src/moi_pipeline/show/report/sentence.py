"""The words around a mention, cut from a window of the release's text."""

from __future__ import annotations

import unicodedata

#: Code points of text that are fetched before and after a mention; never the whole text.
WINDOW = 200
#: How much of that is shown on either side at most: about three lines of the report.
BEFORE, AFTER = 90, 120
CUT = "…"


def cut(window: str, start: int, end: int) -> tuple[str, str, str]:
    """The line's part around ``window[start:end]`` as before, the words themselves, and after.

    Thai marks no end of a sentence: the line bounds it, and within a long line the last blank that fits. ``…`` stands
    where something of the line was left out.
    """
    line_start = window.rfind("\n", 0, start) + 1
    line_end = window.find("\n", end)
    line_end = len(window) if line_end < 0 else line_end
    left = line_start
    if start - line_start > BEFORE:
        blank = window.find(" ", start - BEFORE, start)
        left = blank + 1 if blank >= 0 else _whole(window, start - BEFORE)
    right = line_end
    if line_end - end > AFTER:
        blank = window.rfind(" ", end, end + AFTER)
        right = blank if blank >= 0 else _whole(window, end + AFTER)
    before, after = window[left:start].lstrip(), window[end:right].rstrip()
    return (
        (CUT if left > line_start else "") + before,
        " ".join(window[start:end].split()),
        after + (CUT if right < line_end else ""),
    )


def opening(window: str) -> str:
    """The beginning of a text, for a release that says something nowhere in particular."""
    flat = " ".join(window.split())
    limit = BEFORE + AFTER
    if len(flat) <= limit:
        return flat
    blank = flat.rfind(" ", limit // 2, limit)
    return flat[: blank if blank >= 0 else _whole(flat, limit)] + CUT


def _whole(text: str, at: int) -> int:
    """The next offset from ``at`` on that does not part a vowel sign or tone mark from its consonant."""
    while at < len(text) and (unicodedata.category(text[at]) == "Mn" or text[at] == "ำ"):
        at += 1
    return at
