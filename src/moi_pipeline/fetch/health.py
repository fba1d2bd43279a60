"""What must not go unnoticed: a source that shows nothing, grows stale, or whose pages no longer read as releases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moi_pipeline.fetch.report import SourceReport
    from moi_pipeline.sources import Context

#: Thai local time, by which sites write their days.
BANGKOK = timedelta(hours=7)
#: A share is judged from so many captures of a run on, against so many of the runs before it.
ENOUGH, ENOUGH_BEFORE = 8, 20
#: An alarm is raised where the share of whole articles falls by this much, or is below this where nothing came before.
FALL, LOW = 0.25, 0.5

_SPAN = re.compile(r"(?:(\d+) )?(hour|day|week|month)s?\Z")
_UNIT = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=31),
}
#: Failures that say that the site is no longer what its entry in sources.toml describes.
_LAYOUT = {
    "layout": "its list page no longer fits the source's selectors and pattern",
    "no feed": "its address no longer gives a feed",
    "no sitemap": "its address no longer gives a sitemap",
}


@dataclass(frozen=True, slots=True)
class Expect:
    """So many releases at least are posted ``every`` so long."""

    at_least: int
    every: timedelta


def read_expect(table: dict[str, Any]) -> Expect:
    """The ``expect`` of a source. Raises ValueError, whose text says what is wrong with it."""
    unknown = set(table) - {"at_least", "every"}
    if unknown:
        raise ValueError(f"expect knows no {min(unknown)!r}: at_least and every")
    at_least, every = table.get("at_least", 1), table.get("every", "1 day")
    if type(at_least) is not int or at_least < 1:
        raise ValueError(f"at_least must be a whole number from 1, not {at_least!r}")
    span = _SPAN.match(every) if isinstance(every, str) else None
    if not span or not int(span[1] or 1):
        raise ValueError(f'every must be a time such as "12 hours", "1 day" or "2 weeks", not {every!r}')
    return Expect(at_least, int(span[1] or 1) * _UNIT[span[2]])


def day_of(published: str | None, fetched_at: datetime) -> date:
    """The day that counts for freshness: of posting where the list told it, else of fetching, in Thailand."""
    from moi_pipeline.read.days import parse_stamp

    return parse_stamp(published) or (fetched_at + BANGKOK).date()


def stale(expect: Expect, days: Iterable[date], now: datetime) -> str | None:
    """The alarm of a source that posts less than expected; None where all is well. ``days``: one a release."""
    days = list(days)
    since = (now + BANGKOK - expect.every).date()
    fresh = sum(day >= since for day in days)
    if fresh >= expect.at_least:
        return None
    newest = f", the newest of {max(days)}" if days else ""
    return f"stale: {fresh} releases since {since}, at least {expect.at_least} are expected{newest}"


def alarms(told: SourceReport, expect: Expect | None, days: Iterable[date], context: Context) -> list[str]:
    """What a person must be told of a source after a run; ``days`` as in ``stale``."""
    found = [f"layout: {_LAYOUT[reason]}" for reason in told.failed if reason in _LAYOUT]
    if not told.listed and not told.failed and not context.changes_only:
        found.append("nothing found: the site lists no release at all")
    if expect and (late := stale(expect, days, context.moment)):
        found.append(late)
    judged, whole = context.read_before
    if told.judged >= ENOUGH:
        usual = whole / judged if judged >= ENOUGH_BEFORE else None
        if told.whole / told.judged < (LOW if usual is None else usual - FALL):
            usually = "" if usual is None else f", usually {usual:.0%}"
            found.append(
                f"unreadable: {told.whole} of {told.judged} pages read as releases with text and date{usually}"
            )
    return found


def overdue(expect: Expect, last: datetime | None, now: datetime | None = None) -> str | None:
    """The alarm of a source that was not fetched for longer than it may take to post."""
    now = now or datetime.now(UTC)
    # A night that ends an hour later than the last is no alarm.
    if last is not None and now - last <= 1.5 * expect.every + timedelta(hours=1):
        return None
    return f"not fetched to its end since {last:%Y-%m-%d %H:%M} UTC" if last else "never fetched to its end"
