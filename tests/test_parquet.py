"""Row groups put together in a new file are the rows that they were, whatever their columns hold."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from moi_pipeline.curate import parquet
from moi_pipeline.curate.files import ROW_GROUP, Files, Moved
from moi_pipeline.curate.parquet import NotSpliced, read_footer, splice

#: A row a number: texts that repeat and that don't, nulls, lists, days, numbers, truths.
ROWS = """
    SELECT
        'a' || (i // 3) AS article_id,
        'จังหวัดที่ ' || (i % 7) AS province,
        repeat('ข้อความ ', i % 50) || i AS text,
        CASE WHEN i % 3 = 0 THEN i END AS amount,
        CASE WHEN i % 5 > 0 THEN [i, NULL, i + 1] END AS numbers,
        DATE '2024-01-01' + (i % 400)::INTEGER AS day,
        i / 7 AS share,
        i % 2 = 0 AS even
    FROM range({start}, {stop}) AS t (i)
"""


def write(path: Path, start: int, stop: int, codec: str = "zstd") -> Path:
    with duckdb.connect() as con:
        con.execute(
            f"COPY ({ROWS.format(start=start, stop=stop)}) TO '{path}' "
            f"(FORMAT parquet, COMPRESSION {codec}, ROW_GROUP_SIZE 2048)"
        )
    return path


@pytest.fixture
def last(tmp_path: Path) -> Path:
    """The folder of the build before."""
    (tmp_path / "last").mkdir()
    return tmp_path / "last"


@pytest.fixture
def now(tmp_path: Path) -> Path:
    """The folder of the build that goes on from it."""
    (tmp_path / "now").mkdir()
    return tmp_path / "now"


def publish(con: duckdb.DuckDBPyConnection, folder: Path, rows: int) -> None:
    """A table ``t`` of so many rows, and its file."""
    con.execute(f"CREATE TABLE t AS {ROWS.format(start=0, stop=rows)}")
    with Files(con, folder) as files:
        files.write("t", "t")


@pytest.mark.parametrize("codec", ["zstd", "snappy", "uncompressed"])
def test_groups_of_two_files_in_any_order(tmp_path: Path, codec: str) -> None:
    one, two = (
        write(tmp_path / "1.parquet", 0, 30_000, codec),
        write(tmp_path / "2.parquet", 30_000, 36_000, codec),
    )
    parts = [(read_footer(one), [9, 0, 3]), (read_footer(two), [1]), (read_footer(one), [5])]
    splice(tmp_path / "out.parquet", parts)
    there = pq.ParquetFile(tmp_path / "out.parquet")
    wanted = [pq.ParquetFile(f.path).read_row_group(n) for f, numbers in parts for n in numbers]
    assert there.num_row_groups == 5
    for number, rows in enumerate(wanted):
        assert there.read_row_group(number).equals(rows)
    with duckdb.connect() as con:
        found = con.sql(f"SELECT count(*), count(DISTINCT text) FROM '{tmp_path / 'out.parquet'}'").fetchall()
        one_day = f"FROM '{tmp_path / 'out.parquet'}' WHERE day = DATE '2024-03-01' AND text <> ''"
        seen = con.sql(f"SELECT count(*) {one_day}").fetchall()
        everywhere = sum(
            con.register("t", t) is not None
            and con.sql("SELECT count(*) FROM t WHERE day = DATE '2024-03-01'").fetchall()[0][0]
            for t in wanted
        )
    assert found == [(sum(rows.num_rows for rows in wanted),) * 2]
    assert seen == [(everywhere,)], "statistics and filters still belong to their rows"


def test_filters_that_duckdb_wrote_go_with_their_groups(tmp_path: Path) -> None:
    one = write(tmp_path / "1.parquet", 0, 9_000)
    splice(tmp_path / "out.parquet", [(read_footer(one), [3, 1])])
    with duckdb.connect() as con:
        probe = "SELECT bloom_filter_excludes FROM parquet_bloom_probe(?, 'province', ?)"
        out = str(tmp_path / "out.parquet")
        kept, other = (con.execute(probe, [out, value]).fetchall() for value in ("จังหวัดที่ 3", "ไม่มี"))
    assert kept == [(False,), (False,)]
    assert other == [(True,), (True,)]


def test_a_footer_is_written_as_it_was_read(tmp_path: Path) -> None:
    path = write(tmp_path / "1.parquet", 0, 50_000)
    raw = path.read_bytes()
    out = BytesIO()
    parquet._write_struct(out, read_footer(path).fields)
    assert out.getvalue() == raw[-8 - len(out.getvalue()) : -8]


def test_what_can_not_be_put_together_is_told(tmp_path: Path) -> None:
    one = write(tmp_path / "1.parquet", 0, 3_000)
    other = tmp_path / "2.parquet"
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT 'x' AS article_id) TO '{other}' (FORMAT parquet)")
    with pytest.raises(NotSpliced, match="another schema"):
        splice(tmp_path / "out.parquet", [(read_footer(one), [0]), (read_footer(other), [0])])
    for name, data in (
        ("short", b"PAR1"),
        ("text", b"no Parquet at all"),
        ("cut", one.read_bytes()[:-9] + b"\xff" * 4 + b"PAR1"),
    ):
        bad = tmp_path / name
        bad.write_bytes(data)
        with pytest.raises(NotSpliced):
            read_footer(bad)


@pytest.mark.parametrize("seed", range(6))
def test_a_file_of_which_some_rows_changed(last: Path, now: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = chance.choice([0, 500, 3 * ROW_GROUP + 17, 9 * ROW_GROUP])
    with duckdb.connect() as con:
        publish(con, last, rows)
        gone = [f"a{chance.randrange(rows // 3 + 1)}" for _ in range(chance.choice([0, 1, 40]))]
        con.execute("CREATE TABLE fresh AS " + ROWS.format(start=rows, stop=rows + chance.choice([1, 2_000])))
        con.execute(
            "INSERT INTO fresh SELECT * REPLACE ('other' AS text) FROM t WHERE article_id = ?",
            gone[:1] or [""],
        )
        con.execute("CREATE TABLE touched AS SELECT DISTINCT article_id FROM fresh")
        con.executemany("INSERT INTO touched VALUES (?)", [[name] for name in gone] or [["none"]])
        con.execute("DELETE FROM t WHERE article_id IN (FROM touched)")
        con.execute("INSERT INTO t FROM fresh")
        with Files(con, now) as files:
            files.renew("t", "t", last, Moved("article_id", "touched", "fresh"))
        file = f"FROM '{now / 't.parquet'}'"
        differ = con.execute(f"(FROM t EXCEPT ALL {file}) UNION ALL ({file} EXCEPT ALL FROM t)").fetchall()
        assert differ == []
        assert (
            con.execute(f"SELECT count(*) {file}").fetchall()
            == con.execute("SELECT count(*) FROM t").fetchall()
        )
    assert [path.name for path in now.iterdir()] == ["t.parquet"]


def test_groups_that_nothing_touched_keep_their_bytes(last: Path, now: Path) -> None:
    with duckdb.connect() as con:
        publish(con, last, 5 * ROW_GROUP)
        con.execute(
            "CREATE TABLE fresh AS SELECT * REPLACE (text || '!' AS text) FROM t WHERE article_id = 'a2'"
        )
        with Files(con, now) as files:
            files.renew("t", "t", last, Moved("article_id", "(SELECT 'a2' AS article_id)", "fresh"))
    old, new = (read_footer(folder / "t.parquet") for folder in (last, now))
    assert old.rows == [ROW_GROUP] * 5
    assert new.rows[:4] == [ROW_GROUP] * 4
    assert sum(new.rows) == sum(old.rows)
    assert pq.ParquetFile(new.path).read(["text"]).column("text").to_pylist()[-1].endswith("!")
    data = old.path.read_bytes()
    for number in range(1, 5):
        start = parquet._start(old.groups[number][parquet.COLUMNS][1][1][0][parquet.METADATA][1])
        assert data[start : start + 5_000] in new.path.read_bytes()
