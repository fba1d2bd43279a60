"""What in a release speaks for which province: offices, posts and places, by where they stand.

Words and weights stand in ``data/province.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from moi_pipeline.thai.areas import Area, find_areas, is_letter
from moi_pipeline.thai.lead import Lead
from moi_pipeline.thai.lexicon import load_table
from moi_pipeline.thai.provinces import Province, province_at, provinces
from moi_pipeline.thai.scan import Lexicon

_BETWEEN = re.compile(r"[ \t]*(?:,|และ|กับ|/|หรือ|-|–)?[ \t]*\Z")
_DATELINE = re.compile(r"[ \t]*(?:[-–—:/]|\.\.+|…|!+|\))")
_OPENING = re.compile(r"[ \t]*[(“\"]?(?:จังหวัด|จ\.)?")
_LAST_LINES = 300
_OPENS = 120  # an area so near the lead's beginning is its subject
_BANGKOK = "TH-10"
# "all provinces and Bangkok" is everywhere
_EVERYWHERE = re.compile(
    r"(?:จังหวัด|ทั่วประเทศ|ภูมิภาค)[ \t]*(?:และ|/|,|รวมถึง|รวมทั้ง)[ \t]*(?:ใน|พื้นที่|ผู้ว่าราชการ|ผู้ว่าการ|ผู้อำนวยการ|ปลัด)*\Z"
)


class Evidence(NamedTuple):
    """Something that speaks for a province with a weight: an area's name, or a head with one, at the span."""

    start: int
    end: int
    province: Province
    weight: float


def settings() -> dict[str, Any]:
    """``data/province.toml`` as it stands."""
    return load_table("province")


def weights() -> dict[str, float]:
    """The weights of ``data/province.toml``."""
    table: dict[str, float] = settings()["weights"]
    return table


@cache
def _words(key: str) -> tuple[str, ...]:
    return tuple(sorted(settings()[key], key=len, reverse=True))


@cache
def _former() -> tuple[str, ...]:
    return tuple(word + "ผู้ว่าราชการ" for word in settings()["former"])


def listed(text: str, end: int, start: int) -> bool:
    """Whether ``text[end:start]`` only joins two names of one list (เลย หนองคาย และน่าน)."""
    return 0 <= start - end <= 12 and _BETWEEN.match(text, end, start) is not None


def find_evidence(text: str, lead: Lead) -> list[Evidence]:
    """All evidence of the text, ordered by where the name ends; a name counts once, at its highest."""
    found: dict[int, Evidence] = {}
    governed: set[str] = set()
    for evidence in (
        *_areas(text, lead, governed),
        *_headed(text, lead, governed),
        *_dateline(text, lead),
        *_bare(text, lead),
    ):
        weighed = evidence if evidence.province.code != _BANGKOK else _bangkok(text, lead, evidence)
        known = found.get(weighed.end)
        if weighed.weight and (known is None or weighed.weight > known.weight):
            found[weighed.end] = weighed
    return [found[end] for end in sorted(found)]


def _bangkok(text: str, lead: Lead, evidence: Evidence) -> Evidence:
    """Evidence for Bangkok with the weight that it keeps. Bangkok is named in releases about everywhere and
    nowhere: the government sits there, and "all provinces and Bangkok" is the whole country.
    """
    if _EVERYWHERE.search(text, max(evidence.start - 40, 0), evidence.start):
        return evidence._replace(weight=0.0)
    opens = evidence.start - lead.start < _OPENS
    return evidence if opens else evidence._replace(weight=evidence.weight * weights()["bangkok"])


def _areas(text: str, lead: Lead, governed: set[str]) -> Iterator[Evidence]:
    for group in _groups(text):
        for area in group:
            if area.province is not None:
                weight = _area_weight(text, area, lead, governed) / len(group)
                yield Evidence(area.start, area.end, area.province, weight)


def _groups(text: str) -> Iterator[list[Area]]:
    """Areas with a province; those of one list are one group."""
    group: list[Area] = []
    for area in find_areas(text):
        if area.province is None:
            continue
        if group and listed(text, group[-1].end, area.start):
            if all(area.province is not other.province for other in group):
                group.append(area)
            continue
        if group:
            yield group
        group = [area]
    if group:
        yield group


def _area_weight(text: str, area: Area, lead: Lead, governed: set[str]) -> float:
    before = area.start
    farthest = max(before - 40, 0)
    while before > farthest and text[before - 1] in " \t":
        before -= 1
    governor = text.endswith(("ผู้ว่าราชการ", "ผู้ว่ารายการ"), farthest, before)
    if governor and text.endswith(_former(), farthest, before):
        return 0.0
    if area.office and text.startswith(
        _words("elsewhere"), area.end + (text[area.end : area.end + 1] == " ")
    ):
        return 0.0
    w = weights()
    if area.start < lead.start:
        return w["title_governor"] if governor else w["title"]
    if area.start >= lead.end:
        return w["byline"] if area.office and area.start > len(text) - _LAST_LINES else w["rest"]
    if governor:
        return _governor_weight(governed)
    if area.office:
        return w["lead_office"]
    opens = area.start - lead.start < _OPENS
    weight = (
        w["lead_ground"] if opens or text.endswith(_words("ground"), farthest, before) else w["lead_place"]
    )
    return weight if area.start < lead.opening else weight * w["later"]


def _governor_weight(governed: set[str]) -> float:
    """The first governor of the lead weighs most: the release is his."""
    first = not governed
    governed.add("governor")
    return weights()["lead_first_governor" if first else "lead_governor"]


# Heads of governors, numbered from 0, and of offices, from 100.
_OFFICES = 100
_HEADS = Lexicon(
    lambda: {
        word: number
        for kind, first in (("governor", 0), ("office", _OFFICES))
        for number, word in enumerate(_words(kind), first)
    }
)


def _headed(text: str, lead: Lead, governed: set[str]) -> Iterator[Evidence]:
    """Provinces after a head with no จังหวัด between: ผู้ว่าฯ ตรัง, พ่อเมืองสองแคว, เทศบาลนครขอนแก่น."""
    w = weights()
    heads = [(number, at, end) for at, end, number in _HEADS.hits(text) if end <= lead.end]
    for number, at, head_end in sorted(heads):
        if text.startswith(_words("not_heads"), at):
            continue
        end = head_end
        while end < len(text) and text[end] in " \t.ฯ":
            end += 1
        hit = province_at(text, end, nicknames=True)
        if hit is None or (hit[0].plain_word and is_letter(text, hit[1])):
            continue
        governor = number < _OFFICES
        if at < lead.start:
            weight = w["title_governor"] if governor else w["title"]
        else:
            weight = _governor_weight(governed) if governor else w["lead_office"]
        yield Evidence(at, hit[1], hit[0], weight)


def _dateline(text: str, lead: Lead) -> Iterator[Evidence]:
    """A province's name that opens a line of the title or the lead: "นครนายก - วันนี้ …"."""
    start = 0
    while start < lead.end:
        opening = _OPENING.match(text, start)
        hit = province_at(text, start if opening is None else opening.end())
        if hit is not None and _DATELINE.match(text, hit[1]):
            yield Evidence(start, hit[1], hit[0], weights()["dateline"])
        newline = text.find("\n", start)
        if newline < 0:
            return
        start = newline + 1


def _names() -> dict[str, Province]:
    names = {}
    for province in provinces():
        if not province.plain_word:
            for name in (province.name, *(s for s in province.spellings if len(s) >= 6 or s.endswith("ฯ"))):
                names[name] = province
    return names


_NAMES = Lexicon(_names)


def _bare(text: str, lead: Lead) -> Iterator[Evidence]:
    """Names that stand alone in the title and the lead. They weigh little: many are parts of other names."""
    w = weights()
    for start, end, province in _NAMES.longest(text, lead.end):
        if text[start - 2 : start] != "ณ ":
            yield Evidence(start, end, province, w["title_bare" if start < lead.start else "lead_bare"])
