"""The machine's part of a check-up: versions, disk, permissions, what the file system can do, the clock, a timer."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path

from moi_pipeline.nightly.findings import Finding, fail, ok, warn
from moi_pipeline.runs import records
from moi_pipeline.store import sync
from moi_pipeline.workspace import Workspace

#: Free bytes below which runs are about to fail, and below which it is time to look; free files.
FULL, TIGHT, FILES = 500_000_000, 5_000_000_000, 20_000
#: What ``requires`` says of a library: its name and the least version.
_NEEDS = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?\s*>=\s*([0-9.]+)")
#: Where a timer or a crontab line for all users would stand.
SCHEDULES = (
    ("/etc", "crontab"),
    ("/etc/cron.d", "*"),
    ("/etc/systemd/system", "*.timer"),
    ("/usr/lib/systemd/system", "moi*.timer"),
    ("/usr/local/lib/systemd/system", "*.timer"),
    ("~/.config/systemd/user", "*.timer"),
)


def versions() -> Iterator[Finding]:
    """Python, moi and the libraries that it needs, each against the least version that will do."""
    # An older Python than moi needs does not come so far: pip refuses to install it.
    yield ok("python", ".".join(map(str, sys.version_info[:3])))
    yield ok("moi", metadata.version("moi-pipeline"))
    there, wanting = [], []
    for line in metadata.requires("moi-pipeline") or ():
        if "extra ==" in line or not (need := _NEEDS.match(line)):
            continue
        try:
            version = metadata.version(need[1])
        except metadata.PackageNotFoundError:
            wanting.append(f"{need[1]} is not there")
            continue
        if _numbers(version) < _numbers(need[2]):
            wanting.append(f"{need[1]} {version} is older than {need[2]}")
        there.append(f"{need[1]} {version}")
    if wanting:
        yield fail("libraries", ", ".join(wanting), "Install moi again: pip install --upgrade moi-pipeline.")
    else:
        core = sorted(line for line in there if line.split()[0] in ("duckdb", "pyarrow", "pythainlp"))
        yield ok("libraries", f"{', '.join(core)} and {len(there) - len(core)} more")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def disk(workspace: Workspace) -> Iterator[Finding]:
    """Room for more bytes and files."""
    about = os.statvfs(workspace.root)
    free = about.f_bavail * about.f_frsize
    told = f"{free / 1e9:.1f} GB free"
    if free < FULL:
        yield fail("disk", told, "Free some space: runs will fail, though nothing stored is lost.")
    elif free < TIGHT:
        yield warn("disk", told, "Free some space soon.")
    else:
        yield ok("disk", told)
    if about.f_files and about.f_favail < FILES:
        yield warn("files", f"room for {about.f_favail:,} more files", "Remove files, or run moi compact.")


def permissions(workspace: Workspace) -> Iterator[Finding]:
    """May this user write where runs write?"""
    shut: list[str] = []
    try:
        folders = [workspace.root, workspace.data, workspace.runs]
        for stage in (workspace.raw, workspace.extracted, workspace.curated):
            folders += [stage, *(stage.iterdir() if stage.is_dir() else ())]
        shut += [str(p) for p in folders if p.is_dir() and not _may(p, os.R_OK | os.W_OK | os.X_OK)]
        lock = workspace.lock_file
        shut += [str(lock)] if lock.exists() and not _may(lock, os.W_OK) else []
    except PermissionError as error:
        shut.append(str(error.filename))
    if shut:
        more = f" and {len(shut) - 3} more" if len(shut) > 3 else ""
        yield fail(
            "permissions",
            f"not readable and writable for this user: {', '.join(shut[:3])}{more}",
            f"chown -R the workspace to the user that runs moi (this is user {os.geteuid()}).",
        )
    else:
        yield ok("permissions", "data can be written")


def _may(path: Path, what: int) -> bool:
    return os.access(path, what, effective_ids=os.access in os.supports_effective_ids)


def file_system(workspace: Workspace) -> Iterator[Finding]:
    """What runs rely on is tried: locks, renaming over a file, links, flushing to the disk."""
    place = workspace.data
    step = "writing"
    try:
        place.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".doctor-", dir=place) as scratch:
            folder = Path(scratch)
            for name in ("a", "b"):
                (folder / name).write_text(name, encoding="utf-8")
            step = "flushing to the disk"
            sync(folder / "a")
            sync(folder)
            step = "renaming"
            (folder / "a").replace(folder / "b")
            step = "links"
            (folder / "link").symlink_to("b")
            (folder / "next").symlink_to("c")
            (folder / "next").replace(folder / "link")
            step = "locks"
            if not _locks(folder / "b"):
                yield fail("file system", "it grants a lock twice", "Put the workspace on a local disk.")
                return
    except OSError as error:
        mend = "Put the workspace on a local disk that knows locks and links, and that can be written."
        yield fail("file system", f"{step}: {error.strerror or error}", mend)
        return
    yield ok("file system", "locks, renaming, links and flushing work")


def _locks(path: Path) -> bool:
    with path.open("a") as one, path.open("a") as two:
        fcntl.flock(one, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try:
            fcntl.flock(two, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def clock(workspace: Workspace) -> Iterator[Finding]:
    """The machine's time against what was written before, and its zone, by which cron and timers start."""
    now = datetime.now(UTC)
    newest = max((found for found in _moments(workspace) if found), default=None)
    told = f"{now:%Y-%m-%d %H:%M} UTC"
    if newest and newest > now + timedelta(minutes=1):
        yield warn(
            "clock",
            f"{told}, but something was written at {newest:%Y-%m-%d %H:%M} UTC",
            "Set the clock (timedatectl set-ntp true): times of captures order the versions of a release.",
        )
    else:
        yield ok("clock", told)
    zone = f"{time.tzname[time.localtime().tm_isdst > 0]} (UTC{datetime.now().astimezone():%z})"
    yield ok("time zone", f"{zone}: cron and timers start by it, tables don't depend on it")


def _moments(workspace: Workspace) -> Iterator[datetime]:
    for record in records(workspace)[-5:]:
        for key in ("started_at", "ended_at"):
            if isinstance(record.get(key), str):
                try:
                    yield datetime.fromisoformat(record[key]).astimezone(UTC)
                except ValueError:
                    continue
    for folder in workspace.raw.iterdir() if workspace.raw.is_dir() else ():
        if folder.is_dir():
            yield datetime.fromtimestamp(folder.stat().st_mtime, UTC)


def schedule(workspace: Workspace) -> Iterator[Finding]:
    """Does anything start ``moi refresh`` by itself, and when did one run last?"""
    where = _scheduled()
    runs = records(workspace, "refresh")
    last = runs[-1] if runs else None
    if where is None:
        yield warn(
            "schedule",
            "no crontab line and no timer with moi refresh was found",
            "deploy/ holds a crontab line and a systemd timer to install.",
        )
    else:
        yield ok("schedule", where)
    if last is None:
        return
    told = f"{last.get('started_at', '')[:16]} UTC: {last.get('summary', '')} ({last.get('outcome')})"
    if last.get("outcome") != "done":
        yield warn(
            "last refresh", told, "It was stopped or killed; the next one goes on from what it stored."
        )
    elif last.get("exit_code"):
        yield warn("last refresh", told, "moi status tells which sources; the log tells why.")
    else:
        yield ok("last refresh", told)


def _scheduled() -> str | None:
    for folder, pattern in SCHEDULES:
        place = Path(folder).expanduser()
        for path in sorted(place.glob(pattern)) if place.is_dir() else ():
            try:
                text = path.read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            if path.suffix == ".timer" and path.name.startswith("moi"):
                return str(path)
            if _starts_refresh(text):
                return str(path)
    try:
        done = subprocess.run(["crontab", "-l"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return "this user's crontab" if _starts_refresh(done.stdout) else None


def _starts_refresh(text: str) -> bool:
    lines = (line.strip() for line in text.splitlines())
    return any(re.search(r"\bmoi\b.*\brefresh\b", line) for line in lines if not line.startswith("#"))
