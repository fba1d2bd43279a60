"""Thai made comparable: what people leave out, double or type in two ways is the same after folding.

Folded text has no blanks, tone marks, silencing marks or punctuation, one of each doubled vowel, small Latin
letters and Arabic digits. The index holds it; ``pattern`` finds a folded word in a text as it stands.
"""

from __future__ import annotations

import re

#: What folding drops: all but letters, digits and Thai vowels, so blanks, tone marks, ็, ์ and punctuation; ๆ and ฯ.
GONE = r"(?:[^\wัิ-ูํ]|[_ฯๆ])"
#: The same in a pattern, with a ํ that is no part of ำ.
_GAP = f"(?:[^\\wัิ-ูํ]|[_ฯๆ]|ํ(?!{GONE}*า))*"
_GONE = re.compile(r"[^\wัิ-ูํ]+")
_VOWELS = "ะาิีึืุูเแโใไัำ"
_DOUBLED = re.compile(f"([{_VOWELS}])\\1+")
_DIGITS = dict(zip("๐๑๒๓๔๕๖๗๘๙", "0123456789", strict=True))
_THAI_DIGITS = re.compile("[๐-๙]")
_THAI_OF = {arabic: thai for thai, arabic in _DIGITS.items()}


def fold(text: str) -> str:
    """The text without what slips. ``fold("น้ํา ท่วม") == fold("นำ้ท่วม") == "นำทวม"``."""
    text = _GONE.sub("", text.lower()).replace("ๆ", "").replace("ฯ", "").replace("_", "")
    if "ํ" in text:  # ำ typed in two strokes, perhaps with a tone mark between
        text = text.replace("ํา", "ำ").replace("ํ", "")
    if _THAI_DIGITS.search(text):
        text = _THAI_DIGITS.sub(lambda found: _DIGITS[found[0]], text)
    if "เเ" in text:
        text = text.replace("เเ", "แ")
    return _DOUBLED.sub(r"\1", text)


def pattern(folded: str) -> str:
    """A regular expression that finds ``folded`` in a text as it stands. Compile it with IGNORECASE.

    A whole number is found only as one: 12 is not in 2512.
    """
    found = _GAP.join(_letter(letter) for letter in folded)
    if folded.isdigit():
        return rf"(?<![0-9๐-๙]){found}(?![0-9๐-๙])"
    if folded.isascii() and len(folded) <= 3:
        return rf"(?<![A-Za-z]){found}(?![A-Za-z])"
    return found


def _letter(letter: str) -> str:
    if letter == "ำ":
        return rf"(?:ำ|ํ{GONE}*า)(?:{_GAP}(?:ำ|ํ{GONE}*า))*"
    if letter == "แ":
        return rf"(?:แ|เ{_GAP}เ)(?:{_GAP}(?:แ|เ{_GAP}เ))*"
    if letter in _VOWELS:
        return f"{letter}(?:{_GAP}{letter})*"
    if letter in _THAI_OF:
        return f"[{letter}{_THAI_OF[letter]}]"
    return re.escape(letter)
