"""Go on from the published build: make the rows of each table that what has changed since touches.

A night brings some hundreds of articles to some hundred thousand. So a build takes over the last one's database, and
what has changed is followed from table to table. Of a view whose rows each belong to one value of a column
(``-- by: article_id``, ``-- by: person_id``), the rows of touched values only are made; any other view is made whole,
but only where something that it reads has changed. What comes out is the same as a build from nothing gives, but for
the order of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from moi_pipeline.curate.base import extracted, quote
from moi_pipeline.curate.changed import CAPTURES, READ, RUNS, compared, homes, may_read_anything
from moi_pipeline.curate.corrections import OUTCOMES, Correction, apply, keep_outcomes
from moi_pipeline.curate.files import Moved
from moi_pipeline.curate.verify import verify
from moi_pipeline.curate.views import View

if TYPE_CHECKING:
    import duckdb

#: Where more than this share of a table's rows is touched, the whole table is made faster.
SHARE = 0.2
ARTICLE = "article_id"
#: What this build has made goes before the steps of the last one.
WHOLE = "out.main,memory.main,steps.main"
DELTA = f"memory.delta,{WHOLE}"


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
        self._compared, self._homes = compared(views), homes(views)
        self._keys = {ARTICLE} | {v.by for v in views if v.by} | {v.key[0] for v in views if v.key}
        #: For each table that changed: a relation of the values of ``_keys`` in rows that are new, gone or others than
        #: they were. None where that is not known.
        self._touched: dict[str, str | None] = dict.fromkeys((*RUNS, *CAPTURES, OUTCOMES))
        if changed:
            self._touched |= dict.fromkeys(READ, "memory.changed.articles")
        self._columns: dict[str, frozenset[str]] = {}
        self._verified: set[Path] = set()
        self._queries: dict[tuple[Path, ...], str] = {}
        for schema in ("changed", "moved", "fresh", "delta"):
            con.execute(f"CREATE SCHEMA IF NOT EXISTS memory.{schema}")

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
            if view.reads & self._touched.keys() or may_read_anything(view):
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
                for link in sorted(self._own_keys(name) & there)
                for other in sorted(view.reads - {name})
                if {by, link} <= self._columns_of(self._whole(other))
            ]
            if not links:
                return None
            parts += [
                f'SELECT "{by}" FROM {self._whole(other)} SEMI JOIN {touched} USING ("{link}")'
                for link, other in links
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
        files = tuple(Path(segment) for (segment,) in found)
        if not files:
            return "FROM memory.main.extracted"
        # Most views by article ask for the same segments.
        if files not in self._queries:
            verify(path for path in files if path not in self._verified)
            self._verified.update(files)
            self._queries[files] = extracted(self._con, files)
        return self._queries[files]

    def _compare(self, view: View, old: str, affected: str = "") -> bool:
        """Make ``moved.VIEW`` of the rows by which ``_renewed`` differs from ``old``; returns whether it does."""
        new = f"FROM memory.main._renewed {affected}"
        keys = self._keys & self._described("memory.main._renewed")
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

    def _own_keys(self, name: str) -> set[str]:
        """The columns that a table's rows are told by."""
        view = self._views.get(name)
        return {ARTICLE} | ({view.by or ARTICLE, *view.key[:1]} if view else set())

    def _whole(self, name: str) -> str:
        if name == "readings":
            return "steps.main.readings"
        return self._homes.get(name, f"memory.main.{name}")

    def _columns_of(self, relation: str) -> frozenset[str]:
        if relation not in self._columns:
            self._columns[relation] = self._described(relation)
        return self._columns[relation]

    def _described(self, relation: str) -> frozenset[str]:
        rows = self._con.execute(f"SELECT column_name FROM (DESCRIBE FROM {relation})").fetchall()
        return frozenset(name for (name,) in rows)

    def _count(self, query: str) -> int:
        ((count,),) = self._con.execute(f"SELECT count(*) {query}").fetchall()
        return int(count)


def _rows(table: str, affected: str) -> str:
    """A query of some rows by their places in the table: joined over another column, it would read all texts."""
    return f"FROM {table} WHERE rowid IN (SELECT rowid FROM {table} {affected})"
