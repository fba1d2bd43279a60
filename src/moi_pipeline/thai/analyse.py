"""One release in, everything found in it out."""

from __future__ import annotations

from moi_pipeline.thai.dates import find_dates
from moi_pipeline.thai.event import date_event
from moi_pipeline.thai.items import find_items
from moi_pipeline.thai.model import Extraction, Release
from moi_pipeline.thai.officials import find_officials
from moi_pipeline.thai.places import find_places
from moi_pipeline.thai.projects import find_projects
from moi_pipeline.thai.province import release_province
from moi_pipeline.thai.quantities import find_quantities


def analyse(release: Release) -> Extraction:
    """All mentions of all kinds, the event's days and the province. Never raises on any text."""
    dates = find_dates(release)
    dates, event_from, event_to = date_event(release, dates)
    officials = find_officials(release)
    places = find_places(release)
    province = release_province(release, places, officials)
    return Extraction(
        dates=dates,
        officials=officials,
        projects=find_projects(release),
        policy_items=find_items(release, officials),
        quantities=find_quantities(release, dates),
        places=places,
        event_from=event_from,
        event_to=event_to,
        province=province.name if province else None,
        province_code=province.code if province else None,
    )
