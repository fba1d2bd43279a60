"""The numbers of a page's lists: they are in no text, the browser counts them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# Round a marker written back, until the line that it belongs to is known
MARKER_START, MARKER_END = "\x02", "\x03"
_MARKED = re.compile(f"{MARKER_START}([^{MARKER_END}]*){MARKER_END} ?")
_OWN_NUMBER = re.compile(r"\(?(?:ข้อ(?:ที่)? ?)?([\d๐-๙]{1,3}(?:\.[\d๐-๙]{1,3})*)(?:[.)]| |$)")
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_ARABIC_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_STYLE = re.compile(r"list-style(?:-type)? ?: ?([a-z -]+)", re.I)
_THAI_LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"  # thai-alphabetic leaves out ฃ and ฅ
_MAX_COUNTED = 100_000


@dataclass(slots=True)
class ListState:
    style: str  # "decimal", "lower-alpha", …; "none" for lists without numbers
    number: int
    step: int

    def marker(self, attributes: dict[str, str | None]) -> str:
        """The next item's marker, "" where the list shows none; ``attributes`` are the item's."""
        if self.style == "none":
            return ""
        given = _integer(attributes.get("value"))
        if given is not None:
            self.number = given
        number = self.number
        self.number += self.step
        style = _style(attributes.get("type"), attributes.get("style")) or self.style
        return "" if style == "none" else write_number(number, style) + "."


def _integer(text: str | None) -> int | None:
    found = re.match(r"\s{0,9}([+-]?[0-9]{1,9})", text or "")
    return int(found.group(1)) if found else None


_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_UNNUMBERED = {"none", "disc", "circle", "square", "inherit none", "none outside", "none inside"}


def _style(kind: str | None, css: str | None) -> str | None:
    if css and (found := _STYLE.search(css)):
        name = " ".join(found.group(1).lower().split())
        for known in _WRITERS:
            if known in name.split():
                return known
        if set(name.split()) & _UNNUMBERED:
            return "none"
    return _TYPES.get((kind or "").strip())


def open_list(node: LexborNode, tag: str, attributes: dict[str, str | None]) -> ListState:
    """The counter of the list that ``node`` begins. ``start=``, ``reversed`` and ``type=`` as browsers read them."""
    if tag != "ol":
        return ListState("none", 1, 1)
    start = _integer(attributes.get("start"))
    step = 1
    if "reversed" in attributes:
        step = -1
        if start is None:
            start = _count_items(node)
    style = _style(attributes.get("type"), attributes.get("style")) or "decimal"
    return ListState(style, 1 if start is None else start, step)


def _count_items(node: LexborNode) -> int:
    count = 0
    child = node.child
    while child is not None and count < _MAX_COUNTED:
        count += child.tag == "li"
        child = child.next
    return count


def _letters(number: int, alphabet: str) -> str:
    out = ""
    while number > 0:
        number, rest = divmod(number - 1, len(alphabet))
        out = alphabet[rest] + out
    return out


_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN_LOW = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def _roman(number: int) -> str:
    out = ""
    for value, letters in (*_ROMAN, *_ROMAN_LOW):
        while number >= value:
            out += letters
            number -= value
    return out


_LATIN = "abcdefghijklmnopqrstuvwxyz"
_WRITERS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimal-leading-zero": lambda n: f"{n:02d}",
    "lower-alpha": lambda n: _letters(n, _LATIN),
    "lower-latin": lambda n: _letters(n, _LATIN),
    "upper-alpha": lambda n: _letters(n, _LATIN.upper()),
    "upper-latin": lambda n: _letters(n, _LATIN.upper()),
    "lower-roman": lambda n: _roman(n).lower(),
    "upper-roman": _roman,
    "thai": lambda n: str(n).translate(_THAI_DIGITS),
    "thai-alphabetic": lambda n: _letters(n, _THAI_LETTERS),
}


def write_number(number: int, style: str) -> str:
    """``number`` as a list of ``style`` shows it; what the style cannot count is written in digits."""
    countless = style.endswith(("alpha", "latin", "alphabetic")) and number < 1
    if countless or (style.endswith("roman") and not 0 < number < 4000):
        return str(number)
    return _WRITERS[style](number)


def place_markers(lines: Iterable[str]) -> list[str]:
    """``lines`` with list markers before their items' first words.

    A marker alone on its line (its item begins with a block of its own) joins the next line; a marker goes where
    the author typed the same number as well.
    """
    out: list[str] = []
    pending = ""
    for line in lines:
        found = _MARKED.match(line)
        if found is None:
            out.append(_with_marker(pending, line) if pending else line)
            pending = ""
            continue
        if pending:
            out.append(pending)
        marker, rest = found.group(1), line[found.end() :]
        pending = ""
        if rest.strip():
            out.append(_with_marker(marker, rest))
        else:
            pending = marker
    if pending:
        out.append(pending)
    return out


def _with_marker(marker: str, text: str) -> str:
    own = _OWN_NUMBER.match(text)
    if own and own.group(1).translate(_ARABIC_DIGITS) == marker.rstrip(".").translate(_ARABIC_DIGITS):
        return text
    return f"{marker} {text}"
