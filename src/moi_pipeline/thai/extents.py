"""Where a numbered item ends: before the next marker, or for the last one where its line or sentence does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from moi_pipeline.thai.listwords import list_words
from moi_pipeline.thai.markers import Marker

LONGEST_INLINE = 3000  # characters of an item inside a paragraph
_LONGEST_LINE = 6000
_SHORTEST_WRAPPED = 40  # a line that a page wrapped
_SPACE = re.compile(r"[ \t\xa0](?<=[ก-๎][ \t\xa0])[ \t\xa0]*(?=[ก-ฮเ-ไ])")  # between two Thai words
_BULLETS = "-–•·*●▪"
# Patterns that are searched for begin with what every match begins with, which the engine then looks for.
_STOP = re.compile(
    r"\.(?<=[ก-๎]{4}\.)[ \xa0](?=[ก-ฮเ-ไ])"
)  # a full stop as others write it, after a whole word
_TRAILING = " \t\xa0\n\r,;:/|•*·-–—(["
_GLUED = re.compile(r"[ก-๎]+\Z")
_SYMBOL = re.compile("[\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]")  # arrows, bullets, emoji
_BRACKET = re.compile(r"\)(?=[ \xa0])")
_PAIRED = re.compile('[“”‘’"()]')
_SPEAKS = re.compile(
    r"[ \xa0\"”](?:ด้าน[ \xa0]?)?(?:นาย|นาง|พล|ดร\.|ว่าที่|ร้อย|พัน|ผู้ว่า|ปลัด|รอง|อธิบดี|ผวจ|รมว|รมช|มท\.)"
    r"[^\n]{0,100}?(?:กล่าว|เปิดเผย|เน้นย้ำ|ระบุ)"
)
_AT = (" ณ", "\xa0ณ", "ณ")  # a venue follows its blank
_SENTENCE = re.compile(r"(?<=[ \xa0])(?:โดย|และ|ขณะ|ทั้งนี้|ส่วน|สำหรับ|พร้อม)")


def trimmed(text: str, start: int, end: int) -> int:
    """``end`` moved back over blanks, separators and the words that join an item to the next."""
    joiners = list_words().joiners
    while end > start:
        cut = end
        while cut > start and (
            text[cut - 1] in _TRAILING or (text[cut - 1] >= "\u2190" and _SYMBOL.match(text, cut - 1))
        ):
            cut -= 1
        if text.endswith(joiners, start, cut):
            joiner = next(word for word in joiners if text.endswith(word, start, cut))
            at = cut - len(joiner)
            if at == start or text[at - 1] in _TRAILING:
                cut = at
        if cut == end:
            break
        end = cut
    return end


def shared_prefix(text: str, markers: Sequence[Marker]) -> str:
    """What stands glued before each marker of a list: โครงการ in โครงการระยะที่ 1 … โครงการระยะที่ 2."""
    match = _GLUED.search(text, max(0, markers[0].start - 25), markers[0].start)
    if match is None or len(match[0]) == 25:
        return ""
    return match[0] if all(text.endswith(match[0], 0, marker.start) for marker in markers) else ""


def without_furniture(text: str, start: int, end: int) -> int:
    """``end`` moved back over the page's own lines that stand between an item and the next."""
    lines = list_words().furniture_lines
    while (line := text.rfind("\n", start, end)) >= 0:
        rest = text[line:end].strip()
        if rest and rest.strip(" .…:[]>»") not in lines:
            break
        end = line
    return end


def last_end(text: str, marker: Marker, limit: int, others: Sequence[str]) -> int:
    """Where the last item ends, no later than ``limit``; ``others`` are the texts of the items before it."""
    limit = min(limit, marker.body + (_LONGEST_LINE if marker.line else LONGEST_INLINE))
    stop = text.find("\n", marker.body, limit)
    stop = limit if stop < 0 else stop
    stop = _closed(text, marker.body, stop)
    if marker.line:
        if stop - marker.body > 2 * max(map(len, others), default=LONGEST_INLINE) + 50:
            stop = _closed_by_word(text, marker.body, stop, others)
        stop = _more_lines(text, marker.body, stop, limit, others)
    else:
        stop = _sentence_end(text, marker.body, stop, others)
    return trimmed(text, marker.body, stop)


def cut_before_list(text: str, start: int, following: int) -> int | None:
    """Where a last item ends that has another list of the same style after it in its paragraph.

    That list is announced by a clause of its own (และมี..., โดย...): the item ends before it. None where
    no such clause begins; then the list stands inside the item.
    """
    clauses = [
        match.start() for match in _SENTENCE.finditer(text, max(start + 8, following - 160), following)
    ]
    return trimmed(text, start, clauses[-1]) if clauses else None


def _more_lines(text: str, start: int, stop: int, limit: int, others: Sequence[str]) -> int:
    """Over a last item's continuation lines: bullets, wrapped lines, and as many lines as each of the others has."""
    if start >= stop:
        return stop
    words = list_words()
    lines = [[line for line in other.split("\n") if line.strip()] for other in others]
    usual = min(map(len, lines), default=1)
    widths = [len(line) for item in lines for line in item[:-1]]
    bulleted = usual > 1 and all(line[0] in _BULLETS for item in lines for line in map(str.strip, item[1:]))
    wrapped = bool(widths) and min(widths) >= _SHORTEST_WRAPPED  # the page broke its lines at some width
    line_start = start
    for count in range(1, 9):
        begin = stop
        while begin < limit and text[begin].isspace():
            begin += 1
        if begin >= limit or text.count("\n", stop, begin) > 2:
            break
        bullet = text[begin] in _BULLETS
        end = text.find("\n", begin, limit)
        end = limit if end < 0 else end
        full = wrapped and stop - line_start >= 0.9 * min(widths) and end - begin <= 1.15 * max(widths)
        if not bullet and (bulleted or (count >= usual and not full) or _closes(text, begin)):
            break
        if words.person.match(text, begin):
            break
        line_start, stop = begin, end
    return stop


def _closes(text: str, begin: int) -> bool:
    """Whether a line that begins at ``begin`` is no continuation: a closing word, a quotation, a hashtag."""
    return text[begin] in '“"‘#' or list_words().first_word.match(text, begin) is not None


def _sentence_end(text: str, start: int, stop: int, others: Sequence[str]) -> int:
    """Where the sentence of an inline item ends, judged by closing words and by the items before it."""
    words = list_words()
    stop = _closed_by_word(text, start, stop, others)
    if speaker := _SPEAKS.search(text, start, stop):
        stop = speaker.start() + 1
    full_stop = _STOP.search(text, start, stop)
    if full_stop and not any(_STOP.search(other) for other in others):
        stop = full_stop.start()
    lengths = [len(other) for other in others] or [0]
    parted: int | None = None
    if stop - start > max(lengths):
        shortest = 0.4 * min(lengths)
        parted = next((at for at in clause_breaks(text[start:stop]) if at >= shortest), None)
    if parted is not None and all(next(clause_breaks(other), None) is None for other in others):
        stop = start + parted
    elif all(other.endswith(")") for other in others) and (bracket := _BRACKET.search(text, start, stop)):
        stop = bracket.end()
    elif stop - start > 1.5 * max(lengths) + 30:
        usual = sorted(lengths)[len(lengths) // 2]
        for match in words.weak_closer.finditer(text, start + max(4, min(lengths) // 2), stop):
            if match.start() - start >= 0.8 * usual or not any(" " + match[0] in other for other in others):
                stop = match.start()
                break
    body = text[start:stop].rstrip(_TRAILING)
    for tail in words.tails:
        if body.endswith(" " + tail):
            stop = start + len(body) - len(tail)
    return stop


def _closed_by_word(text: str, start: int, stop: int, others: Sequence[str]) -> int:
    """Before the first closing word that the other items do not hold."""
    for match in list_words().closer.finditer(text, start, stop):
        word = match[1]
        if not any(word in other for other in others):
            return match.start(1)
    return stop


def clause_breaks(text: str) -> Iterator[int]:
    """Where blanks part clauses: those between two Thai words that do not go on with a name or an amount."""
    going_on = list_words().going_on
    for match in _SPACE.finditer(text):
        at, after = match.span()
        if not text.startswith(going_on, after) and text[at - 2 : at] not in _AT:
            yield at


def _closed(text: str, start: int, stop: int) -> int:
    """Before a closing quotation mark or bracket whose opening one stands before the item: what it holds ends there."""
    quotes = brackets = 0
    for match in _PAIRED.finditer(text, start, stop):
        at, mark = match.start(), match[0]
        if mark in "()":
            if mark == "(":
                brackets += 1
            elif brackets:
                brackets -= 1
            elif not text[at - 1].isdigit():  # an inner marker (2) is no closing bracket
                return at
            continue
        opening = mark in "“‘"
        if mark == '"':
            after = text[at + 1 : at + 2]
            opening = quotes == 0 and bool(after.strip()) and (at == start or text[at - 1] in " \xa0(“")
            if opening and _SPEAKS.match(text, at):
                opening = False
        if opening:
            quotes += 1
        elif quotes == 0:
            return at
        else:
            quotes -= 1
    return stop
