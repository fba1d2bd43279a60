"""Monks: one name, which holds their rank, and no family name."""

from __future__ import annotations

import re
from functools import cache

from moi_pipeline.thai.anchors import AnchorKind
from moi_pipeline.thai.lexicon import any_of, load_table

_THAI = "[ก-ฮะ-ฺเ-ๅ็-๎]"
# A Pali name ends in an o or has a mark under its last letter: ฐิตธมฺโม, ปญฺญาวชิโร.
_PALI = rf"(?!เจ้า|รอง|วัด|ผู้|ที่|เลขา)(?:{_THAI}{{2,20}}โ[ก-ฮ]|{_THAI}{{1,18}}ฺ{_THAI}{{1,18}})(?!{_THAI})"
_CLERGY_PREFIX = r"(?:รอง|ผู้ช่วย|ที่ปรึกษา|เลขานุการ|อดีต|รักษาการแทน|รักษาการ|รักษาราชการแทน|ผู้รักษาการแทน|คณะ|ประธาน)*"
_LETTER = re.compile(r"[ก-ฮ]")
_POST_BEHIND = re.compile(
    rf"[ \t]{{0,12}}(?:\([^()\n]{{1,40}}\))?[ \t]{{0,12}}{_CLERGY_PREFIX}(?:เจ้าอาวาส|เจ้าคณะ|เจ้าสำนัก|วัด)"
)
_COURTESY = re.compile(r"พระเดชพระคุณ[ \t]{0,12}(?:ท่านเจ้าคุณ|เจ้าคุณ|หลวงพ่อ)?[ \t]{0,12}(?=พระ)")
_WINDOW = 110


@cache
def _not_names() -> re.Pattern[str]:
    return re.compile(any_of(load_table("titles")["monk"]["not_names"]))


@cache
def _ranked() -> re.Pattern[str]:
    ranks = any_of(load_table("titles")["monk"]["strong"])
    return re.compile(rf"({ranks})[ \t]?((?:(?!และพระ){_THAI}){{4,40}})((?:[ \t]{{1,3}}{_PALI}(?!{_THAI}))?)")


@cache
def _somdet() -> re.Pattern[str]:
    return re.compile(any_of(load_table("titles")["monk"]["somdet"]) + f"(?!{_THAI})")


@cache
def _before_post() -> re.Pattern[str]:
    """A monk's name that ends where a post of the clergy begins."""
    plain = any_of(load_table("titles")["monk"]["plain"])
    free = "|".join(f"(?<={word})" for word in ("โดย", "จาก", "และ", "มี", "คุณ", "ท่าน", "ด้วย", "ต่อ", "กับ"))
    no_name = "วัด|รอง|เจ้า|ผู้|ที่|เลขา|กรรมการ|อดีต|รักษา|พระ|ประธาน"
    degree = r"[ \t]{0,4}(?:,?[ \t]{0,4}(?:ผศ\.|รศ\.)?[ \t]{0,4}ดร\.)?"
    return re.compile(
        rf"(?:^|(?<!{_THAI})|{free})"
        rf"({plain})((?:(?!และพระ){_THAI}){{3,45}})((?:[ \t]{{1,3}}(?!{no_name}){_THAI}{{3,24}})?)"
        rf"{degree}[ \t]{{0,4}}(?:\([^()\n]{{1,40}}\))?[ ,\t]{{0,12}}\n?[ \t]{{0,4}}{_CLERGY_PREFIX}$"
    )


def find_monks(text: str, anchors: dict[AnchorKind, list[int]]) -> list[tuple[int, int]]:
    """The spans of monks' names (their rank included) in ``text``, in order.

    ``anchors`` are those of ``find_anchors(text)``.
    """
    found: dict[int, int] = {}
    free = 0
    for start in anchors["monk"]:
        match = _ranked().match(text, start) if start >= free else None
        if match is not None:
            free = match.end()
            if end := _ranked_end(text, match):
                found[start] = end
    for start in anchors["somdet"]:
        if match := _somdet().match(text, start):
            found[start] = match.end()
    for post in anchors["clergy"]:
        window = text[max(0, post - _WINDOW) : post]
        names = list(_before_post().finditer(window)) if "พระ" in window or "หลวง" in window else []
        if not names:
            continue
        named = names[-1]
        start = post - len(window) + named.start()
        end = start + len((named[1] + named[2] + named[3]).rstrip())
        courtesy = _COURTESY.match(text, start, end)
        if courtesy is not None:
            start = courtesy.end()
        if not _not_names().match(named[2]) or named[1].startswith("หลวง"):
            found.setdefault(start, end)
    return _apart(sorted(found.items())) if found else []


def _ranked_end(text: str, match: re.Match[str]) -> int:
    """Where a name behind a clear rank ends, 0 where the words are no monk's name."""
    rank, name, pali = match[1], match[2], match[3]
    if (
        match.start()
        and _LETTER.match(text, match.start() - 1)
        and text.endswith(("สมเด็จ", "วัด", "บ้าน"), 0, match.start())
    ):
        return 0
    if _not_names().match(name) or name.startswith(("และ", "ที่", "จาก", "ได้", "เป็น", "ใน", "ผู้")):
        return 0
    if rank in ("พระมหา", "พระอาจารย์") and not pali:
        after = _POST_BEHIND.match(text, match.end())
        return match.end() if after else 0
    return match.end()


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in spans:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept
