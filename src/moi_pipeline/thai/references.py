"""Later and shorter references to persons: without title, by given name, by office and name.

A person once named in full is found again where the text names him without a title or by his given name. Names
that never stand behind a title count where something else shows that they are names: an office's short form
before them (รมช.สมหญิง ใจดี), a post behind them, the by-line of a picture or report.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache

import ahocorasick

from moi_pipeline.thai.anchors import AnchorKind
from moi_pipeline.thai.lexicon import any_of, load_table
from moi_pipeline.thai.name_words import bare_spelling, family_names, given_names, is_verb
from moi_pipeline.thai.names import Name, name_at
from moi_pipeline.thai.people import Person
from moi_pipeline.thai.position_words import post_at
from moi_pipeline.thai.titles import names_thing

_LETTER = re.compile(r"[ก-ฮะ-ฺเ-ๅ็-๎]")
_BLANKS = re.compile(r"[ \t]{0,12}")
# Possessive runs (+): nothing that follows one could take any of its letters, so none is given back.
_QUOTED = re.compile(r"([ก-ฮเ-ไ][ก-ฮะ-ฺเ-ๅ็-๎-]{1,25}+[ \t]{1,4}+[ก-ฮเ-ไ][ก-ฮะ-ฺเ-ๅ็-๎ -]{2,32}+)[”\"’'»]")
_LINE = re.compile(r"[ \t]{0,4}+([เ-ไ]?[ก-ฮ][ก-ฮะ-ฺเ-ๅ็-๎]{1,20}+)[ \t]{1,4}[ก-ฮเ-ไ]")
_TWO = re.compile(r"[ \t]{0,3}([เ-ไ]?[ก-ฮ][ก-ฮะ-ฺเ-ๅ็-๎]{1,25})[ \t]{1,6}([เ-ไ]?[ก-ฮ][ก-ฮะ-ฺเ-ๅ็-๎]{1,30})")
_BEHIND_BYLINE = re.compile(r"[ \t]{0,12}(?:โดย)?[ \t]{0,12}[:：]?[ \t]{0,12}\n?[ \t]{0,12}")
_COMMA = re.compile(r"[ \t]{0,4}(?:,|/|และ)[ \t]{0,4}")
_MOST_REPORTERS = 6
_REPORTED = re.compile(
    r"^[ \t]{0,12}([ก-ฮเ-ไ][ก-ฮะ-ฺเ-ๅ็-๎]{1,20}[ \t]{1,4}[ก-ฮเ-ไ][ก-ฮะ-ฺเ-ๅ็-๎]{1,24})"
    r"[ \t.…]{0,12}(?:ฝาก)?[ \t]{0,12}รายงาน[ \t]{0,12}$",
    re.MULTILINE,
)
_REPORTER = 120  # a name, its blanks and ฝาก before รายงาน are no longer
_MANY = 48
_CLOSING = "”\"’'»"
_SPEECH = re.compile(r"[ \t]{0,12}(?:ฯ[ \t]{0,12})?(?:ได้)?(?:กล่าว|เปิดเผย|เผย|ระบุ|ย้ำ|ยัน|ชี้|สั่ง)")


@cache
def short_offices() -> re.Pattern[str]:
    """Offices in short form, as they stand before a name in headlines."""
    return re.compile(rf"(?:{any_of(load_table('position_ends')['short_offices']['words'])})[ \t]{{0,3}}")


@cache
def _short_office_before() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(load_table('position_ends')['short_offices']['words'])})[ \t]{{0,3}}$")


def add_references(text: str, people: list[Person], anchors: dict[AnchorKind, list[int]]) -> list[Person]:
    """``people`` with short references resolved (or left out) and names without a title added, in order.

    ``anchors`` are those of ``find_anchors(text)``.
    """
    people = _merge(people, _untitled(text, anchors))
    _spell_alike(people)
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
    return _merge(kept, _again(text, one, {person.name for person in kept}))


def _spell_alike(people: list[Person]) -> None:
    """Gives one spelling to a name that the text spells in two ways which differ in marks only (ธีรยุทธ, ธีรยุทธ์)."""
    names = {person.full for person in people if person.full is not None}
    if len(names) < 2 or len({bare_spelling(full) for full in names}) == len(names):
        return
    count = Counter(person.full for person in people if person.full is not None)
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for full in count:
        alike[bare_spelling(full)].append(full)
    for person in people:
        if person.full is None:
            continue
        # The most frequent spelling, the first in the text where two are.
        person.full = max(alike[bare_spelling(person.full)], key=lambda way: count[way])
        if person.family is None:
            person.given = person.full
        else:
            person.given, _, person.family = person.full.partition(" ")


def _merge(people: list[Person], more: list[Person]) -> list[Person]:
    """Both lists in order; where two overlap, the one from ``people`` stays."""
    if not more:
        return people
    first = {id(p) for p in people}
    kept: list[Person] = []
    for person in sorted(people + more, key=lambda p: (p.start, p.title is None)):
        if kept and person.start < kept[-1].end:
            if id(person) in first and id(kept[-1]) not in first:
                kept[-1] = person
            continue
        kept.append(person)
    return kept


def _untitled(text: str, anchors: dict[AnchorKind, list[int]]) -> list[Person]:
    """Full names without a title that something else shows to be names, in no order."""
    names: list[Name | None] = []
    for start in anchors["office"]:
        office = short_offices().match(text, start)
        if office is not None:
            names.append(_plain_name(text, office.end(), posted=True))
    for end in anchors["handed"]:
        if not text.startswith("ให้", end):
            names.append(_plain_name(text, end, posted=True))
    for end in anchors["byline"]:
        names += _reporters(text, end)
    for quote in anchors["quote"]:
        quoted = _QUOTED.match(text, quote + 1)
        if quoted is not None:
            names.append(_plain_name(text, quote + 1, posted=True, closed=quoted.end(1)))
    given = given_names()
    line = 0
    while line >= 0:
        begun = _LINE.match(text, line)
        if begun is not None and begun[1] in given:
            names.append(_plain_name(text, begun.start(1), posted=True))
        line = text.find("\n", line) + 1 or -1
    for match in _reported(text, anchors["reports"]):
        name = _plain_name(text, match.start(1), posted=False)
        if name is not None and name.end == match.end(1):
            names.append(name)
    return [
        Person(name.start, name.start, name.end, None, name.given, name.family, name.full, name.sure)
        for name in names
        if name is not None
    ]


def _reporters(text: str, end: int) -> Iterator[Name]:
    """The names behind a by-line's word that ends at ``end``."""
    at = _BEHIND_BYLINE.match(text, end).end()  # type: ignore[union-attr]
    for _ in range(_MOST_REPORTERS):
        name = _plain_name(text, at, posted=False)
        if name is None:
            break
        yield name
        comma = _COMMA.match(text, name.end)
        if comma is None:
            break
        at = comma.end()


def _reported(text: str, places: list[int]) -> Iterator[re.Match[str]]:
    """The lines that say only who reports; ``places`` are those of รายงาน."""
    free = 0
    for at in places:
        near = max(0, at - _REPORTER)
        start = text.rfind("\n", near, at) + 1
        if start >= free and (start or not near) and (match := _REPORTED.match(text, start)):
            yield match
            free = match.end()


def _plain_name(text: str, start: int, *, posted: bool, closed: int = 0) -> Name | None:
    """The name of two words at ``start``, if they are plainly a name.

    ``posted`` asks for a post behind it; ``closed`` is where the quotation that is to be the name ends.
    """
    limit = closed or min(len(text), start + 120)
    two = _TWO.match(text, start, limit)
    if two is None or not (two[1] in given_names() or two[2] in family_names()):
        return None
    name = name_at(text, start, limit)
    if name is None or name.family is None:
        return None
    if closed and name.end != limit:
        return None
    first = name.family.split()[0]
    if first not in family_names() and is_verb(first):
        return None
    known = name.given in given_names() or first in family_names()
    if not posted:
        return name if known and len(name.family.split()) == 1 else None
    after = _BLANKS.match(text, name.end + (closed > 0)).end()  # type: ignore[union-attr]
    return name if known and post_at(text, after, len(text)) else None


def _again(text: str, one: dict[str, str], known: set[int]) -> list[Person]:
    """Where persons named in full elsewhere are named without a title."""
    found = [
        _repeated(text, at, at + len(given), one[given])
        for at, given in places(text, list(one))
        if at not in known
    ]
    return [person for person in found if person is not None]


def places(text: str, words: list[str]) -> Iterator[tuple[int, str]]:
    """Where each of ``words`` stands in ``text``."""
    if len(words) > _MANY:
        # A search for each would take time in proportion to text times names.
        automaton = ahocorasick.Automaton()
        for word in words:
            automaton.add_word(word, word)
        automaton.make_automaton()
        for last, word in automaton.iter(text):
            yield last - len(word) + 1, word
        return
    for word in words:
        at = text.find(word)
        while at >= 0:
            yield at, word
            at = text.find(word, at + len(word))


def _repeated(text: str, at: int, end: int, full: str) -> Person | None:
    given, _, family = full.partition(" ")
    if names_thing(text, at):
        return None
    gap = _BLANKS.match(text, end).end()  # type: ignore[union-attr]
    if text.startswith(family, gap):
        after = gap + len(family)
        if not _LETTER.match(text, after) or post_at(text, after, len(text)):
            return Person(at, at, after, None, given, family, full)
    quoted = at > 0 and text[at - 1] in "“\"‘'«" and text[end : end + 1] and text[end : end + 1] in _CLOSING
    office = _short_office_before().search(text, max(0, at - 24), at)
    whole = not _LETTER.match(text, end) or _SPEECH.match(text, end)
    if len(given) >= 3 and (quoted or (office and whole)):
        start = office.start() if office and not quoted else at
        return Person(start, at, end, None, given, family, full, short=True)
    return None
