"""The curated tables as a Data Package (datapackage.org): CSV files and a ``datapackage.json`` that describes them.

Cells stand as they are in the tables: a package is for programs, and a text that was changed for a spreadsheet's
sake would no longer be the one that the spans point into. Who wants Parquet has it: ``data/curated/*.parquet``.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moi_pipeline.curate.base import quote
from moi_pipeline.errors import NotStored
from moi_pipeline.share.keys import Table, hold, known, read_tables
from moi_pipeline.share.quality import QUALITY_PAGE, quality, quality_page
from moi_pipeline.store import sync
from moi_pipeline.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

DESCRIPTOR = "datapackage.json"
CSV = "FORMAT csv, HEADER, DELIMITER ',', NULLSTR '', TIMESTAMPFORMAT '%Y-%m-%dT%H:%M:%S.%fZ'"
#: DuckDB's types as Table Schema's; what is not here is a string.
TYPES = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIME": "time",
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP WITH TIME ZONE"), "datetime"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), "number"),
    **dict.fromkeys(
        ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UINTEGER", "UBIGINT"), "integer"
    ),
}
#: Bytes that DuckDB may use: 100,000 articles need less, and what does not fit goes to the disk.
MEMORY = 1_000_000_000
#: Open Definition and SPDX ids are of these letters.
LICENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*\Z")
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class PackageReport:
    """What was written: rows by table. ``left_out`` stays at home by rule; ``broken`` does not hold in the tables."""

    path: str
    tables: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    left_out: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 fine, 3 where a key or a vocabulary does not hold: the data is whole, but promises less."""
        return 3 if self.broken else 0


def export_datapackage(
    workspace: Workspace,
    folder: Path,
    licence: str | None = None,
    progress: Progress | None = None,
) -> PackageReport:
    """Write the published tables to ``folder``, which appears whole or not at all; a package of ours is replaced.

    ``licence`` is an id such as CC-BY-4.0 that whoever shares the tables gives them.
    Raises NotStored where the folder holds something else or the disk refuses, NothingBuilt where there are no tables.
    """
    import duckdb

    from moi_pipeline.show.database import connect

    if licence is not None and not LICENCE.match(licence):
        raise ValueError(f"{licence!r} is no id of a licence, such as CC-BY-4.0")
    folder = Path(os.path.expanduser(folder)).resolve()  # noqa: PTH111 - Path's raises where a user is unknown
    part = folder.with_name(f".{folder.name}-{uuid.uuid4().hex[:8]}.part")
    try:
        _may_replace(folder)
        with connect(workspace) as con:
            part.mkdir(parents=True)
            report = _write(con, workspace, part, licence, progress)
        for path in (*part.iterdir(), part):
            sync(path)
        _put(part, folder)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise NotStored(
            f"can't write {folder}: {getattr(error, 'strerror', None) or error}",
            "Free some space, or name another folder; nothing half-written was left.",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    report.path = str(folder)
    return report


def _may_replace(folder: Path) -> None:
    """Raise NotStored where writing to ``folder`` would lose what is no package of ours."""
    if not folder.exists():
        return
    hint = "Name a new folder, or empty this one."
    if not folder.is_dir():
        raise NotStored(f"{folder} is a file", "Name a folder.")
    there = {path.name for path in folder.iterdir()}
    if not there:
        return
    try:
        found = json.loads((folder / DESCRIPTOR).read_text(encoding="utf-8"))
        ours = {DESCRIPTOR, QUALITY_PAGE, *(resource["path"] for resource in found["resources"])}
        written = "fingerprint" in found["moi"]
    except (OSError, ValueError, KeyError, TypeError):
        written = False
    if not written:
        raise NotStored(f"{folder} holds something else than a package of moi", hint)
    if foreign := sorted(there - ours):
        raise NotStored(f"{folder} holds what moi did not write: {', '.join(foreign[:3])}", hint)


def _put(part: Path, folder: Path) -> None:
    """Give the finished package its name; the one before gives way only to a whole one."""
    old = folder.with_name(f"{part.name}.old")
    if folder.exists():
        folder.rename(old)
    try:
        part.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
    sync(folder.parent)


def _write(
    con: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    part: Path,
    licence: str | None,
    progress: Progress | None,
) -> PackageReport:
    from moi_pipeline.curate.views import load_views

    con.execute(f"SET memory_limit = '{MEMORY // 1_000_000}MB'")
    # One thread writes rows in their order as they come; several hold whole row groups, a gigabyte of texts each.
    con.execute("SET threads = 1")
    con.execute("SET preserve_insertion_order = false")
    con.execute(f"SET temp_directory = {quote(str(part / '.spill'))}")
    report = PackageReport(str(part))
    tables, report.left_out = read_tables(con, {v.name: v.key for v in load_views(workspace.queries, con)})
    report.broken = hold(con, tables)
    resources = []
    for done, table in enumerate(tables):
        if progress:
            progress(done, len(tables))
        path = part / f"{table.name}.csv"
        _copy(con, table, path)
        resources.append(_resource(table, path))
        report.bytes += path.stat().st_size
        ((report.tables[table.name],),) = con.execute(f'SELECT count(*) FROM "{table.name}"').fetchall()
    ((moi, fingerprint),) = con.execute("SELECT moi_version, fingerprint FROM moi_build").fetchall()
    said = known()
    descriptor = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "moi",
        "title": said["title"],
        "description": said["description"].strip(),
        "created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "licenses": [{"name": licence}] if licence else [{"name": "notspecified", "title": "Not specified"}],
        "rights": said["rights"].strip(),
        "sources": _sources(con, workspace),
        "moi": {"version": moi, "exported_by": version("moi-pipeline"), "fingerprint": fingerprint},
        "quality": quality(),
        "left_out": report.left_out,
        "resources": resources,
    }
    (part / DESCRIPTOR).write_text(
        json.dumps(descriptor, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    shutil.copyfile(quality_page(), part / QUALITY_PAGE)
    shutil.rmtree(part / ".spill", ignore_errors=True)
    return report


def _copy(con: duckdb.DuckDBPyConnection, table: Table, path: Path) -> None:
    """Write a table to a file, row by row: it need not fit the memory."""
    columns = ", ".join(_cell(name, kind) for name, (kind, _) in table.columns.items())
    con.execute(f'COPY (SELECT {columns} FROM "{table.name}") TO {quote(str(path))} ({CSV})')


def _cell(name: str, kind: str) -> str:
    """A column as CSV has it: lists and structures as JSON."""
    column = f'"{name}"'
    return f"to_json({column})::VARCHAR AS {column}" if _type(kind) in ("array", "object") else column


def _type(kind: str) -> str:
    if kind.endswith("]"):
        return "array"
    if kind.startswith(("STRUCT", "MAP", "JSON")):
        return "object"
    return TYPES.get(kind, "number" if kind.startswith("DECIMAL") else "string")


def _resource(table: Table, path: Path) -> dict[str, Any]:
    with path.open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    schema: dict[str, Any] = {"fields": [_field(table, name) for name in table.columns]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.references:
        schema["foreignKeys"] = [
            {
                "fields": list(columns),
                # An empty name is the table itself.
                "reference": {"resource": "" if other == table.name else other, "fields": list(theirs)},
            }
            for columns, other, theirs in table.references
        ]
    return {
        "name": table.name,
        "type": "table",
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": table.about,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": schema,
    }


def _field(table: Table, name: str) -> dict[str, Any]:
    kind, about = table.columns[name]
    limits: dict[str, Any] = {}
    if table.key == (name,):
        limits |= {"required": True, "unique": True}
    if name in table.words:
        limits["enum"] = table.words[name]
    if name in ("span_start", "span_end"):
        limits["minimum"] = 0
    return {
        "name": name,
        "type": _type(kind),
        "description": about,
        **({"constraints": limits} if limits else {}),
    }


def _sources(con: duckdb.DuckDBPyConnection, workspace: Workspace) -> list[dict[str, str]]:
    """The sources whose articles are in the tables, by name, with their address where they stand on the web."""
    found = []
    for (name,) in con.execute("SELECT DISTINCT source FROM articles ORDER BY source").fetchall():
        source = workspace.sources.get(name)
        told = {"title": (source.title if source else None) or name, "name": name}
        # A folder's path is this machine's affair.
        address = str(source.options.get("base_url") or source.options.get("url") or "") if source else ""
        if address.startswith(("http://", "https://")):
            told["path"] = address
        found.append(told)
    return found
