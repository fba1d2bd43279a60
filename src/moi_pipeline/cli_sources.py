"""``moi sources`` and ``moi export``: thin commands over ``moi_pipeline.api``, in a module of their own."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]

sources = typer.Typer(
    invoke_without_command=True,
    no_args_is_help=False,
    rich_markup_mode=None,
    help="""List the sources of sources.toml with what is stored of each; add one; try one.

    \b
    Example:
      moi sources --json
      moi sources add https://www.trang.go.th/
      moi sources check trang""",
)


@sources.callback()
def _default(ctx: typer.Context, as_json: Json = False) -> None:
    if ctx.invoked_subcommand is None:
        list_sources(as_json=as_json)


@sources.command("list")
def list_sources(as_json: Json = False) -> None:
    """List the sources of sources.toml with what is stored of each.

    \b
    Example:
      moi sources list --json
    """
    from moi_pipeline import cli
    from moi_pipeline.show.status import print_sources, source_facts

    facts = source_facts(cli._workspace())
    if as_json:
        cli._print_json(facts)
    else:
        print_sources(facts, cli._console())


def export(
    warc: Annotated[
        Path, typer.Option("--warc", help="The WARC file to write; compressed if it ends in .gz.")
    ],
    source: Annotated[str | None, typer.Option(help="Only what is stored of this source.")] = None,
    as_json: Json = False,
) -> None:
    """Write what is stored as a standard WARC file, which other tools open and "moi fetch" reads back.

    \b
    Example:
      moi export --warc news.warc.gz
      moi export --warc trang.warc.gz --source trang
    """
    from moi_pipeline import cli

    report = cli._workspace().export_warc(warc, source)
    if as_json:
        cli._print_json(asdict(report))
    else:
        print(
            f"{report.captures:,} captures of {len(report.sources)} sources in {report.path} ({report.bytes:,} bytes)"
        )
        cli._tell_broken(report.broken)
    raise typer.Exit(report.exit_code)
