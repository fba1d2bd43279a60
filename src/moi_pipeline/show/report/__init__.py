"""``moi report``: one HTML file that tells what the tables hold, and where each number comes from."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from moi_pipeline.errors import BadQuery, MoiError, NoSuchProgramme, NotStored
from moi_pipeline.workspace import Workspace

if TYPE_CHECKING:
    import duckdb

    from moi_pipeline.show.report.behind import Behind

#: Told as the work goes on: what is done now, how much of it, and of how much.
Stage = Callable[[str, int, int], None]
#: The steps of the work, in their order.
STEPS = ("reading the tables", "drawing the charts", "listing the releases")
#: What the whole file may take, in bytes: any mail takes it.
MAY_TAKE = 4_900_000


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What was written."""

    path: str
    bytes: int
    releases: int
    numbers: int  # numbers that can be pressed
    newest_shown: int  # releases of a month, a province or a person that are carried along at most


def write_report(
    workspace: Workspace,
    output: Path,
    programme: str | None = None,
    lang: str = "en",
    since: date | None = None,
    *,
    stage: Stage | None = None,
) -> ReportFacts:
    """Write the report of the published tables as one HTML file.

    ``programme`` (its name, a spelling or its id) is the one that the map shows first; ``since`` leaves out releases
    of earlier days and undated ones; ``lang`` is the language that the page opens in (th or en); ``stage`` is told how
    far it is. The same tables give the same bytes. Raises NothingBuilt, NoSuchProgramme, BadQuery, NotStored, and
    MoiError where the extra is missing.
    """
    try:
        import jinja2  # noqa: F401
        import vl_convert  # noqa: F401
    except ImportError as error:
        raise MoiError("the report needs two more libraries", "pip install 'moi-pipeline[report]'") from error
    import duckdb

    from moi_pipeline.show.database import connect

    with connect(workspace) as con:
        try:
            page, behind = _page(con, programme, lang, since, stage or _untold)
        except duckdb.CatalogException as error:
            raise BadQuery(
                f"the report needs a table that is not there: {error}",
                "Bring the views up to date with moi init in the workspace, then run moi extract.",
            ) from error
    _write(output, page)
    return ReportFacts(
        str(output), len(page), behind.counts.get(("a", "", ""), 0), len(behind.counts), behind.length
    )


def _untold(what: str, done: int, total: int) -> None:
    """Nobody asked how far it is."""


def _page(
    con: duckdb.DuckDBPyConnection, programme: str | None, lang: str, since: date | None, stage: Stage
) -> tuple[bytes, Behind]:
    from moi_pipeline.show.report import behind as lists
    from moi_pipeline.show.report.facts import gather
    from moi_pipeline.show.report.page import LISTS_GO_HERE, payload, render
    from moi_pipeline.show.report.scope import prepare

    stage(STEPS[0], 0, len(STEPS))
    chosen = _programme_id(con, programme) if programme else ""
    prepare(con, chosen or None, since)
    behind = lists.count(con)
    if chosen and ("p", chosen, "") not in behind.counts:
        raise NoSuchProgramme(
            f"no release{f' since {since}' if since else ''} names the programme {programme!r}",
            "Leave out --since, or name another programme." if since else "Name another programme.",
        )
    facts = gather(con, behind)
    stage(STEPS[1], 1, len(STEPS))
    # The page without its lists tells how much room there is for them.
    page = render(facts, behind, lang, chosen=chosen, since=since)
    room = MAY_TAKE - len(page.encode())
    stage(STEPS[2], 2, len(STEPS))
    data, a_sentence = "", float(lists.SENTENCE)
    for length, sentences in lists.lengths(con):
        if sentences * a_sentence > room and length > lists.LENGTHS[-1]:
            continue
        lists.fill(con, behind, length)
        data = payload(behind, facts, since)
        if len(data) <= room:
            break
        a_sentence = 1.01 * len(data) / max(sentences, 1)
    return page.replace(LISTS_GO_HERE, data, 1).encode(), behind


def _programme_id(con: duckdb.DuckDBPyConnection, wanted: str) -> str:
    found = con.execute(
        "SELECT programme_id FROM programmes WHERE programme_id = $1 OR name = $1 OR list_contains(spellings, $1) "
        "ORDER BY programme_id = $1 DESC, name = $1 DESC, article_count DESC, programme_id LIMIT 1",
        [wanted],
    ).fetchall()
    if found:
        return str(found[0][0])
    names = [
        name for (name,) in con.execute("SELECT name FROM programmes ORDER BY article_count DESC").fetchall()
    ]
    near = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    raise NoSuchProgramme(
        f"there is no programme {wanted!r}",
        f"Near it: {', '.join(near)}." if near else 'See: moi sql "SELECT name FROM programmes".',
    )


def _write(output: Path, page: bytes) -> None:
    """Write the file whole or not at all."""
    part = output.with_name(f".{output.name}.part")
    try:
        part.write_bytes(page)
        part.replace(output)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NotStored(
            f"can't write {output}: {error.strerror or error}", "Name another file with --output."
        ) from error
