"""Build the curated tables: every view in order, as a table of ``moi.duckdb`` and as a Parquet file."""

from __future__ import annotations

import shutil
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from moi_pipeline.curate.base import RELATIONS, attach_base, quote
from moi_pipeline.curate.checks import Violation, run_checks
from moi_pipeline.curate.corrections import (
    OUTCOMES,
    Correction,
    apply,
    not_applied,
    prepare,
    read_corrections,
)
from moi_pipeline.curate.publish import BUILDS, CURRENT, publish
from moi_pipeline.curate.views import View, in_order, load_views
from moi_pipeline.errors import BadQuery, NotStored
from moi_pipeline.search.index import FOLDER, write_index
from moi_pipeline.workspace import SCHEMA_VERSION, Workspace

#: The oldest storage format that is compressed as well as the newest; DuckDB 1.2 and later read it.
STORAGE_VERSION = "v1.2.0"


#: What no view may be called: what views stand on, and the table that says who built the others.
RESERVED = frozenset({*RELATIONS, OUTCOMES, "moi_build"})


@dataclass(slots=True)
class BuildReport:
    """The tables built with their row counts, what the checks found wrong, and corrections that changed nothing."""

    tables: dict[str, int] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    not_applied: list[dict[str, Any]] = field(default_factory=list)
    #: Articles that the search index did not hold yet, or held otherwise.
    indexed: int = 0
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """3 where a check found violations: the tables are there, but not to be trusted blindly."""
        return 3 if self.violations else 0


def build(workspace: Workspace, fingerprint: str) -> BuildReport:
    """Build all tables from the records of ``fingerprint``, check them and publish them together.

    The caller holds the workspace's lock. Raises BadQuery where a view is wrong, BadCorrections where a line of
    corrections.csv is, and NotStored where the disk refuses; the tables published before then stay as they are.
    """
    started = time.monotonic()
    corrections = read_corrections(workspace.root)
    report = BuildReport()
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:8]}"
    # Hidden until it is whole: what a killed build left is cleared here, and never taken for a build.
    folder = workspace.curated / BUILDS / f".{name}"
    try:
        for left in folder.parent.glob(".*"):
            shutil.rmtree(left)
        folder.mkdir(parents=True)
        with duckdb.connect() as con:
            con.execute(f"SET temp_directory = {quote(str(folder / 'spill'))}")
            attach_base(con, workspace, fingerprint)
            prepare(con, corrections)
            views = in_order(load_views(workspace.queries, con), RELATIONS, last=OUTCOMES)
            _build_tables(con, views, corrections, folder, report)
            report.not_applied = not_applied(con)
            _describe_build(con, fingerprint)
            report.violations = run_checks(con, workspace.queries / "checks")
            report.indexed = write_index(con, folder / FOLDER, workspace.curated / CURRENT / FOLDER)
            con.execute("USE memory")
            con.execute("DETACH out")
        shutil.rmtree(folder / "spill", ignore_errors=True)
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


def _build_tables(
    con: duckdb.DuckDBPyConnection,
    views: list[View],
    corrections: list[Correction],
    folder: Path,
    report: BuildReport,
) -> None:
    con.execute(f"ATTACH {quote(str(folder / 'moi.duckdb'))} AS out (STORAGE_VERSION '{STORAGE_VERSION}')")
    con.execute("SET search_path = 'out.main,memory.main'")
    for view in views:
        if view.name in RESERVED:
            raise BadQuery(f"{view.path}: {view.name!r} is moi's own name", "Rename the file.")
        if view.as_view and (inner := sorted(view.reads - report.tables.keys())):
            raise BadQuery(
                f"{view.path}: reads {inner[0]!r}, which is not published, so it can't be kept as a view",
                "Take away the line '-- as: view', or read a published table.",
            )
        target = f'{"out" if view.published else "memory"}.main."{view.name}"'
        try:
            con.execute(f"CREATE {'VIEW' if view.as_view else 'TABLE'} {target} AS {view.sql}")
            if not view.as_view:
                apply(con, target, view, corrections)
        except duckdb.Error as error:
            # DuckDB has many names for a full disk; what all have in common is the file that it could not write.
            if folder.name in str(error) or isinstance(error, duckdb.OutOfMemoryException):
                raise
            raise BadQuery(
                f"{view.path}: {error}", "Mend the view; the older tables are untouched."
            ) from error
        if not view.published:
            continue
        # In one go: each would be flushed to the disk alone otherwise.
        con.begin()
        _comment(con, target, view)
        con.commit()
        if view.as_view:
            continue
        con.execute(
            f"COPY {target} TO {quote(str(folder / f'{view.name}.parquet'))} (FORMAT parquet, COMPRESSION zstd)"
        )
        report.tables[view.name] = con.execute(f"SELECT count(*) FROM {target}").fetchall()[0][0]


def _comment(con: duckdb.DuckDBPyConnection, target: str, view: View) -> None:
    if view.comment:
        kind = "VIEW" if view.as_view else "TABLE"
        con.execute(f"COMMENT ON {kind} {target} IS {quote(view.comment)}")
    there = {name for name, *_ in con.execute(f"SELECT column_name FROM (DESCRIBE {target})").fetchall()}
    for column, text in view.columns.items():
        if column not in there:
            raise BadQuery(
                f"{view.path}: the comment names a column {column!r}, which the view has not", "Mend either."
            )
        con.execute(f'COMMENT ON COLUMN {target}."{column}" IS {quote(text)}')


def _describe_build(con: duckdb.DuckDBPyConnection, fingerprint: str) -> None:
    con.execute(
        "CREATE TABLE out.main.moi_build AS SELECT ?::INTEGER AS schema_version, ?::VARCHAR AS moi_version, "
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
