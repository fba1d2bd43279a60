"""The words that make and end a position, from ``data/position_heads.toml`` and ``data/position_ends.toml``."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from moi_pipeline.thai.lexicon import any_of, load_table

BLANKS = re.compile(r"[ \t]{0,12}")
LETTER = re.compile(r"[ก-ฮะ-ฺเ-ๅ็-๎]")


@cache
def _heads() -> dict[str, Any]:
    return load_table("position_heads")


@cache
def _ends() -> dict[str, Any]:
    return load_table("position_ends")


def _before() -> list[str]:
    """What stands before a post and belongs to it: รอง, รักษาราชการแทน."""
    return [*_heads()["before"]["words"], *_heads()["acting"]["words"], *_heads()["acting"]["serving"]]


def _fields() -> str:
    """A bare office noun and its area: วัฒนธรรมจังหวัด."""
    return f"{any_of(_heads()['fields']['words'])}{any_of(_heads()['fields']['area'])}"


@cache
def words(table: str, key: str = "words") -> re.Pattern[str]:
    """The list ``key`` of a table in either file, as one pattern."""
    return re.compile(any_of({**_ends(), **_heads()}[table][key]))


@cache
def events() -> re.Pattern[str]:
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
def head_pattern() -> re.Pattern[str]:
    """A position's beginning where nothing but its own words tells that it is one."""
    strong = any_of(_heads()["strong"]["words"])
    return re.compile(rf"(?:{any_of(_before())}[ \t]{{0,12}}){{0,4}}(?:{strong}|{_fields()})")


@cache
def post_pattern() -> re.Pattern[str]:
    """A post that stands behind a name, blanks between them or not."""
    posts = any_of(_heads()["strong"]["words"] + _heads()["plain"]["words"])
    label = r"(?:ตำแหน่ง[ \t]{0,12})?"
    return re.compile(rf"{label}(?:{any_of(_before())}[ \t]{{0,12}}{label}){{0,4}}(?:{posts}|{_fields()})")


_RUN = re.compile(r"[ก-ฮะ-ฺเ-ๅ็-๎ฯ.A-Za-z]{1,60}")


@lru_cache(maxsize=1 << 15)
def opens_post(run: str) -> bool:
    """Whether a run of letters begins with a post, as behind a name."""
    return post_pattern().match(run) is not None


@cache
def parted_words() -> frozenset[str]:
    """Words behind which a post may go on after a blank: รอง ผู้ว่าฯ."""
    return frozenset([*_before(), "ตำแหน่ง", "มท."])


def post_at(text: str, start: int, limit: int) -> bool:
    """Whether a post stands at ``start``, as behind a name."""
    run = _RUN.match(text, start, limit)
    if run is None:
        return False
    if opens_post(run[0]):
        return True
    return run[0] in parted_words() and post_pattern().match(text, start, limit) is not None


@cache
def acting_pattern() -> re.Pattern[str]:
    """The words which say that somebody stands in for the holder of an office."""
    return re.compile(any_of(_heads()["acting"]["words"]))


@cache
def in_for_pattern() -> re.Pattern[str]:
    """As ``acting_pattern``, and the words for serving in an office that has no holder."""
    return re.compile(any_of([*_heads()["acting"]["words"], *_heads()["acting"]["serving"]]))


@cache
def endings(table: str) -> tuple[str, ...]:
    """A table's words, for ``str.endswith``."""
    return tuple(_heads()[table]["words"])


@cache
def second_posts() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """Which post may follow which over a blank as the same person's."""
    pairs = _heads()["second"]
    return tuple((re.compile(any_of(pair["first"])), re.compile(any_of(pair["second"]))) for pair in pairs)


@cache
def unfinished_pattern() -> re.Pattern[str]:
    """A word that wants another: "ผู้อำนวยการโรงเรียน"."""
    heads = any_of([*_before(), *_heads()["strong"]["words"], *_heads()["plain"]["words"]])
    return re.compile(rf"(?:{heads}){{0,3}}(?:{any_of(_heads()['unfinished']['words'])})")


def is_shared(position: str) -> bool:
    """Whether a post is one that several persons hold at once."""
    return words("shared").match(position) is not None


def ends_at(text: str, at: int, limit: int) -> bool:
    """Whether a verb or joining word that ends positions stands at ``at``."""
    if text[at : at + 2] not in _end_beginnings():
        return False
    event = events().match(text, at, limit)
    return event is not None and event.lastgroup == "end"


@cache
def _end_beginnings() -> frozenset[str]:
    """The first two letters of the words that end positions: asked first, a set being faster than a pattern."""
    # A blank in a word stands for any blanks or none (ณ วัด, ณวัด).
    words = _ends()["glued"]["words"]
    return frozenset(
        w for word in words for w in (word[:2], word[:2].replace(" ", "\t"), word.replace(" ", "")[:2])
    )


def ends_position(text: str, at: int) -> bool:
    """Whether what follows ``at`` is plainly outside a position: a verb, a joining word, a mark, a new line."""
    after = BLANKS.match(text, at).end()  # type: ignore[union-attr]
    event = events().match(text, after)
    return after == len(text) or (event is not None and event.lastgroup in ("end", "joined", "mark", "blank"))


def verb_follows(text: str, at: int) -> bool:
    """Whether a verb or joining word that ends positions stands behind ``at``, blanks between them or not."""
    return ends_at(text, BLANKS.match(text, at).end(), len(text))  # type: ignore[union-attr]
