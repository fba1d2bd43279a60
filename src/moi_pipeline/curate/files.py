"""The Parquet file of each table, written beside the database."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from moi_pipeline.curate.base import quote

if TYPE_CHECKING:
    import duckdb

#: Rows that are compressed and written at once: DuckDB's own 122,880 hold a gigabyte of articles, on one core, and
#: with 20,480 it takes twice the time for articles that it takes with 8,192.
ROW_GROUP = 8_192
#: How tables are written beside the database: every night again and whole, so the quickest compression.
PARQUET = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {ROW_GROUP}"


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
        file = quote(str(self._folder / f"{name}.parquet"))
        statement = f"COPY {target} TO {file} ({PARQUET})"
        self._writing.append(self._writer.submit(self._con.execute, statement))
