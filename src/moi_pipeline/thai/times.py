"""Times of day, bound to the date they belong to."""

from __future__ import annotations

from moi_pipeline.thai.model import DateMention


def bind_times(text: str, mentions: list[DateMention]) -> list[DateMention]:
    return mentions
