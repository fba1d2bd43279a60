"""The fingerprint of extraction: what changes it changes the rows, so old rows can't be taken for new ones."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

PACKAGE = Path(__file__).parent.parent
#: What a record depends on: our code and data of these folders, and these libraries.
FOLDERS = ("read", "thai", "extract")
LIBRARIES = ("pythainlp", "selectolax")
SUFFIXES = {".py", ".toml", ".csv", ".txt", ".json"}


def fingerprint() -> str:
    """16 hex digits over the extraction's code, data files and libraries."""
    digest = hashlib.sha256()
    files = [PACKAGE / "captures.py"]
    for folder in FOLDERS:
        files.extend(p for p in sorted((PACKAGE / folder).rglob("*")) if p.suffix in SUFFIXES)
    for path in files:
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    return digest.hexdigest()[:16]
