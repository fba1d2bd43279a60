"""Write the reference pages from what they describe: tables from the views, commands from their help, sources from
their kinds.

    python docs/generate.py [--check]

``--check`` writes nothing and fails where a page is not current.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import duckdb
import typer

import moi_pipeline as moi
from moi_pipeline.cli import app
from moi_pipeline.curate.base import RELATIONS
from moi_pipeline.curate.corrections import OUTCOMES
from moi_pipeline.curate.views import View, in_order, load_views
from moi_pipeline.setup import make_workspace
from moi_pipeline.sources import WEB_OPTIONS, Option, kinds

HERE = Path(__file__).parent
QUERIES = HERE.parent / "queries"
NOTE = "<!-- Made by docs/generate.py: change the views or the commands, not this page. -->\n\n"


def tables_page() -> str:
    """Every published table with its columns, their types and comments, from tables built of the samples."""
    with tempfile.TemporaryDirectory() as scratch:
        make_workspace(Path(scratch))
        ws = moi.open(scratch)
        ws.fetch("samples")
        ws.extract()
        columns = ws.sql(
            "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() "
            "WHERE NOT internal AND table_name <> 'moi_build' ORDER BY table_name, column_index"
        ).fetchall()
        about = dict(
            ws.sql(
                "SELECT table_name, comment FROM duckdb_tables() "
                "UNION ALL SELECT view_name, comment FROM duckdb_views() WHERE NOT internal"
            ).fetchall()
        )
    page = NOTE + "# The tables\n\nDates are Gregorian, times UTC, spans half-open offsets in code points.\n"
    last = None
    for table, column, kind, comment in columns:
        if table != last:
            page += f"\n## {table}\n\n{about[table]}\n\n| column | type | what it holds |\n|---|---|---|\n"
            last = table
        page += f"| `{column}` | {kind.lower()} | {(comment or '').replace('|', chr(92) + '|')} |\n"
    return page


def lineage_page() -> str:
    """How the tables come of each other: what each is made of, in the order in which they are made."""
    with duckdb.connect() as con:
        views: list[View] = in_order(load_views(QUERIES, con), RELATIONS, last=OUTCOMES)
    page = (
        NOTE
        + "# How the tables come of each other\n\nIn the order in which they are built. Names with `_` first are "
        "steps on the way and not published; `captures`, `extracted`, `readings`, `settings`, `run_records` and the "
        "lists are what stands before all tables.\n\n| table | is made of |\n|---|---|\n"
    )
    published = {view.name for view in views if view.published}
    for view in views:
        made_of = ", ".join(_link(name, published) for name in sorted(view.reads))
        page += f"| {_link(view.name, published)} | {made_of} |\n"
    return page


def _link(name: str, published: set[str]) -> str:
    return f"[`{name}`](tables.md#{name})" if name in published else f"`{name}`"


def sources_page() -> str:
    """Every kind of source with what its entry in sources.toml may say."""
    page = (
        NOTE
        + "# The kinds of sources\n\nAn entry `[sources.NAME]` of `sources.toml` has a `kind`, and may have "
        "`enabled`, `province` (an ISO 3166-2 code such as TH-48) and `title`. `moi sources add URL` finds out the "
        "kind by itself. What else an entry may say:\n"
    )
    for name, kind in kinds().items():
        own = {key: option for key, option in kind.OPTIONS.items() if key not in WEB_OPTIONS}
        about = (kind.__doc__ or "").strip().replace("``", "`")
        page += f"\n## {name}\n\n{about}\n\n{_options(own)}"
        if WEB_OPTIONS.items() <= kind.OPTIONS.items():
            page += "\nand what is said [to every site](#to-every-site).\n"
    return page + f"\n## To every site\n\n{_options(WEB_OPTIONS)}"


def _options(options: dict[str, Option]) -> str:
    table = "| key | value | what it means |\n|---|---|---|\n"
    words = {str: "text", bool: "true or false", int: "whole number", float: "number", dict: "table"}
    for key, option in options.items():
        needed = " (needed)" if option.needed else ""
        table += f"| `{key}`{needed} | {words[option.type]} | {option.about.replace('|', chr(92) + '|')} |\n"
    return table


def commands_page() -> str:
    """Every command's help."""
    command = typer.main.get_command(app)
    page = NOTE + "# The commands\n"
    for path, found in _walk("moi", command):
        with found.make_context(
            path, [], resilient_parsing=True, terminal_width=80, max_content_width=80
        ) as context:
            page += f"\n## {path}\n\n```text\n{found.get_help(context).rstrip()}\n```\n"
    return page


def _walk(path: str, command: Any) -> list[tuple[str, Any]]:
    found = [(path, command)]
    for name, child in sorted(getattr(command, "commands", {}).items()):
        found += _walk(f"{path} {name}", child)
    return found


PAGES = {
    "tables.md": tables_page,
    "lineage.md": lineage_page,
    "commands.md": commands_page,
    "sources.md": sources_page,
}


def main() -> None:
    stale = []
    for name, page in PAGES.items():
        path, text = HERE / name, page()
        if "--check" in sys.argv[1:]:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        raise SystemExit(f"not current: {', '.join(stale)}; run python docs/generate.py")


if __name__ == "__main__":
    main()
