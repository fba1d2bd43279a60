"""Later and shorter references to persons: without title, by given name, by office and name.

A person once named in full is found again where the text names him without a title or by his given name. Names
that never stand behind a title count where something else shows that they are names: an office's short form
before them (รมช.สมหญิง ใจดี), a post behind them, the by-line of a picture or report.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from moi_pipeline.thai.lexicon import any_of, load_table
from moi_pipeline.thai.names import Name, family_names, given_names, name_at, post_pattern
from moi_pipeline.thai.people import Person

_LETTER = re.compile(r"[ก-ฮะ-ฺเ-ๅ็-๎]")
_BLANKS = re.compile(r"[ \t]{0,12}")
_BYLINE = re.compile(
    r"(?:ภาพ[ \t]*[/-][ \t]*ข่าว|ข่าว[ \t]*[/-][ \t]*ภาพ|ภาพและข่าว|ข่าวและภาพ|ผู้สื่อข่าว|เรียบเรียง|รายงานโดย|ข่าวโดย|ภาพโดย|ช่างภาพ|ภาพข่าว|เครดิตภาพ|ผู้เขียน)[ \t]*(?:โดย)?[ \t]*[:：]?[ \t]*"
)
_HANDED = re.compile(r"มอบ(?:หมาย)?ให้[ \t]*")
_QUOTE = re.compile(r"[“\"‘'«]")
_CLOSING = "”\"’'»"
_SPEECH = re.compile(r"[ \t]*(?:ฯ[ \t]*)?(?:ได้)?(?:กล่าว|เปิดเผย|เผย|ระบุ|ย้ำ|ยัน|ชี้|สั่ง)")


@cache
def _short_offices() -> re.Pattern[str]:
    """Offices in short form, as they stand before a name in headlines."""
    return re.compile(rf"(?:{any_of(load_table('position_ends')['short_offices']['words'])})[ \t]{{0,3}}")


@cache
def _short_office_before() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(load_table('position_ends')['short_offices']['words'])})[ \t]{{0,3}}$")


def add_references(text: str, people: list[Person]) -> list[Person]:
    """``people`` with short references resolved (or left out) and names without a title added, in order."""
    people = _merge(people, list(_untitled(text)))
    by_given: defaultdict[str, set[str]] = defaultdict(set)
    for person in people:
        if person.full is not None and person.family is not None:
            by_given[person.given].add(person.full)
    one = {given: next(iter(names)) for given, names in by_given.items() if len(names) == 1}
    kept: list[Person] = []
    for person in people:
        if person.full is None:
            full = one.get(person.given)
            if full is None:
                continue
            person.full, person.family, person.short = full, full.partition(" ")[2], True
        kept.append(person)
    return _merge(kept, list(_again(text, one)))


def _merge(people: list[Person], more: list[Person]) -> list[Person]:
    """Both lists in order; where two overlap, the one from ``people`` stays."""
    taken = sorted(people + more, key=lambda p: (p.start, p.title is None))
    first = {id(p) for p in people}
    kept: list[Person] = []
    for person in taken:
        if kept and person.start < kept[-1].end:
            if id(person) in first and id(kept[-1]) not in first:
                kept[-1] = person
            continue
        kept.append(person)
    return kept


def _untitled(text: str) -> Iterator[Person]:
    """Full names without a title that something else shows to be names."""
    for opener in (_short_offices(), _BYLINE, _HANDED):
        for match in opener.finditer(text):
            name = _plain_name(text, match.end(), posted=opener is not _BYLINE)
            if name is not None:
                yield _person(name)
    for quote in _QUOTE.finditer(text):
        name = _plain_name(text, quote.end(), posted=True, closed=True)
        if name is not None:
            yield _person(name)


def _plain_name(text: str, start: int, *, posted: bool, closed: bool = False) -> Name | None:
    """The name of two words at ``start``, if they are plainly a name."""
    limit = min(len(text), start + 120)
    if closed:
        ends = [at for at in (text.find(q, start, start + 60) for q in _CLOSING) if at >= 0]
        if not ends:
            return None
        limit = min(ends)
    name = name_at(text, start, limit)
    if name is None or name.family is None:
        return None
    if closed and name.end != limit:
        return None
    known = name.given in given_names() or name.family.split()[0] in family_names()
    if not posted:
        return name if known and len(name.family.split()) == 1 else None
    after = _BLANKS.match(text, name.end + closed).end()  # type: ignore[union-attr]
    return name if known and post_pattern().match(text, after) else None


def _person(name: Name) -> Person:
    return Person(name.start, name.start, name.end, None, name.given, name.family, name.full, name.sure)


def _again(text: str, one: dict[str, str]) -> Iterator[Person]:
    """Where persons named in full elsewhere are named without a title."""
    for given, full in one.items():
        family = full.partition(" ")[2]
        at = text.find(given)
        while at >= 0:
            end = at + len(given)
            person = _repeated(text, at, end, given, family, full)
            if person is not None:
                yield person
            at = text.find(given, end)


def _repeated(text: str, at: int, end: int, given: str, family: str, full: str) -> Person | None:
    gap = _BLANKS.match(text, end).end()  # type: ignore[union-attr]
    if text.startswith(family, gap):
        after = gap + len(family)
        if not _LETTER.match(text, after) or post_pattern().match(text, after):
            return Person(at, at, after, None, given, family, full)
    quoted = at > 0 and text[at - 1] in "“\"‘'«" and text[end : end + 1] and text[end : end + 1] in _CLOSING
    office = _short_office_before().search(text, max(0, at - 24), at)
    whole = not _LETTER.match(text, end) or _SPEECH.match(text, end)
    if len(given) >= 3 and (quoted or (office and whole)):
        start = office.start() if office and not quoted else at
        return Person(start, at, end, None, given, family, full, short=True)
    return None
