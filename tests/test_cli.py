"""The command line as people and scripts meet it."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from tests.helpers import Run, environment, moi, write_releases

from moi_pipeline.api import Moi
from moi_pipeline.show.grid import print_table
from moi_pipeline.show.tables import to_json


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group of the command line, by the words that call it."""
    yield path, group
    for name, command in sorted(getattr(group, "commands", {}).items()):
        yield from commands(command, (*path, name))


def all_commands() -> list[tuple[str, ...]]:
    import typer.main

    from moi_pipeline.cli import app

    return [path for path, _ in commands(typer.main.get_command(app))]


@pytest.mark.parametrize("path", all_commands(), ids=lambda path: " ".join(("moi", *path)))
def test_every_help_has_an_example(path: tuple[str, ...], run: Run) -> None:
    code, out, err = run(*path, "--help")
    assert (code, err) == (0, "")
    assert "Example:\n" in out
    example = out.split("Example:\n")[1].splitlines()[0].split()
    assert example[: 1 + len(path)] == ["moi", *path], "an example of this very command, on a line of its own"
    assert run(*path, "-h")[1] == out


def test_all_commands_are_there() -> None:
    assert {
        ("init",),
        ("sources",),
        ("fetch",),
        ("extract",),
        ("sql",),
        ("show",),
        ("status",),
        ("check",),
    } <= set(all_commands())


def test_help_is_light() -> None:
    script = (
        "import sys\nfrom moi_pipeline import cli\nsys.argv = ['moi', '--help']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "heavy = {'pythainlp', 'duckdb', 'pandas', 'pyarrow', 'numpy', 'httpx', 'selectolax', 'ahocorasick'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr.strip() == "[]"


def test_version_and_wrong_use(run: Run) -> None:
    code, out, _ = run("--version")
    assert (code, out.split()[0]) == (0, "moi")
    for wrong in (
        ["nothing"],
        ["sql", "--nothing"],
        ["extract", "--workers", "-1"],
        ["extract", "--workers", "x"],
    ):
        code, _, err = run(*wrong)
        assert code == 2, wrong
        assert "Usage" in err or "Error" in err


JSON = [
    ["status", "--json"],
    ["check", "--json"],
    ["sources", "--json"],
    ["sources", "list", "--json"],
    ["fetch", "news", "--json"],
    ["extract", "--json"],
]


@pytest.mark.parametrize("args", JSON, ids=" ".join)
def test_json_is_json_and_nothing_else(args: list[str], built: Moi, run: Run) -> None:
    code, out, err = run("-w", built.root, *args)
    assert (code, err) == (0, "")
    facts = json.loads(out)
    assert isinstance(facts, (dict, list))
    assert out.endswith("\n")


def test_json_before_anything_is_there(ws: Moi, run: Run) -> None:
    code, out, _ = run("-w", ws.root, "status", "--json")
    facts = json.loads(out)
    assert (code, facts["tables"]) == (0, {})
    assert "there are no tables yet" in facts["built"]
    assert run("-w", ws.root, "sources", "--json")[0] == 0
    code, out, err = run("-w", ws.root, "status")
    assert (code, err) == (0, "")
    assert "there are no tables yet. Run moi fetch, then moi extract." in out
    for command in (["sql", "SELECT 1"], ["check"], ["show", "a"]):
        code, out, err = run("-w", ws.root, *command)
        assert (code, out) == (1, "")
        assert "there are no tables yet" in err


def test_status_tells_what_is_there(tables: Moi, run: Run) -> None:
    code, out, err = run("-w", tables.root, "status")
    assert (code, err) == (0, "")
    assert f"workspace {tables.root}" in out
    assert "articles 6" in out
    assert json.loads(run("-w", tables.root, "status", "--json")[1])["tables"]["articles"] == 6


def cells(text: str) -> int:
    """The width of a text in a terminal's cells: Thai vowels and tone marks above and below take none."""
    return sum(unicodedata.category(c) not in ("Mn", "Me", "Cf") for c in text)


THAI = (
    "SELECT * FROM (VALUES ('กำนัน', 1, 'ที่ดิน'), ('ผู้ใหญ่บ้าน', 22, 'น้ำ'), ('ก', NULL, NULL)) AS t (ตำแหน่ง, n, อื่น)"
)


def test_tables_align_thai_in_a_pipe(tables: Moi, run: Run) -> None:
    _, out, _ = run("-w", tables.root, "sql", THAI)
    head, rule, *rows = out.splitlines()
    widths = [len(part) for part in rule.split("  ")]
    assert widths == [7, 2, 3]
    assert cells(head) == 7 + 2 + 2 + 2 + 2
    for line, number, last in zip(rows, ("1", "22", ""), ("ที่ดิน", "น้ำ", ""), strict=True):
        left = line[: line.index(number)] if number else line
        assert cells(left) == (9 + 2 - len(number) if number else 1), "numbers end in one column"
        assert cells(line) == (13 + cells(last) if last else 1)


def test_nothing_is_cut_in_a_pipe(tables: Moi, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    code, out, _ = run("-w", tables.root, "sql", "SELECT article_id, text, text AS again FROM articles")
    assert code == 0
    lines = out.splitlines()
    assert len(lines) == 2 + 6, "a row is a line"
    for text in (row[0] for row in tables.sql("SELECT text FROM articles").fetchall()):
        assert out.count(text.replace("\n", " ")) == 2


def in_terminal(*args: str | Path, cwd: Path, columns: int = 60) -> str:
    """What a terminal of that width is sent."""
    ours, its = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "moi_pipeline", *map(str, args)],
        cwd=cwd,
        env=environment(TERM="xterm-256color", COLUMNS=str(columns)),
        stdin=its,
        stdout=its,
        stderr=its,
    ) as running:
        os.close(its)
        sent = b""
        try:
            while part := os.read(ours, 65536):
                sent += part
        except OSError:
            pass  # Linux's way to say that the other end is closed
        finally:
            os.close(ours)
        assert running.wait(60) == 0, sent
    return sent.decode("utf-8")


def test_tables_align_thai_in_a_terminal(tables: Moi) -> None:
    out = in_terminal("sql", THAI, cwd=tables.root)
    rows = [line.rstrip() for line in out.replace("\r", "").splitlines()]
    ends = [cells(row[: row.index(n) + len(n)]) for row, n in ((rows[-5], "1"), (rows[-4], "22"))]
    assert ends[0] == ends[1]
    assert "3 rows" in out


def test_long_cells_wrap_in_a_terminal_and_nothing_is_lost(tables: Moi) -> None:
    out = in_terminal("sql", "SELECT article_id, title FROM articles LIMIT 1", cwd=tables.root, columns=40)
    ((number, title),) = tables.sql("SELECT article_id, title FROM articles LIMIT 1").fetchall()
    plain = out.replace("\r", "")
    assert all(cells(line) <= 40 for line in plain.splitlines() if "\x1b" not in line)
    assert set(number + title) - set(plain) == set()


def test_progress_is_shown_on_a_terminal_only(built: Moi, run: Run) -> None:
    assert "\x1b[" in in_terminal("fetch", "news", cwd=built.root)
    code, out, err = run("-w", built.root, "extract", "--rebuild", "--workers", "1")
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    assert out.startswith("extracted 6 captures in ")
    assert "(6 article)\ntables: articles 6, dates " in out


ROWS = (
    "SELECT 'ก,\"ข\"\nค' AS t, 1.5 AS d, DATE '2023-03-08' AS day, [1, 2] AS l, NULL AS nothing, true AS yes"
)


def test_csv(tables: Moi, tmp_path: Path, run: Run) -> None:
    code, out, err = run("-w", tables.root, "sql", ROWS, "--format", "csv")
    assert (code, err) == (0, "")
    head, row = csv.reader(io.StringIO(out, newline=""))
    assert head == ["t", "d", "day", "l", "nothing", "yes"]
    assert row == ['ก,"ข"\nค', "1.5", "2023-03-08", "[1, 2]", "", "True"]
    done = moi("sql", "-f", "csv", "FROM dates ORDER BY ALL", "-o", tmp_path / "dates.csv", cwd=tables.root)
    assert done.stdout == ""
    with (tmp_path / "dates.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + tables.sql("SELECT count(*) FROM dates").fetchall()[0][0]


def test_json_rows(tables: Moi, tmp_path: Path, run: Run) -> None:
    query = (
        ROWS
        + ", 1 / 0 AS i, 'nan'::DOUBLE AS n, {'a': [DATE '2023-03-08']} AS s, 'ก' AS t"
        + ", TIMESTAMP '2023-03-08 09:30' AS m"
    )

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is no JSON")

    code, out, _ = run("-w", tables.root, "sql", query, "-f", "json")
    (row,) = json.loads(out, parse_constant=refuse)
    assert code == 0
    assert row == {
        "t": 'ก,"ข"\nค',
        "d": 1.5,
        "day": "2023-03-08",
        "l": [1, 2],
        "nothing": None,
        "yes": True,
        "i": None,
        "n": None,
        "s": {"a": ["2023-03-08"]},
        "t_1": "ก",
        "m": "2023-03-08T09:30:00",
    }
    assert "ก" in out, "Thai as it is"
    assert run("-w", tables.root, "sql", "FROM dates WHERE false", "-f", "json")[1] == "[]\n"
    run("-w", tables.root, "sql", "FROM articles", "-f", "json", "-o", tmp_path / "a.json")
    assert len(json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))) == 6


def test_parquet(tables: Moi, tmp_path: Path, run: Run) -> None:
    path = tmp_path / "a.parquet"
    assert run("-w", tables.root, "sql", "FROM articles", "-f", "parquet", "-o", path) == (0, "", "")
    assert pq.read_table(path).num_rows == 6
    piped = subprocess.run(
        [sys.executable, "-m", "moi_pipeline", "sql", "FROM articles", "-f", "parquet"],
        cwd=tables.root, env=environment(), capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    assert pq.read_table(io.BytesIO(piped.stdout)).num_rows == 6


def test_table_to_a_file_cuts_nothing(tables: Moi, tmp_path: Path, run: Run) -> None:
    assert run("-w", tables.root, "sql", "SELECT text FROM articles", "-o", tmp_path / "a.txt") == (0, "", "")
    lines = (tmp_path / "a.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 8
    assert max(map(len, lines)) > 400


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT titel FROM articles", "titel"),
        ("FROM artcles", "artcles"),
        ("SELECT title::INTEGER FROM articles", "Could not convert string"),
        ("DELETE FROM articles", "read-only"),
        ("", "no query"),
        ("/* nothing */", "no query"),
    ],
)
@pytest.mark.parametrize("form", ["table", "csv", "json", "parquet"])
def test_a_wrong_query_is_told_and_spoils_no_file(
    query: str, words: str, form: str, tables: Moi, tmp_path: Path, run: Run
) -> None:
    path = tmp_path / "out"
    path.write_text("older", encoding="utf-8")
    code, out, err = run("-w", tables.root, "sql", query, "-f", form, "-o", path)
    assert (code, out) == (1, "")
    assert err.startswith("moi: ")
    assert words in err
    assert path.read_text(encoding="utf-8") == "older"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_a_file_that_cannot_be_written_is_told(tables: Moi, tmp_path: Path, run: Run) -> None:
    for form in ("csv", "parquet", "table"):
        code, _, err = run("-w", tables.root, "sql", "FROM dates", "-f", form, "-o", tmp_path / "no" / "x")
        assert code == 1
        assert str(tmp_path / "no" / "x") in err
        assert "No such file or directory" in err
    assert run("-w", tables.root, "sql", "FROM dates", "-f", "xml")[0] == 2


def test_control_characters_do_not_reach_the_terminal(tables: Moi, run: Run) -> None:
    _, out, _ = run("-w", tables.root, "sql", "SELECT E'a\\x1b[31mb\\tc\\rd' AS x, 1 AS n")
    assert "\x1b" not in out
    assert "\t" not in out
    assert out.splitlines()[-1].split()[-1] == "1"


def test_a_reader_that_goes_away_is_no_error(tables: Moi) -> None:
    for query in ("SELECT 1", "SELECT repeat('ก', 1000) FROM range(2000)"):
        ours, its = os.pipe()
        os.close(ours)
        done = subprocess.run(
            [sys.executable, "-m", "moi_pipeline", "sql", query],
            cwd=tables.root, env=environment(), stdout=its, stderr=subprocess.PIPE, timeout=60, check=False,
        )  # fmt: skip
        os.close(its)
        assert done.stderr == b""
        assert done.returncode == 1
    told = subprocess.run(
        f"{sys.executable} -m moi_pipeline sql 'SELECT * FROM range(100000)' -f csv | head -n 2",
        shell=True, cwd=tables.root, env=environment(), capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert (told.stdout, told.stderr) == ("range\n0\n", "")


def test_a_terminal_that_knows_no_thai_gets_something(tables: Moi) -> None:
    env = environment(PYTHONIOENCODING="ascii")
    for command in (["sql", "SELECT title FROM articles"], ["show", first(tables)]):
        assert r"\u0e" in moi(*command, cwd=tables.root, env=env).stdout


def first(workspace: Moi) -> str:
    return str(workspace.sql("SELECT min(article_id) FROM articles").fetchall()[0][0])


def test_show_marks_the_mentions(tables: Moi, run: Run) -> None:
    number = first(tables)
    code, out, err = run("-w", tables.root, "show", number)
    assert (code, err) == (0, "")
    facts = tables.show(number)
    assert f"article   {number}" in out
    assert facts["url"] in out
    for date in facts["dates"]:
        assert f"[d {date['surface']}" in out or "]" in date["surface"]
    assert out.count("[i ") == len(facts["policy_items"])
    assert f"[d] date {len(facts['dates'])}" in out
    plain = out.split("\n\n", 1)[1].rsplit("\n\n", 1)[0]
    for mark in "dopilq":
        plain = plain.replace(f"[{mark} ", "")
    assert plain.replace("]", "").strip() == facts["text"].replace("]", "").strip(), (
        "the whole text, unchanged"
    )


def test_show_by_the_beginning_of_the_id_and_by_address(tables: Moi, run: Run) -> None:
    number = first(tables)
    whole = run("-w", tables.root, "show", number)[1]
    assert run("-w", tables.root, "show", number[:10])[1] == whole
    ((url,),) = tables.sql(f"SELECT url FROM articles WHERE article_id = '{number}'").fetchall()
    assert moi("show", url, cwd=tables.root).stdout == whole


def test_show_as_json_is_the_evidence(tables: Moi, run: Run) -> None:
    code, out, _ = run("-w", tables.root, "show", first(tables), "--json")
    facts = json.loads(out)
    assert code == 0
    for kind in ("dates", "officials", "projects", "places", "quantities"):
        for mention in facts[kind]:
            assert facts["text"][mention["span_start"] : mention["span_end"]] == mention["surface"]
    for item in facts["policy_items"]:
        assert facts["text"][item["span_start"] : item["span_end"]] == item["text"]
    assert len(facts["policy_items"]) == 3
    assert facts["dates"][0]["date_from"].startswith("20")


def test_show_of_none_or_several(built: Moi, run: Run) -> None:
    for wrong in ("zzz", "", "https://nowhere.example/", "%"):
        code, _, err = run("-w", built.root, "show", wrong)
        assert code == 1
        assert "no article" in err
        assert "moi sql" in err
    write_releases(built.root.parent / "releases", 30, first=100)
    built.fetch("news")
    built.extract()
    letters = [row[0][0] for row in built.sql("SELECT article_id FROM articles").fetchall()]
    often = max(letters, key=letters.count)
    code, _, err = run("-w", built.root, "show", often)
    assert code == 1
    assert f"several articles begin with {often!r}" in err


def test_show_in_a_terminal_is_in_colour(tables: Moi) -> None:
    out = in_terminal("show", first(tables), cwd=tables.root, columns=200)
    assert "\x1b[36m" in out
    assert "[d " not in out


def test_tables_without_rows_or_columns() -> None:
    from rich.console import Console

    out = io.StringIO()
    print_table(["a", "ก"], [], Console(file=out))
    assert out.getvalue() == "a  ก\n-  -\n"
    assert to_json({"ก": float("inf"), "l": [float("nan"), 1.5]}) == '{"ก": null, "l": [null, 1.5]}'


def test_excel_runs_nothing_as_a_formula(tables: Moi, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    path = tmp_path / "a.xlsx"
    query = "SELECT title, '=1+1' AS f, event_from FROM articles"
    moi("sql", query, "-f", "xlsx", "-o", path, cwd=tables.root)
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert sheet.count("<row ") == 7
    assert "<f>" not in sheet
    assert "=1+1" in texts


def test_sql_takes_a_query_from_a_file(tables: Moi, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "count.sql"
    path.write_text("-- How many articles are there?\nSELECT count(*) AS n FROM articles\n", encoding="utf-8")
    code, out, _ = run("--workspace", tables.root, "sql", path, "--format", "csv")
    assert (code, out) == (0, "n\n6\n")
