"""One run of ``moi fetch``: all sources at once, new captures in ``data/raw``, and a record of the run."""

from __future__ import annotations

import asyncio
import os
import time
import traceback
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from moi_pipeline.captures import Capture
from moi_pipeline.errors import MoiError, UnknownTarget
from moi_pipeline.fetch.aside import read_asides
from moi_pipeline.fetch.health import alarms, day_of, read_expect
from moi_pipeline.fetch.manners import FetchFailed, Ledger
from moi_pipeline.fetch.report import FetchReport, SourceReport, told_safely
from moi_pipeline.fetch.shelf import Shelf, Stored
from moi_pipeline.fetch.stop import run_to_end
from moi_pipeline.nightly.journal import harmless
from moi_pipeline.runs import complete_walks, shares_of_whole, write_run
from moi_pipeline.sources import Context, Failure, Found, Gone, Refusal, Seen, Source, kinds, manners_of
from moi_pipeline.sources.warc import archives, is_archive
from moi_pipeline.store import captures_table, clear_parts, known_captures
from moi_pipeline.workspace import Workspace

#: The source of files and folders that are named on the command line.
LOCAL = "files"
#: Days for which a stored release is looked at again where the site does not tell changes.
RECHECK = 3
#: Days in which every stored page is looked at again, where no list would tell that it was edited.
REVIEW = 28
#: Days after which a list is walked whole again: for what slid, was put in late, or has gone.
AUDIT = 30

__all__ = ["LOCAL", "FetchReport", "SourceReport", "fetch", "resolve"]

Progress = Callable[[str, int], None]
#: Told when a source has ended: its name and its report.
Ended = Callable[[str, SourceReport], None]


def fetch(
    workspace: Workspace,
    targets: Sequence[str] = (),
    progress: Progress | None = None,
    *,
    seconds: float | None = None,
    ended: Ended | None = None,
) -> FetchReport:
    """Fetch the targets (source names, files, folders; none: all enabled sources) into ``data/raw``.

    After so many ``seconds`` sources that have not ended are stopped: what they gave is stored, the rest is for
    the next run. Raises UnknownTarget before anything is fetched where a target is none of these, NotStored where the
    disk refuses; whatever was stored until then stays.
    """
    notes: list[str] = []
    sources = resolve(workspace, targets, notes)
    now = datetime.now(UTC)
    report = FetchReport(f"{now:%Y%m%dT%H%M%S%f}-fetch", now.isoformat(), notes=notes)
    record = workspace.runs / f"{report.run_id}.json"
    with workspace.lock("fetch"):
        clear_parts(workspace.raw)
        clear_parts(workspace.runs)
        write_run(record, _record(report, "running"))
        outcome = "stopped"
        try:
            try:
                until = None if seconds is None else time.monotonic() + seconds
                mirror = workspace.mirror
                report.broken += mirror.take_broken() if mirror else []
                watch = _Watch(progress, ended, until, mirror.push if mirror else None)
                run_to_end(_fetch_all(workspace, sources, report, now, watch))
            except* MoiError as several:
                raise several.exceptions[0] from None
            outcome = "done"
        finally:
            write_run(record, _record(report, outcome))
    return report


def resolve(workspace: Workspace, targets: Sequence[str], notes: list[str] | None = None) -> list[Source]:
    """The source that each target means; a file or folder is a source of kind ``files`` for this run alone."""
    sources = workspace.sources
    if not targets:
        enabled = [source for source in sources.values() if source.enabled]
        if not enabled:
            raise UnknownTarget(
                "no source is enabled in sources.toml",
                'Set "enabled = true" for one, or name a source, a file or a folder: moi fetch samples',
            )
        return enabled
    return [s for t in targets for s in ([sources[t]] if t in sources else _unlisted(t, workspace, notes))]


def _unlisted(target: str, workspace: Workspace, notes: list[str] | None) -> list[Source]:
    """A target that is no source's name. An address is looked at, so this may ask the web."""
    if not target.lower().startswith(("http://", "https://")):
        return _local(target, workspace.sources)
    from moi_pipeline.fetch.target import source_of

    source, note = source_of(workspace, target)
    if notes is not None:
        notes.append(harmless(note))
    return [source]


def _local(target: str, sources: dict[str, Source]) -> list[Source]:
    """The source of a file, or those of a folder: one of its pages, one of the web archives in it."""
    # os.path's answers are no where Path's raise: an unknown user's home, a name too long to be one.
    path = os.path.expanduser(target)  # noqa: PTH111
    if not os.path.lexists(path):
        near = get_close_matches(target, sources, 5, 0.5)
        known = ", ".join(dict.fromkeys([*near, *list(sources)[:3]])) or "none yet"
        known += " …" if len(sources) > 8 else ""
        raise UnknownTarget(
            f"{target!r} is no source, no file and no folder",
            f"Sources in sources.toml: {known}. A path is taken from the current folder; an address begins "
            "with https://.",
        )
    options = {"path": os.path.abspath(path)}  # noqa: PTH100
    if not os.path.isdir(path):  # noqa: PTH112
        return [Source(LOCAL, "warc" if is_archive(Path(path)) else "files", options=options)]
    pages, kept = (Source(LOCAL, kind, options=options) for kind in ("files", "warc"))
    return [pages, kept] if archives(Path(path)) else [pages]


@dataclass(frozen=True, slots=True)
class _Watch:
    """Who is told how it goes, and when it must end (monotonic clock)."""

    progress: Progress | None
    ended: Ended | None
    until: float | None
    stored: Stored | None = None

    @property
    def over(self) -> bool:
        return self.until is not None and time.monotonic() >= self.until


async def _fetch_all(
    workspace: Workspace, sources: list[Source], report: FetchReport, now: datetime, watch: _Watch
) -> None:
    """All sources at once, each at its own host's pace. A source that fails stops no other one."""
    by_name: dict[str, list[Source]] = {}
    for source in sources:
        by_name.setdefault(source.name, []).append(source)
    complete, shares = complete_walks(workspace), shares_of_whole(workspace)
    walked = complete_walks(workspace, "whole_list")
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        client = None
        if any(source.kind not in ("files", "warc") for source in sources):
            from moi_pipeline.fetch.client import Client

            client = await stack.enter_async_context(Client(workspace.contact))
            # What writing needs is loaded now: at Ctrl-C it would be waited for.
            captures_table([])
        for name, same in by_name.items():
            known = known_captures(workspace.raw / name)
            report.broken.extend(f"{b.path}: {b.why} (kept as {b.kept_as.name})" for b in known.broken)
            context = Context(
                workspace.root,
                known,
                now,
                manners_of(same[0], workspace.root),
                Ledger(),
                client,
                complete_at=complete.get(name),
                recheck=_days(same[0], "recheck", RECHECK),
                review=same[0].options.get("review", REVIEW),
                asides=read_asides(workspace.raw / name),
                audit=name in complete and now - walked.get(name, now) >= _days(same[0], "audit", AUDIT),
                read_before=shares.get(name, (0, 0)),
            )
            group.create_task(_fetch_source(workspace.raw / name, same, context, report, watch))


def _days(source: Source, option: str, default: int) -> timedelta:
    return timedelta(days=source.options.get(option, default))


async def _fetch_source(
    folder: Path, sources: list[Source], context: Context, report: FetchReport, watch: _Watch
) -> None:
    name = sources[0].name
    told = report.sources.setdefault(name, SourceReport())
    shelf = Shelf(folder, context.known, told, context.asides, watch.stored)
    started = time.monotonic()
    if watch.progress:
        watch.progress(name, 0)
    try:
        try:
            loop_time = asyncio.get_running_loop().time
            left = None if watch.until is None else loop_time() + watch.until - time.monotonic()
            async with asyncio.timeout_at(left):
                for source in sources:
                    context.given = source.given
                    async for found in _crawl(source, context):
                        told.listed += not isinstance(found, Gone)
                        if watch.progress:
                            watch.progress(name, told.listed)
                        _sort(found, name, shelf, told, report)
                        await asyncio.sleep(0)  # a folder's crawl never waits, and Ctrl-C must be heard
                        if watch.over:
                            raise TimeoutError
            told.complete, told.whole_list = context.complete, context.whole
        except TimeoutError:
            told.stopped = True
    finally:
        shelf.store()
        ledger = context.ledger
        told.requests, told.retries, told.received = ledger.requests, ledger.retries, ledger.bytes
        told.failed_tries = dict(ledger.failed_tries)
        told.seconds = round(time.monotonic() - started, 3)
    if sources[0].kind not in ("files", "warc") and not told.stopped:
        expect = sources[0].options.get("expect")
        days = [day_of(row["listed_published"], row["fetched_at"]) for row in context.known.rows.values()]
        told.alarms = alarms(told, read_expect(expect) if expect else None, [*days, *shelf.days], context)
    if watch.ended:
        watch.ended(name, told)


async def _crawl(source: Source, context: Context) -> AsyncIterator[Found]:
    """A source's crawl, whose own failure is one of the things found."""
    where = str(source.options.get("url") or source.options.get("path") or source.name)
    try:
        async with aclosing(_iterate(source, context)) as crawl:
            async for found in crawl:
                yield found
    except FetchFailed as error:
        yield Failure(error.url, error.reason, error.detail)
    except MoiError:
        raise
    # One bad source must not stop the others, whatever it raises; the run record keeps the traceback.
    except Exception as error:  # noqa: BLE001
        yield Failure(where, "crashed", "".join(traceback.format_exception(error)))


async def _iterate(source: Source, context: Context) -> AsyncGenerator[Found]:
    async for found in kinds()[source.kind].crawl(source, context):
        yield found


def _sort(found: Found, name: str, shelf: Shelf, told: SourceReport, report: FetchReport) -> None:
    if isinstance(found, Capture):
        shelf.add(found)
    elif isinstance(found, Seen):
        told.unchanged += 1
    elif isinstance(found, Refusal):
        told.refused[found.reason] = told.refused.get(found.reason, 0) + 1
        report.refused.append({"source": name, **told_safely(asdict(found))})
    elif isinstance(found, Failure):
        told.failed[found.reason] = told.failed.get(found.reason, 0) + 1
        report.failed.append({"source": name, **told_safely(asdict(found))})
    else:
        told.gone += 1
        report.gone.append({"source": name, **asdict(found)})


def _record(report: FetchReport, outcome: str) -> dict[str, Any]:
    ended = None if outcome == "running" else datetime.now(UTC).isoformat()
    return {"command": "fetch", "outcome": outcome, "ended_at": ended, **asdict(report)}
