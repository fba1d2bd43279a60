"""The curated model against constructed truth: who is one person, what is one release, what corrections do."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.helpers import Run
from tests.invented import ORDERS, told, write

from moi_pipeline.api import Moi
from moi_pipeline.curate.base import _offices
from moi_pipeline.curate.build import BuildReport
from moi_pipeline.curate.corrections import COLUMNS
from moi_pipeline.errors import BadCorrections, BadQuery

Build = Callable[[dict[str, str]], BuildReport]


@pytest.fixture
def make(ws: Moi, tmp_path: Path) -> Build:
    """Fetch these releases into the workspace ``ws`` and build its tables."""

    def build(texts: dict[str, str]) -> BuildReport:
        ws.fetch(write(tmp_path / "releases", texts))
        _, report = ws.extract()
        assert report.violations == []
        return report

    return build


def people(ws: Moi, *names: str) -> list[str]:
    """The person_id of each name, as the releases spell it."""
    found = dict(
        ws.sql("SELECT DISTINCT full_name, person_id FROM officials WHERE full_name IS NOT NULL").fetchall()
    )
    return [found[name] for name in names]


GOVERNOR = "ผู้ว่าราชการจังหวัด"


# --- persons ----------------------------------------------------------------------------------------------


def test_titles_spaces_and_tone_marks_make_no_other_person(ws: Moi, make: Build) -> None:
    make(
        {
            "a": told("ตรัง", "3 กรกฎาคม 2567", f"นายธีระ ใจกล้ายิ่ง {GOVERNOR}ตรัง"),
            "b": told("ตรัง", "4 สิงหาคม 2567", f"ดร.ธีระ  ใจกลายิ่ง {GOVERNOR}ตรัง", "เปิดงาน"),
            "c": told("ตรัง", "5 กันยายน 2567", f"ว่าที่ร้อยตรี ธีระ ใจกล้ายิ่ง {GOVERNOR}ตรัง", "ปลูกป่า"),
        }
    )
    assert ws.sql("SELECT full_name, spellings, article_count FROM persons").fetchall() == [
        ("ธีระ ใจกล้ายิ่ง", ["ธีระ ใจกลายิ่ง", "ธีระ ใจกล้ายิ่ง"], 3)
    ]
    assert ws.sql(
        "SELECT rule, spelling, merged_with FROM person_evidence WHERE merged_with IS NOT NULL"
    ).fetchall() == [("spaces or marks", "ธีระ ใจกลายิ่ง", "ธีระ ใจกล้ายิ่ง")]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (f"นายมานะ เขาหลักงาน {GOVERNOR}ตรัง", True),  # another letter
        (f"นายมานะ เขาหลักงมา {GOVERNOR}ตรัง", True),  # two exchanged
        (f"นายมานะ เขาลักงาม {GOVERNOR}ตรัง", True),  # one left out
        (f"นายมานะ เขาหลักกงาม {GOVERNOR}ตรัง", True),  # one too many
        (f"นายมานพ เขาหลักงาน {GOVERNOR}ตรัง", False),  # two letters
        (f"นายมานะ เขาหลักงาน {GOVERNOR}สตูล", False),  # another area
        ("นายมานะ เขาหลักงาน ปลัดจังหวัดตรัง", False),  # another office
    ],
)
def test_one_letter_is_forgiven_where_office_and_area_agree(
    ws: Moi, make: Build, other: str, same: bool
) -> None:
    make(
        {
            "a": told("ตรัง", "3 กรกฎาคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง"),
            "b": told("ตรัง", "4 สิงหาคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง", "เปิดงาน"),
            "c": told("ตรัง", "5 กันยายน 2567", other, "ปลูกป่า"),
        }
    )
    assert ws.sql("SELECT count(*) FROM persons").fetchall() == [(1 if same else 2,)]
    rules = ws.sql("SELECT rule, merged_with FROM person_evidence WHERE rule LIKE 'one letter%'").fetchall()
    assert rules == ([("one letter, same office and area", "มานะ เขาหลักงาม")] if same else [])


def test_brothers_whom_one_release_names_stay_two(ws: Moi, make: Build) -> None:
    make(
        {
            "a": told(
                "ตรัง",
                "3 กรกฎาคม 2567",
                "นายสมชาย ทะเลใต้คราม รองผู้ว่าราชการจังหวัดตรัง",
                more=" พร้อมด้วย นายสมชัย ทะเลใต้คราม รองผู้ว่าราชการจังหวัดตรัง",
            )
        }
    )
    first, second = people(ws, "สมชาย ทะเลใต้คราม", "สมชัย ทะเลใต้คราม")
    assert first != second


@pytest.mark.parametrize(
    ("days", "persons"),
    [
        # province A on the first and third day, B on the second: at one time
        (("3 มกราคม 2567", "9 มกราคม 2567", "20 มกราคม 2567"), 2),
        # A, then A, then B half a year later: moved
        (("3 มกราคม 2567", "20 กรกฎาคม 2567", "9 กุมภาพันธ์ 2567"), 1),
    ],
)
def test_two_of_one_name_are_two_where_provinces_at_one_time_contradict(
    ws: Moi, make: Build, days: tuple[str, str, str], persons: int
) -> None:
    make(
        {
            "a": told("ตรัง", days[0], f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง"),
            "b": told("น่าน", days[1], f"นายมานะ เขาหลักงาม {GOVERNOR}น่าน", "เปิดงานเทศกาล"),
            "c": told("ตรัง", days[2], f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง", "ปลูกป่าชายเลน"),
        }
    )
    rows = ws.sql("SELECT DISTINCT province_code, person_id FROM officials ORDER BY 1").fetchall()
    assert len({person for _, person in rows}) == persons
    apart = ws.sql("SELECT count(*) FROM person_evidence WHERE kept_apart_from IS NOT NULL").fetchall()
    assert (apart[0][0] > 0) == (persons == 2)


def test_a_move_in_october_is_no_second_person(ws: Moi, make: Build) -> None:
    make(
        {
            "a": told("ตรัง", "28 กันยายน 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง"),
            "b": told("น่าน", "3 ตุลาคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}น่าน", "เปิดงานเทศกาล"),
        }
    )
    assert ws.sql("SELECT count(*) FROM persons").fetchall() == [(1,)]
    assert ws.sql("SELECT province FROM governors ORDER BY first_seen").fetchall() == [("ตรัง",), ("น่าน",)]


def test_a_mayor_is_not_the_governor_of_that_name(ws: Moi, make: Build) -> None:
    make(
        {
            "a": told("ตรัง", "3 มกราคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง"),
            "b": told("ตรัง", "9 มกราคม 2567", "นายมานะ เขาหลักงาม นายกองค์การบริหารส่วนจังหวัดตรัง", "เปิดงาน"),
            "c": told("ตรัง", "20 มกราคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง", "ปลูกป่า"),
        }
    )
    rows = ws.sql("SELECT DISTINCT office, person_id FROM officials ORDER BY office").fetchall()
    assert [office for office, _ in rows] == ["governor", "pao_president"]
    assert len({person for _, person in rows}) == 2


def test_more_releases_change_no_id(ws: Moi, make: Build) -> None:
    make({"a": told("ตรัง", "3 มกราคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง")})
    (before,) = people(ws, "มานะ เขาหลักงาม")
    make(
        {
            # the better known spelling comes later, and so does a namesake at the same time
            "b": told("ตรัง", "9 มกราคม 2567", f"นายมานะ เขาหลักงาน {GOVERNOR}ตรัง", "เปิดงาน"),
            "c": told("ตรัง", "12 มกราคม 2567", f"นายมานะ เขาหลักงาน {GOVERNOR}ตรัง", "ปลูกป่า"),
            "d": told("น่าน", "9 มกราคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}น่าน", "ตรวจตลาด"),
            "e": told("ตรัง", "28 มกราคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง", "เยี่ยมบ้าน"),
        }
    )
    here = ws.sql("SELECT DISTINCT person_id FROM officials WHERE province_code = 'TH-92'").fetchall()
    assert here == [(before,)]
    there = ws.sql("SELECT DISTINCT person_id FROM officials WHERE province_code = 'TH-55'").fetchall()
    assert there != here


def test_governors_at_one_time_are_told_with_their_releases(ws: Moi, make: Build) -> None:
    make(
        {
            "a": told("ตรัง", "3 มกราคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง"),
            "b": told("ตรัง", "9 มกราคม 2567", f"นายบรรจง ทะเลใต้คราม {GOVERNOR}ตรัง", "เปิดงาน"),
            "c": told("ตรัง", "20 มกราคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง", "ปลูกป่า"),
        }
    )
    assert ws.sql(
        "SELECT full_name, other_full_name, len(releases), len(other_releases) FROM governor_conflicts"
    ).fetchall() == [("มานะ เขาหลักงาม", "บรรจง ทะเลใต้คราม", 2, 1)]


# --- one release ------------------------------------------------------------------------------------------


LONG = told(
    "ตรัง",
    "3 กรกฎาคม 2567",
    f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง",
    orders=ORDERS,
    more=" ผู้เข้าร่วม 240 คน จาก 35 หมู่บ้าน ใช้งบประมาณ 1,250,000 บาท แจกถุงยังชีพ 480 ชุด",
)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (LONG, True),
        (f"สำนักงานจังหวัดตรัง : {LONG}", True),
        (f"{LONG}\nภาพและข่าวโดยทีมงานประชาสัมพันธ์ สอบถามเพิ่มเติมได้ในวันและเวลาราชการ", True),
        (LONG.replace(" ", "  ").replace("1,250,000", "1250000"), True),
        (LONG.replace("3 กรกฎาคม", "4 กรกฎาคม").replace("240", "310").replace("480", "650"), False),
        (LONG.replace("ตรัง", "สตูล").replace("มานะ เขาหลักงาม", "วิทยา เกาะใหญ่ดี"), False),
        (LONG.replace("240", "377").replace("35 ", "61 ").replace("1,250,000", "90,000"), False),
    ],
)
def test_what_is_the_same_release(ws: Moi, make: Build, other: str, same: bool) -> None:
    make({"a": LONG, "b": other})
    assert ws.sql("SELECT count(*) FROM duplicates").fetchall() == [(1 if same else 0,)]
    assert ws.sql("SELECT count(*) FROM unique_articles").fetchall() == [(1 if same else 2,)]
    lists = ws.sql(
        "SELECT (SELECT count(*) FROM policy_items), (SELECT count(*) FROM unique_policy_items)"
    ).fetchall()
    assert lists == [(6, 3 if same else 6)]


def test_a_duplicate_points_to_the_earliest_and_of_those_the_fullest(ws: Moi, make: Build) -> None:
    first = "ข่าวประชาสัมพันธ์\nวันที่ 4 กรกฎาคม 2567\n"
    later = "ข่าวประชาสัมพันธ์\nวันที่ 6 กรกฎาคม 2567\n"
    title, rest = LONG.split("\n\n")
    make(
        {
            "a": f"{title}\n\n{later}{rest}\nข้อความเพิ่มเติมท้ายข่าวที่ยาวกว่าของข่าวอื่นทั้งหมดในชุดนี้",
            "b": f"{title}\n\n{first}{rest}",
            "c": f"{title}\n\n{first}{rest}\nข้อความเพิ่มเติม",
        }
    )
    heads = ws.sql(
        "SELECT DISTINCT parse_filename(o.url) FROM duplicates AS d JOIN articles AS o ON o.article_id = d.duplicate_of"
    ).fetchall()
    assert heads == [("c.txt",)]


# --- programmes, orders, offices --------------------------------------------------------------------------


def test_spellings_of_one_programme_are_one(ws: Moi, make: Build) -> None:
    names = (
        "“ชุมชนรักษ์คลองสวยน้ำใส”",
        "“ชุมชน รักษ์คลอง สวยน้ำใส”",
        "“ชุมชนรักษ์คลองสวยน้ำใส ประจำปี 2567”",
        "“ชุมชนรักษ์คลองสวยน้ำไส”",
        "“ชุมชนรักษ์ป่าสวยน้ำใส”",
    )
    make(
        {
            str(number): told(
                "ตรัง",
                f"{number + 1} มีนาคม 2567",
                about=f"เปิดงานครั้งที่ {number}",
                more=f" ตามโครงการ{name} ของจังหวัด",
            )
            for number, name in enumerate(names)
        }
    )
    rows = ws.sql(
        "SELECT programme_id, article_count, reviewed FROM programmes ORDER BY article_count"
    ).fetchall()
    assert [(count, reviewed) for _, count, reviewed in rows] == [(1, False), (4, False)]
    rules = ws.sql("SELECT DISTINCT rule FROM programme_spellings ORDER BY rule").fetchall()
    assert rules == [("one letter",), ("same name",)]


def test_orders_that_several_provinces_list_are_gathered(ws: Moi, make: Build) -> None:
    changed = (
        ORDERS[0].replace("ทุกวันศุกร์", "ทุกวันจันทร์"),
        ORDERS[1],
        "ดูแลความสะอาดของสถานที่ราชการในสังกัดให้เรียบร้อยอยู่เสมอ",
    )
    make(
        {
            "a": told("ตรัง", "3 กรกฎาคม 2567", orders=ORDERS),
            "b": told("น่าน", "9 กรกฎาคม 2567", orders=changed),
        }
    )
    rows = ws.sql("SELECT article_count, provinces FROM directives").fetchall()
    assert rows == [(2, ["TH-55", "TH-92"])] * 2
    assert ws.sql("SELECT count(*) FROM directive_items WHERE NOT same_words").fetchall() == [(1,)]


def test_a_list_that_orders_nothing_is_no_directive(ws: Moi, make: Build) -> None:
    prizes = (
        "รางวัลชนะเลิศการประกวดขบวนแห่สะพานไม้ไผ่ประเภทเยาวชน ได้รับถ้วยและเงินรางวัลจากชมรมผู้ค้า",
        "รางวัลรองชนะเลิศการประกวดขบวนแห่สะพานไม้ไผ่ประเภทประชาชน ได้รับโล่และเงินรางวัลจากชมรม",
    )
    text = told("ตรัง", "3 กรกฎาคม 2567") + "การประกวดมีรางวัล จำนวน 2 รางวัล ได้แก่\n"
    text += "".join(f"{number}. {prize}\n" for number, prize in enumerate(prizes, 1))
    make({"a": text, "b": text.replace("ตรัง", "น่าน").replace("3 กรกฎาคม", "9 สิงหาคม")})
    assert ws.sql("SELECT count(*) FROM policy_items").fetchall() == [(4,)]
    assert ws.sql("SELECT count(*) FROM directives").fetchall() == [(0,)]


def test_every_office_is_described() -> None:
    assert [row["office"] for row in _offices() if not row.get("english") or not row.get("level")] == []


def test_fiscal_years_begin_in_october(ws: Moi, make: Build) -> None:
    make({"a": told("ตรัง", "30 กันยายน 2567")})
    rows = ws.sql(
        "SELECT day::VARCHAR, year_be, fiscal_year_be, fiscal_quarter, weekday_thai FROM calendar "
        "WHERE month_no IN (9, 10) AND day(day) IN (30, 1) ORDER BY day"
    ).fetchall()
    assert rows[1:3] == [
        ("2024-09-30", 2567, 2567, 4, "จันทร์"),
        ("2024-10-01", 2567, 2568, 1, "อังคาร"),
    ]


# --- corrections ------------------------------------------------------------------------------------------


def corrections(ws: Moi, *rows: tuple[str, ...]) -> None:
    with (ws.root / "corrections.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])


@pytest.fixture
def corrected(ws: Moi, make: Build) -> tuple[Moi, str, int]:
    """A workspace with one release: its article_id, and where its official stands."""
    make({"a": told("ตรัง", "3 มกราคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง")})
    ((article, start),) = ws.sql("SELECT article_id, span_start FROM officials").fetchall()
    return ws, article, start


def outcomes(ws: Moi) -> list[Any]:
    return ws.sql("SELECT outcome FROM corrections_report ORDER BY line").fetchall()


def test_a_correction_survives_rebuilds_and_reaches_what_is_made_from_it(
    corrected: tuple[Moi, str, int],
) -> None:
    ws, article, start = corrected
    corrections(
        ws,
        ("officials", f"{article}:{start}", "province_code", "TH-91", "slip in the release", "analyst"),
        ("officials", f"{article}:{start}", "full_name", "มานะ เขาหลักใหญ่", "see the letter", "analyst"),
        ("articles", article, "event_from", "2024-01-04", "the day after", "analyst"),
        ("articles", article, "event_to", "2024-01-04", "the day after", "analyst"),
        ("articles", article, "title", "หัวข่าว, ใหม่", "typing error", "analyst"),
        ("articles", article, "province", "", "not told", "analyst"),
        ("articles", article, "province_code", "", "not told", "analyst"),
    )
    for rebuild in (False, True):
        _, report = ws.extract(rebuild=rebuild)
        assert report.not_applied == []
        assert ws.sql("SELECT province, full_name, first_seen::VARCHAR FROM governors").fetchall() == [
            ("สตูล", "มานะ เขาหลักใหญ่", "2024-01-04")
        ]
        assert ws.sql("SELECT title, province FROM articles").fetchall() == [("หัวข่าว, ใหม่", None)]
        assert outcomes(ws) == [("applied",)] * 7
    assert ws.sql("SELECT was FROM corrections_report WHERE column_name = 'title'").fetchall() != [(None,)]
    (ws.root / "corrections.csv").unlink()
    ws.extract()
    assert ws.sql("SELECT province FROM governors").fetchall() == [("ตรัง",)]


def test_a_correction_that_no_longer_applies_is_reported(
    corrected: tuple[Moi, str, int], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws, article, start = corrected
    key = f"{article}:{start}"
    corrections(
        ws,
        ("officials", key, "office", "governor", "it was null once", "analyst"),
        ("officials", f"{article}:999", "office", "mayor", "moved", "analyst"),
        ("officials", key, "ofice", "mayor", "typing error", "analyst"),
        ("oficials", key, "office", "mayor", "typing error", "analyst"),
        ("officials", key, "acting", "perhaps", "no boolean", "analyst"),
        ("officials", key, "span_start", "3", "a key", "analyst"),
        ("persons", "x", "spellings", "a", "a list", "analyst"),
    )
    _, report = ws.extract()
    expected = [
        "already so",
        "no such row",
        "no such column",
        "no such table",
        "no boolean",
        "a key can't be corrected",
        "a list can't be corrected",
    ]
    assert outcomes(ws) == [(outcome,) for outcome in expected]
    assert [row["outcome"] for row in report.not_applied] == expected
    monkeypatch.chdir(ws.root)
    code, _, told_of = run("extract")
    assert code == 0
    assert "corrections.csv, line 3: no such row" in told_of
    assert "corrections.csv, line 3: no such row" in run("status")[1]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("table,key,column,value,why\n", "line 1: the columns must be table, key, column, value, why, who"),
        ("table,key,column,value,why,who\narticles,a,title,x,y\n", "line 2: 5 cells where there are 6"),
        ("table,key,column,value,why,who\n\narticles,,title,x,y,z\n", "line 3: no key given"),
        ("table,key,column,value,why,who\narticles,a,title,x,,z\n", "line 2: no why given"),
        (
            'table,key,column,value,why,who\narticles,a,title,"x\ny",w,z\narticles,a,title,q,w,z\n',
            "line 4: corrects the same value as line 2",
        ),
        ('table,key,column,value,why,who\narticles,a,title,"x"y,w,z\n', "line 2:"),
        ("table,key,column,value,why,who\narticles,a,title,\x80,w,z\n", "line 2: not UTF-8"),
    ],
)
def test_a_bad_file_of_corrections_is_refused_by_line(
    corrected: tuple[Moi, str, int], content: str, words: str
) -> None:
    ws = corrected[0]
    current = (ws.curated / "current").readlink()
    (ws.root / "corrections.csv").write_bytes(content.encode("latin-1"))
    with pytest.raises(BadCorrections) as caught:
        ws.extract()
    assert str(ws.root / "corrections.csv") in str(caught.value)
    assert words in str(caught.value)
    assert caught.value.hint
    assert (ws.curated / "current").readlink() == current


# --- views and keys of the runner -------------------------------------------------------------------------


def test_a_view_can_read_published_tables_only(ws: Moi, make: Build) -> None:
    (ws.queries / "mine.sql").write_text("-- as: view\nSELECT * FROM _articles\n", encoding="utf-8")
    with pytest.raises(BadQuery, match="not published"):
        make({"a": told("ตรัง", "3 มกราคม 2567")})


def test_views_open_wherever_the_file_is_attached(ws: Moi, make: Build) -> None:
    import duckdb

    make({"a": told("ตรัง", "3 มกราคม 2567", f"นายมานะ เขาหลักงาม {GOVERNOR}ตรัง")})
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{ws.database.resolve()}' AS other (READ_ONLY)")
        assert con.execute("SELECT count(*) FROM other.governors").fetchall() == [(1,)]
        assert con.execute("SELECT count(*) FROM other.unique_articles").fetchall() == [(1,)]
