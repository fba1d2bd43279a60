"""Counted amounts with their unit: people, money, organisations, areas, percentages and other things.

Left out, because they count nothing: dates, clock times, ages, anniversaries and durations, ordinals and
names with a number, telephone numbers, ranges (no single amount), and the site's own visitor counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from moi_pipeline.thai.model import DateMention, Quantity, QuantityKind, Release
from moi_pipeline.thai.scan import digit_runs
from moi_pipeline.thai.units import Units, units

_THOUSANDS = re.compile(r"[0-9๐-๙]{1,3}(?:,[0-9๐-๙]{3})+(?:\.[0-9๐-๙]+)?")
_THAI = re.compile("[ก-๎]")
_AGED = re.compile(r"[0-9๐-๙][ \t\xa0]?ปี\Z")  # "อายุ 36 ปี 1 ราย": the year belongs to an age
_YEAR = re.compile(r"[2๒][4-6๔-๖][0-9๐-๙]{2}\Z")
_LONGEST = 20  # digits and separators of a number
_BLANKS = " \t\xa0"
_GAPS = frozenset(_BLANKS)
_GLUE = frozenset("-–—+/:,.")
_MAY_JOIN = _GAPS | _GLUE | {"ง"}  # the last letter of ถึง
_DIGITS = frozenset("0123456789๐๑๒๓๔๕๖๗๘๙")
_OF_PEOPLE = frozenset(("คน", "ท่าน", "ราย", "ครั้ง"))
_SCALE_FIRST = frozenset("รพหแล")
_RANGE_FIRST = frozenset("-–—+/:ถ")
_RANGE_AFTER = re.compile(r"[ \t\xa0]?[-–—+/:][ \t\xa0]?[0-9๐-๙]|[ \t\xa0]?ถึง[ \t\xa0]?[0-9๐-๙]")
_ITEM_NUMBER = re.compile(r"(?:^|\n)[ \t\xa0(]*[0-9๐-๙]{1,2}\.[ \t\xa0]\Z")
_SLOGAN = re.compile(r"[ก-๎]{0,25}[ \t\xa0]?[1๑][ \t\xa0]?[ก-ฮเ-ไ]")
_SLOGAN_BEFORE = re.compile(r"[1๑][ \t\xa0]?[ก-๎]{2,30}[ \t\xa0]?\Z")
_NGAN = re.compile(
    r"[ \t\xa0]{0,2}(?:กับ|และ)?[ \t\xa0]?([0-9๐-๙]{1,3}(?:\.[0-9๐-๙]+)?)[ \t\xa0]?งาน(?![ะ-ฺ็-๎])"
)
_WAH = re.compile(
    r"[ \t\xa0]{0,2}(?:กับ|และ)?[ \t\xa0]?([0-9๐-๙]{1,3}(?:\.[0-9๐-๙]+)?)[ \t\xa0]?(?:ตารางวา|ตร\.?ว\.?|วา)(?![ะ-ฺ็-๎])"
)
_HYPHENED_RAI = re.compile(r"([0-9๐-๙]{1,6})-([0-3๐-๓])-([0-9๐-๙]{1,2}(?:\.[0-9๐-๙]+)?)[ \t\xa0]{0,2}ไร่")
_PERCENT_GAP = re.compile(r"[ \t\xa0]{0,3}(?:ประมาณ|กว่า)?[ \t\xa0]{0,2}")


def find_quantities(release: Release, dates: list[DateMention]) -> list[Quantity]:
    """All counted amounts of a release in the order of its text; what stands inside ``dates`` counts nothing."""
    text = release.text
    table = units()
    taken = iter(sorted((mention.span_start, mention.span_end) for mention in dates))
    nowhere = (len(text), len(text) + 1)
    next_start, next_end = next(taken, nowhere)
    found: list[Quantity] = []
    after = 0  # where the last quantity ends
    for start, end in _numbers(text):
        while next_end <= start:
            next_start, next_end = next(taken, nowhere)
        if next_start < end or start < after or end - start > _LONGEST:
            continue
        quantity = (text.startswith("-", end) and _land(text, start)) or _quantity(text, start, end, table)
        if quantity:
            found.append(quantity)
            after = quantity.span_end
    return found


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    """The spans of all numbers, with the points and commas inside them."""
    runs = digit_runs(text)
    first = last = -2
    for start, end in runs:
        if start == last + 1 and text[last] in ".,":
            last = end
            continue
        if last > 0:
            yield first, last
        first, last = start, end
    if last > 0:
        yield first, last


def _quantity(text: str, start: int, end: int, table: Units) -> Quantity | None:
    """The quantity whose number is ``text[start:end]``."""
    scale, unit, unit_end = _unit(text, end, table)
    if unit is None and not scale and text.startswith(("ม.", " ม."), end):
        unit = "เมตร" if _before(text, start).endswith(table.lengths) else None
        unit_end = text.index("ม.", end) + 2
    if unit is None:
        return _percent(text, start, end) or (_money(text, start, end, table) if scale else None)
    value = _value(text[start:end])
    if value is None or not _counts(text, start, end, table):
        return None
    factor = table.scales[scale] if scale else 1
    if unit in table.named_units and _names(text, start, unit_end, table):
        return None
    if unit == "ไร่":
        return _rai(text, start, unit_end, value * factor)
    if value == 1 and not scale and (_SLOGAN.match(text, unit_end) or _slogan_before(text, start)):
        return None
    if (
        end - start == 4
        and _YEAR.match(text, start, end)
        and not _before(text, start).endswith(table.quantifiers)
    ):
        return None  # a year of the Buddhist Era before a word that also counts (2565 จังหวัด...)
    if unit in _OF_PEOPLE and _sites_own(text, start, table):
        return None
    kind = _kind(text, start, unit, table)
    return Quantity(start, unit_end, text[start:unit_end], value * factor, unit, kind)


def _unit(text: str, end: int, table: Units) -> tuple[str, str | None, int]:
    """The power of ten and the unit after a number that ends at ``end``, and where they end."""
    at = _skip(text, end)
    scale = ""
    first = text[at : at + 1]
    if first in _SCALE_FIRST and (match := table.scale.match(text, at)):
        scale = match[1]
        end = match.end()
        at = _skip(text, end)
        first = text[at : at + 1]
    pattern = table.by_first.get(first)
    if pattern and (match := pattern.match(text, at)) and (unit := table.units.get(match[0])):
        return scale, unit, match.end()
    return scale, None, end


def _skip(text: str, at: int) -> int:
    """``at`` moved on over blanks and a กว่า (300 กว่าคน)."""
    if text[at : at + 1] in _GAPS:
        at += 1
        if text[at : at + 1] in _GAPS:
            at += 1 + (text[at + 1 : at + 2] in _GAPS)
    if text.startswith(("กว่า", "เศษ"), at):
        at += 4 if text[at] == "ก" else 3
        at += text[at : at + 1] in _GAPS
    return at


def _percent(text: str, start: int, end: int) -> Quantity | None:
    """A percentage after ร้อยละ."""
    at = text.rfind("ร้อยละ", max(0, start - 20), start)
    if at < 0 or not _PERCENT_GAP.fullmatch(text, at + 6, start) or _RANGE_AFTER.match(text, end):
        return None
    value = _value(text[start:end])
    return None if value is None else Quantity(at, end, text[at:end], value, "%", "percent")


def _money(text: str, start: int, end: int, table: Units) -> Quantity | None:
    """Millions of money whose บาท is left out (งบประมาณกว่า 20 ล้าน)."""
    scale = table.scale.match(text, _skip(text, end))
    if scale is None or table.scales[scale[1]] < 1_000_000 or _THAI.match(text, scale.end()):
        return None
    before = text[max(0, start - 30) : start]
    value = _value(text[start:end])
    if (
        value is None
        or not any(noun in before for noun in table.money_nouns)
        or not _counts(text, start, end, table)
    ):
        return None
    amount = value * table.scales[scale[1]]
    return Quantity(start, scale.end(), text[start : scale.end()], amount, "บาท", "money")


def _names(text: str, start: int, unit_end: int, table: Units) -> bool:
    """Whether a unit is the first word of a name (15 จังหวัดสตูล, ถนน 21 อำเภอเมือง), and counts nothing."""
    before = _before(text, start)
    if before.endswith(table.not_before_names):
        return True
    if not _THAI.match(text, unit_end) or text.startswith(table.after_count, unit_end):
        return False
    return not before.endswith(table.quantifiers)


def _counts(text: str, start: int, end: int, table: Units) -> bool:
    """Whether a number with a unit after it counts: no ordinal, no part of a range or of a longer number."""
    following = text[end : end + 2].lstrip(_BLANKS)[:1]
    if following in _RANGE_FIRST and _RANGE_AFTER.match(text, end):
        return False
    if _continues_a_number(text, start):
        return False
    before = _before(text, start)
    if not before.endswith(table.not_after.get(before[-1:], ())):
        return True
    return before.endswith(table.may_precede) or _AGED.search(before) is not None


def _continues_a_number(text: str, start: int) -> bool:
    """Whether a number is the second part of a range, a decimal with a blank, a code (PM2.5, โควิด-19, 3+320)."""
    last = text[start - 1 : start]
    if last not in _GAPS:
        return last in _GLUE or (last.isascii() and last.isalpha())
    if text[start - 2 : start - 1] not in _MAY_JOIN:
        return False  # most numbers follow a word and one blank
    before = text[max(0, start - 8) : start].rstrip(_BLANKS)
    if before.endswith("ถึง"):
        return before[-4:-3] in _DIGITS or before[-5:-3].strip() in _DIGITS
    if before[-1:] not in _GLUE or not before[:-1].rstrip(_BLANKS)[-1:].isdigit():
        return False
    return before[-1] != "." or _ITEM_NUMBER.search(text, max(0, start - 12), start) is None


def _sites_own(text: str, start: int, table: Units) -> bool:
    """Whether people or times are counted by the site: its visitors, those in its photographs."""
    line = text.rfind("\n", max(0, start - 60), start) + 1
    site = table.site_counts.search(text, max(line, start - 30), start)
    if site is None:
        return False
    between = text[site.end() : start].replace("จำนวน", "").strip(_BLANKS)
    if site[0] in table.site_sentences or between == ":":
        return not between.strip(":")
    # "ผู้เข้าชม 77 ท่าน" alone on a line is the site's; "มีผู้เข้าชม 500 คน" in a sentence is news.
    return not between and 0 <= site.start() - line <= 12


def _kind(text: str, start: int, unit: str, table: Units) -> QuantityKind:
    """What a unit counts here: แห่ง and ราย may count organisations, รูป photographs."""
    kind = table.kinds[unit]
    if unit == "แห่ง":
        before = text[max(0, start - 45) : start]
        noun = max([before.rfind(noun) for noun in table.organisation_nouns])
        if noun >= 0 and "แห่ง" not in before[noun:]:
            return "organisations"
    if unit == "รูป" and text[max(0, start - 15) : start].rstrip(_BLANKS + "จำนวน").endswith(
        table.photographs
    ):
        return "other"
    return kind


def _land(text: str, start: int) -> Quantity | None:
    """An area written ไร่-งาน-ตารางวา with hyphens (3-2-50 ไร่)."""
    match = _HYPHENED_RAI.match(text, start)
    if match is None:
        return None
    rai, ngan, wah = (float(part) for part in match.groups())
    amount = rai + ngan / 4 + wah / 400
    return Quantity(start, match.end(), match[0], amount, "ไร่", "area")


def _rai(text: str, start: int, end: int, amount: float) -> Quantity:
    """An area in ไร่ with the งาน and ตารางวา that follow it, as ไร่."""
    for pattern, share in ((_NGAN, 4), (_WAH, 400)):
        match = pattern.match(text, end)
        if match:
            amount += float(match[1]) / share
            end = match.end()
    return Quantity(start, end, text[start:end], amount, "ไร่", "area")


def _value(number: str) -> float | None:
    """The number's value; None where its commas do not stand between thousands."""
    if "," in number:
        if not _THOUSANDS.fullmatch(number):
            return None
        number = number.replace(",", "")
    return float(number) if number.count(".") < 2 else None  # float reads Thai digits too


def _before(text: str, start: int) -> str:
    return text[max(0, start - 16) : start].rstrip(_BLANKS)


def _slogan_before(text: str, start: int) -> bool:
    """Whether a 1 stands before in the manner of "1 ตำบล 1 ผลิตภัณฑ์"."""
    return _SLOGAN_BEFORE.search(text, max(0, start - 36), start) is not None
