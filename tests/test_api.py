"""moi from Python: what the command line does is a call, and a table is a DataFrame."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from tests.helpers import write_releases

import moi_pipeline as moi
from moi_pipeline.errors import BadQuery, Busy, NoSuchArticle, NothingBuilt, NoWorkspace


def test_the_whole_way(ws: moi.Moi, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ws.root)
    workspace = moi.open()
    assert workspace.fetch(releases).sources["files"].fetched == 6
    extracted, built = workspace.extract()
    assert (extracted.outcomes, built.tables["articles"], built.violations) == ({"article": 6}, 6, [])
    assert workspace.check() == []
    assert workspace.status()["tables"]["articles"] == 6
    number = workspace.sql("SELECT min(article_id) FROM articles").fetchall()[0][0]
    assert workspace.show(number)["article_id"] == number


def test_open_chooses_the_workspace(tables: moi.Moi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert moi.open(tables.root).root == tables.root
    assert moi.open(str(tables.root)).root == tables.root
    monkeypatch.setenv("MOI_HOME", str(tables.root))
    assert moi.open().root == tables.root
    with pytest.raises(NoWorkspace):
        moi.open(tmp_path)
    assert issubclass(NoWorkspace, moi.MoiError)


def test_a_query_is_a_relation(tables: moi.Moi) -> None:
    query = "SELECT article_id, title, event_from FROM articles ORDER BY 1"
    frame = tables.sql(query).df()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == ["article_id", "title", "event_from"]
    assert len(frame) == 6
    arrow = tables.sql(query).to_arrow_table()
    assert isinstance(arrow, pa.Table)
    assert arrow.schema.field("event_from").type == pa.date32()
    assert tables.sql(query).fetchall() == [tuple(row.values()) for row in arrow.to_pylist()]


def test_a_table_is_a_relation(tables: moi.Moi) -> None:
    officials = tables.table("officials")
    assert isinstance(officials, duckdb.DuckDBPyRelation)
    assert {"article_id", "surface", "full_name", "position"} <= set(officials.columns)
    assert len(officials.df()) == len(officials.to_arrow_table()) == len(officials.fetchall())
    assert tables.table("dates").filter("precision = 'day'").count("*").fetchall()[0][0] > 0
    for name in ("nothing", 'a"b', "articles; DROP TABLE articles"):
        with pytest.raises(BadQuery):
            tables.table(name)


def test_a_relation_outlives_what_it_came_from(built: moi.Moi) -> None:
    relation = moi.open(built.root).table("articles")
    gc.collect()
    write_releases(built.root.parent / "releases", 1, first=60)
    built.fetch("news")
    built.extract()
    assert len(relation.fetchall()) == 6
    assert len(built.table("articles").fetchall()) == 7


def test_times_are_plain_utc(tables: moi.Moi, monkeypatch: pytest.MonkeyPatch) -> None:
    (moment,) = {row[0] for row in tables.sql("SELECT max(fetched_at) FROM articles").fetchall()}
    assert moment.tzinfo is None
    assert abs(moment - pd.Timestamp.now("UTC").tz_localize(None)) < pd.Timedelta(hours=1)
    assert tables.sql("SELECT fetched_at FROM articles").df()["fetched_at"].dtype.kind == "M"


def test_progress_is_told(ws: moi.Moi, releases: Path) -> None:
    fetched: list[tuple[str, int]] = []
    ws.fetch(releases, progress=lambda name, count: fetched.append((name, count)))
    assert fetched == [("files", n) for n in range(7)]
    extracted: list[tuple[int, int]] = []
    ws.extract(progress=lambda done, total: extracted.append((done, total)))
    assert extracted == [(6, 6)]


def test_errors_say_what_to_do(ws: moi.Moi, tables: moi.Moi) -> None:
    with pytest.raises(NothingBuilt) as nothing:
        ws.table("articles")
    with pytest.raises(BadQuery) as query:
        tables.sql("SELECT * FROM artcles")
    with pytest.raises(NoSuchArticle) as article:
        tables.show("zzz")
    for caught in (nothing, query, article):
        assert isinstance(caught.value, moi.MoiError)
        assert caught.value.hint
    with ws.lock("extract"), pytest.raises(Busy):
        moi.open(ws.root).fetch("samples")


def test_reading_needs_no_lock_and_writes_nothing(tables: moi.Moi) -> None:
    def state() -> list[tuple[str, float]]:
        return sorted((str(p), p.lstat().st_mtime) for p in tables.root.rglob("*") if p.name != ".lock")

    before = state()
    with tables.lock("fetch"):
        tables.check()
        tables.status()
        tables.sql("FROM articles").fetchall()
    with pytest.raises(BadQuery):
        tables.sql("CREATE TABLE x AS SELECT 1")
    assert state() == before


def test_fetch_works_where_a_loop_is_running(ws: moi.Moi, releases: Path) -> None:
    import asyncio

    async def notebook() -> int:
        return ws.fetch(releases).sources["files"].fetched

    assert asyncio.run(notebook()) == 6


def test_the_version_is_the_packages() -> None:
    from importlib.metadata import version

    assert moi.__version__ == version("moi-pipeline")
    assert set(moi.__all__) <= set(dir(moi))
    assert (Path(moi.__file__).parent / "py.typed").exists()
    assert os.environ.get("MOI_HOME") is None
