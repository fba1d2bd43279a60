"""The markers of numbered items: where they stand in a text, what number they give and in what style.

A marker alone makes no list: ``lists`` chains them. So this grammar is generous, but for what can be
seen at the marker itself to be a date, a decimal, a law's section or a bracket's closing.
"""

from __future__ import annotations

import re
from functools import cache

from moi_pipeline.thai.listwords import list_words
from moi_pipeline.thai.model import value
from moi_pipeline.thai.scan import Lexicon, digit_runs

_FIRST = frozenset("1๑")
_JOINED = frozenset("0123456789๐๑๒๓๔๕๖๗๘๙.,/:-–")  # what a number before which it stands goes on from
_BLANKS = " \t\xa0"
_AFTER_NUMBER = re.compile(
    r"(?:\.([0-9๐-๙]{1,2})(?![0-9๐-๙]))?(?:\.([0-9๐-๙]{1,2})(?![0-9๐-๙]))?"
    r"([ \xa0]?\.?[ \xa0]?\)|\.(?![0-9๐-๙])|\ufe0f?\u20e3|)"
)
_LINE_HEAD = re.compile(r"[^\w\n\"“‘'(]*")  # blanks, bullets, emoji
_TO_TEXT = re.compile(r"[ \t\xa0:\-–.]*")
_BARE_TEXT = re.compile(r"[ \t\xa0]{1,6}[ก-ฮเ-ไA-Za-z\"“‘'(]")
_MOST = 60  # no release numbers more items than this in one list
_LOOK_BACK = 200  # an indented marker's blanks
_RUN = 30  # the longest head word with what is glued to it
_STYLES = {")": "paren", ".)": "paren", ".": "dot", "": "bare"}
_COUNTERS = ("ที่", "ข้อ", "จำนวน", "และ", "ประมาณ", "กว่า", "ละ", "เป็น", "ขนาด", "ทาง", "รวม", "ถึง")
_JOINERS = ("และ", "รวมทั้ง", "รวมถึง", "ส่วน", "สำหรับ", "โดย")


@value
class Marker:
    """An item's number as it stands in the text: ``text[start:end]``; its item's text begins at ``body``."""

    start: int
    end: int
    body: int
    number: tuple[int, ...]  # (1,), (1, 2) for 1.2, (0,) for "the next one" (ประการสุดท้าย)
    style: str  # dot, paren, both, bare, multi, keycap, or the head word
    line: bool  # nothing but blanks before it on its line
    opens: bool = True  # may begin a list
    plain: Marker | None = None  # the same number read without its head word ("...ในส่วนที่ 2) ...")

    @property
    def last(self) -> int:
        """The number within its own list."""
        return self.number[-1]


def find_markers(text: str) -> list[Marker]:
    """All markers of a text in order; none where nothing in it could be a first item."""
    found = _ordinals(text)
    opened = bool(found)
    for start, end in digit_runs(text):
        if end - start > 2 or not (opened or text[start:end] in _FIRST):
            continue
        marker = _marker(text, start, end)
        if marker and (opened or marker.opens):
            opened = True
            found.append(marker)
    return sorted(found, key=lambda marker: (marker.start, marker.end))


def _marker(text: str, start: int, end: int) -> Marker | None:
    """The marker whose first number is ``text[start:end]``, if it looks like one."""
    if start and text[start - 1] in _JOINED:
        return None
    first = int(text[start:end])
    after = _AFTER_NUMBER.match(text, end)
    if after is None or not 1 <= first <= _MOST:
        return None
    second, third, closer = after.groups()
    end = after.end()
    closer = closer.strip(_BLANKS)
    if second is None and third is None:
        plain = _plain(text, start, end, (first,), closer)
        return _headed(text, (start, end), first, closer, plain) or plain
    number = (first, *(int(part) for part in (second, third) if part))
    return _plain(text, start, end, number, closer)


def _plain(text: str, start: int, end: int, number: tuple[int, ...], closer: str) -> Marker | None:
    """The marker without a head word: 1. 1) (1) 1.1, or a bare number that begins a line."""
    style = "multi" if len(number) > 1 else _STYLES.get(closer.replace(" ", ""), "keycap")
    if style == "multi" and not closer and not (_BARE_TEXT.match(text, end) and _apart(text, start)):
        return None
    if style == "bare" and not _bare_item(text, end):
        return None
    first = _begins_line(text, start)
    if style == "bare" and not first:
        return None
    before = text[start - 1] if start else "\n"
    opens = True
    if closer.endswith(")"):
        bracket = _bracket(text, start)
        if bracket == "own":
            start = text.rfind("(", 0, start)
            first, style = _begins_line(text, start), "both"
        elif bracket == "open" and (number[-1] != 1 or not _announced(text, start)):
            return None
    elif style == "dot" and not first and before not in _BLANKS + "\"“‘'(":
        opens = _announced(text, start)
    return Marker(start, end, _body(text, end), number, style, first, opens)


def _begins_line(text: str, start: int) -> bool:
    """Whether nothing but blanks and a bullet stands before ``start`` on its line."""
    line = text.rfind("\n", max(0, start - _LOOK_BACK), start) + 1
    if not line and start > _LOOK_BACK:
        return False
    return _LINE_HEAD.fullmatch(text, line, start) is not None


def _body(text: str, end: int) -> int:
    """Where the item's text begins after its marker."""
    match = _TO_TEXT.match(text, end)
    return match.end() if match else end


def _apart(text: str, start: int) -> bool:
    """Whether a number stands by itself, and is not what ที่, ข้อ or จำนวน counts (ข้อสงสัยที่ 1.1)."""
    before = text[max(0, start - 12) : start]
    return not before or (before[-1].isspace() and not before.rstrip(_BLANKS).endswith(_COUNTERS))


def _bare_item(text: str, end: int) -> bool:
    """Whether a number with nothing behind it numbers an item: text follows, and no unit or month."""
    match = _BARE_TEXT.match(text, end)
    return match is not None and not list_words().measure.match(text, match.end() - 1)


def _bracket(text: str, start: int) -> str:
    """What the bracket after a number closes: its "own", one "open" before it, or "none"."""
    if text[start - 1 : start] == "(" or text[start - 2 : start] in ("( ", "(\xa0"):
        return "own"
    window = text[max(text.rfind("\n", max(0, start - 80), start), start - 80, 0) : start]
    return (
        "open" if window.count("(") > window.count(")") and window.rfind("(") > window.rfind(")") else "none"
    )


def _announced(text: str, start: int) -> bool:
    """Whether a list is announced right before ``start``, or a line begins there."""
    before = text[max(0, start - 40) : start].rstrip(_BLANKS + ":：\"“”'")
    return not before or before.endswith(("\n", *list_words().announcers))


def _known_head(text: str, at: int) -> str | None:
    """The longest head word that ends at ``at``."""
    for head in list_words().heads.get(text[max(0, at - 2) : at], ()):
        if text.endswith(head, 0, at):
            return head
    return None


def _headed(
    text: str, span: tuple[int, int], number: int, closer: str, plain: Marker | None
) -> Marker | None:
    """The marker made by a head word, ที่ or not, and a number (ยุทธศาสตร์ที่ 1, ข้อ 1)."""
    start, end = span
    at = _back_over_blanks(text, start)
    numbered = text.endswith("ที่", 0, at)
    if numbered:
        at = _back_over_blanks(text, at - 3)
    head = _known_head(text, at)
    if not numbered:
        if head is None or (closer and head != "ข้อ"):
            return None
    elif not closer and text[end : end + 1] in ("/", ",", ":", "-"):
        return None
    elif head is None:
        # The day of วันที่ 1 goes here, so what numbers no items is looked for first.
        numbers_else = closer or text.endswith(list_words().not_heads, 0, at)
        head = None if numbers_else else _unknown_head(text, at)
    if head is None or _no_head(text, at, head):
        return None
    begin = at - len(head)
    opens = False
    if number == 1:
        run = _thai_run(text, begin)
        opens = (
            (numbered and head in list_words().prose_heads)
            or head == "ข้อ"
            or _announced(text, begin - len(run))
            or _begins_line(text, begin - len(run))
            or _counted(text, begin, head)
        )
    return Marker(begin, end, _body(text, end), (number,), head, _begins_line(text, begin), opens, plain)


def _no_head(text: str, at: int, head: str) -> bool:
    """Whether a longer word that numbers no items ends where the head does (ระเบียบวาระ)."""
    known = head in list_words().heads.get(head[-2:], ())
    return any(
        text.endswith(word, 0, at) and (not known or len(word) > len(head)) for word in list_words().not_heads
    )


def _counted(text: str, start: int, head: str) -> bool:
    """Whether the head's own count stands right before (แบ่งเป็น 3 ระยะ ระยะแรก ...)."""
    before = text[max(0, start - len(head) - 8) : start].rstrip(_BLANKS)
    return before.endswith(head) and before[: -len(head)].rstrip(_BLANKS)[-1:].isdigit()


def _back_over_blanks(text: str, at: int) -> int:
    stop = max(0, at - 2)
    while at > stop and text[at - 1] in _BLANKS:
        at -= 1
    return at


def _thai_run(text: str, end: int) -> str:
    """The unbroken Thai letters right before ``end``."""
    start = end
    while start and end - start < _RUN and "ก" <= text[start - 1] <= "๎":
        start -= 1
    return text[start:end]


def _unknown_head(text: str, at: int) -> str | None:
    """A word before ที่ that the data file does not know, such as a list may still use to number its items."""
    head = _thai_run(text, at)
    if len(head) >= _RUN:
        return None
    for joiner in _JOINERS:
        head = head.removeprefix(joiner)
    return head or None


_FIRST_WORDS = Lexicon(lambda: dict.fromkeys(("แรก", "ที่หนึ่ง")))


def _ordinals(text: str) -> list[Marker]:
    """The markers in words (ประการแรก, ประการที่สอง), of those heads with which one opens a list."""
    opening = set()
    for at, _, _ in _FIRST_WORDS.hits(text):
        head = _known_head(text, at)
        if head and _opens_in_words(text, at - len(head), head):
            opening.add(head)
    found = []
    for head in sorted(opening):
        for match in _ordinal_pattern(head).finditer(text):
            start, end = match.span()
            number = list_words().ordinals[match[1]]
            opens = number == 1 and _opens_in_words(text, start, head)
            found.append(
                Marker(start, end, _body(text, end), (number,), head, _begins_line(text, start), opens)
            )
    return found


def _opens_in_words(text: str, start: int, head: str) -> bool:
    return (
        head in list_words().prose_heads
        or _announced(text, start)
        or _begins_line(text, start)
        or _counted(text, start, head)
    )


@cache
def _ordinal_pattern(head: str) -> re.Pattern[str]:
    ordinals = sorted(list_words().ordinals, key=len, reverse=True)
    return re.compile(f"{re.escape(head)}({'|'.join(ordinals)})(?![ะ-ฺ็-๎])")
