"""The officials that a release names: title, name, position, office and what they did."""

from __future__ import annotations

from moi_pipeline.thai.model import OfficialMention, OfficialRole, Release
from moi_pipeline.thai.offices import Office, office_of
from moi_pipeline.thai.people import Person, find_people
from moi_pipeline.thai.posts import assign_posts
from moi_pipeline.thai.references import add_references
from moi_pipeline.thai.roles import assign_roles


def find_officials(release: Release) -> list[OfficialMention]:
    """Each place where the release names a person, in order. Never raises on any text."""
    text = release.text
    people = add_references(text, find_people(text))
    assign_posts(text, people)
    roles = assign_roles(text, people, release.title_end)
    return [_mention(text, person, role) for person, role in zip(people, roles, strict=True)]


_NO_OFFICE = Office(None, None, None, False)


def _mention(text: str, person: Person, role: OfficialRole | None) -> OfficialMention:
    position = " ".join(text[slice(*person.post)].split()) if person.post else None
    office = office_of(position) if position else _NO_OFFICE
    start, end = person.start, person.end
    if person.post is not None and person.post_is_next:
        start, end = min(start, person.post[0]), max(end, person.post[1])
    return OfficialMention(
        span_start=start,
        span_end=end,
        surface=text[start:end],
        title=person.title,
        given_name=person.given,
        family_name=person.family,
        full_name=person.full,
        position=position,
        office=office.key,
        organisation=office.organisation,
        province_code=office.province_code,
        acting=office.acting,
        role=role,
    )
