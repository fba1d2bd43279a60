"""Build the curated tables: every view in order, as a table of ``moi.duckdb`` and as a Parquet file."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from moi_pipeline.curate.base import RELATIONS, attach_base, attach_readings, quote
from moi_pipeline.curate.changed import find_changed, homes, renew_readings, to_make
from moi_pipeline.curate.checks import Violation, run_checks
from moi_pipeline.curate.corrections import (
    OUTCOMES,
    Correction,
    apply,
    keep_outcomes,
    not_applied,
    prepare,
    read_corrections,
)
from moi_pipeline.curate.files import ROW_GROUP, Files
from moi_pipeline.curate.last import DATABASE, STEPS, Last, last_build, write_state
from moi_pipeline.curate.publish import BUILDS, CURRENT, publish
from moi_pipeline.curate.renew import DELTA, WHOLE, Made, Renewal
from moi_pipeline.curate.verify import verify
from moi_pipeline.curate.views import View, in_order, load_views
from moi_pipeline.errors import BadQuery, NothingBuilt, NotStored
from moi_pipeline.search.index import FOLDER, MOST, Indexed, hand_on, write_index
from moi_pipeline.store import segments
from moi_pipeline.workspace import SCHEMA_VERSION, Workspace

#: The oldest storage format that is compressed as well as the newest; DuckDB 1.2 and later read it.
STORAGE_VERSION = "v1.2.0"
#: Bytes that DuckDB may use, so that a build stays under 8 GB with what it takes beside that.
MEMORY = 6_000_000_000


#: What no view may be called: what views stand on, and the table that says who built the others.
RESERVED = frozenset({*RELATIONS, OUTCOMES, "moi_build"})

#: Hears what is being done, how much of it is done, and of how much.
Stage = Callable[[str, int, int], None]


@dataclass(slots=True)
class BuildReport:
    """The tables built with their row counts, what the checks found wrong, and corrections that changed nothing.

    ``changed`` counts the articles that differ from the build before; None where all was built from nothing.
    """

    tables: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    not_applied: list[dict[str, Any]] = field(default_factory=list)
    #: Articles that the search index did not hold yet, or held otherwise.
    indexed: Indexed = field(default_factory=Indexed)
    changed: int | None = None
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """3 where a check found violations: the tables are there, but not to be trusted blindly."""
        return 3 if self.violations else 0


def build(
    workspace: Workspace, fingerprint: str, anew: bool = False, stage: Stage | None = None
) -> BuildReport:
    """Build all tables from the records of ``fingerprint``, check them and publish them together.

    Goes on from the published build where it can (see renew.py); ``anew`` builds from nothing.

    The caller holds the workspace's lock. Raises BadQuery where a view is wrong, BadCorrections where a line of
    corrections.csv is, NotStored where the disk refuses, NothingBuilt where nothing was extracted yet, and
    BrokenRecords where segments of records are broken; the tables published before then stay as they are.
    """
    last = None if anew else last_build(workspace, fingerprint)
    if last:
        # The last build's database may be damaged, which shows in many ways; what else is wrong shows again.
        with contextlib.suppress(NotStored, BadQuery):
            return _build(workspace, fingerprint, last, stage)
    return _build(workspace, fingerprint, None, stage)


def _build(workspace: Workspace, fingerprint: str, last: Last | None, stage: Stage | None) -> BuildReport:
    started = time.monotonic()
    corrections = read_corrections(workspace.root)
    report = BuildReport()
    records = segments(workspace.extracted / fingerprint)
    if not records:
        raise NothingBuilt("nothing has been extracted yet", "Run moi fetch, then moi extract.")
    raw = [path.name for path in segments(workspace.raw)]
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    # Hidden until it is whole: what a killed build left is cleared here, and never taken for a build.
    folder = workspace.curated / BUILDS / f".{name}"
    try:
        for left in folder.parent.glob(".*"):
            shutil.rmtree(left)
        folder.mkdir(parents=True)
        with ThreadPoolExecutor(1) as aside, duckdb.connect() as con:
            # Some hundred megabytes are copied while it is found out what has changed.
            copying = aside.submit(_take_over, last, folder) if last else None
            set_limits(con, folder / "spill")
            attach_base(con, workspace, records)
            attach_readings(con)
            views = in_order(load_views(workspace.queries, con), RELATIONS, last=OUTCOMES)
            if last:
                report.changed = find_changed(con, last, corrections)
            last = last if report.changed is not None else None
            if not last:
                verify(records)
            prepare(con, corrections)
            if copying:
                copying.result()
            _attach(con, folder, last)
            wanted = to_make(views, last, report.changed or 0, raw) if last else {v.name for v in views}
            keep_outcomes(con, {v.name for v in views} - wanted, bool(last))
            renewal = Renewal(con, views, corrections, report.changed or 0) if last else None
            with Files(con, folder) as files:
                making = Making(con, folder, corrections, report, last, files, renewal, homes(views))
                for number, view in enumerate(views):
                    if stage:
                        stage("building the tables", number, len(views))
                    making.make(view) if view.name in wanted else making.hand_on(view)
            report.not_applied = not_applied(con)
            con.execute(f"CREATE OR REPLACE TABLE steps.main.{OUTCOMES} AS FROM memory.main.{OUTCOMES}")
            _describe_build(con, fingerprint)
            report.violations = _check(con, workspace, last, renewal if report.changed else None)
            indexing = partial(stage, "indexing for search") if stage else None
            before = workspace.curated / CURRENT / FOLDER
            if report.changed != 0 or not hand_on(before, folder / FOLDER):
                report.indexed = write_index(con, folder / FOLDER, before, indexing, most=MOST)
            con.execute("USE memory")
            con.execute("DETACH out")
            con.execute("DETACH steps")
        shutil.rmtree(folder / "spill", ignore_errors=True)
        write_state(folder, workspace, fingerprint, raw, [found.check for found in report.violations])
        publish(workspace.curated, folder.rename(folder.with_name(name)))
    except (OSError, duckdb.Error) as error:
        raise NotStored(
            f"can't build the tables in {workspace.curated}: {error}",
            "Free some space or mend the permissions, then run moi extract again; the older tables are untouched.",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report.seconds = round(time.monotonic() - started, 3)
    return report


def set_limits(con: duckdb.DuckDBPyConnection, spill: Path) -> None:
    """Bound the memory: what does not fit goes to the disk. DuckDB itself would take four fifths of it all."""
    there = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    con.execute(f"SET memory_limit = '{min(there * 6 // 10, MEMORY) // 1_000_000}MB'")
    con.execute(f"SET temp_directory = {quote(str(spill))}")


def _take_over(last: Last, folder: Path) -> None:
    """Copy the last build's databases."""
    for file in (DATABASE, STEPS):
        shutil.copyfile(last.folder / file, folder / file)


def _attach(con: duckdb.DuckDBPyConnection, folder: Path, last: Last | None) -> None:
    """Attach the new build's databases: the last one's, copied, or new ones."""
    for name, file in (("out", DATABASE), ("steps", STEPS)):
        if not last:
            (folder / file).unlink(missing_ok=True)
        attach_database(con, folder / file, name)
    con.execute(f"SET search_path = '{WHOLE}'")
    if last:
        renew_readings(con)
    else:
        con.execute(
            "CREATE TABLE steps.main.readings AS SELECT * EXCLUDE (segment) FROM memory.main.readings_now"
        )


def attach_database(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a build's database, new or going on; without the size of its row groups it would be written whole."""
    con.execute(
        f"ATTACH {quote(str(path))} AS {name} (STORAGE_VERSION '{STORAGE_VERSION}', ROW_GROUP_SIZE {ROW_GROUP})"
    )


def _check(
    con: duckdb.DuckDBPyConnection, workspace: Workspace, last: Last | None, renewal: Renewal | None
) -> list[Violation]:
    """Run the checks: those that look at each article for itself over the changed ones only, if they were clean."""
    folder = workspace.queries / "checks"
    if not last:
        return run_checks(con, folder, lambda check: not check.held)
    found = run_checks(con, folder, lambda check: not check.once or check.name in last.failed_checks)
    if renewal:
        renewal.show_changed_rows()
        con.execute(f"SET search_path = '{DELTA}'")
        found += run_checks(con, folder, lambda check: check.once and check.name not in last.failed_checks)
        con.execute(f"SET search_path = '{WHOLE}'")
    return sorted(found, key=lambda violation: violation.check)


@dataclass(frozen=True, slots=True)
class Making:
    """A build under way; ``last`` is the build that it goes on from."""

    con: duckdb.DuckDBPyConnection
    folder: Path
    corrections: list[Correction]
    report: BuildReport
    last: Last | None
    files: Files
    renewal: Renewal | None
    homes: dict[str, str]

    def hand_on(self, view: View) -> None:
        """Keep the last build's table: it stands in the database already, and its file is written once."""
        if self.last and view.published and not view.as_view:
            self._hand_on_file(view)
            self._count(view)

    def make(self, view: View) -> None:
        """Make a view's table, comments and file."""
        if view.name in RESERVED:
            raise BadQuery(f"{view.path}: {view.name!r} is moi's own name", "Rename the file.")
        if view.published and view.as_view and (inner := sorted(view.reads - self.report.tables.keys())):
            raise BadQuery(
                f"{view.path}: reads {inner[0]!r}, which is not published, so it can't be kept as a view",
                "Take away the line '-- as: view', or read a published table.",
            )
        target = self.homes[view.name]
        made = Made(anew=True)
        try:
            if self.renewal:
                made = self.renewal.make(view, target)
            else:
                kind = "VIEW" if view.as_view else "TABLE"
                self.con.execute(f"CREATE {kind} {target} AS {view.sql}")
                if not view.as_view:
                    apply(self.con, target, view, self.corrections)
        except duckdb.Error as error:
            # DuckDB has many names for a full disk; what all have in common is the file that it could not write.
            if self.folder.name in str(error) or isinstance(error, duckdb.OutOfMemoryException):
                raise
            raise BadQuery(
                f"{view.path}: {error}", "Mend the view; the older tables are untouched."
            ) from error
        if not view.published:
            return
        if made.anew:
            # In one go: each would be flushed to the disk alone otherwise.
            self.con.begin()
            _comment(self.con, target, view)
            self.con.commit()
        if view.as_view:
            return
        if made.anew:
            self.files.write(target, view.name)
        elif made.moved and self.last:
            self.files.renew(target, view.name, self.last.folder, made.moved)
        else:
            self._hand_on_file(view)
        self._count(view)

    def _hand_on_file(self, view: View) -> None:
        assert self.last is not None
        file = f"{view.name}.parquet"
        os.link(self.last.folder / file, self.folder / file)

    def _count(self, view: View) -> None:
        ((rows,),) = self.con.execute(f'SELECT count(*) FROM out.main."{view.name}"').fetchall()
        self.report.tables[view.name] = rows


def _comment(con: duckdb.DuckDBPyConnection, target: str, view: View) -> None:
    if view.comment:
        kind = "VIEW" if view.as_view else "TABLE"
        con.execute(f"COMMENT ON {kind} {target} IS {quote(view.comment)}")
    there = {name for name, *_ in con.execute(f"SELECT column_name FROM (DESCRIBE {target})").fetchall()}
    if view.by and view.by not in there:
        raise BadQuery(f"{view.path}: by names a column {view.by!r}, which the view has not", "Mend either.")
    for column, text in view.columns.items():
        if column not in there:
            raise BadQuery(
                f"{view.path}: the comment names a column {column!r}, which the view has not", "Mend either."
            )
        con.execute(f'COMMENT ON COLUMN {target}."{column}" IS {quote(text)}')


def _describe_build(con: duckdb.DuckDBPyConnection, fingerprint: str) -> None:
    con.execute(
        "CREATE OR REPLACE TABLE out.main.moi_build AS SELECT ?::INTEGER AS schema_version, ?::VARCHAR AS moi_version, "
        "?::VARCHAR AS fingerprint",
        [SCHEMA_VERSION, version("moi-pipeline"), fingerprint],
    )
    about = {
        "schema_version": "counts up when the tables change so that older readers would misread them",
        "moi_version": "the version of moi that built these tables",
        "fingerprint": "the code and data that the extraction ran with",
    }
    con.execute("COMMENT ON TABLE out.main.moi_build IS 'which moi built these tables'")
    for column, text in about.items():
        con.execute(f"COMMENT ON COLUMN out.main.moi_build.{column} IS {quote(text)}")
