"""The site's own words, told from the release's by the reviewed list in data/chrome.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from moi_pipeline.read.model import Removed

_NAME = 90
MAX_LINE = 160  # whole-line rules look at no longer line
_LONG = (110, 50)  # letters of a line of the body, not a label; the second where no line has the first
_SAME = 25  # letters that a copy of the title begins with
_CUT_LINE, _CUT_TOTAL = 300, 2500  # what may follow a `cut` line and still go with it


@dataclass(frozen=True, slots=True)
class _Rules:
    line: dict[str, tuple[re.Pattern[str], tuple[str, ...]]]  # zone → one pattern, reason of each group
    cut: tuple[re.Pattern[str], tuple[str, ...]]
    name: re.Pattern[str]
    title: tuple[tuple[str, str, re.Pattern[str]], ...]  # (reason, where, pattern)


def _joined(rules: list[dict[str, Any]]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """One pattern for all ``rules``; the number of its outer group says which rule matched."""
    parts = ["(" + "|".join(f"(?:{p})" for p in rule["patterns"]) + ")" for rule in rules]
    return re.compile("|".join(parts) or "(?!)", re.IGNORECASE), tuple(rule["reason"] for rule in rules)


@cache
def _rules() -> _Rules:
    raw = resources.files("moi_pipeline.read").joinpath("data/chrome.toml").read_text("utf-8")
    data = tomllib.loads(raw)
    # an edge line may also match what holds anywhere; a head line all three
    zones = {"any": ("any",), "foot": ("any", "edge"), "head": ("any", "edge", "head")}
    return _Rules(
        line={
            zone: _joined([r for r in data["line"] if r["where"] in which]) for zone, which in zones.items()
        },
        cut=_joined(data["cut"]),
        name=re.compile("|".join(f"(?:{p})" for p in data["names"]), re.IGNORECASE),
        title=tuple(
            (r["reason"], r["where"], re.compile(f"^(?:{p})" if r["where"] == "start" else f"(?:{p})$", re.I))
            for r in data["title"]
            for p in r["patterns"]
        ),
    )


def _match(rule: tuple[re.Pattern[str], tuple[str, ...]], line: str) -> str | None:
    pattern, reasons = rule
    found = pattern.fullmatch(line)
    return reasons[(found.lastindex or 1) - 1] if found else None


def chrome_reason(line: str, zone: str) -> str | None:
    """Why ``line`` is the site's, or None. ``zone``: "head", "foot" or "any" (inside the body)."""
    if not line or len(line) > MAX_LINE:
        return None
    return _match(_rules().line[zone], line)


def is_name_of_site(line: str) -> bool:
    """True for a line that is only an office's or a section's name: over a title it is not the title."""
    return 0 < len(line) <= _NAME and _rules().name.fullmatch(line) is not None


def ends_body(line: str) -> bool:
    """True for a heading under which no release goes on: comment form, related items."""
    return 0 < len(line) <= MAX_LINE and _match(_rules().cut, line) is not None


def trim_title(title: str, line: int) -> tuple[str, list[Removed]]:
    """``title`` without the site's name before it and labels after it."""
    removed: list[Removed] = []
    for reason, where, pattern in _rules().title:
        found = pattern.search(title) if where == "start" else pattern.search(title, max(0, len(title) - 60))
        if found and found.end() - found.start() < len(title):
            removed.append(Removed(reason, found.group().strip(), line))
            title = (title[found.end() :] if where == "start" else title[: found.start()]).strip()
    return title, removed


def _zones(lines: list[str]) -> tuple[int, int]:
    """Where the body's first long line stands, and its last: title and copies of it are no body."""
    first = next((i for i, line in enumerate(lines) if line and not chrome_reason(line, "head")), 0)
    title = lines[first][:_SAME] if lines else ""
    long: list[int] = []
    for least in _LONG:
        if not long:
            long = [
                i
                for i, line in enumerate(lines)
                if i > first and len(line) >= least and line[:_SAME] != title
            ]
    return (long[0], long[-1]) if long else (min(first + 3, len(lines)), len(lines))


def strip_chrome(lines: list[str], first_line: int = 0) -> tuple[list[str | None], list[Removed]]:
    """The page's lines with the site's own as None, and what was taken out.

    ``lines`` are canonical lines in order; blank ones stay. ``first_line`` is the number of ``lines[0]``.
    """
    rules = _rules()
    out: list[str | None] = list(lines)
    removed: list[Removed] = []
    head_end, foot_start = _zones(lines)

    def drop(i: int, reason: str) -> None:
        if out[i]:
            removed.append(Removed(reason, lines[i], first_line + i))
        out[i] = None

    end = len(lines)
    after = 0
    for i in range(len(lines) - 1, foot_start, -1):  # from the foot up: what may a cut line take with it
        after += len(lines[i])
        if len(lines[i]) > _CUT_LINE or after > _CUT_TOTAL:
            break
        if lines[i] and len(lines[i]) <= MAX_LINE and _match(rules.cut, lines[i]):
            end = i
    for i in range(end, len(lines)):
        drop(i, _match(rules.cut, lines[end]) or "cut")
    for i in range(end):
        line = lines[i]
        if not line or len(line) > MAX_LINE:
            continue
        zone = "head" if i < head_end else "foot" if i > foot_start else "any"
        if reason := _match(rules.line[zone], line):
            drop(i, reason)
    removed.sort(key=lambda r: r.line)
    return out, removed
