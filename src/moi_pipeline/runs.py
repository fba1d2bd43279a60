"""The records of runs: one small JSON file a run in ``data/runs``, written whole or not at all.

Those of older runs are folded into one file a year, ``YEAR.jsonl``, a record a line: a year of nights would
otherwise be a thousand files that each run reads.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from moi_pipeline.errors import NotStored
from moi_pipeline.workspace import Workspace

#: Records are folded where more than so many files wait, all but the newest.
FOLD_AT, FOLD_KEEPS = 150, 60
#: Why a capture is no more: it was superseded, and an explicit rule took it.
DROPPED = "superseded"


def write_run(path: Path, value: object) -> None:
    """Write a small record whole or not at all. Raises NotStored."""
    _write(path, json.dumps(value, ensure_ascii=False, indent=1))


def _write(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except OSError as error:
        raise NotStored(
            f"can't write {path}: {error.strerror}", "Free some space or mend the permissions."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()


def read_runs(workspace: Workspace) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The records of all runs, as rows of ``run_records`` and ``refused_records``. Unreadable ones are passed over."""
    runs: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for record in records(workspace):
        try:
            rows, entries = _rows(record)
        except (ValueError, KeyError, TypeError, AttributeError):
            # Written whole or not at all, so this is somebody else's file: no reason to stop the tables.
            continue
        runs.extend(rows)
        refused.extend(entries)
    return runs, refused


def records(workspace: Workspace, command: str | None = None) -> list[dict[str, Any]]:
    """The records of all runs, or of those of one command, oldest first. What is none is passed over."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(workspace.runs.glob("[!.]*.jsonl")):
        with contextlib.suppress(OSError):
            about = path.stat()
            found.update(_folded(path, about.st_mtime_ns, about.st_size))
    # A run that was killed while it folded leaves records in both places: they are the same.
    for path in sorted(workspace.runs.glob("[!.]*.json")):
        with contextlib.suppress(OSError, ValueError):
            record = json.loads(path.read_text(encoding="utf-8"))
            if isinstance(record, dict):
                found[path.stem] = record
    return [found[name] for name in sorted(found) if command is None or name.endswith(f"-{command}")]


@lru_cache(maxsize=32)
def _folded(path: Path, _time: int, _size: int) -> dict[str, dict[str, Any]]:
    """The records of a year's file by their run's id."""
    found = {}
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        with contextlib.suppress(ValueError, KeyError, TypeError):
            record = json.loads(line)
            found[str(record["run_id"])] = record
    return found


def fold(workspace: Workspace, at: int = FOLD_AT, keep: int = FOLD_KEEPS) -> int:
    """Fold the records of older runs into their years' files; returns how many. Only under the lock.

    Nothing of a record is lost. Raises NotStored.
    """
    loose = sorted(workspace.runs.glob("[!.]*.json"))
    if len(loose) <= at:
        return 0
    years: dict[str, dict[Path, str]] = {}
    for path in loose[: len(loose) - keep]:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            record = json.loads(path.read_text(encoding="utf-8"))
            if record["run_id"] == path.stem:  # else it is somebody else's file
                line = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
                years.setdefault(path.stem[:4], {})[path] = line
    for year, lines in years.items():
        target = workspace.runs / f"{year}.jsonl"
        before = target.read_text(encoding="utf-8", errors="replace") if target.exists() else ""
        there = {line for line in before.split("\n") if line}
        new = [line for line in lines.values() if line not in there]
        if new:
            _write(target, before + "".join(f"{line}\n" for line in new))
        for path in lines:
            path.unlink(missing_ok=True)
    return sum(len(lines) for lines in years.values())


def _rows(record: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    outcome = record.get("outcome")
    run = {
        "run_id": record["run_id"],
        "command": record["command"],
        "outcome": outcome if isinstance(outcome, str) else "done",
        "started_at": _utc(record["started_at"]),
        "ended_at": _utc(record["ended_at"]) if record.get("ended_at") else None,
    }
    runs = []
    for name, report in record.get("sources", {}).items():
        counts = {key: report[key] for key in ("listed", "fetched", "unchanged", "bytes", "seconds")}
        sums = {key: sum(report[key].values()) for key in ("refused", "failed")}
        runs.append(run | {"source": name} | counts | sums)
    if not runs:
        runs.append(run | {"source": None, "seconds": record.get("seconds")})
    # What a run of compact dropped stands among them: the view "dropped" takes it apart again.
    dropped = [
        {
            "source": entry["source"],
            "url": entry["url"],
            "reason": DROPPED,
            "detail": f"{entry['capture_id']} {_utc(entry['fetched_at']).isoformat()}",
        }
        for entry in record.get("dropped", ())
    ]
    return runs, [{"run_id": record["run_id"]} | entry for entry in (*record.get("refused", ()), *dropped)]


def complete_walks(workspace: Workspace, flag: str = "complete") -> dict[str, datetime]:
    """For each source the start (UTC) of the newest run that came to the end of its list.

    ``flag`` "whole_list": of those that walked all of it.

    Where the records are lost nothing is: the next run walks the whole list, and what is stored is not asked again.
    """
    started: dict[str, datetime] = {}
    for record in fetches(workspace):
        for name, report in record["sources"].items():
            if record.get("ended_at") and report.get(flag):
                started[name] = datetime.fromisoformat(record["started_at"])
    return started


def shares_of_whole(workspace: Workspace) -> dict[str, tuple[int, int]]:
    """For each source the captures that its earlier runs read, and how many were articles with text and date."""
    shares: dict[str, tuple[int, int]] = {}
    for record in fetches(workspace):
        for name, report in record["sources"].items():
            judged, whole = shares.get(name, (0, 0))
            shares[name] = (judged + int(report.get("judged", 0)), whole + int(report.get("whole", 0)))
    return shares


def newest_alarms(workspace: Workspace) -> list[dict[str, str]]:
    """The alarms of each source's newest run."""
    newest: dict[str, list[dict[str, str]]] = {}
    for record in fetches(workspace):
        for name, report in record["sources"].items():
            told = report.get("alarms", ())
            newest[name] = [{"source": name, "run_id": record["run_id"], "alarm": str(a)} for a in told]
    return [alarm for told in newest.values() for alarm in told]


def fetches(workspace: Workspace) -> Iterator[dict[str, Any]]:
    """The records of the runs of fetch, oldest first, that can be read."""
    for record in records(workspace, "fetch"):
        try:
            datetime.fromisoformat(record["started_at"])
            if all(isinstance(report, dict) for report in record["sources"].values()) and record["run_id"]:
                yield record
        except (ValueError, KeyError, AttributeError, TypeError):
            continue


def _utc(text: str) -> datetime:
    """An ISO time as a plain UTC one."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
