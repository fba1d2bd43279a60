"""Quotation marks of every kind: where quoted words begin and where they end.

Authors mix the marks freely: “…”, "…", ‘…’, "…”, ”…“, ”…”, with blanks inside, never closed, never opened.
"""

from __future__ import annotations

DOUBLE = '"“”„‟″«»`'
SINGLE = "'‘’"
QUOTES = frozenset(DOUBLE + SINGLE)
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
    single = text[start - 1] in SINGLE
    depth = 0
    end = min(limit, len(text))
    for at in range(start, end):
        mark = text[at]
        if mark == "\n":
            return -1
        if mark not in QUOTES or (mark in SINGLE) != single:
            continue
        if single and at + 1 < len(text) and text[at + 1].isascii() and text[at + 1].isalpha():
            continue  # an apostrophe
        before_blank = text[at - 1].isspace() and at > start
        after_blank = at + 1 >= len(text) or text[at + 1].isspace() or text[at + 1] in QUOTES
        nested = mark in '“"' and before_blank and not after_blank and _closed_again(text, at + 1, end)
        if nested:
            depth += 1
        elif depth:
            depth -= 1
        else:
            return at
    return -1


def _closed_again(text: str, start: int, end: int) -> bool:
    """Whether at least two more double marks follow: one for the inner and one for the outer quotation."""
    found = 0
    for at in range(start, end):
        mark = text[at]
        if mark == "\n":
            return False
        if mark in DOUBLE:
            found += 1
            if found == 2:
                return True
    return False


def inner(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the blanks and marks at its two ends, unless a mark there belongs to an inner pair."""
    while start < end and (text[start].isspace() or text[start] in QUOTES):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
