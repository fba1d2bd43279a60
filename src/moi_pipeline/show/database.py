"""Reading the curated tables: a read-only connection to the database that is published now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moi_pipeline.errors import BadQuery, NothingBuilt
from moi_pipeline.workspace import SCHEMA_VERSION, Workspace

if TYPE_CHECKING:
    import duckdb

TABLES = 'The tables and their columns: moi sql "SHOW ALL TABLES".'


def connect(workspace: Workspace) -> duckdb.DuckDBPyConnection:
    """Open the published database read-only. Raises NothingBuilt where there is none or an older version's.

    The link is resolved first: a later build is another file, and this connection keeps reading this one.
    """
    import duckdb

    workspace.freshen()
    path = workspace.database
    if not path.exists():
        raise NothingBuilt("there are no tables yet", "Run moi fetch, then moi extract.")
    try:
        con = duckdb.connect(str(path.resolve()), read_only=True)
    except duckdb.Error as error:
        raise NothingBuilt(f"can't open {path}: {error}", "Run moi extract to build it anew.") from error
    try:
        found = con.execute("SELECT schema_version, moi_version FROM moi_build").fetchall()
        row = found[0] if found else None
    except duckdb.Error:
        row = None
    if row is None or row[0] != SCHEMA_VERSION:
        con.close()
        by = f"moi {row[1]}" if row else "another version of moi"
        raise NothingBuilt(f"the tables were built by {by}", "Run moi extract to build them anew.")
    return con


def run(
    con: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None
) -> duckdb.DuckDBPyRelation:
    """Run one query; its result as a relation. Raises BadQuery with DuckDB's words."""
    import duckdb

    try:
        answer: duckdb.DuckDBPyRelation | None = (
            con.sql(query, params=parameters) if parameters else con.sql(query)
        )
    except duckdb.Error as error:
        raise BadQuery(str(error), TABLES) from error
    if answer is None:
        raise BadQuery("there is no query in it, or one without a result", TABLES)
    return answer


def rows(
    con: duckdb.DuckDBPyConnection, query: str, parameters: list[Any] | None = None
) -> list[dict[str, Any]]:
    """The rows of a query as dicts."""
    answer = con.execute(query, parameters or [])
    names = [column[0] for column in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
