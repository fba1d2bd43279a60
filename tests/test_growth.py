"""A build that goes on from the last one gives what a build from nothing gives, whatever happened in between."""

from __future__ import annotations

import json
import random
from pathlib import Path

import duckdb
import pytest
from tests.helpers import write_releases
from tests.invented import ORDERS, told, write

from moi_pipeline.api import Moi
from moi_pipeline.curate import build as building
from moi_pipeline.curate import renew as renewing
from moi_pipeline.curate.corrections import COLUMNS
from moi_pipeline.extract import record
from moi_pipeline.store import open_segment, segments
from moi_pipeline.thai.model import Extraction, Quantity

#: What differs between two runs by its nature: the runs themselves.
OF_RUNS = ("runs", "sources", "source_health")


def whole(ws: Moi) -> dict[str, list[str]]:
    """Every published table but those of runs: its rows in an order of their own, and its columns' comments."""
    with duckdb.connect(str(ws.database.resolve()), read_only=True) as con:
        names = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        found = {
            name: sorted(map(repr, con.execute(f'FROM "{name}"').fetchall()))
            for name in names
            if name not in OF_RUNS
        }
        for name in set(names) - {"moi_build"}:
            file = sorted(map(repr, con.execute(f"FROM '{ws.curated / name}.parquet'").fetchall()))
            assert file == sorted(map(repr, con.execute(f'FROM "{name}"').fetchall())), name
        comments = con.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
        ).fetchall()
    return found | {"comments": list(map(repr, comments))}


def from_nothing(ws: Moi) -> dict[str, list[str]]:
    """The same tables, built from nothing."""
    (ws.curated / "current" / ".state.json").unlink()
    _, report = ws.extract()
    assert report.changed is None
    return whole(ws)


def correct(ws: Moi, *lines: str) -> None:
    (ws.root / "corrections.csv").write_text("\n".join([",".join(COLUMNS), *lines]), encoding="utf-8")


def night(ws: Moi, folder: Path, texts: dict[str, str], first: int | None = None) -> int | None:
    """Fetch more releases and extract them; returns how many articles the build took for changed."""
    if first is not None:
        write_releases(folder, 2, first=first)
    ws.fetch(write(folder, texts))
    _, report = ws.extract()
    assert report.violations == []
    return report.changed


def test_nights_add_up_to_a_build_from_nothing(ws: Moi, tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    ws.fetch(write_releases(folder, 30))
    ws.extract()
    governor = "นายธีระ ใจกล้ายิ่ง ผู้ว่าราชการจังหวัดตรัง"
    one = told("ตรัง", "3 กรกฎาคม 2567", governor, orders=ORDERS)
    assert night(ws, folder, {"a": one, "b": one}, first=40) == 4
    assert ws.sql("SELECT why FROM duplicates").fetchall() == [("same text",)]
    # The same once more from elsewhere, a slip of a letter, a new version of an old release, a page that is none.
    slip = governor.replace("ใจกล้ายิ่ง", "ใจกล้ายิ้ง").replace("ธีระ", "ธีรา")
    more = {
        "a": told("ตรัง", "3 กรกฎาคม 2567", governor, orders=ORDERS[:2]),
        "c": told("ตรัง", "9 กรกฎาคม 2567", slip, "เปิดงาน", orders=ORDERS),
    }
    assert night(ws, folder, more) == 2
    assert ws.sql("SELECT count(*) FROM older_versions").fetchall() == [(1,)]
    seen = whole(ws)
    assert seen == from_nothing(ws)
    assert night(ws, folder, {}) == 0


def test_corrections_are_laid_over_new_rows_and_old_ones(ws: Moi, tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    ws.fetch(write_releases(folder, 30))
    ws.extract()
    ((article, span), *_) = ws.sql(
        "SELECT article_id, span_start FROM officials JOIN articles USING (article_id) "
        "WHERE articles.province <> 'ตรัง' AND office <> 'mayor' ORDER BY ALL"
    ).fetchall()
    correct(
        ws,
        f"articles,{article},province,ตรัง,read it,me",
        f"articles,{article},province_code,TH-92,read it,me",
        f"officials,{article}:{span},office,mayor,asked,me",
        "provinces,TH-92,english,Trang!,so,me",
        "nothing,x,y,z,so,me",
    )
    _, report = ws.extract()
    assert report.changed is None, "corrections changed: built from nothing"
    assert [row["outcome"] for row in report.not_applied] == ["no such table"]
    for number in range(2):
        changed = night(ws, folder, {}, first=50 + 5 * number)
        assert changed == 2
        _, report = ws.extract()
        assert report.changed == 0
        assert [row["outcome"] for row in report.not_applied] == ["no such table"]
        assert ws.sql("SELECT outcome, was FROM corrections_report ORDER BY line LIMIT 4").fetchall()[3] == (
            "applied",
            "Trang",
        )
    seen = whole(ws)
    assert seen == from_nothing(ws)


def test_with_nothing_new_only_the_tables_of_runs_are_written(built: Moi) -> None:
    before = built.curated.joinpath("current").resolve()
    runs = built.sql("SELECT count(*) FROM runs").fetchall()
    _, report = built.extract()
    after = built.curated.joinpath("current").resolve()
    assert after != before
    assert report.changed == 0
    assert report.tables["articles"] == 6
    written = {path.name for path in after.glob("*.parquet") if not path.samefile(before / path.name)}
    assert "articles.parquet" not in written
    assert "runs.parquet" in written
    assert built.sql("SELECT count(*) FROM runs").fetchall() > runs


def test_an_analysts_own_view_is_made_every_time(built: Moi, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("n\n1\n", encoding="utf-8")
    (built.queries / "mine.sql").write_text(f"FROM '{tmp_path / 'mine.csv'}'", encoding="utf-8")
    built.extract()
    (tmp_path / "mine.csv").write_text("n\n2\n", encoding="utf-8")
    _, report = built.extract()
    assert report.changed == 0
    assert built.sql("FROM mine").fetchall() == [(2,)]


def test_a_changed_view_or_source_builds_from_nothing(built: Moi) -> None:
    view = built.queries / "provinces.sql"
    view.write_text(view.read_text(encoding="utf-8") + "\n-- mine", encoding="utf-8")
    assert built.extract()[1].changed is None
    with (built.root / "sources.toml").open("a", encoding="utf-8") as out:
        out.write('[sources.more]\nkind = "files"\npath = "."\n')
    assert Moi(built.root).extract()[1].changed is None
    assert Moi(built.root).extract()[1].changed == 0


def test_a_violation_is_told_again_the_next_night(built: Moi) -> None:
    check = built.queries / "checks" / "mine.sql"
    check.write_text("-- No titles.\n-- once: article\nSELECT title FROM articles", encoding="utf-8")
    assert [(v.check, v.count) for v in built.extract()[1].violations] == [("mine", 6)]
    _, report = built.extract()
    assert (report.changed, [(v.check, v.count) for v in report.violations]) == (0, [("mine", 6)])


def test_a_build_that_was_stopped_changes_nothing(built: Moi, monkeypatch: pytest.MonkeyPatch) -> None:
    built.extract()
    before = whole(built)
    write_releases(built.root.parent / "releases", 1, first=30)
    built.fetch("news")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(building, "publish", stop)
        with pytest.raises(KeyboardInterrupt):
            built.extract()
    assert whole(built) == before
    _, report = built.extract()
    assert report.tables["articles"] == 7
    seen = whole(built)
    assert seen == from_nothing(built)


def test_a_damaged_state_is_no_state(built: Moi) -> None:
    state = built.curated / "current" / ".state.json"
    for text in ("", "[]", json.dumps({"inputs": 1})):
        state.write_text(text, encoding="utf-8")
        assert built.extract()[1].changed is None
        state = built.curated / "current" / ".state.json"


def test_a_mention_that_stands_elsewhere_fails_its_record(
    ws: Moi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = Extraction(quantities=[Quantity(0, 3, "ผิด", 1.0, "คน", "people")])
    monkeypatch.setattr(record, "analyse", lambda _: wrong)
    ws.fetch(write_releases(tmp_path / "releases", 1))
    extracted, _ = ws.extract()
    assert extracted.outcomes == {"failed": 1}
    assert ws.sql("SELECT reason FROM failures").fetchall() == [("WrongSpan",)]


def test_a_flipped_bit_in_a_text_is_found_when_it_is_read(built: Moi) -> None:
    before = whole(built)
    (segment,) = segments(built.extracted)
    text = open_segment(segment).metadata.row_group(0).column(7)
    flipped = bytearray(segment.read_bytes())
    flipped[text.data_page_offset + text.total_compressed_size // 2] ^= 1
    segment.write_bytes(flipped)
    assert built.extract()[1].changed == 0
    assert whole(built) == before, "the tables were made before"
    (built.curated / "current" / ".state.json").unlink()
    extracted, report = built.extract()
    assert (extracted.exit_code, extracted.extracted, report.changed) == (3, 6, None)
    assert whole(built) == before


def test_a_night_leaves_the_row_groups_of_other_rows_as_they_are(tmp_path: Path) -> None:
    def sizes(statement: str) -> list[int]:
        with duckdb.connect() as con:
            building.attach_database(con, tmp_path / "moi.duckdb", "out")
            con.execute(statement)
            con.execute("CHECKPOINT out")
            con.execute("USE out")
            found = con.execute(
                "SELECT max(count) FROM pragma_storage_info('t') GROUP BY row_group_id ORDER BY row_group_id"
            ).fetchall()
        return [size for (size,) in found]

    before = sizes("CREATE TABLE out.t AS SELECT * FROM range(20_000) AS t (n)")
    assert before == [8192, 8192, 3616]
    after = sizes("INSERT INTO out.t FROM range(500)")
    assert after[:2] == before[:2]
    assert sum(after) == 20_500


NAMES = ("ธีระ ใจกล้ายิ่ง", "ธีระ ใจกล้ายิ้ง", "ธีระ  ใจกล้ายิ่ง", "สมพร ทองดีงาม", "สมพร ทองดีงามม", "อารี แสนสุข")
POSTS = ("ผู้ว่าราชการจังหวัด{}", "รองผู้ว่าราชการจังหวัด{}", "นายอำเภอเมือง{}", "")
UNDERTAKINGS = (
    "โครงการ “ตลาดชุมชนคนริมน้ำ”",
    "โครงการ “ตลาดชุมชนคนริมนำ”",
    "โครงการ “ตลาดชุมชน คนริมน้ำ”",
    "โครงการ “ครอบครัวอบอุ่นใจ”",
    "โครงการ “โคก หนอง นา โมเดล”",
)


def any_release(chance: random.Random) -> str:
    """A release in which names, posts, undertakings and orders come back: alike, mistyped, of namesakes."""
    province = chance.choice(("ตรัง", "น่าน"))
    official = f"นาย{chance.choice(NAMES)} {chance.choice(POSTS).format(province)}"
    orders = tuple(order + chance.choice(("", " ทันที")) for order in ORDERS[: chance.randrange(4)])
    day = f"{chance.randrange(1, 5)} {chance.choice(('มกราคม', 'กันยายน'))} {chance.choice((2566, 2567))}"
    about = f"ประชุมติดตาม{chance.choice(UNDERTAKINGS)}"
    return told(province, day, official, about, orders=orders, more=f" รวม {chance.randrange(3, 6)} คน")


@pytest.mark.parametrize("seed", range(6))
def test_any_nights_add_up_to_a_build_from_nothing(
    ws: Moi, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if seed % 3:  # else most tables are so small that they are made whole
        monkeypatch.setattr(renewing, "SHARE", 1)
    chance = random.Random(seed)
    folder = tmp_path / "releases"
    texts = {f"{number:02d}": any_release(chance) for number in range(40)}
    ws.fetch(write(folder, texts))
    ws.extract()
    if seed % 2:
        ((person, other),) = ws.sql("SELECT min(person_id), max(person_id) FROM persons").fetchall()
        ((article, span),) = ws.sql(
            f"SELECT article_id, span_start FROM officials WHERE person_id = '{person}' ORDER BY ALL LIMIT 1"
        ).fetchall()
        correct(
            ws,
            f"officials,{article}:{span},person_id,{other},it is she,me",
            f"persons,{person},article_count,99,counted,me",
            "provinces,TH-92,english,Trang!,so,me",
        )
        ws.extract()
    for night_no in range(4):
        new = {f"{night_no}-{number}": any_release(chance) for number in range(2)}
        names = sorted(texts)
        again = texts[chance.choice(names)]  # the very same elsewhere, and with an edit
        new |= {f"{night_no}-again": again, f"{night_no}-edited": again.replace("ที่เกี่ยวข้อง", "และผู้นำ")}
        new[chance.choice(names)] = any_release(chance)  # another version
        texts |= new
        ws.fetch(write(folder, new))
        _, report = ws.extract()
        assert report.changed is not None, "gone on with"
        told_of = report.not_applied
    seen = whole(ws)
    (ws.curated / "current" / ".state.json").unlink()
    _, report = ws.extract()
    assert report.changed is None
    assert report.not_applied == told_of
    assert seen == whole(ws)


def test_a_corrected_programme_is_that_mentions_alone(ws: Moi, tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    ws.fetch(write_releases(folder, 10))
    ws.extract()
    ((article, span, before), *_) = ws.sql(
        "SELECT article_id, span_start, programme_id FROM projects ORDER BY ALL"
    ).fetchall()
    correct(ws, f"projects,{article}:{span},programme_id,x-other,asked,me")
    ws.extract()
    assert ws.sql("SELECT programme_id, rule FROM programme_spellings ORDER BY article_count").fetchall() == [
        ("x-other", "set by correction"),
        (before, "same name"),
    ]
    assert night(ws, folder, {}, first=20) == 2
    seen = whole(ws)
    assert seen == from_nothing(ws)
