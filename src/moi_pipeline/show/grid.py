"""Rows as a table of text whose columns line up, Thai and its marks included, whatever the width."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from moi_pipeline.messages import tr
from moi_pipeline.show.terminal import laid_out

#: What would move the cursor, or more, in a terminal; a line break is for the table to lay out.
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
#: Signs that join or colour what stands before them: terminals differ in the cells that they give to the whole.
JOINING = re.compile("[\ufe0e\ufe0f\u200d\U0001f3fb-\U0001f3ff]")
#: A Thai vowel sign or tone mark, or another mark, that belongs to the letter before it.
MARK = re.compile("[\u0300-\u036f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200b-\u200f]")
#: Cells of width that a column has at least, if it needs them: with less, no word can be read.
NARROWEST = 8
#: Cells of a long text that are shown where there are several rows.
LONGEST = 400


def print_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], console: Console) -> None:
    """Print rows as a table: in a terminal long cells wrap; in a pipe a row is a line and nothing is cut.

    In a terminal too narrow for the columns each row is a list of its values; of several rows, very long texts are
    cut, and said to be.
    """
    rows = list(rows)
    cells = [[_cell(value) for value in row] for row in rows]
    numeric = [
        bool(rows) and all(isinstance(row[i], (int, float, Decimal)) for row in rows if row[i] is not None)
        for i in range(len(columns))
    ]
    if not laid_out(console):
        _print_lines(columns, cells, numeric, console)
        return
    shown = [[JOINING.sub("", cell) for cell in row] for row in cells]
    cut = [[shortened(cell, LONGEST) for cell in row] for row in shown] if len(rows) > 1 else shown
    if _fits(columns, cut, console.width):
        _print_grid(columns, cut, numeric, console)
    else:
        _print_records(columns, cut, console)
    count = tr("{count} row" if len(rows) == 1 else "{count} rows", count=f"{len(rows):,}")
    if cut != shown:
        count += "; " + tr("long texts are cut: --format json has them whole")
    console.print(Text(count, style="dim"))


def shortened(text: str, width: int) -> str:
    """The text if it has at most so many cells, else its beginning and ``…``, never between a letter and its marks."""
    if cell_len(text) <= width:
        return text
    end, used = 0, 0
    while end < len(text):
        after = end + 1
        while after < len(text) and MARK.match(text, after):
            after += 1
        used += cell_len(text[end:after])
        if used > width - 1:
            break
        end = after
    return text[:end] + "…"


def _fits(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> bool:
    """Has every column the width that it needs, or at least the narrowest that can be read?"""
    needed = 2 * (len(columns) - 1)
    for at, name in enumerate(columns):
        lines = [name, *(line for row in cells for line in row[at].split("\n"))]
        needed += min(NARROWEST, max(cell_len(line) for line in lines))
    return needed <= width or len(columns) == 1


def _print_grid(
    columns: Sequence[str], cells: Sequence[Sequence[str]], numeric: Sequence[bool], console: Console
) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name, right in zip(columns, numeric, strict=True):
        table.add_column(Text(name), justify="right" if right else "left", overflow="fold")
    for row in cells:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _print_records(columns: Sequence[str], cells: Sequence[Sequence[str]], console: Console) -> None:
    for number, row in enumerate(cells, 1):
        console.print(Text(f"── {number}", style="dim"))
        for name, cell in zip(columns, row, strict=True):
            console.print(Text.assemble((f"{name}: ", "cyan"), cell), overflow="fold")


def _print_lines(
    columns: Sequence[str], cells: Sequence[Sequence[str]], numeric: Sequence[bool], console: Console
) -> None:
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
    return "" if value is None else CONTROL.sub(" ", str(plain(value)))


def plain(value: Any) -> Any:
    """A value as JSON and CSV can hold it: days and times in ISO form, lists and structs as JSON."""
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, (list, dict, tuple)):
        return json.dumps(value, ensure_ascii=False, default=plain)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)
