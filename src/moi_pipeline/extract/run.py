"""One run of ``moi extract``: what is in raw and not yet extracted, then the curated tables and the checks."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from moi_pipeline.errors import NothingBuilt
from moi_pipeline.extract.engine import Engine, plan, run_local
from moi_pipeline.extract.fingerprint import fingerprint
from moi_pipeline.runs import write_run
from moi_pipeline.store import (
    BrokenSegment,
    clear_parts,
    open_segment,
    read_light,
    salvage,
    segments,
    set_aside,
)
from moi_pipeline.workspace import Workspace

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class ExtractReport:
    """What a run of extraction did. ``outcomes`` counts captures: article, not_article, failed."""

    run_id: str
    started_at: str
    fingerprint: str
    outcomes: dict[str, int] = field(default_factory=dict)
    already: int = 0
    broken: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def extracted(self) -> int:
        return sum(self.outcomes.values())

    @property
    def exit_code(self) -> int:
        """0 fine, 3 where a document failed or a segment was broken (the rest is kept)."""
        return 3 if self.outcomes.get("failed") or self.broken else 0


def extract(
    workspace: Workspace,
    workers: int = 1,
    *,
    rebuild: bool = False,
    progress: Progress | None = None,
    broken: Mapping[Path, str] | None = None,
    engine: Engine | None = None,
) -> ExtractReport:
    """Extract what is new into ``data/extracted/FINGERPRINT``; ``rebuild`` begins that folder anew.

    ``engine`` runs the tasks; without one they run here, in ``workers`` processes (0: one a core).
    ``broken`` names segments of records that can't be read, and why: they are set aside and extracted again.

    The caller holds the workspace's lock. Raises NotStored where the disk refuses; what was extracted stays;
    NothingBuilt where all that was stored is broken.
    """
    now = datetime.now(UTC)
    mark = fingerprint()
    report = ExtractReport(f"{now:%Y%m%dT%H%M%S%f}-extract", now.isoformat(), mark)
    folder = workspace.extracted / mark
    started = time.monotonic()
    if rebuild:
        shutil.rmtree(folder, ignore_errors=True)
    clear_parts(workspace.extracted)
    clear_parts(workspace.runs)
    report.broken += workspace.mirror.take_broken() if workspace.mirror else []
    for path, reason in (broken or {}).items():
        _tell(report, set_aside(path, reason))
    raw = _readable(segments(workspace.raw), report)
    done = _done(folder, report)
    report.already = len(done)
    tasks = list(plan(raw, done, folder))
    total = sum(len(task.wanted) for task in tasks)
    finished = 0
    damaged: dict[Path, str] = {}
    careful = _was_killed(workspace)
    record = workspace.runs / f"{report.run_id}.json"
    write_run(record, _record(report, "running"))
    outcome = "stopped"
    try:
        run = engine or partial(run_local, workers=workers or os.cpu_count() or 1, careful=careful)
        for result in run(tasks):
            if workspace.mirror and result.written:
                workspace.mirror.settle(result.written)
            finished += len(result.task.wanted)
            if progress:
                progress(finished, total)
            for name, count in result.outcomes.items():
                report.outcomes[name] = report.outcomes.get(name, 0) + count
            if result.broken:
                damaged[result.task.segment] = result.broken
        outcome = "done"
    finally:
        for path, why in damaged.items():
            salvage(path)
            _tell(report, set_aside(path, why))
        report.seconds = round(time.monotonic() - started, 3)
        write_run(record, _record(report, outcome))
    if report.broken and not segments(folder):
        raise NothingBuilt(
            f"nothing is left to extract; broken segment set aside: {'; '.join(report.broken)}",
            "Fetch again to have those releases back; the file's bytes are kept.",
        )
    return report


def _was_killed(workspace: Workspace) -> bool:
    """Whether the last run of extraction never came to its end: one of its documents may have killed it."""
    *_, last = [None, *sorted(workspace.runs.glob("*-extract.json"))]
    return bool(last and json.loads(last.read_text(encoding="utf-8")).get("outcome") == "running")


def _record(report: ExtractReport, outcome: str) -> dict[str, Any]:
    ended = None if outcome == "running" else datetime.now(UTC).isoformat()
    return {"command": "extract", "outcome": outcome, "ended_at": ended, **asdict(report)}


def remove_stale(workspace: Workspace, keep: str) -> list[str]:
    """Remove the records of other fingerprints, once tables were built from ``keep``; returns what went."""
    gone = []
    if workspace.extracted.is_dir():
        for folder in sorted(workspace.extracted.iterdir()):
            if folder.is_dir() and folder.name != keep:
                shutil.rmtree(folder, ignore_errors=True)
                gone.append(folder.name)
    return gone


def _readable(paths: list[Path], report: ExtractReport) -> list[Path]:
    """The raw segments that can be read, bodies aside; the others are salvaged and set aside."""
    good = []
    for path in paths:
        try:
            # All that the tables are built from: DuckDB, which reads it there, verifies no checksums.
            read_light(path)
        except (OSError, pa.ArrowException) as error:
            rescued = salvage(path)
            _tell(report, set_aside(path, str(error)))
            if rescued:
                good.append(rescued)
        else:
            good.append(path)
    return good


def _done(folder: Path, report: ExtractReport) -> set[str]:
    """The ids of the captures extracted so far. A broken segment is set aside, so its captures come again."""
    done: set[str] = set()
    for path in segments(folder):
        try:
            # What says that a capture is done is verified here; the rest by the build that reads it.
            table = open_segment(path).read(columns=["capture_id", "article_id", "outcome"])
        except (OSError, pa.ArrowException) as error:
            _tell(report, set_aside(path, str(error)))
            continue
        done.update(table.column("capture_id").to_pylist())
    return done


def _tell(report: ExtractReport, broken: BrokenSegment) -> None:
    report.broken.append(f"{broken.path}: {broken.why} (kept as {broken.kept_as.name})")
