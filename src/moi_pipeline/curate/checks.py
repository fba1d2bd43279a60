"""The checks of ``queries/checks/``: each a query whose rows are violations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from moi_pipeline.curate.views import read_sql, sql_files
from moi_pipeline.errors import BadQuery

#: So many rows of a check's violations are kept to be shown; all are counted.
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Violation:
    """A check that found something: what it checks, how many rows it found, and the first of them."""

    check: str
    about: str
    count: int
    rows: list[dict[str, Any]]


def run_checks(con: duckdb.DuckDBPyConnection, folder: Path) -> list[Violation]:
    """Run every check of the folder in ``con``; returns those that found violations. Raises BadQuery."""
    found = []
    for path in sql_files(folder):
        text = read_sql(path)
        about = text.splitlines()[0].removeprefix("--").strip() if text.startswith("--") else path.stem
        try:
            answer = con.execute(text)
            if answer is None:
                raise BadQuery(f"{path}: no statement", "A check is one SELECT whose rows are violations.")
            names = [column[0] for column in answer.description or ()]
            rows = answer.fetchmany(SHOWN)
            count = len(rows)
            while more := answer.fetchmany(10_000):
                count += len(more)
        except duckdb.Error as error:
            raise BadQuery(f"{path}: {error}", "Mend the check.") from error
        if rows:
            found.append(
                Violation(path.stem, about, count, [dict(zip(names, row, strict=True)) for row in rows])
            )
    return found
