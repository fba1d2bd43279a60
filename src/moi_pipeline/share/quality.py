"""How good the extraction is, as it was measured: the floors that every change is held to, and the last scores."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

QUALITY_PAGE = "quality.md"
ABOUT = (
    "Scores on annotated releases: F1 for dates, names, officials, projects and items; accuracy for event, province, "
    "chair and declared. Rules were written on the open sets; a held-back set says what a new release will get. "
    f"{QUALITY_PAGE} has the whole story."
)


def quality() -> dict[str, Any]:
    """``at_least``: the scores that a test holds each set above. ``measured``: the last scores, set by set."""
    floors = tomllib.loads(_folder("floors.toml").read_text(encoding="utf-8"))
    return {
        "about": ABOUT,
        "page": QUALITY_PAGE,
        "at_least": {"gold": floors["floors"], "forms": floors["forms_floors"]},
        "measured": _measured(quality_page().read_text(encoding="utf-8")),
    }


def quality_page() -> Path:
    """The page that tells how it was measured."""
    return _folder(QUALITY_PAGE)


def _folder(name: str) -> Path:
    """A file of the package: in the wheel, or where it stands in a checkout."""
    package = Path(str(files("moi_pipeline")))
    wheel = package / "_quality" / name
    if wheel.is_file():
        return wheel
    return package.parent.parent / ("docs" if name == QUALITY_PAGE else "quality") / name


def _measured(page: str) -> list[dict[str, Any]]:
    """The rows of the page's table of scores."""
    table = page.split("\n## Scores\n", 1)[1].strip().split("\n\n")[0]
    head, _, *rows = ([cell.strip() for cell in line.strip("| ").split("|")] for line in table.splitlines())
    return [
        {
            "set": name,
            **{kind: float(score) for kind, score in zip(head[-len(scores) :], scores, strict=True)},
        }
        for name, *scores in rows
        if all(re.fullmatch(r"[01]\.\d+", score) for score in scores)
    ]
