"""One run of ``moi fetch``: sources in, new captures in ``data/raw``, and a record of the run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from moi_pipeline.captures import Capture
from moi_pipeline.errors import UnknownTarget
from moi_pipeline.runs import write_run
from moi_pipeline.sources import Refusal, Source, kinds
from moi_pipeline.sources.files import crawl_path
from moi_pipeline.store import captures_table, clear_parts, known_captures, write_segment
from moi_pipeline.workspace import Workspace

#: The source of files and folders that are named on the command line.
LOCAL = "files"
#: A segment is written when so many captures, or so many bytes, are waiting: what a kill can cost.
BATCH, BATCH_BYTES = 512, 32_000_000

Crawl = Iterable[Capture | Refusal]
Progress = Callable[[str, int], None]


@dataclass(slots=True)
class SourceReport:
    """What a run did for one source."""

    listed: int = 0
    fetched: int = 0
    unchanged: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    seconds: float = 0.0


@dataclass(slots=True)
class FetchReport:
    """What a run did: for each source, and what was refused, one by one."""

    run_id: str
    started_at: str
    sources: dict[str, SourceReport] = field(default_factory=dict)
    refused: list[dict[str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 fine, 3 where something was refused, failed or broken (what worked is kept)."""
        failed = any(report.failed for report in self.sources.values())
        return 3 if self.refused or self.broken or failed else 0


def fetch(workspace: Workspace, targets: Sequence[str] = (), progress: Progress | None = None) -> FetchReport:
    """Fetch the targets (source names, files, folders; none: all enabled sources) into ``data/raw``.

    Raises UnknownTarget before anything is fetched where a target is none of these, NotStored where the
    disk refuses; whatever was stored until then stays.
    """
    crawls = list(resolve(workspace, targets))
    now = datetime.now(UTC)
    report = FetchReport(run_id=f"{now:%Y%m%dT%H%M%S%f}-fetch", started_at=now.isoformat())
    record = workspace.runs / f"{report.run_id}.json"
    with workspace.lock("fetch"):
        clear_parts(workspace.raw)
        write_run(record, _record(report, "running"))
        outcome = "stopped"
        try:
            for name, crawl in crawls:
                _fetch_source(workspace, name, crawl, report, progress)
            outcome = "done"
        finally:
            write_run(record, _record(report, outcome))
    return report


def resolve(workspace: Workspace, targets: Sequence[str]) -> Iterator[tuple[str, Crawl]]:
    """What each target means: the name under which its captures are stored, and its crawl."""
    sources = workspace.sources
    if not targets:
        enabled = [source for source in sources.values() if source.enabled]
        if not enabled:
            raise UnknownTarget(
                "no source is enabled in sources.toml",
                'Set "enabled = true" for one, or name a source, a file or a folder: moi fetch samples',
            )
        for source in enabled:
            yield source.name, _crawl(source, workspace.root)
        return
    for target in targets:
        if target in sources:
            yield target, _crawl(sources[target], workspace.root)
            continue
        path = Path(target).expanduser()
        if not path.exists() and not path.is_symlink():
            known = ", ".join(sources) or "none yet"
            raise UnknownTarget(
                f"{target!r} is no source, no file and no folder",
                f"Sources in sources.toml: {known}. A path is taken from the current folder.",
            )
        yield LOCAL, crawl_path(LOCAL, path)


def _crawl(source: Source, root: Path) -> Crawl:
    return kinds()[source.kind].crawl(source, root)


def _fetch_source(
    workspace: Workspace, name: str, crawl: Crawl, report: FetchReport, progress: Progress | None
) -> None:
    folder = workspace.raw / name
    known = known_captures(folder)
    report.broken.extend(f"{b.path}: {b.why} (kept as {b.kept_as.name})" for b in known.broken)
    # A clock that was set back must not make a new capture look older than the one it replaces.
    floor = known.last + timedelta(microseconds=1) if known.last else None
    told = report.sources.setdefault(name, SourceReport())
    started = time.monotonic()
    waiting: list[Capture] = []
    size = 0

    def store() -> None:
        nonlocal size
        if waiting:
            write_segment(folder, captures_table(waiting))
            told.fetched += len(waiting)
            told.bytes += size
            waiting.clear()
            size = 0

    try:
        for found in crawl:
            told.listed += 1
            if progress:
                progress(name, told.listed)
            if isinstance(found, Refusal):
                told.refused[found.reason] = told.refused.get(found.reason, 0) + 1
                report.refused.append({"source": name, **asdict(found)})
            elif known.newest.get(found.url) == found.capture_id:
                told.unchanged += 1
            else:
                if floor is not None and found.fetched_at < floor:
                    found = replace(found, fetched_at=floor)  # noqa: PLW2901
                known.newest[found.url] = found.capture_id
                waiting.append(found)
                size += len(found.body)
                if len(waiting) >= BATCH or size >= BATCH_BYTES:
                    store()
    finally:
        store()
        told.seconds += round(time.monotonic() - started, 3)


def _record(report: FetchReport, outcome: str) -> dict[str, Any]:
    ended = None if outcome == "running" else datetime.now(UTC).isoformat()
    return {"command": "fetch", "outcome": outcome, "ended_at": ended, **asdict(report)}
