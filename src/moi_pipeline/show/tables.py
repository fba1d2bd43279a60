"""Results as text: tables that align Thai in a terminal, CSV, JSON and Parquet."""

from __future__ import annotations

import contextlib
import csv
import json
import math
import re
import sys
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from moi_pipeline.errors import BadQuery, MoiError, NotStored

if TYPE_CHECKING:
    import duckdb

FORMATS = ("table", "csv", "json", "parquet", "xlsx")
#: Formats that are no text.
BINARY = ("parquet", "xlsx")
#: What would move the cursor, or more, in a terminal; a line break is for the table to lay out.
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
#: How a cell begins that a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_result(relation: duckdb.DuckDBPyRelation, form: str, output: Path | None, console: Console) -> None:
    """Write a query's result in one of ``FORMATS``, to a file or to standard output.

    A CSV file begins with a mark by which Excel knows it for UTF-8, and texts in it that a spreadsheet would
    run as formulas are quoted with an apostrophe; CSV on standard output is left as it is, for programs.
    Raises BadQuery where the query fails on the way and NotStored where the file can't be written; a file
    that was there is replaced only by a whole result.
    """
    import duckdb

    try:
        if output:
            with whole_file(output) as part:
                _write(relation, form, part, console)
        else:
            _write(relation, form, None, console)
    except duckdb.Error as error:
        raise BadQuery(str(error), "The query was begun, and failed at some row.") from error


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of ``path`` if all goes well. Raises NotStored."""
    part = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}.part")
    try:
        yield part
        # A device or a pipe is no file to be replaced.
        if path.exists() and not path.is_file():
            path.write_bytes(part.read_bytes())
        else:
            part.replace(path)
    except OSError as error:
        raise NotStored(f"can't write {path}: {error.strerror or error}", "Name another file.") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def _write(relation: duckdb.DuckDBPyRelation, form: str, output: Path | None, console: Console) -> None:
    if form == "parquet":
        import pyarrow.parquet as pq

        pq.write_table(relation.to_arrow_table(), output or sys.stdout.buffer, compression="zstd")
    elif form == "xlsx":
        _write_xlsx(relation, output)
    elif output:
        encoding = "utf-8-sig" if form == "csv" else "utf-8"
        with output.open("w", encoding=encoding, newline="") as out:
            _write_text(relation, form, out, Console(file=out, width=200), spreadsheet=True)
    else:
        _write_text(relation, form, sys.stdout, console)


def _write_text(
    relation: duckdb.DuckDBPyRelation, form: str, out: TextIO, console: Console, spreadsheet: bool = False
) -> None:
    columns, rows = list(relation.columns), relation.fetchall()
    if form == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        safe = _no_formula if spreadsheet else _plain
        writer.writerows([safe(value) for value in row] for row in rows)
    elif form == "json":
        names = _told_apart(columns)
        # One row a line, so that a long result can be read as a stream.
        out.write("[")
        for number, row in enumerate(rows):
            out.write(",\n " if number else "\n ")
            out.write(to_json(dict(zip(names, row, strict=True))))
        out.write("\n]\n" if rows else "]\n")
    else:
        print_table(columns, rows, console)


def _told_apart(columns: Sequence[str]) -> list[str]:
    """The names of columns, a number added where one comes again: an object has each name once."""
    names: list[str] = []
    for name in columns:
        number, free = 0, name
        while free in names:
            number += 1
            free = f"{name}_{number}"
        names.append(free)
    return names


def _no_formula(value: Any) -> Any:
    plain = _plain(value)
    return "'" + plain if isinstance(plain, str) and plain.startswith(FORMULA) else plain


def _write_xlsx(relation: duckdb.DuckDBPyRelation, output: Path | None) -> None:
    try:
        import xlsxwriter
    except ImportError as error:
        raise MoiError("Excel files need one more library", "pip install 'moi-pipeline[excel]'") from error
    # Texts are written as texts: nothing in them is run as a formula or made a link.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(output or sys.stdout.buffer, options) as book:
        sheet = book.add_worksheet("moi")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(relation.columns):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(relation.fetchall(), 1):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(number, column, value.replace(tzinfo=None), moment)
                elif isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif value is not None and not isinstance(value, (bool, int, float)):
                    # A cell holds 32,767 characters at most.
                    sheet.write_string(number, column, str(_plain(value))[:32_767])
                elif value is not None:
                    sheet.write(number, column, value)


def to_json(value: Any, indent: int | None = None) -> str:
    """A value as JSON, Thai as it is, days and times in ISO form; infinity is null, as JSON has no word for it."""
    try:
        return json.dumps(value, ensure_ascii=False, default=_number_or_plain, indent=indent, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), ensure_ascii=False, default=_number_or_plain, indent=indent)


def _number_or_plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else _plain(value)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], console: Console) -> None:
    """Print rows as a table: in a terminal long cells wrap; in a pipe a row is a line and nothing is cut."""
    rows = list(rows)
    cells = [[_cell(value) for value in row] for row in rows]
    numeric = [
        bool(rows) and all(isinstance(row[i], (int, float, Decimal)) for row in rows if row[i] is not None)
        for i in range(len(columns))
    ]
    if console.is_terminal:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for name, right in zip(columns, numeric, strict=True):
            table.add_column(name, justify="right" if right else "left", overflow="fold")
        for row in cells:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)
        console.print(Text(f"{len(rows):,} {'row' if len(rows) == 1 else 'rows'}", style="dim"))
        return
    lines = [list(columns), *([cell.replace("\n", " ") for cell in row] for row in cells)]
    widths = [max(cell_len(line[i]) for line in lines) for i in range(len(columns))]
    lines.insert(1, ["-" * width for width in widths])
    for line in lines:
        padded = (
            " " * (width - cell_len(cell)) + cell if right else cell + " " * (width - cell_len(cell))
            for cell, width, right in zip(line, widths, numeric, strict=True)
        )
        console.file.write("  ".join(padded).rstrip() + "\n")


def _cell(value: Any) -> str:
    return "" if value is None else CONTROL.sub(" ", str(_plain(value)))


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, (list, dict, tuple)):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
