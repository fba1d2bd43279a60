"""What the views stand on: captures, extracted records, runs, settings, and lists of what there is to name.

| relation | one row is |
|---|---|
| ``captures`` | a stored capture, without its body |
| ``extracted`` | what extraction made of a capture; ``segment`` is the file that says so |
| ``readings`` | a capture and what it was read as, without its text and mentions |
| ``settings`` | a source of ``sources.toml`` |
| ``run_records``, ``refused_records`` | a run (of fetch: and a source); something that a run refused |
| ``gone_records`` | a stored release that its site no longer has |
| ``province_list`` | a province |
| ``office_list`` | an office that positions are normalised to |
| ``programme_list`` | a spelling of a programme of the reviewed list |
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from moi_pipeline.gone import vanished
from moi_pipeline.runs import read_runs
from moi_pipeline.store import CAPTURES, segments
from moi_pipeline.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

RELATIONS = (
    "captures",
    "extracted",
    "readings",
    "settings",
    "run_records",
    "refused_records",
    "gone_records",
    "province_list",
    "office_list",
    "programme_list",
)

_TIME = pa.timestamp("us")
_SETTINGS = pa.schema(
    [("source", pa.string()), ("kind", pa.string()), ("enabled", pa.bool_()), ("province", pa.string())]
)
_RUNS = pa.schema(
    [
        *((name, pa.string()) for name in ("run_id", "command", "source", "outcome")),
        ("started_at", _TIME),
        ("ended_at", _TIME),
        *((name, pa.int64()) for name in ("listed", "fetched", "unchanged", "refused", "failed", "bytes")),
        ("seconds", pa.float64()),
    ]
)
_OFFICES = pa.schema(
    [
        *((name, pa.string()) for name in ("office", "thai", "english", "level", "branch")),
        ("one_holder", pa.bool_()),
    ]
)
_PROGRAMMES = pa.schema([(name, pa.string()) for name in ("programme_id", "name", "kind", "spelling")])
_GONE = pa.schema([(name, pa.string()) for name in ("source", "url", "detail", "since")])
_REFUSED = pa.schema([(name, pa.string()) for name in ("run_id", "source", "url", "reason", "detail")])


def attach_base(con: duckdb.DuckDBPyConnection, workspace: Workspace, records: list[Path]) -> None:
    """Make the relations of ``RELATIONS`` in ``con``, but for ``readings``, from the segments of records."""
    con.execute(f"CREATE VIEW extracted AS {extracted(con, records)}")
    raw = segments(workspace.raw)
    # Times become plain UTC ones here: a TIMESTAMPTZ shows in every reader's own zone, and needs ICU to be cast.
    columns = ", ".join(name for name in CAPTURES.names if name not in ("body", "fetched_at"))
    columns += ", make_timestamp(epoch_us(fetched_at)) AS fetched_at"
    if raw:
        stored = f"FROM read_parquet({paths(raw)})"
        # A run that was killed while it saved what is whole of a broken segment leaves captures twice.
        twice = con.execute(
            f"SELECT 1 {stored} GROUP BY capture_id, fetched_at HAVING count(*) > 1 LIMIT 1"
        ).fetchall()
        con.execute(f"CREATE VIEW captures AS SELECT {'DISTINCT' if twice else ''} {columns} {stored}")
    else:
        _table(con, "no_captures", [], CAPTURES)
        con.execute(f"CREATE VIEW captures AS SELECT {columns} FROM no_captures")
    settings = [
        {"source": s.name, "kind": s.kind, "enabled": s.enabled, "province": s.province}
        for s in workspace.sources.values()
    ]
    _table(con, "settings", settings, _SETTINGS)
    runs, refused = read_runs(workspace)
    _table(con, "run_records", runs, _RUNS)
    _table(con, "refused_records", refused, _REFUSED)
    _table(con, "gone_records", vanished(workspace), _GONE)
    # The lists are data of thai/: read here as files, so that curation needs none of its code.
    provinces = files("moi_pipeline.thai") / "data" / "provinces.csv"
    con.execute(
        "CREATE TABLE province_list AS SELECT * FROM read_csv(?, header = true, comment = '#', all_varchar = true)",
        [_no_pattern(str(provinces))],
    )
    _table(con, "office_list", _offices(), _OFFICES)
    _table(con, "programme_list", _programmes(), _PROGRAMMES)


def extracted(con: duckdb.DuckDBPyConnection, records: Sequence[Path]) -> str:
    """A query of the records in segments, each capture once."""
    place, more = "filename, file_row_number", "filename = true, file_row_number = true"
    stored = f"read_parquet({paths(records)}, {more})"
    once = f"SELECT * EXCLUDE file_row_number RENAME (filename AS segment) FROM {stored}"
    # A killed run's worker that lived on may have extracted a capture once more.
    twice = con.execute(f"SELECT 1 FROM {stored} GROUP BY capture_id HAVING count(*) > 1 LIMIT 1").fetchall()
    if not twice:
        return once
    con.execute(
        f"CREATE TABLE IF NOT EXISTS twice AS SELECT {place} FROM {stored} "
        f"QUALIFY row_number() OVER (PARTITION BY capture_id ORDER BY {place}) > 1"
    )
    return f"{once} ANTI JOIN twice USING ({place})"


def attach_readings(con: duckdb.DuckDBPyConnection) -> None:
    """Make ``readings_now``: what the captures were read as, and in which segment that stands."""
    con.execute(
        "CREATE TABLE memory.main.readings_now AS "
        "SELECT capture_id, e.article_id, e.outcome, c.source, c.url, c.final_url, c.fetched_at, e.segment "
        "FROM extracted AS e JOIN captures AS c USING (capture_id)"
    )


def _offices() -> list[dict[str, Any]]:
    """An office a row: its key and name from thai/data/offices.toml, what kind it is from our own list."""
    entries = tomllib.loads(
        (files("moi_pipeline.thai") / "data" / "offices.toml").read_text(encoding="utf-8")
    )
    kinds = {row["office"]: row for row in _listed("offices.csv")}
    return [
        {
            **kinds.get(entry["key"], {}),
            "office": entry["key"],
            "thai": entry["forms"][0],
            "one_holder": kinds.get(entry["key"], {}).get("one_holder") == "true",
        }
        for entry in entries["office"]
    ]


def _listed(name: str) -> list[dict[str, Any]]:
    """The rows of one of our own lists."""
    text = (files("moi_pipeline.curate") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def _programmes() -> list[dict[str, Any]]:
    """A spelling a row, the programme's usual name among them."""
    path = files("moi_pipeline.thai") / "data" / "programmes.toml"
    return [
        {"programme_id": entry["id"], "name": entry["name"], "kind": entry["kind"], "spelling": spelling}
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["programme"]
        for spelling in dict.fromkeys([entry["name"], *entry.get("spellings", [])])
    ]


def _table(con: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]], schema: pa.Schema) -> None:
    arrow = pa.Table.from_pylist(rows, schema=schema)
    con.register("_arrow", arrow)
    con.execute(f"CREATE TABLE {name} AS SELECT * FROM _arrow")
    con.unregister("_arrow")


def paths(files: Sequence[Path]) -> str:
    """Paths as an SQL list, to be read as they stand."""
    return "[" + ", ".join(quote(_no_pattern(str(path))) for path in files) + "]"


def _no_pattern(path: str) -> str:
    # DuckDB takes every path for a pattern; in brackets its signs stand for themselves.
    return re.sub(r"([*?[])", r"[\1]", path)


def quote(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"
