"""What announces a numbered list: the words before its first marker, and the count that they give."""

from __future__ import annotations

import re

from moi_pipeline.thai.listwords import list_words

_LONGEST = 100
_SHORTEST = 16  # "ดังนี้" alone says nothing
_WINDOW = 220
_NEW_CLAUSE = re.compile(r"(?<=\s)(?:โดย|ซึ่ง|ทั้งนี้|และ|ใน)")
_CLAUSE = re.compile(r"(?:^|(?<=\s))(?:โดย|ซึ่ง|ได้|จำนวน|ทั้งนี้|พร้อม|ใน|มี|แบ่ง|ประกอบ|เพื่อ|ตาม|คือ|และ|ด้วย|สรุป)")


def introduction(text: str, start: int, floor: int) -> tuple[int, int]:
    """The span of the words that announce a list whose first marker begins at ``start``.

    They stand on the marker's line or on the last line with anything on it, and not before ``floor``
    (the end of what came before: another list, the title).
    """
    end = start
    while end > max(floor, start - _WINDOW) and (text[end - 1].isspace() or text[end - 1] in "(\"“'•-"):
        end -= 1
    line = text.rfind("\n", max(floor, end - _WINDOW), end) + 1
    begin = max(line, floor, end - _WINDOW)
    return begin, end


def list_intro(text: str, begin: int, end: int) -> str | None:
    """The announcing words of a window, at most 100 characters, from the beginning of a clause."""
    if end <= begin:
        return None
    if end - begin > _LONGEST:
        begin = end - _LONGEST
        blank = re.compile(r"\s").search(text, begin, end)
        begin = blank.end() if blank else begin
    starts = [
        match.start() for match in _CLAUSE.finditer(text, begin, end) if end - match.start() > _SHORTEST
    ]
    fitting = [at for at in starts if text.count(" ", at, end) <= 6]
    if fitting:
        begin = fitting[0]
    return text[begin:end].strip() or None


def declared_count(text: str, begin: int, end: int, found: int) -> int | None:
    """How many items the window before a list announces; None where it announces none.

    The number nearest to the list counts; one that agrees with what was found may stand farther off,
    or count with a noun that the data file does not know.
    """
    words = list_words()
    numbers = []
    for match in words.count.finditer(text, begin, end):
        value = words.numerals[match[2]] if match[2] else int(match[1])
        after = match.end()
        if (
            value < 2
            or after >= end
            or words.measure.match(text, after, end)
            or not "ก" <= text[after] <= "ไ"
        ):
            continue
        known = words.counted.match(text, after, end) is not None
        if known or not match[2]:
            numbers.append((value, known, after))
    announced = text[begin:end].endswith(words.announcers)
    for value, known, after in reversed(numbers):
        near = end - after <= 45 and not _NEW_CLAUSE.search(text, after, end)
        if value == found and (announced or near):
            return value
        if known and near and announced:
            return value
    return None
