"""Quotation marks of every kind: where quoted words begin and where they end.

Authors mix the marks freely: “…”, "…", ‘…’, "…”, ”…“, ”…”, with blanks inside, never closed, never opened.
"""

from __future__ import annotations

import re

DOUBLE = '"“”„‟″«»`'
SINGLE = "'‘’"
QUOTES = frozenset(DOUBLE + SINGLE)
MARK = re.compile(f"[{DOUBLE}{SINGLE}]")
_DOUBLES = re.compile(f"[{DOUBLE}]")
_SINGLES = re.compile(f"[{SINGLE}]")
_OPENING = frozenset("“„«‘")
_BREAKS = frozenset(" \t\n\u00a0([")


def opens(text: str, at: int) -> bool:
    """Whether the mark at ``at`` opens a quotation, judged by the mark and by the blanks around it."""
    mark = text[at]
    if mark not in QUOTES:
        return False
    if at + 1 >= len(text) or text[at + 1] == "\n":
        return False
    before = text[at - 1] if at else " "
    after = text[at + 1]
    if mark in "'’" and before.isascii() and before.isalpha():
        return False  # an apostrophe
    if mark in _OPENING:
        return not (after.isspace() and not before.isspace())
    if before in _BREAKS or before in _OPENING:
        return True
    return not after.isspace() and after not in ",.;:)" and after not in QUOTES


def closing(text: str, start: int, limit: int) -> int:
    """Where the quotation whose words begin at ``start`` is closed, or -1 if not on its line before ``limit``.

    ``text[start - 1]`` is the opening mark. A quotation inside the quotation is passed over.
    """
    opener = text[start - 1]
    line_end = text.find("\n", start, limit)
    end = line_end if line_end >= 0 else min(limit, len(text))
    if opener in SINGLE:
        found = [m.start() for m in _SINGLES.finditer(text, start, end) if not _apostrophe(text, m.start())]
    else:
        found = [m.start() for m in _DOUBLES.finditer(text, start, end)]
    last = len(found) - 2  # an inner quotation needs a mark that closes it, and the outer one another
    depth = 0
    for n, at in enumerate(found):
        mark = text[at]
        inner_opens = n < last and (
            (mark == "“" and opener not in "”„") or (mark == '"' and at > start and text[at - 1].isspace())
        )
        if inner_opens and not (text[at + 1].isspace() or text[at + 1] in QUOTES):
            depth += 1
        elif depth:
            depth -= 1
        else:
            return at
    return -1


def _apostrophe(text: str, at: int) -> bool:
    return text[at] in SINGLE and at + 1 < len(text) and text[at + 1].isascii() and text[at + 1].isalpha()


def inner(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the blanks and marks at its two ends, unless a mark there belongs to an inner pair."""
    while start < end and (text[start].isspace() or text[start] in QUOTES):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
