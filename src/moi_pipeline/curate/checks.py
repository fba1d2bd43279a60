"""The checks of ``queries/checks/``: each a query whose rows are violations."""

from __future__ import annotations

from collections.abc import Callable
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


@dataclass(frozen=True, slots=True)
class Check:
    """A file of ``queries/checks/``.

    ``once``: it looks at each article for itself, so an unchanged one stays clean. ``held``: extraction holds to it,
    and says so of a record that does not; so a build from nothing, which reads verified records, need not ask.
    """

    name: str
    path: Path
    sql: str
    about: str
    once: bool
    held: bool


def load_checks(folder: Path) -> list[Check]:
    """Every check of a folder. Its first comment line says what it checks."""
    checks = []
    for path in sql_files(folder):
        text = read_sql(path)
        lines = [line for line in text.splitlines() if line.startswith("--")]
        about = lines[0].removeprefix("--").strip() if text.startswith("--") else path.stem
        checks.append(
            Check(
                path.stem, path, text, about, "-- once: article" in lines, "-- held: by extraction" in lines
            )
        )
    return checks


def run_checks(
    con: duckdb.DuckDBPyConnection, folder: Path, wanted: Callable[[Check], bool] = lambda check: True
) -> list[Violation]:
    """Run the wanted checks of the folder in ``con``; returns those that found violations. Raises BadQuery."""
    found = []
    for check in load_checks(folder):
        if not wanted(check):
            continue
        path, text, about = check.path, check.sql, check.about
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
