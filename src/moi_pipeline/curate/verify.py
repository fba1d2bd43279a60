"""Verify the segments that a build reads whole: DuckDB, which reads them, looks at no checksums."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa

from moi_pipeline.errors import MoiError
from moi_pipeline.store import open_segment

#: Two readers keep one disk busy; each holds one row group.
READERS = 2


class BrokenRecords(MoiError):
    """Segments of extracted records that can't be read; ``why`` says for each what is wrong."""

    def __init__(self, why: dict[Path, str]) -> None:
        super().__init__(
            f"broken: {', '.join(path.name for path in why)}", "Run moi extract: it extracts them again."
        )
        self.why = why


def verify(paths: Iterable[Path]) -> None:
    """Read segments whole, every page held against its checksum. Raises BrokenRecords naming all broken ones."""
    with ThreadPoolExecutor(READERS) as pool:
        paths = list(paths)
        broken = {path: why for path, why in zip(paths, pool.map(_broken, paths), strict=True) if why}
    if broken:
        raise BrokenRecords(broken)


def _broken(path: Path) -> str | None:
    try:
        segment = open_segment(path)
        for group in range(segment.num_row_groups):
            segment.read_row_group(group, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        return str(error)
    return None
