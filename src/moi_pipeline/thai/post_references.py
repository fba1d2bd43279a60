"""Persons named by their post alone: "ผู้ว่าราชการจังหวัดตรัง กล่าวว่า", where the text tells whose post it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from moi_pipeline.thai.anchors import AnchorKind
from moi_pipeline.thai.lexicon import any_of, load_table
from moi_pipeline.thai.offices import Office, office_of
from moi_pipeline.thai.people import Person
from moi_pipeline.thai.position_words import is_shared, verb_follows
from moi_pipeline.thai.provinces import province_at
from moi_pipeline.thai.references import short_offices

_SHORTEST = 12  # letters: a shorter post alone (ปลัดเทศบาล) may be anybody's
_WINDOW = 16


@cache
def _other_post() -> re.Pattern[str]:
    """What before a post makes it another's: รอง, ที่ปรึกษา, แทน."""
    heads = load_table("position_heads")
    words = [*heads["before"]["words"], *heads["acting"]["words"], *heads["acting"]["serving"]]
    return re.compile(
        rf"(?:{any_of([*words, 'สำนัก', 'ของ', 'จาก', 'นโยบาย', 'ต่อ', 'แก่', 'กับ', 'ประจำ'])})[ \t]{{0,12}}$"
    )


def add_post_references(
    text: str, people: list[Person], anchors: dict[AnchorKind, list[int]]
) -> list[Person]:
    """``people`` (in order, posts assigned) with those added who are named by their post as a verb's subject.

    ``anchors`` are those of ``find_anchors(text)``. An added one spans the post and has no ``post`` of its own.
    """
    holders = _holders(text, people)
    if not holders:
        return people
    taken = sorted(_span(person) for person in people)
    added = [*_whole(text, holders), *_short(text, holders, anchors["office"])]
    kept: list[Person] = []
    last = 0
    at = 0
    for person in sorted(added, key=lambda p: (p.start, -p.end)):
        while at < len(taken) and taken[at][1] <= person.start:
            at += 1
        if person.start >= last and (at == len(taken) or taken[at][0] >= person.end):
            kept.append(person)
            last = person.end
    return sorted(people + kept, key=lambda p: p.start)


def _span(person: Person) -> tuple[int, int]:
    if person.post is None or not person.post_is_next:
        return person.start, person.end
    return min(person.start, person.post[0]), max(person.end, person.post[1])


def _holders(text: str, people: list[Person]) -> dict[str, Person]:
    """Each post that the text gives to one person only."""
    found: defaultdict[str, dict[str, Person]] = defaultdict(dict)
    for person in people:
        if person.post is not None and person.full is not None:
            found[text[slice(*person.post)]].setdefault(person.full, person)
    return {post: next(iter(of.values())) for post, of in found.items() if len(of) == 1}


def _as(person: Person, start: int, end: int) -> Person:
    return Person(start, start, end, None, person.given, person.family, person.full, short=True)


def _whole(text: str, holders: dict[str, Person]) -> Iterator[Person]:
    for post, person in holders.items():
        if len(post) < _SHORTEST or is_shared(post):
            continue
        at = text.find(post)
        while at >= 0:
            end = at + len(post)
            if verb_follows(text, end) and not _other_post().search(text, max(0, at - _WINDOW), at):
                yield _as(person, at, end)
            at = text.find(post, end)


def _short(text: str, holders: dict[str, Person], places: list[int]) -> Iterator[Person]:
    by_key: defaultdict[str, dict[str, tuple[Person, Office]]] = defaultdict(dict)
    for post, person in holders.items():
        office = office_of(" ".join(post.split()))
        if office.key is not None:
            by_key[office.key][str(person.full)] = person, office
    for start in places:
        form = short_offices().match(text, start)
        if form is None or _other_post().search(text, max(0, start - _WINDOW), start):
            continue
        area = province_at(text, form.end())
        end = area[1] if area and verb_follows(text, area[1]) else form.start() + len(form[0].rstrip())
        office = office_of(" ".join(text[start:end].split()))
        holder = by_key.get(office.key or "", {})
        if len(holder) != 1 or not verb_follows(text, end):
            continue
        person, known = next(iter(holder.values()))
        if office.province_code in (None, known.province_code):
            yield _as(person, start, end)
