"""A page → an article."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from moi_pipeline.read.assemble import assemble
from moi_pipeline.read.body import posting_near
from moi_pipeline.read.canonical import canonical
from moi_pipeline.read.content import content_places
from moi_pipeline.read.flow import Flow, flow_of
from moi_pipeline.read.lists import place_markers
from moi_pipeline.read.locate import Spot, candidate_nodes, letters_of, locate, title_of, unescaped
from moi_pipeline.read.metadata import read_metadata
from moi_pipeline.read.model import Article, NotArticle, Removed
from moi_pipeline.read.mojibake import repair_mojibake
from moi_pipeline.read.posting import read_posting_line
from moi_pipeline.read.refuse import refuse_page

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_POOR = 200  # letters of a body so short that it is looked for again
_HUGE_TAG = re.compile(r"<[A-Za-z][^<>]{20000,}>?")
_MAX_ATTRIBUTES = 500
_LISTED_LINES = 300  # lines outside the body that are told


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
    nodes = candidate_nodes(tree)
    wanted = frozenset(node.mem_id for found in nodes.values() for node in found)
    listed = " ".join(canonical(listed_title).split()) if listed_title else None
    places = content_places()
    flow = _flow(tree, root, wanted, f"{places.junk}, {places.maybe_junk}")
    at = locate(flow, meta, nodes, listed)
    letters = letters_of(flow.lines[at.start : at.end])
    if letters < _POOR and tree.css_first(places.maybe_junk):
        # next to nothing: a template may have the release in an element that is named as furniture elsewhere
        whole = _flow(tree, root, wanted, places.junk)
        other = locate(whole, meta, nodes, listed)
        if letters_of(whole.lines[other.start : other.end]) > 3 * max(letters, 40):
            flow, at = whole, other
    body = flow.lines[at.start : at.end]
    title = title_of(flow, meta, listed, at)
    prose = "\n".join(line.text for line in body)
    if refused := refuse_page(tree, meta.page_title or "", prose if prose else _visible(flow)):
        return refused
    parts = [title] if title else []
    shown = [line.text for line in body]
    if meta.posting_line and not any(read_posting_line(line) for line in shown[:3]):
        parts.append(meta.posting_line)
    elif not meta.posting_line:
        parts.extend(posting_near(flow.lines, at.start, at.end)[:2])
    for i, line in enumerate(place_markers(unescaped(line.text) for line in body)):
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


def _visible(flow: Flow) -> str:
    return "\n".join(line.text for line in flow.lines[:200])


def _flow(tree: LexborHTMLParser, root: LexborNode, wanted: frozenset[int], junk: str) -> Flow:
    skip = frozenset(node.mem_id for node in tree.css(junk))
    return flow_of(root, content_places().skip_tags, skip, wanted)


def _outside(flow: Flow, at: Spot) -> list[Removed]:
    """The lines of the page that are no navigation and did not go into the article."""
    out = []
    for i, line in enumerate(flow.lines):
        if at.start <= i < at.end or i == at.title or 2 * line.links > len(line.text) or len(line.text) < 20:
            continue
        out.append(Removed("outside the body", canonical(line.text), i))
        if len(out) == _LISTED_LINES:
            break
    return out
