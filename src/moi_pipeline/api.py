"""moi from Python: what the command line does is a call here too.

>>> import moi_pipeline as moi
>>> ws = moi.open("news")                                    # doctest: +SKIP
>>> ws.fetch("releases/"); ws.extract()                      # doctest: +SKIP
>>> ws.sql("SELECT province, count(*) FROM articles GROUP BY ALL").df()   # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from moi_pipeline.workspace import Workspace, find_workspace

if TYPE_CHECKING:
    import duckdb

    from moi_pipeline.adding import Entry
    from moi_pipeline.curate.build import BuildReport, Stage
    from moi_pipeline.curate.checks import Violation
    from moi_pipeline.export import ExportReport
    from moi_pipeline.extract.run import ExtractReport
    from moi_pipeline.extract.run import Progress as ExtractProgress
    from moi_pipeline.fetch.detect import Detection
    from moi_pipeline.fetch.run import Ended as FetchEnded
    from moi_pipeline.fetch.run import FetchReport
    from moi_pipeline.fetch.run import Progress as FetchProgress
    from moi_pipeline.fetch.trial import Trial
    from moi_pipeline.search.find import Found
    from moi_pipeline.share.datapackage import PackageReport
    from moi_pipeline.share.datapackage import Progress as PackageProgress
    from moi_pipeline.show.report import ReportFacts


class Moi(Workspace):
    """An open workspace with everything that can be done in it."""

    def fetch(
        self,
        *targets: str | Path,
        progress: FetchProgress | None = None,
        ended: FetchEnded | None = None,
    ) -> FetchReport:
        """Fetch sources by name, files or folders; none: all enabled sources. See ``moi fetch``."""
        from moi_pipeline.fetch.run import fetch

        return fetch(self, [str(target) for target in targets], progress, ended=ended)

    def extract(  # noqa: PLR0917 - the first are older
        self,
        workers: int = 1,
        rebuild: bool = False,
        progress: ExtractProgress | None = None,
        engine: str = "local",
        address: str | None = None,
        stage: Stage | None = None,
    ) -> tuple[ExtractReport, BuildReport]:
        """Extract what is new, then build, check and publish the tables. See ``moi extract``.

        With ``workers`` other than 1 processes are started (0: one a core), so a script that calls this must
        keep its own work under ``if __name__ == "__main__":``. With the engine ``ray`` the tasks run on the Ray
        cluster at ``address``, or on one started here for this run; ``workers`` means nothing then.
        """
        from moi_pipeline.tables import make_tables

        if engine not in ("local", "ray"):
            raise ValueError(f"{engine!r} is no engine: local or ray")
        run = None
        if engine == "ray":
            from moi_pipeline.extract.ray_engine import run_ray

            run = partial(run_ray, address=address)
            if self.mirror:
                from moi_pipeline.remote.work import run_stored

                run = partial(run, work=partial(run_stored, self.mirror.place, self.data))
        with self.lock("extract"):
            return make_tables(self, workers, rebuild, progress, run, stage)

    def sql(self, query: str) -> duckdb.DuckDBPyRelation:
        """A query on the curated tables: a relation with ``.df()``, ``.arrow()``, ``.fetchall()``."""
        from moi_pipeline.show.database import connect, run

        return run(connect(self), query)

    def table(self, name: str) -> duckdb.DuckDBPyRelation:
        """A curated table: ``.df()`` for pandas, ``.to_arrow_table()`` for pyarrow, or as it is for DuckDB."""
        return self.sql(f'SELECT * FROM "{name.replace(chr(34), chr(34) * 2)}"')

    def check(self) -> list[Violation]:
        """Run the checks of ``queries/checks/`` on the published tables; returns the violations found."""
        from moi_pipeline.curate.checks import run_checks
        from moi_pipeline.show.database import connect

        with connect(self) as con:
            return run_checks(con, self.queries / "checks")

    def status(self) -> dict[str, Any]:
        """Sources with freshness, what was refused, what failed, what is broken, and how much there is."""
        from moi_pipeline.show.status import status

        return status(self)

    def detect(self, url: str, rate: float | None = None) -> Detection:
        """What kind of site an address belongs to, with sample releases. Raises MoiError where it can't be had."""
        from moi_pipeline.fetch.trial import detect_site

        return detect_site(self, url, rate)

    def add_source(self, found: str | Detection, name: str | None = None, rate: float | None = None) -> Entry:
        """Add the site at an address, or what was detected of it, to ``sources.toml``. See ``moi sources add``."""
        from moi_pipeline.adding import new_entry, write_entry

        entry = new_entry(self, self.detect(found, rate) if isinstance(found, str) else found, name, rate)
        write_entry(self, entry)
        return entry

    def check_sources(self, *names: str, enough: int = 10) -> list[Trial]:
        """Try sources without storing anything. See ``moi sources check``."""
        from moi_pipeline.fetch.trial import check

        return check(self, names, enough)

    def export_warc(self, path: str | Path, source: str | None = None) -> ExportReport:
        """Write what is stored, or one source's part of it, as a WARC file. See ``moi export``."""
        from moi_pipeline.export import export_warc

        if self.mirror:
            self.mirror.pull("raw")
        return export_warc(self, Path(path), source)

    def export_datapackage(
        self,
        folder: str | Path,
        licence: str | None = None,
        progress: PackageProgress | None = None,
    ) -> PackageReport:
        """Write the tables as a Data Package. See ``moi export --datapackage``."""
        from moi_pipeline.share.datapackage import export_datapackage

        return export_datapackage(self, Path(folder), licence, progress)

    def show(self, article: str, mentions: Sequence[str] | None = None) -> dict[str, Any]:
        """An article (its id, or the beginning of it) with its mentions, all or these kinds. Raises NoSuchArticle."""
        from moi_pipeline.show.article import MENTION_TABLES, article_facts

        return article_facts(self, article, MENTION_TABLES if mentions is None else mentions)

    def search(
        self,
        asked: str,
        *,
        limit: int = 10,
        province: str | None = None,
        since: date | None = None,
        until: date | None = None,
        progress: ExtractProgress | None = None,
    ) -> Found:
        """Search the articles' texts, titles and names; the best first. See ``moi search``.

        Very many new articles are indexed by the first search after them; ``progress`` hears of it.
        """
        from moi_pipeline.search.find import NoIndex, find
        from moi_pipeline.search.province import province_code

        self.freshen()
        code = province_code(province) if province else None
        try:
            return find(self.curated, asked, limit=limit, province=code, since=since, until=until)
        except NoIndex:
            from moi_pipeline.tables import complete_index

            with self.lock("search"):
                complete_index(self, progress)
            return find(self.curated, asked, limit=limit, province=code, since=since, until=until)

    def report(
        self,
        output: str | Path = "report.html",
        programme: str | None = None,
        lang: str = "en",
        since: date | None = None,
        *,
        stage: Stage | None = None,
    ) -> ReportFacts:
        """Write the HTML report of the tables. See ``moi report``."""
        from moi_pipeline.show.report import write_report

        return write_report(self, Path(output), programme, lang, since, stage=stage)


def open(folder: str | Path | None = None) -> Moi:
    """Open a workspace: the folder named, else that of MOI_HOME, else the current one. Raises NoWorkspace."""
    return Moi(find_workspace(folder).root)
