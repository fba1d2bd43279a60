"""The data checks: clean on good data, and each finds what it is there to find."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from tests.helpers import Run

from moi_pipeline.api import Moi
from moi_pipeline.curate.checks import SHOWN, run_checks
from moi_pipeline.errors import BadQuery
from moi_pipeline.setup import packaged_queries

CHECKS = packaged_queries() / "checks"
TEXT = "ตรังประชุม\n\nวันที่ 8 มีนาคม 2566 นายทดสอบ ใจกล้า เปิดโครงการตัวอย่าง ที่จังหวัดตรัง 30 คน 2 ข้อ\n1. ดี\n2. งาม"


def at(words: str) -> str:
    start = TEXT.index(words)
    return f"{start} AS span_start, {start + len(words)} AS span_end, '{words}' AS surface"


#: One good row a table; a second article is a copy of the first. What is not named is null.
GOOD = {
    "articles": f"SELECT 'a' AS article_id, 'ตรังประชุม' AS title, '{TEXT}' AS text, DATE '2023-03-08' AS event_from, "
    "DATE '2023-03-09' AS event_to, DATE '2023-03-10' AS published_at, 'ตรัง' AS province, 'TH-92' AS province_code",
    "dates": f"SELECT 'a' AS article_id, {at('8 มีนาคม 2566')}, DATE '2023-03-08' AS date_from, "
    "DATE '2023-03-08' AS date_to, 'day' AS precision, 'event' AS role",
    "officials": f"SELECT 'a' AS article_id, {at('นายทดสอบ ใจกล้า')}, 'ทดสอบ ใจกล้า' AS full_name, "
    "'ผู้ว่าราชการจังหวัดตรัง' AS position, 'TH-92' AS province_code, 'p' AS person_id",
    "persons": "SELECT 'p' AS person_id, 'ทดสอบ ใจกล้า' AS full_name",
    "person_evidence": f"SELECT 'a' AS article_id, 'p' AS person_id, {TEXT.index('นายทดสอบ')} AS span_start",
    "projects": f"SELECT 'a' AS article_id, {at('โครงการตัวอย่าง')}, 'ตัวอย่าง' AS name, 'x' AS programme_id",
    "programmes": "SELECT 'x' AS programme_id, 'ตัวอย่าง' AS name",
    "policy_item_parts": f"SELECT 'a' AS article_id, 1 AS list_no, 1 AS position, 'date' AS kind, "
    f"{TEXT.index('ดี')} AS span_start, {TEXT.index('ดี') + 2} AS span_end",
    "places": f"SELECT 'a' AS article_id, {at('จังหวัดตรัง')}, 'ตรัง' AS province, 'TH-92' AS province_code",
    "quantities": f"SELECT 'a' AS article_id, {at('30 คน')}, 30.0 AS amount, 'คน' AS unit",
    "policy_items": f"SELECT 'a' AS article_id, 1 AS list_no, '1' AS item_no, 1 AS position, 1 AS level, "
    f"{TEXT.index('ดี')} AS span_start, {TEXT.index('ดี') + 2} AS span_end, 'ดี' AS text, 2 AS declared_count, "
    "true AS list_complete UNION ALL SELECT 'a', 1, '2', 2, 1, "
    f"{TEXT.index('งาม')}, {TEXT.index('งาม') + 3}, 'งาม', 2, true",
    "removed": "SELECT 'a' AS article_id, 9 AS line, 'counter' AS reason, 'Read 185 times' AS text",
}


@pytest.fixture
def con(tables: Moi) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published tables' columns in memory, with good rows of our own."""
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{tables.database.resolve()}' AS published (READ_ONLY)")
        names = con.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'published'"
        ).fetchall()
        for (name,) in names:
            limit = "" if name in ("provinces", "moi_build") else "LIMIT 0"
            con.execute(f"CREATE TABLE {name} AS FROM published.{name} {limit}")
        con.execute("DETACH published")
        for name, row in GOOD.items():
            con.execute(f"INSERT INTO {name} BY NAME {row}")
        con.execute(
            "INSERT INTO articles SELECT * REPLACE ('b' AS article_id, 'a' AS duplicate_of) FROM articles"
        )
        con.execute("INSERT INTO duplicates BY NAME SELECT 'b' AS article_id, 'a' AS duplicate_of")
        yield con


def found(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return {violation.check: violation.count for violation in run_checks(con, CHECKS)}


def test_good_rows_are_clean(con: duckdb.DuckDBPyConnection) -> None:
    assert found(con) == {}


def test_published_tables_are_clean(tables: Moi) -> None:
    assert tables.check() == []


MENTIONS = ("dates", "officials", "projects", "places", "quantities")
PLANTED = [
    ("article_key", "INSERT INTO articles FROM articles WHERE article_id = 'a'"),
    *(
        ("orphans", f"UPDATE {name} SET article_id = 'nobody'")
        for name in (*MENTIONS, "policy_items", "removed")
    ),
    ("orphans", "UPDATE dates SET article_id = NULL"),
    *(("span_text", f"UPDATE {name} SET surface = 'other'") for name in MENTIONS),
    *(("span_text", f"UPDATE {name} SET surface = NULL") for name in MENTIONS),
    ("span_text", "UPDATE policy_items SET text = 'other' WHERE position = 1"),
    ("span_text", "UPDATE dates SET span_start = span_start + 1"),
    ("span_text", "UPDATE dates SET span_end = span_start, surface = ''"),
    (
        "span_text",
        "UPDATE dates SET span_start = -1, span_end = 3, surface = left((FROM articles SELECT any_value(text)), 2)",
    ),
    ("span_text", "UPDATE dates SET span_start = 100000, span_end = 100005"),
    ("span_text", "UPDATE dates SET span_end = NULL"),
    ("date_bounds", "UPDATE dates SET date_from = DATE '1899-12-31'"),
    ("date_bounds", "UPDATE dates SET date_to = DATE '2101-01-01'"),
    ("date_bounds", "UPDATE dates SET date_to = DATE '2023-03-07'"),
    ("date_bounds", "UPDATE dates SET date_from = NULL"),
    ("date_bounds", "UPDATE dates SET role = 'reference', date_from = DATE '0999-12-31'"),
    ("date_bounds", "UPDATE articles SET event_to = DATE '2023-03-07' WHERE article_id = 'a'"),
    ("date_bounds", "UPDATE articles SET event_to = NULL WHERE article_id = 'a'"),
    ("date_bounds", "UPDATE articles SET event_from = NULL WHERE article_id = 'a'"),
    ("date_bounds", "UPDATE articles SET event_from = DATE '0566-03-08' WHERE article_id = 'a'"),
    ("date_bounds", "UPDATE articles SET published_at = DATE '2566-03-08' WHERE article_id = 'a'"),
    ("empty_names", "UPDATE officials SET full_name = ''"),
    ("empty_names", "UPDATE officials SET full_name = ' ทดสอบ'"),
    ("empty_names", "UPDATE officials SET full_name = E'ทดสอบ\\n'"),
    ("empty_names", "UPDATE officials SET position = ''"),
    ("empty_names", "UPDATE projects SET name = ''"),
    ("empty_names", "UPDATE projects SET name = NULL"),
    ("empty_names", "UPDATE projects SET name = E'ตัวอย่าง\\t'"),
    ("empty_names", "UPDATE articles SET title = ' ' WHERE article_id = 'a'"),
    ("empty_names", "UPDATE articles SET title = NULL WHERE article_id = 'a'"),
    ("list_complete", "DELETE FROM policy_items WHERE position = 2"),
    ("list_complete", "UPDATE policy_items SET item_no = '3' WHERE position = 2"),
    ("list_complete", "UPDATE policy_items SET declared_count = 3"),
    ("list_complete", "UPDATE policy_items SET declared_count = NULL"),
    ("list_complete", "UPDATE policy_items SET list_complete = NULL"),
    ("list_complete", "UPDATE policy_items SET list_complete = false WHERE position = 2"),
    ("list_complete", "UPDATE policy_items SET level = 2"),
    ("list_complete", "UPDATE policy_items SET list_intro = 'other' WHERE position = 2"),
    ("provinces", "UPDATE articles SET province_code = 'TH-99' WHERE article_id = 'a'"),
    ("provinces", "UPDATE articles SET province_code = 'TH-48' WHERE article_id = 'a'"),
    ("provinces", "UPDATE articles SET province = NULL WHERE article_id = 'a'"),
    ("provinces", "UPDATE places SET province_code = '92'"),
    ("provinces", "UPDATE places SET province = 'น่าน'"),
    ("provinces", "UPDATE officials SET province_code = 'TH-92 '"),
    ("keys", "INSERT INTO persons FROM persons"),
    ("keys", "INSERT INTO programmes FROM programmes"),
    ("keys", "UPDATE projects SET programme_id = 'other'"),
    ("keys", "INSERT INTO tenures BY NAME SELECT 'p' AS person_id, 'no office' AS office"),
    ("persons", "UPDATE officials SET person_id = NULL"),
    ("persons", "UPDATE officials SET full_name = NULL"),
    ("persons", "DELETE FROM persons"),
    ("persons", "DELETE FROM person_evidence"),
    ("duplicates", "DELETE FROM articles WHERE article_id = 'a'"),
    ("duplicates", "UPDATE articles SET duplicate_of = NULL"),
    ("duplicates", "INSERT INTO duplicates BY NAME SELECT 'a' AS article_id, 'b' AS duplicate_of"),
    ("policy_parts", "UPDATE policy_item_parts SET span_end = span_end + 1"),
    ("policy_parts", "UPDATE policy_item_parts SET span_start = span_start - 1"),
]


@pytest.mark.parametrize(("check", "plant"), PLANTED)
def test_each_check_finds_what_it_is_for(con: duckdb.DuckDBPyConnection, check: str, plant: str) -> None:
    con.execute(plant)
    assert check in found(con)


def test_no_check_is_untested() -> None:
    assert {path.stem for path in CHECKS.glob("*.sql")} == {check for check, _ in PLANTED}


def test_every_check_says_what_it_is_for() -> None:
    for path in CHECKS.glob("*.sql"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("-- ") and first.endswith("."), path


@pytest.mark.parametrize(
    "good",
    [
        "UPDATE dates SET role = 'reference', date_from = DATE '1782-04-21', date_to = DATE '1782-12-31'",
        "UPDATE policy_items SET declared_count = NULL, list_complete = NULL",
        "UPDATE policy_items SET declared_count = 3, list_complete = false",
        "UPDATE articles SET event_from = NULL, event_to = NULL, province = NULL, province_code = NULL, "
        "published_at = NULL",
        "UPDATE officials SET full_name = NULL, person_id = NULL, position = NULL, province_code = NULL",
        "UPDATE places SET province = NULL, province_code = NULL",
        "INSERT INTO policy_items BY NAME SELECT * REPLACE ('1.1' AS item_no, 2 AS level, 3 AS position) "
        "FROM policy_items WHERE position = 1",
    ],
)
def test_what_is_allowed_is_clean(con: duckdb.DuckDBPyConnection, good: str) -> None:
    con.execute(good)
    assert found(con) == {}


def test_all_violations_are_counted_and_some_are_shown(tmp_path: Path) -> None:
    (tmp_path / "many.sql").write_text(
        "-- Nothing is large.\nSELECT * FROM range(25000) AS t (n)", encoding="utf-8"
    )
    (tmp_path / "clean.sql").write_text("SELECT 1 WHERE false", encoding="utf-8")
    with duckdb.connect() as con:
        (violation,) = run_checks(con, tmp_path)
    assert (violation.check, violation.about, violation.count) == ("many", "Nothing is large.", 25000)
    assert violation.rows == [{"n": n} for n in range(SHOWN)]


@pytest.mark.parametrize("text", ["SELECT * FROM nowhere", "SELEC", "-- nothing yet", ""])
def test_a_check_that_is_wrong_names_its_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.sql"
    path.write_text(text, encoding="utf-8")
    with duckdb.connect() as con, pytest.raises(BadQuery) as caught:
        run_checks(con, tmp_path)
    assert str(caught.value).startswith(f"{path}: ")


def test_an_analysts_own_check_is_run_by_extract_and_check(built: Moi, run: Run) -> None:
    (built.queries / "checks" / "mine.sql").write_text(
        "-- No release is short.\nSELECT article_id, length(text) AS letters FROM articles", encoding="utf-8"
    )
    code, out, err = run("-w", built.root, "extract")
    assert code == 3, "the tables are there, but not to be trusted blindly"
    assert "moi: check mine: 6 violations. No release is short." in err
    code, out, err = run("-w", built.root, "check")
    assert code == 1
    assert "'letters'" in err
    code, out, _ = run("-w", built.root, "check", "--json")
    assert code == 1
    (told,) = json.loads(out)
    assert (told["check"], told["count"], len(told["rows"])) == ("mine", 6, 6)
    (built.queries / "checks" / "mine.sql").unlink()
    assert run("-w", built.root, "check") == (0, "all checks are clean\n", "")
    assert json.loads(run("-w", built.root, "check", "--json")[1]) == []
