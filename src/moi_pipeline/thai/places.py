"""Places named in a release: venue, subdistrict, district and province, one row for what stands together."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from moi_pipeline.thai.areas import Area, begins, find_areas
from moi_pipeline.thai.model import Place, Release
from moi_pipeline.thai.provinces import Province
from moi_pipeline.thai.venues import Venue, find_venues

_RANK = {"subdistrict": 0, "district": 1, "province": 2}
_GAP = re.compile(r"[ \t\u00a0]*,?[ \t\u00a0]*")
_BEFORE_AREAS = 70  # how far before its areas a venue without a cue may begin
_NUMBER = re.compile(r"[0-9๐-๙]+(?:/[0-9๐-๙]+)?\Z")
_VILLAGE_NUMBER = re.compile(r"(?:หมู่(?:ที่|บ้าน)?|ม\.)[0-9๐-๙]*\Z")


def find_places(release: Release) -> list[Place]:
    """All places in the text, ordered by span; they do not overlap."""
    text = release.text
    areas = find_areas(text)
    chains = _chains(text, areas)
    chain_at = {chain[0].start: chain for chain in chains}
    found: list[Place] = []
    covered = 0
    for venue in find_venues(text, areas):
        if venue.start < covered:
            continue
        gap = _GAP.match(text, venue.end)
        chain = chain_at.get(gap.end() if gap is not None else venue.end, ())
        if venue.end > venue.start or chain:
            found.append(_place(text, venue, chain, areas))
            covered = found[-1].span_end
    cued = [(place.span_start, place.span_end) for place in found]
    at = 0
    for chain in chains:
        start = chain[0].start
        while at < len(cued) and cued[at][1] <= start:
            at += 1
        if at < len(cued) and cued[at][0] <= start:
            continue
        free_from = cued[at - 1][1] if at else 0
        found.append(_place(text, _venue_before(text, start, free_from), chain, areas))
    found.sort(key=lambda place: place.span_start)
    return found


def _chains(text: str, areas: Sequence[Area]) -> list[tuple[Area, ...]]:
    """Areas that stand together from small to large (ตำบล อำเภอ จังหวัด). Those in offices' names are none."""
    chains: list[tuple[Area, ...]] = []
    chain: list[Area] = []
    for area in areas:
        if area.office:
            continue
        if chain:
            last = chain[-1]
            gap = _GAP.match(text, last.end)
            if _RANK[area.level] > _RANK[last.level] and gap is not None and gap.end() == area.start:
                chain.append(area)
                continue
            chains.append(tuple(chain))
        chain = [area]
    if chain:
        chains.append(tuple(chain))
    return chains


def _venue_before(text: str, start: int, free_from: int) -> Venue:
    """The venue that stands straight before its areas with no ณ or ที่ (วัดX หมู่ที่ 3 ตำบลY); else an empty one."""
    if not start or text[start - 1] not in " \t\u00a0":
        return Venue(start, start)
    farthest = max(start - _BEFORE_AREAS, free_from, 0)
    window_start = max(farthest, text.rfind("\n", farthest, start) + 1)
    begin = start
    at = start
    for _ in range(4):
        while at > window_start and text[at - 1] in " \t\u00a0":
            at -= 1
        left = max(text.rfind(" ", window_start, at), window_start - 1) + 1
        token = text[left:at]
        if not token or token[-1] in ",":
            break
        if begins("venues", "near_heads").at(token, 0) or _VILLAGE_NUMBER.match(token):
            begin = left
        elif not _NUMBER.match(token) and not begins("venues", "goes_on").at(token, 0):
            break  # neither a number (หมู่ 3) nor a part of a longer name (วัดX วรวิหาร)
        at = left
        if at <= window_start:
            break
    end = start
    while end > begin and text[end - 1] in " \t\u00a0":
        end -= 1
    # The first token may have been cut by the window: then its head was not a head.
    if begin > window_start or begin == 0 or text[begin - 1] in " \t\n\u00a0":
        return Venue(begin, end)
    return Venue(start, start)


def _place(text: str, venue: Venue, chain: Sequence[Area], areas: Sequence[Area]) -> Place:
    """One row for a venue and the areas after it; what these leave open, the venue's own name may tell."""
    start = venue.start if venue.end > venue.start else chain[0].start
    end = chain[-1].end if chain else venue.end
    within = _within(areas, venue) if venue.end > venue.start else ()
    subdistrict = district = None
    for area in (*chain, *within):
        if area.level == "subdistrict" and subdistrict is None:
            subdistrict = "".join(text[area.name_start : area.end].split())
        elif area.level == "district" and district is None:
            district = "".join(text[area.name_start : area.end].split())
    province = _province(chain) or _province(within)
    if district == "เมือง" and province is not None:
        district += province.name
    return Place(
        span_start=start,
        span_end=end,
        surface=text[start:end],
        venue=text[venue.start : venue.end] if venue.end > venue.start else None,
        subdistrict=subdistrict,
        district=district,
        province=province.name if province else None,
        province_code=province.code if province else None,
    )


def _within(areas: Sequence[Area], venue: Venue) -> Sequence[Area]:
    # A venue as long as its limit holds few areas, so stepping on from the first is cheap.
    first = last = bisect_left(areas, venue.start, key=_start)
    while last < len(areas) and areas[last].start < venue.end:
        last += 1
    return areas[first:last]


def _start(area: Area) -> int:
    return area.start


def _province(areas: Sequence[Area]) -> Province | None:
    """The province that the areas name; None where they name none, or more than one."""
    province: Province | None = None
    for area in areas:
        if area.province is not None:
            if province is not None and area.province is not province:
                return None
            province = area.province
    return province
