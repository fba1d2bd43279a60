"""Counted amounts with their unit: people, money, organisations, areas, percentages and other things.

Left out, because they count nothing: dates, clock times, ages, anniversaries and durations, ordinals and
names with a number, telephone numbers, ranges (no single amount), and the site's own visitor counts.
"""

from __future__ import annotations

import re

from moi_pipeline.thai.digits import arabic
from moi_pipeline.thai.model import DateMention, Quantity, QuantityKind, Release
from moi_pipeline.thai.units import Units, units

# Runs of other characters are skipped as a whole: that is faster than searching for the next digit.
_NUMBERS = re.compile(r"[^0-9๐-๙]*([0-9๐-๙]*(?:[.,][0-9๐-๙]+)*)")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
_THAI = re.compile("[ก-๎]")
_AGED = re.compile(r"[0-9๐-๙][ \t\xa0]?ปี\Z")  # "อายุ 36 ปี 1 ราย": the year belongs to an age
_YEAR = re.compile(r"[2๒][4-6๔-๖][0-9๐-๙]{2}\Z")
_LONGEST = 20  # digits and separators of a number
_BLANKS = " \t\xa0"
_GAP = re.compile(r"[ \t\xa0]{0,3}(?:กว่า|เศษ)?[ \t\xa0]{0,2}")
_RANGE_AFTER = re.compile(r"[ \t\xa0]?[-–—+/:][ \t\xa0]?[0-9๐-๙]|[ \t\xa0]?ถึง[ \t\xa0]?[0-9๐-๙]")
_RANGE_BEFORE = re.compile(
    r"[0-9๐-๙][ \t\xa0]?(?:[-–—+/:,]|ถึง)[ \t\xa0]?\Z|[0-9๐-๙]\.[ \t\xa0]\Z|[-–+/:.A-Za-z]\Z"
)
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
_PERCENT_BEFORE = re.compile(r"ร้อยละ[ \t\xa0]{0,3}(?:ประมาณ|กว่า)?[ \t\xa0]{0,2}\Z")


def find_quantities(release: Release, dates: list[DateMention]) -> list[Quantity]:
    """All counted amounts of a release in the order of its text; what stands inside ``dates`` counts nothing."""
    text = release.text
    table = units()
    taken = sorted((mention.span_start, mention.span_end) for mention in dates)
    next_taken = 0
    found: list[Quantity] = []
    after = 0  # where the last quantity ends
    for match in _NUMBERS.finditer(text):
        start, end = match.span(1)
        if start == end or start < after or end - start > _LONGEST:
            continue
        while next_taken < len(taken) and taken[next_taken][1] <= start:
            next_taken += 1
        if next_taken < len(taken) and taken[next_taken][0] < end:
            continue
        quantity = _land(text, start) or _quantity(text, start, end, table)
        if quantity:
            found.append(quantity)
            after = quantity.span_end
    return found


def _quantity(text: str, start: int, end: int, table: Units) -> Quantity | None:
    """The quantity whose number is ``text[start:end]``."""
    at = _after_gap(text, end)
    scale = table.scale.match(text, at)
    factor = 1
    if scale:
        factor = table.scales[scale[1]]
        at = _after_gap(text, scale.end())
    spelt = table.pattern.match(text, at)
    unit = table.units.get(spelt[1]) if spelt else None
    if unit is None and factor == 1 and text.startswith("ม.", at):
        unit = "เมตร" if _before(text, start).endswith(table.lengths) else None
        unit_end = at + 2
    else:
        unit_end = spelt.end() if spelt else at
    if unit is None:
        percent = _percent(text, start, end)
        return percent or (_money(text, start, end, scale, table) if scale else None)
    value = _value(text[start:end])
    if value is None or not _counts(text, start, end, table):
        return None
    if unit in table.named_units and _names(text, start, unit_end, table):
        return None
    if unit == "ไร่":
        return _rai(text, start, unit_end, value * factor)
    if value == 1 and factor == 1 and (_SLOGAN.match(text, unit_end) or _slogan_before(text, start)):
        return None
    if _YEAR.match(text, start, end) and not _before(text, start).endswith(table.quantifiers):
        return None  # a year of the Buddhist Era before a word that also counts (2565 จังหวัด...)
    kind = _kind(text, start, unit, table)
    if kind is None:
        return None
    return Quantity(start, unit_end, text[start:unit_end], value * factor, unit, kind)


def _percent(text: str, start: int, end: int) -> Quantity | None:
    """A percentage after ร้อยละ."""
    before = _PERCENT_BEFORE.search(text, max(0, start - 24), start)
    value = _value(text[start:end])
    if before is None or value is None or _RANGE_AFTER.match(text, end):
        return None
    return Quantity(before.start(), end, text[before.start() : end], value, "%", "percent")


def _money(text: str, start: int, end: int, scale: re.Match[str], table: Units) -> Quantity | None:
    """Millions of money whose บาท is left out (งบประมาณกว่า 20 ล้าน)."""
    factor = table.scales[scale[1]]
    if factor < 1_000_000 or not any(noun in text[max(0, start - 30) : start] for noun in table.money_nouns):
        return None
    value = _value(text[start:end])
    if value is None or not _counts(text, start, end, table) or _THAI.match(text, scale.end()):
        return None
    return Quantity(start, scale.end(), text[start : scale.end()], value * factor, "บาท", "money")


def _names(text: str, start: int, unit_end: int, table: Units) -> bool:
    """Whether a unit is the first word of a name glued to it (15 จังหวัดสตูล), and counts nothing."""
    if not _THAI.match(text, unit_end) or text.startswith(table.after_count, unit_end):
        return False
    return not _before(text, start).endswith(table.quantifiers)


def _counts(text: str, start: int, end: int, table: Units) -> bool:
    """Whether a number with a unit after it counts: no ordinal, no part of a range or of a longer number."""
    if _RANGE_AFTER.match(text, end):
        return False
    window = text[max(0, start - 6) : start]
    if _RANGE_BEFORE.search(window) and not _ITEM_NUMBER.search(text, max(0, start - 12), start):
        return False
    before = _before(text, start)
    if (
        before.endswith(table.not_after)
        and not before.endswith(table.may_precede)
        and not _AGED.search(before)
    ):
        return False
    line = text.rfind("\n", max(0, start - 40), start) + 1
    site = table.site_counts.search(text, max(line, start - 30), start)
    if site is None:
        return True
    # "ผู้เข้าชม 77 ท่าน" alone on a line is the site's; "มีผู้เข้าชมงาน 500 คน" in a sentence is news.
    between = text[site.end() : start].replace("จำนวน", "").strip(" \t\xa0:")
    return bool(between) or (site.start() - line > 12 and not site[0].endswith(("มี", "ของ")))


def _kind(text: str, start: int, unit: str, table: Units) -> QuantityKind | None:
    """What a unit counts here: แห่ง and ราย may count organisations, รูป photographs."""
    kind = table.kinds[unit]
    if unit in ("แห่ง", "ราย"):
        before = text[max(0, start - 45) : start]
        noun = max((before.rfind(noun) for noun in table.organisation_nouns), default=-1)
        if noun >= 0 and "แห่ง" not in before[noun:] and (unit == "แห่ง" or len(before) - noun < 22):
            return "organisations" if unit == "แห่ง" else kind
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
    rai, ngan, wah = (float(arabic(part)) for part in match.groups())
    amount = rai + ngan / 4 + wah / 400
    return Quantity(start, match.end(), match[0], amount, "ไร่", "area")


def _rai(text: str, start: int, end: int, amount: float) -> Quantity:
    """An area in ไร่ with the งาน and ตารางวา that follow it, as ไร่."""
    for pattern, share in ((_NGAN, 4), (_WAH, 400)):
        match = pattern.match(text, end)
        if match:
            amount += float(arabic(match[1])) / share
            end = match.end()
    return Quantity(start, end, text[start:end], amount, "ไร่", "area")


def _value(number: str) -> float | None:
    """The number's value; None where its commas do not stand between thousands."""
    plain = arabic(number)
    return float(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else None


def _after_gap(text: str, at: int) -> int:
    match = _GAP.match(text, at)
    return match.end() if match else at


def _before(text: str, start: int) -> str:
    return text[max(0, start - 16) : start].rstrip(_BLANKS)


def _slogan_before(text: str, start: int) -> bool:
    """Whether a 1 stands before in the manner of "1 ตำบล 1 ผลิตภัณฑ์"."""
    return _SLOGAN_BEFORE.search(text, max(0, start - 36), start) is not None
