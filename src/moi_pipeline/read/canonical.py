"""Text as the project stores it: one spelling for what looks the same on the page.

``canonical`` is idempotent and never changes a word: it joins what encodings took apart, mends mark orders that
Thai does not have, and drops what nobody sees.
"""

from __future__ import annotations

import re
import unicodedata

# What nobody sees: controls, soft hyphen, zero-width and bidi marks, BOM, interlinear and specials,
# lone surrogates (JSON lets them through; no file format takes them), tags, noncharacters.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x1c-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_ODD = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD_SPACES = re.compile(f"[{_ODD}][{_ODD} ]*| [{_ODD} ]+")  # any but one plain space
_AROUND_BREAK = re.compile(r" ?\n ?")
_BLANK_LINES = re.compile(r"\n{3,}")

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


def canonical(text: str) -> str:
    """``text`` in NFC without unseen characters, Thai marks mended, plain spaces, "\\n" line ends.

    A line keeps single spaces only and none at its ends; three or more line breaks become two; Thai digits and
    quotation marks stay as written. ``canonical(canonical(x)) == canonical(x)``.
    """
    text = _UNSEEN.sub("", text)
    if _PRIVATE.search(text):
        text = _PRIVATE.sub("", text.translate(_SHIFTED))
    text = _BREAKS.sub("\n", text)
    text = _ODD_SPACES.sub(" ", text)
    text = unicodedata.normalize("NFC", text)
    text = mend_thai(text)
    if "\n" in text:
        text = _BLANK_LINES.sub("\n\n", _AROUND_BREAK.sub("\n", text))
    return text.strip(" \n")
