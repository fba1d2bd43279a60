"""Published tables on an object store: a build's objects first, then the manifest that names them.

``curated/manifest.json`` is one object, so a reader sees the last build or the new one and never parts of both.
Files that did not change since the build before are not put again: a manifest says where each lies.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from moi_pipeline.curate.last import STEPS
from moi_pipeline.curate.publish import BUILDS, CURRENT, publish
from moi_pipeline.errors import NoStore, NotStored
from moi_pipeline.remote.objects import Objects

MANIFEST = "curated/manifest.json"
#: In a build's folder: the manifest under which it stands in the store. A build without it was never put there whole.
SENT = ".manifest.json"
#: Objects that no manifest names stay so long: another machine may be putting or getting them.
GRACE = timedelta(days=1)
AT_ONCE = 8
_PULLING = ".pulling-"
_NAME = re.compile(r"(?:[A-Za-z0-9_-]+/)?[^/\\\0]+\Z")
_BUILD = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]*\Z")
_MEND = "Run moi extract on a machine that uses this store: it publishes a whole build."


@dataclass(frozen=True, slots=True)
class File:
    """A file of a build: its object's key, size in bytes and sha256."""

    key: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A build's name and its files."""

    build: str
    files: dict[str, File]

    def json(self) -> bytes:
        """As it is stored."""
        return json.dumps({"format": 1, **asdict(self)}, indent=1, ensure_ascii=False).encode()


def parse(text: bytes, where: str) -> Manifest:
    """Read a manifest. Raises NoStore where it is none, or names what can't be a file of a build."""
    try:
        told: dict[str, Any] = json.loads(text)
        files = {name: File(**file) for name, file in told["files"].items()}
        if told["format"] != 1 or not _BUILD.match(told["build"]):
            raise ValueError("of another version")
        for name, file in files.items():
            if not _NAME.match(name) or ".." in (*name.split("/"), *file.key.split("/")):
                raise ValueError(f"it names {name!r}")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoStore(f"{where}/{MANIFEST} is no manifest that this moi can read: {error}", _MEND) from error
    return Manifest(told["build"], files)


def read_manifest(objects: Objects) -> Manifest | None:
    """The manifest of the store; None where nothing was published yet. Raises NoStore."""
    text = objects.read(MANIFEST)
    return parse(text, str(objects.place)) if text is not None else None


def pull_build(objects: Objects, curated: Path, steps: bool = False) -> None:
    """Make the store's build the current one here, unless a newer one waits here to be put.

    ``steps`` also has what only the next build needs. Raises NoStore, NotStored; the tables here stay then.
    """
    manifest = read_manifest(objects)
    if manifest is None:
        return
    here = (curated / CURRENT).resolve()
    if here.is_dir() and not (here / SENT).exists() and here.name > manifest.build:
        return
    target = curated / BUILDS / manifest.build
    wanted = {name: file for name, file in manifest.files.items() if steps or name != STEPS}
    if here == target.resolve() and all((target / name).exists() for name in wanted):
        return
    folder = curated / f"{_PULLING}{uuid.uuid4().hex}"
    try:
        folder.mkdir(parents=True)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda name: _have(objects, name, wanted[name], folder, here), sorted(wanted)))
        (folder / SENT).write_bytes(manifest.json())
        if not target.is_dir():
            target.parent.mkdir(exist_ok=True)
            folder.rename(target)
        else:
            for name in wanted:
                if not (target / name).exists():
                    (target / name).parent.mkdir(exist_ok=True)
                    (folder / name).replace(target / name)
        publish(curated, target)
    except OSError as error:
        raise NotStored(
            f"can't put the store's tables in {curated}: {error.strerror or error}",
            "Free some space or mend the permissions, then run the command again; the older tables are untouched.",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _have(objects: Objects, name: str, file: File, folder: Path, before: Path) -> None:
    """Get a file of a build, or link it from the build before where it is the same. Raises NoStore."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    # Parts of the search index are written again in their places: a link would change the build before as well.
    if not name.startswith("search/") and _same(before, name, file):
        os.link(before / name, path)
        return
    try:
        objects.get(file.key, path)
    except FileNotFoundError as error:
        raise NoStore(f"{objects.place}: the manifest names {file.key}, which is not there", _MEND) from error
    if path.stat().st_size != file.size or _sha256(path) != file.sha256:
        raise NoStore(f"{objects.place}: {file.key} is not what the manifest says", _MEND)


def _same(before: Path, name: str, file: File) -> bool:
    try:
        known = parse((before / SENT).read_bytes(), "").files.get(name)
        return (
            known is not None and known.sha256 == file.sha256 and (before / name).stat().st_size == file.size
        )
    except (OSError, NoStore):
        return False


def push_build(objects: Objects, curated: Path) -> bool:
    """Put the current build, its manifest last, unless the store has it; says whether. Raises NoStore.

    What no manifest names any more is deleted after that.
    """
    build = (curated / CURRENT).resolve()
    if not build.is_dir() or (build / SENT).exists():
        return False
    before = read_manifest(objects)
    there = objects.list(f"curated/{BUILDS}")
    known = {
        file.sha256: file
        for file in (before.files.values() if before else ())
        if file.key in there and there[file.key].size == file.size
    }
    paths = {path.relative_to(build).as_posix(): path for path in sorted(build.rglob("*")) if path.is_file()}

    def send(item: tuple[str, Path]) -> tuple[str, File]:
        name, path = item
        sha256 = _sha256(path)
        if sha256 not in known:
            key = f"curated/{BUILDS}/{build.name}/{name}"
            return name, File(key, objects.put(path, key), sha256)
        return name, known[sha256]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        manifest = Manifest(build.name, dict(pool.map(send, paths.items())))
    objects.put_bytes(manifest.json(), MANIFEST)
    (build / SENT).write_bytes(manifest.json())
    named = {file.key for told in (before, manifest) if told for file in told.files.values()}
    now = objects.list("curated").get(MANIFEST)
    for key, about in there.items():
        if key not in named and now and about.at < now.at - GRACE:
            objects.delete(key)
    return True


def clear_pulls(curated: Path) -> None:
    """Remove what killed readers left half-pulled, once no reader can be at it any more."""
    for folder in curated.glob(f"{_PULLING}*"):
        if time.time() - folder.stat().st_mtime > GRACE.total_seconds():
            shutil.rmtree(folder, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
