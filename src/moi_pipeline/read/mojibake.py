"""Text that was decoded with the wrong table somewhere on its way, set right where that loses nothing."""

from __future__ import annotations

import re

# Windows-1252's 27 letters between 0x80 and 0x9F; the five bytes it lacks stay C1 controls, as browsers have it.
_CP1252 = {
    bytes([b]).decode("cp1252"): b for b in range(0x80, 0xA0) if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_BYTE_OF = {**{chr(b): b for b in range(0x80, 0x100)}, **_CP1252}
_TABLE = {ord(char): byte for char, byte in _BYTE_OF.items()}
_HIGH = "".join(_BYTE_OF)
_HIGH_RUN = re.compile(f"[{re.escape(_HIGH)}]{{3,}}")
_UTF8_THAI = re.compile(
    "à[¸¹]|Ã\xa0Â[¸¹]"
)  # the two lead bytes of every Thai letter in UTF-8; gone wrong twice
_EIGHT_BIT_RUN = re.compile("[\xa1-\xda\xdf-\xfb]{4,}")
_THAI = re.compile("[ก-๛]")


def _utf8_run(run: re.Match[str]) -> str:
    raw = run.group().translate(_TABLE).encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return run.group()


def repair_mojibake(text: str) -> tuple[str, str | None]:
    """(text, warning): Thai that stands as ``à¸…`` or ``ÀÒÉÒ…`` decoded as it was meant.

    A stretch whose bytes do not decode as a whole has lost some; it stays as it is and the warning says so.
    """
    if ("à" in text or "Ã" in text) and _UTF8_THAI.search(text):
        before = len(_UTF8_THAI.findall(text))
        for _ in range(2):  # a text can have gone wrong twice
            text = _HIGH_RUN.sub(_utf8_run, text)
            if not _UTF8_THAI.search(text):
                return text, f"mojibake repaired: {before} letters of UTF-8 read as Latin-1"
        left = len(_UTF8_THAI.findall(text))
        return text, f"mojibake left: {left} of {before} letters have lost bytes"
    # Thai read as Latin-1 is whole words of accented letters; no European text is.
    if not _THAI.search(text) and 3 * sum(map(len, _EIGHT_BIT_RUN.findall(text))) > len(text) > 0:
        eight_bit = text.encode("latin-1", "replace") if all(ord(c) < 256 for c in text) else None
        if eight_bit is not None:
            try:
                return eight_bit.decode("cp874"), "mojibake repaired: windows-874 read as Latin-1"
            except UnicodeDecodeError:
                return text, "mojibake left: windows-874 read as Latin-1, bytes lost"
    return text, None
