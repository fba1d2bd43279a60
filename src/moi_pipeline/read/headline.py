"""Which line is the title, and which lines after it only repeat it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from moi_pipeline.read.chrome import chrome_reason, is_name_of_site, trim_title
from moi_pipeline.read.model import Removed

MAX_TITLE = 400  # a longer line is a paragraph, whatever it begins with
_SHORTENED = 180  # length of the title made for a page that begins with its lead paragraph
_KEYED = 600  # letters of a line that are compared: more than a title has
_LOOK = 8  # lines after the title among which copies of it stand
_QUOTES = "\"'“”‘’«»„‟′″`"
_NO_QUOTES = str.maketrans("", "", _QUOTES)
_NOT_IN_KEY = re.compile(f"[\\s{_QUOTES}]")
_ELLIPSIS = re.compile(r"(?: ?\.{2,}| ?…)$")
_SITE_MARK = "|»:："


@dataclass(slots=True)
class Headline:
    title: str
    line: int  # of the line that it was taken from
    drop: dict[int, str] = field(default_factory=dict)  # line → why it goes: it repeats the title
    removed: list[Removed] = field(default_factory=list)  # fragments of the title


@lru_cache(maxsize=64)  # several rules compare the same few lines of a page
def key(line: str) -> str:
    """The line's beginning without spaces and quotation marks, which copies of a title differ in."""
    return "".join(line[:_KEYED].split()).translate(_NO_QUOTES)


def _runs_on(short: str, long: str) -> bool:
    """True where ``long``, which begins as ``short`` does, goes on in the same word: ``short`` was cut."""
    if _ELLIPSIS.search(short):
        return True
    left = len(key(short))
    for char in long[:_KEYED]:
        if left == 0:
            return char.isalnum() or "\u0e30" <= char <= "\u0e4e"
        left -= not _NOT_IN_KEY.match(char)
    return False


def _without_site(title: str, at: int, copies: list[str]) -> tuple[str, Removed | None]:
    """The title without a site name or section label before or after it, as its copy on the page shows it."""
    whole = key(title)
    for copy in copies:
        part = key(copy)
        if not 15 <= len(part) < len(whole):
            continue
        if whole.endswith(part) and len(copy) < len(title):
            lead = title[: len(title) - len(copy)].strip()
            if lead and (lead[-1] in _SITE_MARK or chrome_reason(lead, "head") == "section label"):
                return copy, Removed("site name at title", lead, at)
        if whole.startswith(part) and len(copy) < len(title):
            rest = title[len(copy) :].strip()
            if rest[:1] in ("|", "»") or rest.startswith("::"):
                return copy, Removed("site name at title", rest, at)
    return title, None


def _shortened(paragraph: str) -> str:
    cut = paragraph.rfind(" ", 40, _SHORTENED)
    return paragraph[: cut if cut > 0 else _SHORTENED].strip()


def _start(lines: list[tuple[int, str]]) -> int:
    """Which of ``lines`` is the title: the first, but for names of the site or a section over it."""
    firsts = [text for _, text in lines[:_LOOK]]
    keys = [key(text) for text in firsts]
    if len(keys) < 2 or keys[0] in keys[1:]:
        return 0
    for n, own in enumerate(keys):  # a line that stands twice at the head is the title and its copy
        if n and len(own) >= 25 and len(firsts[n]) <= MAX_TITLE and own in keys[n + 1 :]:
            over = keys[:n]
            strange = all(len(k) < len(own) and own[:15] not in k and k[:15] not in own for k in over)
            return n if strange and sum(map(len, over)) < 150 else 0
    for n, text in enumerate(firsts[:3]):
        following = firsts[n + 1] if n + 1 < len(firsts) else ""
        if not (is_name_of_site(text) and 30 <= len(following) <= MAX_TITLE and len(following) > len(text)):
            return n
    return 0


def find_title(lines: list[tuple[int, str]], listed: str | None = None) -> Headline | None:
    """The title among ``lines`` (number, text; no blank, chrome or posting line), and the lines that repeat it.

    ``listed`` is the title that the site's own list gave: it decides which line is meant.
    """
    if not lines:
        return Headline(listed, -1) if listed else None
    start, extra = _start(lines), None
    if listed:
        wanted = key(_ELLIPSIS.sub("", listed))
        like = [n for n, (_, line) in enumerate(lines[:_LOOK]) if wanted and key(line).startswith(wanted)]
        if not like:
            return _drop_copies(Headline(listed, -1), lines[:_LOOK])
        start = like[0]
    at, line = lines[start]
    title, removed = trim_title(line, at)
    title, extra = _without_site(title, at, [text for _, text in lines[start + 1 : start + 5]])
    if extra:
        removed.append(extra)
    head = Headline(title, at, removed=removed)
    if len(title) > MAX_TITLE:  # the page begins with its lead: that stays in the body
        return Headline(listed or _shortened(title), -1)
    return _drop_copies(head, lines[start + 1 : start + 1 + _LOOK])


def _drop_copies(head: Headline, after: list[tuple[int, str]]) -> Headline:
    """``head`` with the copies of its title among ``after`` marked, the fullest copy made the title."""
    mine = key(_ELLIPSIS.sub("", head.title))
    first = mine
    keyed = [(at, line, key(line)) for at, line in after]
    grown = [
        (at, line)
        for at, line, own in keyed
        if own.startswith(mine) and own != mine and len(line) <= MAX_TITLE
    ]
    if grown and len(mine) >= 30:
        at, full = max(grown, key=lambda pair: len(pair[1]))
        left = sum(len(line) for n, line, own in keyed if n != at and not own.startswith(mine))
        if _runs_on(head.title, full) and (left >= 100 or _ELLIPSIS.search(head.title)):
            head.removed.append(Removed("title cut off", head.title, head.line))
            head.title = trim_title(full, at)[0]
            head.drop[at] = "title repeated"
            mine = key(_ELLIPSIS.sub("", head.title))
    whole = key(head.title)
    for n, (at, written, begun) in enumerate(keyed):
        if at in head.drop or len(written) > MAX_TITLE + 60:
            continue
        if begun[:1] != mine[:1] and ":" not in written[:20] and "-" not in written[:40]:
            continue
        line = trim_title(written, at)[0]  # without the labels that themes put at its end
        own = key(line)
        cut = key(_ELLIPSIS.sub("", line))
        if own in (mine, whole) or cut == first:
            head.drop[at] = "title repeated"
            continue
        if len(cut) < max(30, 0.6 * len(mine)) or not (own.startswith(mine) or mine.startswith(cut)):
            continue
        # a copy cut off in mid-word, of the title or of a fuller line below: nothing is lost with it
        fuller = [(head.title, whole), *((text, k) for _, text, k in keyed[n + 1 :] if k.startswith(mine))]
        if any(k.startswith(cut) and k != cut and _runs_on(line, text) for text, k in fuller):
            head.drop[at] = "title repeated"
    return head
