"""Results as text: tables that align Thai in a terminal, CSV, JSON and Parquet."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    import duckdb

FORMATS = ("table", "csv", "json", "parquet")


def write_result(relation: duckdb.DuckDBPyRelation, form: str, output: Path | None, console: Console) -> None:
    """Write a query's result in one of ``FORMATS``, to a file or to standard output (Parquet: a file only)."""
    if form == "parquet":
        import pyarrow.parquet as pq

        pq.write_table(relation.to_arrow_table(), output or sys.stdout.buffer, compression="zstd")
    elif output:
        with output.open("w", encoding="utf-8", newline="") as out:
            _write_text(relation, form, out, Console(file=out, width=200))
    else:
        _write_text(relation, form, sys.stdout, console)


def _write_text(relation: duckdb.DuckDBPyRelation, form: str, out: TextIO, console: Console) -> None:
    columns, rows = list(relation.columns), relation.fetchall()
    if form == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_plain(value) for value in row] for row in rows)
    elif form == "json":
        # One row a line, so that a long result can be read as a stream.
        out.write("[")
        for number, row in enumerate(rows):
            out.write(",\n " if number else "\n ")
            out.write(to_json(dict(zip(columns, row, strict=True))))
        out.write("\n]\n" if rows else "]\n")
    else:
        print_table(columns, rows, console)


def to_json(value: Any, indent: int | None = None) -> str:
    """A value as JSON, Thai as it is, days and times in ISO form."""
    return json.dumps(value, ensure_ascii=False, default=_plain, indent=indent)


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], console: Console) -> None:
    """Print rows as a table. In a pipe nothing is cut or wrapped; in a terminal long cells wrap."""
    table = Table(
        box=box.SIMPLE_HEAD if console.is_terminal else box.MARKDOWN, pad_edge=False, show_edge=True
    )
    rows = list(rows)
    for number, name in enumerate(columns):
        numeric = bool(rows) and all(
            isinstance(row[number], (int, float)) for row in rows if row[number] is not None
        )
        justify: Any = "right" if numeric else "left"
        table.add_column(name, justify=justify, no_wrap=not console.is_terminal, overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if value is None else str(_plain(value))) for value in row))
    if console.is_terminal:
        console.print(table)
        console.print(Text(f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}", style="dim"))
    else:
        wide = max(
            console.width, console.measure(table, options=console.options.update(width=100_000)).maximum
        )
        console.print(table, width=wide, crop=False, soft_wrap=False)


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, (list, dict, tuple)):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
