"""The DuckDB shell on the curated tables: DuckDB's own command line, or a plain prompt where there is none."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
import tempfile
from pathlib import Path

from rich.console import Console

from moi_pipeline.errors import BadQuery
from moi_pipeline.show.database import connect, run
from moi_pipeline.show.grid import print_table
from moi_pipeline.workspace import Workspace

#: What a newcomer may ask first.
QUESTIONS = (
    "SELECT event_from, province, title FROM articles ORDER BY event_from DESC LIMIT 10;",
    "SELECT item_no, text FROM policy_items ORDER BY article_id, list_no, position LIMIT 10;",
    "SELECT full_name, position, count(*) FROM officials WHERE role = 'chair' GROUP BY ALL ORDER BY 3 DESC LIMIT 10;",
)


def greeting(tables: list[tuple[str, int]]) -> str:
    """What the shell says first: the tables with their sizes, and three questions to try."""
    width = max((len(name) for name, _ in tables), default=0)
    lines = ["moi: the curated tables, read-only", ""]
    lines += [f"  {name:{width}s} {count:>12,}" for name, count in tables]
    return "\n".join(
        [*lines, "", "Three questions to try:", *(f"  {question}" for question in QUESTIONS), ""]
    )


def command_line() -> str | None:
    """The DuckDB command line: the one installed beside this Python, else the one on PATH; None where there is none."""
    beside = Path(sysconfig.get_path("scripts")) / "duckdb"
    return str(beside) if os.access(beside, os.X_OK) else shutil.which("duckdb")


def open_shell(workspace: Workspace, console: Console) -> int:
    """Open the shell and return its exit code. Raises NothingBuilt where there are no tables."""
    with connect(workspace) as con:
        tables = con.execute(
            "SELECT table_name, estimated_size FROM duckdb_tables() ORDER BY table_name"
        ).fetchall()
    words = greeting(tables)
    program = command_line()
    if program is None:
        return _prompt(workspace, words, console)
    # The shell's start file is a file of ours, so the greeting is printed by the shell itself, before its prompt.
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".sql", delete=False) as start:
        start.writelines(f'.print "{line}"\n' for line in words.splitlines())
    try:
        # The published build's own path: a later publish must not change the file under an open shell.
        database = str(workspace.database.resolve())
        return os.spawnv(os.P_WAIT, program, [program, "-readonly", "-init", start.name, database])
    finally:
        Path(start.name).unlink(missing_ok=True)


def _prompt(workspace: Workspace, words: str, console: Console) -> int:
    """A plain prompt: a query ends with a semicolon, the session with .quit or the end of input."""
    print(words)
    print(
        "(The duckdb command line is not installed: pip install 'moi-pipeline[shell]' brings it. .quit leaves.)"
    )
    with connect(workspace) as con:
        waiting: list[str] = []
        while True:
            try:
                line = input("moi> " if not waiting else "...> ") if sys.stdin.isatty() else input()
            except EOFError:
                return 0
            except KeyboardInterrupt:
                waiting.clear()
                print()
                continue
            if not waiting and line.strip().lower() in (".quit", ".exit", "quit", "exit"):
                return 0
            waiting.append(line)
            if not line.rstrip().endswith(";"):
                continue
            query, waiting = "\n".join(waiting), []
            try:
                answer = run(con, query)
                if answer is not None:
                    print_table(answer.columns, answer.fetchall(), console)
            except BadQuery as error:
                print(error, file=sys.stderr)
