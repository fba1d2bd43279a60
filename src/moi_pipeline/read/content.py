"""The reviewed list of where releases stand on pages (data/content.toml), loaded once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    parts: tuple[str, ...]  # CSS selectors
    any: bool  # the parts are alternatives, not pieces of one body


@dataclass(frozen=True, slots=True)
class Content:
    skip_tags: frozenset[str]
    junk: str  # one CSS selector list
    maybe_junk: str
    body: tuple[Place, ...]
    around: tuple[str, ...]
    title: tuple[str, ...]
    date: tuple[str, ...]
    meta_date: tuple[str, ...]
    side_heading: re.Pattern[str]  # a heading of a box beside or under the release
    contact: re.Pattern[str]  # the address and telephone block of a page's foot


@cache
def content_places() -> Content:
    raw = resources.files("moi_pipeline.read").joinpath("data/content.toml").read_text("utf-8")
    data = tomllib.loads(raw)
    return Content(
        skip_tags=frozenset(data["skip_tags"]),
        junk=", ".join(data["junk"]),
        maybe_junk=", ".join(data["maybe_junk"]),
        body=tuple(Place(b["name"], tuple(b["parts"]), b.get("any", False)) for b in data["body"]),
        around=tuple(data["around"]),
        title=tuple(data["title"]),
        date=tuple(data["date"]),
        meta_date=tuple(data["meta_date"]),
        side_heading=re.compile("|".join(data["side_headings"]), re.IGNORECASE),
        contact=re.compile("|".join(data["contact"]), re.IGNORECASE),
    )
