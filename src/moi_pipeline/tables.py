"""From captures to tables: extraction and the build, and again where the build found records to be broken."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from moi_pipeline.curate.build import BuildReport, Stage, build
from moi_pipeline.curate.publish import CURRENT, link
from moi_pipeline.curate.verify import BrokenRecords
from moi_pipeline.errors import NotStored
from moi_pipeline.extract.engine import Engine
from moi_pipeline.extract.run import ExtractReport, Progress, extract, remove_stale
from moi_pipeline.search.index import FOLDER, is_ours, write_index
from moi_pipeline.show.database import connect
from moi_pipeline.workspace import Workspace


def make_tables(  # noqa: PLR0917 - the first are older
    workspace: Workspace,
    workers: int = 1,
    rebuild: bool = False,
    progress: Progress | None = None,
    engine: Engine | None = None,
    stage: Stage | None = None,
) -> tuple[ExtractReport, BuildReport]:
    """Extract what is new, then build, check and publish the tables. The caller holds the workspace's lock.

    ``stage`` hears how far the build is. Raises what ``extract`` and ``build`` raise.
    """
    extracted = extract(workspace, workers, rebuild=rebuild, progress=progress, engine=engine)
    try:
        built = build(workspace, extracted.fingerprint, anew=rebuild, stage=stage)
    except BrokenRecords as error:
        # Extraction verifies no more than the ids; what a build reads whole it verifies itself.
        before = extracted.outcomes
        extracted = extract(workspace, workers, progress=progress, broken=error.why, engine=engine)
        for outcome, count in before.items():
            extracted.outcomes[outcome] = extracted.outcomes.get(outcome, 0) + count
        built = build(workspace, extracted.fingerprint, anew=True, stage=stage)
    remove_stale(workspace, keep=extracted.fingerprint)
    return extracted, built


def complete_index(workspace: Workspace, told: Callable[[int, int], None] | None = None) -> int:
    """Give the published build the search index that it was published without; returns how many articles it holds.

    0 where it has one. The caller holds the workspace's lock. Raises NothingBuilt and NotStored.
    """
    folder = (workspace.curated / CURRENT).resolve()
    if is_ours(folder / FOLDER):
        return 0
    part = folder / f".{FOLDER}"
    try:
        shutil.rmtree(part, ignore_errors=True)
        with connect(workspace) as con:
            count = write_index(con, part, folder / FOLDER, told).articles
        shutil.rmtree(folder / FOLDER, ignore_errors=True)  # another version's
        part.rename(folder / FOLDER)
        link(workspace.curated / FOLDER, f"{CURRENT}/{FOLDER}")
    except OSError as error:
        raise NotStored(
            f"can't write the search index: {error}", "Free some space, then search again."
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return count
