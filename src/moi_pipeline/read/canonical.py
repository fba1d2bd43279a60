"""Text as the project stores it: one spelling for what looks the same on the page.

``canonical`` is idempotent and never changes a word: it joins what encodings took apart, mends mark orders that
Thai does not have, and drops what nobody sees.
"""

from __future__ import annotations

import re
import unicodedata

# What nobody sees: controls, soft hyphen, zero-width and bidi marks, BOM, interlinear and specials,
# lone surrogates (JSON lets them through; no file format takes them), tags, noncharacters.
_NOTHING = (
    "\x00-\x08\x0e-\x1b\x1c-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff"
)
_UNSEEN = re.compile(f"[{_NOTHING}]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ODD = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD_SPACE = re.compile(f"[{_ODD}]")
_SPACES = re.compile("  +")
_BLANK_LINES = re.compile(r"\n{3,}")

_ODD_CHARACTER = re.compile(f"[{_NOTHING}{_ODD}\r\x0b\x0c\x85\u2028\u2029\ue000-\uf8ff]")  # any of all these
_FEW = 12  # kinds of them that are replaced one by one

# Windows' Thai fonts put shifted marks into the private use area, and old editors and PDF converters wrote
# those code points out (U+F700 to U+F71A); the other private letters are icon fonts.
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_SHIFTED = dict(
    zip(
        range(0xF700, 0xF71B),
        "ฐ\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4cญ\u0e31\u0e4d\u0e47"
        "\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=True,
    )
)

_MARK = "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
_VOWEL = "\u0e31\u0e34-\u0e3a\u0e47"
# Two marks that cannot follow each other (a tone or silencer first, or two vowels), and longer runs
_BAD_PAIR = re.compile(f"[\u0e48-\u0e4e][{_MARK}]|[{_VOWEL}][{_VOWEL}]")
_BAD_RUN = re.compile(f"[{_MARK}]{{3,}}|{_BAD_PAIR.pattern}")
_TWICE = re.compile(f"([{_MARK}])\\1+")
_SPLIT_MARK = re.compile(f" +(?=[{_MARK}])(?<=[ก-ฮ] )")
_NIKHAHIT_AA = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32|([\u0e48-\u0e4b])\u0e4d\u0e32")
_AM_TONE = re.compile("\u0e33([\u0e48-\u0e4b])")
_TWO_E = re.compile("เเ+")


# Neighbours that some mending rule is about, as bits that the first letter sets and the second one answers:
# a tone, a silencer or a blank and any mark after it (1), two vowels (2), sara am and a tone (4).
_TONES, _VOWELS, _SARA_AM = range(0xE8, 0xEF), (0xD1, *range(0xD4, 0xDB), 0xE7), 0xD3  # in the Thai code page
_FIRST, _SECOND = bytearray(256), bytearray(256)
for _code in (*_TONES, 0x20):
    _FIRST[_code] = 1
for _code in _VOWELS:
    _FIRST[_code], _SECOND[_code] = 2, 3
for _code in _TONES:
    _SECOND[_code] = 5
_FIRST[_SARA_AM] = 4


def _is_sound(text: str) -> bool:
    """Whether ``text`` surely has nothing to mend.

    All letters are compared with their neighbours at once, as two long numbers: a pattern for such pairs is
    tried at every mark, which takes several times as long, and nearly all texts are sound.
    """
    if "\u0e4d" in text or "เเ" in text:
        return False
    letters = text.encode("cp874", "replace")
    first, second = letters.translate(_FIRST), letters.translate(_SECOND)
    return not int.from_bytes(first, "big") & int.from_bytes(second, "big") << 8


def _rank(mark: str) -> int:
    """Place of a mark in a Thai syllable: vowel, then tone, then silencer or nikhahit."""
    if mark in "\u0e48\u0e49\u0e4a\u0e4b":
        return 2
    if mark in "\u0e4c\u0e4d\u0e4e":
        return 3
    return 0 if mark == "\u0e3a" else 1


def _order(run: re.Match[str]) -> str:
    """One syllable's marks, each once and in order, where that is unambiguous; two rival vowels or tones stay."""
    marks = list(dict.fromkeys(run.group()))
    if len({_rank(mark) for mark in marks}) == len(marks):
        return "".join(sorted(marks, key=_rank))
    return _TWICE.sub("\\1", run.group())  # rivals: only take out what stands twice in a row


def mend_thai(text: str) -> str:
    """Thai letters as they are written today: sara am joined, เเ made แ, doubled and swapped marks set right."""
    for _ in range(4):  # one mending can bring another's letters together; texts settle after one or two
        before = text
        text = _SPLIT_MARK.sub("", text)
        if "เเ" in text:
            text = _TWO_E.sub("แ", text)
        if "\u0e4d" in text:
            text = _NIKHAHIT_AA.sub(lambda m: (m.group(1) or m.group(2) or "") + "\u0e33", text)
        text = _AM_TONE.sub("\\1\u0e33", text)
        if _BAD_PAIR.search(text):
            text = _BAD_RUN.sub(_order, text)
        if text == before:
            break
        text = unicodedata.normalize("NFC", text)
    return text


def _plain(text: str) -> str:
    """``text`` without unseen characters and icons, its line ends "\n" and its spaces plain ones."""
    odd = set(_ODD_CHARACTER.findall(text))
    if len(odd) > _FEW:
        text = _UNSEEN.sub("", text)
        text = _PRIVATE.sub("", text.translate(_SHIFTED))
        return _ODD_SPACE.sub(" ", _BREAKS.sub("\n", text))
    # Nearly all texts have one or two kinds, and replacing a character is far faster than any pattern.
    spaces, breaks = set(filter(_ODD_SPACE.match, odd)), set(filter(_BREAKS.match, odd))
    for char in odd - spaces - breaks:
        text = text.replace(char, _SHIFTED.get(ord(char), ""))
    text = text.replace("\r\n", "\n")
    for char in breaks:
        text = text.replace(char, "\n")
    for char in spaces:
        text = text.replace(char, " ")
    return text


def canonical(text: str) -> str:
    """``text`` in NFC without unseen characters, Thai marks mended, plain spaces, "\n" line ends.

    A line keeps single spaces only and none at its ends; three or more line breaks become two; Thai digits and
    quotation marks stay as written. ``canonical(canonical(x)) == canonical(x)``.
    """
    if _ODD_CHARACTER.search(text):
        text = _plain(text)
    if "  " in text:
        text = _SPACES.sub(" ", text)
    text = unicodedata.normalize("NFC", text)
    if not _is_sound(text):  # mostly for one slip in one line
        text = "\n".join(line if _is_sound(line) else mend_thai(line) for line in text.split("\n"))
    text = text.replace(" \n", "\n").replace("\n ", "\n")  # no two spaces stand together any more
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip(" \n")
