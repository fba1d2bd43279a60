"""What a run did, as its record keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field

from moi_pipeline.nightly.journal import harmless_lines


@dataclass(slots=True)
class SourceReport:
    """What a run did for one source."""

    listed: int = 0
    fetched: int = 0  # captures stored: new releases and changed ones
    changed: int = 0  # of these, changed ones
    unchanged: int = 0
    gone: int = 0
    complete: bool = False  # the run came to the end of the source's list
    whole_list: bool = False  # and walked all of it, not its new part alone
    stopped: bool = False  # the run's time was up before the end of its list
    refused: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    failed_tries: dict[str, int] = field(default_factory=dict)  # those made good by a later try too
    requests: int = 0
    retries: int = 0
    bytes: int = 0  # stored
    received: int = 0  # bytes
    seconds: float = 0.0
    judged: int = 0  # captures of pages and posts that were read
    whole: int = 0  # of these, articles with text and date
    alarms: list[str] = field(default_factory=list)


@dataclass(slots=True)
class FetchReport:
    """What a run did: for each source, and what was refused, one by one."""

    run_id: str
    started_at: str
    sources: dict[str, SourceReport] = field(default_factory=dict)
    refused: list[dict[str, str]] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    gone: list[dict[str, str]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what addresses on the command line were taken for

    @property
    def alarms(self) -> list[str]:
        """What must not go unnoticed, each with its source's name."""
        return [f"{name}: {alarm}" for name, told in self.sources.items() for alarm in told.alarms]

    @property
    def exit_code(self) -> int:
        """0 fine, 3 where something was refused, failed, broken or alarming (what worked is kept)."""
        failed = any(report.failed for report in self.sources.values())
        return 3 if self.refused or self.broken or failed or self.alarms else 0


def told_safely(entry: dict[str, str]) -> dict[str, str]:
    """What is said of an address, fit for terminals, records and tables: no secrets in it, no control characters."""
    return {key: harmless_lines(value) for key, value in entry.items()}
