"""The province in which a release's event took place."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from moi_pipeline.thai.lead import Lead, find_lead, is_dated
from moi_pipeline.thai.model import OfficialMention, Place, Release
from moi_pipeline.thai.province_evidence import find_evidence, listed, settings, weights
from moi_pipeline.thai.provinces import Province, province_coded, province_named

_EXAMPLE = re.compile(r"อาทิ|เช่น|ได้แก่")  # the first of many places
_DAY_BEFORE = re.compile(r"เมื่อวันที่[^\n]{3,40}\Z")
# ที่ is mostly another word: the venue's stands after a time or a date, or opens a line
_TIMED_IN = re.compile(r"(?:(?:น\.|[)0-9๐-๙“”\"'‘’>]|วันนี้)[ \t]*|\n[ \t]*|\A[ \t]*|ไป|ขึ้น|จัด|งาน)ที่\Z")
_PERHAPS, _SURE = 1, 2
_HALLS = ("ห้องประชุม", "หอประชุม", "ศาลากลาง", "ศาลาประชาคม", "ที่ว่าการ")


def release_province(
    release: Release, places: list[Place], officials: list[OfficialMention]
) -> Province | None:
    """The province of the event, from the text alone; None where it does not tell, or several share it.

    First the venue of the lead: its province, or None where it is a place like a ministry, which names none.
    Where the lead has no venue, or one without a province, the title's and the lead's offices, officials and
    places are weighed.
    """
    lead = find_lead(release.text, release.title_end)
    settled, province = _lead_venue(release.text, lead, places)
    return province if settled else _weighed(release, lead, places, officials)


def _lead_venue(text: str, lead: Lead, places: Sequence[Place]) -> tuple[bool, Province | None]:
    """Whether the lead's venue settles the matter, and the province."""
    seen = False
    for number, place in enumerate(places):
        if place.span_start >= lead.end:
            break
        if place.span_start < lead.start:
            continue
        strength = _venue_strength(text, lead, place)
        if not strength:
            continue
        if place.province_code is not None and strength == _SURE:
            if _shares(text, places, number):
                return False, None
            return True, province_coded(place.province_code)
        if not seen and place.province_code is None and _names_no_province(place.venue or ""):
            return True, None
        seen = seen or strength == _SURE
    return False, None


def _names_no_province(venue: str) -> bool:
    """Whether the venue is a ministry's, the government's or abroad."""
    abroad = venue.replace("ประเทศไทย", "")
    return any(word in abroad for word in settings()["nowhere"]) and not any(
        word in venue for word in settings()["nowhere_not"]
    )


def _venue_strength(text: str, lead: Lead, place: Place) -> int:
    """How surely the place is where the event was: after ณ, after a time and ที่, or as a hall."""
    before = text[max(place.span_start - 60, lead.start) : place.span_start].rstrip(" \t\u00a0.")
    hall = place.venue is not None and (before.endswith("ลงพื้น") or place.venue.startswith(_HALLS))
    if not hall and not before.endswith(("ณ", "ที่")):
        return 0
    if _EXAMPLE.search(before, max(len(before) - 40, 0)):
        return 0
    if before.endswith("ณ"):
        # "… เมื่อวันที่ 9 มีนาคม ณ X" after the event's own date tells of another day.
        told = _DAY_BEFORE.search(before)
        other_day = told is not None and is_dated(
            text, lead.start, place.span_start - len(before) + told.start()
        )
        return 0 if other_day else _SURE
    if before.endswith("ที่"):
        if _TIMED_IN.search(before):
            return _SURE
        return _PERHAPS if place.venue is not None and before[-4:-3] in " \n" else 0
    return _SURE


def _shares(text: str, places: Sequence[Place], number: int) -> bool:
    """Whether the place is the first of a list of provinces (ณ จังหวัดเลย และหนองคาย)."""
    place = places[number]
    follower = places[number + 1] if number + 1 < len(places) else None
    return (
        follower is not None
        and place.venue is None
        and follower.venue is None
        and follower.province_code not in (None, place.province_code)
        and listed(text, place.span_end, follower.span_start)
    )


def _weighed(
    release: Release, lead: Lead, places: Sequence[Place], officials: Sequence[OfficialMention]
) -> Province | None:
    """The province that most of the title, the lead and the rest speaks for, if it is well ahead."""
    text, w = release.text, weights()
    title: dict[Province, float] = {}  # the title is echoed: what it says counts once
    told: defaultdict[Province, float] = defaultdict(float)
    rest: defaultdict[Province, float] = defaultdict(float)
    for evidence in find_evidence(text, lead):
        if evidence.start < lead.start:
            title[evidence.province] = max(title.get(evidence.province, 0.0), evidence.weight)
        elif evidence.start < lead.end:
            told[evidence.province] += evidence.weight
        else:
            rest[evidence.province] += evidence.weight
    later = {place.province_code for place in places if place.venue and place.span_start >= lead.end} - {None}
    if len(later) == 1:
        venue_province = province_coded(later.pop() or "")
        if venue_province is not None:
            told[venue_province] += w["venue"]
    for official in officials:
        province = province_coded(official.province_code or "")
        if province is not None and official.role in ("chair", "host", "speaker"):
            told[province] += w["chair"]
    for province, weight in title.items():
        told[province] += weight
    for province, weight in rest.items():
        told[province] += min(weight, w["rest_most"])
    return _winner(release, lead, told)


def _is_national(text: str, lead: Lead) -> bool:
    """Whether one who speaks for all provinces stands in the title or the lead."""
    return any(text.find(word, 0, lead.end) >= 0 for word in settings()["national"])


def _winner(release: Release, lead: Lead, told: dict[Province, float]) -> Province | None:
    """The province with most weight, if it has enough and is well ahead.

    The site's own province breaks a tie of two, and needs no more than to be the only one named.
    """
    w = weights()
    site = province_named(release.site_province or "")
    ranked = sorted(told.items(), key=lambda item: (-item[1], item[0].code))
    if not ranked:
        return None
    first, most = ranked[0]
    if len(ranked) == 1 and first is site:
        return first
    if most < w["enough"] and (
        len(ranked) > 1 or most < w["enough_alone"] or _is_national(release.text, lead)
    ):
        return None
    rivals = [province for province, weight in ranked if most < w["ahead"] * weight]
    if len(rivals) == 1:
        return first
    return site if len(rivals) == 2 and site in rivals else None
