"""What the shell completes: source names, tables, articles, provinces, kinds of mentions.

A key press waits for this, so nothing heavy is loaded: names come from file names, sources.toml and the index.
"""

from __future__ import annotations

import os
from importlib.resources import files
from pathlib import Path

import typer

Offers = list[tuple[str, str]]
#: How many articles are offered at once; more are of no use to anybody.
MOST = 50


def sources(ctx: typer.Context, incomplete: str) -> Offers:
    """Names of the sources of sources.toml, with their titles."""
    import tomllib

    try:
        told = tomllib.loads((_root(ctx) / "sources.toml").read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return []
    tables = told.get("sources", {})
    return [
        (name, str(table.get("title", table.get("kind", ""))))
        for name, table in tables.items()
        if isinstance(table, dict) and name.startswith(incomplete)
    ]


def tables(ctx: typer.Context, incomplete: str) -> Offers:
    """Names of the published tables."""
    found = sorted((_root(ctx) / "data" / "curated").glob("*.parquet"))
    return [(path.stem, "") for path in found if path.stem.startswith(incomplete)]


def questions(ctx: typer.Context, incomplete: str) -> Offers:
    """What ``moi sql`` takes: tables, and the files of example queries."""
    examples = sorted((_root(ctx) / "queries" / "examples").glob("*.sql"))
    # A path is for the folder that one works in.
    paths = [os.path.relpath(path) for path in examples]
    return [*tables(ctx, incomplete), *((path, "") for path in paths if path.startswith(incomplete))]


def articles(ctx: typer.Context, incomplete: str) -> Offers:
    """Ids of articles that begin so, with their titles where they are few."""
    if not incomplete:
        return []
    from moi_pipeline.search.find import titles

    return titles(_root(ctx) / "data" / "curated", incomplete, MOST)


def provinces(incomplete: str) -> Offers:
    """Names of the provinces: in Thai, or where Latin letters are typed in English, without blanks for the shell."""
    import csv

    text = (files("moi_pipeline.thai") / "data" / "provinces.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    pairs = [(row["name"], row["english"].replace(" ", "")) for row in rows]
    if incomplete.isascii() and incomplete:
        return [(english, thai) for thai, english in pairs if english.startswith(incomplete)]
    return [(thai, english) for thai, english in pairs if thai.startswith(incomplete)]


def mentions(incomplete: str) -> list[str]:
    """Kinds of mentions."""
    kinds = ("dates", "officials", "projects", "policy_items", "places", "quantities")
    return [kind for kind in kinds if kind.startswith(incomplete)]


def _root(ctx: typer.Context) -> Path:
    """The workspace as the command line being typed names it; it may be none."""
    named = ctx.find_root().params.get("workspace") or os.environ.get("MOI_HOME") or "."
    return Path(os.path.expanduser(named))  # noqa: PTH111 - Path's raises where a user is unknown
