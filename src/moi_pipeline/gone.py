"""Releases that are stored and that their sites no longer have, told from the records of runs and what is stored."""

from __future__ import annotations

import contextlib
from datetime import datetime

import pyarrow as pa

from moi_pipeline.runs import fetches
from moi_pipeline.store import read_light, segments
from moi_pipeline.workspace import Workspace


def vanished(workspace: Workspace) -> list[dict[str, str]]:
    """The stored releases that are gone: source, url, since, and why:
    the answer of its page, or that a whole list has it no more.

    One that is fetched anew, or stands in a list that is walked whole again, is back. What is stored stays.
    """
    gone: dict[tuple[str, str], dict[str, str]] = {}
    for record in fetches(workspace):
        told = {(entry["source"], entry["url"]): entry for entry in record.get("gone", ())}
        whole = {name for name, report in record["sources"].items() if report.get("whole_list")}
        gone = {key: entry for key, entry in gone.items() if key in told or key[0] not in whole}
        for key, entry in told.items():
            since = gone[key]["since"] if key in gone else record["started_at"]
            gone[key] = {
                "source": key[0],
                "url": key[1],
                "detail": str(entry.get("detail", "")),
                "since": since,
            }
    newest = {source: _newest(workspace, source) for source in {source for source, _ in gone}}
    return [
        entry
        for (source, url), entry in sorted(gone.items())
        if (at := newest[source].get(url)) is None or at <= datetime.fromisoformat(entry["since"])
    ]


def _newest(workspace: Workspace, source: str) -> dict[str, datetime]:
    """When each release of a source was fetched last."""
    newest: dict[str, datetime] = {}
    for path in segments(workspace.raw / source):
        with contextlib.suppress(OSError, pa.ArrowException):
            for row in read_light(path).select(["url", "fetched_at"]).to_pylist():
                newest[row["url"]] = max(row["fetched_at"], newest.get(row["url"], row["fetched_at"]))
    return newest
