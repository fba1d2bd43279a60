"""Which mentions speak of one undertaking, and under which name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from moi_pipeline.thai.model import ProjectKind
from moi_pipeline.thai.programmes import Programme, squeeze
from moi_pipeline.thai.quotes import QUOTES

_MARKS = re.compile("[" + re.escape("".join(sorted(QUOTES))) + "]")
_DIGITS = re.compile(r"[\d๐-๙]+")
_BLANKS = re.compile(r"\s+")
_COMMON = 12  # characters that two unquoted names must share before they are cut to the shared part
_MOST = 400  # names compared with one another in one release; real releases stay far below


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name found at a place. ``sure``: quotation marks say where it ends."""

    start: int
    end: int
    kind: ProjectKind
    programme: Programme | None
    sure: bool


def settle(text: str, candidates: list[Candidate]) -> Iterator[tuple[Candidate, str]]:
    """The candidates in the order of the text, overlaps resolved, each with its undertaking's name."""
    kept = _cut_to_common(text, _without_overlaps(candidates))
    names = _names(text, kept)
    for candidate in kept:
        yield candidate, names[_key(text, candidate)]


def _key(text: str, candidate: Candidate) -> str:
    return _MARKS.sub("", squeeze(text[candidate.start : candidate.end]))


def _without_overlaps(candidates: list[Candidate]) -> list[Candidate]:
    """Of two candidates that overlap the one that begins first, or else is surer, known or longer."""
    kept: list[Candidate] = []
    order = sorted(candidates, key=lambda c: (c.start, not c.sure, c.programme is None, -c.end))
    for candidate in order:
        if kept and candidate.start < kept[-1].end:
            last = kept[-1]
            if last.programme is None and candidate.programme and candidate.start == last.start:
                kept[-1] = replace(last, programme=candidate.programme)
            continue
        kept.append(candidate)
    return kept


def _cut_to_common(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Two unquoted names that part at a space share the name; what follows is the sentence around each."""
    by_head: dict[str, list[int]] = {}
    for i, candidate in enumerate(candidates[:_MOST]):
        if not candidate.sure and candidate.programme is None and candidate.end - candidate.start >= _COMMON:
            by_head.setdefault(text[candidate.start : candidate.start + _COMMON], []).append(i)
    cut = list(candidates)
    for group in by_head.values():
        for i, j in pairwise(group):
            a, b = cut[i], cut[j]
            shared = _shared(text, a, b)
            if shared:
                cut[i] = replace(a, end=a.start + shared)
                cut[j] = replace(b, end=b.start + shared)
    return cut


def _shared(text: str, a: Candidate, b: Candidate) -> int:
    """The length of what two names share, if both go on after a space and differently; else 0."""
    length = min(a.end - a.start, b.end - b.start)
    same = 0
    while same < length and text[a.start + same] == text[b.start + same]:
        same += 1
    if same < _COMMON or same == length or not text[a.start + same - 1].isspace():
        return 0
    if alike(text[a.start : a.end], text[b.start : b.end]):
        return 0
    while text[a.start + same - 1].isspace():
        same -= 1
    return same if same >= _COMMON else 0


def alike(a: str, b: str) -> bool:
    """Whether two names differ by a typing error only; different numbers are different undertakings."""
    if min(len(a), len(b)) < 15 or abs(len(a) - len(b)) > 4 or _DIGITS.findall(a) != _DIGITS.findall(b):
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.93


def _names(text: str, candidates: list[Candidate]) -> dict[str, str]:
    """For each key the name under which its undertaking is listed."""
    shown: dict[str, str] = {}
    sure: set[str] = set()
    ids: dict[str, str] = {}
    for candidate in candidates:
        key = _key(text, candidate)
        name = _BLANKS.sub(" ", text[candidate.start : candidate.end]).strip()
        shown.setdefault(key, name)
        if candidate.sure or candidate.programme:
            sure.add(key)
        if candidate.programme:
            ids[key] = candidate.programme.id
    best = dict.fromkeys(shown, "")
    keys = sorted(shown, key=lambda k: (-len(k), k))
    for key in keys:
        best[key] = key
    compared = keys[:_MOST]
    for n, short in enumerate(compared):
        for long in compared[:n]:
            if best[long] != long:
                continue
            if ids.get(short) and ids.get(short) == ids.get(long):
                best[short] = long
                break
            if len(short) >= 6 and short in long:
                if short in sure and long not in sure and long.startswith(short):
                    best[long] = short
                    continue
                best[short] = long
                break
            if alike(short, long):
                best[short] = long
                break
    return {key: shown[_root(best, key)] for key in shown}


def _root(best: dict[str, str], key: str) -> str:
    while best[key] != key:
        key = best[key]
    return key
