"""Where the name of a project ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import ahocorasick

from moi_pipeline.thai.programmes import read_data, squeeze
from moi_pipeline.thai.project_generic import EDITION, generic_words, past_blanks
from moi_pipeline.thai.quotes import MARK, QUOTES, closing, opens

LONGEST = 220  # characters; the longest real names (royal phrases) stay below
_QUOTED_PART = 110  # a longer quotation inside a name is somebody's speech

# A full stop ends a name only after a whole word: "อ.", "พ.ร.บ." and "ม.33" go on. An ellipsis goes on as well.
_STOP = re.compile(
    r"[\n()\[\]{};/•●▪*|!?=<>#…]|,(?!\d)|:(?!\S)|\.(?=[\s\"”’]|$)(?<=[ก-๙a-zA-Z]{4}\.)"
    r"|(?:(?<=\s)|ปี\s*|พ\.ศ\.\s*)(?:25\d\d|๒๕[๐-๙]{2})(?!\d)|พ\.ศ\.|ปี\s*(?:พ\.ศ\.)?\s*[\d๐-๙]"
)
_STOP_LETTER = re.compile(r"[\n()\[\]{};/•●▪*|!?=<>#…,:.2๒ปพ](?:(?<![ปพ])|(?<=ป)ี|(?<=พ)\.)")
_ELLIPSIS = re.compile(r"(?<=[ก-๙])(?:…|\.{2,})(?=[ก-๙])")
_GAP = re.compile(r"\s+")
# Words that join a name to what follows it, each with what may not (or must) stand before it.
_TAIL_WORDS = {
    **dict.fromkeys(["และ", "หรือ", "ใน", "เพื่อ", "ให้", "กับ", "โดย", "แด่", "ก็", "จะ", "จาก", "พ.ศ.", "ขึ้น"], ""),
    **dict.fromkeys(["ณ", "ผ่าน", "ปี", "ประจำ"], r"(?<=\s)"),
    "ที่": "(?<!พื้น)(?<!หน้า)(?<!สถาน)(?<!ผู้)(?<!เคลื่อน)(?<!ท้อง)(?<!เต็ม)",
    "ได้": "(?<!ราย)(?<!ดื่ม)",
    "ของ": "(?<!สิ่ง)",
    "เป็น": "(?<!จำ)",
    "แก่": "(?<!คน)",
    "ตาม": "(?<!ติด)",
}
_TAIL_MARKS = "-–—:,.\"“‘'+&"
_TAIL = re.compile(
    rf"(?:\s*(?:{'|'.join(guard + re.escape(word) for word, guard in _TAIL_WORDS.items())}|[{_TAIL_MARKS}]))+\s*$"
)
_TAIL_ENDS = (*_TAIL_WORDS, *_TAIL_MARKS)
_MARKER = re.compile(r"\s+\(?[\d๐-๙]{1,2}(?:[.)]+\s*$|$)")
_COUNTED = re.compile(r"\s+(?!25\d\d$)[\d๐-๙][\d๐-๙,]*\s*$")
_CHUNK = 22  # a slogan's parts are this short; after a longer part a space ends the name
_HALF = (4, 18)
_SECOND_HALF = re.compile(r"[^\s“”\"‘’'()]+(?: [\d๐-๙]{1,3} [^\s“”\"‘’'()]{1,12})?")  # ขอแยก 4 ถัง
_EDITION_AHEAD = re.compile(r"[^\s()“”\"]{4,40}\s{1,3}(?:ประจำปี|ปีงบประมาณ|ปีการศึกษา|รุ่นที่|ปี\s?['’‘]?[\d๐-๙])")
_BEFORE_EDITION = 110
_LATIN = re.compile(r"[A-Za-z]")
_JOINS = ("สู่", "และ", "ด้วย", "แบบ", "กับ", "หรือ", "-", "–", "“", '"', "‘", ":")
_ANOTHER = "โครงการ"
_ROYAL = "เฉลิมพระเกียรติ"
_DAY = re.compile(r"\s{0,3}[\d๐-๙]{1,2}\s{0,3}[ก-๙.]{3,12}\s{0,3}(?:25\d\d|๒๕[๐-๙]{2})")


@dataclass(frozen=True, slots=True)
class _End:
    length: int
    spaced: bool
    guards: tuple[str, ...]


@cache
def _ends() -> tuple[ahocorasick.Automaton, int]:
    data = read_data("project_words.toml")
    guards = [(g["end"], tuple(g["after"])) for g in data["guard"]]
    found: dict[str, _End] = {}
    for spaced, words in ((True, data["ends"]["spaced"]), (False, data["ends"]["anywhere"])):
        for word in words:
            after = tuple(w for end, ws in guards if word.startswith(end) for w in ws)
            known = found.get(word)
            if known is None or known.spaced:
                found[word] = _End(len(word), spaced, after)
    automaton = ahocorasick.Automaton()
    for word, end in found.items():
        automaton.add_word(word, end)
    automaton.make_automaton()
    return automaton, max(map(len, found))


@cache
def _carries_on() -> tuple[str, ...]:
    return tuple(read_data("project_words.toml")["ends"]["carries_on"])


@cache
def _inside() -> tuple[str, ...]:
    return tuple(read_data("project_words.toml")["ends"]["inside"])


def name_end(text: str, start: int, limit: int) -> int:
    """Where the unquoted name that begins at ``start`` ends; never beyond ``limit`` or its line."""
    limit = min(limit, start + LONGEST, len(text))
    another = text.find(_ANOTHER, start + 1, limit)
    if another > 0 and not text.endswith(_ends()[0].get(_ANOTHER).guards, start, another):
        limit = another  # the end word that matters most, looked up first: it keeps the window small
    fixed = _royal_end(text, start, limit)
    end = _soft_end(text, fixed, _hard_end(text, fixed, limit))
    number = _COUNTED.search(text, max(fixed, end - 10), end)
    if number and text.startswith(generic_words()["counted"], past_blanks(text, end)):
        end = number.start()
    marker = _MARKER.search(text, max(fixed, end - 7), end)
    if marker and (not text[end - 1].isdigit() or text.startswith((")", "."), end)):
        end = marker.start()  # the number of the list's next item
    end = _past_space(text, start, end)
    while text.endswith(_TAIL_ENDS, fixed, end):
        tail = _TAIL.search(text, max(fixed, end - 12), end)
        if tail is None or tail.start() <= fixed:
            break
        end = _past_space(text, start, tail.start())
    return end


def _past_space(text: str, start: int, end: int) -> int:
    """``end`` moved back over white space, not beyond ``start``."""
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _stop(text: str, start: int, limit: int) -> re.Match[str] | None:
    """What ``_STOP`` finds first: looked for where one of its first letters stands, which is far faster."""
    for letter in _STOP_LETTER.finditer(text, start, limit):
        if stop := _STOP.match(text, letter.start(), limit):
            return stop
    return None


def _hard_end(text: str, start: int, limit: int) -> int:
    """The first line end, bracket, closing mark, year or end word, whichever comes first."""
    window = start
    while stop := _stop(text, window, limit):
        gap = _ELLIPSIS.match(text, stop.start(), limit)
        if not gap:
            limit = stop.start()
            break
        window = gap.end()
    limit = _quote_end(text, start, limit)
    automaton, longest = _ends()
    best = limit
    carries, inside = _carries_on(), _inside()
    for last, end in automaton.iter(text[start:limit]):  # a slice: the automaton copies what it is given
        at = start + last - end.length + 1
        if at - longest > best:
            break
        if at <= start or at >= best:
            continue
        spaced = text[at - 1].isspace() or text[at - 1] in QUOTES
        if end.spaced and (not spaced or text.startswith(carries, at)):
            continue
        if text.startswith(inside, at) or (end.spaced and _goes_on(text, start, at, limit)):
            continue
        if end.guards and text.endswith(end.guards, start, at):
            continue
        best = at
    return best


@cache
def _slogan_verbs() -> tuple[str, ...]:
    return tuple(read_data("project_words.toml")["ends"]["slogan_verbs"])


def _goes_on(text: str, start: int, at: int, limit: int) -> bool:
    """Whether the name goes on with the word at ``at`` all the same, though a space stands before it."""
    if text.startswith(generic_words()["works"], at) and squeeze(text[start:at]) in generic_words()["whole"]:
        return True  # no more than a verb so far, and another (ส่งเสริม สนับสนุน และพัฒนา...)
    return _to_edition(text, at) or _rhymes(text, start, at, limit)


def _to_edition(text: str, at: int) -> bool:
    """Whether one more part begins at ``at`` that a year or number of edition ends: so it is the name's."""
    return text.startswith(_before_edition(), at) and _EDITION_AHEAD.match(text, at) is not None


@cache
def _before_edition() -> tuple[str, ...]:
    return tuple(read_data("project_words.toml")["ends"]["before_edition"])


def _rhymes(text: str, start: int, at: int, limit: int) -> bool:
    """Whether the word at ``at`` begins the second half of a slogan of two short halves (X Y, ลดโลกร้อน)."""
    if not text.startswith(_slogan_verbs(), at):
        return False
    first = text[start:at].strip()
    if any(c.isspace() for c in first) or not _HALF[0] <= len(first) <= _HALF[1]:
        return False
    half = _SECOND_HALF.match(text, at, limit)
    second = len(half[0]) if half else 0
    return 0.6 * len(first) <= second <= 1.6 * len(first)


def _royal_end(text: str, start: int, limit: int) -> int:
    """Where the royal occasion ends that is the whole name of a project, else ``start``.

    Only the birthday cycles (เฉลิมพระเกียรติ... เนื่องใน... 6 รอบ 28 กรกฎาคม 2567) hold an end word inside.
    """
    if not text.startswith(_ROYAL, start):
        return start
    occasion = text.find("เนื่องใน", start, min(limit, start + 120))
    cycle = text.find("รอบ", occasion, min(limit, occasion + 120)) if occasion > 0 else -1
    if cycle < 0 or "\n" in text[start:cycle]:
        return start
    day = _DAY.match(text, cycle + len("รอบ"), limit)
    return day.end() if day else cycle + len("รอบ")


def _quote_end(text: str, start: int, limit: int) -> int:
    """A mark that closes a quotation begun before the name ends the name; a short quotation is part of it."""
    at = start
    unclosed = False
    while mark := MARK.search(text, at, limit):
        at = mark.start()
        if not opens(text, at):
            return at
        shut = -1 if unclosed else closing(text, at + 1, min(limit, at + _QUOTED_PART))
        if shut < 0:
            unclosed = True
            at += 1  # never closed: as if it were not there
            continue
        rest = text[shut + 1 : shut + 24].lstrip()
        if not rest.startswith(_carries_on()):
            return shut
        at = shut + 1
    return limit


def _soft_end(text: str, start: int, end: int) -> int:
    """The space at which the name ends, where no end word shows it: after a long part, or before one."""
    if end - start <= _BEFORE_EDITION and EDITION.match(text, end):
        return end  # its year or number follows: all before it is the name
    part, last = start, end
    if end < len(text) and text[end] in QUOTES:  # the name ends with a quotation, which is not cut in two
        mark = MARK.search(text, start, end)
        last = mark.start() if mark else end
    for gap in _GAP.finditer(text, start, last):
        if gap.end() >= end:
            return gap.start()
        following = _GAP.search(text, gap.end(), end)
        next_end = following.start() if following else end
        if text[gap.start() - 1] == "ฯ" and not text.startswith(_carries_on(), gap.end()):
            return gap.start()
        before, after = gap.start() - part, next_end - gap.end()
        joined = text.startswith(_carries_on(), gap.end()) or text[gap.end()] in '-–“"‘(:'
        short = before <= _CHUNK and after <= _CHUNK + 4
        nominal = before <= _CHUNK and text.startswith("การ", gap.end())
        latin = bool(_LATIN.match(text, gap.end())) or text[gap.end()].isdigit()
        if not (
            joined
            or short
            or nominal
            or latin
            or text.endswith(_JOINS, start, gap.start())
            or _to_edition(text, gap.end())
        ):
            return gap.start()
        part = gap.end()
    return end
