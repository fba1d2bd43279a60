"""An analyst's corrections: ``corrections.csv`` of the workspace, laid over the tables in every build.

A line names a table, the key of a row, a column, the right value (nothing for null), why, and who says so. The key
is the values of the columns that the view's ``-- key:`` line names, with ``:`` between them. A table is corrected
as soon as it is built, so that what is made from it is right as well; a step ``_table`` is corrected like its table.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moi_pipeline.errors import BadCorrections

if TYPE_CHECKING:
    import duckdb

    from moi_pipeline.curate.views import View

FILE = "corrections.csv"
COLUMNS = ("table", "key", "column", "value", "why", "who")
#: What ``queries/corrections_report.sql`` reads: known only once all other tables are built.
OUTCOMES = "correction_outcomes"
_EXAMPLE = f"The first line is {','.join(COLUMNS)}; an empty value stands for none."


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the file; ``value`` is None where the cell should be empty."""

    line: int
    table: str
    key: str
    column: str
    value: str | None
    why: str
    who: str


def read_corrections(folder: Path) -> list[Correction]:
    """The corrections of a workspace, none where there is no file. Raises BadCorrections naming the line."""
    path = folder / FILE
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return []
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BadCorrections(f"{path}, line {line}: not UTF-8", "Save the file as UTF-8.") from error
    except OSError as error:
        raise BadCorrections(f"can't read {path}: {error.strerror}", "Mend its permissions.") from error
    found: dict[tuple[str, str, str], Correction] = {}
    header: list[str] | None = None
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            row = [cell.strip() for cell in cells]
            if not any(row) or row[0].startswith("#"):
                continue
            if header is None:
                header = _header(path, line, row)
                continue
            correction = _correction(path, line, header, row)
            place = (correction.table, correction.key, correction.column)
            if place in found:
                raise BadCorrections(
                    f"{path}, line {line}: corrects the same value as line {found[place].line}",
                    "Keep one of them.",
                )
            found[place] = correction
    except csv.Error as error:
        raise BadCorrections(
            f"{path}, line {reader.line_num}: {error}", "Mend the quotation marks."
        ) from error
    return list(found.values())


def _header(path: Path, line: int, row: list[str]) -> list[str]:
    if sorted(row) != sorted(COLUMNS):
        raise BadCorrections(f"{path}, line {line}: the columns must be {', '.join(COLUMNS)}", _EXAMPLE)
    return row


def _correction(path: Path, line: int, header: list[str], row: list[str]) -> Correction:
    if len(row) != len(header):
        raise BadCorrections(
            f"{path}, line {line}: {len(row)} cells where there are {len(header)} columns",
            "Put a cell that holds a comma in quotation marks.",
        )
    cells = dict(zip(header, row, strict=True))
    for name in COLUMNS:
        if name != "value" and not cells[name]:
            raise BadCorrections(f"{path}, line {line}: no {name} given", _EXAMPLE)
    value = cells.pop("value")
    return Correction(line=line, value=value or None, **cells)


def prepare(con: duckdb.DuckDBPyConnection, corrections: list[Correction]) -> None:
    """Make the relation of outcomes, in which nothing is applied yet."""
    con.execute(
        f"CREATE TABLE {OUTCOMES} (line INTEGER, table_name VARCHAR, key VARCHAR, column_name VARCHAR, "
        "value VARCHAR, was VARCHAR, outcome VARCHAR, why VARCHAR, who VARCHAR)"
    )
    if corrections:
        con.executemany(
            f"INSERT INTO {OUTCOMES} VALUES (?, ?, ?, ?, ?, NULL, 'no such table', ?, ?)",
            [(c.line, c.table, c.key, c.column, c.value, c.why, c.who) for c in corrections],
        )


def keep_outcomes(con: duckdb.DuckDBPyConnection, unchanged: set[str], going_on: bool) -> None:
    """What came of the corrections of tables that this build takes over from the last one."""
    names = sorted(name for name in unchanged if not name.startswith("_"))
    if going_on and names:
        con.execute(
            f"UPDATE memory.main.{OUTCOMES} AS c SET was = k.was, outcome = k.outcome "
            f"FROM steps.main.{OUTCOMES} AS k WHERE k.line = c.line AND list_contains(?::VARCHAR[], c.table_name)",
            [names],
        )


def apply(con: duckdb.DuckDBPyConnection, target: str, view: View, corrections: list[Correction]) -> None:
    """Lay the corrections of a view's table over ``target`` and note what came of each."""
    name = view.name.removeprefix("_")
    mine = [c for c in corrections if c.table == name]
    if not mine:
        return
    outcomes = f"memory.main.{OUTCOMES}"
    described = con.execute(f"SELECT column_name, column_type FROM (DESCRIBE {target})").fetchall()
    types = dict(described)
    if view.published:
        # What the step of that name has applied stays so; the rest is told by the table itself.
        con.execute(
            f"UPDATE {outcomes} SET outcome = 'no such row' WHERE table_name = ? AND outcome = 'no such table'",
            [name],
        )
    for column in sorted({c.column for c in mine}):
        refusal = None
        if column not in types:
            refusal = "no such column"
        elif not view.key:
            refusal = "the view names no key"
        elif column in view.key:
            refusal = "a key can't be corrected"
        elif types[column].endswith("]") or types[column].startswith(("STRUCT", "MAP")):
            refusal = "a list can't be corrected"
        if refusal:
            if view.published:
                con.execute(
                    f"UPDATE {outcomes} SET outcome = ? WHERE table_name = ? AND column_name = ? "
                    "AND outcome <> 'applied'",
                    [refusal, name, column],
                )
            continue
        _apply_column(con, target, view, column, types[column])


def _apply_column(con: duckdb.DuckDBPyConnection, target: str, view: View, column: str, kind: str) -> None:
    outcomes = f"memory.main.{OUTCOMES}"
    values = ", ".join(f"coalesce(t.\"{part}\"::VARCHAR, '')" for part in view.key)
    con.execute(
        f"CREATE OR REPLACE TABLE memory.main._corrected AS "
        f"SELECT c.line, c.key, TRY_CAST(c.value AS {kind}) AS right_value, "
        f"c.value IS NOT NULL AND TRY_CAST(c.value AS {kind}) IS NULL AS unusable, "
        f'min(t."{column}"::VARCHAR) AS was, '
        f'bool_and(t."{column}" IS NOT DISTINCT FROM TRY_CAST(c.value AS {kind})) AS is_so '
        f"FROM {outcomes} AS c JOIN {target} AS t ON c.key = concat_ws(':', {values}) "
        "WHERE c.table_name = ? AND c.column_name = ? GROUP BY ALL",
        [view.name.removeprefix("_"), column],
    )
    con.execute(
        f'UPDATE {target} AS t SET "{column}" = f.right_value FROM memory.main._corrected AS f '
        f"WHERE f.key = concat_ws(':', {values}) AND NOT f.unusable AND NOT f.is_so"
    )
    con.execute(
        f"UPDATE {outcomes} AS c SET was = f.was, outcome = CASE WHEN f.unusable THEN 'no {kind.lower()}' "
        "WHEN f.is_so THEN 'already so' ELSE 'applied' END "
        "FROM memory.main._corrected AS f WHERE f.line = c.line AND c.outcome <> 'applied'"
    )
    con.execute("DROP TABLE memory.main._corrected")


def not_applied(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The corrections that changed nothing, and why, in the order of the file."""
    answer = con.execute(
        'SELECT line, table_name AS "table", key, column_name AS "column", value, outcome '
        f"FROM memory.main.{OUTCOMES} WHERE outcome <> 'applied' ORDER BY line"
    )
    names = [name for name, *_ in answer.description or ()]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
