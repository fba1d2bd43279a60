"""The releases behind every number: how many, the newest of them with the sentence that says so, and the SELECT."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from moi_pipeline.show.report.scope import DAY, LISTS
from moi_pipeline.show.report.sentence import WINDOW, cut, opening

if TYPE_CHECKING:
    import duckdb

#: A number: its kind, and what it is the number of.
Key = tuple[str, str, str]
#: How many releases of a number are carried along; the next smaller one is taken where the page grows too large.
LENGTHS = (50, 40, 30, 24, 20, 17, 14, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
#: What a sentence with its release comes to on the page, about, in bytes; what all come to is measured afterwards.
SENTENCE = 290
#: How many are carried along: of the few great numbers always the most; of the thousands of cells of a map and a table
#: a third of what a month, a province or a person has.
CARRIED = (
    "rank = 1 OR rank * CASE WHEN kind IN ('a', 'V', 'P', 'O', 'L', 'lw', 'p', 'o') THEN 0 "
    "WHEN kind IN ('pv', 'pm') THEN 3 ELSE 1 END <= $length"
)
#: Kinds whose entries are captures and addresses that gave no release.
NO_RELEASES = {"sn": ("failures", "not_article"), "sf": ("failures", "failed"), "sr": ("refusals", None)}


@dataclass(slots=True)
class Behind:
    """Counts of all numbers, and what is carried along of their lists."""

    counts: dict[Key, int]
    length: int = 0
    articles: list[list[Any]] = field(default_factory=list)  # title, day, address, source
    sentences: list[list[Any]] = field(default_factory=list)  # article, before, words, after
    lists: dict[Key, list[int]] = field(default_factory=dict)  # sentences of a number, newest release first
    items: dict[Key, list[str]] = field(default_factory=dict)  # the items of a policy list


def count(con: duckdb.DuckDBPyConnection) -> Behind:
    """How many entries every number has."""
    found = {
        (kind, x, y): number
        for kind, x, y, number in con.execute(
            "SELECT kind, x, y, count(*) FROM report_entries GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    }
    for kind, (table, outcome) in NO_RELEASES.items():
        where = f"WHERE outcome = '{outcome}'" if outcome else ""
        for source, number in con.execute(
            f"SELECT source, count(*) FROM {table} {where} GROUP BY source ORDER BY source"
        ).fetchall():
            found[(kind, source, "")] = number
    return Behind(found)


def lengths(con: duckdb.DuckDBPyConnection) -> list[tuple[int, int]]:
    """The lengths to try, longest first, each with how many sentences it needs."""
    con.execute(
        "CREATE TEMP TABLE report_shown AS SELECT *, row_number() OVER "
        "(PARTITION BY kind, x, y ORDER BY place, span_start, span_end) AS rank FROM report_entries "
        f"QUALIFY rank <= {LENGTHS[0]}"
    )
    needed = f"SELECT count(*) FROM (SELECT DISTINCT place, span_start, span_end FROM report_shown WHERE {CARRIED})"
    return [(length, con.execute(needed, {"length": length}).fetchall()[0][0]) for length in LENGTHS]


def fill(con: duckdb.DuckDBPyConnection, behind: Behind, length: int) -> None:
    """Carry along the newest ``length`` releases of every number, each sentence once however many numbers need it."""
    behind.length = length
    behind.articles, behind.sentences, behind.lists, behind.items = [], [], {}, {}
    number_of: dict[tuple[int, int | None, int | None], int] = {}
    article_of: dict[int, int] = {}
    spans = con.execute(
        f"""
        WITH wanted AS (SELECT DISTINCT place, span_start, span_end FROM report_shown WHERE {CARRIED})
        SELECT w.place, w.span_start, w.span_end, a.title, r.day, a.url, a.source,
            substr(a.text, greatest(coalesce(w.span_start, 0) - {WINDOW}, 0) + 1,
                coalesce(w.span_end - w.span_start, 0) + least(coalesce(w.span_start, 0), {WINDOW}) + {WINDOW})
        FROM wanted AS w
        JOIN report_releases AS r ON r.place = w.place
        JOIN articles AS a ON a.article_id = r.article_id
        ORDER BY w.place, w.span_start, w.span_end
        """,
        {"length": length},
    )
    while rows := spans.fetchmany(5_000):
        for place, start, end, title, day, url, source, window in rows:
            if place not in article_of:
                article_of[place] = len(behind.articles)
                behind.articles.append([title, day.isoformat() if day else "", url, source])
            number_of[place, start, end] = len(behind.sentences)
            article = article_of[place]
            if start is None:
                behind.sentences.append([article, opening(_after_title(window, title))])
            else:
                at = min(start, WINDOW)
                behind.sentences.append([article, *cut(window, at, at + end - start)])
    for kind, x, y, place, start, end in con.execute(
        f"SELECT kind, x, y, place, span_start, span_end FROM report_shown WHERE {CARRIED} ORDER BY kind, x, y, rank",
        {"length": length},
    ).fetchall():
        behind.lists.setdefault((kind, x, y), []).append(number_of[place, start, end])
    _fill_refused(con, behind, length)
    for article_id, list_no, items in con.execute(
        "SELECT s.article_id, s.list_no, l.items FROM report_lists AS s "
        "JOIN policy_lists AS l ON l.article_id = s.article_id AND l.list_no = s.list_no "
        "WHERE s.newest <= ? ORDER BY s.newest",
        [LISTS],
    ).fetchall():
        behind.items["l", article_id, str(list_no)] = [opening(item) for item in items]


def _after_title(window: str, title: str | None) -> str:
    """A text's first line is its title, which stands above it already."""
    rest = window.removeprefix(title or "").strip()
    return rest or window


def _fill_refused(con: duckdb.DuckDBPyConnection, behind: Behind, length: int) -> None:
    for kind, (table, outcome) in NO_RELEASES.items():
        where = f"WHERE outcome = '{outcome}'" if outcome else ""
        for source, url, reason, detail in con.execute(
            f"SELECT source, url, reason, left(detail, {WINDOW}) FROM {table} {where} ORDER BY source, url, reason "
        ).fetchall():
            shown = behind.lists.setdefault((kind, source, ""), [])
            if len(shown) < length:
                shown.append(len(behind.sentences))
                behind.sentences.append([len(behind.articles), opening(detail or "")])
                behind.articles.append([reason, "", url, source])


def select(key: Key, since: date | None) -> str:
    """One SELECT for ``moi sql`` that lists all of a number's releases, as many rows as the number says."""
    kind, x, y = key
    if kind in NO_RELEASES:
        table, outcome = NO_RELEASES[kind]
        also = f" AND outcome = {_text(outcome)}" if outcome else ""
        return f"SELECT url, reason, detail FROM {table} WHERE source = {_text(x)}{also}"
    if kind in ("s", "sd"):
        again = " AND duplicate_of IS NOT NULL" if kind == "sd" else ""
        return f"SELECT article_id, title, url FROM articles WHERE source = {_text(x)}{again}"
    where = _where(kind, x, y)
    if since:
        where.append(f"{DAY} >= DATE '{since.isoformat()}'")
    if kind in ("l", "lw"):
        return (
            "SELECT l.* FROM policy_lists AS l JOIN unique_articles AS a ON a.article_id = l.article_id"
            f" WHERE {' AND '.join(where)}"
        )
    return "SELECT article_id, title, url FROM unique_articles" + (
        f" WHERE {' AND '.join(where)}" if where else ""
    )


def _where(kind: str, x: str, y: str) -> list[str]:
    named = f"article_id IN (SELECT article_id FROM projects WHERE programme_id = {_text(x)})"
    if kind == "m":
        return [_month(x)]
    if kind == "v":
        return [_equal("province_code", x)]
    if kind == "V":
        return ["province_code IS NOT NULL"]
    if kind in ("P", "O", "L"):
        table, key = {
            "P": ("projects", "programme_id"),
            "O": ("officials", "person_id"),
            "L": ("policy_lists", "list_no"),
        }[kind]
        return [f"article_id IN (SELECT article_id FROM {table} WHERE {key} IS NOT NULL)"]
    if kind == "p":
        return [named]
    if kind == "pv":
        return [named, _equal("province_code", y)]
    if kind == "pm":
        return [named, _month(y)]
    if kind == "pe":
        return [named, f"{DAY} < DATE '{y}-01'"]
    if kind == "o":
        return [f"article_id IN (SELECT article_id FROM officials WHERE person_id = {_text(x)})"]
    if kind == "t":
        office, province, acting = y.split(":")
        return [
            f"article_id IN (SELECT article_id FROM officials WHERE person_id = {_text(x)} AND office = {_text(office)}"
            f" AND {_equal('province_code', province.strip('-') and province)} AND coalesce(acting, false) = {acting})"
        ]
    if kind == "l":
        return [f"l.article_id = {_text(x)}", f"l.list_no = {int(y)}"]
    if kind == "lw":
        return ["l.complete IS NULL" if x == "open" else f"l.complete = {str(x == 'whole').lower()}"]
    return []


def _month(month: str) -> str:
    return f"date_trunc('month', {DAY}) = DATE '{month}-01'" if month else f"{DAY} IS NULL"


def _equal(column: str, value: str) -> str:
    return f"{column} = {_text(value)}" if value else f"{column} IS NULL"


def _text(value: str | None) -> str:
    return "'" + (value or "").replace("'", "''") + "'"
