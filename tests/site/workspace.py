"""A workspace with the sources of a test site."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from moi_pipeline.api import Moi
from moi_pipeline.fetch.run import FetchReport, SourceReport

#: Quick enough for a test, slow enough to be measured.
QUICK: dict[str, Any] = {"rate": 500, "patience": 0.01, "timeout": 20}


def toml(value: object) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, str):
        return "'" + value + "'"
    return str(value)


def workspace(folder: Path, head: str = "", **sources: dict[str, Any]) -> Moi:
    """A workspace whose ``sources.toml`` has these sources, at test speed unless they say otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    text = head + "\n"
    for name, options in sources.items():
        web = {} if options["kind"] in ("files", "warc") else QUICK
        text += f"[sources.{name}]\n" + "".join(f"{k} = {toml(v)}\n" for k, v in (web | options).items())
    (folder / "sources.toml").write_text(text, encoding="utf-8")
    return Moi(folder.resolve())


def fetch(ws: Moi, *targets: str) -> FetchReport:
    """Fetch as a new process would: nothing is remembered from the last run but what is on the disk."""
    return Moi(ws.root).fetch(*targets)


def fetched(ws: Moi, name: str = "site") -> SourceReport:
    """Fetch, and one source's report; a failure shows itself whole."""
    report = fetch(ws)
    assert not report.failed, report.failed[:3]
    return report.sources[name]
