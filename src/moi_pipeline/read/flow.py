"""A parsed page → its readable lines, as a browser would show them, each with what tells text from navigation.

List numbers, which are not in the markup, are written back; table rows become lines. One pass without recursion:
pages nested ten thousand deep exist.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from moi_pipeline.read.lists import MARKER_END, MARKER_START, ListState, open_list

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

# fmt: off
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3",
    "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav", "ol",
    "optgroup", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul",
})
# fmt: on
_HEADINGS = {f"h{n}": n for n in range(1, 7)}
_HIDDEN = re.compile(r"display ?: ?none|visibility ?: ?hidden", re.I)
_KEEPS_BREAKS = re.compile(r"white-space ?: ?(?:pre|break-spaces)", re.I)
_ITEM_CELL = re.compile(r"\(?[\d๐-๙]{1,2}(?:\.[\d๐-๙]{1,2})*[.)]|[-•*–]")  # "1." in a cell of its own
_LABEL_CELL = re.compile(rf"{_ITEM_CELL.pattern}|[^:]{{2,40}} ?:")  # or a field's label: "หัวข้อข่าว :"
_CELL, _ROW_CELLS = 300, 40  # a longer cell is a page's column, not a table's
_MAX_TABLES = 60  # rows inside more tables than this stay lines


@dataclass(slots=True)
class Line:
    text: str
    links: int  # letters of it that are links
    block: int  # number of the block element that holds it
    heading: int = 0  # 1 to 6 inside h1 to h6


@dataclass(slots=True)
class Flow:
    lines: list[Line] = field(default_factory=list)
    parent: list[int] = field(default_factory=lambda: [-1])  # block element → the one around it
    places: dict[int, tuple[int, int]] = field(default_factory=dict)  # wanted element's mem_id → its lines


class _Writer:
    """Collects text into lines."""

    def __init__(self) -> None:
        self.flow = Flow()
        self.parts: list[str] = []
        self.linked = 0
        self.block = 0
        self.line_block = 0
        self.heading = 0
        self.line_heading = 0

    def text(self, text: str, *, link: bool, keep: bool) -> None:
        if keep and "\n" in text:
            first, *rest = text.split("\n")
            self.text(first, link=link, keep=False)
            for line in rest:
                self.end_line()
                self.text(line, link=link, keep=False)
            return
        if not self.parts:
            if text.isspace():
                return
            self.line_block, self.line_heading = self.block, self.heading
        self.parts.append(text)
        if link:
            self.linked += len(text.strip())

    def end_line(self) -> None:
        if not self.parts:
            return
        text = " ".join("".join(self.parts).split())
        if text:
            self.flow.lines.append(
                Line(text, min(self.linked, len(text)), self.line_block, self.line_heading)
            )
        self.parts.clear()
        self.linked = 0

    def end_row(self, starts: list[int]) -> None:
        """Make a table's row one line; its cells begin at the lines ``starts``, the last ends with the last line."""
        lines = self.flow.lines
        first = starts[0]
        if not 1 < len(starts) <= _ROW_CELLS or len(lines) - first > 3 * len(starts):
            return
        bounds = [*starts, len(lines)]
        cells = [lines[a:b] for a, b in pairwise(bounds) if b > a]
        texts = [" ".join(line.text for line in cell) for cell in cells]
        numbered = len(cells) == 2 and len(cells[1]) == 1 and _ITEM_CELL.fullmatch(texts[0])
        fits = all(len(t) <= (_CELL if len(c) == 1 else 80) for t, c in zip(texts, cells, strict=True))
        if len(cells) < 2 or not (fits or numbered):
            return
        links = sum(line.links for line in lines[first:])
        if 2 * links > sum(map(len, texts)):
            return
        joined = texts[0]
        for n, text in enumerate(texts[1:]):
            joined += (" " if n == 0 and _LABEL_CELL.fullmatch(texts[0]) else " | ") + text
        lines[first:] = [Line(joined, links, lines[first].block, lines[first].heading)]


def _hidden(attributes: dict[str, str | None]) -> bool:
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    return bool(style and _HIDDEN.search(style))


def flow_of(
    root: LexborNode, skip_tags: frozenset[str], skip: frozenset[int], wanted: frozenset[int]
) -> Flow:
    """The lines of ``root``, without elements of ``skip_tags``, of ``skip`` (mem_ids) and hidden ones.

    ``places`` of the result tells which lines the elements of ``wanted`` (mem_ids) hold.
    """
    out = _Writer()
    flow = out.flow
    lists: list[ListState] = []
    rows: list[list[int]] = []
    # what an element changed, to be undone at its end: (node, tag, block before, heading before, is link, keeps breaks)
    opened: list[tuple[LexborNode, str, int, int, int]] = []
    links = keeps = 0
    node: LexborNode | None = root
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            out.text(node.text(deep=False) or "", link=links > 0, keep=keeps > 0)
        elif tag == "br":
            out.end_line()
        elif tag[:1] != "-" and tag[:1] != "!" and tag not in skip_tags:
            attributes = node.attributes
            ident = node.mem_id
            if ident not in skip and not (attributes and _hidden(attributes)):
                block_before, heading_before, flags = out.block, out.heading, 0
                if tag in _BLOCKS:
                    out.end_line()
                    flow.parent.append(out.block)
                    out.block = len(flow.parent) - 1
                    if tag in _HEADINGS:
                        out.heading = _HEADINGS[tag]
                    elif tag in ("ol", "ul", "menu", "dir"):
                        lists.append(open_list(node, tag, attributes))
                    elif tag == "li" and lists:
                        if marker := lists[-1].marker(attributes):
                            out.text(f"{MARKER_START}{marker}{MARKER_END}", link=False, keep=False)
                    elif tag == "tr":
                        rows.append([])
                    elif tag in ("td", "th") and rows:
                        rows[-1].append(len(flow.lines))
                elif tag == "a":
                    flags |= 1
                    links += 1
                elif tag == "q":
                    out.text("“", link=links > 0, keep=False)
                style = attributes.get("style") if attributes else None
                if tag == "pre" or (style and _KEEPS_BREAKS.search(style)):
                    flags |= 2
                    keeps += 1
                if ident in wanted:
                    out.end_line()
                    flow.places[ident] = (len(flow.lines), len(flow.lines))
                opened.append((node, tag, block_before, heading_before, flags))
                child = node.child
                if child is not None:
                    node = child
                    continue
                node = _close(out, opened, lists, rows, wanted)
                links -= flags & 1
                keeps -= flags >> 1
        # on to the next node in reading order, closing what ends here
        while node is not None:
            following = node.next if opened else None
            if following is not None:
                node = following
                break
            if not opened:
                node = None
                break
            flags = opened[-1][4]
            node = _close(out, opened, lists, rows, wanted)
            links -= flags & 1
            keeps -= flags >> 1
    out.end_line()
    return flow


def _close(
    out: _Writer,
    opened: list[tuple[LexborNode, str, int, int, int]],
    lists: list[ListState],
    rows: list[list[int]],
    wanted: frozenset[int],
) -> LexborNode:
    """End the innermost open element and give it back."""
    node, tag, block, heading, _ = opened.pop()
    if tag in _BLOCKS:
        out.end_line()
        if tag in ("ol", "ul", "menu", "dir"):
            lists.pop()
        elif tag == "tr":
            starts = rows.pop()
            if starts and len(rows) < _MAX_TABLES:
                out.end_row(starts)
    elif tag == "q":
        out.text("”", link=False, keep=False)
    out.block, out.heading = block, heading
    if node.mem_id in wanted:
        out.end_line()
        start = out.flow.places[node.mem_id][0]
        out.flow.places[node.mem_id] = (min(start, len(out.flow.lines)), len(out.flow.lines))
    return node
