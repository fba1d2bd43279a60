"""Where on a page title and body are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from moi_pipeline.read.body import find_body, heading_below, title_line
from moi_pipeline.read.chrome import chrome_reason, trim_title
from moi_pipeline.read.content import Place, content_places
from moi_pipeline.read.flow import Flow, Line
from moi_pipeline.read.headline import MAX_TITLE, key
from moi_pipeline.read.metadata import Metadata, title_parts
from moi_pipeline.read.posting import read_posting_line
from moi_pipeline.read.refuse import thai_letters

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_ESCAPED_TWICE = re.compile(r"&(?:nbsp|quot|amp|ldquo|rdquo|lsquo|rsquo|hellip|ndash|mdash|#\d{2,5});?")
_TITLE_NEAR = 25  # lines between a page title's copy and the body
_SURE_TITLE = 260  # letters; a longer first line may be the lead


@dataclass(frozen=True, slots=True)
class Spot:
    title: int | None  # line that shows the title
    start: int  # the body's lines
    end: int
    other_heading: bool = False  # the named title is the site's name, a heading nearer to the body the title


def unescaped(text: str) -> str:
    return unescape(text) if "&" in text and _ESCAPED_TWICE.search(text) else text


def candidate_nodes(tree: LexborHTMLParser) -> dict[str, list[LexborNode]]:
    """The elements that the body may be, by selector."""
    places = content_places()
    selectors = [s for place in places.body for s in place.parts] + list(places.around)
    return {s: found for s in selectors if (found := tree.css(s)[:50])}


def _named(meta: Metadata) -> list[str]:
    """What the page itself calls the article's title, without what is the site's name."""
    found = [t for t in (meta.marked_title, meta.named_title) if t and t != meta.site_name]
    return [t for t in found if chrome_reason(t, "head") is None]


def letters_of(lines: list[Line]) -> int:
    return sum(len(line.text) - line.links for line in lines)


def _marked_body(flow: Flow, place: Place, nodes: dict[str, list[LexborNode]]) -> tuple[int, int] | None:
    """The lines in the place where a known template has its body."""
    ranges = []
    for selector in place.parts:
        found = [flow.places[n.mem_id] for n in nodes.get(selector, ()) if n.mem_id in flow.places]
        if found:
            ranges.append(max(found, key=lambda r: letters_of(flow.lines[r[0] : r[1]])))
    ranges = [r for r in ranges if letters_of(flow.lines[r[0] : r[1]]) > 0]
    if not ranges:
        return None
    if place.any:
        return ranges[0]
    return min(r[0] for r in ranges), max(r[1] for r in ranges)


def locate(flow: Flow, meta: Metadata, nodes: dict[str, list[LexborNode]], listed: str | None) -> Spot:
    """Where title and body are."""
    lines = flow.lines
    other = False
    title_at = title_line(lines, [listed, *_named(meta)])
    general = find_body(flow, 0, len(lines), title_at)
    if title_at is not None and general and (below := heading_below(lines, title_at, general[1])) is not None:
        title_at, other = below, True
        general = find_body(flow, 0, len(lines), title_at)
    if title_at is None and general and meta.page_title and chrome_reason(meta.page_title, "head") is None:
        first, last = max(0, general[0] - _TITLE_NEAR), min(len(lines), general[0] + 3)
        title_at = title_line(lines, title_parts(meta.page_title), first, last)
        if title_at is not None and heading_below(lines, title_at, general[1]) is None:
            general = find_body(flow, 0, len(lines), title_at) or general
        else:
            title_at = None
    enough = letters_of(lines[slice(*general)]) if general else 0
    for place in content_places().body:
        marked = _marked_body(flow, place, nodes)
        if marked is None:
            continue
        letters = letters_of(lines[marked[0] : marked[1]])
        if letters >= 60 and 3 * letters >= enough:
            return Spot(title_at, *marked, other)
    for selector in content_places().around:
        ranges = [flow.places[n.mem_id] for n in nodes.get(selector, ()) if n.mem_id in flow.places]
        ranges = [r for r in ranges if title_at is None or r[0] <= title_at < r[1]]
        if not ranges:
            continue
        first, last = max(ranges, key=lambda r: letters_of(lines[r[0] : r[1]]))
        inner = find_body(flow, first, last, title_at)
        if inner and 2 * letters_of(lines[inner[0] : inner[1]]) >= enough:
            return Spot(title_at, *inner, other)
    return Spot(title_at, *(general or (0, 0)), other)


def title_of(flow: Flow, meta: Metadata, listed: str | None, at: Spot) -> str | None:
    """The title's words: as the page shows them, else as its head or the site's list has them."""
    lines, start = flow.lines, at.start
    named = [t for t in (listed, *_named(meta)) if t]
    if at.other_heading:  # what the page names is the site: its headings know better
        named = []
    if at.title is not None:
        shown = unescaped(lines[at.title].text)
        shortest = min(
            (len(t) for t in named if key(shown).startswith(key(t.rstrip(".… "))[:60])), default=len(shown)
        )
        if len(shown) <= MAX_TITLE and (lines[at.title].heading or len(shown) <= 1.4 * shortest + 20):
            return shown
    if named:
        return named[0]
    above = [
        line
        for line in lines[max(0, start - 14) : start + 3]
        if line.heading and 2 * line.links <= len(line.text)
    ]
    above = [line for line in above if thai_letters(line.text) >= 15 and not chrome_reason(line.text, "head")]
    if above:
        return above[-1].text
    if start < at.end and (first := _first_line_title(lines, start)):
        return first
    parts = title_parts(meta.page_title) if meta.page_title else []
    return max(parts[1:], key=thai_letters, default=parts[0]) if parts else None


def _first_line_title(lines: list[Line], start: int) -> str | None:
    """The line at the body's head that can be the title: a labelled one, else the first, if short or dated."""
    for line in lines[max(0, start - 8) : start + 1]:
        text = unescaped(line.text)
        if 15 <= len(text) <= MAX_TITLE and ":" in text[:20] and trim_title(text, 0)[0] != text:
            return text
    text = unescaped(lines[start].text)
    if not 15 <= len(text) <= MAX_TITLE:
        return None
    dated = any(read_posting_line(line.text) for line in lines[start + 1 : start + 3])
    return text if len(text) <= _SURE_TITLE or dated else None
