"""Where a release's lead stands: the paragraph that tells the event, after the title and its echoes."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lead:
    """``text[start:end]`` is the lead. What stands before it is the title and its echoes."""

    start: int
    end: int


_ENOUGH = 600  # a lead shorter than this goes on into the next line
_MOST = 2000
_ECHO = 25  # so many letters alike make a line an echo of the title
_SHORT = 100
_EVENT = re.compile(
    r"วันนี้|เมื่อวัน|เมื่อวาน|วันที่[ \t]?[0-9๐-๙]|เวลา[ \t]?[0-9๐-๙]|(?<![ก-๎])ณ[ \t.]|เป็นประธาน|กล่าวว่า|เปิดเผย"
)


def find_lead(text: str, title_end: int) -> Lead:
    """The lead of a text whose title is ``text[:title_end]``. Where nothing follows the title, it is the lead."""
    title = "".join(text[: min(title_end, 4 * _ECHO)].split())[:_ECHO]
    start = title_end
    fallback: int | None = None
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end].strip()
        if line:
            echo = bool(title) and "".join(line[: 4 * _ECHO].split()).startswith(title)
            if echo and len(line) > max(2 * title_end, 4 * _SHORT):
                echo = False  # the title is the beginning of the lead
            if not echo and (len(line) >= 2 * _SHORT or _EVENT.search(line)):
                return Lead(start, _lead_end(text, start))
            if fallback is None and not echo:
                fallback = start
        start = end + 1
    start = 0 if fallback is None else fallback
    return Lead(start, _lead_end(text, start))


def _lead_end(text: str, start: int) -> int:
    end = text.find("\n", start + _ENOUGH)
    return min(len(text) if end < 0 else end, start + _MOST)
