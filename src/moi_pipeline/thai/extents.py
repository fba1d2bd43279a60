"""Where a numbered item ends: before the next marker, or for the last one where its line or sentence does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from moi_pipeline.thai.listwords import ListWords, list_words
from moi_pipeline.thai.markers import Marker

_SPACE = re.compile(r"[ \t\xa0]+")
_TRAILING = " \t\xa0\n\r,;:/|•*·-–—(["
_LETTERS = re.compile("[ก-ฮเ-ไ]")
_WEAK = re.compile(
    r"(?<=[ \xa0])(?:โดย(?!เฉพาะ|ไม่|การ|ใช้)|ซึ่ง|ทำให้|เพื่อให้|ส่งผล|จึง|สำหรับ|ส่วน(?!ราชการ|ท้องถิ่น|ร่วม|กลาง|ภูมิภาค)|เนื่องจาก|จะ)"
)
_PERSON_SPEAKS = re.compile(
    r"(?<=[ \xa0])(?:ด้าน[ \xa0]?)?(?:นาย|นาง|นางสาว|พล\.?|พลเอก|ดร\.)[^\n]{0,120}?(?:กล่าว|เปิดเผย|เน้นย้ำ)"
)
_CLOSING_QUOTE = re.compile('[”’"]')


def trimmed(text: str, start: int, end: int, words: ListWords | None = None) -> int:
    """``end`` moved back over blanks, separators and the words that join an item to the next."""
    words = words or list_words()
    while end > start:
        cut = end
        while cut > start and text[cut - 1] in _TRAILING:
            cut -= 1
        for joiner in words.joiners:
            at = cut - len(joiner)
            if at >= start and text.startswith(joiner, at) and (at == start or text[at - 1] in _TRAILING):
                cut = at
                break
        if cut == end:
            break
        end = cut
    return end


def without_furniture(text: str, start: int, end: int) -> int:
    """``end`` moved back over the page's own lines that stand between an item and the next."""
    words = list_words()
    while (line := text.rfind("\n", start, end)) >= 0:
        rest = text[line:end].strip()
        if rest and rest.strip(" .…:[]>»") not in words.furniture_lines:
            break
        end = line
    return end


def last_end(text: str, marker: Marker, limit: int, others: Sequence[str]) -> int:
    """Where the last item ends, no later than ``limit``; ``others`` are the texts of the items before it."""
    words = list_words()
    stop = text.find("\n", marker.body, limit)
    stop = limit if stop < 0 else stop
    if marker.line:
        stop = _closed_quote(text, marker.body, stop)
        return trimmed(text, marker.body, stop)
    return trimmed(text, marker.body, _inline_end(text, marker.body, stop, others, words))


def _inline_end(text: str, start: int, stop: int, others: Sequence[str], words: ListWords) -> int:
    stop = _closed_quote(text, start, stop)
    longest = max(map(len, others), default=0)
    breaks = max((len(clause_breaks(other)) for other in others), default=0)
    own = clause_breaks(text[start:stop])
    if breaks == 0 and own:
        return start + own[0]
    for match in words.closer.finditer(text, start + 1, stop):
        if not any(match[0] in other for other in others):
            stop = match.start()
            break
    if speaker := _PERSON_SPEAKS.search(text, start + 1, stop):
        stop = speaker.start()
    if stop - start > 1.5 * longest + 30:
        for match in _WEAK.finditer(text, start + 1, stop):
            if match.start() - start > 0.3 * longest:
                stop = match.start()
                break
    for tail in words.tails:
        if text[start:stop].rstrip().endswith(" " + tail):
            stop = text.rfind(tail, start, stop)
    return stop


def clause_breaks(text: str) -> list[int]:
    """Where blanks part clauses: those between two Thai words, not around numbers, brackets, Latin or ๆ."""
    found = []
    for match in _SPACE.finditer(text):
        at, after = match.span()
        if at > 0 and after < len(text) and "ก" <= text[at - 1] <= "๎" and _LETTERS.match(text, after):
            found.append(at)
    return found


def _closed_quote(text: str, start: int, stop: int) -> int:
    """Before a closing quotation mark whose opening one stands before the item (a quoted speech ends there)."""
    depth = 0
    for at in range(start, stop):
        char = text[at]
        if char in "“‘":
            depth += 1
        elif char in "”’":
            if depth == 0:
                return at
            depth -= 1
        elif char == '"':
            opening = (
                at + 1 < len(text)
                and not text[at + 1].isspace()
                and (at == 0 or text[at - 1].isspace() or text[at - 1] == "(")
            )
            if depth == 0 and not opening:
                return at
            depth = depth + 1 if opening and depth == 0 else max(0, depth - 1)
    return stop
