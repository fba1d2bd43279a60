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
KEPT = 2


def publish(curated: Path, build: Path) -> None:
    """Make ``build``, a folder of ``curated/builds/``, the current one. Raises OSError."""
    sums = {path.name: file_sum(path) for path in sorted(build.glob("*.parquet"))}
    (build / SUMS).write_text(json.dumps(sums), encoding="utf-8")
    for path in sorted(build.iterdir()):
        sync(path)
    sync(build)
    names = {path.name for path in build.iterdir() if not path.name.startswith(".")}
    link(curated / CURRENT, f"{BUILDS}/{build.name}")
    for name in sorted(names):
        path = curated / name
        if not (path.is_symlink() and str(path.readlink()) == f"{CURRENT}/{name}"):
            link(path, f"{CURRENT}/{name}")
    for path in curated.iterdir():
        # A table that is no more: its link leads nowhere now. Files that are not ours are left alone.
        if path.is_symlink() and path.name not in names and str(path.readlink()).startswith(f"{CURRENT}/"):
            path.unlink()
    sync(curated)
    older = sorted(path for path in (curated / BUILDS).iterdir() if path.is_dir() and path != build)
    for path in older[: max(0, len(older) - (KEPT - 1))]:
        shutil.rmtree(path, ignore_errors=True)


def link(path: Path, target: str) -> None:
    """Make or replace a link in one step; a folder of that name would stop it and is left alone. Raises OSError."""
    temporary = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    temporary.symlink_to(target)
    try:
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
