"""``moi report``, all but what a browser makes of it: numbers, lists, sentences, limits, and what is in the way."""

from __future__ import annotations

import base64
import gzip
import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.helpers import Run, moi

from moi_pipeline.api import Moi
from moi_pipeline.errors import BadQuery, MoiError, NoSuchProgramme, NothingBuilt, NotStored
from moi_pipeline.messages import language
from moi_pipeline.show import report
from moi_pipeline.show.report.facts import shade, steps, tiles
from moi_pipeline.show.report.page import _address
from moi_pipeline.show.report.sentence import AFTER, BEFORE, CUT, cut, opening
from moi_pipeline.show.report.wording import Pair, _words, month, pair, words


def lists_of(page: Path) -> Any:
    """What a page carries along of the lists behind its numbers."""
    found = re.search(
        r'<script type="application/gzip" id="data">([^<]+)</script>', page.read_text(encoding="utf-8")
    )
    assert found
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def change(workspace: Moi, *statements: str) -> None:
    """Make the published tables say something else."""
    with duckdb.connect(str(workspace.database.resolve())) as con:
        for statement in statements:
            con.execute(statement)


@pytest.fixture(scope="module")
def page(tables: Moi, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    told = tables.report(path)
    assert told.bytes == path.stat().st_size
    assert told.releases == 6
    return path


def test_the_command_writes_a_page_and_says_so(tables: Moi, tmp_path: Path) -> None:
    done = moi("-w", tables.root, "report", "--lang", "th", "--since", "2023-03-01", "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert told["path"] == "report.html"
    assert told["bytes"] == len(page.encode())
    assert '<html lang="th"' in page
    assert "เฉพาะข่าวตั้งแต่ 1 มี.ค. 2566" in page
    ((since,),) = tables.sql(
        "SELECT count(*) FROM unique_articles WHERE event_from >= '2023-03-01'"
    ).fetchall()
    assert 0 < told["releases"] == since < 6


def test_every_number_is_as_long_as_its_select(tables: Moi, page: Path) -> None:
    lists = lists_of(page)["lists"]
    assert {key.split("|")[0] for key in lists} >= {
        "a",
        "m",
        "v",
        "V",
        "P",
        "O",
        "L",
        "p",
        "pm",
        "pv",
        "o",
        "t",
        "l",
    }
    for key, (total, thai, english, select, shown) in lists.items():
        assert len(tables.sql(select).fetchall()) == total, (key, select)
        assert len(shown) == total, key
        assert thai, key
        assert english, key


def test_numbers_are_those_of_the_tables_by_month(tables: Moi, page: Path) -> None:
    lists = lists_of(page)["lists"]
    months = tables.sql(
        "SELECT strftime(month, '%Y-%m'), sum(releases) FROM province_month GROUP BY ALL"
    ).fetchall()
    assert {f"m|{name or ''}|": int(count) for name, count in months} == {
        key: entry[0] for key, entry in lists.items() if key.startswith("m|")
    }
    spread = tables.sql(
        "SELECT programme_id, coalesce(province_code, ''), sum(releases) FROM programme_province_month GROUP BY ALL"
    ).fetchall()
    assert {f"pv|{programme}|{code}": int(count) for programme, code, count in spread} == {
        key: entry[0] for key, entry in lists.items() if key.startswith("pv|")
    }


def test_a_wrong_year_in_the_text_counts_for_the_month_that_the_tables_count(
    built: Moi, tmp_path: Path
) -> None:
    # As the view _releases counts: the posting knows the year better.
    change(
        built,
        "DELETE FROM articles WHERE article_id <> (SELECT min(article_id) FROM articles)",
        "UPDATE articles SET published_at = event_from + 360",
    )
    built.report(tmp_path / "r.html")
    ((posted,),) = built.sql("SELECT strftime(published_at, '%Y-%m') FROM articles").fetchall()
    lists = lists_of(tmp_path / "r.html")["lists"]
    assert [key for key in lists if key.startswith("m|")] == [f"m|{posted}|"]


def test_a_sentence_is_cut_from_the_text_around_the_words(tables: Moi, page: Path) -> None:
    data = lists_of(page)
    texts = dict(tables.sql("SELECT url, text FROM articles").fetchall())
    marked = 0
    for article, *parts in data["sentences"]:
        text = texts[data["articles"][article][2]]
        if len(parts) == 3:
            assert "".join(parts).removeprefix(CUT).removesuffix(CUT) in text
            assert parts[1]
            marked += 1
    assert marked > 20
    programme, shown = next((key, entry[4]) for key, entry in data["lists"].items() if key.startswith("p|"))
    assert {data["sentences"][number][2] for number in shown} == {
        surface
        for (surface,) in tables.sql(
            f"SELECT DISTINCT surface FROM projects WHERE programme_id = '{programme.split('|')[1]}'"
        ).fetchall()
    }


def test_the_same_tables_give_the_same_bytes(tables: Moi, page: Path, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    tables.report(tmp_path / "again.html", stage=lambda *step: told.append(step))
    assert told == [(what, done, 3) for done, what in enumerate(report.STEPS)]
    assert (tmp_path / "again.html").read_bytes() == page.read_bytes()


def test_where_there_is_no_room_the_newest_are_kept_and_the_total_is_told(
    tables: Moi, page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = lists_of(page)
    monkeypatch.setattr(report, "MAY_TAKE", 1)
    told = tables.report(tmp_path / "small.html")
    small = lists_of(tmp_path / "small.html")
    assert told.newest_shown == 1
    assert (tmp_path / "small.html").stat().st_size < page.stat().st_size
    assert {key: entry[0] for key, entry in small["lists"].items()} == {
        key: entry[0] for key, entry in whole["lists"].items()
    }
    for key, entry in small["lists"].items():
        if key[0] == "s":
            assert len(entry[4]) == 1
            newest = small["articles"][small["sentences"][entry[4][0]][0]]
            assert newest == whole["articles"][whole["sentences"][whole["lists"][key][4][0]][0]]


def test_what_a_release_says_is_never_html(built: Moi, tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script><!--lists--><img src=x onerror=alert(2)>\"'{{7*7}}"
    quoted = evil.replace("'", "''")
    change(
        built,
        f"UPDATE programmes SET name = '{quoted}'",
        f"UPDATE persons SET full_name = '{quoted}'",
        f"UPDATE articles SET title = '{quoted}', source = '{quoted}'",
        f"UPDATE source_health SET source = '{quoted}' WHERE articles > 0",
        f"UPDATE policy_lists SET intro = '{quoted}', speaker = '{quoted}'",
    )
    built.report(tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert "<script>alert" not in page
    assert "&lt;img src=x onerror" in page
    assert "{{7*7}}" in page
    assert page.count("<script") == 2  # the data and our own
    assert lists_of(tmp_path / "r.html")["articles"][0][0] == evil


def test_the_page_may_ask_nothing_of_the_network(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]
    assert not re.search(r'(?:src|href)="(?!#)', text)
    assert "@import" not in text
    assert " style=" not in text


@pytest.mark.parametrize(
    ("url", "shown", "link"),
    [
        ("https://www.example.go.th/a?b=1", "https://www.example.go.th/a?b=1", True),
        ("HTTP://example.go.th/", "HTTP://example.go.th/", True),
        ("javascript:alert(1)", "javascript:alert(1)", False),
        (" javascript:alert(1)", " javascript:alert(1)", False),
        ("data:text/html,<b>", "data:text/html,<b>", False),
        ("//example.go.th/", "//example.go.th/", False),
        ("https:", "https:", False),
        ("http://[broken", "http://[broken", False),
        ("file:///home/anna/%E0%B8%95.txt", "ต.txt", False),
    ],
)
def test_only_addresses_of_the_web_are_links(url: str, shown: str, link: bool) -> None:
    assert _address(url) == (shown, link)


def test_a_programme_is_found_by_a_spelling_and_chosen(tables: Moi, tmp_path: Path) -> None:
    ((programme, spelling),) = tables.sql(
        "SELECT programme_id, spellings[1] FROM programmes LIMIT 1"
    ).fetchall()
    tables.report(tmp_path / "r.html", programme=spelling)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert f'value="{programme}" selected' in page
    assert f'data-l="pv|{programme}|' in page


def test_a_programme_that_is_not_there_is_an_error_that_names_near_ones(
    tables: Moi, tmp_path: Path, run: Run
) -> None:
    code, _, err = run("-w", tables.root, "report", "--programme", "หมู่บ้านตัวอยาง", "-o", tmp_path / "r.html")
    assert code == NoSuchProgramme.exit_code == 2
    assert "Near it: หมู่บ้านตัวอย่าง." in err
    assert not (tmp_path / "r.html").exists()


def test_a_programme_that_nobody_named_since_is_told(tables: Moi, tmp_path: Path) -> None:
    with pytest.raises(NoSuchProgramme, match="no release since 2100-01-01"):
        tables.report(tmp_path / "r.html", programme="หมู่บ้านตัวอย่าง", since=date(2100, 1, 1))


def test_views_that_were_taken_away_are_told(built: Moi, tmp_path: Path) -> None:
    change(built, "DROP TABLE policy_lists")
    with pytest.raises(BadQuery, match="policy_lists") as told:
        built.report(tmp_path / "r.html")
    assert "moi init" in told.value.hint


@pytest.mark.parametrize("wrong", [("--since", "2567-01-01"), ("--since", "soon"), ("--lang", "fr")])
def test_wrong_options_are_told(tables: Moi, tmp_path: Path, run: Run, wrong: tuple[str, str]) -> None:
    code, _, err = run("-w", tables.root, "report", *wrong, "-o", tmp_path / "r.html")
    assert code == 2
    assert wrong[0] in err
    assert ("write 2024" in err) == (wrong[1] == "2567-01-01")


def test_the_language_is_the_locales(
    tables: Moi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.delenv("MOI_LANG", raising=False)
    for told, lang in (("th_TH.UTF-8", "th"), ("th", "th"), ("de_DE.UTF-8", "en"), ("C", "en")):
        monkeypatch.setenv("LC_ALL", told)
        assert language() == lang
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LC_MESSAGES", "th_TH")
    assert run("-w", tables.root, "report", "-o", tmp_path / "r.html")[0] == 0
    assert '<html lang="th"' in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_without_tables_or_libraries_the_error_says_what_to_do(
    ws: Moi, tables: Moi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NothingBuilt):
        ws.report(tmp_path / "r.html")
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(MoiError) as missing:
        tables.report(tmp_path / "r.html")
    assert "moi-pipeline[report]" in missing.value.hint


def test_a_file_that_cannot_be_written_leaves_the_older_one(tables: Moi, tmp_path: Path) -> None:
    (tmp_path / "r.html").mkdir()
    with pytest.raises(NotStored):
        tables.report(tmp_path / "r.html")
    assert [path.name for path in tmp_path.iterdir()] == ["r.html"]


def test_nothing_to_tell_is_a_page_too(built: Moi, tmp_path: Path) -> None:
    told = built.report(tmp_path / "late.html", since=date(2100, 1, 1))
    assert told.releases == 0
    assert "There are no releases here yet" in (tmp_path / "late.html").read_text(encoding="utf-8")
    names = [name for (name,) in built.sql("SELECT table_name FROM duckdb_tables()").fetchall()]
    kept = {"moi_build", "provinces", "offices", "calendar"}
    change(built, *(f'DELETE FROM "{name}"' for name in names if name not in kept))
    told = built.report(tmp_path / "empty.html")
    assert told.releases == told.numbers == 0
    assert lists_of(tmp_path / "empty.html")["lists"] == {}


def test_one_release_without_day_province_or_programme(built: Moi, tmp_path: Path) -> None:
    change(
        built,
        "DELETE FROM articles WHERE article_id <> (SELECT min(article_id) FROM articles)",
        "UPDATE articles SET event_from = NULL, published_at = NULL, province_code = NULL",
        "DELETE FROM projects",
        "UPDATE officials SET office = NULL",
        "DELETE FROM policy_lists",
    )
    built.report(tmp_path / "r.html")
    data = lists_of(tmp_path / "r.html")
    assert data["lists"]["m||"][0] == data["lists"]["v||"][0] == 1
    ((article, *parts),) = (data["sentences"][number] for number in data["lists"]["m||"][4])
    assert data["articles"][article][1] == ""
    assert len(parts) == 1  # nothing says it, so the text's beginning stands there
    assert not parts[0].startswith(data["articles"][article][0])


def test_what_gave_no_release_can_be_looked_at_too(built: Moi, tmp_path: Path) -> None:
    change(
        built,
        "INSERT INTO failures (source, url, outcome, reason, detail) "
        "VALUES ('news', 'https://news.example/x', 'not_article', 'a list of releases', 'It has 12 links.')",
        "UPDATE source_health SET not_articles = 1 WHERE source = 'news'",
    )
    built.report(tmp_path / "r.html")
    data = lists_of(tmp_path / "r.html")
    total, _, english, select, (number,) = data["lists"]["sn|news|"]
    assert (total, english) == (1, "No release: news")
    assert len(built.sql(select).fetchall()) == 1
    article, detail = data["sentences"][number]
    assert data["articles"][article] == ["a list of releases", "", "https://news.example/x", True, "news"]
    assert detail == "It has 12 links."


def test_the_tile_map_holds_every_province_once_and_lies_as_the_land_does(tables: Moi) -> None:
    found = {code: (int(tile["row"]), int(tile["column"])) for code, tile in tiles().items()}
    assert set(found) == {code for (code,) in tables.sql("SELECT province_code FROM provinces").fetchall()}
    assert len(set(found.values())) == 77
    assert len({tile["short_en"] for tile in tiles().values()}) == 77
    assert len({tile["short_th"] for tile in tiles().values()}) == 77
    rows = [
        found[code][0] for code in ("TH-57", "TH-50", "TH-60", "TH-10", "TH-77", "TH-84", "TH-90", "TH-96")
    ]
    assert rows == sorted(rows)  # Chiang Rai to Narathiwat
    columns = [found[code][1] for code in ("TH-58", "TH-50", "TH-42", "TH-41", "TH-48")]
    assert columns == sorted(columns)  # Mae Hong Son to Nakhon Phanom
    for one, other in (
        ("TH-10", "TH-11"),
        ("TH-40", "TH-44"),
        ("TH-33", "TH-34"),
        ("TH-95", "TH-96"),
        ("TH-21", "TH-22"),
    ):
        assert max(abs(found[one][at] - found[other][at]) for at in (0, 1)) == 1


def test_everything_is_said_in_both_languages() -> None:
    for section, entries in _words().items():
        for key, entry in entries.items():
            assert set(entry) == {"th", "en"}, (section, key)
            braces = [sorted(re.findall(r"\{\w*\}", entry[lang])) for lang in ("th", "en")]
            assert braces[0] == braces[1], (section, key)


def test_dates_are_of_the_buddhist_era_in_thai() -> None:
    assert pair(date(2024, 2, 29)) == ("29 ก.พ. 2567", "29 Feb 2024")
    assert month("2023-12") == ("ธ.ค. 2566", "Dec 2023")
    assert (
        words("page.spanning", first=date(2020, 1, 1), last=date(2021, 1, 1))[1]
        == "Releases from 1 Jan 2020 to 1 Jan 2021"
    )
    assert pair(12345) == ("12,345", "12,345")
    told: Pair = words("behind.pm", "โครงการ", month("2024-01"))
    assert told == ("โครงการ: ม.ค. 2567", "โครงการ: Jan 2024")


@pytest.mark.parametrize(
    ("most", "begins"),
    [
        (0, []),
        (1, [1]),
        (3, [1, 2]),
        (30, [1, 2, 5, 10, 20]),
        (99, [1, 5, 10, 20, 50]),
        (5000, [1, 500, 1000, 2000, 5000]),
    ],
)
def test_shades_begin_at_round_numbers(most: int, begins: list[int]) -> None:
    assert steps(most) == begins
    assert shade(0, begins) == 0
    assert shade(most, begins) == len(begins)
    assert len(begins) <= 5


def test_a_sentence_stays_in_its_line_and_parts_no_letter_from_its_marks() -> None:
    text = "หัวข้อ\nนายก้องเปิดงานที่น่าน มีผู้ร่วมงาน\nบรรทัดถัดไป"
    start = text.index("น่าน")
    assert cut(text, start, start + 4) == ("นายก้องเปิดงานที่", "น่าน", " มีผู้ร่วมงาน")
    long = "ที่" * 100
    before, words_, after = cut(long, 150, 153)
    assert before.startswith(CUT + "ท")
    assert (words_, after[-4:]) == ("ที่", "ที่" + CUT)
    assert len(before) <= BEFORE + 1
    assert len(after) <= AFTER + 3
    spaced = "คำ " * 100
    assert cut(spaced, 150, 152)[0].startswith(CUT + "คำ ")
    assert opening("สั้น ๆ\nมาก") == "สั้น ๆ มาก"
    assert len(opening("ที่" * 200)) <= BEFORE + AFTER + 3
