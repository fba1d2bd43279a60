"""Bytes → text. What the bytes are decides; a label is asked only where they leave it open."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_THAI_LABELS = {
    "tis-620",
    "tis620",
    "windows-874",
    "cp874",
    "x-cp874",
    "iso-8859-11",
    "dos-874",
    "ms874",
    "thai",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: its mark begins with UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"RIFF", "riff"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"Rar!", "rar"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"\x7fELF", "elf"),
    (b"MZ\x90", "exe"),
)
PICTURES = frozenset({"png", "jpeg", "gif", "bmp", "riff"})
_META = re.compile(rb"""<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_:-]{1,40})""", re.I)
_XML = re.compile(rb"""^\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([A-Za-z0-9_:-]{1,40})""")
_HEADER = re.compile(r"""charset\s{0,9}=\s{0,9}["']?([A-Za-z0-9_:-]{1,40})""", re.I)
_CONTROLS = bytes([*range(9), *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F])
_HIGH = re.compile(rb"[\x80-\xff]+")
_THAI_UTF8 = re.compile(rb"\xe0[\xb8\xb9][\x80-\xbf]")


@dataclass(frozen=True, slots=True)
class Decoded:
    text: str
    charset: str
    warnings: tuple[str, ...] = ()


def sniff_binary(body: bytes) -> str | None:
    """The kind of file that ``body`` is, where it is no text: "pdf", "jpeg", …, "unknown"; else None."""
    head = body[:2048].lstrip(b"\r\n \t")
    for magic, kind in _MAGIC:
        if head.startswith(magic) and (kind != "bmp" or b"\x00" in head[:16]):
            return kind
    if any(body.startswith(bom) for bom, _ in _BOMS) or _bare_utf16(body):
        return None
    sample = body[:65536]
    return "unknown" if (len(sample) - len(sample.translate(None, _CONTROLS))) * 50 > len(sample) else None


def declared_charset(body: bytes, content_type: str | None, charset: str | None) -> str | None:
    """What the capture, its header or its own markup says that it is written in, lower case."""
    if charset:
        return charset.strip().strip("\"'").lower() or None
    if content_type and (found := _HEADER.search(content_type)):
        return found.group(1).lower()
    head = body[:4096]
    label = _META.search(head) or _XML.search(head)
    return label.group(1).decode("ascii").lower() if label else None


def _bare_utf16(body: bytes) -> str | None:
    """UTF-16 without its mark: every Thai letter's high byte is 0x0E, every Latin one's is 0."""
    sample = body[:4096]
    if len(sample) < 8 or (b"\x00" not in sample and b"\x0e" not in sample):
        return None
    for name, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        high = sample[first::2]
        if (high.count(0x0E) + high.count(0) + high.count(0x20)) * 10 > len(high) * 9 and (
            high.count(0) or high.count(0x0E) * 2 > len(high)
        ):
            return name
    return None


def _looks_thai_8bit(body: bytes) -> bool:
    """Thai in an 8-bit code comes in long runs of high bytes, a European language's letters alone or in pairs."""
    runs = [len(r) for r in _HIGH.findall(body[:200_000])]
    return sum(n for n in runs if n >= 4) * 2 > sum(runs)


def decode(body: bytes, *, content_type: str | None = None, charset: str | None = None) -> Decoded:
    """``body`` as text, with the name of the code it was read in and what was odd about it. Never raises."""
    for bom, name in _BOMS:
        if body.startswith(bom):
            rest = body[len(bom) :] if name == "utf-8" else body
            text = rest.decode(name, "replace").removeprefix("\ufeff")
            return Decoded(text, name, _lost(text, name))
    label = declared_charset(body, content_type, charset)
    if bare := _bare_utf16(body):
        text = body.decode(bare, "replace")
        return Decoded(text, bare, ("UTF-16 without a byte order mark", *_lost(text, bare)))
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_other(body, label)
    wrong = label is not None and not body.isascii() and _python_name(label) not in ("utf-8", "utf_8")
    return Decoded(text, "utf-8", (f"labelled {label}, is UTF-8",) if wrong else ())


def _decode_other(body: bytes, label: str | None) -> Decoded:
    thai = len(_THAI_UTF8.findall(body))
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if thai > 10 * broken:  # UTF-8 with some bytes spoilt, as where a page was cut off in mid-letter
        return Decoded(text, "utf-8", _lost(text, "utf-8"))
    name = _python_name(label) if label else None
    notes: tuple[str, ...] = ()
    if label in _THAI_LABELS or _looks_thai_8bit(body):
        if label not in _THAI_LABELS:
            notes = (f"labelled {label}, is windows-874" if label else "no label, read as windows-874",)
        name, out = "cp874", "windows-874"
    elif name in (None, "utf-8", "ascii"):
        name, out = "cp1252", "windows-1252"
        notes = (f"labelled {label}, read as windows-1252" if label else "no label, read as windows-1252",)
    else:
        out = str(label)
    text = body.decode(name or "cp874", "replace")
    return Decoded(text, out, (*notes, *_lost(text, out)))


def _python_name(label: str) -> str | None:
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):  # a name no codec has, or one with a null
        return None
    return info.name if info._is_text_encoding else None


def _lost(text: str, name: str) -> tuple[str, ...]:
    lost = text.count("\ufffd")
    return (f"{lost} places are not {name}",) if lost else ()
