"""Which mentions speak of one undertaking, and under which name."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from moi_pipeline.thai.model import ProjectKind, value
from moi_pipeline.thai.programmes import Programme, squeeze
from moi_pipeline.thai.quotes import QUOTES

_MARKS = re.compile("[" + re.escape("".join(sorted(QUOTES))) + "]")
_DIGITS = re.compile(r"[\d๐-๙]+")
_BLANKS = re.compile(r"\s+")
_COMMON = 12  # characters that two unquoted names must share before they are cut to the shared part
_SHORT = 6  # a shorter name may be part of another by chance
_ECHO = 25  # a line that begins with this many characters of the title repeats it
_LINE = 1000  # a title is shorter
_SLIP = 3  # characters
_MOST = 400  # names compared with one another in one release; real releases stay far below


@value
class Candidate:
    """A name found at a place. ``sure``: quotation marks say where it ends."""

    start: int
    end: int
    kind: ProjectKind
    programme: Programme | None
    sure: bool


def settle(text: str, title_end: int, candidates: list[Candidate]) -> list[tuple[Candidate, str]]:
    """The candidates in the order of the text, overlaps resolved, each with its undertaking's name."""
    if not candidates:
        return []
    kept = _cut_to_common(text, _without_overlaps(text, candidates))
    keys = [_key(text, candidate) for candidate in kept]
    names = _names(text, kept, keys)
    named = [(candidate, names[key]) for candidate, key in zip(kept, keys, strict=True)]
    headlines = _only_headlines(text, title_end, named)
    return [one for one in named if one[1] not in headlines]


def _only_headlines(text: str, title_end: int, named: list[tuple[Candidate, str]]) -> set[str]:
    """Names that the title alone gives, unquoted, while the body gives a project's: a headline's paraphrase."""
    title: set[str] = set()
    body: set[str] = set()
    sure: set[str] = set()
    for candidate, name in named:
        if candidate.kind != "project":
            continue
        (title if _in_title(text, title_end, candidate.start) else body).add(name)
        if candidate.sure or candidate.programme:
            sure.add(name)
    return title - body - sure if body else set()


def _in_title(text: str, title_end: int, at: int) -> bool:
    """Whether a place is in the title or in a line that repeats it."""
    if at < title_end:
        return True
    head = text[: min(title_end, _ECHO)]
    line = text.rfind("\n", max(0, at - _LINE), at)
    return len(head) == _ECHO and line >= 0 and text.startswith(head, line + 1)


def _key(text: str, candidate: Candidate) -> str:
    key = _MARKS.sub("", squeeze(text[candidate.start : candidate.end]))
    return key.rstrip("ฯ.") or key  # ฯ shortens a longer name: what stands before it is compared


def _without_overlaps(text: str, candidates: list[Candidate]) -> list[Candidate]:
    """Of two candidates that overlap the one that begins first, or else is surer, known or longer."""
    kept: list[Candidate] = []
    order = sorted(candidates, key=lambda c: (c.start, not c.sure, c.programme is None, -c.end))
    for candidate in order:
        if kept and _is_gloss(text, kept[-1], candidate):
            continue
        if kept and candidate.start < kept[-1].end:
            last = kept[-1]
            if last.programme is None and candidate.programme and candidate.start == last.start:
                kept[-1] = replace(last, programme=candidate.programme)
            continue
        kept.append(candidate)
    return kept


def _is_gloss(text: str, before: Candidate, candidate: Candidate) -> bool:
    """Whether the candidate stands in brackets right behind another name, which it only translates."""
    between = text[before.end : candidate.start]
    return len(between) <= 4 and between.endswith("(") and text[candidate.end : candidate.end + 1] == ")"


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
    """Whether two names differ at one place only, by a typing error; other numbers are other undertakings."""
    length = min(len(a), len(b))
    if length < 15 or max(len(a), len(b)) - length > _SLIP or _DIGITS.findall(a) != _DIGITS.findall(b):
        return False
    same = 0
    while same < length and a[same] == b[same]:
        same += 1
    back = 0
    while back < length - same and a[-1 - back] == b[-1 - back]:
        back += 1
    return length - same - back <= _SLIP


@dataclass(slots=True)
class _Name:
    shown: str
    sure: bool = False
    programme: str = ""
    activity: bool = False


def _names(text: str, candidates: list[Candidate], keys: list[str]) -> dict[str, str]:
    """For each key the name under which its undertaking is listed; ``keys`` are the candidates' own."""
    known: dict[str, _Name] = {}
    for candidate, key in zip(candidates, keys, strict=True):
        if (name := known.get(key)) is None:
            name = known[key] = _Name(_BLANKS.sub(" ", text[candidate.start : candidate.end]).strip())
        name.sure = name.sure or candidate.sure or candidate.programme is not None
        if candidate.programme:
            name.programme = candidate.programme.id
        elif candidate.kind == "campaign":
            name.activity = True
    best = {key: key for key in known}
    longest_first = sorted(known, key=lambda k: (-len(k), k))[:_MOST]
    for n, short in enumerate(longest_first):
        for long in reversed(longest_first[:n]):  # the shortest name that holds it is the nearest
            if best[long] != long:
                continue
            way = _one_undertaking(short, long, known[short], known[long])
            if way == "fuller":
                best[short] = long
                break
            if way == "shorter":
                best[long] = short
    return {key: known[_root(best, key)].shown for key in known}


def _one_undertaking(short: str, long: str, a: _Name, b: _Name) -> str:
    """Whether two names are one undertaking's: "fuller", "shorter" (the long one was cut too late), or ""."""
    if a.programme and a.programme == b.programme:
        return "shorter" if long.isascii() and not short.isascii() else "fuller"  # English is the gloss
    prefix = a.sure and len(short) >= 4 and long.startswith(short)
    if prefix or (len(short) >= _SHORT and short in long):
        if a.programme and b.activity:
            return ""  # an event that bears a programme's name is not the programme
        return "shorter" if a.sure and not b.sure and long.startswith(short) else "fuller"
    return "fuller" if alike(short, long) else ""


def _root(best: dict[str, str], key: str) -> str:
    while best[key] != key:
        key = best[key]
    return key
