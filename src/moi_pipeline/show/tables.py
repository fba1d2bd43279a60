"""Results as tables, CSV, JSON, Parquet and Excel files."""

from __future__ import annotations

import contextlib
import csv
import json
import math
import sys
import uuid
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console

from moi_pipeline.errors import BadQuery, MoiError, NotStored
from moi_pipeline.show.grid import plain as _plain
from moi_pipeline.show.grid import print_table

if TYPE_CHECKING:
    import duckdb

FORMATS = ("table", "csv", "json", "parquet", "xlsx")
#: Formats that are no text.
BINARY = ("parquet", "xlsx")
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
