"""The reviewed list of well-known programmes, and the words that open and end a project's name."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

from moi_pipeline.thai.model import ProjectKind

_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme of the reviewed list.

    ``bare``: its name is found with no trigger word, too; ``glossed``: with none, where an English name in brackets
    follows it.
    """

    id: str
    name: str
    kind: ProjectKind
    bare: bool
    glossed: bool


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that announces a name: in which form the name may follow, and what kind it then has."""

    word: str
    kind: ProjectKind
    form: str  # plain, latin, quoted, formal, agreement
    head: int
    least: int
    not_after: tuple[str, ...]


def squeeze(text: str) -> str:
    """The text without white space, lower case; the same number of characters as the text without white space."""
    bare = "".join(text.split())
    low = bare.lower()
    return low if len(low) == len(bare) else bare


@cache
def read_data(name: str) -> dict[str, Any]:
    """A TOML file of this package's data folder."""
    return tomllib.loads((files("moi_pipeline.thai") / "data" / name).read_text(encoding="utf-8"))


def _other_marks(spelling: str) -> list[str]:
    """The spelling with every pair of quotation marks that authors use for “ and ”."""
    if "“" not in spelling:
        return [spelling]
    return [spelling.replace("“", a).replace("”", b) for a in '“"‘”' for b in '”"’“']


@cache
def programmes() -> dict[str, Programme]:
    """Every spelling, squeezed, with its programme."""
    known: dict[str, Programme] = {}
    for entry in read_data("programmes.toml")["programme"]:
        programme = Programme(
            entry.get("same_as", entry["id"]),
            entry["name"],
            cast(ProjectKind, entry["kind"]),
            entry.get("bare", True),
            entry.get("glossed", False),
        )
        for spelling in (entry["name"], *entry.get("spellings", ())):
            key = squeeze(spelling)
            for marked in _other_marks(key):
                known.setdefault(marked, programme)
                known.setdefault(marked.translate(_THAI_DIGITS), programme)
    return known


@cache
def triggers() -> dict[str, Trigger]:
    """Every trigger word, squeezed."""
    return {
        squeeze(entry["word"]): Trigger(
            entry["word"],
            cast(ProjectKind, entry["kind"]),
            entry["form"],
            entry.get("head", 0),
            entry.get("least", 0),
            tuple(entry.get("not_after", ())),
        )
        for entry in read_data("project_words.toml")["trigger"]
    }
