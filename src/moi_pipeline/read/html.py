"""A page → an article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from typing import TYPE_CHECKING

from moi_pipeline.read.assemble import assemble
from moi_pipeline.read.body import find_body, heading_below, posting_near, title_line
from moi_pipeline.read.canonical import canonical
from moi_pipeline.read.chrome import chrome_reason, trim_title
from moi_pipeline.read.content import Place, content_places
from moi_pipeline.read.flow import Flow, Line, flow_of
from moi_pipeline.read.headline import MAX_TITLE, key
from moi_pipeline.read.lists import place_markers
from moi_pipeline.read.metadata import Metadata, read_metadata, title_parts
from moi_pipeline.read.model import Article, NotArticle, Removed
from moi_pipeline.read.mojibake import repair_mojibake
from moi_pipeline.read.posting import read_posting_line
from moi_pipeline.read.refuse import refuse_page, thai_letters

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_POOR = 120  # letters; a reading without the marked-off parts is poorer than this only on pages built oddly
_ESCAPED_TWICE = re.compile(r"&(?:nbsp|quot|amp|ldquo|rdquo|lsquo|rsquo|hellip|ndash|mdash|#\d{2,5});?")
_HUGE_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}>?")
_MAX_ATTRIBUTES = 500
_TITLE_NEAR = 25  # lines between a page title's copy and the body
_SURE_TITLE = 260  # letters; a longer first line may be the lead
_LISTED_LINES = 300  # lines outside the body that are told


@dataclass(frozen=True, slots=True)
class _Spot:
    title: int | None  # line that shows the title
    start: int  # the body's lines
    end: int
    other_heading: bool = False  # the named title is the site's name, a heading nearer to the body the title


def parse(markup: str) -> LexborHTMLParser:
    """The tree of a page or a piece of one."""
    from selectolax.lexbor import LexborHTMLParser

    # the parser compares each attribute of a tag with all before it
    return LexborHTMLParser(_HUGE_TAG.sub(_fewer_attributes, markup.replace("\x00", "")))


def _fewer_attributes(tag: re.Match[str]) -> str:
    return tag.group() if tag.group().count("=") < _MAX_ATTRIBUTES else tag.group()[:4000] + ">"


def read_html(
    text: str,
    *,
    charset: str = "utf-8",
    warnings: tuple[str, ...] = (),
    url: str = "",
    listed_title: str | None = None,
    listed_published: date | datetime | str | None = None,
) -> Article | NotArticle:
    """The article on a decoded page, or why it has none. Malformed markup is read as browsers read it."""
    text, note = repair_mojibake(text)
    tree = parse(text)
    root = tree.body or tree.root
    if root is None:
        return NotArticle("empty")
    meta = read_metadata(tree)
    nodes = _candidate_nodes(tree)
    flow = _flow(tree, root, nodes)
    listed = " ".join(canonical(listed_title).split()) if listed_title else None
    at = _locate(flow, meta, nodes, listed)
    body = flow.lines[at.start : at.end]
    title = _title(flow, meta, listed, at)
    prose = "\n".join(line.text for line in body)
    if refused := refuse_page(tree, meta.page_title or "", prose if prose else _visible(flow)):
        return refused
    parts = [title] if title else []
    shown = [line.text for line in body]
    if meta.posting_line and not any(read_posting_line(line) for line in shown[:3]):
        parts.append(meta.posting_line)
    elif not meta.posting_line:
        parts.extend(posting_near(flow.lines, at.start, at.end)[:2])
    for i, line in enumerate(place_markers(_unescaped(line.text) for line in body)):
        if at.start + i != at.title or line != title:
            parts.append(line)
    return assemble(
        "\n".join(parts),
        charset=charset,
        warnings=(*warnings, note) if note else warnings,
        url=url or meta.canonical_url or "",
        listed_title=title,
        listed_published=listed_published or meta.published,
        removed=[r for r in _outside(flow, at) if r.text not in parts],
    )


def _unescaped(text: str) -> str:
    return unescape(text) if "&" in text and _ESCAPED_TWICE.search(text) else text


def _visible(flow: Flow) -> str:
    return "\n".join(line.text for line in flow.lines[:200])


def _candidate_nodes(tree: LexborHTMLParser) -> dict[str, list[LexborNode]]:
    """The elements that the body may be, by selector."""
    places = content_places()
    selectors = [s for place in places.body for s in place.parts] + list(places.around)
    return {s: found for s in selectors if (found := tree.css(s)[:50])}


def _flow(tree: LexborHTMLParser, root: LexborNode, nodes: dict[str, list[LexborNode]]) -> Flow:
    """The page's lines without its marked-off furniture; with it, where next to nothing else is left."""
    places = content_places()
    wanted = frozenset(node.mem_id for found in nodes.values() for node in found)
    junk = frozenset(node.mem_id for node in tree.css(places.junk))
    flow = flow_of(root, places.skip_tags, junk, wanted)
    if (
        junk
        and sum(thai_letters(line.text) for line in flow.lines if 2 * line.links < len(line.text)) < _POOR
    ):
        whole = flow_of(root, places.skip_tags, frozenset(), wanted)
        if sum(len(line.text) for line in whole.lines) > 2 * sum(len(line.text) for line in flow.lines):
            return whole
    return flow


def _named(meta: Metadata) -> list[str]:
    """What the page itself calls the article's title, without what is the site's name."""
    found = [t for t in (meta.marked_title, meta.named_title) if t and t != meta.site_name]
    return [t for t in found if chrome_reason(t, "head") is None]


def _letters(lines: list[Line]) -> int:
    return sum(len(line.text) - line.links for line in lines)


def _marked_body(flow: Flow, place: Place, nodes: dict[str, list[LexborNode]]) -> tuple[int, int] | None:
    """The lines in the place where a known template has its body."""
    ranges = []
    for selector in place.parts:
        found = [flow.places[n.mem_id] for n in nodes.get(selector, ()) if n.mem_id in flow.places]
        if found:
            ranges.append(max(found, key=lambda r: _letters(flow.lines[r[0] : r[1]])))
    ranges = [r for r in ranges if _letters(flow.lines[r[0] : r[1]]) > 0]
    if not ranges:
        return None
    if place.any:
        return ranges[0]
    return min(r[0] for r in ranges), max(r[1] for r in ranges)


def _locate(flow: Flow, meta: Metadata, nodes: dict[str, list[LexborNode]], listed: str | None) -> _Spot:
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
    enough = _letters(lines[slice(*general)]) if general else 0
    for place in content_places().body:
        marked = _marked_body(flow, place, nodes)
        if marked is None:
            continue
        letters = _letters(lines[marked[0] : marked[1]])
        if letters >= 60 and 3 * letters >= enough:
            return _Spot(title_at, *marked, other)
    for selector in content_places().around:
        ranges = [flow.places[n.mem_id] for n in nodes.get(selector, ()) if n.mem_id in flow.places]
        ranges = [r for r in ranges if title_at is None or r[0] <= title_at < r[1]]
        if not ranges:
            continue
        first, last = max(ranges, key=lambda r: _letters(lines[r[0] : r[1]]))
        inner = find_body(flow, first, last, title_at)
        if inner and 2 * _letters(lines[inner[0] : inner[1]]) >= enough:
            return _Spot(title_at, *inner, other)
    return _Spot(title_at, *(general or (0, 0)), other)


def _title(flow: Flow, meta: Metadata, listed: str | None, at: _Spot) -> str | None:
    """The title's words: as the page shows them, else as its head or the site's list has them."""
    lines, start = flow.lines, at.start
    named = [t for t in (listed, *_named(meta)) if t]
    if at.other_heading:  # what the page names is the site: its headings know better
        named = []
    if at.title is not None:
        shown = _unescaped(lines[at.title].text)
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
        text = _unescaped(line.text)
        if 15 <= len(text) <= MAX_TITLE and ":" in text[:20] and trim_title(text, 0)[0] != text:
            return text
    text = _unescaped(lines[start].text)
    if not 15 <= len(text) <= MAX_TITLE:
        return None
    dated = any(read_posting_line(line.text) for line in lines[start + 1 : start + 3])
    return text if len(text) <= _SURE_TITLE or dated else None


def _outside(flow: Flow, at: _Spot) -> list[Removed]:
    """The lines of the page that are no navigation and did not go into the article."""
    out = []
    for i, line in enumerate(flow.lines):
        if at.start <= i < at.end or i == at.title or 2 * line.links > len(line.text) or len(line.text) < 20:
            continue
        out.append(Removed("outside the body", canonical(line.text), i))
        if len(out) == _LISTED_LINES:
            break
    return out
