"""The officials that a release names: title, name, position, office and what they did."""

from __future__ import annotations

from functools import lru_cache

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


@lru_cache(maxsize=1 << 15)
def _posted(surface: str) -> tuple[str, Office]:
    """A post as written, its blanks made single, and which office it is."""
    position = " ".join(surface.split())
    return position, office_of(position)


def _mention(text: str, person: Person, role: OfficialRole | None) -> OfficialMention:
    start, end = person.span()
    surface = text[start:end]
    position, office = None, _NO_OFFICE
    if person.post is not None:
        position, office = _posted(text[person.post[0] : person.post[1]])
    elif person.short and person.title is None:
        # "ผวจ.ตรัง" and "รมช.สมหญิง" name the office though they are no position next to a full name.
        office = _posted(surface)[1]
    return OfficialMention(
        start,
        end,
        surface,
        person.title,
        person.given,
        person.family,
        person.full,
        position,
        office.key,
        office.organisation,
        office.province_code,
        office.acting,
        role,
    )
