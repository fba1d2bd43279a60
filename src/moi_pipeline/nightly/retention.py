"""Dropping superseded captures: by an explicit rule alone, and never what an article is read from now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from moi_pipeline.nightly.compact import finish, folders_of, replace
from moi_pipeline.runs import write_run
from moi_pipeline.store import open_segment, read_light, segments
from moi_pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Rule:
    """Which superseded captures go: all but an address's newest ``versions``, and only those older than ``days``."""

    versions: int = 1
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Superseded:
    """A stored capture that a newer one of its address has replaced."""

    capture_id: str
    source: str
    url: str
    fetched_at: datetime


@dataclass(slots=True)
class DropReport:
    """What was dropped, and how many extracted records went with it."""

    run_id: str
    started_at: str
    rule: Rule
    dropped: list[Superseded] = field(default_factory=list)
    records: int = 0
    seconds: float = 0.0


def superseded(workspace: Workspace, rule: Rule, now: datetime | None = None) -> list[Superseded]:
    """The captures that go by a rule, by source and address, oldest first. Segments that can't be read are passed over.

    The newest capture of an address never goes, nor the newest one that an article was read from: where a site
    replaced a release by a page that says nothing, the release is what the tables show.
    """
    before = (now or datetime.now(UTC)) - timedelta(days=rule.days or 0)
    articles = _articles(workspace)
    gone: list[Superseded] = []
    for folder in folders_of(workspace):
        if folder.parent != workspace.raw:
            continue
        of_address: dict[tuple[str, str], set[Superseded]] = defaultdict(set)
        for path in segments(folder):
            try:
                rows = read_light(path).select(["capture_id", "source", "url", "fetched_at"]).to_pylist()
            except (OSError, pa.ArrowException):
                continue
            for row in rows:
                of_address[row["source"], row["url"]].add(Superseded(**row))
        for captures in of_address.values():
            # As the view _versions orders them.
            newest_first = sorted(captures, key=lambda c: (-c.fetched_at.timestamp(), c.capture_id))
            kept = set(newest_first[: max(1, rule.versions)])
            kept.update([c for c in newest_first if c.capture_id in articles][:1])
            gone += [
                c
                for c in reversed(newest_first)
                if c not in kept and (rule.days is None or c.fetched_at < before)
            ]
    return gone


def drop(workspace: Workspace, rule: Rule, wanted: list[Superseded]) -> DropReport:
    """Drop captures, and the extracted records that belong to no stored capture then. The caller holds the lock.

    What goes stands in the run's record before anything does. Raises NotStored.
    """
    now = datetime.now(UTC)
    report = DropReport(f"{now:%Y%m%dT%H%M%S%f}-compact", now.isoformat(), rule, wanted)
    record = workspace.runs / f"{report.run_id}.json"
    _write(record, report, "running")
    gone = {(c.capture_id, c.fetched_at) for c in wanted}
    sources = {c.source for c in wanted}
    # A page that was changed and changed back is stored still.
    lost = {c.capture_id for c in wanted} - _staying(workspace, sources, gone)
    # Records first: where a kill parts the two, the next run finds the captures as they were and drops both.
    for folder in folders_of(workspace):
        if folder.parent == workspace.extracted:
            finish(folder)
            report.records += _rewrite(folder, lambda row: row["capture_id"] not in lost)
    for folder in folders_of(workspace):
        if folder.parent == workspace.raw and folder.name in sources:
            finish(folder)
            _rewrite(folder, lambda row: (row["capture_id"], row["fetched_at"]) not in gone)
    report.seconds = round((datetime.now(UTC) - now).total_seconds(), 3)
    _write(record, report, "done")
    return report


def _staying(workspace: Workspace, sources: set[str], gone: set[tuple[str, datetime]]) -> set[str]:
    """The captures of sources that stay when others go. Segments that can't be read are passed over."""
    staying: set[str] = set()
    for path in segments(workspace.raw):
        if path.parent.name not in sources:
            continue
        try:
            rows = read_light(path).select(["capture_id", "fetched_at"]).to_pylist()
        except (OSError, pa.ArrowException):
            continue
        staying.update(
            row["capture_id"] for row in rows if (row["capture_id"], row["fetched_at"]) not in gone
        )
    return staying


def _rewrite(folder: Path, keep: Any) -> int:
    """Write the segments anew that hold rows that go; returns how many rows went. A broken segment is left alone."""
    count = 0
    for path in segments(folder):
        try:
            segment = open_segment(path)
            columns = [name for name in ("capture_id", "fetched_at") if name in segment.schema_arrow.names]
            going = sum(not keep(row) for row in segment.read(columns=columns).to_pylist())
            if going:
                replace(folder, [path], keep)
        except (OSError, pa.ArrowException):
            continue
        count += going
    return count


def _articles(workspace: Workspace) -> set[str]:
    """The captures that were read as articles, by any fingerprint that is stored."""
    found: set[str] = set()
    for path in segments(workspace.extracted):
        try:
            table = open_segment(path).read(columns=["capture_id", "outcome"])
        except (OSError, pa.ArrowException):
            continue
        rows = zip(table.column("capture_id").to_pylist(), table.column("outcome").to_pylist(), strict=True)
        found.update(capture for capture, outcome in rows if outcome == "article")
    return found


def _write(record: Path, report: DropReport, outcome: str) -> None:
    ended = None if outcome == "running" else datetime.now(UTC).isoformat()
    told = asdict(report)
    told["dropped"] = [entry | {"fetched_at": entry["fetched_at"].isoformat()} for entry in told["dropped"]]
    write_run(record, {"command": "compact", "outcome": outcome, "ended_at": ended, **told})
