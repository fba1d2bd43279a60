"""``moi refresh``, ``doctor``, ``compact`` and ``verify``: thin commands, in a module of their own."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from moi_pipeline.errors import MoiError
from moi_pipeline.messages import tr, translated

if TYPE_CHECKING:
    from moi_pipeline.nightly.verify import VerifyReport

Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]


def refresh(  # noqa: PLR0917 - options, each given by name
    budget: Annotated[
        float | None,
        typer.Option(
            min=0.01, metavar="MINUTES", help="End in about so long; what is left is for the next run."
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing when all is well.")] = False,
    log_format: Annotated[str, typer.Option(help="plain or json: a line an event, on stderr.")] = "plain",
    log_file: Annotated[Path | None, typer.Option(help="Add the whole log to this file too.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes that extract (0: one a core).")] = 0,
    as_json: Json = False,
) -> None:
    """Fetch all enabled sources, extract what is new, build and check the tables: one locked run, for cron.

    Ends with one line of what came of it; all of it stands in data/runs. A second run at the same time leaves at
    once with exit code 1 and says who works. A stage that fails stops no later one. Fetching ends early enough for
    the rest to fit the budget. SIGTERM ends the run as Ctrl-C does, with everything stored that was fetched.

    Exit codes: 0 fine; 1 a stage failed, or another run holds the workspace; 3 partly done: releases failed, sources
    raised alarms, checks found violations. With --quiet only what is wrong is said, on stderr.

    \b
    Example:
      moi refresh --budget 180 --quiet
      moi --workspace /srv/news refresh --log-format json
    """
    from moi_pipeline import cli
    from moi_pipeline.nightly.ending import terminable
    from moi_pipeline.nightly.journal import FORMATS, Journal
    from moi_pipeline.nightly.refresh import refresh as run

    if log_format not in FORMATS:
        raise typer.BadParameter(f"{log_format!r} is none of {', '.join(FORMATS)}", param_hint="--log-format")
    with Journal(log_format, quiet, log_file) as journal, terminable() as ending:
        try:
            report = run(cli._workspace(), journal, budget=budget, workers=workers, ending=ending)
        except MoiError as error:
            told = f"{error}. {error.hint}" if error.hint else str(error)
            journal.error("error", told, error=type(error).__name__)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt:
            raise typer.Exit(ending.exit_code) from None
        level = {0: "info", 1: "error"}.get(report.exit_code, "warning")
        facts = asdict(report) | {"summary": report.summary}
        journal.end(level, report.summary, silent=as_json, told=report.told, **facts)  # type: ignore[arg-type]
        if as_json:
            cli._print_json(facts)
    raise typer.Exit(report.exit_code)


def compact(
    keep_versions: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Drop all but the N newest versions of a release.")
    ] = None,
    older_than: Annotated[
        int | None, typer.Option(min=1, metavar="DAYS", help="Drop only superseded versions older than that.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask: drop them.")] = False,
    as_json: Json = False,
) -> None:
    """Merge small segments of data/raw and data/extracted, and fold the records of older runs.

    Nothing is dropped, and readers are not disturbed. moi refresh does as much of it as is needed.

    With --keep-versions or --older-than superseded versions of releases are dropped for good, with what was
    extracted from them, after you were shown how many and were asked. The newest capture of a release never is, nor
    the one that its article was read from. What went stands in the run's record and in the table dropped.

    \b
    Example:
      moi compact
      moi compact --keep-versions 3 --older-than 365
    """
    from moi_pipeline import cli
    from moi_pipeline.nightly.compact import merge
    from moi_pipeline.nightly.retention import Rule, drop, superseded

    workspace = cli._workspace()
    facts: dict[str, Any] = {}
    with workspace.lock("compact"):
        if keep_versions is not None or older_than is not None:
            rule = Rule(keep_versions or 1, older_than)
            found = superseded(workspace, rule)
            told = f"{len(found)} superseded captures of {len({(c.source, c.url) for c in found})} releases"
            if found and not yes:
                if not sys.stdin.isatty():
                    raise MoiError(f"{told} would be dropped for good", "Say --yes to drop them.")
                if not typer.confirm(f"drop {told} for good?"):
                    raise typer.Exit(1)
            if found:
                facts["dropped"] = asdict(drop(workspace, rule, found))
        merged = merge(workspace)
        facts["merged"] = asdict(merged)
        if "dropped" in facts and workspace.database.exists():
            workspace.extract()
    if as_json:
        cli._print_json(facts)
    else:
        if dropped := facts.get("dropped"):
            print(
                f"dropped {told} and {dropped['records']} records; the list: data/runs/{dropped['run_id']}.json"
            )
        elif keep_versions is not None or older_than is not None:
            print("nothing to drop by this rule")
        print(
            f"merged {merged.merged} segments into {merged.written} ({merged.bytes:,} bytes), "
            f"folded {merged.folded} run records"
        )
    for line in merged.broken:
        print(f"moi: broken segment left alone: {line}", file=sys.stderr)
    if merged.broken:
        print("     moi extract saves what is whole of it and sets it aside.", file=sys.stderr)
    raise typer.Exit(3 if merged.broken else 0)


def verify(as_json: Json = False) -> None:
    """Verify all that is stored: files against their checksums, captures against their ids, tables against both.

    Says for each broken file what is wrong and what to do. Changes nothing. Exit codes: 0 all is well, 1 something
    is broken.

    \b
    Example:
      moi verify
      moi verify --json
    """
    from moi_pipeline import cli
    from moi_pipeline.nightly.verify import verify as run

    workspace = cli._workspace()
    with cli._counter("verifying what is stored (MB)") as step:
        report = run(workspace, step)
    if as_json:
        cli._print_json(asdict(report))
    else:
        for fault in report.faults[:20]:
            print(f"moi: {tr('BROKEN')} {fault.file}: {translated(fault.what)}", file=sys.stderr)
            print(f"     {translated(fault.mend)}", file=sys.stderr)
        if more := len(report.faults) - 20 if len(report.faults) > 20 else 0:
            told = tr("and {count} more broken: moi verify --json has all", count=f"{more:,}")
            print(f"moi: {told}", file=sys.stderr)
        for fault in report.aside:
            print(f"moi: {fault.file}: {translated(fault.what)}. {translated(fault.mend)}", file=sys.stderr)
        print(_verified(report))
        if report.waiting:
            print(tr("{count} captures wait for moi extract", count=f"{report.waiting:,}"))
    raise typer.Exit(report.exit_code)


def _verified(report: VerifyReport) -> str:
    return tr(
        "verified {captures} captures and {records} records in {segments} segments, {tables} tables: {broken} broken "
        "({bytes} bytes, {seconds} s, {speed} MB/s)",
        captures=f"{report.captures:,}",
        records=f"{report.records:,}",
        segments=f"{report.segments:,}",
        tables=report.tables,
        broken=len(report.faults),
        bytes=f"{report.bytes:,}",
        seconds=f"{report.seconds:.1f}",
        speed=f"{report.bytes / 1e6 / max(report.seconds, 0.001):.1f}",
    )


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Ask no site.")] = False,
    as_json: Json = False,
) -> None:
    """Look whether this machine and workspace are fit for unattended runs, and say what to mend.

    Looks at versions, disk, permissions, what the file system can do, clock and time zone, the lock, sources.toml,
    views, segments, tables, sites (one request a host) and a timer. Exit codes: 0 all is well, 1 something must be
    mended, 3 something should be looked at.

    \b
    Example:
      moi doctor
      moi doctor --offline --json
    """
    from moi_pipeline import cli
    from moi_pipeline.nightly.doctor import examine, exit_code
    from moi_pipeline.nightly.journal import clean, harmless

    findings = []
    for found in examine(cli._workspace(), offline):
        findings.append(found)
        if not as_json:
            # The state stays as it is in JSON: who greps for "fail" must find it in every language.
            about, told = tr(found.about), translated(harmless(found.told))
            print(f"{found.state:4}  {about}: {told}", flush=True)
            if found.mend:
                print(f"      {translated(found.mend)}", flush=True)
    if as_json:
        cli._print_json(clean([asdict(found) for found in findings]))
    raise typer.Exit(exit_code(findings))
