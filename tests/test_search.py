"""``moi search``: what is in a text is found however it is typed, the best first, and shown where it stands."""

from __future__ import annotations

import errno
import json
import os
import re
import tempfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.helpers import Run, moi, small_disk, unprivileged

from moi_pipeline.api import Moi
from moi_pipeline.errors import NothingBuilt
from moi_pipeline.search.find import Found, NoWords, find, titles
from moi_pipeline.search.fold import fold, pattern
from moi_pipeline.search.index import FOLDER, MARK, Indexed, write_index
from moi_pipeline.search.province import UnknownProvince, province_code
from moi_pipeline.search.words import words
from moi_pipeline.show.search import marked

#: Invented releases: id, title, body, day, province's code, names that curation settled on.
RELEASES = {
    "waste": (
        "จังหวัดน่านขับเคลื่อนธนาคารขยะ",
        "เมื่อวันที่ 4 มีนาคม 2567 นายก้องหล้า ทองสว่าง ผู้ว่าราชการจังหวัดน่าน เปิดธนาคารขยะชุมชน ณ บ้านดอนแก้ว",
        "2024-03-04",
        "TH-55",
        ["ก้องหล้า ทองสว่าง", "ธนาคารขยะ"],
    ),
    "flood": (
        "ตรังซ้อมแผนรับมือน้ำท่วม",
        "ผู้ว่าฯตรัง นำส่วนราชการซ้อมแผนเผชิญเหตุน้ำท่วมฉับพลัน มีผู้เข้าร่วม ๒๕๐ คน งบประมาณ 1,500,000 บาท",
        "2023-11-20",
        "TH-92",
        [],
    ),
    "craft": (
        "ผ้าทอสุรินทร์สู่ตลาดออนไลน์",
        "นางสาวพิมพ์ใจ แสนคำ พัฒนาการจังหวัด อบรมกลุ่มผ้าไหมขายผ่าน Facebook Live เมื่อ 7 ม.ค. 2566 ลูกค้าสนใจมาก",
        "2023-01-07",
        "TH-32",
        ["พิมพ์ใจ แสนคำ"],
    ),
    "soil": (
        "อบรมเกษตรกรทำปุ๋ยหมัก",
        "กลุ่มเกษตรกรเรียนรู้การทำปุ๋ยหมักจากขยะเปียก ใช้เวลา 12 วัน เลขที่ 2512 เเก้ไขปัญหาดินเค็ม",
        "2024-06-01",
        "TH-32",
        [],
    ),
    "elder": (
        "เยี่ยมบ้านผู้สูงอายุในเดือนกรกฎาคม",
        "อสม. ลงพื้นที่เยี่ยมบ้านผู้สูงอายุ พร้อมจัดซื้อรถเข็น รับสมัครจิตอาสาพัฒนา ค.ศ. 2025",
        "2025-07-09",
        "TH-20",
        [],
    ),
}


def publish(folder: Path, releases: dict[str, tuple[str, str, str | None, str, list[str]]]) -> Path:
    """A curated folder with nothing in it but the index of these releases."""
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE articles (article_id VARCHAR, title VARCHAR, text VARCHAR, url VARCHAR, source VARCHAR, "
            "event_from DATE, published_at DATE, province VARCHAR, province_code VARCHAR, duplicate_of VARCHAR)"
        )
        con.execute("CREATE TABLE officials (article_id VARCHAR, full_name VARCHAR)")
        for number, (title, body, day, code, names) in releases.items():
            con.execute(
                "INSERT INTO articles VALUES (?, ?, ?, ?, 's', ?, NULL, NULL, ?, NULL)",
                [number, title, f"{title}\n{body}", f"https://x.example/{number}", day, code],
            )
            for name in names:
                con.execute("INSERT INTO officials VALUES (?, ?)", [number, name])
        folder.mkdir(exist_ok=True)
        write_index(con, folder / FOLDER, folder / "none")
    return folder


@pytest.fixture(scope="module")
def curated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("index") / "curated", dict(RELEASES))


def ids(found: Found) -> list[str]:
    return [hit.article_id for hit in found.hits]


#: What is typed, and which release comes first for it.
TRUTH = [
    ("ธนาคารขยะ", "waste"),
    ("ธนาคาร ขยะ", "waste"),  # a blank within
    ("ธนาคารขยะน่าน", "waste"),  # none between
    ("ธนาคาขยะ", "waste"),  # a letter left out
    ("ธนาคานขยะ", "waste"),  # a wrong one
    ("ธนาคาร์ขยะ", "waste"),  # a mark too many
    ("นำ้ท่วม", "flood"),  # marks in another order
    ("นํ้าท่วม", "flood"),  # ำ in two strokes
    ("นาท่วมฉับพัน", "flood"),
    ("น้ำำท่วม", "flood"),  # doubled vowels
    ("ซ้อมเเผน", "flood"),  # แ in two strokes
    ("แก้ไขดินเค็ม", "soil"),  # and the other way round
    ("ก้องหล้า ทองสว่าง", "waste"),
    ("นายก้องหล้า ทองสว่าง", "waste"),
    ("ว่าที่ ร.ต.ก้องหล้า ทองสว่าง", "waste"),  # another title
    ("น.ส.พิมพ์ใจ", "craft"),
    ("พิมใจ แสนคำ", "craft"),
    ("ผู้ว่าราชการจังหวัดตรัง", "flood"),  # the text has ผู้ว่าฯ
    ("ผู้ว่าฯน่าน", "waste"),  # and here the other way round
    ("ผวจ. น่าน", "waste"),
    ("250 คน", "flood"),  # Thai digits in the text
    ("๑,๕๐๐,๐๐๐", "flood"),
    ("1500000", "flood"),
    ("facebook live", "craft"),
    ("FACEBOOK", "craft"),
    ("มกราคม 2566", "craft"),  # the text has ม.ค.
    ("ก.ค.", "elder"),  # the text has กรกฎาคม; ลูกค้า is no abbreviation
    ("อาสาสมัครสาธารณสุขประจำหมู่บ้าน", "elder"),
    ("พ.ศ. 2568 ผู้สูงอายุ", "elder"),  # the text has ค.ศ. 2025
    ("12 วัน", "soil"),
    ("ปุ๋ยหมัก ขยะ", "soil"),
    ('"ขยะเปียก"', "soil"),
]


@pytest.mark.parametrize(("typed", "first"), TRUTH)
def test_the_first_hit(curated: Path, typed: str, first: str) -> None:
    assert ids(find(curated, typed))[:1] == [first]


def test_what_must_not_be_found(curated: Path) -> None:
    assert ids(find(curated, "51")) == [], "a number within another number"
    assert ids(find(curated, "ก.ค."))[:1] == ids(find(curated, "กรกฎาคม"))[:1]
    assert "craft" not in ids(find(curated, "ก.ค.")), "ลูกค้า"
    assert ids(find(curated, "live"))[:1] == ["craft"]
    assert ids(find(curated, "ประปาหมู่บ้าน")) == []


def test_titles_come_before_texts_and_words_together_before_words_apart(tmp_path: Path) -> None:
    filler = "รายงานผลการดำเนินงานตามแผนประจำเดือนให้ที่ประชุมทราบ " * 8
    releases: dict[str, tuple[str, str, str | None, str, list[str]]] = {
        "in-text": ("รายงานประจำวัน", f"{filler} สะพานไม้ {filler}", None, "", []),
        "in-title": ("เปิดสะพานไม้", filler * 2, None, "", []),
        "apart": ("รายงานประจำวัน", f"ประตู {filler * 2} เหล็ก", None, "", []),
        "together": ("รายงานประจำวัน", f"{filler} ประตู เหล็ก {filler}", None, "", []),
    }
    there = publish(tmp_path / "curated", releases)
    assert ids(find(there, "สะพานไม้")) == ["in-title", "in-text"]
    assert ids(find(there, "ประตู เหล็ก")) == ["together", "apart"]


def test_of_equals_the_newest_comes_first(tmp_path: Path) -> None:
    body = "พิธีเปิดศูนย์เรียนรู้ประจำหมู่บ้าน"
    days = ["2023-01-01", "2024-01-01", None, "2022-01-01"]
    releases: dict[str, tuple[str, str, str | None, str, list[str]]] = {
        str(number): ("ข่าว", body, day, "", []) for number, day in enumerate(days)
    }
    assert ids(find(publish(tmp_path / "curated", releases), "ศูนย์เรียนรู้")) == ["1", "0", "3", "2"]


def test_where_no_release_has_all_words_it_says_which_are_missing(curated: Path) -> None:
    found = find(curated, "ปุ๋ยหมัก ยานอวกาศ")
    assert (found.how, ids(found), found.hits[0].missing) == ("some", ["soil"], [1])
    assert find(curated, "ธนาคาขยะ").how == "slips"
    assert find(curated, "ธนาคารขยะ").how == "words"


def test_snippets_are_spans_of_the_text_and_their_matches_are_the_words(curated: Path) -> None:
    for typed, first in TRUTH:
        hit = find(curated, typed).hits[0]
        title, body, *_ = RELEASES[first]
        text = f"{title}\n{body}"
        assert text[hit.span_start : hit.span_end] == hit.snippet
        for start, end in hit.matches:
            assert hit.span_start <= start < end <= hit.span_end
        if hit.matches:
            assert fold(text[hit.matches[0][0] : hit.matches[0][1]])
    shown = marked(find(curated, "ธนาคารขยะ").hits[0], colour=False).plain
    assert "«ธนาคารขยะ»" in shown
    assert "\n" not in shown


def test_a_name_that_curation_settled_on_is_found_where_the_text_spells_it_otherwise(tmp_path: Path) -> None:
    releases: dict[str, tuple[str, str, str | None, str, list[str]]] = {
        "a": ("ข่าว", "นายสมปองง แก้วใสส ประธาน", None, "", ["สมปอง แก้วใส"])
    }
    assert ids(find(publish(tmp_path / "curated", releases), "สมปอง แก้วใส")) == ["a"]


def test_filters(curated: Path) -> None:
    assert ids(find(curated, "ขยะ")) == ["waste", "soil"]
    assert ids(find(curated, "ขยะ", province="TH-32")) == ["soil"]
    assert ids(find(curated, "ขยะ", since=date(2024, 4, 1))) == ["soil"]
    assert ids(find(curated, "ขยะ", until=date(2024, 3, 4))) == ["waste"]
    assert find(curated, "ขยะ", limit=1).total == 2
    assert province_code("น่าน") == province_code("จังหวัดน่าน") == province_code("nan") == "TH-55"
    assert province_code("TH-55") == "TH-55"
    with pytest.raises(UnknownProvince, match="นาน่าน"):
        province_code("นาน่าน")


def test_nothing_asked_and_nothing_built(curated: Path, tmp_path: Path) -> None:
    for nothing in ("", "  ", "…!?", '""'):
        with pytest.raises(NoWords):
            find(curated, nothing)
    with pytest.raises(NothingBuilt):
        find(tmp_path, "ขยะ")


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_phrase_of_a_text_is_found(curated: Path, data: st.DataObject) -> None:
    number = data.draw(st.sampled_from(sorted(RELEASES)))
    title, body, *_ = RELEASES[number]
    text = f"{title} {body}"
    start = data.draw(st.integers(0, len(text) - 1))
    end = start + data.draw(st.integers(4, 40))
    if "เเ" in (text[max(0, start - 1) : start + 1], text[end - 1 : end + 1]):
        return  # half of a แ typed as two
    phrase = text[start:end]
    # A phrase that is cut out of a number or a Latin word, or lost its abbreviation's point, is another one.
    whole = re.sub(r"^[0-9๐-๙A-Za-z,]+|[0-9๐-๙A-Za-z,]+$", "", phrase.replace('"', " ")).strip()
    if len(fold(whole)) < 3 or "." in whole or "ฯ" in whole:
        return
    assert number in ids(find(curated, whole))
    assert number in ids(find(curated, f'"{whole}"'))


@settings(deadline=None)
@given(st.text(alphabet="กขคนมรวสอะาิีึืุูเแโใไำ่้๊๋์็ํฯๆ 0๑2ABab.-\n", max_size=40))
def test_what_is_folded_alike_is_found_in_the_text(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    found = re.search(pattern(folded), text, re.IGNORECASE) if folded and not folded.isascii() else None
    if folded and not folded.isascii():
        assert found
        assert fold(found[0]) == folded


def test_words_are_what_tells() -> None:
    assert [word.typed for word in words("นาย สมชาย")] == ["สมชาย"]
    assert [word.typed for word in words("นาย")] == ["นาย"]
    assert [word.forms[0].folded for word in words("นายกรัฐมนตรี นายอำเภอ")] == [
        fold("นายกรัฐมนตรี"),
        fold("นายอำเภอ"),
    ]
    assert {form.folded for form in words("2567")[0].forms} == {"2567", "2024"}
    assert [word.typed for word in words('"หนึ่ง สอง" สาม')] == ["หนึ่ง สอง", "สาม"]


def test_the_index_goes_on_from_the_last_one(tmp_path: Path) -> None:
    with duckdb.connect() as con:
        con.execute(
            "CREATE TABLE articles AS SELECT 'a' || i AS article_id, 'ข่าว' AS title, 'ข่าว\nงานลอยกระทง ' || i AS text, "
            "'u' AS url, 's' AS source, NULL::DATE AS event_from, NULL::DATE AS published_at, 'น่าน' AS province, "
            "'TH-55' AS province_code, NULL::VARCHAR AS duplicate_of FROM range(5) AS t(i)"
        )
        nights = [tmp_path / str(night) for night in range(4)]
        for night in nights:
            night.mkdir()
        indexed = [write_index(con, nights[0] / FOLDER, tmp_path / "none").articles]
        indexed.append(write_index(con, nights[1] / FOLDER, nights[0] / FOLDER).articles)
        con.execute("DELETE FROM articles WHERE article_id = 'a1'")
        con.execute("UPDATE articles SET text = 'ข่าว\nงานแข่งเรือ' WHERE article_id = 'a2'")
        con.execute(
            "INSERT INTO articles SELECT * REPLACE ('b' AS article_id) FROM articles WHERE article_id = 'a3'"
        )
        indexed.append(write_index(con, nights[2] / FOLDER, nights[1] / FOLDER).articles)
        (nights[2] / FOLDER / MARK).write_text("{}", encoding="utf-8")
        indexed.append(write_index(con, nights[3] / FOLDER, nights[2] / FOLDER).articles)
    assert indexed == [5, 0, 2, 5], "only what is new or changed; all where another version made it"
    for night in nights[:2]:
        assert sorted(ids(find(night, "ลอยกระทง"))) == ["a0", "a1", "a2", "a3", "a4"]
    assert sorted(ids(find(nights[3], "ลอยกระทง"))) == ["a0", "a3", "a4", "b"]
    assert ids(find(nights[3], "แข่งเรือ")) == ["a2"]
    with pytest.raises(NothingBuilt, match="another version"):
        find(nights[2], "ลอยกระทง")


def test_a_lock_made_while_the_links_are_cleared_away_hurts_no_search(
    curated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = os.rmdir

    def busy(path: str, **at: int | None) -> None:
        if "moi-search-" in str(path):
            raise OSError(errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY), path)
        remove(path, **at)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(os, "rmdir", busy)
    assert min(RELEASES) in ids(find(curated, RELEASES[min(RELEASES)][0]))
    assert list(tmp_path.glob("moi-search-*")), "it could not be cleared away"


def test_who_may_only_read_can_search() -> None:
    with TemporaryDirectory() as folder:  # the fixtures' folders are closed to others
        there = publish(Path(folder) / "curated", {"waste": RELEASES["waste"]})
        Path(folder).chmod(0o755)
        before = sorted(path.name for path in (there / FOLDER).iterdir())
        with unprivileged():
            assert ids(find(there, "ธนาคารขยะ")) == ["waste"]
        assert sorted(path.name for path in (there / FOLDER).iterdir()) == before, "nothing is written"


def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "1M") as disk, duckdb.connect() as con:
        con.execute(
            "CREATE MACRO noise(i) AS (SELECT string_agg(md5((i * 200 + j)::VARCHAR), '') FROM range(200) AS u(j))"
        )
        con.execute(
            "CREATE TABLE articles AS SELECT 'a' || i AS article_id, 'ข่าว' AS title, noise(i) AS text, 'u' AS url, "
            "'s' AS source, NULL::DATE AS event_from, NULL::DATE AS published_at, 'น่าน' AS province, "
            "'TH-55' AS province_code, NULL::VARCHAR AS duplicate_of FROM range(900) AS t(i)"
        )
        with pytest.raises((OSError, duckdb.Error)):
            write_index(con, disk / FOLDER, disk / "none")


def test_a_broken_index_says_what_to_do(tmp_path: Path) -> None:
    there = publish(tmp_path / "curated", {"waste": RELEASES["waste"]})
    (there / FOLDER / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(NothingBuilt, match="search index"):
        find(there, "ธนาคารขยะ")
    assert titles(there, "wa", 5) == []


def test_the_command(tables: Moi, run: Run) -> None:
    code, out, err = run("-w", tables.root, "search", "หมู่บ้านตัวอย่าง", "ตรัง", "--limit", "2")
    assert (code, err) == (0, "")
    assert out.startswith("1. จังหวัดตรัง")
    assert "«หมู่บ้านตัวอย่าง»" in out
    assert "\x1b" not in out
    done = moi("search", "หมู่บ้านตัวอย่าง", "--json", "--since", "2566-01-01", cwd=tables.root)
    told = json.loads(done.stdout)
    assert told["total"] == len(told["hits"]) == 6
    hit = told["hits"][0]
    ((text,),) = tables.sql(f"SELECT text FROM articles WHERE article_id = '{hit['article_id']}'").fetchall()
    assert text[hit["span_start"] : hit["span_end"]] == hit["snippet"]
    assert [text[start:end] for start, end in hit["matches"]] == ["หมู่บ้านตัวอย่าง"]
    assert ids(tables.search("หมู่บ้านตัวอย่าง", limit=50)) == [hit["article_id"] for hit in told["hits"]]


def test_the_command_used_wrongly(tables: Moi, run: Run) -> None:
    assert run("-w", tables.root, "search", "...")[0] == 2
    assert run("-w", tables.root, "search", "ก", "--province", "ดาวอังคาร")[0] == 2
    for wrong in ("2024-13-01", "11 มีนาคม", "2567-02-30"):
        assert run("-w", tables.root, "search", "ก", "--since", wrong)[0] == 2
    code, out, _ = run("-w", tables.root, "search", "ยานอวกาศ")
    assert (code, out) == (0, out)
    assert "nothing found in 6 articles" in out


def test_a_release_that_several_sites_carry_is_one_hit(built: Moi) -> None:
    (built.root.parent / "releases" / "again.txt").write_text(
        (built.root.parent / "releases" / "00001.txt").read_text(encoding="utf-8"), encoding="utf-8"
    )
    built.fetch("news")
    stages: list[str] = []
    _, report = built.extract(stage=lambda what, done, total: stages.append(what))
    assert "building the tables" in stages
    assert 1 <= report.indexed.articles <= 2, "the new one; the other is marked anew at most"
    found = built.search('"ประชุมติดตามงานครั้งที่ 1"')
    assert found.hits[0].others == 1
    assert found.total == 1


def test_very_many_new_articles_are_indexed_by_the_first_search(
    ws: Moi, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moi_pipeline.curate.build.MOST", 3)
    ws.fetch(releases)
    _, built = ws.extract()
    assert built.indexed == Indexed(waiting=6)
    assert not (ws.curated / FOLDER).exists()
    title = ws.sql("SELECT title FROM articles LIMIT 1").fetchall()[0][0]
    told: list[tuple[int, int]] = []
    assert ws.search(title, progress=lambda *step: told.append(step)).hits[0].title == title
    assert (ws.curated / FOLDER).is_symlink()
    before = (ws.curated / FOLDER / MARK).stat().st_mtime_ns
    assert ws.search(title).hits
    assert (ws.curated / FOLDER / MARK).stat().st_mtime_ns == before, "once is enough"
    ws.extract(rebuild=True)
    assert ws.search(title).hits[0].title == title
