"""What stands on the page, section by section, as plain rows for the template. Counts come from ``behind``."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Any

from moi_pipeline.show.database import rows
from moi_pipeline.show.report.behind import Behind
from moi_pipeline.show.report.scope import LISTS

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]

#: Programmes whose spread is drawn: more lines than this can't be told apart.
DRAWN = 5
#: From the north to the south, as on the map.
REGIONS = ("north", "northeast", "central", "east", "west", "south")


@cache
def tiles() -> dict[str, Row]:
    """The tile map: province code → row, column and the short names."""
    text = (files("moi_pipeline.show.report") / "data" / "tiles.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {row["province_code"]: dict(row) for row in csv.DictReader(lines)}


def steps(most: int) -> list[int]:
    """Where the five shades of a map or table begin: 1, 2, 5, 10 … up to ``most``; the first is always 1."""
    found, unit = [], 1
    while unit <= most:
        found += [unit * factor for factor in (1, 2, 5) if unit * factor <= most]
        unit *= 10
    return [1, *found[-4:]] if len(found) > 5 else found


def shade(count: int, begins: list[int]) -> int:
    """0 for nothing, else the number of the shade, the darkest being the last."""
    return sum(count >= begin for begin in begins)


def gather(con: duckdb.DuckDBPyConnection, behind: Behind) -> Row:
    """Everything that the template shows, section by section."""
    provinces = {row["province_code"]: row for row in rows(con, "FROM provinces ORDER BY province_code")}
    programmes = _programmes(con, behind)
    return {
        "build": _build(con),
        "figures": _figures(con),
        "provinces": provinces,
        "months": _months(behind),
        "map": _map(behind, provinces, programmes),
        "programmes": programmes,
        "heat": _heat(con, behind, programmes),
        "reach": _reach(con, programmes[:DRAWN]),
        "governors": _governors(con, behind, provinces),
        "people": _people(con, behind, provinces),
        "lists": _lists(con),
        "sources": _sources(con),
    }


def _build(con: duckdb.DuckDBPyConnection) -> Row:
    """When the tables were made, by the newest run in them: the page of the same tables is always the same."""
    return rows(
        con,
        "SELECT moi_version, coalesce((SELECT max(greatest(started_at, ended_at)) FROM runs), "
        "(SELECT max(fetched_at) FROM articles)) AS made_at FROM moi_build",
    )[0]


def _figures(con: duckdb.DuckDBPyConnection) -> Row:
    return rows(
        con,
        "SELECT (SELECT min(day) FROM report_releases WHERE chosen) AS first_day, "
        "(SELECT max(day) FROM report_releases WHERE chosen) AS last_day, "
        "(SELECT count(DISTINCT province_code) FROM report_releases WHERE chosen) AS provinces, "
        "(SELECT count(DISTINCT programme_id) FROM report_named) AS programmes, "
        "(SELECT count(DISTINCT person_id) FROM report_people) AS people, "
        "(SELECT count(*) FROM report_lists) AS lists",
    )[0]


def _months(behind: Behind) -> list[Row]:
    """Every month from the first to the last, those without a release too."""
    found = {x: number for (kind, x, _), number in behind.counts.items() if kind == "m" and x}
    if not found:
        return []
    months = _all_months(min(found), max(found))
    return [{"month": month, "year": month[:-3], "releases": found.get(month, 0)} for month in months]


def _all_months(first: str, last: str) -> list[str]:
    begin, end = (int(text[:-3]) * 12 + int(text[-2:]) - 1 for text in (first, last))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(begin, end + 1)]


def _map(behind: Behind, provinces: dict[str, Row], programmes: list[Row]) -> list[Row]:
    """What the tile map can be coloured by: all releases first, then the programmes; counts by province code."""
    chosen = [{"id": "", "name": None}, *({"id": p["programme_id"], "name": p["name"]} for p in programmes)]
    for choice in chosen:
        keys = {
            code: ("pv", choice["id"], code) if choice["id"] else ("v", code, "") for code in ["", *provinces]
        }
        counts = {code: behind.counts[key] for code, key in keys.items() if key in behind.counts}
        choice["unplaced"] = counts.pop("", 0)
        choice["counts"] = counts
        choice["steps"] = steps(max(counts.values(), default=0))
    return chosen


def _programmes(con: duckdb.DuckDBPyConnection, behind: Behind) -> list[Row]:
    found = rows(
        con,
        "SELECT g.programme_id, g.name, g.releases, count(DISTINCT n.province_code) AS provinces, "
        "min(n.day) AS first_seen, max(n.day) AS last_seen "
        "FROM report_programmes AS g JOIN report_named AS n ON n.programme_id = g.programme_id "
        "GROUP BY ALL ORDER BY g.releases DESC, g.name, g.programme_id",
    )
    most = max((row["releases"] for row in found), default=1)
    for row in found:
        row["share"] = round(100 * row["releases"] / most, 2)
    return found


def _heat(con: duckdb.DuckDBPyConnection, behind: Behind, programmes: list[Row]) -> Row:
    months = [row["month"] for row in rows(con, "FROM report_months ORDER BY month")]
    ids = [row["programme_id"] for row in programmes]
    most = max((behind.counts.get(("pm", i, m), 0) for i in ids for m in months), default=0)
    return {
        "months": months,
        "columns": [{"month": month, "year": month[:-3]} for month in months],
        "steps": steps(most),
        "earlier": any(kind == "pe" for kind, _, _ in behind.counts),
        "undated": any(("pm", i, "") in behind.counts for i in ids),
    }


def _reach(con: duckdb.DuckDBPyConnection, programmes: list[Row]) -> list[Row]:
    """By month and programme: in how many provinces it had been reported on by then."""
    begun = rows(
        con,
        "SELECT programme_id, province_code, min(month) AS month FROM report_named "
        "WHERE province_code IS NOT NULL AND month IS NOT NULL GROUP BY ALL",
    )
    first: dict[str, list[str]] = {row["programme_id"]: [] for row in programmes}
    for row in begun:
        if row["programme_id"] in first:
            first[row["programme_id"]].append(row["month"])
    seen = [month for months in first.values() for month in months]
    if not seen:
        return []
    months = _all_months(min(seen), max(seen))
    return [
        {
            "month": month,
            "name": row["name"],
            "provinces": sum(at <= month for at in first[row["programme_id"]]),
            "ends": month.endswith("-12") or month == months[-1],  # the table beside the chart holds these
        }
        for row in programmes
        for month in months
    ]


def _governors(con: duckdb.DuckDBPyConnection, behind: Behind, provinces: dict[str, Row]) -> Row:
    found = rows(
        con,
        "SELECT n.province_code, n.person_id, p.full_name, n.acting, n.first_seen, n.last_seen "
        "FROM report_posts AS n JOIN persons AS p ON p.person_id = n.person_id "
        "WHERE n.as_governor ORDER BY n.province_code, n.first_seen NULLS LAST, n.person_id, n.acting",
    )
    ((all_of_them,),) = con.execute("SELECT count(*) FROM report_posts WHERE governs").fetchall()
    days = [day for row in found for day in (row["first_seen"], row["last_seen"]) if day]
    if not days:
        return {"regions": [], "years": [], "count": 0, "left_out": 0}
    begin, end = date(min(days).year, 1, 1), date(max(days).year + 1, 1, 1)
    whole = (end - begin).days
    for row in found:
        row["key"] = ("t", row["person_id"], f"governor:{row['province_code']}:{str(row['acting']).lower()}")
        if row["first_seen"]:
            row["x"] = round(100 * (row["first_seen"] - begin).days / whole, 2)
            # A single day is a bar too, wide enough to be seen.
            row["width"] = max(round(100 * (row["last_seen"] - row["first_seen"]).days / whole, 2), 0.9)
    regions: dict[str, list[Row]] = {}
    for code, people in groupby(found, key=lambda row: row["province_code"]):
        regions.setdefault(provinces[code]["region"], []).append({"code": code, "people": list(people)})
    return {
        "regions": [(name, regions[name]) for name in REGIONS if name in regions],
        "years": [
            {"year": year, "x": round(100 * (year - begin.year) / (end.year - begin.year), 2)}
            for year in range(begin.year, end.year)
        ],
        "count": len(found),
        "left_out": all_of_them - len(found),
    }


def _people(con: duckdb.DuckDBPyConnection, behind: Behind, provinces: dict[str, Row]) -> list[Row]:
    people = rows(
        con,
        "SELECT b.person_id, p.full_name, b.releases FROM report_busiest AS b "
        "JOIN persons AS p ON p.person_id = b.person_id ORDER BY b.releases DESC, p.full_name, b.person_id",
    )
    posts = rows(
        con,
        "SELECT n.person_id, n.office, n.province_code, n.acting, f.thai, f.english, n.first_seen, n.last_seen "
        "FROM report_posts AS n JOIN offices AS f ON f.office = n.office WHERE n.as_busiest "
        "ORDER BY n.person_id, n.first_seen NULLS LAST, n.office, n.province_code, n.acting",
    )
    for person in people:
        person["posts"] = [post for post in posts if post["person_id"] == person["person_id"]]
        for post in person["posts"]:
            where = f"{post['office']}:{post['province_code'] or '-'}:{str(post['acting']).lower()}"
            post["key"] = ("t", person["person_id"], where)
    return people


def _lists(con: duckdb.DuckDBPyConnection) -> list[Row]:
    return rows(
        con,
        "SELECT s.article_id, s.list_no, s.state, l.day, l.province_code, l.speaker, l.intro, l.declared, l.found "
        "FROM report_lists AS s JOIN policy_lists AS l ON l.article_id = s.article_id AND l.list_no = s.list_no "
        "WHERE s.newest <= ? ORDER BY s.newest",
        [LISTS],
    )


def _sources(con: duckdb.DuckDBPyConnection) -> Row:
    """Sources of which something is stored or was refused, and how many more are listed."""
    found = rows(con, "FROM source_health ORDER BY source")
    used = [
        r
        for r in found
        if r["articles"] or r["not_articles"] or r["failed"] or r["refused"] or r["last_success"]
    ]
    return {"rows": used, "idle": len(found) - len(used)}
