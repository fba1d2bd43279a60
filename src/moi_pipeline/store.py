"""Segments: Parquet files that are written once, whole, and never changed.

A segment is written to a hidden temporary name in its folder, fsynced and renamed, so that a reader never
sees half of one and a killed run leaves at most a ``.part`` file behind, which the next run clears away.
Pages carry checksums, and the footer's is part of the file's name, so that a flipped bit is an error and
not a wrong value. The whole file's stands there too, for ``moi verify``: what lies between pages is read by it alone.
"""

from __future__ import annotations

import contextlib
import os
import re
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from moi_pipeline.captures import Capture
from moi_pipeline.errors import NotStored

PART = ".part"
ABOUT = b"moi"
BROKEN = ".broken"

#: ``data/raw/SOURCE/*.parquet``: what a site sent, as received. ``listed_*`` is what the site's own list said.
CAPTURES = pa.schema(
    [
        ("capture_id", pa.string()),
        ("source", pa.string()),
        ("url", pa.string()),
        ("final_url", pa.string()),
        ("kind", pa.string()),
        ("fetched_at", pa.timestamp("us", tz="UTC")),
        ("status", pa.int16()),
        ("content_type", pa.string()),
        ("charset", pa.string()),
        ("etag", pa.string()),
        ("last_modified", pa.string()),
        ("listed_title", pa.string()),
        ("listed_published", pa.string()),
        ("listed_modified", pa.string()),
        ("body", pa.large_binary()),
    ]
)

#: What may be known of a stored capture without reading its body.
LIGHT = [name for name in CAPTURES.names if name != "body"]
#: What makes a Parquet file a segment of captures, whichever version wrote it.
NEEDED = ("capture_id", "source", "url", "kind", "fetched_at", "body")

#: Captures a row group: a task of extraction is one row group, small enough to share out evenly.
ROW_GROUP = 128

#: A segment's name ends with the checksums of its footer, which Parquet itself gives none, and of the whole file.
SUMMED = re.compile(r"[0-9a-f]{32}-([0-9a-f]{8})(?:-([0-9a-f]{8}))?\.parquet\Z")


def write_segment(folder: Path, table: pa.Table) -> Path:
    """Write ``table`` as one new segment of ``folder``; returns its path once it is safely on the disk.

    Raises NotStored where the disk is full or read-only, leaving nothing behind.
    """
    return write_batches(folder, table.schema, [table])


def write_batches(folder: Path, schema: pa.Schema, batches: Iterable[pa.Table], about: str = "") -> Path:
    """Write tables of one schema, one after the other, as one new segment; row groups are as if it were one table.

    ``about`` is kept in its footer, see ``about_segment``. Returns and raises as ``write_segment``.
    """
    name = uuid.uuid4().hex
    part = folder / f".{name}{PART}"
    try:
        make_folder(folder)
        _write(part, schema.with_metadata({ABOUT: about} if about else None), batches)
        sync(part)
        path = part.replace(folder / f"{name}-{_footer_sum(part)}-{file_sum(part)}.parquet")
        sync(folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        raise NotStored(
            f"can't write a segment in {folder}: {error.strerror or error}",
            "Free some space or mend the folder's permissions, then run the same command again: "
            "everything stored so far is kept.",
        ) from error
    return path


def _write(part: Path, schema: pa.Schema, batches: Iterable[pa.Table]) -> None:
    with pq.ParquetWriter(
        part,
        schema,
        compression="zstd",
        compression_level=3,
        use_dictionary=[c for c in ("source", "kind", "content_type", "charset") if c in schema.names],
        write_statistics=["capture_id"] if "capture_id" in schema.names else False,
        write_page_checksum=True,
    ) as writer:
        waiting = schema.empty_table()
        for batch in batches:
            waiting = pa.concat_tables([waiting, batch.replace_schema_metadata(schema.metadata)])
            # A capture's place is told by its number (see Known): all row groups but the last are full.
            if whole := len(waiting) // ROW_GROUP * ROW_GROUP:
                writer.write_table(waiting.slice(0, whole), row_group_size=ROW_GROUP)
                waiting = waiting.slice(whole)
        if len(waiting):
            writer.write_table(waiting, row_group_size=ROW_GROUP)


def about_segment(path: Path) -> str:
    """What its writer said of a segment. Raises OSError or pa.ArrowException if broken."""
    told: bytes = (open_segment(path).schema_arrow.metadata or {}).get(ABOUT, b"")
    return told.decode()


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, their names flushed to the disk too."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Flush a file or folder to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def segments(folder: Path) -> list[Path]:
    """The segments of a folder and of the folders in it, in a fixed order."""
    return sorted(p for p in folder.rglob("*.parquet") if not p.name.startswith("."))


def clear_parts(folder: Path) -> None:
    """Remove what killed runs left half-written. Only under the workspace's lock."""
    for part in folder.rglob(f".*{PART}"):
        part.unlink(missing_ok=True)


def open_segment(path: Path, source: pa.NativeFile | None = None) -> pq.ParquetFile:
    """Open a segment with checksums verified on every page read. Raises OSError or pa.ArrowException if broken.

    ``source`` is the open file where the segment is not on this machine.
    """
    told = SUMMED.match(path.name)
    if told and told[1] != _footer_sum(path, source):
        raise OSError("its footer is not the one that was written")
    return pq.ParquetFile(source or path, page_checksum_verification=True, pre_buffer=source is not None)


def _footer_sum(path: Path, source: pa.NativeFile | None = None) -> str:
    """The checksum of a Parquet file's footer and its length, in hex; of what is there where it is no such file."""
    with contextlib.nullcontext(source) if source else path.open("rb") as segment:
        size = segment.seek(0, os.SEEK_END)
        segment.seek(max(0, size - 8))
        length = int.from_bytes(segment.read(4), "little")
        segment.seek(max(0, size - 8 - length))
        return f"{zlib.crc32(segment.read()):08x}"


def file_sum(path: Path) -> str:
    """The checksum of a whole file, in hex."""
    found = 0
    with path.open("rb") as segment:
        while block := segment.read(1 << 20):
            found = zlib.crc32(block, found)
    return f"{found:08x}"


def hold_sum(path: Path) -> bool:
    """Hold a segment against the checksum of the whole file in its name; False where an older version told none.

    Raises OSError where the bytes are others.
    """
    told = SUMMED.match(path.name)
    if not (told and told[2]):
        return False
    if file_sum(path) != told[2]:
        raise OSError("its bytes are not those that were written")
    return True


def why_broken(path: Path) -> str | None:
    """What is wrong with a segment's bytes; None where they are as they were written."""
    try:
        if hold_sum(path):
            return None
        segment = open_segment(path)
        for group in range(segment.num_row_groups):
            segment.read_row_group(group, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        return re.sub(r"\s+", " ", str(error)).strip()
    return None


def read_light(path: Path) -> pa.Table:
    """A segment of captures without its bodies. Raises OSError or pa.ArrowException if broken."""
    segment = open_segment(path)
    if missing := [name for name in NEEDED if name not in segment.schema_arrow.names]:
        raise OSError(f"no segment of captures: it has no {', '.join(missing)}")
    return segment.read(columns=LIGHT)


@dataclass(frozen=True, slots=True)
class BrokenSegment:
    """A segment that can't be read, and where it was put aside."""

    path: Path
    kept_as: Path
    why: str


def set_aside(path: Path, error: Exception | str) -> BrokenSegment:
    """Rename a broken segment so that no reader meets it again; its bytes are kept."""
    kept = path.with_name(path.name + BROKEN)
    path.replace(kept)
    why = re.sub(r"\s+", " ", str(error)).strip()
    return BrokenSegment(path, kept, why)


def salvage(path: Path) -> Path | None:
    """Write the row groups of a broken segment that are still whole to a new segment beside it.

    Returns its path, or None where nothing could be saved.
    """
    whole = []
    try:
        segment = open_segment(path)
    except (OSError, pa.ArrowException):
        return None
    if not set(NEEDED) <= set(segment.schema_arrow.names):
        return None
    for group in range(segment.num_row_groups):
        with contextlib.suppress(OSError, pa.ArrowException):
            whole.append(segment.read_row_group(group))
    return write_segment(path.parent, pa.concat_tables(whole)) if whole else None


def broken_segments(folder: Path) -> list[Path]:
    """Segments that were set aside."""
    return sorted(folder.rglob(f"*{BROKEN}"))


@dataclass(slots=True)
class Known:
    """What a source's segments hold: the newest capture of each address, and when the last one was fetched."""

    newest: dict[str, str]
    last: datetime | None
    broken: list[BrokenSegment]
    places: dict[str, tuple[Path, int]] = field(
        default_factory=dict
    )  # address: segment and row of the newest
    rows: dict[str, dict[str, Any]] = field(
        default_factory=dict
    )  # address: the newest capture, without its body

    # The row group read last: a list names releases that were stored together.
    group: tuple[tuple[Path, int], pa.Table] | None = None

    def capture(self, url: str) -> dict[str, Any] | None:
        """The newest stored capture of an address, its body included; None where there is none that can be read."""
        if url not in self.places:
            return None
        path, row = self.places[url]
        wanted = (path, row // ROW_GROUP)
        if self.group is None or self.group[0] != wanted:
            try:
                self.group = (wanted, open_segment(path).read_row_group(wanted[1]))
            except (OSError, pa.ArrowException):
                return None
        found: dict[str, Any] = self.group[1].slice(row % ROW_GROUP, 1).to_pylist()[0]
        return found


def known_captures(folder: Path) -> Known:
    """Read a folder's segments, all but the bodies. Broken segments are set aside, and told."""
    known = Known({}, None, [])
    paths = segments(folder)
    for path in paths:  # grows by what is salvaged on the way
        try:
            rows = read_light(path).to_pylist()
        except (OSError, pa.ArrowException) as error:
            rescued = salvage(path)
            paths += [rescued] if rescued else []
            known.broken.append(set_aside(path, error))
            continue
        for number, row in enumerate(rows):
            url = row["url"]
            if url not in known.rows or known.rows[url]["fetched_at"] <= row["fetched_at"]:
                known.newest[url] = row["capture_id"]
                known.rows[url] = row
                known.places[url] = (path, number)
    known.last = max((row["fetched_at"] for row in known.rows.values()), default=None)
    return known


def captures_table(captures: Iterable[Capture]) -> pa.Table:
    """Captures as an Arrow table in the schema of ``CAPTURES``."""
    rows: list[dict[str, Any]] = [
        {name: getattr(capture, name) for name in CAPTURES.names} for capture in captures
    ]
    return pa.Table.from_pylist(rows, schema=CAPTURES)


def read_captures(
    path: Path, row_group: int, wanted: Iterable[str], source: pa.NativeFile | None = None
) -> Iterator[dict[str, Any]]:
    """The wanted captures of one row group of a segment, as dicts in the order in which they stand."""
    table = open_segment(path, source).read_row_group(row_group)
    keep = pc.is_in(table.column("capture_id"), value_set=pa.array(list(wanted), pa.string()))
    yield from table.filter(keep).to_pylist()
