"""The command line: thin commands over ``moi_pipeline.api``. Heavy libraries load inside the commands."""

from __future__ import annotations

import io
import os
import sys
from contextlib import AbstractContextManager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moi_pipeline import cli_fetch, cli_look, cli_nightly, cli_search, cli_share, cli_sources, completion
from moi_pipeline.errors import MoiError
from moi_pipeline.messages import tr, translated

if TYPE_CHECKING:
    from rich.console import Console

    from moi_pipeline.api import Moi
    from moi_pipeline.show.terminal import Step

app = typer.Typer(
    name="moi",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    help="""Turn scraped Thai provincial press releases into tables that can be queried and trusted.

    \b
    Example:
      moi init news && cd news
      moi fetch samples
      moi extract
      moi sql "SELECT item_no, text FROM policy_items LIMIT 5"

    Exit codes: 0 fine, 1 failed, 2 wrong use, 3 partly done (what worked is kept).""",
)


class EngineName(StrEnum):
    """What ``moi extract`` can run on."""

    LOCAL = "local"
    RAY = "ray"


Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]
_chosen: dict[str, Path | None] = {"workspace": None}


def main() -> None:
    """Run the command line; a ``MoiError`` becomes one clear message and its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that knows no Thai gets escapes, not an error.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except MoiError as error:
        # What a site sent, or an address with a password, may be part of the message.
        from moi_pipeline.nightly.journal import harmless_lines

        print(f"moi: {harmless_lines(translated(str(error)))}", file=sys.stderr)
        if error.hint:
            print(f"     {harmless_lines(translated(error.hint))}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of a pipe went away (moi sql … | head): no reason to complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"moi {version('moi-pipeline')}")
        raise typer.Exit


@app.callback()
def _options(
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", "-w", help="The workspace (else MOI_HOME, else this folder)."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    _chosen["workspace"] = workspace


def _workspace() -> Moi:
    from moi_pipeline.api import open as open_workspace

    return open_workspace(_chosen["workspace"])


def _console(stderr: bool = False) -> Console:
    from moi_pipeline.show.terminal import console

    return console(stderr)


def _print_json(value: Any) -> None:
    from moi_pipeline.show.tables import to_json

    print(to_json(value, indent=1))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make (default: this one).")] = Path(),
    data: Annotated[
        str | None, typer.Option(help="Where the data lies, if not in the folder: s3://bucket/prefix.")
    ] = None,
) -> None:
    """Make a workspace: sources.toml, queries/ and data/.

    In a workspace that is there already, views that you have not changed are brought up to date.

    \b
    Example:
      moi init news
      moi init news --data s3://bucket/news
    """
    from moi_pipeline.setup import make_workspace

    report = make_workspace(folder, data)
    for line in report:
        print(line)


app.command()(cli_fetch.fetch)


@app.command()
def extract(
    workers: Annotated[int, typer.Option(min=0, help="Processes (0: one a core).")] = 0,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Extract everything again.")] = False,
    engine: Annotated[
        EngineName, typer.Option(help="Where the work is done: in processes here, or on a Ray cluster.")
    ] = EngineName.LOCAL,
    address: Annotated[
        str | None, typer.Option(help="The Ray cluster (none: one started here, for this run).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Extract what is new, build the curated tables and check them.

    \b
    Example:
      moi extract --workers 2
      moi extract --engine ray --address ray-head:6379
    """
    if address is not None and engine is not EngineName.RAY:
        raise typer.BadParameter("only a Ray cluster has one: add --engine ray", param_hint="--address")
    workspace = _workspace()
    with _counter("extracting") as step:
        extracted, built = workspace.extract(
            workers=workers,
            rebuild=rebuild,
            progress=lambda done, total: step("extracting", done, total),
            engine=engine.value,
            address=address,
            stage=step,
        )
    if as_json:
        _print_json({"extract": asdict(extracted), "build": asdict(built)})
    else:
        told = ", ".join(
            f"{count} {outcome.replace('_', ' ')}" for outcome, count in extracted.outcomes.items()
        )
        print(
            tr(
                "extracted {count} captures in {seconds} s ({outcomes})",
                count=extracted.extracted,
                seconds=f"{extracted.seconds:.1f}",
                outcomes=told or tr("nothing new"),
            )
        )
        shown = ("articles", "dates", "officials", "projects", "policy_items", "places", "quantities")
        counts = ", ".join(f"{name} {built.tables[name]:,}" for name in shown if name in built.tables)
        print(tr("tables: {tables}", tables=counts))
        _tell_broken(extracted.broken)
        if extracted.outcomes.get("failed"):
            print('moi: documents failed; see: moi sql "SELECT * FROM failures"', file=sys.stderr)
        for row in built.not_applied:
            print(
                f"moi: corrections.csv, line {row['line']}: {row['outcome']} "
                f"({row['table']} {row['key']} {row['column']})",
                file=sys.stderr,
            )
        _tell_violations(built.violations)
    raise typer.Exit(max(extracted.exit_code, built.exit_code))


@app.command()
def sql(
    query: Annotated[
        str | None,
        typer.Argument(
            help="One query in DuckDB's SQL, a table's name, or a .sql file; none: the DuckDB shell.",
            autocompletion=completion.questions,
        ),
    ] = None,
    form: Annotated[str, typer.Option("--format", "-f", help="table, csv, json, parquet or xlsx.")] = "table",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.")] = None,
) -> None:
    """Ask the curated tables a question in SQL; with no question, open the DuckDB shell on them, read-only.

    \b
    Example:
      moi sql "SELECT province, count(*) AS releases FROM articles GROUP BY ALL ORDER BY releases DESC"
      moi sql dates --format csv --output dates.csv
      moi sql queries/examples/01_governor_programmes.sql
      moi sql
    """
    from moi_pipeline.show.tables import BINARY, FORMATS, write_result

    if form not in FORMATS:
        raise typer.BadParameter(f"{form!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    if query is None:
        from moi_pipeline.show.shell import open_shell

        raise typer.Exit(open_shell(_workspace(), _console()))
    if form in BINARY and output is None and sys.stdout.isatty():
        raise typer.BadParameter(f"{form} is no text: name a file", param_hint="--output")
    workspace = _workspace()
    if query.endswith(".sql") and Path(query).is_file():
        query = Path(query).read_text(encoding="utf-8-sig")
    elif query.isidentifier():
        query = f'FROM "{query}"'
    write_result(workspace.sql(query), form, output, _console())


@app.command()
def show(
    article: Annotated[
        str,
        typer.Argument(
            help="An article_id, the beginning of one, or an address.", autocompletion=completion.articles
        ),
    ],
    mentions: Annotated[
        list[str] | None,
        typer.Option(
            "--mentions",
            "-m",
            metavar="KIND",
            help="Mark and list only this kind, such as officials; may be given again.",
            autocompletion=completion.mentions,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show an article's text with its mentions marked by kind, and a legend.

    \b
    Example:
      moi show 3f1c
      moi show 3f1c --mentions officials --mentions dates
      moi show 3f1c --json
    """
    from moi_pipeline.show.article import MENTION_TABLES, print_article

    kinds = tuple(mentions or MENTION_TABLES)
    if unknown := sorted({*kinds} - {*MENTION_TABLES}):
        raise typer.BadParameter(
            f"{unknown[0]!r} is none of {', '.join(MENTION_TABLES)}", param_hint="--mentions"
        )
    facts = _workspace().show(article, kinds)
    if as_json:
        _print_json(facts)
    else:
        print_article(facts, _console())


@app.command()
def status(as_json: Json = False) -> None:
    """Say what is stored, what was refused and why, what failed, and how large the tables are.

    \b
    Example:
      moi status --json
    """
    from moi_pipeline.show.status import print_status

    facts = _workspace().status()
    if as_json:
        _print_json(facts)
    else:
        print_status(facts, _console())
    raise typer.Exit(3 if facts["broken_segments"] or facts["alarms"] else 0)


@app.command()
def check(as_json: Json = False) -> None:
    """Run the data checks of queries/checks/ on the published tables; a row is a violation.

    \b
    Example:
      moi check
    """
    found = _workspace().check()
    if as_json:
        _print_json([asdict(violation) for violation in found])
    elif found:
        _tell_violations(found)
    else:
        print(tr("all checks are clean"))
    raise typer.Exit(1 if found else 0)


# The commands that live in a module of their own, in the order of the help.
app.add_typer(cli_sources.sources, name="sources")
app.command()(cli_share.export)
app.command()(cli_nightly.refresh)
app.command()(cli_nightly.doctor)
app.command()(cli_nightly.compact)
app.command()(cli_nightly.verify)
app.command()(cli_search.search)
app.command()(cli_look.report)


def _tell_broken(broken: list[str]) -> None:
    for line in broken:
        print(f"moi: broken segment set aside: {line}", file=sys.stderr)
    if broken:
        hint = tr("Fetch again to have those releases back; the file's bytes are kept.")
        print(f"     {hint}", file=sys.stderr)


def _tell_violations(found: list[Any]) -> None:
    for violation in found:
        print(
            f"moi: check {violation.check}: {violation.count} violations. {violation.about}", file=sys.stderr
        )
        for row in violation.rows[:3]:
            print(f"     {row}", file=sys.stderr)


def _counter(what: str) -> AbstractContextManager[Step]:
    from moi_pipeline.show.terminal import progress

    return progress(what)
