"""Which lines of a page are the release: the template's own place, else the stretch of the page that reads as prose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from moi_pipeline.read.chrome import chrome_reason, ends_body
from moi_pipeline.read.content import content_places
from moi_pipeline.read.flow import Flow, Line
from moi_pipeline.read.headline import key
from moi_pipeline.read.posting import read_posting_line
from moi_pipeline.read.refuse import thai_letters

_MARKER = re.compile("\x02[^\x03]*\x03 ?")
_WORDS = re.compile(r"[^\W_]")
_WALL = -5000  # no stretch goes across a heading such as "related news"
_TITLE_WORTH = 150  # the title on the page is where the body begins
_SOME = 80  # letters that make a body after a title
_TITLE_REACH = 14  # lines between title and body: dates, counters, share bars
_MORE_LINES, _MORE_LETTERS = 12, 900  # short lines taken along after the stretch


def worth(line: Line) -> int:
    """How much a line speaks for a body (positive) or for the page's furniture (negative)."""
    text = _MARKER.sub("", line.text)
    if ends_body(text) or (line.heading and content_places().side_heading.fullmatch(text)):
        return _WALL
    if 2 * line.links > len(text):
        return (-120 if line.heading else -15) - min(
            line.links, 60
        )  # a heading that is a link opens another item
    if len(text) < 400 and content_places().contact.search(text):
        return -200
    if text.startswith("#"):
        return 0
    foreign = len(text) - line.links
    thai = thai_letters(text)
    if thai < 8 and foreign < 60:
        return -4
    if chrome_reason(text, "head"):
        return -15
    size = max(thai, foreign // 4)
    return size if size >= 50 else size // 5


def _best_stretch(values: Sequence[int]) -> tuple[int, int] | None:
    """The run [a, b) of the highest sum (Kadane), None where nothing is above zero."""
    best, best_range = 0, None
    total, start = 0, 0
    for i, value in enumerate(values):
        if total <= 0:
            total, start = 0, i
        total += value
        if total > best:
            best, best_range = total, (start, i + 1)
    return best_range


def _ancestors(flow: Flow, block: int, limit: int = 400) -> list[int]:
    out: list[int] = []
    while block >= 0 and len(out) < limit:
        out.append(block)
        block = flow.parent[block]
    return out


def _around(flow: Flow, first: int, last: int) -> int:
    """The innermost block element that holds both blocks, and so all that stands between them."""
    inside = set(_ancestors(flow, first))
    return next((block for block in _ancestors(flow, last) if block in inside), 0)


def title_line(
    lines: Sequence[Line], candidates: Iterable[str | None], first: int = 0, last: int | None = None
) -> int | None:
    """The line that shows one of the title ``candidates`` (best first), headings before other lines."""
    last = len(lines) if last is None else last
    for candidate in candidates:
        wanted = key(candidate.rstrip(".… "))[:60] if candidate else ""
        if len(wanted) < 10:
            continue
        found = [i for i in range(first, last) if key(_MARKER.sub("", lines[i].text))[:60].startswith(wanted)]
        if found:
            headings = [i for i in found if lines[i].heading]
            return (headings or found)[0]
    return None


def heading_below(lines: Sequence[Line], title_at: int, last: int) -> int | None:
    """A heading under ``title_at`` and a menu: then the line at ``title_at`` is the site's name, this the title."""
    menu = 0
    for i in range(title_at + 1, min(last, title_at + 200)):
        line = lines[i]
        menu += 2 * line.links > len(line.text)
        if menu >= 2 and line.heading and 2 * line.links <= len(line.text) and len(line.text) >= 20:
            return i if not (ends_body(line.text) or chrome_reason(line.text, "head")) else None
        if menu < 2 and worth(line) >= 80:
            return None
    return None


def _wall(lines: Sequence[Line], values: Sequence[int], start: int) -> int:
    """Where what follows the title at ``start`` surely ends: a wall, or the first of several items' linked headings."""
    linked: list[int] = []
    prose = 0
    for i in range(start + 1, len(values)):
        if values[i] <= _WALL:
            return linked[0] if len(linked) > 1 else i
        if lines[i].heading and 2 * lines[i].links > len(lines[i].text) and prose >= _SOME:
            linked.append(i)
        prose += max(0, values[i])
    return linked[0] if len(linked) > 1 else len(values)


def find_body(flow: Flow, first: int, last: int, title_at: int | None) -> tuple[int, int] | None:
    """The body among ``flow.lines[first:last]`` as a range of lines; None where the page has no prose.

    ``title_at`` is the line of the title, if it stands on the page: the body begins near after it.
    """
    lines = flow.lines
    values = [worth(line) for line in lines[first:last]]
    stretch = None
    if title_at is not None and first <= title_at < last and values[title_at - first] > _WALL:
        values[title_at - first] = max(values[title_at - first], _TITLE_WORTH)
        # what follows the title up to the next wall, though other items' excerpts may be longer together
        stretch = _best_stretch(values[title_at - first : _wall(lines[first:last], values, title_at - first)])
        if stretch and sum(values[title_at - first :][slice(*stretch)]) >= _TITLE_WORTH + _SOME:
            stretch = (stretch[0] + title_at - first, stretch[1] + title_at - first)
        else:
            stretch = None
    stretch = stretch or _best_stretch(values)
    if stretch is None:
        return None
    start, end = stretch[0] + first, stretch[1] + first
    core = [lines[i].block for i in range(start, end) if values[i - first] >= 50]
    home = _around(flow, core[0], core[-1]) if core else lines[start].block
    end = _extend(flow, end, last, home, values[end - first :])
    if title_at is not None and start - _TITLE_REACH <= title_at < start:
        start = title_at
    return start, end


def _extend(flow: Flow, end: int, last: int, home: int, values: Sequence[int]) -> int:
    """The end moved past the short last lines of the body: a place, a signature, the last items of a list."""
    lines = flow.lines
    letters = 0
    new_end = end
    for i, value in zip(range(end, min(last, end + _MORE_LINES)), values, strict=False):
        line = lines[i]
        letters += len(line.text)
        if value <= -15 or letters > _MORE_LETTERS or home not in _ancestors(flow, line.block):
            break
        if value >= 0 or not _WORDS.search(line.text) or read_posting_line(line.text):
            new_end = i + 1
    return new_end


def posting_near(lines: Sequence[Line], start: int, end: int) -> list[str]:
    """Posting lines just above or below the body, which its own place left out."""
    near = [*range(max(0, start - 8), start), *range(end, min(len(lines), end + 5))]
    out = []
    for i in near:
        line = lines[i]
        posting = read_posting_line(line.text) if 2 * line.links <= len(line.text) else None
        if posting and (posting.sort in ("posted", "updated") or (i < start and posting.sort == "bare")):
            out.append(line.text)
    return out
