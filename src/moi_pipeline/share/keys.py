"""The keys and vocabularies of the tables, held against what the tables hold."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from moi_pipeline.curate.base import quote

if TYPE_CHECKING:
    import duckdb


#: Columns of one table, another table, and its columns that they point to.
Reference = tuple[tuple[str, ...], str, tuple[str, ...]]


@dataclass(slots=True)
class Table:
    """A published table: its columns with their types and comments, and what is known of its values."""

    name: str
    about: str
    columns: dict[str, tuple[str, str]]
    key: tuple[str, ...] = ()
    references: list[Reference] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=dict)


def known() -> dict[str, Any]:
    """What ``package.toml`` says."""
    text = (files("moi_pipeline.share") / "package.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def read_tables(
    con: duckdb.DuckDBPyConnection, keys: dict[str, tuple[str, ...]]
) -> tuple[list[Table], list[str]]:
    """The tables to hand on, and a line for everything that is left out: tables, and keys that do not hold.

    ``keys`` are those that the views declare.
    """
    said, told = known(), []
    tables: dict[str, Table] = {}
    found = con.execute(
        "SELECT c.table_name, c.column_name, c.data_type, c.comment, t.comment FROM duckdb_columns() AS c "
        "JOIN duckdb_tables() AS t USING (table_name) WHERE NOT c.internal ORDER BY c.table_name, c.column_index"
    ).fetchall()
    for name, column, kind, comment, about in found:
        if name in said["left_out"]:
            continue
        table = tables.setdefault(name, Table(name, about or "", {}))
        table.columns[column] = (kind, comment or "")
    views = con.execute(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY view_name"
    ).fetchall()
    for (name,) in views:
        told.append(f"{name}: a view on the other tables, see queries/{name}.sql")
    for name, why in said["left_out"].items():
        if name != "moi_build":
            told.append(f"{name}: {why}")
    for table in tables.values():
        key = keys.get(table.name) or tuple(said["keys"].get(table.name, ()))
        if key and set(key) <= set(table.columns):
            table.key = key
    return list(tables.values()), told


def hold(con: duckdb.DuckDBPyConnection, tables: list[Table]) -> list[str]:
    """Give the tables those keys, references and words that hold in them; returns a line for each that does not."""
    said, told = known(), []
    by_name = {table.name: table for table in tables}
    for table in tables:
        if table.key and (twice := _twice(con, table)):
            told.append(f"{table.name}: {', '.join(table.key)} is no key, {twice} rows share theirs")
            table.key = ()
    for table in tables:
        for columns, other, theirs in _wanted(table, by_name, said):
            lost = _lost(con, table.name, columns, other, theirs)
            if lost:
                told.append(f"{table.name}: {lost} rows name no row of {other} by {', '.join(columns)}")
            elif by_name[other].key == theirs:
                table.references.append((columns, other, theirs))
        for place, words in said["words"].items():
            name, column = place.split(".")
            if name == table.name and column in table.columns:
                listed = ", ".join(quote(word) for word in words)
                odd = con.execute(
                    f'SELECT DISTINCT "{column}" FROM "{name}" WHERE "{column}" NOT IN ({listed}) ORDER BY ALL LIMIT 3'
                ).fetchall()
                if odd:
                    told.append(
                        f"{place} holds other words than expected: {', '.join(word for (word,) in odd)}"
                    )
                else:
                    table.words[column] = words
    return told


def _wanted(table: Table, by_name: dict[str, Table], said: dict[str, Any]) -> list[Reference]:
    """What the table's columns should point to, where both sides are there."""
    wanted: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {
        (column,): (other, (column.removeprefix("other_"),)) for column, other in said["references"].items()
    }
    for columns, target in said["references_of"].get(table.name, {}).items():
        other, _, theirs = target.partition(":")
        wanted[_split(columns)] = (other, _split(theirs or columns))
    return [
        (columns, other, theirs)
        for columns, (other, theirs) in wanted.items()
        if set(columns) <= set(table.columns)
        and other in by_name
        and set(theirs) <= set(by_name[other].columns)
        and (table.name, columns) != (other, theirs)
    ]


def _split(columns: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in columns.split(","))


def _twice(con: duckdb.DuckDBPyConnection, table: Table) -> int:
    """How many rows share their key with an earlier one, or have none at all."""
    key = ", ".join(f'"{column}"' for column in table.key)
    none = " AND ".join(f'"{column}" IS NULL' for column in table.key)
    rows = f'SELECT count(*) FROM "{table.name}"'
    ((found,),) = con.execute(
        f'SELECT ({rows}) - (SELECT count(*) FROM (SELECT DISTINCT {key} FROM "{table.name}")) + ({rows} WHERE {none})'
    ).fetchall()
    return int(found)


def _lost(
    con: duckdb.DuckDBPyConnection, name: str, columns: tuple[str, ...], other: str, theirs: tuple[str, ...]
) -> int:
    """How many rows point to nothing."""
    fits = " AND ".join(f'a."{mine}" = b."{its}"' for mine, its in zip(columns, theirs, strict=True))
    given = " OR ".join(f'a."{column}" IS NOT NULL' for column in columns)
    ((found,),) = con.execute(
        f'SELECT count(*) FROM "{name}" AS a ANTI JOIN "{other}" AS b ON {fits} WHERE {given}'
    ).fetchall()
    return int(found)
