"""Where a position that begins at a place in the text ends.

Thai sets no blanks between words, and blanks inside long posts: "รองผู้ว่าราชการจังหวัดตรังเป็นประธาน",
"ผู้อำนวยการกองโรคติดต่อทั่วไป กรมควบคุมโรค แถลง". So a position is read as an office's head with the
organisation and area that follow it: inside a run of letters it goes on up to a known verb, joining word or the
end of a province's name; over a blank it goes on only where what follows still says which office it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from moi_pipeline.thai.lexicon import any_of, load_table
from moi_pipeline.thai.names import post_pattern
from moi_pipeline.thai.provinces import province_at

_LONGEST = 260
_LETTER = re.compile(r"[ก-ฮะ-ฺเ-ๅ็-๎]")
_BLANKS = re.compile(r"[ \t]*")
_AFTER_ACTING = re.compile(r"[ \t]*(?:ตำแหน่ง)?[ \t]*")
_NUMBER = re.compile(r"[0-9๐-๙]+(?:[./][0-9๐-๙]+)?")
_BRACKET = re.compile(r"\(([^()\n]{1,80})\)")
_QUOTED = re.compile(r"[“\"‘'«]([^“”\"‘’'«»\n]{1,60})[”\"’'»]")
_LATIN = re.compile(r"[A-Z][A-Za-z0-9&.'-]*(?:[ \t][A-Z][A-Za-z0-9&.'-]*){0,4}")
_ABBREVIATION = re.compile(r"(?:[ก-ฮ]{1,5}\.){1,4}(?=[\s,)])")
_POINTED = re.compile(r"(?:^|[\s./])[ก-ฮ]{1,5}\.$")
_SHORT = re.compile(r"[A-Zก-ฮ.]{2,15}")
_COMPANY_END = re.compile(r"จำกัด(?:[ \t]*\(มหาชน\))?")
_AREA = re.compile(r"จังหวัด|จ\.")
_LOCAL = re.compile(r"อำเภอ|อ\.|ตำบล|ต\.")
_AFTER_AREA = re.compile(r"เขต|ที่[ \t]?[0-9๐-๙]|[0-9๐-๙]|และ|ตอน|ฝั่ง|ฯ|สาขา|\(")


@cache
def _table() -> dict[str, Any]:
    return load_table("position_heads")


@cache
def _ends() -> dict[str, Any]:
    return load_table("position_ends")


@cache
def _words(*path: str) -> re.Pattern[str]:
    table: Any = {**_ends(), **_table()}
    for key in path:
        table = table[key]
    return re.compile(any_of(table))


@cache
def _events() -> re.Pattern[str]:
    """What may end a position, or must be looked at, inside it."""
    return re.compile(
        rf"(?P<guard>{any_of(_ends()['glued']['guards'])})"
        rf"|(?P<end>{any_of(_ends()['glued']['words'])})"
        r"|(?P<joined>และ)"
        r"|(?P<area>จังหวัด|จ\.)"
        r"|(?P<company>บริษัท)"
        r"|(?P<blank>[ \t\n]+)"
        r"|(?P<bracket>\()"
        r"|(?P<slash>/)"
        r"|(?P<mark>[),;:…“”\"‘’'\[\]{}!?<>|#•*=+~«»]|\.{2,})"
    )


@cache
def _head() -> re.Pattern[str]:
    """A position's beginning where nothing but its own words tells that it is one."""
    before = [*_table()["before"]["words"], *_table()["acting"]["words"], *_table()["acting"]["serving"]]
    fields = f"{any_of(_table()['fields']['words'])}{any_of(_table()['fields']['area'])}"
    return re.compile(rf"(?:{any_of(before)}[ \t]*){{0,4}}(?:{any_of(_table()['strong']['words'])}|{fields})")


@cache
def acting_pattern() -> re.Pattern[str]:
    """The words which say that somebody stands in for the holder of an office."""
    return re.compile(any_of(_table()["acting"]["words"]))


@cache
def _in_for() -> re.Pattern[str]:
    return re.compile(any_of([*_table()["acting"]["words"], *_table()["acting"]["serving"]]))


@cache
def _endings(key: str) -> tuple[str, ...]:
    return tuple(_table()[key]["words"])


@cache
def _pairs() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((re.compile(any_of(p["first"])), re.compile(any_of(p["second"]))) for p in _table()["second"])


@cache
def _unfinished_words() -> re.Pattern[str]:
    before = [*_table()["before"]["words"], *_table()["acting"]["words"], *_table()["acting"]["serving"]]
    heads = any_of([*before, *_table()["strong"]["words"], *_table()["plain"]["words"]])
    return re.compile(rf"(?:{heads}){{0,3}}(?:{any_of(_table()['unfinished']['words'])})")


def is_shared(position: str) -> bool:
    """Whether a post is one that several persons hold at once."""
    return _words("shared", "words").match(position) is not None


def ends_position(text: str, at: int) -> bool:
    """Whether what follows ``at`` is plainly outside a position: a verb, a joining word, a mark, a new line."""
    after = _BLANKS.match(text, at).end()  # type: ignore[union-attr]
    event = _events().match(text, after)
    return after == len(text) or (event is not None and event.lastgroup in ("end", "joined", "mark", "blank"))


def verb_follows(text: str, at: int) -> bool:
    """Whether a verb or joining word that ends positions stands behind ``at``, blanks between them or not."""
    after = _BLANKS.match(text, at).end()  # type: ignore[union-attr]
    event = _events().match(text, after)
    return event is not None and event.lastgroup == "end"


def head_pattern() -> re.Pattern[str]:
    """Finds the beginnings of positions in running text."""
    return _head()


def position_at(text: str, start: int, limit: int, *, behind_name: bool) -> int:
    """The end of the position that begins at ``start``; ``start`` itself where none does.

    ``limit`` is where the next person begins. ``behind_name`` says that a full name stands right before, so
    that plain words like ครู are posts too.
    """
    limit = min(limit, start + _LONGEST)
    head = (post_pattern() if behind_name else _head()).match(text, start, limit)
    if head is None or _words("groups", "words").match(text, start, limit):
        return start
    first = _events().match(text, start, limit)
    if first is not None and first.lastgroup == "end":
        return start
    end = _Walk(text, start, limit).end(head.end())
    while end > start and text[end - 1] in " \t\n.-–:":
        if text[end - 1] == "." and _POINTED.search(text, start, end):
            break
        end -= 1
    return end


class _Walk:
    """One reading of a position, from event to event."""

    def __init__(self, text: str, start: int, limit: int) -> None:
        self.text, self.start, self.limit = text, start, limit
        self.area = False

    def end(self, at: int) -> int:
        """Where the position whose head ends at ``at`` ends."""
        # An area or a blank may already stand inside the head (เกษตรจังหวัด…).
        at = self._area_in_head(at)
        while at < self.limit:
            event = _events().search(self.text, at, self.limit)
            if event is None:
                return self.limit
            goes_on = self._after(event)
            if goes_on is None:
                return event.start()
            at, done = goes_on
            if done:
                return at
        return min(at, self.limit)

    def _area_in_head(self, at: int) -> int:
        for word in ("จังหวัด", "จ.", "บริษัท"):
            if self.text.endswith(word, self.start, at):
                return at - len(word)
        return at

    def _after(self, event: re.Match[str]) -> tuple[int, bool] | None:
        """Where to read on behind an event and whether the position ends there; None: it ends before it."""
        kind = event.lastgroup
        if kind == "guard":
            return event.end(), False
        if kind == "area":
            return self._province(event)
        if kind == "joined":
            return self._joined(event.start(), event.start())
        if kind == "company":
            return self._company(event)
        if kind == "blank":
            return self._blank(event)
        if kind == "bracket":
            return self._bracket(event.start(), event.start())
        if kind == "slash":
            return self._slash(event)
        if kind == "mark":
            return self._quoted(event.start(), event.start())
        return None

    def _province(self, event: re.Match[str]) -> tuple[int, bool]:
        found = province_at(self.text, event.end())
        if found is None or found[1] > self.limit or "\n" in self.text[event.end() : found[1]]:
            if self.text.startswith("ฯ", event.end()):
                return event.end() + 1, False
            return event.end(), False
        self.area = True
        end = found[1]
        glued = _LETTER.match(self.text, end) is not None
        return end, glued and _AFTER_AREA.match(self.text, end) is None

    def _joined(self, at: int, blank: int) -> tuple[int, bool] | None:
        """Reads on behind a joining และ at ``at``, before which blanks begin at ``blank``."""
        after = _BLANKS.match(self.text, at + 3).end()  # type: ignore[union-attr]
        if after >= self.limit:
            return None
        if after == at + 3 and _words("organisation_and", "words").match(self.text, after):
            return after, False
        joined = _words("joined", "words").match(self.text, after, self.limit)
        if joined is not None and not _words("groups", "words").match(self.text, after, self.limit):
            return joined.end(), False
        if _words("others", "words").match(self.text, after, self.limit) or _head().match(self.text, after, self.limit):
            return None
        if blank < at and self.area:
            return None
        if (blank < at or after > at + 3) and not _words("organisation_and", "words").match(self.text, after):
            return None
        return after, False

    def _company(self, event: re.Match[str]) -> tuple[int, bool]:
        window_end = min(self.limit, event.end() + 80)
        closing = _COMPANY_END.search(self.text, event.end(), window_end)
        if closing is None or "\n" in self.text[event.end() : closing.end()]:
            return event.end(), False
        return closing.end(), False

    def _blank(self, event: re.Match[str]) -> tuple[int, bool] | None:
        text, before, after = self.text, event.start(), event.end()
        if after >= self.limit:
            return None
        lines = event[0].count("\n")
        unfinished = self._unfinished(before)
        if lines > 1 or (lines == 1 and not unfinished and not _in_for().match(text, after, self.limit)):
            return None
        guarded = _events().match(text, after, self.limit)
        if guarded is not None and guarded.lastgroup == "end":
            return None
        acting = _in_for().match(text, after, self.limit)
        if acting is not None:
            begins = _AFTER_ACTING.match(text, acting.end()).end()  # type: ignore[union-attr]
            post = post_pattern().match(text, begins, self.limit)
            return (self._area_in_head(post.end()), False) if post else None
        number = _NUMBER.match(text, after, self.limit)
        if number is not None:
            takes = text.endswith(_endings("numbered"), self.start, before)
            return (number.end(), False) if takes else None
        if text[after] == "(":
            return self._bracket(after, before)
        if text[after] == "/":
            return self._slash_at(after)
        if text.startswith("และ", after):
            return self._joined(after, before)
        return self._next_word(before, after, unfinished)

    def _next_word(self, before: int, after: int, unfinished: bool) -> tuple[int, bool] | None:
        text = self.text
        second = self._second(after)
        if second is not None:
            return second
        if _words("groups", "words").match(text, after, self.limit):
            return None
        area = _AREA.match(text, after, self.limit)
        if area is not None:
            return None if self.area and not unfinished else (after, False)
        if not unfinished and _head().match(text, after, self.limit):
            return None
        onward = _words("goes_on", "words").match(text, after, self.limit)
        if onward is not None and onward[0] == "บริษัท":
            return after, False
        if onward is not None:
            if not self._still_names(onward):
                return None
            # A district after the province's office has its own province behind it.
            self.area = self.area and _LOCAL.match(text, after) is None
            return onward.end(), False
        if text.endswith(("จังหวัด", "จ."), self.start, before):
            return None
        if unfinished and text[after] in "“\"‘'«":
            return self._quoted(after, before)
        if unfinished and _LETTER.match(text, after):
            return after, False
        latin = _LATIN.match(text, after, self.limit)
        if latin is not None and (unfinished or _head().fullmatch(text, self.start, before)):
            return latin.end(), False
        if not self.area and _ABBREVIATION.match(text, after, self.limit):
            short = _words("group_abbreviations", "words").match(text, after, self.limit)
            return None if short else (after, False)
        return self._bare_province(after)

    def _second(self, after: int) -> tuple[int, bool] | None:
        """Reads on behind a second post of the same person at ``after``."""
        if _words("groups", "words").match(self.text, after, self.limit):
            return None
        for first, second in _pairs():
            if first.match(self.text, self.start):
                post = second.match(self.text, after, self.limit)
                if post is not None:
                    self.area = False
                    return post.end(), False
        return None

    def _still_names(self, onward: re.Match[str]) -> bool:
        """Whether an organisation's word after a blank names the office, and is not the next clause's subject."""
        # "ผู้ว่าราชการจังหวัดตรัง สำนักงานพัฒนาชุมชนได้จัด": an office with its area needs no more.
        return not self.area or _words("after_area", "words").match(self.text, onward.start()) is not None

    def _bare_province(self, after: int) -> tuple[int, bool] | None:
        found = None if self.area else province_at(self.text, after)
        if found is None or found[1] > self.limit or _LETTER.match(self.text, found[1]):
            return None
        self.area = True
        return found[1], False

    def _bracket(self, at: int, before: int) -> tuple[int, bool] | None:
        bracket = _BRACKET.match(self.text, at, self.limit)
        if bracket is None:
            return None
        after = _BLANKS.match(self.text, bracket.end()).end()  # type: ignore[union-attr]
        if _words("bracket", "words").match(bracket[1]):
            return bracket.end(), False
        second = self._second(after)
        if second is not None:
            return second
        if _SHORT.fullmatch(bracket[1]) and _words("after_bracket", "words").match(self.text, after, self.limit):
            return after, False
        glued = after == bracket.end() and _LETTER.match(self.text, after) is not None
        unfinished = self._unfinished(before)
        if after < self.limit and _LETTER.match(self.text, after):
            event = _events().match(self.text, after, self.limit)
            ends = event is not None and event.lastgroup == "end"
            if not ends and (unfinished or (glued and _words("goes_on", "words").match(self.text, after))):
                return after, False
        return None

    def _slash(self, event: re.Match[str]) -> tuple[int, bool] | None:
        return self._slash_at(event.start())

    def _slash_at(self, at: int) -> tuple[int, bool] | None:
        after = _BLANKS.match(self.text, at + 1).end()  # type: ignore[union-attr]
        if after >= self.limit:
            return None
        post = _head().match(self.text, after, self.limit)
        if post is not None:
            return self._area_in_head(post.end()), False
        inside = at > self.start and _LETTER.match(self.text, at - 1) and _LETTER.match(self.text, at + 1)
        return (after, False) if inside else None

    def _unfinished(self, end: int) -> bool:
        """Whether the position up to ``end`` ends in a word that wants another: "ผู้อำนวยการโรงเรียน"."""
        start = max(self.text.rfind(" ", self.start, end), self.text.rfind("\t", self.start, end)) + 1
        start = max(start, self.start)
        word = _unfinished_words().fullmatch(self.text, start, end)
        return word is not None

    def _quoted(self, at: int, before: int) -> tuple[int, bool] | None:
        quoted = _QUOTED.match(self.text, at, self.limit)
        if quoted is not None and self._unfinished(before):
            return quoted.end(), False
        return None
