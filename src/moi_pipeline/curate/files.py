"""The Parquet file of each table, written beside the database.

Of a table in which some rows changed, the file's row groups without such rows are taken from the last build's file.
"""

from __future__ import annotations

from bisect import bisect_right
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from moi_pipeline.curate.base import paths, quote
from moi_pipeline.curate.parquet import Footer, NotSpliced, read_footer, splice

if TYPE_CHECKING:
    import duckdb

#: Rows that are compressed and written at once: DuckDB's own 122,880 hold a gigabyte of articles, on one core, and
#: with 20,480 it takes twice the time for articles that it takes with 8,192.
ROW_GROUP = 8_192
#: How tables are written beside the database: many of them whole every night, so the quickest compression.
PARQUET = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP}"
#: DuckDB writes a column as required where it knows of no null in it: a file's schema would hang on its rows.
NULLABLE = r"SELECT TRY(COLUMNS('(.*)')) AS '\1'"
#: Where more than this share of a file's rows would be written anew, it is written whole.
SHARE = 0.5


class Moved(NamedTuple):
    """What changed in a table: the column ``by``, a relation of its values in changed rows, and their rows of today."""

    by: str
    values: str
    fresh: str


class Files:
    """Writes tables to their Parquet files, each while the next tables are made: a table is written by one core.

    Leaving the block waits for them all. Raises duckdb.Error where one could not be written.
    """

    def __init__(self, con: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._con, self._folder = con.cursor(), folder
        self._writer = ThreadPoolExecutor(1)
        self._writing: list[Future[object]] = []

    def __enter__(self) -> Files:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind:
            self._con.interrupt()
        self._writer.shutdown(cancel_futures=kind is not None)
        self._con.close()
        if not kind:
            for one in self._writing:
                one.result()

    def write(self, target: str, name: str) -> None:
        """Write a table as the file of a name."""
        self._writing.append(self._writer.submit(self._copy, target, self._folder / f"{name}.parquet"))

    def renew(self, target: str, name: str, last: Path, moved: Moved) -> None:
        """Write a table as the file of a name that the build in the folder ``last`` has too, but for ``moved``."""
        file = f"{name}.parquet"
        self._writing.append(
            self._writer.submit(self._renew, target, self._folder / file, last / file, moved)
        )

    def _copy(self, what: str, path: Path) -> None:
        self._con.execute(f"COPY ({NULLABLE} FROM {what}) TO {quote(str(path))} ({PARQUET})")

    def _renew(self, target: str, path: Path, last: Path, moved: Moved) -> None:
        with_stale, fresh = (path.with_name(f".{path.name}.{part}") for part in ("stale", "fresh"))
        try:
            old = read_footer(last)
            stale = self._stale(old, moved)
            if sum(old.rows[number] for number in stale) > SHARE * sum(old.rows):
                raise NotSpliced("most of it changed")
            rows = f"FROM {moved.fresh}"
            if stale:
                splice(with_stale, [(old, stale)])
                left = (
                    f'FROM read_parquet({paths([with_stale])}) ANTI JOIN {moved.values} USING ("{moved.by}")'
                )
                rows = f"{left} UNION ALL {rows}"
            self._copy(f"({rows})", fresh)
            kept = sorted(set(range(len(old.rows))) - set(stale))
            new = read_footer(fresh)
            splice(path, [(old, kept), (new, range(len(new.rows)))])
        except NotSpliced:
            self._copy(target, path)
        finally:
            for part in (with_stale, fresh):
                part.unlink(missing_ok=True)

    def _stale(self, old: Footer, moved: Moved) -> list[int]:
        """The numbers of the row groups that hold changed rows, and of those that are not full."""
        found = self._con.execute(
            f"SELECT file_row_number FROM read_parquet({paths([old.path])}, file_row_number = true) "
            f'SEMI JOIN {moved.values} USING ("{moved.by}")'
        ).fetchall()
        ends = list(accumulate(old.rows))
        small = {number for number, rows in enumerate(old.rows) if rows < ROW_GROUP // 2}
        return sorted(small | {bisect_right(ends, row) for (row,) in found})
