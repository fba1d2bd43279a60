"""Reading WARC files (ISO 28500) record by record, whatever state they are in.

Made for archives of many years: plain or gzip, a member a record or one for all, broken off at the end, damaged
in the middle. What can't be read is told, and the reading goes on at the next record that can.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

#: What is read at once, and how long a line or a head may be; longer ones are no WARC.
CHUNK = 1 << 16
HEAD_LIMIT = 1 << 20
MEMBER = b"\x1f\x8b\x08"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its named fields (names in lower case) and its block; ``size`` is what the block should have."""

    fields: dict[str, str]
    block: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A place in the file that is no whole record. ``reason``: truncated, too large, broken."""

    reason: str
    detail: str
    url: str | None = None


class _Damaged(Exception):
    """The compressed data is wrong at this place; what follows may be right again."""


class _Opened:
    """A file's bytes, gzip undone. ``cut``: the file ended in the middle of a gzip member."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.waiting = bytearray()
        self.raw = file.read(CHUNK)
        self.gzip = self.raw.startswith(b"\x1f\x8b")
        self.member = zlib.decompressobj(31)
        self.begun = False
        self.cut = False

    def line(self) -> bytes:
        """The next line with its end; empty at the end of the file. Raises _Damaged."""
        start = 0
        while (end := self.waiting.find(b"\n", start)) < 0 and len(self.waiting) < HEAD_LIMIT:
            start = len(self.waiting)
            if not self._more():
                break
        return self._take(end + 1 if end >= 0 else min(len(self.waiting), HEAD_LIMIT))

    def read(self, size: int) -> bytes:
        """The next bytes; fewer at the end of the file. Raises _Damaged."""
        while len(self.waiting) < size and self._more():
            pass
        return self._take(size)

    def skip(self, size: int) -> bool:
        """Pass over bytes without keeping them; False where the file ends first. Raises _Damaged."""
        while size > len(self.waiting):
            size -= len(self.waiting)
            self.waiting.clear()
            if not self._more():
                return False
        self._take(size)
        return True

    def _take(self, size: int) -> bytes:
        taken = bytes(self.waiting[:size])
        del self.waiting[:size]
        return taken

    def _more(self) -> bool:
        """Put something more into ``waiting``; False at the end."""
        while True:
            if not self.raw:
                self.raw = self.file.read(CHUNK)
            if not self.raw:
                self.cut = self.cut or (self.gzip and self.begun)
                return False
            if not self.gzip:
                self.waiting += self.raw
                self.raw = b""
                return True
            if not self.begun:
                self.raw = self.raw.lstrip(b"\0")  # padding between members
                if not self.raw:
                    continue
            try:
                opened = self.member.decompress(self.raw, CHUNK)
            except zlib.error as error:
                self._next_member()
                raise _Damaged(str(error)) from error
            self.begun = True
            self.raw = self.member.unconsumed_tail
            if self.member.eof:
                self.raw = self.member.unused_data
                self.member, self.begun = zlib.decompressobj(31), False
            if opened:
                self.waiting += opened
                return True

    def _next_member(self) -> None:
        """Go to what looks like the beginning of the next gzip member."""
        self.waiting.clear()
        self.member, self.begun = zlib.decompressobj(31), False
        rest = self.raw[1:]
        while (at := rest.find(MEMBER)) < 0:
            more = self.file.read(CHUNK)
            if not more:
                self.raw = b""
                return
            rest = rest[-2:] + more
        self.raw = rest[at:]


def records(path: Path) -> Iterator[Record | Broken]:
    """The records of a file in their order, and the places where there is none. Raises OSError."""
    with path.open("rb") as file:
        yield from read_records(file)


def read_records(file: BinaryIO, limit: int = 20_000_000) -> Iterator[Record | Broken]:
    """The records of an open file; a block larger than ``limit`` is passed over and told."""
    opened = _Opened(file)
    told = False  # a broken place is told once, however many lines it has
    while True:
        try:
            found = _record(opened, limit)
        except _Damaged as error:
            found = Broken("broken", f"the compressed data is damaged: {error}")
        if found is None:
            if opened.cut and not told:
                yield Broken("truncated", "the file breaks off in its last record")
            return
        if isinstance(found, Broken) and found.reason == "broken":
            if not told:
                yield found
            told = True
            continue
        told = False
        yield found
        if isinstance(found, Broken) and found.reason == "truncated":
            return


def _record(opened: _Opened, limit: int) -> Record | Broken | None:
    """What stands at this place: a record, a broken line, or nothing more."""
    line = opened.line()
    while line and not line.strip():
        line = opened.line()
    if not line:
        return None
    if not line.endswith(b"\n") and b"WARC/".startswith(line[:5]):
        return Broken("truncated", "the file breaks off in its last record")
    if not line.startswith(b"WARC/"):
        return Broken("broken", f"no record begins with {line[:40]!r}")
    head = bytearray(line)
    while (line := opened.line()).strip():
        head += line
        if len(head) > HEAD_LIMIT:
            return Broken("broken", "a record's head without end")
    if not line:
        return Broken("truncated", "the file breaks off in its last record")
    fields = parse_head(bytes(head))[1]
    url = (fields.get("warc-target-uri") or "").strip("<>") or None
    length = fields.get("content-length", "")
    if not (length.isascii() and length.isdigit()):
        return Broken("broken", f"a record whose Content-Length is {length[:40]!r}", url)
    size = int(length)
    if size > limit:
        if not opened.skip(size):
            return Broken("truncated", "the file breaks off in its last record", url)
        return Broken("too large", f"{size:,} bytes; the limit is {limit:,}", url)
    block = opened.read(size)
    if len(block) < size:
        return Broken("truncated", f"the file breaks off after {len(block):,} of {size:,} bytes", url)
    return Record(fields, block, size)


def parse_head(head: bytes) -> tuple[str, dict[str, str]]:
    """A head's first line and its fields, names in lower case; of a name given twice the first counts."""
    from warcio.statusandheaders import StatusAndHeadersParser

    parsed = StatusAndHeadersParser([], verify=False).parse(io.BytesIO(head + b"\r\n"))
    fields: dict[str, str] = {}
    for name, value in parsed.headers:
        fields.setdefault(name.lower(), value.strip())
    return f"{parsed.protocol} {parsed.statusline}".strip(), fields


def http_parts(block: bytes) -> tuple[int, dict[str, str], bytes] | None:
    """A block's HTTP response: status, headers, body as sent; None where it is none."""
    ends = [at + len(gap) for gap in (b"\r\n\r\n", b"\n\n") if 0 <= (at := block.find(gap)) < HEAD_LIMIT]
    end = min(ends, default=len(block))
    if not block.startswith(b"HTTP/") or end > HEAD_LIMIT:
        return None
    first, headers = parse_head(block[:end].rstrip(b"\r\n") + b"\r\n")
    words = first.split()
    if len(words) < 2 or not (words[1].isascii() and words[1].isdigit()):
        return None
    return int(words[1]), headers, block[end:]


def unchunked(body: bytes) -> bytes:
    """A body without its chunks' frames. Crawlers often undo them and keep the header: then it is as it is.

    Raises ValueError where the chunks break off.
    """
    out = bytearray()
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 1000)
        size = _hex(body[at:end].split(b";")[0].strip()) if end >= 0 else None
        if size is None:
            if at == 0:
                return body
            raise ValueError("its chunks break off")
        if size == 0:
            return bytes(out)
        if end + 2 + size > len(body):
            if at == 0:
                return body
            raise ValueError("its chunks break off")
        out += body[end + 2 : end + 2 + size]
        at = end + 2 + size
        if body[at : at + 2] == b"\r\n":
            at += 2


def _hex(digits: bytes) -> int | None:
    try:
        return int(digits, 16) if 0 < len(digits) <= 16 and digits.isalnum() else None
    except ValueError:
        return None
