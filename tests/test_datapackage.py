"""A Data Package of the tables: it validates, says what is known, keeps every text, and loses nothing of others."""

from __future__ import annotations

import csv
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package
from tests.helpers import Run, moi, unprivileged

from moi_pipeline.api import Moi
from moi_pipeline.errors import NotStored
from moi_pipeline.share.quality import quality

ROOT = Path(__file__).parent.parent


def descriptor(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return found


def schemas(folder: Path) -> dict[str, dict[str, Any]]:
    return {resource["name"]: resource["schema"] for resource in descriptor(folder)["resources"]}


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    csv.field_size_limit(10_000_000)
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def unparted(folder: Path) -> bool:
    """Is nothing half-written left beside the package?"""
    return not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_the_package_validates_and_says_what_is_known(built: Moi, tmp_path: Path) -> None:
    done = moi("export", "--datapackage", "shared", "--licence", "CC-BY-4.0", "--json", cwd=built.root)
    told = json.loads(done.stdout)
    folder = built.root / "shared"
    report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "title", "message"])
    assert told["tables"]["articles"] == len(rows(folder, "articles")) == 6
    assert told["broken"] == []

    said, by_table = descriptor(folder), schemas(folder)
    assert said["licenses"] == [{"name": "CC-BY-4.0"}]
    assert said["sources"] == [{"title": "news", "name": "news", "path": "https://news.example"}]
    assert said["moi"]["fingerprint"] == built.sql("SELECT fingerprint FROM moi_build").fetchall()[0][0]
    assert by_table["policy_items"]["primaryKey"] == ["article_id", "list_no", "position"]
    assert {
        "fields": ["person_id"],
        "reference": {"resource": "persons", "fields": ["person_id"]},
    } in by_table["officials"]["foreignKeys"]
    fields = {field["name"]: field for field in by_table["dates"]["fields"]}
    assert fields["precision"]["constraints"]["enum"][0] == "day"
    assert fields["date_from"]["description"] == "first day, Gregorian"
    assert {name: field["type"] for name, field in fields.items()} | {"role": "string"} == {
        **dict.fromkeys(("article_id", "surface", "precision", "role"), "string"),
        **dict.fromkeys(("span_start", "span_end"), "integer"),
        **dict.fromkeys(("date_from", "date_to"), "date"),
        **dict.fromkeys(("time_from", "time_to"), "time"),
        **dict.fromkeys(("year_given", "weekday_agrees"), "boolean"),
    }
    # What stays at home is named, here and to whoever gets the package.
    assert "failures.csv" not in {path.name for path in folder.iterdir()}
    assert [line for line in said["left_out"] if line.startswith("failures: ")]
    assert said["left_out"] == told["left_out"]


def test_every_published_table_is_handed_on_or_named(tables: Moi, tmp_path: Path) -> None:
    report = tables.export_datapackage(tmp_path / "shared")
    published = {
        name
        for (name,) in tables.sql(
            "SELECT table_name FROM duckdb_tables() UNION SELECT view_name FROM duckdb_views() WHERE NOT internal"
        ).fetchall()
    }
    assert published - {"moi_build"} == {*report.tables, *(line.split(":")[0] for line in report.left_out)}


def test_texts_lists_and_times_come_back_as_they_were(built: Moi, tmp_path: Path) -> None:
    nasty = '=HYPERLINK("x") สวัสดี, “คำพูด”\n\'-1 ่ำ \u2028 จบ'
    (built.queries / "nasty.sql").write_text(
        "-- nasty: texts that CSV has trouble with\n"
        f"SELECT 1 AS n, '{nasty.replace(chr(39), chr(39) * 2)}' AS words, ['ก,\"ข\"', NULL] AS many, "
        "TIMESTAMP '2024-03-05 02:30:00.25' AS at, {'ชื่อ': 1} AS one, repeat('ยาว', 100000) AS long "
        "UNION ALL SELECT 2, NULL, NULL, NULL, NULL, NULL",
        encoding="utf-8",
    )
    built.extract()
    folder = tmp_path / "shared"
    built.export_datapackage(folder)
    assert not (folder / "nasty.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    package = Package(str(folder / "datapackage.json"))
    read = package.get_table_resource("nasty").read_rows()
    assert read[0]["words"] == nasty
    assert read[0]["many"] == ['ก,"ข"', None]
    assert read[0]["one"] == {"ชื่อ": 1}
    assert read[0]["at"].isoformat() == "2024-03-05T02:30:00.250000+00:00"
    assert len(read[0]["long"]) == 300_000
    assert [read[1][name] for name in ("words", "many", "at", "one", "long")] == [None] * 5
    texts = dict(built.sql("SELECT article_id, text FROM articles").fetchall())
    assert [(row["article_id"], row["text"]) for row in rows(folder, "articles")] == list(texts.items())
    for table in ("dates", "officials", "places"):
        for row in rows(folder, table):
            assert texts[row["article_id"]][int(row["span_start"]) : int(row["span_end"])] == row["surface"]


def test_what_does_not_hold_is_not_promised_but_told(built: Moi, tmp_path: Path, run: Run) -> None:
    dates = (built.queries / "dates.sql").read_text(encoding="utf-8")
    (built.queries / "dates.sql").write_text(
        dates.replace("m.*", "m.* REPLACE ('decade' AS precision)"), encoding="utf-8"
    )
    (built.queries / "odd.sql").write_text(
        "-- odd: rows that point to nothing\n-- key: n\n"
        "SELECT 1 AS n, 'nobody' AS person_id UNION ALL SELECT 1, NULL",
        encoding="utf-8",
    )
    built.extract()
    code, _, err = run("-w", built.root, "export", "--datapackage", tmp_path / "shared")
    assert code == 3
    assert "odd: n is no key, 1 rows share theirs" in err
    assert "odd: 1 rows name no row of persons by person_id" in err
    assert "dates.precision holds other words than expected: decade" in err
    assert set(schemas(tmp_path / "shared")["odd"]) == {"fields"}
    assert Package(str(tmp_path / "shared" / "datapackage.json")).validate().valid


def test_only_a_package_of_ours_is_replaced(tables: Moi, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    tables.export_datapackage(folder)  # an empty folder will do
    first = descriptor(folder)
    tables.export_datapackage(folder, licence="CC0-1.0")
    assert first["licenses"][0]["name"] == "notspecified"
    assert descriptor(folder)["licenses"][0]["name"] == "CC0-1.0"

    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(NotStored, match=r"what moi did not write: notes\.txt"):
        tables.export_datapackage(folder)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    other = tmp_path / "other"
    other.mkdir()
    for text in (
        "{}",
        "no JSON",
        '{"moi": 1, "resources": []}',
        '{"resources": [{}], "moi": {"fingerprint": 1}}',
    ):
        (other / "datapackage.json").write_text(text, encoding="utf-8")
        with pytest.raises(NotStored, match="something else"):
            tables.export_datapackage(other)
        assert (other / "datapackage.json").read_text(encoding="utf-8") == text
    with pytest.raises(NotStored, match="is a file"):
        tables.export_datapackage(other / "datapackage.json")
    assert unparted(tmp_path)


def test_a_package_is_whole_or_not_there(
    tables: Moi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "shared"
    tables.export_datapackage(folder)
    before = (folder / "datapackage.json").read_bytes()

    def stop(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tables.export_datapackage(folder, progress=stop)
    assert (folder / "datapackage.json").read_bytes() == before
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name.endswith(".part"):
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(NotStored, match="No space left"):
        tables.export_datapackage(folder)
    monkeypatch.undo()
    assert (folder / "datapackage.json").read_bytes() == before
    assert unparted(tmp_path)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    tmp_path.chmod(0o755)
    with unprivileged(), pytest.raises(NotStored, match="Permission denied"):
        tables.export_datapackage(locked / "shared")
    assert list(locked.iterdir()) == []


def test_wrong_use_is_told(run: Run, tables: Moi, tmp_path: Path) -> None:
    for words, told in (
        ((), "what shall be written"),
        (("--warc", "a.warc", "--datapackage", "b"), "what shall be written"),
        (("--datapackage", "b", "--source", "news"), "all sources"),
        (("--warc", "a.warc", "--licence", "CC0-1.0"), "only --datapackage"),
        (("--datapackage", "b", "--licence", "my own"), "is no id"),
    ):
        code, _, err = run("-w", tables.root, "export", *words)
        assert (code, told in " ".join(err.split())) == (2, True), (words, err)


def test_the_quality_is_what_was_measured() -> None:
    floors = tomllib.loads((ROOT / "quality" / "floors.toml").read_text(encoding="utf-8"))
    told = quality()
    assert told["at_least"]["gold"] == floors["floors"]
    sets = {row["set"]: row for row in told["measured"]}
    assert {"gold, open", "forms, open", "gold, held back", "forms, held back"} <= set(sets)
    page = (ROOT / "docs" / "quality.md").read_text(encoding="utf-8")
    for name, row in sets.items():
        assert set(row) == {"set", *floors["floors"]}
        assert f"| {name} | {row['dates']:.3f} | {row['names']:.3f} |" in page
