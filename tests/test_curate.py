"""Curated tables: views in order, all published together, every table and column told."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from tests.helpers import MENTIONS, Run, contents, moi, release, write_releases

from moi_pipeline.api import Moi
from moi_pipeline.curate.build import STORAGE_VERSION
from moi_pipeline.curate.views import View, in_order, load_views, tables_read
from moi_pipeline.errors import BadQuery, NothingBuilt, NotStored
from moi_pipeline.show.database import connect
from moi_pipeline.workspace import SCHEMA_VERSION


def reads(sql: str) -> set[str]:
    with duckdb.connect() as con:
        return tables_read(Path("mine.sql"), sql, con)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT * FROM dates JOIN articles USING (article_id)", {"dates", "articles"}),
        ("FROM dates", {"dates"}),
        (
            'SELECT (SELECT max(x) FROM "a") FROM b WHERE y IN (SELECT y FROM c) AND EXISTS (FROM d)',
            {*"abcd"},
        ),
        ("SELECT * FROM a UNION ALL SELECT * FROM b", {"a", "b"}),
        ("WITH x AS (SELECT * FROM a) SELECT * FROM x, b", {"a", "b"}),
        ("WITH x AS (FROM a), y AS (FROM x) SELECT * FROM y", {"a"}),
        ("WITH dates AS (SELECT * FROM dates WHERE true) SELECT * FROM dates", {"dates"}),
        ("SELECT * FROM (WITH x AS (FROM a) FROM x), x", {"a", "x"}),
        ("WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r, a WHERE n < 3) FROM r", {"a"}),
        ("WITH x AS (FROM a) SELECT (SELECT count(*) FROM X)", {"a"}),
        ("SELECT * FROM Articles, DATES", {"articles", "dates"}),
        ("SELECT * FROM articles AS a, unnest(a.spellings) AS t (s)", {"articles"}),
        ("SELECT * FROM range(3), read_csv('x.csv')", set()),
        ("SELECT * FROM 'x.csv', 'y/z.parquet'", set()),
        ("SELECT * FROM information_schema.tables", set()),
        ("SELECT * FROM a SEMI JOIN b USING (x) ANTI JOIN c USING (x)", {*"abc"}),
        ("SELECT 1", set()),
    ],
)
def test_what_a_view_reads(sql: str, expected: set[str]) -> None:
    assert reads(sql) == expected


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT * FROM a WHERE", "syntax error"),
        ("SELECT *\nFROM a\nWHERE (\n", "line"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("CREATE TABLE x AS SELECT 1", "SELECT"),
        ("", "statement"),
        ("-- nothing yet", "statement"),
    ],
)
def test_what_is_no_view_names_its_file(sql: str, words: str) -> None:
    with pytest.raises(BadQuery) as caught:
        reads(sql)
    assert str(caught.value).startswith("mine.sql: ")
    assert words in str(caught.value)
    assert caught.value.hint


def view(name: str, *needs: str) -> View:
    return View(name, Path(f"{name}.sql"), "SELECT 1", frozenset(needs), "", {})


def test_views_come_after_what_they_read() -> None:
    views = [view("a", "b", "c"), view("b", "c"), view("c", "given"), view("_d"), view("e", "_d", "a")]
    order = [found.name for found in in_order(views, ["given"])]
    assert sorted(order) == ["_d", "a", "b", "c", "e"]
    for found in views:
        for name in found.reads - {"given"}:
            assert order.index(name) < order.index(found.name)
    assert [v.name for v in in_order(reversed(views), ["given"])] == order, "whatever order the files are in"


def test_an_unknown_table_is_named_with_what_was_meant() -> None:
    with pytest.raises(BadQuery, match=r"a\.sql: there is no table 'offcials'") as caught:
        in_order([view("a", "offcials"), view("officials")], [])
    assert caught.value.hint == "Did you mean 'officials'?"
    with pytest.raises(BadQuery) as caught:
        in_order([view("a", "zzz")], ["captures"])
    assert "Add a file" in caught.value.hint


def test_a_circle_is_named() -> None:
    with pytest.raises(BadQuery, match="circle") as caught:
        in_order([view("a", "b"), view("b", "c"), view("c", "a"), view("d")], [])
    told = str(caught.value).split(": ")[1].split(" -> ")
    assert told[0] == told[-1]
    assert set(told) == {"a", "b", "c"}
    for first, then in itertools.pairwise(told):
        assert then in {"a": "b", "b": "c", "c": "a"}[first], "each reads the next"


def test_the_packaged_views_are_good(ws: Moi) -> None:
    with duckdb.connect() as con:
        views = load_views(ws.queries, con)
    assert {"articles", *MENTIONS, "persons", "failures"} <= {found.name for found in views}
    for found in views:
        assert found.comment, f"{found.path} says what it holds"


def mine(workspace: Moi, sql: str, name: str = "mine") -> Path:
    path = workspace.queries / f"{name}.sql"
    path.write_text(sql, encoding="utf-8")
    return path


def test_an_analysts_own_view_becomes_a_table(built: Moi) -> None:
    mine(
        built,
        "-- mine: releases a province\n-- province: its Thai name\n"
        "WITH articles AS (SELECT * FROM Articles WHERE text LIKE '%1.%')\n"
        "SELECT coalesce(province, '-') AS province, count(*) AS n FROM articles GROUP BY ALL ORDER BY 1; -- end\n",
    )
    mine(built, "SELECT count(*) AS n FROM mine", "order")
    mine(built, "SELECT 1 AS x", "_step")
    _, report = built.extract()
    assert report.tables["mine"] >= 1
    assert "_step" not in report.tables
    assert built.sql("SELECT sum(n) FROM mine").fetchall() == [(6,)]
    assert built.table("order").fetchall() == [(report.tables["mine"],)]
    assert pq.read_table(built.curated / "mine.parquet").column_names == ["province", "n"]
    assert not (built.curated / "_step.parquet").exists()
    told = built.sql(
        "SELECT comment FROM duckdb_columns() WHERE table_name = 'mine' AND column_name = 'province'"
    )
    assert told.fetchall() == [("its Thai name",)]
    (built.queries / "mine.sql").unlink()
    (built.queries / "order.sql").unlink()
    built.extract()
    assert not (built.curated / "mine.parquet").is_symlink(), "a table that is no more"


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELECT titel FROM articles", 'Referenced column "titel" not found'),
        ("SELECT * FROM artcles", "there is no table 'artcles'"),
        ("SELECT * FROM mine", "circle"),
        ("SELECT *\nFROM articles\nWHERE\n", "syntax error"),
        ("SELECT title::INTEGER AS n FROM articles", "Could not convert string"),
        ("SELECT * FROM 'no-such-file.csv'", "no-such-file.csv"),
        ("-- mine: a\n-- nothing: b\nSELECT 1 AS x", "column 'nothing', which the view has not"),
        ("DROP TABLE articles", "mine.sql"),
    ],
)
def test_an_error_in_a_view_names_the_file_and_keeps_the_older_tables(
    built: Moi, sql: str, words: str
) -> None:
    before, current = contents(built, without=()), (built.curated / "current").readlink()
    path = mine(built, sql)
    with pytest.raises(BadQuery) as caught:
        built.extract()
    assert words in str(caught.value)
    assert "mine" in str(caught.value)
    if "circle" not in words:
        assert str(path) in str(caught.value)
    assert (built.curated / "current").readlink() == current
    assert contents(built, without=()) == before
    assert len(list((built.curated / "builds").iterdir())) == 1, "no half of a build is left"


def test_an_error_in_a_view_reaches_a_person(built: Moi) -> None:
    path = mine(built, "SELECT titel FROM articles")
    told = moi("extract", cwd=built.root, expect=1).stderr
    assert told.startswith(f"moi: {path}: Binder Error")
    assert "the older tables are untouched" in told


def test_names_that_can_be_no_view(built: Moi) -> None:
    path = mine(built, "SELECT 1", "My view")
    with pytest.raises(BadQuery, match="lower-case"):
        built.extract()
    path.unlink()
    mine(built, "SELECT 1 AS x", "moi_build")
    with pytest.raises(BadQuery, match=r"moi_build\.sql: .*moi's own"):
        built.extract()
    (built.queries / "moi_build.sql").unlink()
    mine(built, "SELECT 1 AS x", "captures")
    with pytest.raises(BadQuery, match=r"captures\.sql: .*moi's own"):
        built.extract()


def test_files_of_editors_and_systems_are_no_views(built: Moi) -> None:
    (built.queries / ".#articles.sql").symlink_to("somebody@host.1234:5678")
    (built.queries / "._articles.sql").write_bytes(b"\0\5\26\7")
    (built.queries / "articles.sql~").write_text("SELECT", encoding="utf-8")
    (built.queries / "checks" / ".#orphans.sql").symlink_to("somebody@host.1234:5678")
    _, report = built.extract()
    assert report.violations == []


def test_a_view_that_is_not_utf8_is_named(built: Moi) -> None:
    path = built.queries / "mine.sql"
    path.write_bytes("SELECT 'ก' AS x".encode("cp874"))
    with pytest.raises(BadQuery) as caught:
        built.extract()
    assert str(path) in str(caught.value)
    path.unlink()
    path = built.queries / "checks" / "mine.sql"
    path.write_bytes("SELECT 'ก' AS x".encode("cp874"))
    with pytest.raises(BadQuery) as caught:
        built.check()
    assert str(path) in str(caught.value)


def test_a_by_that_is_no_column_is_told(built: Moi) -> None:
    (built.queries / "mine.sql").write_text(
        "-- mine: x\n-- by: person\nSELECT person_id FROM persons", encoding="utf-8"
    )
    with pytest.raises(BadQuery, match=r"mine\.sql: by names a column 'person', which the view has not"):
        built.extract()


def test_without_views_nothing_is_published(built: Moi) -> None:
    before = contents(built)
    shutil.rmtree(built.queries)
    with pytest.raises(BadQuery, match="no views") as caught:
        built.extract()
    assert "moi init" in caught.value.hint
    assert contents(built) == before


def test_tables_without_rows_keep_their_columns(ws: Moi, tables: Moi, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "a.txt").write_text("x", encoding="utf-8")
    ws.fetch(tmp_path / "r")
    _, report = ws.extract()
    assert report.tables["articles"] == 0
    assert report.tables["failures"] == 1
    for name in report.tables:
        # Types alone: DuckDB notes in the file which columns happen to have no null.
        here, there = (pq.read_schema(w.curated / f"{name}.parquet") for w in (ws, tables))
        assert (here.names, here.types) == (there.names, there.types), name
        assert ws.sql(f"DESCRIBE {name}").fetchall() == tables.sql(f"DESCRIBE {name}").fetchall()


def test_every_table_and_every_column_has_a_comment(tables: Moi) -> None:
    silent = tables.sql(
        "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL OR comment = ''"
    ).fetchall()
    assert silent == []
    silent = tables.sql(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE NOT internal AND (comment IS NULL OR comment = '')"
    ).fetchall()
    assert silent == []


def test_the_contract_of_columns(tables: Moi) -> None:
    contract = {
        "articles": "article_id source url title text published_at event_from event_to province province_code "
        "site_province fetched_at capture_id content_sha256 duplicate_of is_latest",
        "dates": "article_id span_start span_end surface date_from date_to precision time_from time_to year_given "
        "weekday_agrees role",
        "officials": "article_id span_start span_end surface person_id title given_name family_name full_name "
        "position office organisation province_code acting role",
        "projects": "article_id span_start span_end surface name kind programme_id",
        "policy_items": "article_id list_no item_no position marker level span_start span_end text list_intro "
        "declared_count list_complete speaker",
        "quantities": "article_id span_start span_end surface amount unit kind",
        "places": "article_id span_start span_end surface venue subdistrict district province province_code",
        "persons": "person_id full_name spellings first_seen last_seen article_count",
        "tenures": "person_id full_name office organisation province_code acting first_seen last_seen article_count",
        "programmes": "programme_id name spellings article_count province_count first_seen last_seen",
    }
    for name, columns in contract.items():
        found = tables.table(name).columns
        assert [column for column in columns.split() if column not in found] == [], name
        assert pq.read_schema(tables.curated / f"{name}.parquet").names == found


def test_tables_and_parquet_files_are_the_same(tables: Moi) -> None:
    with duckdb.connect(str(tables.database.resolve()), read_only=True) as con:
        names = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        assert sorted([*names, "moi"]) == sorted(
            [*(path.stem for path in tables.curated.glob("*.*")), "moi_build"]
        )
        for name in set(names) - {"moi_build"}:
            here = con.execute(f"FROM {name}").fetchall()
            assert here == con.execute(f"FROM '{tables.curated / name}.parquet'").fetchall(), name


def test_an_articles_rows_stand_in_the_order_of_the_text(tables: Moi) -> None:
    for name in MENTIONS:
        by = "line" if name == "removed" else "span_start"
        rows = tables.sql(f"SELECT article_id, {by} FROM {name}").fetchall()
        of = {article: [place for other, place in rows if other == article] for article, _ in rows}
        assert all(places == sorted(places) for places in of.values()), name


def test_an_open_shell_keeps_reading_the_older_tables(built: Moi) -> None:
    releases = built.root.parent / "releases"
    with duckdb.connect(str(built.database), read_only=True) as shell, connect(built) as ours:
        for number in (6, 7):
            write_releases(releases, 1, first=number)
            built.fetch("news")
            built.extract()
        for con in (shell, ours):
            assert con.execute("SELECT count(*), max(length(text)) > 0 FROM articles").fetchall() == [
                (6, True)
            ]
    assert built.sql("SELECT count(*) FROM articles").fetchall() == [(8,)]


def test_publishing_changes_all_tables_at_once_and_keeps_one_older_build(built: Moi) -> None:
    builds = built.curated / "builds"
    for number in range(2):
        previous = (built.curated / "current").readlink().name
        write_releases(built.root.parent / "releases", 1, first=10 + number)
        built.fetch("news")
        built.extract()
        now = (built.curated / "current").readlink().name
        assert {path.name for path in builds.iterdir()} == {previous, now}
    for path in built.curated.iterdir():
        if path.name not in ("current", "builds"):
            assert os.readlink(path) == f"current/{path.name}"  # noqa: PTH115
    others = {path.name for path in (builds / now).iterdir() if path.suffix not in (".parquet", ".duckdb")}
    assert not {name for name in others if not name.startswith(".")} - {"search"}


def test_what_a_killed_build_left_is_cleared(built: Moi) -> None:
    left = built.curated / "builds" / ".20240101T000000-00000000"
    (left / "spill").mkdir(parents=True)
    (left / "moi.duckdb").write_bytes(b"half")
    built.extract()
    assert not left.exists()


def test_files_that_are_not_ours_are_left_alone(built: Moi) -> None:
    notes = built.curated / "notes.txt"
    notes.write_text("mine", encoding="utf-8")
    (built.curated / "my.duckdb").symlink_to("/nowhere/else.duckdb")
    built.extract()
    assert notes.read_text(encoding="utf-8") == "mine"
    assert (built.curated / "my.duckdb").is_symlink()


def test_a_folder_in_the_place_of_the_tables_is_told(built: Moi) -> None:
    (built.curated / "current").unlink()
    (built.curated / "current").mkdir()
    (built.curated / "current" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(NotStored):
        built.extract()
    assert (built.curated / "current" / "mine.txt").exists()


def older_database(path: Path, *statements: str) -> None:
    path.unlink(missing_ok=True)
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{path}' AS out (STORAGE_VERSION '{STORAGE_VERSION}')")
        con.execute("USE out")
        for statement in statements:
            con.execute(statement)
        con.execute("USE memory")
        con.execute("DETACH out")


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (["CREATE TABLE articles (id INT)"], "built by another version of moi"),
        (["CREATE TABLE moi_build (version INT)"], "built by another version of moi"),
        (
            ["CREATE TABLE moi_build (schema_version INT, moi_version VARCHAR)"],
            "built by another version of moi",
        ),
        (
            ["CREATE TABLE moi_build AS SELECT 0 AS schema_version, '0.0.9' AS moi_version"],
            "built by moi 0.0.9",
        ),
        (["CREATE TABLE moi_build AS SELECT 99 AS schema_version, '9.0' AS moi_version"], "built by moi 9.0"),
    ],
)
def test_tables_of_another_version_are_told(built: Moi, run: Run, statements: list[str], words: str) -> None:
    curated = built.curated
    shutil.rmtree(curated)
    curated.mkdir()
    older_database(curated / "moi.duckdb", *statements)
    (curated / "articles.parquet").write_bytes(b"an older layout: files, no links")
    for command in (["sql", "SELECT 1"], ["check"], ["show", "a"]):
        told = (
            moi("-w", built.root, *command, cwd=built.root, expect=1).stderr if command == ["check"] else ""
        )
        assert not told or (words in told and "moi extract" in told)
    with pytest.raises(NothingBuilt, match=words):
        built.sql("SELECT 1")
    assert words in built.status()["built"]


def test_tables_of_an_older_layout_are_replaced(built: Moi) -> None:
    curated = built.curated
    shutil.rmtree(curated)
    curated.mkdir()
    older_database(
        curated / "moi.duckdb", "CREATE TABLE moi_build AS SELECT 0 AS schema_version, '0.0.9' AS moi_version"
    )
    (curated / "articles.parquet").write_bytes(b"an older layout: files, no links")
    _, report = built.extract()
    assert report.tables["articles"] == 6
    assert built.sql("SELECT count(*) FROM articles").fetchall() == [(6,)]
    assert (curated / "articles.parquet").is_symlink()


def test_a_database_that_is_none_is_told_and_built_anew(built: Moi) -> None:
    built.database.resolve().write_bytes(b"no database" * 1000)
    with pytest.raises(NothingBuilt) as caught:
        built.sql("SELECT 1")
    assert "moi extract" in caught.value.hint
    built.extract()
    assert built.check() == []


def test_the_database_opens_in_older_duckdbs(tables: Moi) -> None:
    with duckdb.connect(str(tables.database.resolve()), read_only=True) as con:
        ((tags,),) = con.execute("SELECT tags FROM duckdb_databases() WHERE NOT internal").fetchall()
        assert tags["storage_version"].startswith(STORAGE_VERSION)
        assert con.execute("SELECT schema_version FROM moi_build").fetchall() == [(SCHEMA_VERSION,)]
    head = tables.database.resolve().read_bytes()[:20]
    assert head[8:12] == b"DUCK"
    assert int.from_bytes(head[12:20], "little") <= 65, "the number that v1.2.0 wrote"
    assert not list(tables.database.resolve().parent.glob("*.wal")), "one file is all of it"


def test_the_database_can_be_copied_to_a_colleague(tables: Moi, tmp_path: Path) -> None:
    shutil.copy(tables.database, tmp_path / "copy.duckdb")
    with duckdb.connect(str(tmp_path / "copy.duckdb"), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM articles").fetchall() == [(6,)]


def test_a_workspace_may_lie_anywhere(tmp_path: Path, run: Run) -> None:
    root = tmp_path / "it's a 'news' folder [1] *" / "ข่าว"
    assert run("init", root)[0] == 0
    write_releases(tmp_path / "r 'x' [2]", 2)
    assert run("-w", root, "fetch", tmp_path / "r 'x' [2]")[0] == 0
    code, _, err = run("-w", root, "extract")
    assert code == 0, err
    assert Moi(root).sql("SELECT count(*) FROM articles").fetchall() == [(2,)]
    moved = root.rename(tmp_path / "moved")
    assert Moi(moved).sql("SELECT count(*) FROM articles").fetchall() == [(2,)], "links are relative"
    assert Moi(moved).check() == []


def test_removed_lines_are_counted_from_1_as_editors_do(ws: Moi, tmp_path: Path) -> None:
    lines = release(1).split("\n")
    lines.insert(2, "Read 185 times")
    (tmp_path / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    ws.fetch(tmp_path / "a.txt")
    ws.extract()
    assert ws.sql("SELECT line FROM removed WHERE text = 'Read 185 times'").fetchall() == [(3,)]
