"""The officials that a release names: title, name, position, office and what they did."""

from __future__ import annotations

from moi_pipeline.thai.anchors import find_anchors
from moi_pipeline.thai.model import OfficialMention, OfficialRole, Release
from moi_pipeline.thai.offices import Office, office_of
from moi_pipeline.thai.people import Person, find_people
from moi_pipeline.thai.post_references import add_post_references
from moi_pipeline.thai.posts import assign_posts
from moi_pipeline.thai.references import add_references
from moi_pipeline.thai.roles import assign_roles


def find_officials(release: Release) -> list[OfficialMention]:
    """Each place where the release names a person, in order. Never raises on any text."""
    text = release.text
    anchors = find_anchors(text)
    people = add_references(text, find_people(text, anchors), anchors)
    assign_posts(text, people)
    people = add_post_references(text, people, anchors)
    _prefer_whole_posts(text, people, release.title_end)
    roles = assign_roles(text, people, anchors, release.title_end)
    return [_mention(text, person, role) for person, role in zip(people, roles, strict=True)]


def _prefer_whole_posts(text: str, people: list[Person], title_end: int) -> None:
    """Drops a headline's short form of a post (ผวจ.ตรัง) where the body states the post in full."""
    whole: dict[str, str] = {}
    for person in people:
        if person.full and person.post and person.title and person.start >= title_end:
            whole.setdefault(person.full, text[slice(*person.post)])
    for person in people:
        best = whole.get(person.full or "")
        if person.post is None or best is None:
            continue
        own = text[slice(*person.post)]
        shortened = "ฯ" in own or "." in own or person.title is None or person.start < title_end
        if shortened and len(own) < len(best):
            person.post = None


_NO_OFFICE = Office(None, None, None, False)


def _mention(text: str, person: Person, role: OfficialRole | None) -> OfficialMention:
    position = " ".join(text[slice(*person.post)].split()) if person.post else None
    start, end = person.span()
    office = _NO_OFFICE
    if position is not None:
        office = office_of(position)
    elif person.short and person.title is None:
        # "ผวจ.ตรัง" and "รมช.สมหญิง" name the office though they are no position next to a full name.
        office = office_of(" ".join(text[start:end].split()))
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
