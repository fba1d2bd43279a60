"""Put a finished build in the place of the last one, all tables at one moment.

``data/curated/`` holds links: ``dates.parquet -> current/dates.parquet`` and ``current -> builds/ID``.
Publishing renames a new ``current`` over the old one, which the file system does at once. Who has
yesterday's files open keeps reading them; the build before the last stays on the disk as well.
"""

from __future__ import annotations

import json
import shutil
import uuid
from pathlib import Path

from moi_pipeline.store import file_sum, sync

BUILDS = "builds"
CURRENT = "current"
#: The checksums of a build's Parquet files, for moi verify; moi.duckdb has its own inside.
SUMS = ".sums.json"


def publish(curated: Path, build: Path) -> None:
    """Make ``build``, a folder of ``curated/builds/``, the current one. Raises OSError."""
    (build / SUMS).write_text(json.dumps(_sums(build, curated / CURRENT)), encoding="utf-8")
    for path in sorted(build.iterdir()):
        sync(path)
    sync(build)
    names = {path.name for path in build.iterdir() if not path.name.startswith(".")}
    current = curated / CURRENT
    before = current.resolve() if current.is_symlink() else None
    link(current, f"{BUILDS}/{build.name}")
    for name in sorted(names):
        path = curated / name
        if not (path.is_symlink() and str(path.readlink()) == f"{CURRENT}/{name}"):
            link(path, f"{CURRENT}/{name}")
    for path in curated.iterdir():
        # A table that is no more, or what a killed run left: nobody asks for that link. Others' files are left alone.
        ours = path.is_symlink() and str(path.readlink()).startswith((f"{CURRENT}/", f"{BUILDS}/"))
        if ours and path.name not in {*names, CURRENT}:
            path.unlink()
    sync(curated)
    # By what was published, not by the names' times: those are wrong where the clock was set back.
    for path in (curated / BUILDS).iterdir():
        if path.is_dir() and path.resolve() not in (build.resolve(), before):
            shutil.rmtree(path, ignore_errors=True)


def _sums(build: Path, before: Path) -> dict[str, str]:
    """The checksums of a build's Parquet files. Those that are the last build's keep the sums that they had then."""
    try:
        known: dict[str, str] = json.loads((before / SUMS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        known = {}
    sums = {}
    for path in sorted(build.glob("*.parquet")):
        twin = before / path.name
        same = path.name in known and twin.exists() and twin.samefile(path)
        sums[path.name] = known[path.name] if same else file_sum(path)
    return sums


def link(path: Path, target: str) -> None:
    """Make or replace a link in one step; a folder of that name would stop it and is left alone. Raises OSError."""
    temporary = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    temporary.symlink_to(target)
    try:
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
