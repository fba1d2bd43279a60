"""Put row groups of Parquet files together in a new file, byte for byte: what no night touches is written once.

A Parquet file is its row groups and then a footer that says where each begins. So groups are copied as they are, and a
footer is written with their new places. The footer is a struct in Thrift's compact protocol, as parquet.thrift of the
Parquet format defines it; the field numbers below are from there. All fields are carried over, known here or not, but
for those that would point to a page index, which DuckDB does not write. No library for Python copies row groups:
all of them decode and encode every value.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

MAGIC = b"PAR1"
#: Fields of FileMetaData, RowGroup, ColumnChunk and ColumnMetaData.
SCHEMA, ROWS, GROUPS = 2, 3, 4
COLUMNS, GROUP_ROWS, GROUP_OFFSET, ORDINAL = 1, 3, 5, 7
CHUNK_OFFSET, METADATA, INDEXES = 2, 3, (4, 5, 6, 7)
SIZE, DATA_OFFSET, INDEX_OFFSET, DICTIONARY_OFFSET, BLOOM_OFFSET, BLOOM_SIZE = 7, 9, 10, 11, 14, 15
#: Types of the compact protocol.
TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)

#: A struct: for each field its type and value. A list: the type of its values, and the values.
Struct = dict[int, tuple[int, Any]]


class NotSpliced(Exception):
    """The files can't be put together: the caller writes the rows anew instead."""


@dataclass(frozen=True, slots=True)
class Footer:
    """A file's footer."""

    path: Path
    fields: Struct

    @property
    def groups(self) -> list[Struct]:
        found: list[Struct] = self.fields[GROUPS][1][1]
        return found

    @property
    def rows(self) -> list[int]:
        """The number of rows of each row group."""
        return [group[GROUP_ROWS][1] for group in self.groups]


def read_footer(path: Path) -> Footer:
    """Read a file's footer. Raises NotSpliced where it is not one that we understand."""
    with path.open("rb") as file:
        end = file.seek(0, 2)
        if end < 12:
            raise NotSpliced(f"{path}: too short")
        file.seek(end - 8)
        tail = file.read(8)
        size = int.from_bytes(tail[:4], "little")
        if tail[4:] != MAGIC or size > end - 12:
            raise NotSpliced(f"{path}: no Parquet footer")
        file.seek(end - 8 - size)
        try:
            fields = _read_struct(BytesIO(file.read(size)))
        except (IndexError, KeyError, ValueError) as error:
            raise NotSpliced(f"{path}: {error!r}") from error
    if not {SCHEMA, ROWS, GROUPS} <= fields.keys():
        raise NotSpliced(f"{path}: an incomplete footer")
    return Footer(path, fields)


def splice(target: Path, parts: Iterable[tuple[Footer, Sequence[int]]]) -> None:
    """Write a new file of some row groups of others, in this order. The files must have one schema.

    Raises NotSpliced where they have not, OSError where the disk refuses.
    """
    parts = list(parts)
    fields = dict(parts[0][0].fields)
    groups: list[Struct] = []
    with target.open("wb") as out:
        out.write(MAGIC)
        for footer, wanted in parts:
            if footer.fields[SCHEMA] != fields[SCHEMA]:
                raise NotSpliced(f"{footer.path}: another schema")
            with footer.path.open("rb") as source:
                for number in wanted:
                    group = _copy_group(source, out, footer.groups[number])
                    if ORDINAL in group:
                        group[ORDINAL] = (I16, len(groups))
                    groups.append(group)
        fields[GROUPS] = (LIST, (STRUCT, groups))
        fields[ROWS] = (I64, sum(group[GROUP_ROWS][1] for group in groups))
        written = BytesIO()
        _write_struct(written, fields)
        out.write(written.getvalue() + len(written.getvalue()).to_bytes(4, "little") + MAGIC)


def _copy_group(source: BinaryIO, out: BinaryIO, group: Struct) -> Struct:
    """Copy a row group's bytes; returns it with its new places."""
    chunks = [dict(chunk) for chunk in group[COLUMNS][1][1]]
    if any(METADATA not in chunk for chunk in chunks):
        raise NotSpliced("columns in another file")
    about = [dict(chunk[METADATA][1]) for chunk in chunks]
    starts = [_start(meta) for meta in about]
    first = min(starts)
    last = max(start + meta[SIZE][1] for start, meta in zip(starts, about, strict=True))
    moved = out.tell() - first
    _copy(source, out, first, last - first)
    for chunk, meta in zip(chunks, about, strict=True):
        for name in (DATA_OFFSET, INDEX_OFFSET, DICTIONARY_OFFSET):
            if name in meta:
                meta[name] = (I64, meta[name][1] + moved)
        if BLOOM_OFFSET in meta and BLOOM_SIZE in meta:
            at = out.tell()
            _copy(source, out, meta[BLOOM_OFFSET][1], meta[BLOOM_SIZE][1])
            meta[BLOOM_OFFSET] = (I64, at)
        else:
            meta.pop(BLOOM_OFFSET, None)
        for name in INDEXES:
            chunk.pop(name, None)
        chunk[METADATA] = (STRUCT, meta)
        # Readers take the offsets above; writers differ in what they put here, most a zero or the first page's place.
        if chunk[CHUNK_OFFSET][1]:
            chunk[CHUNK_OFFSET] = (I64, chunk[CHUNK_OFFSET][1] + moved)
    group = group | {COLUMNS: (LIST, (STRUCT, chunks))}
    if GROUP_OFFSET in group:
        group[GROUP_OFFSET] = (I64, group[GROUP_OFFSET][1] + moved)
    return group


def _start(meta: Struct) -> int:
    first: int = meta[DATA_OFFSET][1]
    if DICTIONARY_OFFSET in meta and 0 < meta[DICTIONARY_OFFSET][1] < first:
        first = meta[DICTIONARY_OFFSET][1]
    return first


def _copy(source: BinaryIO, out: BinaryIO, start: int, size: int) -> None:
    source.seek(start)
    left = size
    while left:
        data = source.read(min(left, shutil.COPY_BUFSIZE))  # type: ignore[attr-defined]
        if not data:
            raise NotSpliced("a file shorter than its footer says")
        out.write(data)
        left -= len(data)


def _read_struct(data: BytesIO) -> Struct:
    fields: Struct = {}
    number = 0
    while head := _byte(data):
        step, kind = head >> 4, head & 15
        number = number + step if step else _zigzag(data)
        fields[number] = (kind, kind == TRUE if kind in (TRUE, FALSE) else _read(data, kind))
    return fields


def _read(data: BytesIO, kind: int) -> Any:
    if kind in (I16, I32, I64):
        return _zigzag(data)
    if kind == STRUCT:
        return _read_struct(data)
    if kind == BINARY:
        return data.read(_varint(data))
    if kind in (LIST, SET):
        head = _byte(data)
        size = _varint(data) if head >> 4 == 15 else head >> 4
        return head & 15, [_read(data, head & 15) for _ in range(size)]
    if kind in (BYTE, TRUE, FALSE):  # a truth in a list takes a byte
        return _byte(data)
    if kind == DOUBLE:
        return data.read(8)
    raise ValueError(f"a Thrift type {kind}")  # maps are nowhere in a footer


def _write_struct(out: BytesIO, fields: Struct) -> None:
    before = 0
    for number, (kind, value) in sorted(fields.items()):
        truth = kind in (TRUE, FALSE)
        told = (TRUE if value else FALSE) if truth else kind
        if 0 < number - before < 16:
            out.write(bytes([(number - before) << 4 | told]))
        else:
            out.write(bytes([told]) + _as_zigzag(number))
        if not truth:
            _write(out, kind, value)
        before = number
    out.write(b"\0")


def _write(out: BytesIO, kind: int, value: Any) -> None:
    if kind in (I16, I32, I64):
        out.write(_as_zigzag(value))
    elif kind == STRUCT:
        _write_struct(out, value)
    elif kind == BINARY:
        out.write(_as_varint(len(value)) + value)
    elif kind in (LIST, SET):
        inner, values = value
        few = len(values) < 15
        out.write(bytes([(len(values) if few else 15) << 4 | inner]))
        if not few:
            out.write(_as_varint(len(values)))
        for one in values:
            _write(out, inner, one)
    elif kind in (BYTE, TRUE, FALSE):
        out.write(bytes([value]))
    else:
        out.write(value)


def _byte(data: BytesIO) -> int:
    return data.read(1)[0]


def _varint(data: BytesIO) -> int:
    value = shift = 0
    while True:
        byte = _byte(data)
        value |= (byte & 127) << shift
        if byte < 128:
            return value
        shift += 7


def _zigzag(data: BytesIO) -> int:
    value = _varint(data)
    return (value >> 1) ^ -(value & 1)


def _as_varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)


def _as_zigzag(value: int) -> bytes:
    return _as_varint(value << 1 if value >= 0 else (-value << 1) - 1)
