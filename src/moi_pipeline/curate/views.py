"""The views of ``queries/``: one SELECT a file, named as its table, run in the order that they need each other.

A file begins with comment lines ``-- name: what it holds``, first for the table, then for its columns; they
become COMMENT ON in the database. A name that begins with ``_`` is a step on the way and is not published.
``-- key: column, column`` names what tells its rows apart (see corrections.py). ``-- as: view`` keeps it a view in
the database, without rows and a Parquet file of its own.

``-- by: column`` says that the rows of one value of that column (never null) follow from the rows of that value in
what the view reads, and in tables without that column from rows that those are joined with: over the column that the
table is ``by`` itself, or over the first of its key. In all of these a column of one name must mean one thing. A build
then makes rows for such values only as something has changed for, and keeps the others (see renew.py).
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moi_pipeline.errors import BadQuery

if TYPE_CHECKING:
    import duckdb

NAME = re.compile(r"_?[a-z][a-z0-9_]*\Z")
COMMENT = re.compile(r"--\s*([a-z_][a-z0-9_]*):\s*(.*)")


@dataclass(frozen=True, slots=True)
class View:
    """One file of ``queries/``: its SELECT, what it reads, and the comments of table and columns."""

    name: str
    path: Path
    sql: str
    reads: frozenset[str]
    comment: str
    columns: dict[str, str]
    key: tuple[str, ...] = ()
    as_view: bool = False
    by: str | None = None

    @property
    def published(self) -> bool:
        return not self.name.startswith("_")


def load_views(folder: Path, con: duckdb.DuckDBPyConnection) -> list[View]:
    """Read and parse every ``*.sql`` of a folder (not below it). Raises BadQuery naming the file."""
    views = [_load(path, con) for path in sql_files(folder)]
    if not views:
        raise BadQuery(f"there are no views in {folder}", "moi init brings the package's views back.")
    return views


def sql_files(folder: Path) -> list[Path]:
    """The ``*.sql`` of a folder, sorted; hidden ones are the editors' and the systems' own."""
    return sorted(path for path in folder.glob("*.sql") if not path.name.startswith("."))


def read_sql(path: Path) -> str:
    """The text of a view or a check. Raises BadQuery naming the file."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadQuery(f"can't read {path}: {error}", "Save it as UTF-8, readable for you.") from error


def in_order(views: Iterable[View], given: Iterable[str], last: str | None = None) -> list[View]:
    """The views in an order in which each comes after what it reads. ``given`` names what is there already;
    ``last`` is a relation that is known only once all views that don't need it are built.

    Raises BadQuery where a view reads an unknown table, or where views read each other in a circle.
    """
    by_name = {view.name: view for view in sorted(views, key=lambda view: view.name)}
    there = set(given) | ({last} if last else set())
    for view in by_name.values():
        for table in sorted(view.reads - by_name.keys() - there):
            near = difflib.get_close_matches(table, [*by_name, *there], n=1)
            hint = (
                f"Did you mean {near[0]!r}?"
                if near
                else "Add a file of that name to queries/, or mend the name."
            )
            raise BadQuery(f"{view.path}: there is no table {table!r}", hint)
    waiting: set[str] = set()
    while more := {v.name for v in by_name.values() if v.reads & {last, *waiting}} - waiting:
        waiting |= more
    sooner = by_name.keys() - waiting
    sorter = TopologicalSorter(
        {
            name: sorted(view.reads & by_name.keys() | (sooner if name in waiting else set()))
            for name, view in by_name.items()
        }
    )
    try:
        return [by_name[name] for name in sorter.static_order()]
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise BadQuery(f"views read each other in a circle: {circle}", "Break it at one of them.") from error


def _load(path: Path, con: duckdb.DuckDBPyConnection) -> View:
    if not NAME.match(path.stem):
        raise BadQuery(f"{path}: a view's name is lower-case letters, digits and _", "Rename the file.")
    text = read_sql(path)
    comments: dict[str, str] = {}
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        if found := COMMENT.match(line):
            comments[found[1]] = found[2].strip()
    sql = text.strip().rstrip(";")
    key = tuple(part.strip() for part in comments.pop("key", "").split(",") if part.strip())
    as_view = comments.pop("as", "") == "view"
    by = comments.pop("by", "") or None
    return View(
        name=path.stem,
        path=path,
        sql=sql,
        reads=frozenset(tables_read(path, sql, con)),
        comment=comments.pop(path.stem, ""),
        columns=comments,
        key=key,
        as_view=as_view,
        by=by,
    )


def tables_read(path: Path, sql: str, con: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables that a SELECT reads, its own WITH names left out. Raises BadQuery where it does not parse."""
    ((serialized,),) = con.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()
    tree: dict[str, Any] = json.loads(serialized)
    if tree["error"]:
        message = tree.get("error_message", "no statement")
        if str(tree.get("position", "")).isdigit():
            message += f" (line {sql.count(chr(10), 0, int(tree['position'])) + 1})"
        raise BadQuery(f"{path}: {message}", "A view is one SELECT.")
    if len(tree["statements"]) != 1:
        raise BadQuery(f"{path}: {len(tree['statements'])} statements", "A view is one SELECT.")
    return set(_tables(tree, frozenset()))


def _tables(tree: Any, own: frozenset[str]) -> Iterator[str]:
    """The tables read below a node, in lower case. ``own`` are the names that WITH has given around it."""
    if isinstance(tree, list):
        for value in tree:
            yield from _tables(value, own)
    elif isinstance(tree, dict):
        if tree.get("type") == "BASE_TABLE":
            # A name with a point or a slash is a file that DuckDB reads by itself; one with a schema is DuckDB's own.
            name = tree["table_name"].lower()
            if not tree["schema_name"] and not re.search(r"[./]", name) and name not in own:
                yield name
        for entry in tree.get("cte_map", {}).get("map", ()):
            # Each name is known from the next one on, and to itself where it is recursive: WITH dates AS (FROM dates)
            # reads the table.
            name, value = entry["key"].lower(), entry["value"]
            query = (
                value["query_node"] if "query_node" in value else value["query"]["node"]
            )  # before DuckDB 1.5
            yield from _tables(query, own | {name} if query["type"] == "RECURSIVE_CTE_NODE" else own)
            own |= {name}
        for key, value in tree.items():
            if key != "cte_map":
                yield from _tables(value, own)
