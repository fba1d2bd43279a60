"""What has changed since the published build, and which views that can touch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from moi_pipeline.curate.base import quote
from moi_pipeline.curate.corrections import OUTCOMES, Correction
from moi_pipeline.curate.last import STEPS, Last
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


def find_changed(con: duckdb.DuckDBPyConnection, last: Last, corrections: Iterable[Correction]) -> int | None:
    """Make ``changed.articles``, the articles whose readings are not the last build's; returns how many.

    None where they are so many that the tables should be built from nothing. Articles that corrections name count
    as changed once one is, so that corrections are laid over what extraction found and not over themselves.
    """
    con.execute(f"ATTACH {quote(str(last.folder / STEPS))} AS before (READ_ONLY)")
    con.execute("CREATE SCHEMA memory.changed")
    con.execute(
        "CREATE TABLE memory.changed.articles AS "
        "WITH now AS (SELECT * EXCLUDE (segment) FROM memory.main.readings_now) "
        "SELECT article_id FROM (FROM now EXCEPT FROM before.main.readings) "
        "UNION SELECT article_id FROM (FROM before.main.readings EXCEPT FROM now)"
    )
    ((count,),) = con.execute("SELECT count(*) FROM memory.changed.articles").fetchall()
    ((total,),) = con.execute("SELECT count(*) FROM before.main.readings").fetchall()
    con.execute("DETACH before")
    if not count:
        return 0
    named = sorted({correction.key.split(":")[0] for correction in corrections})
    con.execute(
        "INSERT INTO memory.changed.articles SELECT DISTINCT article_id FROM memory.main.readings_now "
        "WHERE list_contains(?::VARCHAR[], article_id) AND article_id NOT IN (FROM memory.changed.articles)",
        [named],
    )
    return int(count) if count <= total * SHARE else None


def renew_readings(con: duckdb.DuckDBPyConnection) -> None:
    """Bring the step ``readings`` up to date."""
    con.execute("DELETE FROM steps.main.readings WHERE article_id IN (FROM memory.changed.articles)")
    con.execute(
        "INSERT INTO steps.main.readings SELECT * EXCLUDE (segment) FROM memory.main.readings_now "
        "SEMI JOIN memory.changed.articles USING (article_id)"
    )


def to_make(views: Sequence[View], last: Last, changed: int, raw: list[str]) -> set[str]:
    """The names of the views that may have to be made: those that read what may have changed, and the steps that
    these read."""
    moved = {*RUNS, OUTCOMES}
    if changed:
        moved |= {*CAPTURES, *READ}
    if raw != list(last.raw):
        moved |= {*CAPTURES}
    for view in views:  # in the order in which they need each other
        if may_read_anything(view) or view.reads & moved:
            moved.add(view.name)
    wanted = {view.name for view in views if view.name in moved}
    not_handed_on = {name for name, table in homes(views).items() if table.startswith("memory.")}
    for view in reversed(views):
        if view.name in wanted:
            wanted |= view.reads & not_handed_on
    return wanted


def may_read_anything(view: View) -> bool:
    """Is it an analyst's own view? It may read files and clocks, of which nothing is known here."""
    packaged = packaged_queries() / view.path.name
    return not packaged.is_file() or packaged.read_bytes() != view.path.read_bytes()


def compared(views: Iterable[View]) -> set[str]:
    """The tables of which it must be known what has changed in them: those that views with a ``by`` read."""
    by_name = {view.name: view for view in views}
    known: set[str] = set()
    waiting = {name for view in by_name.values() if view.by for name in view.reads}
    while waiting:
        known |= waiting
        through = [by_name[name] for name in waiting if name in by_name and by_name[name].as_view]
        waiting = {name for view in through for name in view.reads} - known
    return known


def homes(views: Sequence[View]) -> dict[str, str]:
    """Where each view's table stands: in the database, in the steps that the next build goes on from, or nowhere."""
    known = compared(views)

    def home(view: View) -> str:
        if view.published:
            return "out"
        return "steps" if not view.as_view and (view.by or view.name in known) else "memory"

    return {view.name: f'{home(view)}.main."{view.name}"' for view in views}
