"""Which position belongs to which of the persons that a text names."""

from __future__ import annotations

import re

from moi_pipeline.thai.people import Person
from moi_pipeline.thai.position_words import ends_position, head_pattern, is_shared
from moi_pipeline.thai.positions import position_at

_SKIPPED = re.compile(
    r"(?:[ \t]{0,12}(?:ฯ|,?[ \t]{0,4}ร\.น\.|,?[ \t]{0,4}(?:ผศ\.|รศ\.|ศ\.)?[ \t]{0,4}ดร\.(?=[ \t])"
    r"|ป\.ธ\.[ \t]?[0-9๐-๙]|หรือ[ \t]{0,4}[“\"‘'][^”\"’'\n]{1,30}[”\"’']"
    r"|อายุ[ \t]{0,4}[0-9๐-๙]{1,3}[ \t]{0,4}ปี)){0,4}[ \t]{0,12}"
)
_NICKNAME = re.compile(r"[(“\"‘'][^()“”\"‘’'\n]{1,40}[)”\"’']")
_SIGNED = re.compile(r"\)[ \t]{0,12}\n[ \t]{0,30}")
_BLANKS = re.compile(r"[ \t]{0,12}\n?[ \t]{0,12}")
_LABEL = re.compile(r"(?:เมื่อครั้ง|ซึ่ง|ปัจจุบัน)?[ \t]{0,12}(?:ดำรง)?ตำแหน่ง(?:เป็น)?[ \t:]*")
_BETWEEN = re.compile(
    r"[ \t]{0,12}(?:\([ \t]{0,4}|คือ[ \t]{0,4}|ได้แก่[ \t]{0,4}|ชื่อ[ \t]{0,4}|ท่าน[ \t]{0,4}"
    r"|[:–-][ \t]{0,4}|[“\"‘'][ \t]{0,4}|\n[ \t]{0,12})?(?:ท่าน[ \t]{0,4})?"
)
_LABELS = ("ตำแหน่ง", "ดำรงตำแหน่ง")
# The first letters of all that _SKIPPED, _SIGNED, _NICKNAME and _LABEL take, blanks before them left out
_MAY_STAND_BETWEEN = frozenset("ฯ,รผศดปหอ)(“\"‘'เซต")
_FEW = 12
_JOINED = re.compile(r"[ \t]{0,12}(?:,|และ|/|กับ|\n)?[ \t]{0,12}(?:ท่าน)?[ \t]{0,12}")
# No position ends in one of these: most names stand behind such a word.
_NO_POST = (
    "โดย",
    "และ",
    "ด้วย",
    "มี",
    "ให้",
    "จาก",
    "ของ",
    "กับ",
    "ว่า",
    "แก่",
    "พร้อม",
    ",",
    "อาทิ",
    "นี้",
    "”",
    " น.",
)
_INSIDE = re.compile(r"(?:สำนัก|สำนักงาน|ทำเนียบ|เป็น|โครงการ|กลุ่มงาน|ประชุม)$")
_WINDOW = 140


def assign_posts(text: str, people: list[Person]) -> None:
    """Gives each person the position that stands behind or before the name, or that he shares."""
    behind = [_behind(text, people, i) for i in range(len(people))]
    run: list[int] = []
    for i in range(len(people)):
        run.append(i)
        if i + 1 == len(people) or not _touches(text, people, behind, i):
            _settle_run(text, people, run, behind)
            run = []
    _share(text, people)


def _behind(text: str, people: list[Person], i: int) -> tuple[int, int] | None:
    person = people[i]
    limit = people[i + 1].start if i + 1 < len(people) else len(text)
    # Most posts stand right behind the name; only then is it asked what may stand between.
    at = _BLANKS.match(text, person.end, limit).end()  # type: ignore[union-attr]
    if not text.startswith(_LABELS, at):
        end = position_at(text, at, limit, behind_name=True)
        if end > at:
            return at, end
        if at - person.end < _FEW and text[at : at + 1] not in _MAY_STAND_BETWEEN:
            return None
    at = _SKIPPED.match(text, person.end, limit).end()  # type: ignore[union-attr]
    signed = _SIGNED.match(text, at, limit)
    if signed is not None and text.startswith("(", person.start - 1):
        at = signed.end()
    nickname = _NICKNAME.match(text, at, limit)
    if nickname is not None:
        inner = position_at(text, at + 1, nickname.end() - 1, behind_name=True)
        if text[at] == "(" and inner > at + 9:
            return at + 1, inner
        at = nickname.end()
    at = _BLANKS.match(text, at, limit).end()  # type: ignore[union-attr]
    label = _LABEL.match(text, at, limit)
    if label is not None:
        at = label.end()
    end = position_at(text, at, limit, behind_name=True)
    return (at, end) if end > at else None


def _before_name(text: str, people: list[Person], i: int) -> tuple[int, int] | None:
    if people[i].short:
        return None
    return _before(text, people[i].start, people[i - 1].end if i else 0)


def _before(text: str, start: int, floor: int) -> tuple[int, int] | None:
    """The position that ends right before ``start`` and begins at ``floor`` at the earliest."""
    at = max(floor, start - _WINDOW)
    before = start
    while before > at and text[before - 1] in " \t\n(“\"‘'":
        before -= 1
    if before == at or text.endswith(_NO_POST, at, before):
        return None
    for head in head_pattern().finditer(text, at, start):
        if _INSIDE.search(text, max(at, head.start() - 10), head.start()):
            continue
        end = position_at(text, head.start(), start, behind_name=False)
        if end > head.start() and _BETWEEN.fullmatch(text, end, start):
            # Over a line break only a post that has the line before for itself.
            own_line = head.start() == 0 or text[head.start() - 1] == "\n"
            return (head.start(), end) if own_line or "\n" not in text[end:start] else None
    return None


def _touches(text: str, people: list[Person], behind: list[tuple[int, int] | None], i: int) -> bool:
    """Whether a person's post runs up to the next person, so that it may be either's."""
    post = behind[i]
    return post is not None and _BETWEEN.fullmatch(text, post[1], people[i + 1].start) is not None


def _settle_run(
    text: str, people: list[Person], run: list[int], behind: list[tuple[int, int] | None]
) -> None:
    """In a run of names and posts each post is that of the name before it, unless the run begins with a post
    and ends with a name."""
    first, last = run[0], run[-1]
    leading = _before_name(text, people, first) if behind[last] is None else None
    # Words that are no verb behind the last name may be a post that the lists do not know.
    if leading is None or (len(run) > 1 and not ends_position(text, people[last].end)):
        for i in run:
            people[i].post = behind[i]
        return
    people[first].post = leading
    for i in run[1:]:
        people[i].post = _before_name(text, people, i) or behind[i]


def _share(text: str, people: list[Person]) -> None:
    """A post that several may hold, behind the last of a run of names, is the post of all of them."""
    for i in range(len(people) - 2, -1, -1):
        person, after = people[i], people[i + 1]
        if person.post is None and person.full and after.post is not None and after.post[0] >= after.end:
            joined = _JOINED.fullmatch(text, person.end, after.start)
            if joined is not None and is_shared(text[after.post[0] : after.post[1]]):
                person.post, person.post_is_next = after.post, False
