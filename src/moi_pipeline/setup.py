"""Making a workspace, and bringing the views of one that is there up to date."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from pathlib import Path

from moi_pipeline.errors import BadSettings, NotStored
from moi_pipeline.remote.where import parse_place
from moi_pipeline.workspace import SETTINGS

#: Which packaged views a workspace was given, by hash: so that an update can tell them from the analyst's own.
GIVEN = ".given.json"


def packaged_queries() -> Path:
    """The folder of the package's views: in the wheel, or at the top of a checkout."""
    package = Path(str(files("moi_pipeline")))
    wheel = package / "_queries"
    return wheel if wheel.is_dir() else package.parent.parent / "queries"


def make_workspace(folder: Path, data: str | None = None) -> list[str]:
    """Make a workspace, or bring its views up to date; returns a line for each thing done.

    ``data``: where a new one's data lies, if not in its folder ``data``: another folder, or an object store.

    Nothing that a person wrote or changed is overwritten. Raises NotStored where the disk refuses, BadSettings where
    the data can't lie there.
    """
    if data and "://" in data:
        parse_place(data)
    try:
        return _make(folder, data)
    except OSError as error:
        raise NotStored(
            f"can't make a workspace in {folder}: {error.strerror or error}", "Name another folder."
        ) from error


def _make(folder: Path, data: str | None) -> list[str]:
    told = []
    settings = folder / SETTINGS
    fresh = not settings.exists()
    if data and not fresh:
        raise BadSettings(
            f"{folder} is a workspace already",
            f"Say where its data lies in {settings}: data = {json.dumps(data)}",
        )
    for part in ("data/raw", "data/curated", "queries"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    if fresh:
        text = (files("moi_pipeline") / "sources.toml").read_text(encoding="utf-8")
        if data:
            # Before the first table: behind it, it would be a key of that table.
            text = f"data = {json.dumps(data, ensure_ascii=False)}\n\n{text}"
        settings.write_text(text, encoding="utf-8")
        told.append(f"made a workspace in {folder}")
    told += _give_queries(folder / "queries")
    if fresh:
        step = "" if folder == Path() else f"cd {folder} && "
        told.append(f"next: {step}moi fetch samples && moi extract")
    return told or ["everything is there and up to date"]


def _give_queries(target: Path) -> list[str]:
    source = packaged_queries()
    if target.resolve() == source.resolve():
        return []  # a checkout: its views are the package's own
    given, fresh = _given(target / GIVEN), not (target / GIVEN).exists()
    told = []
    packaged = {path.relative_to(source).as_posix(): path for path in sorted(source.rglob("*.sql"))}
    for name, path in packaged.items():
        mine, new = target / name, path.read_bytes()
        if mine.exists():
            there = mine.read_bytes()
            if there == new:
                given[name] = _hash(new)
                continue
            if given.get(name) != _hash(there):
                told.append(f"left alone, changed by you: queries/{name}")
                continue
            told.append(f"brought up to date: queries/{name}")
        elif not fresh:
            told.append(f"added: queries/{name}")
        mine.parent.mkdir(parents=True, exist_ok=True)
        mine.write_bytes(new)
        given[name] = _hash(new)
    for name in sorted(given.keys() - packaged.keys()):
        # Left in place it would be built on, though what it reads may have changed.
        mine = target / name
        if mine.is_file() and _hash(mine.read_bytes()) == given[name]:
            mine.unlink()
            told.append(f"removed, it is no part of moi any more: queries/{name}")
        del given[name]
    (target / GIVEN).write_text(json.dumps(given, indent=1), encoding="utf-8")
    return told


def _given(record: Path) -> dict[str, str]:
    """The hashes by name; empty where the record is lost, so that nothing is taken for unchanged."""
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: mark for name, mark in found.items() if isinstance(mark, str)}


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
