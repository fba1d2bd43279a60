"""One reading of a position in a text: over each word, blank and bracket, how it goes on or that it ends."""

from __future__ import annotations

import re
from functools import lru_cache

from moi_pipeline.thai.position_words import (
    BLANKS,
    LETTER,
    endings,
    ends_at,
    events,
    head_pattern,
    in_for_pattern,
    post_pattern,
    second_posts,
    unfinished_pattern,
    words,
)
from moi_pipeline.thai.provinces import province_at

_AFTER_ACTING = re.compile(r"[ \t]{0,12}(?:ตำแหน่ง)?[ \t]{0,12}")
_COMPANY_END = re.compile(r"จำกัด(?:[ \t]{0,4}\(มหาชน\))?")
_AFTER_AREA = re.compile(r"เขต|ที่[ \t]?[0-9๐-๙]|[0-9๐-๙]|และ|ตอน|ฝั่ง|ฯ|สาขา|\(")
_NUMBER = re.compile(r"[0-9๐-๙]+(?:[./][0-9๐-๙]+)?")
_DIGITS = frozenset("0123456789๐๑๒๓๔๕๖๗๘๙")
_BRACKET = re.compile(r"\(([^()\n]{1,80})\)")
_QUOTED = re.compile(r"[“\"‘'«]([^“”\"‘’'«»\n]{1,60})[”\"’'»]")
_LATIN = re.compile(r"[A-Z][A-Za-z0-9&.'-]*(?:[ \t][A-Z][A-Za-z0-9&.'-]*){0,4}")
_ABBREVIATION = re.compile(r"(?:[ก-ฮ]{1,5}\.){1,4}(?=[\s,)])")
_SHORT = re.compile(r"[A-Zก-ฮ.]{2,15}")
_RUN = re.compile(r"[ก-ฮะ-ฺเ-ๅ็-๎.ฯ]{1,200}")
_AREA = re.compile(r"จังหวัด|จ\.")
_LOCAL = re.compile(r"อำเภอ|อ\.|ตำบล|ต\.")


@lru_cache(maxsize=1 << 15)
def _says_something(run: str) -> bool:
    """Whether a word behind a position can be anything but an unknown word."""
    tables = (words("groups"), _AREA, head_pattern(), words("goes_on"), in_for_pattern())
    return any(p.match(run) for p in tables) or any(second.match(run) for _, second in second_posts())


@lru_cache(maxsize=1 << 15)
def _wants_another(word: str) -> bool:
    return unfinished_pattern().fullmatch(word) is not None


class Walk:
    """One reading of a position, from event to event."""

    def __init__(self, text: str, start: int, limit: int) -> None:
        self.text, self.start, self.limit = text, start, limit
        self.area = False

    def end(self, at: int) -> int:
        """Where the position whose head ends at ``at`` ends."""
        # An area or a blank may already stand inside the head (เกษตรจังหวัด…).
        at = self._area_in_head(at)
        while at < self.limit:
            event = events().search(self.text, at, self.limit)
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
        glued = LETTER.match(self.text, end) is not None
        return end, glued and _AFTER_AREA.match(self.text, end) is None

    def _joined(self, at: int, blank: int) -> tuple[int, bool] | None:
        """Reads on behind a joining และ at ``at``, before which blanks begin at ``blank``."""
        after = BLANKS.match(self.text, at + 3).end()  # type: ignore[union-attr]
        if after >= self.limit:
            return None
        if after == at + 3 and words("organisation_and").match(self.text, after):
            return after, False
        joined = words("joined").match(self.text, after, self.limit)
        if joined is not None and not words("groups").match(self.text, after, self.limit):
            return joined.end(), False
        if words("others").match(self.text, after, self.limit) or head_pattern().match(
            self.text, after, self.limit
        ):
            return None
        if blank < at and self.area:
            return None
        if (blank < at or after > at + 3) and not words("organisation_and").match(self.text, after):
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
        if lines > 1:
            return None
        if ends_at(text, after, self.limit):
            return None
        acting = in_for_pattern().match(text, after, self.limit)
        if lines == 1 and acting is None and not self._unfinished(before):
            return None
        if acting is not None:
            begins = _AFTER_ACTING.match(text, acting.end()).end()  # type: ignore[union-attr]
            post = post_pattern().match(text, begins, self.limit)
            return (self._area_in_head(post.end()), False) if post else None
        first = text[after]
        if first in _DIGITS:
            number = _NUMBER.match(text, after, self.limit)
            takes = number is not None and text.endswith(endings("numbered"), self.start, before)
            return (number.end(), False) if number is not None and takes else None
        if first == "(":
            return self._bracket(after, before)
        if first == "/":
            return self._slash_at(after)
        if text.startswith("และ", after):
            return self._joined(after, before)
        run = _RUN.match(text, after, self.limit)
        if run is not None and not _says_something(run[0]):
            return self._unknown_word(before, after)
        return self._next_word(before, after, self._unfinished(before))

    def _next_word(self, before: int, after: int, unfinished: bool) -> tuple[int, bool] | None:
        text = self.text
        second = self._second(after)
        if second is not None:
            return second
        if words("groups").match(text, after, self.limit):
            return None
        area = _AREA.match(text, after, self.limit)
        if area is not None:
            return None if self.area and not unfinished else (after, False)
        if not unfinished and head_pattern().match(text, after, self.limit):
            return None
        onward = words("goes_on").match(text, after, self.limit)
        if onward is not None and onward[0] == "บริษัท":
            return after, False
        if onward is not None:
            if not self._still_names(onward):
                return None
            # A district after the province's office has its own province behind it.
            self.area = self.area and _LOCAL.match(text, after) is None
            return onward.end(), False
        return self._unknown_word(before, after)

    def _unknown_word(self, before: int, after: int) -> tuple[int, bool] | None:
        """Reads on at a word that is no known part of a position."""
        text = self.text
        if text.endswith(("จังหวัด", "จ."), self.start, before):
            return None
        unfinished = self._unfinished(before)
        if unfinished and text[after] in "“\"‘'«":
            return self._quoted(after, before)
        if unfinished and LETTER.match(text, after):
            return after, False
        latin = _LATIN.match(text, after, self.limit)
        if latin is not None and (unfinished or head_pattern().fullmatch(text, self.start, before)):
            return latin.end(), False
        if not self.area and _ABBREVIATION.match(text, after, self.limit):
            short = words("group_abbreviations").match(text, after, self.limit)
            return None if short else (after, False)
        return self._bare_province(after)

    def _second(self, after: int) -> tuple[int, bool] | None:
        """Reads on behind a second post of the same person at ``after``."""
        if words("groups").match(self.text, after, self.limit):
            return None
        for first, second in second_posts():
            if first.match(self.text, self.start):
                post = second.match(self.text, after, self.limit)
                if post is not None:
                    self.area = False
                    return post.end(), False
        return None

    def _still_names(self, onward: re.Match[str]) -> bool:
        """Whether an organisation's word after a blank names the office, and is not the next clause's subject."""
        # "ผู้ว่าราชการจังหวัดตรัง สำนักงานพัฒนาชุมชนได้จัด": an office with its area needs no more.
        return not self.area or words("after_area").match(self.text, onward.start()) is not None

    def _bare_province(self, after: int) -> tuple[int, bool] | None:
        found = None if self.area else province_at(self.text, after)
        if found is None or found[1] > self.limit or LETTER.match(self.text, found[1]):
            return None
        self.area = True
        return found[1], False

    def _bracket(self, at: int, before: int) -> tuple[int, bool] | None:
        bracket = _BRACKET.match(self.text, at, self.limit)
        if bracket is None:
            return None
        after = BLANKS.match(self.text, bracket.end()).end()  # type: ignore[union-attr]
        if words("bracket").match(bracket[1]):
            return bracket.end(), False
        second = self._second(after)
        if second is not None:
            return second
        if _SHORT.fullmatch(bracket[1]) and words("after_bracket").match(self.text, after, self.limit):
            return after, False
        glued = after == bracket.end() and LETTER.match(self.text, after) is not None
        unfinished = self._unfinished(before)
        if after < self.limit and LETTER.match(self.text, after):
            event = events().match(self.text, after, self.limit)
            ends = event is not None and event.lastgroup == "end"
            if not ends and (unfinished or (glued and words("goes_on").match(self.text, after))):
                return after, False
        return None

    def _slash(self, event: re.Match[str]) -> tuple[int, bool] | None:
        return self._slash_at(event.start())

    def _slash_at(self, at: int) -> tuple[int, bool] | None:
        after = BLANKS.match(self.text, at + 1).end()  # type: ignore[union-attr]
        if after >= self.limit:
            return None
        post = head_pattern().match(self.text, after, self.limit)
        if post is not None:
            return self._area_in_head(post.end()), False
        inside = at > self.start and LETTER.match(self.text, at - 1) and LETTER.match(self.text, at + 1)
        return (after, False) if inside else None

    def _unfinished(self, end: int) -> bool:
        """Whether the position up to ``end`` ends in a word that wants another: "ผู้อำนวยการโรงเรียน"."""
        start = max(self.text.rfind(" ", self.start, end), self.text.rfind("\t", self.start, end)) + 1
        start = max(start, self.start)
        return _wants_another(self.text[start:end])

    def _quoted(self, at: int, before: int) -> tuple[int, bool] | None:
        quoted = _QUOTED.match(self.text, at, self.limit)
        if quoted is not None and self._unfinished(before):
            return quoted.end(), False
        return None
