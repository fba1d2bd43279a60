"""Years: ปี 2563, พ.ศ. 2564, ปี'59, ปี 2561 – 62, ปีงบประมาณ 2565, ปีการศึกษา 2565, ปีใหม่ 2564."""

from __future__ import annotations

import re
from functools import cache

from moi_pipeline.thai.calendar_words import DASH, ERA_BE, ERA_CE, SP, N, facts, one_of, unit_pattern
from moi_pipeline.thai.dates_atoms import Atom, gregorian, in_address
from moi_pipeline.thai.model import Precision

# ปี and two figures: "ปี 66", "ปี'59", "ปีงบ 65", "ปีงบประมาณ พ.ศ. 66", "ปี 63/64".
_SHORT_YEAR = re.compile(
    rf"ปี{SP}(?:งบประมาณ|งบฯ?|การศึกษา|บัญชี|การผลิต|เพาะปลูก|ภาษี)?{SP}(?:{ERA_BE}{SP})?['’‘]?{SP}({N}{{2}})(?![0-9๐-๙%])"
)
_SHORT_YEAR_REACH = 80  # that pattern's longest match
_NOT_A_CALENDAR_YEAR = re.compile(rf"(?:{N}|สิบ|ร้อย|พัน|หลาย|ต่อ|ทุก|แต่ละ|กี่|สาม|สี่|ห้า|หก|สอง|ครบ|แรก|ราย){SP}\Z")

_ERA_BEFORE = re.compile(rf"(?:({ERA_BE})|({ERA_CE}))\Z")
# Right before the figures, an era's mark left out: "ปีงบประมาณ", "งบประมาณรายจ่ายประจำปี", "ปีงบฯ".
_FISCAL_BEFORE = re.compile(
    rf"(?:ปี{SP}(?:งบประมาณ|งบ|งปม\.?)(?:ฯ|รายจ่าย)?|งบ(?:ประมาณ)?(?:แผ่นดิน|รายจ่าย)?{SP}(?:ประจำ)?{SP}ปี|งบประมาณ)"
    rf"{SP}(?:ประจำปี|ปี)?\Z"
)
_ACADEMIC_BEFORE = re.compile(rf"ปี{SP}การศึกษา\Z")
_BLANK = " \t\xa0\n'’‘"
_NUMBER_BEFORE = re.compile(rf"{N}{SP}[/.,:]{SP}\Z|{N}{SP}{DASH}{SP}\Z")

_SECOND_YEAR = re.compile(rf"{SP}({DASH}|/|ถึง){SP}({N}{{2}})(?!{N}|[-/.,:]{N})")
_LINK = re.compile(rf"{SP}(?:{DASH}|/|,|และ|ถึง|จนถึง|กับ|หรือ|ต่อเนื่อง)?{SP}(?:ปี)?{SP}(?:{ERA_BE}|{ERA_CE})?{SP}")
_GLUED_BEFORE = frozenset("0123456789๐๑๒๓๔๕๖๗๘๙.,/:#@_=+-–(฿$&?%\\")


@cache
def _not_after() -> re.Pattern[str]:
    return re.compile(one_of(facts()["years"]["not_after"]) + rf"{SP}\Z")


@cache
def _meeting() -> re.Pattern[str]:
    return re.compile(one_of(facts()["years"]["meetings"]) + r"[^\n]{0,14}\Z")


@cache
def _unit() -> re.Pattern[str]:
    return re.compile(SP + unit_pattern())


def read_year(text: str, start: int, atoms: list[Atom]) -> Atom | None:
    """The year that four figures name, with a second one joined by a dash or stroke ("2561 – 62")."""
    number, end = int(text[start : start + 4]), start + 4
    before = text[max(0, start - 40) : start]
    mark, kind = _announced(before)
    year = gregorian(number, buddhist=mark)
    if year is None:
        return None
    after = text[end : end + 2]
    chained = _chained(text, start, atoms)
    if kind is None and chained is not None:
        kind = chained.precision
    cued = kind is not None or mark is not None
    if (after[:1] in _NUMBER_GOES_ON and after[1:].isdecimal()) and not (
        after[0] in "-/" and (cued or _YEAR_AGAIN.match(text, end)) and _SECOND_YEAR_ANY.match(text, end)
    ):
        return None
    if not cued and not _bare_year(text, before, start, end, number):
        return None
    if not cued and _unit().match(text, end):
        return None
    atom = Atom(start, end, kind or "year", year)
    second = _SECOND_YEAR.match(text, end)
    if second and int(second[2]) >= 30 and number >= 2400:
        last = number // 100 * 100 + int(second[2])
        near = 1 if second[1] == "/" else 20
        if 0 < last - number <= near and not _unit().match(text, second.end()):
            atom.joined = Atom(second.start(2), second.end(), atom.precision, last - 543)
            atom.end = second.end()
    return atom


_NUMBER_GOES_ON = frozenset(",.:/-")
_YEAR_AGAIN = re.compile(rf"{DASH}[12๑๒]{N}{{3}}(?!{N})|/[12๑๒]{N}{{3}}(?!{N})|/{N}{{2}}(?!{N})")
_SECOND_YEAR_ANY = re.compile(rf"[-/](?:{N}{{4}}|{N}{{2}})(?!{N})")


def _announced(before: str) -> tuple[bool | None, Precision | None]:
    """What the words right before the figures say: Buddhist Era or not, and the kind of year; None where nothing."""
    head = before.rstrip(_BLANK)
    mark: bool | None = None
    if head[-1:] in _ERA_ENDS and (era := _ERA_BEFORE.search(head)):
        mark = bool(era[1])
        head = head[: era.start()].rstrip(_BLANK)
    if "งบ" in head[-30:] or "งปม" in head[-8:]:
        if _FISCAL_BEFORE.search(head):
            return mark, "fiscal_year"
    elif head.endswith("การศึกษา") and _ACADEMIC_BEFORE.search(head):
        return mark, "academic_year"
    return mark, "year" if head.endswith("ปี") else None


_ERA_ENDS = frozenset(".ศช")


def _chained(text: str, start: int, atoms: list[Atom]) -> Atom | None:
    """The year right before this one, where only a dash, comma or และ stands between."""
    if not atoms or start - atoms[-1].end > 24 or atoms[-1].precision in ("day", "month"):
        return None
    return atoms[-1] if _LINK.fullmatch(text, atoms[-1].end, start) else None


def _bare_year(text: str, before: str, start: int, end: int, number: int) -> bool:
    """Whether four figures with no mark of era and no ปี before them name a year ("ปีใหม่ 2564", "Expo 2028")."""
    stripped = before.rstrip(" \xa0\t")
    # A round number counts something more often than it dates it; so do most Western-looking ones in Thai prose.
    buddhist = 2450 <= number <= 2620 and number % 100
    western = 2010 <= number <= 2040 or (
        1980 <= number <= 2060 and stripped[-1:].isascii() and stripped[-1:].isalpha()
    )
    if not buddhist and not western:
        return False
    if (before[-1:] in _GLUED_BEFORE and before[-1:] != "(") or _NUMBER_BEFORE.search(before):
        return False
    following = text[end : end + 1]
    if following.isalpha() and (following.isascii() or number < 2400):
        return False
    if stripped[-1:] in _GLUED_BEFORE and stripped[-1:] != "(":
        return False
    if not stripped or stripped[-1] == "\n":
        return False  # a line that begins with a number: a counter, a list, a table
    if _not_after().search(before):
        return False
    if number < 2400 and (_meeting().search(before) or stripped[-1] == "("):
        return False
    return not in_address(text, start, end)


def short_years(text: str, start: int) -> list[Atom]:
    """The year that two figures at ``start`` name after ปี, and those of a list that it begins."""
    cue = text.rfind("ปี", max(0, start - _SHORT_YEAR_REACH), start)
    found = _SHORT_YEAR.match(text, cue) if cue >= 0 else None
    if found is None or found.start(1) != start:
        return []
    end = found.end()
    number = int(found[1])
    if not 30 <= number <= 85 or _unit().match(text, end):
        return []
    if _NOT_A_CALENDAR_YEAR.search(text[max(0, cue - 12) : cue]):
        return []
    second = _SECOND_YEAR.match(text, end)
    if not second and text[end : end + 1] in _NUMBER_GOES_ON and text[end + 1 : end + 2].isdecimal():
        return []
    kind = _announced(text[max(0, start - 40) : start])[1] or "year"
    atom = Atom(start, end, kind, 1957 + number)
    if second and 0 < int(second[2]) - number <= (1 if second[1] == "/" else 20):
        if _unit().match(text, second.end()):
            return []
        atom.joined = Atom(second.start(2), second.end(), kind, 1957 + int(second[2]))
        atom.end = second.end()
    return [atom, *_more_short_years(text, atom, number)]


_ONE_MORE = re.compile(rf"{SP}(?:,|และ|กับ|หรือ){SP}(?:ปี{SP})?['’‘]?({N}{{2}})(?![0-9๐-๙%]|[.,:/-]{N})")


def _more_short_years(text: str, first: Atom, number: int) -> list[Atom]:
    """The years that follow one of two figures in a list: "ปี 66 และ 67"."""
    atoms: list[Atom] = []
    end = first.end
    while len(atoms) < 8 and (found := _ONE_MORE.match(text, end)):
        if not number < int(found[1]) <= number + 10 or _unit().match(text, found.end()):
            break
        number, end = int(found[1]), found.end()
        atoms.append(Atom(found.start(1), end, first.precision, 1957 + number))
    return atoms
