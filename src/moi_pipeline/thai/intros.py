"""What announces a numbered list: the words before its first marker, and the count that they give."""

from __future__ import annotations

import re

from moi_pipeline.thai.listwords import list_words

_LONGEST = 100
_SHORTEST = 16  # "ดังนี้" alone says nothing
_WINDOW = 220
_BLANK = re.compile(r"\s")
_NO_WORD = "(\"“'•-–*"
_NEW_CLAUSE = re.compile(r"(?<=\s)(?:โดย|ซึ่ง|ทั้งนี้|และ|ใน)")
_CLAUSE = re.compile(r"(?:^|(?<=\s))(?:โดย|ซึ่ง|ได้|จำนวน|ทั้งนี้|พร้อม|ใน|มี|แบ่ง|ประกอบ|เพื่อ|ตาม|คือ|และ|ด้วย|สรุป)")


def introduction(text: str, start: int, floor: int) -> tuple[int, int]:
    """The span of the words that announce a list whose first marker begins at ``start``.

    They stand on the marker's line or on the last line with anything on it, and not before ``floor``
    (the end of what came before: another list, the title).
    """
    end = _last_word(text, start, max(floor, start - _WINDOW))
    begin = max(text.rfind("\n", max(floor, end - _WINDOW), end) + 1, floor, end - _WINDOW)
    if end - begin < _SHORTEST and text.endswith(list_words().announcers, begin, end):
        before = _last_word(text, begin, max(floor, begin - 10))
        begin = max(text.rfind("\n", max(floor, before - _WINDOW), before) + 1, floor, before - _WINDOW)
    return begin, end


def _last_word(text: str, at: int, floor: int) -> int:
    """``at`` moved back over blanks, bullets and opening marks."""
    while at > floor and (text[at - 1] in _NO_WORD or text[at - 1].isspace() or text[at - 1] > "\u2100"):
        at -= 1
    return at


def list_intro(text: str, begin: int, end: int) -> str | None:
    """The announcing words of a window, at most 100 characters, from the beginning of a clause."""
    if end <= begin:
        return None
    if end - begin > _LONGEST:
        begin = end - _LONGEST
        blank = _BLANK.search(text, begin, end)
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
    announced = text[begin:end].endswith(words.announcers)
    for value, known, after in reversed(_counts(text, begin, end)):
        near = end - after <= 45 and not _NEW_CLAUSE.search(text, after, end)
        if value == found and (announced or near):
            return value
        if known and near and announced:
            return value
    return None


def titled_count(text: str, title_end: int, found: int) -> int | None:
    """The number of a release's items where only its title gives it (เปิด 5 แผนพัฒนา) and it agrees with ``found``."""
    counts = [value for value, known, _ in _counts(text, 0, title_end) if known]
    return found if found > 2 and found in counts else None


def _counts(text: str, begin: int, end: int) -> list[tuple[int, bool, int]]:
    """The numbers that count something: the number, whether the data file knows its noun, where the noun begins."""
    words = list_words()
    found = [(match.end(), int(match[1]), True) for match in words.count.finditer(text, begin, end)]
    found += [
        (match.end(), words.numerals[match[0]], False)
        for match in words.count_word.finditer(text, begin, end)
    ]
    numbers = []
    for after, value, in_figures in sorted(found):
        if (
            value < 2
            or after >= end
            or not "ก" <= text[after] <= "ไ"
            or words.measure.match(text, after, end)
        ):
            continue
        known = words.counted.match(text, after, end) is not None
        if known or in_figures:
            numbers.append((value, known, after))
    return numbers
