"""The forms in which a name follows the word that announces it: quoted, plain, in Latin letters, formal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from moi_pipeline.thai.programmes import Trigger, squeeze, triggers
from moi_pipeline.thai.project_generic import (
    generic_words,
    is_category,
    is_generic,
    is_tool,
    is_work,
    past_blanks,
)
from moi_pipeline.thai.project_hits import Named
from moi_pipeline.thai.project_merge import Candidate
from moi_pipeline.thai.project_names import name_end
from moi_pipeline.thai.quotes import QUOTES, closing, inner, opens

_QUOTED = 150  # a longer quotation is a speech, not a name
_ENCLOSED = 100  # the same, where the trigger word stands inside the quotation
_SHORTEST = 4
_JOINED = 8  # the most quoted names joined to one trigger word

_LATIN_NAME = re.compile(r"[A-Za-z][\w.+&'-]*(?:[ :]{1,2}[A-Za-z0-9][\w.+&'-]*){0,5}", re.ASCII)
_MARKS = re.escape("".join(sorted(QUOTES)))
_QUALIFIER = re.compile(rf"([^\s{_MARKS}]*+)[^\S\n]?(?=[{_MARKS}])")  # one word, and a quotation behind it
_NUMBER_BEFORE = re.compile(r"(?:^|[^\d๐-๙,.])([\d๐-๙][\d๐-๙,.]*)[ \t\u00a0]*$")
_ENDS_NUMBER = frozenset("0123456789๐๑๒๓๔๕๖๗๘๙,.")
_YEAR = re.compile(r"25\d\d|๒๕[๐-๙]{2}")
_NEXT_QUOTED = re.compile(r"[”\"’'“]?\s{0,2}(?:,|/|และ|กับ|รวมถึง|รวมทั้ง|ตลอดจน)?\s{0,2}(?=[“\"‘„”])")
_AGREEMENT = re.compile(
    r"(?:ความร่วมมือ|ความเข้าใจ|ว่าด้วยความร่วมมือ|ทางวิชาการ|ร่วมกัน|และข้อตกลง|ข้อตกลง){0,4}\s{0,3}"
    r"(?:\((?:MOU|MoU|Memorandum[^)\n]{0,60}|M\.O\.U\.?)\)|MOU)?\s{0,3}"
    r"(?:ใน(?=การ)|เรื่อง|ว่าด้วย|ในเรื่อง|(?=การ)|(?=ด้าน)|(?=โครงการ)|(?=[“\"‘]))\s{0,3}(?:โครงการ\s{0,2})?"
)


def after_trigger(text: str, start: int, end: int, trigger: Trigger, named: Named) -> Iterator[Candidate]:
    """The names that a trigger word announces, none or one or several joined by และ."""
    if trigger.not_after and text.endswith(trigger.not_after, 0, start):
        return
    if trigger.form == "agreement":
        yield from _agreement(text, end, trigger)
        return
    if trigger.form == "plain" and _belongs_elsewhere(text, start, end):
        return
    if trigger.form == "themed" and not _is_theme(text, start):
        return
    at = past_blanks(text, end)
    if trigger.form == "plain" and _quote_wrapped(text, at):
        at += 1  # a line that a page wrapped before the name
    if at >= len(text) or text[at] == "\n":
        return
    if text[at] in QUOTES and _could_open(text, at):
        yield from _quoted(text, at, trigger, named)
    elif at in named and (trigger.form != "quoted" or named[at][1].bare):
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


def _quote_wrapped(text: str, at: int) -> bool:
    """Whether the line ends at ``at`` and the next begins with a quotation."""
    return text.startswith("\n", at) and text[at + 1 : at + 2] in QUOTES and opens(text, at + 1)


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
    if before.rstrip(" \t\u00a0")[-1:] not in _ENDS_NUMBER:
        return False
    number = _NUMBER_BEFORE.search(before)
    if not number or _YEAR.fullmatch(number[1]):
        return False
    if before[: number.start(1)].rstrip().endswith(generic_words()["ordinals"]):
        return False
    at_line_start = before[: number.start(1)].rsplit("\n", 1)[-1].strip() == "" and "\n" in before
    return not at_line_start


def _is_theme(text: str, start: int) -> bool:
    """Whether an activity or campaign stands shortly before, so that the quoted theme is its name."""
    before = text[max(0, start - 60) : start].rsplit("\n", 1)[-1]
    return any(word in before for word in generic_words()["themed"])


@cache
def _mottoes() -> frozenset[str]:
    return frozenset(map(squeeze, generic_words()["mottoes"]))


def _quoted(text: str, at: int, trigger: Trigger, named: Named) -> Iterator[Candidate]:
    """The quoted name whose opening mark stands at ``at``, and the quoted names joined to it."""
    for _ in range(_JOINED):
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
            start = past_blanks(text, start)
        if end - start >= max(_SHORTEST, trigger.least) and squeeze(text[start:end]) not in _mottoes():
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


def _programme(text: str, start: int, at: int, trigger: Trigger, named: Named) -> Candidate:
    """A programme of the reviewed list right after a trigger word."""
    end, programme = named[at]
    latin = _LATIN_NAME.match(text, at) if trigger.form == "latin" and text[end - 1].isascii() else None
    if latin and latin.end() > end and not any(begin in named for begin in range(end, latin.end())):
        return Candidate(at, latin.end(), trigger.kind, None, True)  # a system of its own (ThaiD Connect)
    if (
        trigger.form == "plain"
        and not programme.bare
        and (text[end : end + 1].isalpha() or text[end - 1].isascii())
    ):
        end = max(end, name_end(text, at, _limit(text, start)))
    return Candidate(at, end, programme.kind, programme, False)


def _limit(text: str, start: int) -> int:
    """Where a quotation around the trigger word at ``start`` is closed, else the text's end."""
    if start and text[start - 1] in QUOTES and opens(text, start - 1):
        shut = closing(text, start, start + _ENCLOSED)
        if shut > 0:
            return shut
    return len(text)


def _plain(text: str, start: int, at: int, trigger: Trigger, named: Named) -> Iterator[Candidate]:
    """A name without quotation marks."""
    limit = _limit(text, start)
    if limit < len(text) and not is_generic(text, at):
        if limit - at >= _SHORTEST and not is_category(text, at, limit):
            yield Candidate(at, limit, trigger.kind, None, True)
        return
    if text.startswith(generic_words()["heads"], at):
        for head in generic_words()["heads"]:
            mark = past_blanks(text, at + len(head)) if text.startswith(head, at) else len(text)
            if mark < len(text) and text[mark] in QUOTES and opens(text, mark):
                yield from _quoted(text, mark, trigger, named)
                return
    if is_generic(text, at):
        return
    end = name_end(text, at, limit)
    ends_quoted = end < len(text) and text[end] in QUOTES
    tail = ends_quoted and next(
        (s for s in range(at + 1, end) if s in named and text[s - 1] in QUOTES and named[s][0] >= end - 1), 0
    )
    if tail and named[tail][1].bare:
        return  # described and then named in quotation marks: that name is found by itself
    opened = text.endswith(generic_words()["openers"], 0, start)
    if end - at >= _SHORTEST and not is_category(text, at, end) and (opened or not is_work(text, at, end)):
        yield Candidate(at, end, trigger.kind, None, False)


def _headed(text: str, at: int, trigger: Trigger, named: Named) -> Iterator[Candidate]:
    """A quoted name with a qualifying word between it and the trigger word (กิจกรรมจิตอาสา “…”)."""
    found = _QUALIFIER.match(text, at, at + trigger.head)
    if found and opens(text, mark := found.end()) and name_end(text, at - 1, mark) >= len(found[1]) + at:
        yield from _quoted(text, mark, trigger, named)


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
    if stop - at >= 16:
        yield Candidate(at, stop, trigger.kind, None, False)


def quoted_model(text: str, start: int, end: int) -> Iterator[Candidate]:
    """A quoted name that ends with โมเดล or Sandbox, or that follows such a word, with no trigger word."""
    following = past_blanks(text, end)
    if following < len(text) and text[following] in "“‘„" and not text[start - 1 : start].isspace():
        yield from _quoted(text, following, triggers()["โครงการ"], {})
        return
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
