"""Persons named by their post alone: "ผู้ว่าราชการจังหวัดตรัง กล่าวว่า", where the text tells whose post it is."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache

from moi_pipeline.thai.anchors import AnchorKind
from moi_pipeline.thai.lexicon import load_table
from moi_pipeline.thai.offices import Office, office_of
from moi_pipeline.thai.people import Person
from moi_pipeline.thai.position_words import is_shared, verb_follows
from moi_pipeline.thai.provinces import province_at
from moi_pipeline.thai.references import places, short_offices
from moi_pipeline.thai.wordmatch import stands_before

_SHORTEST = 12  # letters: a shorter post alone (ปลัดเทศบาล) may be anybody's
_WINDOW = 16


@cache
def _other_post() -> tuple[str, ...]:
    """What before a post makes it another's: รอง, ที่ปรึกษา, แทน."""
    heads = load_table("position_heads")
    words = [*heads["before"]["words"], *heads["acting"]["words"], *heads["acting"]["serving"]]
    return (*words, "สำนัก", "ของ", "จาก", "นโยบาย", "ต่อ", "แก่", "กับ", "ประจำ")


def add_post_references(
    text: str, people: list[Person], anchors: dict[AnchorKind, list[int]]
) -> list[Person]:
    """``people`` (in order, posts assigned) with those added who are named by their post as a verb's subject.

    ``anchors`` are those of ``find_anchors(text)``. An added one spans the post and has no ``post`` of its own.
    """
    holders = _holders(text, people)
    if not holders:
        return people
    taken = sorted(person.span() for person in people)
    starts = [start for start, _ in taken]

    def free(start: int, end: int) -> bool:
        i = bisect_right(starts, start) - 1
        before = i < 0 or taken[i][1] <= start
        return before and (i + 1 == len(taken) or taken[i + 1][0] >= end)

    added = [*_whole(text, holders, free), *_short(text, holders, anchors["office"], free)]
    if not added:
        return people
    kept: list[Person] = []
    for person in sorted(added, key=lambda p: (p.start, -p.end)):
        if not kept or person.start >= kept[-1].end:
            kept.append(person)
    return sorted(people + kept, key=lambda p: p.start)


def _holders(text: str, people: list[Person]) -> dict[str, Person]:
    """Each post that the text gives to one person only."""
    found: defaultdict[str, dict[str, Person]] = defaultdict(dict)
    for person in people:
        if person.post is not None and person.full is not None:
            found[text[slice(*person.post)]].setdefault(person.full, person)
    return {post: next(iter(of.values())) for post, of in found.items() if len(of) == 1}


def _as(person: Person, start: int, end: int) -> Person:
    return Person(start, start, end, None, person.given, person.family, person.full, short=True)


def _whole(text: str, holders: dict[str, Person], free: Callable[[int, int], bool]) -> Iterator[Person]:
    alone = [post for post in holders if len(post) >= _SHORTEST and not is_shared(post)]
    for at, post in places(text, alone):
        end = at + len(post)
        if free(at, end) and verb_follows(text, end) and not _is_others(text, at):
            yield _as(holders[post], at, end)


def _is_others(text: str, at: int) -> bool:
    return stands_before(text, _other_post(), max(0, at - _WINDOW), at)


def _short(
    text: str, holders: dict[str, Person], starts: list[int], free: Callable[[int, int], bool]
) -> Iterator[Person]:
    by_key: dict[str, dict[str, tuple[Person, Office]]] | None = None
    for start in starts:
        form = short_offices().match(text, start) if free(start, start + 1) else None
        if form is None:
            continue
        end = form.start() + len(form[0].rstrip())
        if not verb_follows(text, end):
            area = province_at(text, form.end())
            if area is None or not verb_follows(text, area[1]):
                continue
            end = area[1]
        office = office_of(" ".join(text[start:end].split()))
        if by_key is None:
            by_key = _by_office(holders)
        holder = by_key.get(office.key or "", {})
        if len(holder) != 1 or not free(start, end) or _is_others(text, start):
            continue
        person, known = next(iter(holder.values()))
        if office.province_code in (None, known.province_code):
            yield _as(person, start, end)


def _by_office(holders: dict[str, Person]) -> dict[str, dict[str, tuple[Person, Office]]]:
    """The holders of each office, by their full names."""
    by_key: defaultdict[str, dict[str, tuple[Person, Office]]] = defaultdict(dict)
    for post, person in holders.items():
        office = office_of(" ".join(post.split()))
        if office.key is not None:
            by_key[office.key][str(person.full)] = person, office
    return by_key
