"""Which office a position is: its key, its organisation and its province."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from moi_pipeline.thai.lexicon import any_of, load_table
from moi_pipeline.thai.position_words import acting_pattern
from moi_pipeline.thai.provinces import Province, province_at, province_named

_AREA = re.compile(r"จังหวัด|จ\.")
_TOWNS = re.compile(r"(?:นคร|เมือง|อำเภอเมือง)?")
_PREFIX = re.compile(r"(?:ท่าน|ว่าที่|ตำแหน่ง)*")


@dataclass(frozen=True, slots=True)
class Office:
    """What a position says: the office's key in ``data/offices.toml``, its organisation and its province."""

    key: str | None
    organisation: str | None
    province_code: str | None
    acting: bool


@cache
def _forms() -> dict[str, dict[str, Any]]:
    return {form: office for office in load_table("offices")["office"] for form in office["forms"]}


@cache
def _form_pattern() -> re.Pattern[str]:
    return re.compile(any_of(_forms()))


@cache
def _organisations() -> re.Pattern[str]:
    return re.compile(any_of(load_table("offices")["organisations"]["words"]))


@lru_cache(maxsize=1 << 15)  # the same posts stand in many releases
def office_of(position: str) -> Office:
    """The office that ``position`` (as written) names.

    Where somebody stands in for another, the office is the one he acts in.
    """
    acting = acting_pattern().search(position)
    if acting is not None:
        acted = _office(position[acting.end() :].strip())
        own = _office(position[: acting.start()].strip())
        best = acted if acted[0] or not own[0] else own
        return Office(*best, acting=True)
    return Office(*_office(position), acting=False)


def _office(position: str) -> tuple[str | None, str | None, str | None]:
    squeezed = "".join(position.split())
    start = _PREFIX.match(squeezed).end()  # type: ignore[union-attr]
    form = _form_pattern().match(squeezed, start)
    province = _province(squeezed)
    if form is None:
        return None, _organisation(position), province.code if province else None
    office = _forms()[form[0]]
    rest = squeezed[form.end() :]
    own = _own_province(office, rest) or province
    template: str | None = office.get("organisation")
    organisation = _organisation(position)
    if template is not None and (own is not None or office.get("area") != "rest" or not rest):
        name = own.name if own is not None and office.get("area") == "rest" else rest
        organisation = template.format(name) if name or "{}" not in template else None
    return office["key"], organisation, office.get("province") or (own.code if own else None)


def _own_province(office: dict[str, Any], rest: str) -> Province | None:
    """The province that the rest of a position begins with, where the office's area is one or is named for one."""
    area = office.get("area")
    if area is None:
        return None
    start = _TOWNS.match(rest).end() if area == "town" else 0  # type: ignore[union-attr]
    named = _AREA.match(rest, start)
    found = province_at(rest, named.end() if named else start, nicknames=area == "rest")
    if found is None:
        return None
    # เทศบาลตำบลน่านใต้ lies anywhere; only a whole province's name tells where.
    whole = found[1] == len(rest) or not re.match(r"[ก-ฮะ-ฺเ-๎]", rest[found[1]])
    return found[0] if whole or area == "rest" else None


def _province(squeezed: str) -> Province | None:
    """The province that a position names outright."""
    for area in _AREA.finditer(squeezed):
        found = province_at(squeezed, area.end())
        if found is not None:
            return found[0]
    return province_named("กรุงเทพมหานคร") if "กรุงเทพมหานคร" in squeezed else None


def _organisation(position: str) -> str | None:
    found = _organisations().search(position)
    if found is None:
        return None
    return " ".join(position[found.start() :].partition("(")[0].split())
