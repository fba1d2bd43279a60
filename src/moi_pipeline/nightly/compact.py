"""Merging small segments: a new segment is written and flushed to the disk, then those that it replaces are removed.

The new segment's footer names what it replaces. A run that is killed in between leaves captures twice, which every
reader takes for once; the next one finds the names and removes what was left. Readers that have an old file open
keep reading it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from moi_pipeline.errors import NotStored
from moi_pipeline.runs import FOLD_KEEPS, fold
from moi_pipeline.store import (
    LIGHT,
    about_segment,
    clear_parts,
    open_segment,
    segments,
    sync,
    why_broken,
    write_batches,
)
from moi_pipeline.workspace import Workspace

#: Segments from this size (bytes) on are left as they are: rewriting them gains nothing.
LARGE = 64_000_000
#: Each night's merging is geometric: where so many segments of about one size are met, they become one. So a byte is
#: rewritten a few times in a year, and a folder holds at most ``FAN - 1`` segments of each size.
FAN = 4
#: All below this size (bytes) are of one size: a night's segments are, and rewriting them costs nothing.
SMALL = 1_000_000

#: A night merges where there are more segments than this in all, or in one folder: tables are built from nothing
#: after it, so it is done once in a while and not each night.
MANY, MANY_IN_ONE = 1_000, 100

#: Says whether a row, given by its values without the body, is to be kept.
Keep = Callable[[dict[str, Any]], bool]


@dataclass(slots=True)
class Merged:
    """What merging did: segments that went, segments written in their place, and those that could not be read."""

    merged: int = 0
    written: int = 0
    folded: int = 0  # records of runs
    bytes: int = 0  # of the segments that went
    broken: list[str] = field(default_factory=list)


def tidy(workspace: Workspace) -> Merged:
    """The nightly part: merges where many small segments have come together. The caller holds the lock."""
    done = Merged(folded=fold(workspace))
    folders = {folder: len(_sizes(folder)) for folder in folders_of(workspace)}
    if sum(folders.values()) <= MANY:
        folders = {folder: count for folder, count in folders.items() if count > MANY_IN_ONE}
    for folder in folders:
        if by_size(_sizes(folder)):
            finish(folder)
            for group in by_size(_sizes(folder)):
                _merge(folder, group, done)
    return done


def merge(workspace: Workspace) -> Merged:
    """Merge all small segments of each source, and of the extracted records. The caller holds the lock.

    Raises NotStored where the disk refuses; every capture is kept then as well.
    """
    done = Merged(folded=fold(workspace, at=FOLD_KEEPS))
    clear_parts(workspace.raw)
    clear_parts(workspace.extracted)
    for folder in folders_of(workspace):
        finish(folder)
        for group in up_to_large(_sizes(folder)):
            _merge(folder, group, done)
    return done


def folders_of(workspace: Workspace) -> list[Path]:
    """The folders that hold segments: one a source, one a fingerprint."""
    return [
        folder
        for stage in (workspace.raw, workspace.extracted)
        if stage.is_dir()
        for folder in sorted(stage.iterdir())
        if folder.is_dir()
    ]


def _sizes(folder: Path) -> dict[Path, int]:
    """The segments of a folder, oldest first, with their bytes."""
    about = {path: path.stat() for path in segments(folder) if path.parent == folder}
    return {path: about[path].st_size for path in sorted(about, key=lambda p: (about[p].st_mtime_ns, p.name))}


def by_size(sizes: dict[Path, int]) -> list[list[Path]]:
    """What a night merges: segments of about one size, where ``FAN`` of them are met."""
    levels: dict[int, list[Path]] = {}
    for path, size in sizes.items():
        if size < LARGE:
            level = 0 if size < SMALL else 1 + int(math.log(size / SMALL, FAN))
            levels.setdefault(level, []).append(path)
    return [group for _, group in sorted(levels.items()) if len(group) >= FAN]


def up_to_large(sizes: dict[Path, int]) -> list[list[Path]]:
    """All segments that are not large, in groups of about that size."""
    groups: list[list[Path]] = [[]]
    total = 0
    for path, size in sizes.items():
        if size >= LARGE:
            continue
        if groups[-1] and total + size > LARGE:
            groups.append([])
            total = 0
        groups[-1].append(path)
        total += size
    return [group for group in groups if len(group) > 1]


def _merge(folder: Path, group: Sequence[Path], done: Merged) -> None:
    whole = []
    for path in group:
        if why := why_broken(path):
            done.broken.append(f"{path}: {why}")
        else:
            whole.append(path)
    # Of another version, with other columns: left as it is, every reader knows what to make of it.
    schema = open_segment(whole[-1]).schema_arrow.remove_metadata() if whole else None
    alike = [path for path in whole if open_segment(path).schema_arrow.remove_metadata() == schema]
    if len(alike) > 1:
        done.bytes += sum(path.stat().st_size for path in alike)
        replace(folder, alike)
        done.merged += len(alike)
        done.written += 1


def replace(folder: Path, old: Sequence[Path], keep: Keep | None = None) -> Path | None:
    """Write what ``old`` segments hold, each row once and only where ``keep`` says so, as one; then remove them.

    Returns the new segment, None where no row is left. Raises NotStored; the old ones are all there then.
    """
    schema = open_segment(old[-1]).schema_arrow.remove_metadata()
    rows = _rows(old, keep)
    first = next(rows, None)
    written = None
    if first is not None:
        about = json.dumps({"replaces": [path.name for path in old]})

        def batches() -> Iterator[pa.Table]:
            yield first
            yield from rows

        written = write_batches(folder, schema, batches(), about)
    _remove(old)
    return written


def _rows(paths: Sequence[Path], keep: Keep | None) -> Iterator[pa.Table]:
    """Row group by row group; a row that came before is left out."""
    seen: set[Any] = set()
    for path in paths:
        segment = open_segment(path)
        for number in range(segment.num_row_groups):
            table = segment.read_row_group(number).replace_schema_metadata(None)
            raw = "body" in table.column_names
            # A page that was changed and changed back is one capture at two times: both are kept.
            light = table.select(
                [name for name in (LIGHT if raw else ["capture_id"]) if name in table.column_names]
            )
            mask = []
            for row in light.to_pylist():
                key = tuple(row.values())
                mask.append(key not in seen and (keep is None or keep(row)))
                seen.add(key)
            if any(mask):
                yield table if all(mask) else table.filter(pa.array(mask))


def _remove(paths: Sequence[Path]) -> None:
    try:
        for path in paths:
            path.unlink(missing_ok=True)
        for folder in {path.parent for path in paths}:
            sync(folder)
    except OSError as error:
        raise NotStored(
            f"can't remove {error.filename}: {error.strerror}",
            "Mend the folder's permissions. Nothing is lost: what is there twice counts once.",
        ) from error


def finish(folder: Path) -> int:
    """Remove what a killed run had merged already; returns how many segments went."""
    paths = {path.name: path for path in segments(folder) if path.parent == folder}
    left: list[Path] = []
    for path in paths.values():
        try:
            told = json.loads(about_segment(path) or "{}")
        except (OSError, pa.ArrowException, ValueError):
            continue
        old = [paths[name] for name in told.get("replaces", ()) if name in paths]
        # The old ones are the better copy where the new one has been hurt since.
        if old and why_broken(path) is None:
            left += old
    _remove(left)
    return len(left)
