"""Go on from the published build: which articles changed since, and which rows of each table that touches.

A night brings some hundreds of articles to some hundred thousand. So a build takes over the last one's database, and
what has changed is followed from table to table. Of a view whose rows each belong to one value of a column
(``-- by: article_id``, ``-- by: person_id``), the rows of touched values only are made; any other view is made whole,
but only where something that it reads has changed. What comes out is the same as a build from nothing gives, but for
the order of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from moi_pipeline.curate.base import extracted, quote
from moi_pipeline.curate.corrections import OUTCOMES, Correction, apply, keep_outcomes
from moi_pipeline.curate.files import Moved
from moi_pipeline.curate.last import STEPS, Last
from moi_pipeline.curate.verify import verify
from moi_pipeline.curate.views import View
from moi_pipeline.setup import packaged_queries

if TYPE_CHECKING:
    import duckdb

#: Where more than this share of the articles changed, a build from nothing is the faster one; so it is of one table.
SHARE = 0.2
#: Base relations that every run changes, and those that new captures change.
RUNS, CAPTURES, READ = (
    ("run_records", "refused_records", "gone_records"),
    ("captures",),
    ("readings", "extracted"),
)
ARTICLE = "article_id"
#: What this build has made goes before the steps of the last one.
WHOLE = "out.main,memory.main,steps.main"
DELTA = f"memory.delta,{WHOLE}"


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
        if _may_read_anything(view) or view.reads & moved:
            moved.add(view.name)
    wanted = {view.name for view in views if view.name in moved}
    steps = kept(views)
    for view in reversed(views):
        if view.name in wanted:
            wanted |= {other.name for other in views if other.name in view.reads and other.name not in steps}
    return wanted


def _may_read_anything(view: View) -> bool:
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


def kept(views: Sequence[View]) -> set[str]:
    """The names of the views whose rows a build hands on to the next one."""
    known = compared(views)
    return {v.name for v in views if v.published or (not v.as_view and (v.by or v.name in known))}


class Made(NamedTuple):
    """What became of a table: made whole (``anew``), with some rows changed (``moved``), or neither."""

    anew: bool
    moved: Moved | None = None


class Renewal:
    """Makes the tables of a build that goes on from the last one, and follows what has changed in them."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        views: Sequence[View],
        corrections: list[Correction],
        changed: int,
    ) -> None:
        self._con, self._corrections = con, corrections
        self._views = {view.name: view for view in views}
        self._compared = compared(views)
        self._keys = {ARTICLE} | {v.by for v in views if v.by} | {v.key[0] for v in views if v.key}
        #: For each table that changed: a relation of the values of ``_keys`` in rows that are new, gone or others than
        #: they were. None where that is not known.
        self._touched: dict[str, str | None] = dict.fromkeys((*RUNS, *CAPTURES, OUTCOMES))
        if changed:
            self._touched |= dict.fromkeys(READ, "memory.changed.articles")
        self._columns: dict[str, frozenset[str]] = {}
        self._verified: set[Path] = set()
        for schema in ("changed", "moved", "fresh", "delta"):
            con.execute(f"CREATE SCHEMA IF NOT EXISTS memory.{schema}")

    def is_untouched(self, view: View) -> bool:
        """Does the view read nothing that has changed?"""
        return not (view.reads & self._touched.keys() or _may_read_anything(view))

    def make(self, view: View, target: str) -> Made:
        """Bring ``target``, the view's table, up to date."""
        if view.as_view:
            self._con.execute(f"CREATE OR REPLACE VIEW {target} AS {view.sql}")
            touched = [self._touched[name] for name in view.reads if name in self._touched]
            if touched:
                self._touched[view.name] = touched[0] if len(touched) == 1 else None
            return Made(anew=True)
        found = self._find_affected(view)
        if found == 0:
            keep_outcomes(self._con, {view.name}, True)
            return Made(anew=False)
        if found is not None:
            return self._make_affected(view, target)
        if view.name not in self._compared:
            if not self.is_untouched(view):
                self._touched[view.name] = None
            self._con.execute(f"CREATE OR REPLACE TABLE {target} AS {view.sql}")
            apply(self._con, target, view, self._corrections)
            return Made(anew=True)
        self._con.execute(f"CREATE OR REPLACE TABLE memory.main._renewed AS {view.sql}")
        apply(self._con, "memory.main._renewed", view, self._corrections)
        moved = self._compare(view, f"FROM {target}")
        if moved:
            self._con.execute(f"CREATE OR REPLACE TABLE {target} AS FROM memory.main._renewed")
        self._con.execute("DROP TABLE memory.main._renewed")
        return Made(anew=moved)

    def show_changed_rows(self) -> None:
        """Make tables of the changed articles' rows in the schema ``delta``, of each published table by article."""
        for name, view in self._views.items():
            if view.published and view.by == ARTICLE:
                rows = _rows(self._whole(name), "SEMI JOIN memory.changed.articles USING (article_id)")
                self._con.execute(f'CREATE TABLE memory.delta."{name}" AS {rows}')

    def _find_affected(self, view: View) -> int | None:
        """Make ``changed.affected``, the values of the view's ``by`` whose rows may have changed; returns how many.

        None where that can't be told. A table that has not that column is followed over one that the view reads too
        and that has it: ``duplicates`` touches the persons whom ``officials`` names in its articles.
        """
        if not view.by or not (view.reads & self._touched.keys()):
            return None
        by, parts = view.by, []
        for name in sorted(view.reads & self._touched.keys()):
            touched = self._touched[name]
            if touched is None:
                return None
            there = self._columns_of(touched)
            if by in there:
                parts.append(f'SELECT "{by}" FROM {touched}')
                continue
            links = [
                (link, other)
                for link in self._own_keys(name)
                if link in there
                for other in sorted(view.reads - {name})
                if {by, link} <= self._columns_of(self._whole(other))
            ]
            if not links:
                return None
            parts += [
                f'SELECT "{by}" FROM {self._whole(other)} SEMI JOIN {touched} USING ("{link}")'
                for link, other in links
                if link == links[0][0]
            ]
        mine = [c.key.split(":")[0] for c in self._corrections if c.table == view.name.removeprefix("_")]
        if mine:
            # So that what came of a correction is told anew with the table.
            if view.key[:1] != (by,):
                return None
            parts.append("SELECT unnest([" + ", ".join(map(quote, mine)) + "])")
        self._con.execute(
            f'CREATE OR REPLACE TABLE memory.changed.affected AS SELECT DISTINCT "{by}" '
            f'FROM ({" UNION ALL ".join(parts)}) WHERE "{by}" IS NOT NULL'
        )
        return self._count("FROM memory.changed.affected")

    def _make_affected(self, view: View, target: str) -> Made:
        con, by = self._con, str(view.by)
        affected = f'SEMI JOIN memory.changed.affected USING ("{by}")'
        con.execute(f"CREATE OR REPLACE TABLE memory.main._gone AS {_rows(target, affected)}")
        many = self._count("FROM memory.main._gone") > SHARE * self._count(f"FROM {target}")
        # Records are read by the segments that hold the affected ones: never whole here.
        if many and "extracted" not in view.reads:
            con.execute(f"CREATE OR REPLACE TABLE memory.main._renewed AS {view.sql}")
        else:
            many = False
            self._make_delta(view, affected)
            con.execute(f"SET search_path = '{DELTA}'")
            try:
                con.execute(f"CREATE OR REPLACE TABLE memory.main._renewed AS {view.sql}")
            finally:
                con.execute(f"SET search_path = '{WHOLE}'")
                con.execute("DROP SCHEMA memory.delta CASCADE")
                con.execute("CREATE SCHEMA memory.delta")
        apply(con, "memory.main._renewed", view, self._corrections)
        moved = self._compare(view, "FROM memory.main._gone", affected if many else "")
        rows = None
        if moved and many:
            con.execute(f"CREATE OR REPLACE TABLE {target} AS FROM memory.main._renewed")
        elif moved:
            rows = Moved(by, f'memory.moved."{view.name}"', f'memory.fresh."{view.name}"')
            con.execute(
                f'CREATE TABLE {rows.fresh} AS FROM memory.main._renewed SEMI JOIN {rows.values} USING ("{by}")'
            )
            con.execute(f'DELETE FROM {target} WHERE "{by}" IN (SELECT "{by}" FROM {rows.values})')
            con.execute(f"INSERT INTO {target} FROM {rows.fresh}")
        con.execute("DROP TABLE memory.main._renewed; DROP TABLE memory.main._gone")
        return Made(moved and many, rows)

    def _make_delta(self, view: View, affected: str) -> None:
        """Make what the view reads in the schema ``delta``, with the affected rows only."""
        for name in view.reads:
            whole = self._whole(name)
            if name == "extracted":
                whole = f"({self._records()})"
            elif view.by not in self._columns_of(whole):
                continue
            self._con.execute(f'CREATE VIEW memory.delta."{name}" AS FROM {whole} {affected}')

    def _records(self) -> str:
        """A query of the records in the segments that hold the affected articles'. Raises BrokenRecords."""
        found = self._con.execute(
            "SELECT DISTINCT segment FROM memory.main.readings_now "
            "SEMI JOIN memory.changed.affected USING (article_id) ORDER BY segment"
        ).fetchall()
        files = [Path(segment) for (segment,) in found]
        verify(path for path in files if path not in self._verified)
        self._verified.update(files)
        return extracted(self._con, files) if files else "FROM memory.main.extracted"

    def _compare(self, view: View, old: str, affected: str = "") -> bool:
        """Make ``moved.VIEW`` of the rows by which ``_renewed`` differs from ``old``; returns whether it does."""
        new = f"FROM memory.main._renewed {affected}"
        keys = self._keys & self._columns_of("memory.main._renewed")
        wanted = ", ".join(f'"{key}"' for key in sorted(keys)) or "1 AS changed"
        relation = f'memory.moved."{view.name}"'
        self._con.execute(
            f"CREATE TABLE {relation} AS SELECT DISTINCT {wanted} FROM "
            f"(({new} EXCEPT ALL {old}) UNION ALL ({old} EXCEPT ALL {new}))"
        )
        moved = self._count(f"FROM {relation}") > 0
        if moved:
            self._touched[view.name] = relation
        return moved

    def _own_keys(self, name: str) -> list[str]:
        """What a table's rows are told by, what tells most first."""
        view = self._views.get(name)
        own = [view.by, *view.key[:1]] if view else []
        return list(dict.fromkeys([*(key for key in own if key), ARTICLE]))

    def _whole(self, name: str) -> str:
        view = self._views.get(name)
        if name == "readings":
            return "steps.main.readings"
        return home(view, self._compared) if view else f"memory.main.{name}"

    def _columns_of(self, relation: str) -> frozenset[str]:
        if relation == "memory.main._renewed":
            self._columns.pop(relation, None)
        if relation not in self._columns:
            rows = self._con.execute(f"SELECT column_name FROM (DESCRIBE FROM {relation})").fetchall()
            self._columns[relation] = frozenset(name for (name,) in rows)
        return self._columns[relation]

    def _count(self, query: str) -> int:
        ((count,),) = self._con.execute(f"SELECT count(*) {query}").fetchall()
        return int(count)


def _rows(table: str, affected: str) -> str:
    """A query of some rows by their places in the table: joined over another column, it would read all texts."""
    return f"FROM {table} WHERE rowid IN (SELECT rowid FROM {table} {affected})"


def home(view: View, compared_ones: set[str]) -> str:
    """Where a view's table stands: in the database, in the steps that the next build goes on from, or nowhere."""
    if view.published:
        return f'out.main."{view.name}"'
    stays = not view.as_view and (view.by or view.name in compared_ones)
    return f'{"steps" if stays else "memory"}.main."{view.name}"'
