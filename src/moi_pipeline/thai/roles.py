"""What each person does at the event: presides, speaks, receives, attends."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from typing import Any

from moi_pipeline.thai.anchors import AnchorKind
from moi_pipeline.thai.calendar_words import month_words
from moi_pipeline.thai.lexicon import any_of, load_table
from moi_pipeline.thai.model import OfficialRole
from moi_pipeline.thai.people import Person
from moi_pipeline.thai.position_words import BLANKS, head_pattern
from moi_pipeline.thai.positions import position_at
from moi_pipeline.thai.wordmatch import stands_before

_FAR = 260  # from a subject to its verb
_NEAR = 150
_SAYS = "กล่าว"  # กล่าวเปิดงาน
_UNREAD = object()
_SAME_NEWS = 12  # days between an event and the news of it
_POSTING_LINE = 60  # letters: a line with a date and little more
# What may stand between a person and the verb that is his.
_LINK = re.compile(
    r"(?:[\s”\"')ฯ]|\([^()\n]{1,60}\)|(?:ใน|โดย)ฐานะ[^\n]{0,140}?(?=\s|เป็น|กล่าว)|ได้|เดินทางไป|เดินทางมา|มาร่วม|มา|ให้เกียรติ|ร่วม|จะ|ก็|ยัง|เป็นผู้|พร้อมคณะ|และคณะ|ขึ้น|รับหน้าที่)*"
)
_SWITCH = re.compile(r"โดยมี|มอบหมาย|มอบให้|เสด็จ|ทรง|เฝ้า|ซึ่งมี|นำโดย|ได้รับเกียรติ|โดยนาย|โดยนาง")
_SELF = re.compile(
    r"(?:(?:ตน|ผม|ดิฉัน)(?:เอง)?(?:ได้|ก็|จะ|มา|เดินทางมา|พร้อมด้วย[^\n]{0,80}|ในฐานะ[^\n]{0,110}|[ \t]{1,12}){0,4}"
    r"|ว่า[^\n]{0,40}(?:ได้|ภายหลัง|หลังจาก|หลัง)[ \t]{0,4})$"
)
_OF_BODY = re.compile(r"(?:ที่|ซึ่ง)(?:จะ)?มี[ \t]{0,4}$")  # a committee's chair, not the event's
_STANDS_IN = ("ผู้แทน", "แทน")
_POST_RUN = 90
_POST_TO_VERB = 14
_THEN = re.compile(r"(?:จากนั้น|ต่อจากนั้น|หลังจากนั้น)[ \t]{0,4}(?:ได้|ยังได้|เดินทาง(?:ไป)?)?[ \t]{0,4}$")
_SAID = re.compile(r"ว่า[\s\"“]")
_VERB = re.compile(r"(?:เป็น|ทำหน้าที่(?:เป็น)?|ปฏิบัติหน้าที่(?:เป็น)?|นั่ง)[ \t]?$")
_IS = re.compile(r"(?:ในพิธี|ในงาน|พิธี|เปิดงาน|เปิด)?(?:เปิด)?[ \t]{0,12}(?:คือ|โดย|ได้แก่|:)[ \t]{0,12}")
_IS_ALONE = re.compile(_IS.pattern.replace("|:)", "|:)?"))
_WITH = ("พร้อม", "พร้อมด้วย", "พร้อมกับ", "พร้อมทั้ง")
_AND = re.compile(r"[\s,]*และ[\s]*")
_LINE_END = re.compile(r"\n")
_ITEM = re.compile(r"[ \t]{0,12}[0-9๐-๙]{1,2}[.)]")
_YEAR = r"[ \t]{0,4}(?:พ\.ศ\.[ \t]{0,4})?([0-9๐-๙]{2,4})"
_DATE = re.compile(rf"เมื่อวัน[^\n0-9๐-๙]{{0,14}}([0-9๐-๙]{{1,2}})[ \t]{{0,4}}([ก-๙.]{{3,12}}){_YEAR}")
_MONTH = r"(?:ม\.ค|ก\.พ|มี\.ค|เม\.ย|พ\.ค|มิ\.ย|ก\.ค|ส\.ค|ก\.ย|ต\.ค|พ\.ย|ธ\.ค)\.?|[ก-ฮ][ก-๎]{2,9}(?:คม|ยน|พันธ์)"
_DAY = re.compile(rf"([0-9๐-๙]{{1,2}})[ \t]{{0,4}}({_MONTH}){_YEAR}")


def _words(role: str, key: str = "words") -> str:
    return any_of(load_table("role_words")[role][key])


@cache
def _presides() -> re.Pattern[str]:
    """At ประธาน: whether somebody presides, or holds a post named so."""
    posts, acts = _words("chair", "posts"), _words("chair", "acts")
    return re.compile(rf"(?:(?<=เป็น)|(?<=เป็น )|(?<=หน้าที่)|(?<=นั่ง))ประธาน(?!{posts})|ประธาน(?={acts})")


@cache
def _opens() -> re.Pattern[str]:
    return re.compile(rf"เปิด(?={_words('chair', 'opens')})")


@cache
def _acts() -> re.Pattern[str]:
    """The verbs by which somebody speaks, receives or attends."""
    return re.compile(
        rf"(?P<host>{_words('host')})|(?P<speaker>{_words('speaker')})|(?P<attendee>{_words('attendee')})"
    )


@cache
def _act_beginnings() -> frozenset[str]:
    """The first two letters of those verbs: asked first, a set being faster than a pattern."""
    table = load_table("role_words")
    return frozenset(word[:2] for role in ("host", "speaker", "attendee") for word in table[role]["words"])


@cache
def _before(role: str) -> tuple[str, ...]:
    return tuple(load_table("role_words")[role]["words"])


def assign_roles(
    text: str, people: list[Person], anchors: dict[AnchorKind, list[int]], title_end: int
) -> list[OfficialRole | None]:
    """The role of each of ``people`` (in order, posts assigned) at the event."""
    return _Reading(text, people, title_end).roles(anchors)


class _Reading:
    """One reading of a release's verbs."""

    def __init__(self, text: str, people: list[Person], title_end: int) -> None:
        self.text, self.people, self.title_end = text, people, title_end
        self.spans = [person.span() for person in people]
        self.starts = [start for start, _ in self.spans]
        self.ends = [end for _, end in self.spans]
        self.lead: Any = _UNREAD
        self.lines: list[int] | None = None
        self.role: list[OfficialRole | None] = [None] * len(people)

    def roles(self, anchors: dict[AnchorKind, list[int]]) -> list[OfficialRole | None]:
        for i in range(len(self.people)):
            self._give(i)
        self._companions()
        chairs: list[tuple[int, list[int]]] = []
        for at in anchors["presides"]:
            act = _presides().match(self.text, at)
            if act is not None:
                chairs.append((at, self._chairs(_VERB.search(self.text, max(0, at - 16), at), act)))
        if not any(who for _, who in chairs):
            openers = ((at, self._opener(at)) for at in anchors["opens"] if _opens().match(self.text, at))
            chairs = [(at, [i]) for at, i in openers if i is not None][:1]
        for i in self._presiding(chairs):
            self.role[i] = "chair"
        return self.role

    def _nearest(self, at: int) -> int | None:
        """The person named last before ``at``."""
        i = bisect_right(self.ends, at) - 1
        return i if i >= 0 else None

    def _adjacent(self, at: int) -> int | None:
        i = self._nearest(at)
        if i is None or at - self.ends[i] > _NEAR:
            return None
        return i if _LINK.fullmatch(self.text, self.ends[i], at) else None

    def _give(self, i: int) -> None:
        """A speaker's, host's or attendee's role, by the verb right behind the person."""
        end = self.ends[i]
        limit = self.starts[i + 1] if i + 1 < len(self.people) else len(self.text)
        at = BLANKS.match(self.text, end).end()  # type: ignore[union-attr]
        act = self._act(at, limit)
        if act is None:
            link = _LINK.match(self.text, end, min(limit, end + _NEAR))
            behind = link.end() if link else end
            act = self._act(behind, limit) if behind != at else None
        if act is None:
            return
        who = self._acting(i)
        if self.role[who] in (None, "attendee"):
            self.role[who] = act.lastgroup  # type: ignore[assignment]

    def _act(self, at: int, limit: int) -> re.Match[str] | None:
        return _acts().match(self.text, at, limit) if self.text[at : at + 2] in _act_beginnings() else None

    def _acting(self, i: int) -> int:
        """The one who acts where the last person named only accompanies him or sent him."""
        while i > 0:
            start = self.spans[i][0]
            gap_start = self.ends[i - 1]
            if start - gap_start > _NEAR or "\n" in self.text[gap_start:start]:
                break
            sent = stands_before(self.text, _before("principal"), max(gap_start, start - 24), start)
            if not sent and not stands_before(self.text, _WITH, max(gap_start, start - 14), start):
                break
            i -= 1
        return i

    def _chairs(self, verb: re.Match[str] | None, act: re.Match[str]) -> list[int]:
        """Who presides by the words ``act`` and the verb before them: mostly one, two where และ joins them."""
        at = verb.start() if verb else act.start()
        i = self._nearest(at)
        following = self._following(act.end(), alone=verb is None)
        if i is None:
            return following
        if _THEN.search(self.text, max(0, at - 30), at):
            # The report goes on with what its first person did next.
            first = bisect_left(self.starts, self._line(at))
            return [first] if first <= i else following
        gap = self.text[self.ends[i] : at]
        if len(gap) > _FAR or ("\n" in gap and gap.strip()):
            return following
        if not _LINK.fullmatch(gap):
            if _SWITCH.search(gap):
                return following
            if _SAID.search(gap):
                return [self._acting(i)] if _SELF.search(gap) else following
            if following or self._unnamed(self.ends[i], at):
                return following
        i = self._acting(i)
        if _OF_BODY.search(self.text, max(0, self.spans[i][0] - 12), self.spans[i][0]):
            return following
        if i and _AND.fullmatch(self.text, self.ends[i - 1], self.spans[i][0]):
            return [i - 1, i]
        return [i]

    def _unnamed(self, start: int, at: int) -> bool:
        """Whether somebody named by his post alone stands before the verb at ``at``: เผยว่า นายกฯ จะเป็นประธาน."""
        floor = max(start, at - _POST_RUN)
        for head in head_pattern().finditer(self.text, floor, at):
            end = position_at(self.text, head.start(), at, behind_name=False)
            stands_in = head[0].startswith(_STANDS_IN) or self.text.endswith(_STANDS_IN, floor, head.start())
            if end > head.start() and at - end <= _POST_TO_VERB and not stands_in:
                return True
        return False

    def _following(self, end: int, *, alone: bool) -> list[int]:
        """The person named right behind "เป็นประธาน คือ", or behind "ประธานในพิธี" with no verb (``alone``)."""
        i = bisect_right(self.ends, end)
        link = _IS_ALONE if alone else _IS
        if i < len(self.people) and link.fullmatch(self.text, end, max(end, self.spans[i][0])):
            return [i]
        return []

    def _opener(self, at: int) -> int | None:
        """Who opens an event, which only somebody who presides does."""
        if at < self.title_end:
            return None
        said = at - len(_SAYS)
        i = self._adjacent(said if self.text.startswith(_SAYS, said) else at)
        if i is None or self.people[i].short or self.people[i].post is None:
            return None
        return self._acting(i)

    def _presiding(self, chairs: list[tuple[int, list[int]]]) -> list[int]:
        """Of all who preside somewhere in the text, those who preside over the event reported."""
        kept = [(at, who) for at, who in chairs if not self._of_another_day(at)]
        in_items = [c for c in kept if self._in_item(c[0])]
        if len({self._line(at) for at, _ in in_items}) > 1:
            # One chair a place, listed place by place: none of them presides over all.
            kept = [c for c in kept if c not in in_items]
        return [i for _, who in kept for i in who]

    def _line(self, at: int) -> int:
        """Where the line that holds ``at`` begins. Lines are found once: one line may be the whole text."""
        if self.lines is None:
            self.lines = [0, *(match.end() for match in _LINE_END.finditer(self.text))]
        return self.lines[bisect_right(self.lines, at) - 1]

    def _in_item(self, at: int) -> bool:
        line = self._line(at)
        return _ITEM.match(self.text, line) is not None

    def _of_another_day(self, at: int) -> bool:
        """Whether the sentence tells of an earlier event, by a date that is not that of the release's lead."""
        line = self._line(at)
        dates = list(_DATE.finditer(self.text, max(line, at - 300), at))
        if not dates:
            return False
        told = dates[-1]
        if self.lead is _UNREAD:
            self.lead = self._lead_date()
        lead = self.lead
        if lead is None:
            return False
        # The lead itself may date its own telling and, some days before, the event.
        apart = abs(_day(told) - _day(lead))
        return apart > (_SAME_NEWS if lead.start() >= line else 1)

    def _lead_date(self) -> re.Match[str] | None:
        """The first date that stands in a sentence, and not alone on a posting line."""
        for lead in _DAY.finditer(self.text, self.title_end):
            start = self.text.rfind("\n", 0, lead.start()) + 1
            end = self.text.find("\n", lead.end())
            if (len(self.text) if end < 0 else end) - start > _POSTING_LINE:
                return lead
        return None

    def _companions(self) -> None:
        """Those who are named with others before one verb share it: โดยมี A B และ C ให้การต้อนรับ."""
        group: list[int] = []
        for i in range(len(self.people)):
            group.append(i)
            if i + 1 == len(self.people) or not self._joined(i):
                self._close(group)
                group = []

    def _joined(self, i: int) -> bool:
        start, end = self.ends[i], self.spans[i + 1][0]
        return (
            end - start <= 60
            and self.text.find("\n", start, end) < 0
            and (end - start < 8 or _acts().search(self.text, start, end) is None)
        )

    def _close(self, group: list[int]) -> None:
        first = next((k for k in group if self._is_companion(k)), None)
        if first is None:
            return
        end = self.ends[group[-1]]
        stop = self.text.find("\n", end, end + _FAR)
        act = _acts().search(self.text, end, stop if stop >= 0 else min(len(self.text), end + _FAR))
        role: OfficialRole = "host" if act is not None and act.lastgroup == "host" else "attendee"
        for k in group[group.index(first) :]:
            self.role[k] = self.role[k] or role

    def _is_companion(self, i: int) -> bool:
        start = self.spans[i][0]
        return stands_before(self.text, _before("companion"), max(0, start - 14), start)


def _day(match: re.Match[str]) -> int:
    """A number that tells days apart (not a calendar's)."""
    months = month_words(f"1 {match[2]} 2500")
    return int(match[3]) % 100 * 372 + (months[0].month if months else 0) * 31 + int(match[1])
