"""Commands for looking: the HTML report."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from moi_pipeline.messages import language, tr

Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]


def report(
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write.")] = Path("report.html"),
    programme: Annotated[
        str | None, typer.Option(help="The programme that the map shows first: its name or a spelling.")
    ] = None,
    lang: Annotated[
        str | None, typer.Option(help="The language that it opens in, th or en (default: the locale's).")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only releases from this day (CE) on.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Write what the tables tell as one HTML file, in Thai and English: every number opens the releases behind it.

    The file needs no network and can be sent by mail. Where a number has more releases than the file can carry, the
    newest are in it, with the SELECT that lists them all.

    \b
    Example:
      moi report
      moi report --programme "โคก หนอง นา" --since 2023-10-01 --lang th --output october.html
    """
    from moi_pipeline import cli

    if lang not in (None, "th", "en"):
        raise typer.BadParameter(f"{lang!r} is none of th, en", param_hint="--lang")
    if since is not None and since.year > 2400:
        raise typer.BadParameter(
            f"{since.year} is a year of the Buddhist Era: write {since.year - 543}", param_hint="--since"
        )
    workspace = cli._workspace()
    with cli._counter("writing the report") as step:
        day = since.date() if since else None
        facts = workspace.report(output, programme, lang or language(), day, stage=step)
    if as_json:
        cli._print_json(asdict(facts))
    else:
        counts = tr(
            "{releases} releases, {bytes} bytes", releases=f"{facts.releases:,}", bytes=f"{facts.bytes:,}"
        )
        print(f"{facts.path}: {counts}")
