"""Dry runs: what a source would fetch now. Nothing is written."""

from __future__ import annotations

import traceback
from collections.abc import Awaitable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from moi_pipeline.captures import Capture
from moi_pipeline.errors import MoiError, UnknownTarget
from moi_pipeline.fetch.aside import read_asides
from moi_pipeline.fetch.client import Client
from moi_pipeline.fetch.detect import Detection, detect
from moi_pipeline.fetch.manners import FetchFailed, Ledger, Manners
from moi_pipeline.fetch.run import RECHECK
from moi_pipeline.fetch.stop import run_to_end
from moi_pipeline.fetch.tryout import Sample, sample_of
from moi_pipeline.runs import complete_walks
from moi_pipeline.sources import Context, Failure, Gone, Refusal, Seen, Source, kinds, manners_of
from moi_pipeline.store import Known, read_light, segments
from moi_pipeline.workspace import Workspace

Value = TypeVar("Value")
#: New releases after which a dry run has seen enough, titles that it shows, and problems.
ENOUGH, SHOWN, TOLD = 10, 5, 10


class CantReach(MoiError):
    """An address that could not be had, and why."""


@dataclass(slots=True)
class Trial:
    """What a dry run of one source found. ``more``: it stopped when it had seen enough."""

    source: str
    kind: str
    where: str
    listed: int = 0
    new: int = 0
    unchanged: int = 0
    gone: int = 0
    more: bool = False
    samples: list[Sample] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    requests: int = 0

    @property
    def fine(self) -> bool:
        return not self.problems

    @property
    def failed(self) -> bool:
        """Did nothing at all come of it?"""
        return bool(self.problems) and not self.new and not self.unchanged


def detect_site(
    workspace: Workspace, url: str, rate: float | None = None, *, most: int = 2, sites_alone: bool = False
) -> Detection:
    """Detect what kind of site an address belongs to, as ``detect`` does. Raises CantReach."""
    manners = Manners(rate=rate) if rate else Manners(tries=3)

    async def ask() -> Detection:
        async with Client(workspace.contact) as client:
            return await detect(url, client, manners, most=most, sites_alone=sites_alone)

    try:
        return _wait(ask())
    except FetchFailed as error:
        told = f"{error.reason}: {error.detail}" if error.detail else error.reason
        raise CantReach(
            f"{url} can't be read: {told}", "Is the address right? Try it in a browser."
        ) from error


def check(workspace: Workspace, names: Sequence[str] = (), enough: int = ENOUGH) -> list[Trial]:
    """Try the sources named, or all that are enabled. Raises UnknownTarget."""
    known = workspace.sources
    if unknown := [name for name in names if name not in known]:
        raise UnknownTarget(
            f"there is no source {unknown[0]!r} in sources.toml", 'Names: "moi sources --all".'
        )
    chosen = [known[name] for name in names] or [source for source in known.values() if source.enabled]
    if not chosen:
        raise UnknownTarget("no source is enabled in sources.toml", "Name one: moi sources check samples")
    return _wait(_check_all(workspace, chosen, enough))


async def _check_all(workspace: Workspace, sources: list[Source], enough: int) -> list[Trial]:
    import asyncio

    complete = complete_walks(workspace)
    async with Client(workspace.contact) as client, asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_check(workspace, source, client, complete.get(source.name), enough))
            for source in sources
        ]
    return [task.result() for task in tasks]


async def _check(
    workspace: Workspace, source: Source, client: Client, complete_at: datetime | None, enough: int
) -> Trial:
    where = str(source.options.get("url") or source.options.get("path") or source.name)
    told = Trial(source.name, source.kind, where)
    known, broken = _known(workspace.raw / source.name)
    told.problems += [f"broken segment {path.name}" for path in broken]
    context = Context(
        workspace.root,
        known,
        datetime.now(UTC),
        manners_of(source, workspace.root),
        Ledger(),
        client,
        complete_at=complete_at,
        recheck=timedelta(days=source.options.get("recheck", RECHECK)),
        newest_first=True,
        asides=read_asides(workspace.raw / source.name),
    )
    crawl: Any = kinds()[source.kind].crawl(source, context)
    try:
        async with aclosing(crawl):
            async for found in crawl:
                _sort(found, told, known)
                if told.new >= enough > 0:
                    told.more = True
                    break
    except FetchFailed as error:
        told.problems.append(f"{error.url}: {error.reason} {error.detail}".rstrip())
    except MoiError as error:
        told.problems.append(str(error))
    # A dry run is asked of sources that do not work yet: it says so instead of breaking off.
    except Exception as error:  # noqa: BLE001
        told.problems.append("".join(traceback.format_exception_only(error)).strip())
    if not told.listed and not told.problems and not known.newest:
        told.problems.append("it lists nothing")
    on_the_web = source.kind not in ("files", "warc")  # a text file may well have no posting date
    if on_the_web and told.samples and not any(sample.published for sample in told.samples):
        told.problems.append("no release has a date")
    del told.problems[TOLD:]
    told.requests = context.ledger.requests
    return told


def _sort(found: Any, told: Trial, known: Known) -> None:
    if isinstance(found, Gone):
        told.gone += 1
        return
    told.listed += 1
    if isinstance(found, Seen) or (
        isinstance(found, Capture) and found.capture_id == known.newest.get(found.url)
    ):
        told.unchanged += 1
    elif isinstance(found, Capture):
        told.new += 1
        sample = sample_of(found)
        if isinstance(sample, str):
            told.problems.append(f"{found.url}: {sample}")
        elif len(told.samples) < SHOWN:
            told.samples.append(sample)
    elif isinstance(found, Refusal | Failure):
        told.problems.append(f"{found.url}: {found.reason} {found.detail}".rstrip())


def _known(folder: Path) -> tuple[Known, list[Path]]:
    """What is stored of a source, broken segments left where they are: a dry run moves nothing."""
    import pyarrow as pa

    known = Known({}, None, [])
    broken = []
    for path in segments(folder):
        try:
            rows = read_light(path).to_pylist()
        except (OSError, pa.ArrowException):
            broken.append(path)
            continue
        for number, row in enumerate(rows):
            url = row["url"]
            if url not in known.rows or known.rows[url]["fetched_at"] <= row["fetched_at"]:
                known.newest[url] = row["capture_id"]
                known.rows[url] = row
                known.places[url] = (path, number)
    return known, broken


def _wait(work: Awaitable[Value]) -> Value:
    """The value of an awaitable, also where a loop is running already."""
    got: list[Value] = []

    async def keep() -> None:
        got.append(await work)

    run_to_end(keep())
    return got[0]
