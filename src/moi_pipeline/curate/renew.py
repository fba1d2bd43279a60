"""Go on from the published build: which articles changed since, and which views must be made anew for it.

A night brings some hundreds of articles to some hundred thousand. So a build takes over the last one's database,
and of a view that is made article by article (``-- by: article``) it makes the rows of changed articles only.
Views that look over all articles are made anew, but only where something that they read has changed. What comes
out is the same as a build from nothing gives, but for the order of rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from moi_pipeline.curate.base import extracted, quote
from moi_pipeline.curate.corrections import OUTCOMES, Correction
from moi_pipeline.curate.last import STEPS, Last
from moi_pipeline.curate.verify import verify
from moi_pipeline.curate.views import View
from moi_pipeline.setup import packaged_queries

if TYPE_CHECKING:
    import duckdb

#: Where more than this share of the articles changed, a build from nothing is the faster one.
SHARE = 0.2
#: Base relations that every run changes, and those that new captures change.
RUNS, CAPTURES, READ = (
    ("run_records", "refused_records", "gone_records"),
    ("captures",),
    ("readings", "extracted"),
)
WHOLE = "out.main,steps.main,memory.main"
DELTA = f"memory.delta,{WHOLE}"


def find_changed(con: duckdb.DuckDBPyConnection, last: Last, corrections: Iterable[Correction]) -> int | None:
    """Make ``delta.changed``, the articles whose readings are not the last build's; returns how many.

    None where they are so many that the tables should be built from nothing. Articles that corrections name count
    as changed once one is, so that corrections are laid over what extraction found and not over themselves.
    """
    con.execute(f"ATTACH {quote(str(last.folder / STEPS))} AS before (READ_ONLY)")
    con.execute("CREATE SCHEMA memory.delta")
    con.execute(
        "CREATE TABLE memory.delta.changed AS WITH now AS (SELECT * EXCLUDE (segment) FROM memory.main.readings_now) "
        "SELECT article_id FROM (FROM now EXCEPT FROM before.main.readings) "
        "UNION SELECT article_id FROM (FROM before.main.readings EXCEPT FROM now)"
    )
    ((count,),) = con.execute("SELECT count(*) FROM memory.delta.changed").fetchall()
    ((total,),) = con.execute("SELECT count(*) FROM before.main.readings").fetchall()
    con.execute("DETACH before")
    if not count:
        return 0
    named = sorted({correction.key.split(":")[0] for correction in corrections})
    con.execute(
        "INSERT INTO memory.delta.changed SELECT DISTINCT article_id FROM memory.main.readings_now "
        "WHERE list_contains(?::VARCHAR[], article_id) AND article_id NOT IN (FROM memory.delta.changed)",
        [named],
    )
    return int(count) if count <= total * SHARE else None


def attach_changed(con: duckdb.DuckDBPyConnection) -> None:
    """Make the base relations of the changed articles alone, in the schema ``delta``. Raises BrokenRecords."""
    con.execute(
        "CREATE TABLE memory.delta.readings AS SELECT * EXCLUDE (segment) FROM memory.main.readings_now "
        "SEMI JOIN memory.delta.changed USING (article_id)"
    )
    found = con.execute(
        "SELECT DISTINCT segment FROM memory.main.readings_now SEMI JOIN memory.delta.changed USING (article_id) "
        "ORDER BY segment"
    ).fetchall()
    files = [Path(segment) for (segment,) in found]
    verify(files)
    records = extracted(con, files) if files else "FROM memory.main.extracted"
    con.execute(
        f"CREATE VIEW memory.delta.extracted AS FROM ({records}) SEMI JOIN memory.delta.readings USING (capture_id)"
    )
    con.execute("DELETE FROM steps.main.readings WHERE article_id IN (FROM memory.delta.changed)")
    con.execute("INSERT INTO steps.main.readings FROM memory.delta.readings")


def to_make(views: list[View], last: Last, changed: int, raw: list[str]) -> set[str]:
    """The names of the views that must be made: those that read what has changed, and the steps that these read."""
    moved = {*RUNS, OUTCOMES}
    if changed:
        moved |= {*CAPTURES, *READ}
    if raw != list(last.raw):
        moved |= {*CAPTURES}
    ours = packaged_queries()
    for view in views:  # in the order in which they need each other
        packaged = ours / view.path.name
        # An analyst's own view may read files and clocks, of which nothing is known here.
        own = not packaged.is_file() or packaged.read_bytes() != view.path.read_bytes()
        if own or view.reads & moved:
            moved.add(view.name)
    wanted = {view.name for view in views if view.name in moved}
    for view in reversed(views):
        if view.name in wanted:
            wanted |= {other.name for other in views if other.name in view.reads and not kept(other)}
    return wanted


def kept(view: View) -> bool:
    """Does a build hand the view's rows on to the next one?"""
    return view.published or view.by_article


def renew(con: duckdb.DuckDBPyConnection, target: str, view: View) -> bool:
    """Put the rows of ``delta.VIEW`` in the place of the changed articles' rows; returns whether any row changed."""
    moved = 0
    if view.again:
        keys = " AND ".join(f'a."{key}" IS NOT DISTINCT FROM t."{key}"' for key in view.key)
        differs = " OR ".join(f't."{name}" IS DISTINCT FROM a."{name}"' for name in view.again)
        values = ", ".join(f'"{name}" = a."{name}"' for name in view.again)
        wanted = ", ".join(f'"{name}"' for name in (*view.key, *view.again))
        # Only these columns are asked for, so the rest of the view is not computed.
        con.execute(f"CREATE OR REPLACE TABLE memory.main._again AS SELECT {wanted} FROM ({view.sql}\n)")
        moved += _count(
            con,
            f"UPDATE {target} AS t SET {values} FROM memory.main._again AS a WHERE {keys} AND ({differs}) "
            "AND t.article_id NOT IN (FROM memory.delta.changed)",
        )
        con.execute("DROP TABLE memory.main._again")
    moved += _count(con, f"DELETE FROM {target} WHERE article_id IN (FROM memory.delta.changed)")
    moved += _count(con, f'INSERT INTO {target} FROM memory.delta."{view.name}"')
    return moved > 0


def _count(con: duckdb.DuckDBPyConnection, statement: str) -> int:
    return int(con.execute(statement).fetchall()[0][0])
