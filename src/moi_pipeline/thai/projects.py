"""Named undertakings: projects, programmes, plans, policies, campaigns, agreements and systems."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from itertools import accumulate

import ahocorasick

from moi_pipeline.thai.model import ProjectMention, Release
from moi_pipeline.thai.programmes import Programme, Trigger, programmes, squeeze, triggers
from moi_pipeline.thai.project_merge import Candidate, settle
from moi_pipeline.thai.project_names import generic_words, is_generic, is_tool, name_end
from moi_pipeline.thai.quotes import QUOTES, closing, inner, opens

_QUOTED = 150  # a longer quotation is a speech, not a name
_ENCLOSED = 100  # the same, where the trigger word stands inside the quotation
_SHORTEST = 4
_MODELS = ("โมเดล", "แซนด์บ็อกซ์", "sandbox")

_LATIN_NAME = re.compile(r"[A-Za-z][\w.+&'-]*(?:[ :]{1,2}[A-Za-z0-9][\w.+&'-]*){0,5}", re.ASCII)
_BLANKS = re.compile(r"[ \t\u00a0]*")
_NUMBER_BEFORE = re.compile(r"(?:^|[^\d๐-๙,.])([\d๐-๙][\d๐-๙,.]*)[ \t\u00a0]*$")
_YEAR = re.compile(r"25\d\d|๒๕[๐-๙]{2}")
_NEXT_QUOTED = re.compile(
    r"[”\"’'“]?\s{0,2}(?:,|/|และ|กับ|รวมถึง|รวมทั้ง|ตลอดจน)?\s{0,2}(?:โครงการ|กิจกรรม)?\s{0,2}(?=[“\"‘„”])"
)
_AGREEMENT = re.compile(
    r"(?:ความร่วมมือ|ความเข้าใจ|ว่าด้วยความร่วมมือ|ทางวิชาการ|ร่วมกัน|และข้อตกลง|ข้อตกลง)*\s{0,3}"
    r"(?:\((?:MOU|MoU|Memorandum[^)\n]{0,60}|M\.O\.U\.?)\)|MOU)?\s{0,3}"
    r"(?:ใน(?=การ)|เรื่อง|ว่าด้วย|ในเรื่อง|(?=การ)|(?=ด้าน)|(?=โครงการ)|(?=[“\"‘]))\s{0,3}(?:โครงการ\s{0,2})?"
)


@cache
def _automaton() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    words: dict[str, Programme | Trigger | str] = {model: model for model in _MODELS}
    words.update(programmes())
    words.update(triggers())
    for word, value in words.items():
        automaton.add_word(word, (len(word), value))
    automaton.make_automaton()
    return automaton


class _Places:
    """Offsets in the squeezed text to offsets in the text."""

    def __init__(self, text: str, pieces: list[str]) -> None:
        self._squeezed = list(accumulate(map(len, pieces), initial=0))
        self._starts: list[int] = []
        at = 0
        for piece in pieces:
            at = text.index(piece, at)
            self._starts.append(at)
            at += len(piece)

    def __getitem__(self, at: int) -> int:
        piece = bisect_right(self._squeezed, at) - 1
        return self._starts[piece] + at - self._squeezed[piece]


type_hits = list[tuple[int, int, "Programme | Trigger | str"]]


def _hits(text: str) -> type_hits:
    """Where programmes and trigger words stand: start, end, what; in the order of their ends."""
    found = [(last - length + 1, last, value) for last, (length, value) in _automaton().iter(squeeze(text))]
    if not found:
        return []
    places = _Places(text, text.split())
    return [(places[start], places[last] + 1, value) for start, last, value in found]


def find_projects(release: Release) -> list[ProjectMention]:
    """Every mention of a named undertaking, in the order of the text.

    Mentions of one undertaking under a full and a short name all carry the fuller ``name``; the span is the
    name as it stands there, without the trigger word and the quotation marks.
    """
    text = release.text
    hits = _hits(text)
    named = _longest_programmes(text, hits)
    candidates = [
        Candidate(start, end, programme.kind, programme, False)
        for start, (end, programme) in named.items()
        if programme.bare
    ]
    for start, end, value in hits:
        if isinstance(value, Trigger):
            candidates.extend(_after_trigger(text, start, end, value, named))
        elif isinstance(value, str):
            candidates.extend(_quoted_model(text, start, end))
    return [
        ProjectMention(
            c.start, c.end, text[c.start : c.end], name, c.kind, c.programme.id if c.programme else None
        )
        for c, name in settle(text, candidates)
    ]


def _longest_programmes(text: str, hits: type_hits) -> dict[int, tuple[int, Programme]]:
    """The programmes named in the text by their start; of two that overlap the longer one."""
    found = [
        (start, end, value)
        for start, end, value in hits
        if isinstance(value, Programme) and _stands_alone(text, start, end)
    ]
    found.sort(key=lambda hit: (hit[0] - hit[1], hit[0]))
    taken: dict[int, tuple[int, Programme]] = {}
    free_from: list[tuple[int, int]] = []
    for start, end, value in found:
        if all(end <= s or e <= start for s, e in free_from):
            taken[start] = (_without_gloss(text, start, end), value)
            free_from.append((start, end))
    return taken


def _without_gloss(text: str, start: int, end: int) -> int:
    """The end of a name without the English name in brackets behind it."""
    bracket = text.rfind("(", start + 1, end) if text[end - 1] == ")" else -1
    return bracket - len(text[start:bracket]) + len(text[start:bracket].rstrip()) if bracket > 0 else end


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a match is not the inside of a longer Latin word or number, nor cut before a Thai mark."""
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if text[start].isascii() and before.isascii() and before.isalnum():
        return False
    if text[end - 1].isascii() and text[end - 1].isalnum() and after.isascii() and after.isalnum():
        return False
    return after not in "ะัาำิีึืฺุู็่้๊๋์ํ"


def _after_trigger(
    text: str, start: int, end: int, trigger: Trigger, named: dict[int, tuple[int, Programme]]
) -> Iterator[Candidate]:
    """The names that a trigger word announces, none or one or several joined by และ."""
    if trigger.form == "agreement":
        yield from _agreement(text, end, trigger)
        return
    if trigger.form == "plain" and _belongs_elsewhere(text, start, end):
        return
    if trigger.form == "themed" and not _is_theme(text, start):
        return
    at = _BLANKS.match(text, end).end()  # type: ignore[union-attr]
    if at >= len(text) or text[at] == "\n":
        return
    if text[at] in QUOTES and _could_open(text, at):
        yield from _quoted(text, at, trigger, named)
    elif at in named:
        yield _programme(text, start, at, trigger, named)
    elif trigger.form == "plain":
        yield from _plain(text, start, at, trigger, named)
    elif trigger.form == "formal":
        yield from _formal(text, start, end, trigger)
    else:
        latin = _LATIN_NAME.match(text, at) if trigger.form == "latin" else None
        if latin:
            if not is_tool(latin[0]) and latin.end() - at >= 3:
                yield Candidate(at, latin.end(), trigger.kind, None, False)
        elif trigger.head:
            yield from _headed(text, at, trigger, named)


def _could_open(text: str, at: int) -> bool:
    """After a trigger word a mark opens a name, whatever its shape, unless it closes a quotation around it."""
    return (
        opens(text, at)
        or (at + 1 < len(text) and not text[at - 1].isspace() and opens(text, at))
        or (text[at - 1].isspace() and closing(text, at + 1, at + _QUOTED) > 0)
    )


def _belongs_elsewhere(text: str, start: int, end: int) -> bool:
    """A count (54 โครงการ), an office (ผู้อำนวยการโครงการ) or another compound, not a project's trigger word."""
    before = text[max(0, start - 16) : start]
    if before.rstrip().endswith(generic_words()["before"]):
        return True
    number = _NUMBER_BEFORE.search(before)
    if not number or _YEAR.fullmatch(number[1]):
        return False
    at_line_start = before[: number.start(1)].rsplit("\n", 1)[-1].strip() == "" and "\n" in before
    return not at_line_start


def _is_theme(text: str, start: int) -> bool:
    """Whether an activity or campaign stands shortly before, so that the quoted theme is its name."""
    before = text[max(0, start - 60) : start].rsplit("\n", 1)[-1]
    return any(word in before for word in generic_words()["themed"])


def _quoted(
    text: str, at: int, trigger: Trigger, named: dict[int, tuple[int, Programme]]
) -> Iterator[Candidate]:
    """The quoted name whose opening mark stands at ``at``, and the quoted names joined to it."""
    while True:
        shut = closing(text, at + 1, at + 1 + _QUOTED)
        start, end = inner(text, at + 1, shut if shut > 0 else at + 1)
        if shut < 0:
            start = at + 1
            while (
                start < len(text) and (text[start].isspace() or text[start] in QUOTES) and text[start] != "\n"
            ):
                start += 1
            end = named[start][0] if start in named else name_end(text, start, len(text))
        inside = triggers()["โครงการ"].word
        if text.startswith(inside, start):
            start += len(inside)
            start = _BLANKS.match(text, start).end()  # type: ignore[union-attr]
        if end - start >= _SHORTEST:
            programme = named.get(start)
            known = programme[1] if programme and programme[0] >= end - 2 else None
            yield Candidate(start, end, known.kind if known else trigger.kind, known, True)
        if shut < 0:
            return
        following = _NEXT_QUOTED.match(text, shut)
        if not following or following.end() <= shut + 1 or not opens(text, following.end()):
            return
        joined = text[shut + 1 : following.end()].strip()
        if not joined:
            return
        at = following.end()


def _programme(
    text: str, start: int, at: int, trigger: Trigger, named: dict[int, tuple[int, Programme]]
) -> Candidate:
    """A programme of the reviewed list right after a trigger word."""
    end, programme = named[at]
    if trigger.form == "plain" and not programme.bare and text[end : end + 1].isalpha():
        end = max(end, name_end(text, at, _limit(text, start)))
    return Candidate(at, end, programme.kind, programme, False)


def _limit(text: str, start: int) -> int:
    """Where a quotation around the trigger word at ``start`` is closed, else the text's end."""
    if start and text[start - 1] in QUOTES and opens(text, start - 1):
        shut = closing(text, start, start + _ENCLOSED)
        if shut > 0:
            return shut
    return len(text)


def _plain(
    text: str, start: int, at: int, trigger: Trigger, named: dict[int, tuple[int, Programme]]
) -> Iterator[Candidate]:
    """A name without quotation marks."""
    limit = _limit(text, start)
    if limit < len(text) and not is_generic(text, at):
        if limit - at >= _SHORTEST:
            yield Candidate(at, limit, trigger.kind, None, True)
        return
    for head in generic_words()["heads"]:
        if text.startswith(head, at):
            mark = _BLANKS.match(text, at + len(head)).end()  # type: ignore[union-attr]
            if mark < len(text) and text[mark] in QUOTES and opens(text, mark):
                yield from _quoted(text, mark, trigger, named)
                return
    if is_generic(text, at):
        return
    end = name_end(text, at, limit)
    tail = next(
        (s for s in range(at + 1, end) if s in named and text[s - 1] in QUOTES and named[s][0] >= end - 1), 0
    )
    if tail and named[tail][1].bare:
        return  # described and then named in quotation marks: that name is found by itself
    if end - at >= _SHORTEST and squeeze(text[at:end]) not in generic_words()["whole"]:
        yield Candidate(at, end, trigger.kind, None, False)


def _headed(
    text: str, at: int, trigger: Trigger, named: dict[int, tuple[int, Programme]]
) -> Iterator[Candidate]:
    """A quoted name with a qualifying word between it and the trigger word (กิจกรรมจิตอาสา “…”)."""
    for mark in range(at, min(len(text), at + trigger.head)):
        if text[mark] in QUOTES:
            if opens(text, mark):
                yield from _quoted(text, mark, trigger, named)
            return
        if text[mark].isspace() and not (mark + 1 < len(text) and text[mark + 1] in QUOTES):
            return


def _formal(text: str, start: int, end: int, trigger: Trigger) -> Iterator[Candidate]:
    """A plan under its full formal name (แผนแม่บท...), which is long; the word stays in the name."""
    following = text[end : end + 1]
    if following.isspace() or (is_generic(text, end) and not text.startswith("และผัง", end)):
        return
    stop = name_end(text, start, len(text))
    if stop - end >= 16:
        yield Candidate(start, stop, trigger.kind, None, False)


def _agreement(text: str, end: int, trigger: Trigger) -> Iterator[Candidate]:
    """The subject of a memorandum: what follows ในการ, เรื่อง, ว่าด้วย, up to the parties."""
    opened = _AGREEMENT.match(text, end)
    if not opened:
        return
    at = opened.end()
    if at < len(text) and text[at] in QUOTES:
        yield from _quoted(text, at, trigger, {})
        return
    stop = name_end(text, at, len(text))
    parties = text.find("ระหว่าง", at, stop)
    stop = parties if parties > 0 else stop
    while stop > at and text[stop - 1].isspace():
        stop -= 1
    if stop - at >= 12:
        yield Candidate(at, stop, trigger.kind, None, False)


def _quoted_model(text: str, start: int, end: int) -> Iterator[Candidate]:
    """A quoted name that ends with โมเดล or Sandbox, with no trigger word."""
    if end >= len(text) or text[end] not in QUOTES:
        return
    for mark in range(start, max(-1, start - 40), -1):
        if text[mark] == "\n":
            return
        if text[mark] in QUOTES:
            at, stop = inner(text, mark + 1, end)
            if opens(text, mark) and stop - at > len("โมเดล") + 1:
                yield Candidate(at, stop, "project", None, True)
            return
