"""What the published build was made of: whether the next one can keep its rows, and which of its checks failed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from moi_pipeline.curate.corrections import FILE
from moi_pipeline.curate.publish import CURRENT
from moi_pipeline.curate.views import sql_files
from moi_pipeline.runs import write_run
from moi_pipeline.workspace import SCHEMA_VERSION, Workspace

DATABASE = "moi.duckdb"
#: Steps on the way that the next build goes on from; hidden, as no tables of theirs are published.
STEPS = ".steps.duckdb"
STATE = ".state.json"
CODE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Last:
    """The published build: its folder, the raw segments it was made from, and the checks that found something."""

    folder: Path
    raw: tuple[str, ...]
    failed_checks: tuple[str, ...]


def inputs(workspace: Workspace, fingerprint: str) -> str:
    """A hash of all that tables depend on but for what was fetched: code, views, corrections and settings."""
    digest = hashlib.sha256()

    def add(name: str, value: bytes) -> None:
        digest.update(f"{name} {len(value)}\n".encode() + value)

    for library in ("moi-pipeline", "duckdb"):
        add(library, version(library).encode())
    add("layout", f"{SCHEMA_VERSION} {fingerprint}".encode())
    code = sorted(path for path in CODE.rglob("*") if path.suffix in (".py", ".csv"))
    views = [*sql_files(workspace.queries), *sql_files(workspace.queries / "checks")]
    for path in [*code, CODE.parent / "runs.py", *views]:
        add("/".join(path.parts[-2:]), path.read_bytes())
    corrections = workspace.root / FILE
    add(FILE, corrections.read_bytes() if corrections.exists() else b"")
    for source in workspace.sources.values():
        add(source.name, f"{source.kind} {source.enabled} {source.province}".encode())
    return digest.hexdigest()


def last_build(workspace: Workspace, fingerprint: str) -> Last | None:
    """The published build, where it was made with the very same code, views, corrections and settings; else None."""
    folder = workspace.curated / CURRENT
    try:
        state: dict[str, Any] = json.loads((folder / STATE).read_text(encoding="utf-8"))
        if state["inputs"] != inputs(workspace, fingerprint):
            return None
        last = Last(folder.resolve(), tuple(state["raw"]), tuple(state["failed_checks"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # none yet, or an older version's: the tables are built anew
    return last if all((last.folder / name).is_file() for name in (DATABASE, STEPS)) else None


def write_state(
    folder: Path, workspace: Workspace, fingerprint: str, raw: list[str], failed: list[str]
) -> None:
    """Note in a build's folder what it was made of. Raises NotStored."""
    write_run(folder / STATE, {"inputs": inputs(workspace, fingerprint), "raw": raw, "failed_checks": failed})
