"""``moi refresh``: fetch, extract, curate and check in one locked run, told in one line and one record."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from moi_pipeline.errors import MoiError
from moi_pipeline.messages import tr
from moi_pipeline.nightly.ending import Ending
from moi_pipeline.nightly.journal import Journal, clean
from moi_pipeline.runs import records, write_run

if TYPE_CHECKING:
    from moi_pipeline.api import Moi
    from moi_pipeline.curate.build import BuildReport
    from moi_pipeline.extract.run import ExtractReport
    from moi_pipeline.fetch.report import FetchReport, SourceReport

#: What of the time budget is kept for extracting and building where earlier runs don't tell that it takes longer.
KEPT = 0.2
#: So many single refusals and failures of a run are told one by one; its record has all.
TOLD = 10
COUNTS = ("new", "changed", "unchanged", "refused", "failed")


@dataclass(slots=True)
class RefreshReport:
    """What a refresh did. Counts are of releases; ``failed`` those not fetched and those that extraction failed on."""

    run_id: str
    started_at: str
    budget_minutes: float | None = None
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    failed: int = 0
    asked: int = 0  # sources
    alarmed: list[str] = field(default_factory=list)  # sources
    stopped: list[str] = field(default_factory=list)  # sources whose list did not end within the budget
    broken: list[str] = field(default_factory=list)  # segments set aside
    violations: dict[str, int] = field(default_factory=dict)  # by check
    errors: list[str] = field(default_factory=list)  # stages that failed
    stages: dict[str, float] = field(default_factory=dict)  # seconds
    merged: int = 0  # segments that compaction merged
    seconds: float = 0.0
    ended: str | None = None  # by a signal
    exit_code: int = 0

    @property
    def summary(self) -> str:
        """The run in one line, in English: for records and logs."""
        return self._line(str.format)

    @property
    def told(self) -> str:
        """The run in one line, in the reader's language."""
        return self._line(tr)

    def _line(self, say: Callable[..., str]) -> str:
        told = [
            say("{count} new", count=self.new),
            say("{count} changed", count=self.changed),
            say("{count} refused", count=self.refused),
            say("{count} failed", count=self.failed),
            say("{some} of {asked} sources alarmed", some=len(self.alarmed), asked=self.asked),
        ]
        if self.stopped:
            told.append(say("{count} not to their end within the budget", count=len(self.stopped)))
        if self.errors:
            told.append(say("failed: {stages}", stages=", ".join(self.errors)))
        if self.ended:
            told.append(say("ended early"))
        told.append(say("{seconds} s", seconds=f"{self.seconds:.1f}"))
        return f"refresh: {', '.join(told)}"


def refresh(
    workspace: Moi,
    journal: Journal,
    *,
    budget: float | None = None,
    workers: int = 0,
    ending: Ending | None = None,
) -> RefreshReport:
    """Fetch all enabled sources, merge small segments, extract, build and check the tables.

    ``budget``: minutes for all of it; fetching ends in time for the rest. ``workers`` as for extract. A stage that
    fails stops no later one. Raises Busy where another run holds the workspace, NotStored where not even the
    run's record can be written.
    """
    now = datetime.now(UTC)
    report = RefreshReport(f"{now:%Y%m%dT%H%M%S%f}-refresh", now.isoformat(), budget)
    with workspace.lock("refresh") as dead:
        run = _Refresh(workspace, journal, report, workers, ending or Ending())
        journal.info("begin", f"refresh of {workspace.root} begins", run_id=report.run_id, budget=budget)
        if dead:
            journal.warning("killed", f"{dead} was killed; what it stored is kept", holder=dead)
        run.all()
    return report


class _Refresh:
    """One run."""

    def __init__(
        self, workspace: Moi, journal: Journal, report: RefreshReport, workers: int, ending: Ending
    ) -> None:
        self.workspace, self.journal, self.report = workspace, journal, report
        self.workers, self.ending = workers, ending
        self.started = time.monotonic()
        self.record = workspace.runs / f"{report.run_id}.json"

    def all(self) -> None:
        self._write("running")
        outcome = "stopped"
        try:
            for name, stage in (
                ("fetch", self._fetch),
                ("compact", self._compact),
                ("extract", self._extract),
            ):
                self._stage(name, stage)
            outcome = "done"
        except (KeyboardInterrupt, RuntimeError) as error:
            # DuckDB makes a RuntimeError of a signal that comes while it works.
            if not isinstance(error, KeyboardInterrupt) and "interrupt" not in str(error).lower():
                raise
            self.report.ended = "SIGTERM" if self.ending.asked else "SIGINT"
            self.report.exit_code = self.ending.exit_code
            self.journal.warning("stopped", "stopped; what was fetched and extracted so far is stored")
        finally:
            self.report.seconds = round(time.monotonic() - self.started, 3)
            if not self.report.ended:
                self.report.exit_code = self._exit_code()
            self._write(outcome)

    def _stage(self, name: str, stage: Callable[[], None]) -> None:
        self.journal.info("stage", f"{name} begins", stage=name, state="begin")
        began = time.monotonic()
        try:
            stage()
        except MoiError as error:
            if self.ending.asked:
                raise KeyboardInterrupt from error
            self.report.errors.append(name)
            told = f"{name} failed: {error}" + (f". {error.hint}" if error.hint else "")
            self.journal.error("error", told, stage=name, error=type(error).__name__)
        seconds = self.report.stages[name] = round(time.monotonic() - began, 3)
        self.journal.info(
            "stage", f"{name} ended after {seconds:.1f} s", stage=name, state="end", seconds=seconds
        )

    def _fetch(self) -> None:
        from moi_pipeline.fetch.run import fetch

        found = fetch(self.workspace, seconds=self._seconds_to_fetch(), ended=self._tell_source)
        self._tell_fetch(found)
        sources = found.sources.values()
        nothing = all(
            told.failed and not (told.fetched or told.unchanged or told.refused) for told in sources
        )
        if found.sources and nothing:
            self.report.errors.append("fetch")
            self.journal.error("error", "fetch failed: no source gave anything", stage="fetch")

    def _seconds_to_fetch(self) -> float | None:
        """What of the budget may go into fetching: the rest after what the other stages took lately."""
        minutes = self.report.budget_minutes
        if minutes is None:
            return None
        budget = minutes * 60
        took = [
            sum(seconds for name, seconds in record["stages"].items() if name != "fetch")
            for record in records(self.workspace, "refresh")
            if isinstance(record.get("stages"), dict)
        ]
        kept = min(max(KEPT * budget, 1.5 * max(took[-7:], default=0)), budget / 2)
        return max(0.0, budget - kept - (time.monotonic() - self.started))

    def _tell_source(self, name: str, told: SourceReport) -> None:
        report = self.report
        report.asked += 1
        report.new += told.fetched - told.changed
        report.changed += told.changed
        report.unchanged += told.unchanged
        refused, failed = sum(told.refused.values()), sum(told.failed.values())
        report.refused += refused
        report.failed += failed
        if told.stopped:
            report.stopped.append(name)
        message = (
            f"{name}: {told.fetched - told.changed} new, {told.changed} changed, {told.unchanged} unchanged, "
            f"{refused} refused, {failed} failed, {told.seconds:.1f} s"
        )
        if told.stopped:
            message += "; stopped by the budget, the next run goes on"
        self.journal.say("warning" if failed else "info", "source", message, source=name, **asdict(told))
        if told.alarms:
            report.alarmed.append(name)
        for alarm in told.alarms:
            self.journal.error("alarm", f"ALARM {name}: {alarm}", source=name, alarm=alarm)

    def _tell_fetch(self, found: FetchReport) -> None:
        self._tell_broken(found.broken)
        for level, what, entries in (("info", "refused", found.refused), ("warning", "failed", found.failed)):
            for entry in entries[:TOLD]:
                why = entry["detail"].strip().splitlines()[-1:] or [""]
                message = f"{entry['source']}: {what} {entry['url']}: {entry['reason']} ({why[0]})"
                self.journal.say("info" if level == "info" else "warning", what, message, **entry)
            if len(entries) > TOLD:
                self.journal.info(what, f"{what}: {len(entries) - TOLD} more, see the run's record")

    def _compact(self) -> None:
        from moi_pipeline.nightly.compact import tidy

        done = tidy(self.workspace)
        self.report.merged = done.merged
        self._tell_broken(done.broken)
        if done.merged:
            self.journal.info("compact", f"merged {done.merged} segments into {done.written}", **asdict(done))

    def _extract(self) -> None:
        extracted, built = self.workspace.extract(workers=self.workers)
        self._tell_extract(extracted, built)

    def _tell_extract(self, extracted: ExtractReport, built: BuildReport) -> None:
        failed = extracted.outcomes.get("failed", 0)
        self.report.failed += failed
        told = ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in extracted.outcomes.items())
        self.journal.info(
            "extract",
            f"extracted {extracted.extracted} captures ({told or 'nothing new'})",
            outcomes=extracted.outcomes,
            tables=built.tables,
        )
        if failed:
            self.journal.warning("failed", f'{failed} documents failed; see: moi sql "FROM failures"')
        self._tell_broken(extracted.broken)
        for violation in built.violations:
            self.report.violations[violation.check] = violation.count
            message = f"check {violation.check}: {violation.count} violations. {violation.about}"
            self.journal.error("check", message, check=violation.check, rows=violation.rows[:3])
        for row in built.not_applied:
            self.journal.warning("correction", f"corrections.csv, line {row['line']}: {row['outcome']}")

    def _tell_broken(self, broken: list[str]) -> None:
        self.report.broken += broken
        for line in broken:
            self.journal.error("broken", f"broken segment set aside, the next fetch asks again: {line}")

    def _exit_code(self) -> int:
        """0 fine, 1 a stage failed, 3 partly done. What was refused is told, and no fault of the run."""
        report = self.report
        if report.errors:
            return 1
        return 3 if report.failed or report.alarmed or report.broken or report.violations else 0

    def _write(self, outcome: str) -> None:
        ended = None if outcome == "running" else datetime.now(UTC).isoformat()
        told: dict[str, Any] = {"command": "refresh", "outcome": outcome, "ended_at": ended}
        told |= asdict(self.report) | {"summary": self.report.summary}
        # Apart: in the other records "refused" and "failed" are lists.
        told["releases"] = {name: told.pop(name) for name in COUNTS}
        write_run(self.record, clean(told))
