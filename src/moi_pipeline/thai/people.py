"""The persons that a text names: title and name at each place."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

from moi_pipeline.thai.anchors import AnchorKind
from moi_pipeline.thai.monks import find_monks
from moi_pipeline.thai.name_words import (
    family_names,
    given_names,
    is_verb,
    plain_words,
    whole_family,
)
from moi_pipeline.thai.names import Name, name_at
from moi_pipeline.thai.titles import Title, find_titles


@dataclass(slots=True)
class Person:
    """One place where a person is named. The name ends at ``end``; its title, if any, begins at ``start``.

    ``full`` is None for a short reference (นายสมชาย กล่าวว่า) that has not been resolved.
    ``short`` marks a reference by less than the full name, or by the post alone (``given`` is "" until resolved).
    ``post`` is the span of the position that stands next to the name, or that the name shares.
    """

    start: int
    name: int  # where the name itself begins
    end: int
    title: str | None
    given: str
    family: str | None
    full: str | None
    sure: bool = True
    short: bool = False
    post: tuple[int, int] | None = None
    post_is_next: bool = True  # False where the post is that of a later name, shared

    def span(self) -> tuple[int, int]:
        """Where title, name and position stand together."""
        if self.post is None or not self.post_is_next:
            return self.start, self.end
        start, end = self.post
        return start if start < self.start else self.start, end if end > self.end else self.end


_LEADS_IN = re.compile(
    r"(?:โดย|และ|ให้|กับ|ของ|คือ|มี|จาก|ด้วย|ด้าน|แก่|ถึง|ต่อ|ที่|ว่า|ซึ่ง|นำ|หา|พบ|เชิญ|แทน|ราย|แปลง|ทั้ง|เช่น|ตาม|แด่|ท่าน|บ้าน|น้อง|ส่ง|พร้อม|เพื่อ|แก่)$"
)
# Words of address that stand before anything: both names must be known.
_COMMON = frozenset({"ท่าน", "กำนัน", "ผู้ใหญ่"})
_NAME_RUN = 400  # no name and post are longer


def find_people(text: str, anchors: dict[AnchorKind, list[int]]) -> list[Person]:
    """Every place where ``text`` names a person behind a title or a monastic rank, in order."""
    people = [_monk(text, start, end) for start, end in find_monks(text, anchors)]
    people += _titled(text, anchors)
    people.sort(key=lambda person: person.start)
    apart: list[Person] = []
    for person in people:
        if not apart or person.start >= apart[-1].end:
            apart.append(person)
    return _settle(apart)


def _monk(text: str, start: int, end: int) -> Person:
    name = " ".join(text[start:end].split())
    return Person(start, start, end, None, name, None, name)


def _titled(text: str, anchors: dict[AnchorKind, list[int]]) -> list[Person]:
    titles = find_titles(text, anchors)
    # A glued given and family name part where the release elsewhere uses the given name alone.
    people = _named(text, titles)
    known = frozenset(p.given for p in people if p.full is None and len(p.given) >= 4)
    for i, person in enumerate(people):
        if person.full is None and len(person.given) >= 8:
            limit = people[i + 1].start if i + 1 < len(people) else len(text)
            name = name_at(text, person.name, min(limit, person.name + _NAME_RUN), known)
            if name is not None:
                person.end, person.given, person.family, person.full = (
                    name.end,
                    name.given,
                    name.family,
                    name.full,
                )
    return people


def _named(text: str, titles: list[Title]) -> list[Person]:
    """Names behind titles, read from the last to the first: a name ends where the next title begins."""
    people: list[Person] = []
    limit = len(text)
    for title in reversed(titles):
        near = min(limit, title.end + _NAME_RUN)
        name = name_at(text, title.end, near)
        if name is None or not _is_person(text, title, name):
            continue
        people.append(
            Person(
                title.start, name.start, name.end, title.text, name.given, name.family, name.full, name.sure
            )
        )
        limit = title.start
    people.reverse()
    return people


def _is_person(text: str, title: Title, name: Name) -> bool:
    if title.kind == "weak":
        return name.family is not None and _plainly_name(title.text, name.given, name.family)
    if title.glued and not name.sure and name.given not in given_names():
        # นาง in the middle of a word is no title; behind โดย it is.
        return _LEADS_IN.search(text, max(0, title.start - 6), title.start) is not None
    return True


def _plainly_name(title: str, given: str, family: str) -> bool:
    """Whether two words can hardly be anything but a name: คุณภาพ ชีวิต is none."""
    if title in _COMMON:
        return given in given_names() and family in family_names()
    spelled = title + given
    if any(spelled[:end] in plain_words() for end in range(len(title) + 2, len(spelled) + 1)):
        return False
    first = family.split(maxsplit=1)[0]
    if first in family_names() or (given in given_names() and first not in plain_words()):
        return True
    return given not in plain_words() and first not in plain_words() and max(len(given), len(first)) <= 14


def _trim(person: Person, families: Counter[str], givens: set[str]) -> None:
    """Cuts a verb off that is glued to a name which the text has without it elsewhere."""
    family = person.family
    if family is None:
        return
    for short in families if len(families) > 1 else ():
        if family != short and family.startswith(short) and is_verb(family[len(short) :]):
            person.end -= len(family) - len(short)
            person.family, person.full = short, f"{person.given} {short}"
            return
    at = whole_family(family)
    if at < len(family):
        person.end -= len(family) - at
        person.family, person.full = family[:at], f"{person.given} {family[:at]}"
        return
    if person.given in given_names():
        return
    for at in range(len(person.given) - 2, 3, -1):
        given = person.given[:at]
        if given in givens and is_verb(person.given[at:]):
            person.end = person.name + at
            person.given, person.family, person.full = given, None, None
            return


def _settle(people: list[Person]) -> list[Person]:
    """Decides for one family name where a given name is followed by several different words."""
    families: defaultdict[str, Counter[str]] = defaultdict(Counter)
    backed: defaultdict[str, set[str]] = defaultdict(set)
    for person in people:
        if person.family is not None:
            families[person.given][person.family] += 1
            if person.sure:
                backed[person.given].add(person.family)
    givens = {person.given for person in people if len(person.given) >= 4}
    for person in people:
        _trim(person, families[person.given], givens)
    for person in people:
        family, given = person.family, person.given
        if family is None or person.sure or family in backed[given]:
            continue
        if backed[given] or families[given][family] < max(families[given].values()):
            # What follows is a word of the sentence: a short reference.
            person.end = person.name + len(given)
            person.family = person.full = None
    return people
