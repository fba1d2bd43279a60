"""From captures to tables: extraction and the build, and again where the build found records to be broken."""

from __future__ import annotations

from moi_pipeline.curate.build import BuildReport, Stage, build
from moi_pipeline.curate.verify import BrokenRecords
from moi_pipeline.extract.engine import Engine
from moi_pipeline.extract.run import ExtractReport, Progress, extract, remove_stale
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
