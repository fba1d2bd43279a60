"""The state of a workspace: what is stored, what was refused, what failed, what is broken."""

from __future__ import annotations

import contextlib
from typing import Any

from rich.console import Console
from rich.text import Text

from moi_pipeline.errors import NothingBuilt
from moi_pipeline.fetch.health import overdue, read_expect
from moi_pipeline.gone import vanished
from moi_pipeline.messages import tr
from moi_pipeline.runs import complete_walks, newest_alarms, read_runs, records
from moi_pipeline.show.database import connect, rows
from moi_pipeline.show.grid import print_table
from moi_pipeline.store import broken_segments, segments
from moi_pipeline.workspace import Workspace


def status(workspace: Workspace) -> dict[str, Any]:
    """The facts of ``moi status``: what lies on the disk, and what the tables say once they are built."""
    if workspace.mirror:
        workspace.mirror.pull("runs")
    facts: dict[str, Any] = {
        "workspace": str(workspace.root),
        "raw_segments": len(segments(workspace.raw)),
        "broken_segments": [
            str(path.relative_to(workspace.root))
            for path in [*broken_segments(workspace.raw), *broken_segments(workspace.extracted)]
        ],
        "sources": [],
        "alarms": _alarms(workspace),
        "insecure": [
            source.name for source in workspace.sources.values() if source.options.get("verify") is False
        ],
        "last_refresh": _last_refresh(workspace),
        "refusals": _newest_refusals(workspace),
        "gone": vanished(workspace),
        "failures": [],
        "corrections": [],
        "tables": {},
        "built": None,
    }
    try:
        con = connect(workspace)
    except NothingBuilt as error:
        facts["built"] = f"{error}. {error.hint}"
        return facts
    with con:
        facts["sources"] = rows(con, "SELECT * FROM sources")
        facts["failures"] = rows(con, "SELECT source, url, outcome, reason, detail FROM failures")
        if con.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'corrections_report'").fetchall():
            facts["corrections"] = rows(
                con,
                "SELECT line, table_name, row_key, column_name, outcome FROM corrections_report "
                "WHERE outcome <> 'applied' ORDER BY line",
            )
        for (table,) in con.execute("SELECT table_name FROM duckdb_tables() ORDER BY table_name").fetchall():
            facts["tables"][table] = con.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0]
        facts["built"] = "current"
    return facts


def _last_refresh(workspace: Workspace) -> dict[str, Any] | None:
    """What the newest run of ``moi refresh`` says of itself; None where there was none."""
    found = records(workspace, "refresh")
    return (
        {key: found[-1].get(key) for key in ("started_at", "outcome", "exit_code", "summary")}
        if found
        else None
    )


def _alarms(workspace: Workspace) -> list[dict[str, str]]:
    """What the newest run of each source raised, and which source has not been fetched for too long."""
    found = newest_alarms(workspace)
    ended = complete_walks(workspace)
    for source in workspace.sources.values():
        expect = source.options.get("expect")
        if source.enabled and expect and (late := overdue(read_expect(expect), ended.get(source.name))):
            found.append({"source": source.name, "run_id": "", "alarm": late})
    return found


def _newest_refusals(workspace: Workspace) -> list[dict[str, Any]]:
    """What the newest fetch of each source refused: from the run records, so that it shows before any extract."""
    runs, refused = read_runs(workspace)
    newest: dict[str, str] = {}
    for run in runs:
        if run["command"] == "fetch" and run["source"]:
            newest[run["source"]] = max(run["run_id"], newest.get(run["source"], ""))
    return [entry for entry in refused if newest.get(entry["source"]) == entry["run_id"]]


def source_facts(workspace: Workspace) -> list[dict[str, Any]]:
    """The sources of ``sources.toml`` with what is stored of each; counts are null before the first extract."""
    stored: dict[str, dict[str, Any]] = {}
    with contextlib.suppress(NothingBuilt), connect(workspace) as con:
        stored = {row["source"]: row for row in rows(con, "SELECT * FROM sources")}
    return [
        {
            "source": source.name,
            "kind": source.kind,
            "enabled": source.enabled,
            "site_province": source.province,
            "title": source.title,
            "captures": stored.get(source.name, {}).get("captures"),
            "articles": stored.get(source.name, {}).get("articles"),
            "last_success": stored.get(source.name, {}).get("last_success"),
        }
        for source in workspace.sources.values()
    ]


def print_sources(facts: list[dict[str, Any]], console: Console) -> None:
    """Print the facts of ``source_facts`` for a person."""
    columns = tuple(facts[0]) if facts else ("source",)
    print_table(columns, [tuple(row.values()) for row in facts], console)


def print_status(facts: dict[str, Any], console: Console) -> None:
    """Print the facts of ``status`` for a person."""
    console.print(Text(tr("workspace {root}", root=facts["workspace"])), soft_wrap=True)
    if last := facts["last_refresh"]:
        told = last["summary"] if last["outcome"] == "done" else f"refresh: {last['outcome']}"
        console.print(Text(f"{str(last['started_at'])[:16]} UTC {told}"), soft_wrap=True)
    for told in facts["alarms"]:
        alarm = tr("ALARM {source}: {alarm}", source=told["source"], alarm=told["alarm"])
        console.print(Text(alarm, style="bold red"), soft_wrap=True)
    for name in facts["insecure"]:
        console.print(Text(f"certificates are NOT checked for {name} (verify = false)"), soft_wrap=True)
    if facts["sources"]:
        columns = (
            "source",
            "kind",
            "enabled",
            "captures",
            "articles",
            "not_articles",
            "last_capture",
            "last_success",
        )
        # The catalogue's sources that nobody uses would drown the others; JSON has them all.
        used = [row for row in facts["sources"] if row["enabled"] or row["captures"]]
        print_table(columns, [tuple(row[c] for c in columns) for row in used], console)
    lists: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("refusals", "refused", ("source", "url", "reason", "detail")),
        ("gone", "stored, and no longer at their site", ("source", "url", "detail", "since")),
        ("failures", "gave no article", ("source", "url", "outcome", "reason")),
    )
    for name, title, keys in lists:
        if facts[name]:
            console.print(Text(f"\n{tr(title)}: {len(facts[name])}"))
            print_table(keys, [tuple(row[key] for key in keys) for row in facts[name]], console)
    for row in facts["corrections"]:
        told = f"corrections.csv, line {row['line']}: {row['outcome']}"
        console.print(
            Text(f"{told} ({row['table_name']} {row['row_key']} {row['column_name']})"), soft_wrap=True
        )
    for path in facts["broken_segments"]:
        console.print(Text(f"broken segment kept aside: {path}"), soft_wrap=True)
    if facts["built"] == "current":
        told = ", ".join(
            f"{name} {count:,}" for name, count in facts["tables"].items() if name != "moi_build"
        )
        console.print(Text("\n" + tr("tables: {tables}", tables=told)), soft_wrap=True)
    else:
        console.print(Text(f"\n{facts['built']}"), soft_wrap=True)
