"""What goes into extraction and what comes out: a release's text, and the mentions found in it.

Spans are half-open ``[span_start, span_end)`` offsets in Unicode code points into ``Release.text``,
and ``text[span_start:span_end]`` is the mention's surface, always. Dates are Gregorian.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """A dataclass that the type checker holds to be frozen. Frozen at run time as well, making one would take
    three to five times as long, and a release has some fifty mentions.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


Precision = Literal["day", "month", "year", "fiscal_year", "academic_year"]
DateRole = Literal["event", "published", "site_clock", "reference"]
OfficialRole = Literal["chair", "speaker", "host", "attendee"]
ProjectKind = Literal["project", "policy", "campaign", "plan", "agreement", "system"]
QuantityKind = Literal["money", "people", "organisations", "area", "percent", "other"]


@value
class Release:
    """A release as extraction sees it.

    ``text`` is canonical (see ``read.canonical``): NFC, no zero-width characters, "\\n" line ends. Its first
    line is the title: ``text[:title_end]`` is the title, and the body follows after a line break.
    ``published_at`` is the posting day, from the site's list or the posting line, if known;
    ``published_span`` is where the posting line's date stands in the text, if it stands there.
    ``site_province`` is the province whose site published the release (Thai name without จังหวัด), if known.
    """

    text: str
    title_end: int = 0
    published_at: date | None = None
    published_span: tuple[int, int] | None = None
    site_province: str | None = None


@value
class DateMention:
    """A calendar day, month or year (or a range of them) named in the text."""

    span_start: int
    span_end: int
    surface: str
    date_from: date
    date_to: date
    precision: Precision
    time_from: time | None = None
    time_to: time | None = None
    year_given: bool = True  # false where the year was inferred from the release's other dates
    weekday_agrees: bool | None = None  # None where no weekday is stated
    role: DateRole = "reference"


@value
class OfficialMention:
    """A person named in the text, once for each time that he is named.

    The span covers title, name and position as they stand together. ``position`` is as written,
    ``office`` its normalised key (None where the data file does not know it).
    """

    span_start: int
    span_end: int
    surface: str
    title: str | None
    given_name: str | None
    family_name: str | None
    full_name: str | None  # given name, one space, family name; None where only a post is named
    position: str | None = None
    office: str | None = None
    organisation: str | None = None
    province_code: str | None = None  # ISO 3166-2 of the office's area
    acting: bool = False
    role: OfficialRole | None = None


@value
class ProjectMention:
    """A named undertaking; ``programme_id`` is its key in the reviewed list of programmes, if it is there."""

    span_start: int
    span_end: int
    surface: str
    name: str
    kind: ProjectKind
    programme_id: str | None = None


@value
class PolicyItem:
    """One item of an enumerated list. ``text`` is ``release.text[span_start:span_end]``, after the marker."""

    span_start: int
    span_end: int
    text: str
    list_no: int
    item_no: str  # Arabic digits: "1", "1.1"
    position: int  # 1, 2, 3 in the order of the list's items, nested ones counted
    marker: str  # as written
    level: int  # 1, or 2 for an item of a nested list
    list_intro: str | None = None
    declared_count: int | None = None
    list_complete: bool | None = None  # found == declared; None where none is declared
    speaker: str | None = None  # full name of the official whom the list is attributed to
    gives_orders: bool = False  # does the list give orders? prizes and exhibits are listed too


@value
class Quantity:
    """A counted amount with its unit."""

    span_start: int
    span_end: int
    surface: str
    amount: float
    unit: str
    kind: QuantityKind


@value
class Place:
    """A place named in the text. ``province`` without จังหวัด; ``province_code`` is ISO 3166-2 (TH-48)."""

    span_start: int
    span_end: int
    surface: str
    venue: str | None = None
    subdistrict: str | None = None
    district: str | None = None
    province: str | None = None
    province_code: str | None = None


@value
class Extraction:
    """Everything found in one release, each list ordered by span."""

    dates: list[DateMention] = field(default_factory=list)
    officials: list[OfficialMention] = field(default_factory=list)
    projects: list[ProjectMention] = field(default_factory=list)
    policy_items: list[PolicyItem] = field(default_factory=list)
    quantities: list[Quantity] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    event_from: date | None = None
    event_to: date | None = None
    province: str | None = None
    province_code: str | None = None
