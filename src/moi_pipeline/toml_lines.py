"""Which line of a TOML file a table or a key stands on: the parser does not tell."""

from __future__ import annotations

import re
from functools import lru_cache

_PART = r"""(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')"""
_PATH = rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*"
_HEADER = re.compile(rf"\s*\[\[?{_PATH}\]")
_KEY = re.compile(rf"{_PATH}=")


def line_of(text: str, *wanted: str) -> int:
    """The line (1-based) of a table or key, such as ``"sources", "trang", "path"``.

    Where it stands on no line of its own it is the line of the table around it, else 1.
    """
    found, depth = 1, 0
    for number, here in _marks(text):
        common = min(len(here), len(wanted))
        if common > depth and here[:common] == wanted[:common]:
            found, depth = number, common
    return found


@lru_cache(maxsize=2)
def _marks(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """The lines that begin a table or a key, with the path of what they begin. Kept: every source asks for its line."""
    marks = []
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = _parts(header[1])
            marks.append((number, table))
        elif key := _KEY.match(line):
            marks.append((number, table + _parts(key[1])))
    return marks


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, path))
