"""Dates written with a month's name: days before it, a year after it."""

from __future__ import annotations

import re
from functools import cache

from moi_pipeline.thai.calendar_words import (
    DASH,
    ERA_BE,
    ERA_CE,
    SP,
    MonthWord,
    N,
    month_words,
    unit_pattern,
    weekday_names,
    weekday_pattern,
)
from moi_pipeline.thai.dates_atoms import Atom, gregorian, in_address, real_date

# The farthest that the first of several days may stand before its month: "วันจันทร์ที่ 27 – วันพุธที่ 29 มีนาคม".
_BEFORE = 90
_AFTER = 36


@cache
def _days_before() -> re.Pattern[str]:
    """Days' numbers at the end of a window: "5 ", "8 -9 ", "1, 3 และ 5 ", "วันจันทร์ที่ 27 – วันพุธที่ 29 "."""
    link = rf"(?:{DASH}|ถึง|จนถึง|ไปจนถึง|,|และ|กับ|หรือ)"
    again = rf"(?:(?:วัน{SP})?{weekday_pattern()}?{SP}ที่|ที่)?"
    # It begins with a figure, as _ONE_DAY does, so that it is quickly found.
    return re.compile(
        rf"({N}(?<!{N}{N})(?<!{N}[.,/:].){N}?(?:{SP}{link}{SP}{again}{SP}{N}{{1,2}}){{0,12}})"
        rf"(?:{SP}[.]?{SP}|{SP}\n{SP})(?:เดือน{SP})?\Z"
    )


# The common case, one number right before the month, tried first.
_ONE_DAY = re.compile(rf"({N}(?<!{N}{N})(?<!{N}[.,/:].){N}?){SP}\Z")

_STRAY = "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]?"


@cache
def _year_after() -> re.Pattern[str]:
    """What may stand between a month and its year, and the year: groups BE mark, CE mark, figures."""
    # A stray vowel sign or the letter ง for the last point are slips met in releases ("มิ.ย.ุ60", "พ.คง62").
    return re.compile(
        rf"{_STRAY}[.,ง]?{_STRAY}(?:{SP}|{SP}\n)[.,]?{SP}(?:(?:ของ)?{SP}ปี{SP})?"
        rf"(?:({ERA_BE})|({ERA_CE}))?{SP}['’‘]?({N}{{2,6}})(?!{N})"
    )


_TOKEN = re.compile(rf"{N}+|{DASH}|ถึง|,|และ|กับ|หรือ")
_MINUTES = re.compile(rf"[.:]{N}{{2}}")
_DECIMAL = re.compile(rf"[.,]{N}(?!{N}?[.:]{N})")
_ORDINAL = re.compile(rf"(?:ครั้ง|รุ่น|หมู่|ฉบับ|ข้อ|ชุด|ระยะ|สัปดาห์|ปี|ภาค|ช่วง|ชั้น|กลุ่ม)(?:ที่)?{SP}\Z")
_POINTED_AT = re.compile(rf"{SP}(?:นี้|ที่ผ่านมา|ที่จะถึง|ที่แล้ว|ศกนี้)")
_BEFORE_MONTH = re.compile(rf"(?:เดือน|ต้น|กลาง|ปลาย|ภายใน|สิ้น){SP}\Z")
# "นพ.คำ", "ต.คลอง", "ก.พ.ร.": what looks like a dotted month is part of something longer.
_GOES_ON = re.compile(rf"(?!ง{SP}{N}{{2}})[ก-ฮะ-ฺเ-๎]|\.(?!พ\.?{SP}ศ|ค\.?{SP}ศ\.?{SP}{N}|น\.|ณ)[ก-ฮ]\.")
_GLUED_BEFORE = re.compile(
    r"[ก-๎](?<!เดือน)(?<!ช่วง)(?<!ระหว่าง)(?<!ต้น)(?<!กลาง)(?<!ปลาย)(?<!สิ้น)(?<!ถึง)(?<!และ)(?<!ใน)\Z"
    rf"|(?<!{N})\.\Z"
)


@cache
def _unit_next() -> re.Pattern[str]:
    return re.compile(SP + unit_pattern())


def find_month_dates(text: str) -> tuple[list[Atom], list[tuple[int, int]]]:
    """Atoms of all dates with a month's name, and all spans that such dates, impossible ones too, take up."""
    atoms: list[Atom] = []
    taken: list[tuple[int, int]] = []
    floor = 0
    for word in month_words(text):
        if word.form in ("bare", "short") and not _stands_between_figures(text, word):
            continue
        found = _read_one(text, word, floor, atoms)
        if found:
            taken.append(found)
            floor = found[1]
    return atoms, taken


def _stands_between_figures(text: str, word: MonthWord) -> bool:
    """Whether what follows agrees with a day's number before: figures, or after a short name no more letters."""
    if word.form == "short":
        return text[word.end : word.end + 1] not in _THAI_JOINERS
    after = text[word.end : word.end + 4].lstrip(" .\xa0")
    return bool(after) and after[0].isdecimal()


_THAI_JOINERS = frozenset(chr(c) for c in range(0x0E01, 0x0E4F)) - {"น", "ท"}


def _read_one(text: str, word: MonthWord, floor: int, atoms: list[Atom]) -> tuple[int, int] | None:
    """Reads days and year around one month's name; appends the atoms, gives the span used up."""
    start, name_end, month, form = word
    dotted = form == "dotted"
    if dotted and (_GOES_ON.match(text, name_end) or _GLUED_BEFORE.search(text[max(0, start - 8) : start])):
        return None
    if text[start - 1 : start] in _STROKES and (tabular := _read_tabular(text, word)):
        atoms.append(tabular)
        return (tabular.start, tabular.end)
    year, end = _read_year(text, name_end)
    if year is None and dotted and text.startswith(".", name_end):
        end = name_end + 1
    low = floor if floor > start - _BEFORE else max(0, start - _BEFORE)
    window = text[low:start]
    days = _ONE_DAY.search(window, max(0, len(window) - 6))
    if days is None or _maybe_more(window[: days.start()]):
        days = _days_before().search(window) or days
    if days is not None:
        span_start = low + days.start(1)
        made = _day_atoms(text, (span_start, days[1]), month, year, end)
        if made is not None:
            atoms.extend(made)
            return (span_start, end)
    if form in ("bare", "short") or (dotted and year is None and end == name_end):
        return None
    weak = year is None and not _BEFORE_MONTH.search(window[-10:]) and not _POINTED_AT.match(text, end)
    atoms.append(Atom(start, end, "month", year, month, weak=weak, year_given=year is not None))
    return (start, end)


_STROKES = frozenset("-/")
_TABULAR_DAY = re.compile(rf"(?<!{N})(?<!{N}[-/.])({N}{{1,2}})[-/]\Z")
_TABULAR_YEAR = re.compile(rf"\.?[-/]({N}{{4}}|{N}{{2}})(?!{N})")


def _read_tabular(text: str, word: MonthWord) -> Atom | None:
    """A day as spreadsheets write it: "5-มี.ค.-66"."""
    day, year = (
        _TABULAR_DAY.search(text, max(0, word.start - 6), word.start),
        _TABULAR_YEAR.match(text, word.end),
    )
    if not day or not year or in_address(text, day.start(), year.end()):
        return None
    western = gregorian(int(year[1]))
    if western is None or real_date(western, word.month, int(day[1])) is None:
        return None
    return Atom(day.start(), year.end(), "day", western, word.month, int(day[1]))


def _maybe_more(before: str) -> bool:
    """Whether the day's number that follows may be the last of several."""
    before = before.rstrip(_BLANKS)
    if before.endswith("ที่"):
        before = before[:-3].rstrip(_BLANKS)
        word = before.rfind("วัน", max(0, len(before) - 16))
        if word >= 0 and (before.endswith("วัน") or before[word + 3 :].lstrip(_BLANKS) in weekday_names()):
            before = before[:word].rstrip(_BLANKS)
    return before[-1:] in _link_ends() and _FIGURE.search(before, max(0, len(before) - 45)) is not None


_FIGURE = re.compile(N)
_BLANKS = " \t\xa0"


@cache
def _link_ends() -> frozenset[str]:
    """The last letters of dashes, commas, ถึง, และ, กับ, หรือ, and of a weekday before a further day."""
    return frozenset("-‐‑‒–—―−~,งะบอ").union(name[-1] for name in weekday_names())


def _read_year(text: str, at: int) -> tuple[int | None, int]:
    """The Gregorian year that follows a month's name, and where its figures end; None, ``at`` where none does."""
    if plain := _PLAIN_YEAR.match(text, at):
        number = int(plain[1])
        if 2400 <= number <= 2699:
            return number - 543, plain.end()
    limit = at + _AFTER
    found = _year_after().match(text, at, limit)
    if not found:
        return None, at
    figures, end = found[3], found.end(3)
    number = int(figures)
    mark = True if found[1] else False if found[2] else None
    year = None
    if len(figures) != 4 and "\n" in found[0]:
        return None, at
    if len(figures) == 2:
        if not _DECIMAL.match(text, end, limit) and not _unit_next().match(text, end, limit):
            year = gregorian(number)
    elif len(figures) == 3:  # "11 มิ.ย.564": the 2 is lost, no other year can be meant
        year = gregorian(2000 + number) if 500 <= number <= 599 else None
    elif len(figures) == 4:
        year = gregorian(number, buddhist=mark)
        if not year and _MINUTES.match(text, end, limit) and (year := gregorian(int(figures[:2]))):
            end -= 2  # "30 ส.ค.6210.00 น.": the time is glued to the year
        if not year and mark is False:
            year = gregorian(number)  # "ค.ศ. 2565" can only be พ.ศ.
    return (year, end) if year else (None, at)


# The common case, tried first: "มีนาคม 2566", "มี.ค. 2566", "มีนาคม พ.ศ. 2566".
_PLAIN_YEAR = re.compile(rf"\.? ?(?:พ\.ศ\. ?)?({N}{{4}})(?!{N})")


def _runs(group: str) -> list[list[tuple[int, int, int]]]:
    """The days of "1, 3 และ 5-8" as start, end and number; days that a dash joins are one run."""
    runs: list[list[tuple[int, int, int]]] = []
    dashed = False
    for found in _TOKEN.finditer(group):
        token = found[0]
        if not token[0].isdecimal():
            dashed = token == "ถึง" or token[0] not in ",แกห"
            continue
        if dashed:
            runs[-1].append((found.start(), found.end(), int(token)))
        else:
            runs.append([(found.start(), found.end(), int(token))])
        dashed = False
    return runs


def _day_atoms(text: str, days: tuple[int, str], month: int, year: int | None, end: int) -> list[Atom] | None:
    """An atom for each day or range of days that share the month; None where the numbers are no days."""
    at, group = days
    if group.isdecimal():
        day = int(group)
        if day > 31:
            return None
        # Whether 29 February is a day depends on a year that may be found later: any leap year allows it.
        if not day or real_date(year or 2000, month, day) is None:
            return []
        return [Atom(at, end, "day", year, month, day, year_given=year is not None)]
    runs = _runs(group)
    if runs[-1][-1][2] > 31:
        return None
    if len(runs) > 1 and _ORDINAL.search(text[max(0, at - 12) : at]):
        runs = runs[1:]  # "รุ่นที่ 2, 5 มีนาคม": a batch's number and a day
    atoms = []
    for place, run in enumerate(runs):
        last_run = place == len(runs) - 1
        first, last = run[0], run[-1]
        if len(run) > 1 and first[2] >= last[2]:
            first = last  # "30 - 2 ตุลาคม": the first day's month is lost
        if not first[2] or real_date(year or 2000, month, last[2]) is None:
            continue
        atoms.append(
            Atom(
                at + first[0],
                end if last_run else at + last[1],
                "day",
                year,
                month,
                first[2],
                last[2] if last[2] != first[2] else None,
                year_given=year is not None,
            )
        )
    return atoms
