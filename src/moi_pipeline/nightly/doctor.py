"""``moi doctor``: is this machine, and this workspace, fit for unattended runs? Says what to mend."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from moi_pipeline.errors import BadSettings, NoStore, NothingBuilt
from moi_pipeline.nightly import machine
from moi_pipeline.nightly.compact import MANY, folders_of
from moi_pipeline.nightly.findings import Finding, fail, ok, warn
from moi_pipeline.setup import GIVEN, packaged_queries
from moi_pipeline.setup import _given as given_queries
from moi_pipeline.store import PART, broken_segments, segments
from moi_pipeline.workspace import Workspace

#: Seconds that a site may take to answer, and by which the clock may differ from the sites' own.
PATIENCE, DRIFT = 15.0, 300.0


def examine(workspace: Workspace, offline: bool = False) -> Iterator[Finding]:
    """Look at one thing after the other; each finding says what was found. ``offline``: no site is asked."""
    yield from machine.versions()
    yield from machine.disk(workspace)
    yield from machine.permissions(workspace)
    yield from machine.file_system(workspace)
    yield from machine.clock(workspace)
    yield from _lock(workspace)
    settings = list(_settings(workspace))
    yield from settings
    yield from _queries(workspace)
    yield from _stored(workspace)
    store = list(_store(workspace))
    yield from store
    if not any(found.state == "fail" for found in store):
        yield from _tables(workspace)
    if not offline and not any(found.state == "fail" for found in settings):
        yield from _sites(workspace)
    yield from machine.schedule(workspace)


def exit_code(findings: list[Finding]) -> int:
    """0 all is well, 1 something must be mended, 3 something should be looked at."""
    states = {found.state for found in findings}
    return 1 if "fail" in states else 3 if "warn" in states else 0


def _lock(workspace: Workspace) -> Iterator[Finding]:
    path = workspace.lock_file
    try:
        with path.open("r", encoding="utf-8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                yield ok("lock", f"{handle.read().strip() or 'a run'} is working now")
                return
            dead = handle.read().strip()
    except OSError:
        yield ok("lock", "free")
        return
    if dead:
        yield warn(
            "lock", f"free; {dead} was killed", "Nothing to do: the next run goes on from what it stored."
        )
    else:
        yield ok("lock", "free")


def _settings(workspace: Workspace) -> Iterator[Finding]:
    try:
        sources, contact = workspace.sources, workspace.contact
    except BadSettings as error:
        yield fail("sources.toml", str(error), error.hint)
        return
    enabled = [source for source in sources.values() if source.enabled]
    if enabled:
        yield ok("sources.toml", f"{len(sources)} sources, {len(enabled)} enabled")
    else:
        yield warn("sources.toml", "no source is enabled", 'Set "enabled = true" for those to be fetched.')
    if contact:
        yield ok("contact", contact)
    else:
        yield warn(
            "contact",
            "sites are not told whom to write to",
            'Add a line such as contact = "webmaster@example.go.th" at the top of sources.toml.',
        )
    if insecure := [source.name for source in enabled if source.options.get("verify") is False]:
        yield warn(
            "certificates",
            f"not checked for {', '.join(insecure)}",
            "Name the site's chain with ca_file instead.",
        )


def _queries(workspace: Workspace) -> Iterator[Finding]:
    package, mine = packaged_queries(), workspace.queries
    if mine.resolve() == package.resolve():
        yield ok("queries", "the package's own")
        return
    given = given_queries(mine / GIVEN)
    old: list[str] = []
    own: list[str] = []
    missing: list[str] = []
    for path in sorted(package.rglob("*.sql")):
        name = path.relative_to(package).as_posix()
        if not (mine / name).is_file():
            missing.append(name)
        elif (there := (mine / name).read_bytes()) != path.read_bytes():
            (old if given.get(name) == hashlib.sha256(there).hexdigest() else own).append(name)
    if old or missing:
        told = f"{len(old)} views of an older moi, {len(missing)} missing"
        yield warn(
            "queries", told, f"moi init {workspace.root} brings them up to date; what you changed stays."
        )
    elif own:
        yield ok("queries", f"up to date; changed by you: {', '.join(own[:5])}")
    else:
        yield ok("queries", "up to date")


def _stored(workspace: Workspace) -> Iterator[Finding]:
    count = sum(len(segments(folder)) for folder in folders_of(workspace))
    if count > MANY:
        yield warn("segments", f"{count:,}", "Run moi compact; moi refresh does it by itself.")
    else:
        yield ok("segments", f"{count:,}")
    data = workspace.data
    parts = sum(1 for _ in data.rglob(f".*{PART}")) if data.is_dir() else 0
    if parts:
        yield warn(
            "leftovers", f"{parts} half-written files of killed runs", "The next run clears them away."
        )
    if aside := [*broken_segments(workspace.raw), *broken_segments(workspace.extracted)]:
        yield warn(
            "broken segments",
            f"{len(aside)} set aside, such as {aside[0].name}",
            "Look at the disk (smartctl, dmesg) and run moi verify; fetch has had or will have their captures again.",
        )


def _store(workspace: Workspace) -> Iterator[Finding]:
    try:
        if (mirror := workspace.mirror) is None:
            return
        published = mirror.published()
    except (BadSettings, NoStore) as error:
        yield fail("object store", str(error), error.hint)
        return
    yield ok("object store", f"{mirror.place}: {published or 'no tables published yet'}")


def _tables(workspace: Workspace) -> Iterator[Finding]:
    from moi_pipeline.show.database import connect

    try:
        with connect(workspace) as con:
            ((size,),) = con.execute("SELECT count(*) FROM articles").fetchall()
    except NothingBuilt as error:
        yield warn("tables", str(error), error.hint)
        return
    build = datetime.fromtimestamp(workspace.database.stat().st_mtime, UTC)
    yield ok("tables", f"{size:,} articles, built {build:%Y-%m-%d %H:%M} UTC")


def _sites(workspace: Workspace) -> Iterator[Finding]:
    """Ask the host of each enabled source for its robots.txt, all at once, one request each."""
    origins: dict[str, list[str]] = {}
    for source in workspace.sources.values():
        url = str(source.options.get("url", ""))
        if source.enabled and url.startswith(("http://", "https://")):
            parts = urlsplit(url)
            host = parts.netloc.rsplit("@", 1)[-1]
            origins.setdefault(f"{parts.scheme}://{host}", []).append(source.name)
    if not origins:
        return
    told = asyncio.run(_ask(workspace, origins))
    failed = {origin: why for origin, why in told.items() if isinstance(why, str)}
    if len(failed) == len(origins) > 1:
        why = next(iter(failed.values()))
        yield fail(
            "sites", f"none of {len(origins)} answers ({why})", "Look at this machine's network and proxy."
        )
        return
    for origin, why in sorted(failed.items()):
        names = ", ".join(origins[origin][:3])
        yield warn("site", f"{origin} ({names}): {why}", "Try it in a browser; moi sources check tells more.")
    yield ok("sites", f"{len(origins) - len(failed)} of {len(origins)} hosts answer")
    drifts = sorted(value for value in told.values() if isinstance(value, float))
    if drifts and abs(drift := drifts[len(drifts) // 2]) > DRIFT:
        yield warn(
            "clock", f"{drift:+.0f} s from the sites' clocks", "timedatectl set-ntp true sets it by the net."
        )


async def _ask(workspace: Workspace, origins: dict[str, list[str]]) -> dict[str, str | float]:
    """For each origin why it does not answer, or the seconds by which our clock is ahead of its (0 where untold)."""
    from moi_pipeline.fetch.client import Client
    from moi_pipeline.fetch.manners import FetchFailed, Ledger, Manners

    async with Client(workspace.contact) as client:

        async def one(origin: str, source: str) -> str | float:
            options = workspace.sources[source].options
            ca_file = options.get("ca_file")
            manners = Manners(
                timeout=PATIENCE,
                tries=1,
                robots=False,
                verify=options.get("verify", True),
                ca_file=str(workspace.root / ca_file) if ca_file else None,
            )
            try:
                answer = await client.get(f"{origin}/robots.txt", manners=manners, ledger=Ledger())
            except FetchFailed as error:
                return f"{error.reason} ({error.detail})"
            try:
                theirs = parsedate_to_datetime(answer.headers["date"])
            except (KeyError, ValueError):
                return 0.0
            return (datetime.now(UTC) - theirs.astimezone(UTC)).total_seconds()

        answers = await asyncio.gather(*(one(origin, names[0]) for origin, names in origins.items()))
    return dict(zip(origins, answers, strict=True))
