"""Places named in a release: venue, subdistrict, district and province, one row for what stands together."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter

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
        start, end = venue
        if start < covered:
            continue
        gap = _GAP.match(text, end)
        chain = chain_at.get(gap.end() if gap is not None else end, ())
        if end > start or chain:
            found.append(_place(text, venue, chain, areas))
            covered = found[-1].span_end
    cued = [(place.span_start, place.span_end) for place in found]
    cued.append((len(text), len(text)))
    at = free_from = 0
    for chain in chains:
        start = chain[0].start
        while cued[at][1] <= start:
            free_from = cued[at][1]
            at += 1
        if cued[at][0] > start:
            found.append(_place(text, _venue_before(text, start, free_from), chain, areas))
    found.sort(key=attrgetter("span_start"))
    return found


def _chains(text: str, areas: Sequence[Area]) -> list[list[Area]]:
    """Areas that stand together from small to large (ตำบล อำเภอ จังหวัด). Those in offices' names are none."""
    chains: list[list[Area]] = []
    last: Area | None = None
    for area in areas:
        if area.office:
            continue
        if (
            last is not None
            and _RANK[area.level] > _RANK[last.level]
            and _GAP.fullmatch(text, last.end, area.start)
        ):
            chains[-1].append(area)
        else:
            chains.append([area])
        last = area
    return chains


def _venue_before(text: str, start: int, free_from: int) -> Venue:
    """The venue that stands straight before its areas with no ณ or ที่ (วัดX หมู่ที่ 3 ตำบลY); else an empty one."""
    if not start or text[start - 1] not in " \t\u00a0":
        return start, start
    farthest = max(start - _BEFORE_AREAS, free_from, 0)
    window_start = max(farthest, text.rfind("\n", farthest, start) + 1)
    end = start
    while end > window_start and text[end - 1] in " \t\u00a0":
        end -= 1
    begin = start
    at = end
    for _ in range(4):
        left = max(text.rfind(" ", window_start, at), window_start - 1) + 1
        token = text[left:at]
        if not token or token[-1] == ",":
            break
        if begins("venues", "near_heads").at(token, 0) or _VILLAGE_NUMBER.match(token):
            begin = left
        elif not _NUMBER.match(token) and not begins("venues", "goes_on").at(token, 0):
            break  # neither a number (หมู่ 3) nor a part of a longer name (วัดX วรวิหาร)
        at = left
        if at <= window_start:
            break
        while at > window_start and text[at - 1] in " \t\u00a0":
            at -= 1
    if begin == start:
        return start, start
    # The first token may have been cut by the window: then its head was not a head.
    if begin > window_start or begin == 0 or text[begin - 1] in " \t\n\u00a0":
        return begin, end
    return start, start


def _place(text: str, venue: Venue, chain: Sequence[Area], areas: Sequence[Area]) -> Place:
    """One row for a venue and the areas after it; what these leave open, the venue's own name may tell."""
    start, end = venue
    name: str | None = None
    within: Sequence[Area] = ()
    if end > start:
        name = text[start:end]
        within = _within(areas, start, end)
    else:
        start = chain[0].start
    if chain:
        end = chain[-1].end
    subdistrict = district = None
    for area in (*chain, *within) if within else chain:
        if area.level == "subdistrict" and subdistrict is None:
            subdistrict = "".join(text[area.name_start : area.end].split())
        elif area.level == "district" and district is None:
            district = "".join(text[area.name_start : area.end].split())
    province = _province(chain) or _province(within)
    if province is None:
        return Place(start, end, text[start:end], name, subdistrict, district)
    if district == "เมือง":
        district += province.name
    return Place(start, end, text[start:end], name, subdistrict, district, province.name, province.code)


def _within(areas: Sequence[Area], start: int, end: int) -> Sequence[Area]:
    # A venue as long as its limit holds few areas, so stepping on from the first is cheap. A tuple of one number
    # sorts before all areas that begin there.
    first = last = bisect_left(areas, (start,))
    while last < len(areas) and areas[last].start < end:
        last += 1
    return areas[first:last]


def _province(areas: Sequence[Area]) -> Province | None:
    """The province that the areas name; None where they name none, or more than one."""
    province: Province | None = None
    for area in areas:
        if area.province is not None:
            if province is not None and area.province is not province:
                return None
            province = area.province
    return province
