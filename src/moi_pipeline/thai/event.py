"""The days of the event."""

from __future__ import annotations

from datetime import date

from moi_pipeline.thai.model import DateMention, Release


def date_event(
    release: Release, dates: list[DateMention]
) -> tuple[list[DateMention], date | None, date | None]:
    return dates, None, None
