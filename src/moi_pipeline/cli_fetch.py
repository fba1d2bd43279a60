"""``moi fetch``: thin over ``moi_pipeline.api``, and what a person sees of sources at work."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, NoReturn, Protocol

import typer

from moi_pipeline import completion
from moi_pipeline.messages import tr

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from moi_pipeline.fetch.report import FetchReport, SourceReport

Json = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]
#: Refusals, and failures, that are told one by one.
SHOWN = 10


class Watcher(Protocol):
    """Is told how it goes."""

    def progress(self, name: str, listed: int) -> None:
        """A source listed one more release."""

    def ended(self, name: str, told: SourceReport) -> None:
        """A source has ended."""


def fetch(
    targets: Annotated[
        list[str] | None,
        typer.Argument(help="Source names, addresses, files or folders.", autocompletion=completion.sources),
    ] = None,
    as_json: Json = False,
) -> None:
    """Fetch releases into data/raw, as received: sources by name, files or folders; none: all enabled sources.

    Folders are searched for .txt, .html and .htm files and for web archives (.warc, .warc.gz). An
    address is taken for what it is: one release (under the source "web"), or a site, which is then fetched
    without writing it into sources.toml. What was fetched before and is unchanged adds nothing; a changed
    release adds a capture beside the older one.

    \b
    Example:
      moi fetch ../releases archive.warc.gz
      moi fetch samples
      moi fetch https://www.trang.go.th/news/12
    """
    from moi_pipeline import cli

    workspace = cli._workspace()
    try:
        with _watcher(quiet=as_json) as watcher:
            report = workspace.fetch(*(targets or ()), progress=watcher.progress, ended=watcher.ended)
    except KeyboardInterrupt:
        _stopped()
    if as_json:
        cli._print_json(asdict(report))
    else:
        _tell(report)
        cli._tell_broken(report.broken)
    for alarm in report.alarms:
        source, _, what = alarm.partition(": ")
        print(f"moi: {tr('ALARM {source}: {alarm}', source=source, alarm=what)}", file=sys.stderr)
    raise typer.Exit(report.exit_code)


def _stopped() -> NoReturn:
    told = tr("stopped; what was fetched so far is stored, the next run goes on from there")
    print(f"moi: {told}", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    # All is stored and recorded: who pressed Ctrl-C is not to wait for a second until the libraries are unloaded.
    os._exit(130)


def _tell(report: FetchReport) -> None:
    for note in report.notes:
        print(f"moi: {note}", file=sys.stderr)
    for entry in report.refused[:SHOWN]:
        told = tr("refused {url}: {reason} ({detail})", **_told_of(entry, entry["detail"]))
        print(f"  {told}", file=sys.stderr)
    for entry in report.failed[:SHOWN]:
        why = entry["detail"].strip().splitlines()[-1:] or [""]
        told = tr("failed {url}: {reason} ({detail})", **_told_of(entry, why[0]))
        print(f"  {told}", file=sys.stderr)
    if (more := len(report.refused) + len(report.failed) - 2 * SHOWN) > 0:
        print(f"  … {tr('and up to {count} more: moi status', count=more + SHOWN)}", file=sys.stderr)


def _told_of(entry: dict[str, str], detail: str) -> dict[str, str]:
    return {"url": entry["url"], "reason": entry["reason"], "detail": detail}


def closing_line(name: str, told: SourceReport) -> str:
    """What is said of a source when it has ended."""
    counts = [
        tr("{count} listed", count=f"{told.listed:,}"),
        tr("{count} new", count=f"{told.fetched:,}"),
        tr("{count} unchanged", count=f"{told.unchanged:,}"),
        tr("{count} refused", count=f"{sum(told.refused.values()):,}"),
    ]
    if told.failed:
        counts.append(tr("{count} failed", count=f"{sum(told.failed.values()):,}"))
    if told.gone:
        counts.append(tr("{count} gone", count=f"{told.gone:,}"))
    cost = tr("{bytes} bytes, {seconds} s", bytes=f"{told.bytes:,}", seconds=f"{told.seconds:.1f}")
    return f"{name}: {', '.join(counts)} ({cost})"


@contextmanager
def _watcher(quiet: bool) -> Iterator[Watcher]:
    """One line for each source at work on a terminal; everywhere a line a source when it has ended."""
    from moi_pipeline.show.terminal import console, laid_out

    shown = console(stderr=True)
    if laid_out(shown) and not shown.is_dumb_terminal:
        with Board(shown, quiet) as board:
            yield board
    else:
        yield Lines(quiet)


class Lines:
    """A line a source when it has ended, on standard output."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet

    def progress(self, name: str, listed: int) -> None:
        """Nothing: who reads a pipe wants results."""

    def ended(self, name: str, told: SourceReport) -> None:
        if not self.quiet:
            print(closing_line(name, told), flush=True)


class Board:
    """The sources at work on a terminal, one line each: how many releases they listed so far, and how fast.

    Who has ended leaves the board with a closing line above it. Where the sources at work are more than fit, the
    last line counts the others.
    """

    def __init__(self, shown: Console, quiet: bool) -> None:
        from rich.live import Live
        from rich.spinner import Spinner

        self.console, self.quiet = shown, quiet
        self.at_work: dict[str, tuple[float, int]] = {}
        self.done = 0
        self.turning = Spinner("dots")
        # What goes into a pipe must not be drawn into the board.
        self.live = Live(
            console=shown,
            get_renderable=self._drawn,
            transient=True,
            refresh_per_second=4,
            redirect_stdout=sys.stdout.isatty(),
            vertical_overflow="crop",
        )

    def __enter__(self) -> Board:
        self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.live.stop()

    def progress(self, name: str, listed: int) -> None:
        began, _ = self.at_work.get(name, (time.monotonic(), 0))
        self.at_work[name] = began, listed

    def ended(self, name: str, told: SourceReport) -> None:
        self.at_work.pop(name, None)
        self.done += 1
        if not self.quiet:
            print(closing_line(name, told), flush=True)

    def _drawn(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 1))
        table.add_column(width=1)
        table.add_column(no_wrap=True, overflow="ellipsis")
        table.add_column(no_wrap=True, justify="right")
        table.add_column(no_wrap=True, justify="right")
        room = max(1, self.console.height - 2)
        shown = sorted(self.at_work.items())[:room]
        now = time.monotonic()
        for name, (began, listed) in shown:
            pace = f"{listed / max(now - began, 0.001):.1f}"
            rate = tr("{rate}/s", rate=pace) if listed and now - began >= 1 else ""
            table.add_row(self.turning, Text(name), tr("{count} listed", count=f"{listed:,}"), rate)
        more = len(self.at_work) - len(shown)
        told = [tr("{count} done", count=self.done)] if self.done else []
        told += [tr("{count} more at work", count=more)] if more else []
        if told:
            table.add_row("", Text(", ".join(told), style="dim"), "", "")
        return table
