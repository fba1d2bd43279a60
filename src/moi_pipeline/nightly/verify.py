"""``moi verify``: every stored byte held against what was written, every capture against its id.

What is asked of each file: is its checksum the one in its name, can each page be read, is each capture the one that
its id says (sha256 of source, url and body), does each extracted record belong to a stored capture, do the published
tables open whole, are their Parquet files the same rows, do their checks find nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from moi_pipeline.captures import capture_id
from moi_pipeline.curate.publish import SUMS
from moi_pipeline.errors import MoiError, NothingBuilt
from moi_pipeline.extract.fingerprint import fingerprint
from moi_pipeline.store import broken_segments, file_sum, hold_sum, open_segment, segments

if TYPE_CHECKING:
    import duckdb

    from moi_pipeline.api import Moi

#: Told as verifying goes on: what is verified, how much is done, and of how much.
Progress = Callable[[str, int, int], None]

RAW = "moi extract saves what is whole of it and sets it aside; moi fetch has the rest again."
RECORDS = "moi extract sets it aside and extracts its captures again."
TABLES = "Remove data/curated and run moi extract: the tables are built anew."
ORPHANS = "moi extract --rebuild extracts what is stored, and nothing else."
VIEWS = (
    "moi check shows the rows; an extraction that is wrong is mended by a newer moi, or by corrections.csv."
)
STORE = (
    "Delete that object: the next run of a machine that has it whole puts it back; where none has, moi extract saves "
    "what is whole of it."
)
ASIDE = "Kept for you to look at; moi fetch had or will have its captures again. Remove it when you like."


@dataclass(frozen=True, slots=True)
class Fault:
    """Something broken: the file (from the workspace's folder), what is wrong, and what to do."""

    file: str
    what: str
    mend: str


@dataclass(slots=True)
class VerifyReport:
    """What was verified and what is broken. ``aside``: segments set aside by earlier runs, which hurt nobody."""

    segments: int = 0
    captures: int = 0
    records: int = 0
    tables: int = 0
    waiting: int = 0  # captures that are not extracted yet
    bytes: int = 0
    seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    aside: list[Fault] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        return 1 if self.faults else 0


def verify(workspace: Moi, progress: Progress | None = None) -> VerifyReport:
    """Verify all that a workspace stores. Nothing is changed, and no lock is held: other runs may work meanwhile."""
    return _Verify(workspace, progress).all()


class _Verify:
    """One verification."""

    def __init__(self, workspace: Moi, progress: Progress | None) -> None:
        self.workspace, self.progress = workspace, progress
        self.report = VerifyReport()
        self.stored: set[str] = set()
        self.extracted: dict[str, Path] = {}
        self.total = 0

    def all(self) -> VerifyReport:
        started = time.monotonic()
        workspace, report = self.workspace, self.report
        records = workspace.extracted / fingerprint()
        places = (workspace.raw, workspace.extracted)
        self.total = sum(path.stat().st_size for place in places for path in segments(place))
        # Records first: what another run adds while this one reads has its capture stored before its record.
        self._each(workspace.extracted, self._record)
        self._each(workspace.raw, self._capture)
        orphans: dict[Path, int] = {}
        for name, path in self.extracted.items():
            if name not in self.stored:
                orphans[path] = orphans.get(path, 0) + 1
        for path, count in sorted(orphans.items()):
            self._fault(path, f"{count} records of captures that are not stored", ORPHANS)
        current = {name for name, path in self.extracted.items() if path.parent == records}
        report.waiting = len(self.stored - current)
        self._published()
        if workspace.mirror:
            for key, what in workspace.mirror.verify():
                report.faults.append(Fault(f"{workspace.mirror.place}/{key}", what, STORE))
        for path in [*broken_segments(workspace.raw), *broken_segments(workspace.extracted)]:
            report.aside.append(Fault(self._name(path), "set aside by an earlier run", ASIDE))
        report.seconds = round(time.monotonic() - started, 3)
        return report

    def _each(self, folder: Path, look: Callable[[Path, pa.Table], None]) -> None:
        """Look at each row group of each segment, those too that a merge puts in the place of others meanwhile."""
        done: set[Path] = set()
        while new := [path for path in segments(folder) if path not in done]:
            for path in new:
                done.add(path)
                try:
                    self._segment(path, look)
                except FileNotFoundError:
                    continue
                except (OSError, pa.ArrowException) as error:
                    self._fault(
                        path, " ".join(str(error).split()), RAW if folder == self.workspace.raw else RECORDS
                    )

    def _segment(self, path: Path, look: Callable[[Path, pa.Table], None]) -> None:
        hold_sum(path)
        segment = open_segment(path)
        for group in range(segment.num_row_groups):
            look(path, segment.read_row_group(group))
        self.report.segments += 1
        self.report.bytes += path.stat().st_size
        if self.progress:
            megabytes = self.report.bytes // 1_000_000, self.total // 1_000_000
            self.progress("verifying what is stored (MB)", *megabytes)

    def _capture(self, path: Path, table: pa.Table) -> None:
        columns = [table.column(name).to_pylist() for name in ("capture_id", "source", "url")]
        for name, source, url, body in zip(*columns, table.column("body"), strict=True):
            self.report.captures += 1
            # The body's bytes are hashed where they lie, without a copy.
            if name != capture_id(source, url, memoryview(body.as_buffer())):  # type: ignore[arg-type]
                self._fault(path, f"capture {name} of {url} is not what its id says", RAW)
            if source != path.parent.name:
                self._fault(
                    path,
                    f"capture {name} is of the source {source}",
                    "Move the file to that source's folder.",
                )
            self.stored.add(name)

    def _record(self, path: Path, table: pa.Table) -> None:
        self.report.records += len(table)
        for name in table.column("capture_id").to_pylist():
            self.extracted[name] = path

    def _published(self) -> None:
        from moi_pipeline.show.database import connect

        try:
            con = connect(self.workspace)
        except NothingBuilt as error:
            if self.workspace.database.exists():
                self._fault(self.workspace.database, str(error), TABLES)
            return
        with con:
            self._tables(con)
        try:
            for violation in self.workspace.check():
                self._fault(
                    self.workspace.queries / "checks" / f"{violation.check}.sql",
                    f"{violation.count} violations: {violation.about}",
                    VIEWS,
                )
        except MoiError as error:
            self._fault(self.workspace.database, str(error), TABLES)

    def _tables(self, con: duckdb.DuckDBPyConnection) -> None:
        """Read every row of every table, by which DuckDB verifies its blocks, and hold the Parquet files to them."""
        import duckdb

        build = self.workspace.database.resolve().parent
        for file, told in self._sums(build).items():
            if file.is_file() and file_sum(file) != told:
                self._fault(file, "its bytes are not those that were written", TABLES)
        names = [
            name for (name,) in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY ALL").fetchall()
        ]
        for name in names:
            quoted = '"' + name.replace('"', '""') + '"'
            rows = "SELECT count(*), sum(hash(t)) FROM {} AS t"
            file = build / f"{name}.parquet"
            path = build / "moi.duckdb"
            try:
                there = con.execute(rows.format(quoted)).fetchall()
                if name != "moi_build":
                    path = file
                    copy = con.execute(rows.format("read_parquet(?)"), [str(file)]).fetchall()
                    if copy != there:
                        self._fault(file, "its rows are not those of moi.duckdb", TABLES)
            except duckdb.Error as error:
                self._fault(path, str(error).splitlines()[0], TABLES)
            self.report.tables += 1
            if self.progress:
                self.progress("verifying the tables", self.report.tables, len(names))

    def _sums(self, build: Path) -> dict[Path, str]:
        """The checksums that were written with the tables; none where an older version built them."""
        path = build / SUMS
        if not path.exists():
            return {}
        try:
            return {build / name: str(told) for name, told in json.loads(path.read_text("utf-8")).items()}
        except (OSError, ValueError, AttributeError):
            self._fault(path, "can't be read", TABLES)
            return {}

    def _fault(self, path: Path, what: str, mend: str) -> None:
        self.report.faults.append(Fault(self._name(path), what, mend))

    def _name(self, path: Path) -> str:
        root = self.workspace.root
        return str(path.relative_to(root) if path.is_relative_to(root) else path)
