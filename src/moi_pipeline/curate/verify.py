"""Verify the segments that a build reads whole: DuckDB, which reads them, looks at no checksums."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from moi_pipeline.errors import MoiError
from moi_pipeline.store import why_broken

#: Two readers keep one disk busy.
READERS = 2


class BrokenRecords(MoiError):
    """Segments of extracted records that can't be read; ``why`` says for each what is wrong."""

    def __init__(self, why: dict[Path, str]) -> None:
        super().__init__(
            f"broken: {', '.join(path.name for path in why)}", "Run moi extract: it extracts them again."
        )
        self.why = why


def verify(paths: Iterable[Path]) -> None:
    """Hold segments against the checksums that they were written with. Raises BrokenRecords naming all broken ones."""
    with ThreadPoolExecutor(READERS) as pool:
        paths = list(paths)
        broken = {path: why for path, why in zip(paths, pool.map(why_broken, paths), strict=True) if why}
    if broken:
        raise BrokenRecords(broken)
