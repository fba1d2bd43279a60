"""``moi export``: what is stored as a web archive, the tables as a Data Package."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from moi_pipeline import completion
from moi_pipeline.messages import tr


def export(
    warc: Annotated[
        Path | None, typer.Option("--warc", help="The WARC file to write; compressed if it ends in .gz.")
    ] = None,
    datapackage: Annotated[
        Path | None, typer.Option("--datapackage", metavar="DIR", help="The folder to write the tables to.")
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(help="WARC: only what is stored of this source.", autocompletion=completion.sources),
    ] = None,
    licence: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Data Package: the licence that you give the tables, as CC-BY-4.0."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts as JSON.")] = False,
) -> None:
    """Write what is stored as a WARC file, or the tables as a Data Package, for others to use.

    A WARC file holds the pages as they were received; "moi fetch" reads it back. A Data Package is a folder of CSV
    files with a datapackage.json: types, keys, sources, licence and quality.

    \b
    Example:
      moi export --warc news.warc.gz
      moi export --warc trang.warc.gz --source trang
      moi export --datapackage moi-2024 --licence CC-BY-4.0
    """
    if (warc is None) == (datapackage is None):
        raise typer.BadParameter(
            "give one of them: what shall be written?", param_hint="--warc/--datapackage"
        )
    if datapackage is not None:
        if source is not None:
            raise typer.BadParameter(
                "tables are made of all sources: only --warc has it", param_hint="--source"
            )
        code = _export_tables(datapackage, licence, as_json)
    else:
        assert warc is not None
        if licence is not None:
            raise typer.BadParameter(
                "a WARC file has none: only --datapackage has it", param_hint="--licence"
            )
        code = _export_captures(warc, source, as_json)
    raise typer.Exit(code)


def _export_captures(path: Path, source: str | None, as_json: bool) -> int:
    from moi_pipeline import cli

    report = cli._workspace().export_warc(path, source)
    if as_json:
        cli._print_json(asdict(report))
    else:
        print(
            f"{report.captures:,} captures of {len(report.sources)} sources in {report.path} ({report.bytes:,} bytes)"
        )
        cli._tell_broken(report.broken)
    return report.exit_code


def _export_tables(folder: Path, licence: str | None, as_json: bool) -> int:
    from moi_pipeline import cli
    from moi_pipeline.share.datapackage import LICENCE

    if licence is not None and not LICENCE.match(licence):
        raise typer.BadParameter(f"{licence!r} is no id, such as CC-BY-4.0", param_hint="--licence")
    with cli._counter("writing the tables") as step:
        report = cli._workspace().export_datapackage(
            folder, licence, lambda done, total: step("writing the tables", done, total)
        )
    if as_json:
        cli._print_json(asdict(report))
        return report.exit_code
    print(
        tr(
            "{tables} tables in {path} ({bytes} bytes)",
            tables=len(report.tables),
            path=folder,
            bytes=f"{report.bytes:,}",
        )
    )
    for line in report.left_out:
        print(tr("left out: {what}", what=line))
    for line in report.broken:
        print(f"moi: {tr('not promised: {what}', what=line)}", file=sys.stderr)
    return report.exit_code
