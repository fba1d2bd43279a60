"""Measure how the tables grow: building them from 10,000 to a million articles, and one more night on each.

    python bench/growth.py CORPUS_DIR [--sizes 10000 100000] [--folder DIR] [--night 500]

The corpus is fetched and extracted once. Its records are then varied in SQL: each variant exchanges the consonants
of every text for others (so names, programmes, items and sketches are new, and all spans still hold), moves the
dates, the provinces and the amounts, and three variants share their letters, so that people, undertakings and orders
come back. One record in fourteen is posted again by another site with a few words added. What is timed is the command
as cron would run it: ``moi extract`` over all, again with nothing new, and after a night of real releases.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

import moi_pipeline as moi
from moi_pipeline.extract.fingerprint import fingerprint
from moi_pipeline.extract.schema import RECORD
from moi_pipeline.setup import make_workspace
from moi_pipeline.store import CAPTURES, segments, write_segment

CONSONANTS = "กขคฆงจฉชซญฎฏฐฑฒณดตถทธนบปผพฟภมยรลวศษสหฬอฮ"
DIGITS = "0123456789"
#: Variants that share their letters, and variants a segment (a compacted one holds some thousand records).
SHARED, BATCH = 3, 20
WORDS = ("surface", "name", "title", "text", "given_name", "family_name", "full_name", "position", "organisation",
         "list_intro", "speaker", "venue", "subdistrict", "district", "marker")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Timed:
    """A command's seconds, and the most memory that it held, in MB."""

    seconds: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--night", type=int, default=500, help="real releases that a night brings")
    parser.add_argument("--folder", type=Path, help="make the workspaces here and leave them")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        base = records_of(args.corpus, folder / "base")
        print(
            f"{'articles':>10s}{'made':>8s}{'built':>8s}{'ms each':>9s}{'MB':>7s}{'again':>8s}{'a night':>9s}{'MB':>7s}"
            f"{'raw':>8s}{'extracted':>10s}{'curated':>9s}  (seconds; bytes an article)"
        )
        for size in args.sizes:
            measure(args.corpus, base, folder / str(size), size, args.night)


def measure(corpus: Path, base: pa.Table, folder: Path, size: int, night: int) -> None:
    """One size: make it, build it, build it with nothing new, and after a night; prints a line."""
    started = time.monotonic()
    if not folder.exists():
        grow(base, folder, size)
    made = time.monotonic() - started
    ws = moi.open(folder)
    built = run(folder, "extract")
    count = ws.sql("SELECT count(*) FROM articles").fetchall()[0][0]
    again = run(folder, "extract")
    tonight = folder / "tonight"
    releases(corpus, tonight, night)
    run(folder, "fetch", str(tonight))
    nightly = run(folder, "extract", "--workers", "2")
    more = ws.sql("SELECT count(*) FROM articles").fetchall()[0][0] - count
    sizes = [
        sum(path.stat().st_size for path in paths) / (count + more)
        for paths in (segments(ws.raw), segments(ws.extracted), sorted((ws.curated / "current/").iterdir()))
    ]
    print(
        f"{count:10,d}{made:8.1f}{built.seconds:8.1f}{built.seconds / count * 1000:9.3f}{built.memory:7.0f}"
        f"{again.seconds:8.2f}{nightly.seconds:9.1f}{nightly.memory:7.0f}"
        f"{sizes[0]:8.0f}{sizes[1]:10.0f}{sizes[2]:9.0f}  ({more} new in the night)",
        flush=True,
    )


def run(folder: Path, *command: str) -> Timed:
    """Run moi in a process of its own. Raises CalledProcessError where it fails."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "moi_pipeline", "--workspace", str(folder), *command],
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if code := os.waitstatus_to_exitcode(status):
        raise subprocess.CalledProcessError(code, command)
    return Timed(time.monotonic() - started, usage.ru_maxrss / 1024)


def releases(corpus: Path, folder: Path, count: int) -> None:
    """The corpus' first ``count`` releases as files of a night."""
    folder.mkdir(exist_ok=True)
    for path in sorted(corpus.glob("*.txt"))[:count]:
        (folder / path.name).write_bytes(path.read_bytes())


def records_of(corpus: Path, folder: Path) -> pa.Table:
    """The extracted records of the corpus' articles."""
    if not folder.exists():
        make_workspace(folder)
        ws = moi.open(folder)
        ws.fetch(corpus)
        ws.extract()
    with duckdb.connect() as con:
        return con.sql(
            f"FROM read_parquet('{folder}/data/extracted/*/*.parquet') WHERE outcome = 'article' ORDER BY capture_id"
        ).to_arrow_table()


def grow(base: pa.Table, folder: Path, size: int) -> None:
    """A workspace of about ``size`` articles: raw captures, and the records that were made of them."""
    make_workspace(folder)
    ws = moi.open(folder)
    target = ws.extracted / fingerprint()
    variants = round(size / (base.num_rows * (1 + 1 / 14)))
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        con.register("base", base)
        con.execute("CREATE TABLE records AS SELECT row_number() OVER () AS n, * FROM base")
        province_map(con)
        for first in range(0, max(1, variants), BATCH):
            batch = [variant(number) for number in range(first, min(first + BATCH, max(1, variants)))]
            con.execute(
                "CREATE OR REPLACE TABLE variants "
                "(number INTEGER, letters VARCHAR, digits VARCHAR, days INTEGER, province INTEGER)"
            )
            con.executemany("INSERT INTO variants VALUES (?, ?, ?, ?, ?)", batch)
            con.execute("CREATE OR REPLACE TABLE grown AS " + VARIED)
            con.execute("INSERT INTO grown " + AGAIN)
            con.execute(
                "UPDATE grown SET capture_id = sha256(source || url), "
                "article_id = left(sha256(source || chr(0) || url), 16), content_sha256 = sha256(text), "
                "characters = length(text)"
            )
            columns = ", ".join(f"{field.name}" for field in RECORD)
            write_segment(target, con.sql(f"SELECT {columns} FROM grown").to_arrow_table().cast(RECORD))
            captures = con.sql(CAPTURED).to_arrow_table()
            write_segment(ws.raw / "growth", captures.cast(CAPTURES))


def variant(number: int) -> tuple[int, str, str, int, int]:
    """A variant's letters, digits, days and provinces, moved by its number."""
    letters = list(CONSONANTS)
    random.Random(number // SHARED).shuffle(letters)
    digits = list(DIGITS)
    random.Random(number + 1_000_000).shuffle(digits)
    return number, "".join(letters), "".join(digits), number * 37 % 3650 - 3000, number // SHARED


def province_map(con: duckdb.DuckDBPyConnection) -> None:
    """The provinces numbered, so that a variant can move each to another."""
    path = Path(moi.__file__).parent / "thai" / "data" / "provinces.csv"
    con.execute(
        "CREATE TABLE province_list AS SELECT row_number() OVER (ORDER BY code) AS place, code, name "
        f"FROM read_csv('{path}', header = true, comment = '#', all_varchar = true)"
    )
    con.execute("SET VARIABLE codes = (SELECT list(code ORDER BY place) FROM province_list)")
    con.execute("SET VARIABLE names = (SELECT list(name ORDER BY place) FROM province_list)")


def _value(name: str, kind: pa.DataType, expression: str) -> str:
    """The varied value of a column or a mention's field, in SQL."""
    if name in WORDS and pa.types.is_string(kind):
        return f"translate({expression}, '{CONSONANTS}{DIGITS}', v.letters || v.digits)"
    if name in ("published_at", "event_from", "event_to", "date_from", "date_to"):
        return f"({expression} + v.days)"
    if name in ("province", "province_code"):
        values = "names" if name == "province" else "codes"
        all_of = f"getvariable('{values}')"
        return f"{all_of}[(list_position({all_of}, {expression}) - 1 + v.province) % 77 + 1]"
    if name == "amount":
        return f"({expression} + v.number % 977)"
    return expression


def _column(field: pa.Field) -> str:
    kind = field.type
    if pa.types.is_list(kind) and pa.types.is_struct(kind.value_type) and field.name != "removed":
        inner = ", ".join(f"{f.name}: {_value(f.name, f.type, f'm.{f.name}')}" for f in kind.value_type)
        return f"list_transform(r.{field.name}, lambda m: {{{inner}}}) AS {field.name}"
    if field.name == "sketch":
        return "list_transform(r.sketch, lambda n: hash(n, v.letters) & 4294967295) AS sketch"
    return f"{_value(field.name, kind, f'r.{field.name}')} AS {field.name}"


VARIED = (
    "SELECT 'growth-' || lpad((v.number % 90)::VARCHAR, 2, '0') AS source, "
    "'https://growth.example/' || v.number || '/' || r.n AS url, "
    + ", ".join(_column(field) for field in RECORD)
    + " FROM records AS r CROSS JOIN variants AS v"
)
AGAIN = """
SELECT * REPLACE (
    'again-' || source AS source,
    text || chr(10) || 'ข่าวและภาพโดยสำนักงานใกล้บ้าน ' || left(sha256(url), 6) AS text,
    published_at + 1 AS published_at,
    list_transform(sketch, lambda n, place: CASE WHEN place % 13 = 5 THEN hash(n) & 4294967295 ELSE n END) AS sketch
)
FROM grown
WHERE hash(url) % 14 = 3
"""
CAPTURED = """
SELECT capture_id, source, url, url AS final_url, 'text' AS kind,
    TIMESTAMPTZ '2025-01-01 00:00:00+00' + INTERVAL 1 SECOND * (hash(url) % 10000000)::INTEGER AS fetched_at,
    200::SMALLINT AS status, 'text/plain' AS content_type, 'utf-8' AS charset,
    NULL AS etag, NULL AS last_modified, NULL AS listed_title, NULL AS listed_published, NULL AS listed_modified,
    encode(text) AS body
FROM grown
"""


if __name__ == "__main__":
    main()
