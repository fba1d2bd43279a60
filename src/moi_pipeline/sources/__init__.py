"""How each kind of site, or folder, lists its releases: one module a kind.

A kind's module declares ``OPTIONS`` (what its entry in ``sources.toml`` may say, see ``Option``) and
``crawl(source, root)``, which yields a ``Capture`` for what was received and a ``Refusal`` for what was
not taken. Importing a kind's module must be light: heavy libraries load where they are used.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from moi_pipeline.captures import Capture


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of ``sources.toml``. ``options`` is what the entry's kind asks for; ``line`` is where it stands."""

    name: str
    kind: str
    enabled: bool = True
    province: str | None = None  # ISO 3166-2 code of the site's province
    title: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """A key that a kind of source knows: the type of its value, and whether it must be given."""

    type: type
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something listed that was not taken, and why. ``reason`` is one of few words, ``detail`` is for a person."""

    url: str
    reason: str
    detail: str = ""


class Kind(Protocol):
    """What a kind's module offers."""

    OPTIONS: dict[str, Option]

    def crawl(self, source: Source, root: Path) -> Iterator[Capture | Refusal]:
        """Everything that the source lists now; ``root`` is the workspace's folder. One bad entry stops nothing."""


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of source by name: the modules of this package."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {
        name: cast(Kind, import_module(f"{__name__}.{name}")) for name in names if not name.startswith("_")
    }
