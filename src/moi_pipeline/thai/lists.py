"""Markers chained into lists: which number follows which, and which list stands inside an item of another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from moi_pipeline.thai.markers import Marker

_INLINE_GAP = 3000  # the longest item inside a paragraph
_LINE_GAP = 6000  # the longest item of several paragraphs
_DEEPEST = 4


@dataclass(slots=True)
class Chain:
    """Markers that count up by one. ``parent`` and ``under`` tell in whose which item the chain began."""

    style: str
    markers: list[Marker]
    prefix: tuple[int, ...] = ()  # (1,) for a chain 1.1, 1.2
    parent: Chain | None = None
    under: int = 0  # the parent's item, counted from 0
    nested: bool = False

    @property
    def next(self) -> int:
        return self.markers[-1].last + 1

    @property
    def start(self) -> int:
        return self.markers[0].start


def chain(markers: list[Marker]) -> list[Chain]:
    """All chains of two markers or more, in the order in which they begin.

    ``parent`` is the chain that was open when one began, whether or not it is an item's inner list:
    ``nested`` is set where the parent goes on after it, else it is for the caller to judge.
    """
    done: list[Chain] = []
    stack: list[Chain] = []
    for marker in markers:
        if stack and marker.start < stack[-1].markers[-1].end:
            continue  # inside the marker before (1.1 in 1.1.1)
        depth, reading = _continues(stack, marker)
        if depth is not None:
            for inner in stack[depth + 1 :]:
                inner.nested = inner.parent is not None
            del stack[depth + 1 :]
            number = stack[depth].next
            stack[depth].markers.append(reading if reading.last else replace(reading, number=(number,)))
        elif opening := _opening(marker):
            fresh = _opened(stack, opening)
            done.append(fresh)
            stack.append(fresh)
    kept = [one for one in done if len(one.markers) > 1]
    for one in kept:
        _settle_parent(one)
    return kept


def _opening(marker: Marker) -> Marker | None:
    """The reading of a marker with which a list may begin."""
    for reading in (marker, marker.plain):
        if reading and reading.opens and reading.last == 1:
            return reading
    return None


def _continues(stack: list[Chain], marker: Marker) -> tuple[int | None, Marker]:
    """Which open chain the marker goes on with, the innermost first, and in which reading."""
    for depth in range(len(stack) - 1, -1, -1):
        one = stack[depth]
        last = one.markers[-1]
        if not _follows(marker, one) or marker.number[:-1] != one.prefix:
            continue
        if marker.start - last.end > (_LINE_GAP if marker.line else _INLINE_GAP):
            continue
        for reading in (marker, marker.plain):
            if reading and reading.style == one.style:
                return depth, reading
        # "เป้าหมายที่ 1) ... 2) ... 3) ...": only the first has its head word.
        first = last.plain if len(one.markers) == 1 else None
        if first and first.style == marker.style:
            one.style = first.style
            one.markers[0] = first
            return depth, marker
    return None, marker


def _follows(marker: Marker, one: Chain) -> bool:
    """Whether a marker's number comes next in a chain.

    Where both begin their lines, one number left out or written twice is a typing error.
    """
    if marker.last in (one.next, 0):
        return marker.last != 1
    last = one.markers[-1]
    return marker.line and last.line and last.last > 1 and marker.last in (one.next + 1, last.last)


def _opened(stack: list[Chain], marker: Marker) -> Chain:
    """A new chain, under the innermost open one; those too far back are closed, and the outermost of too many."""
    stack[:] = [one for one in stack if marker.start - one.markers[-1].end <= _LINE_GAP]
    del stack[: max(0, len(stack) - _DEEPEST)]
    parent = stack[-1] if stack else None
    return Chain(marker.style, [marker], marker.number[:-1], parent, len(parent.markers) - 1 if parent else 0)


def _settle_parent(one: Chain) -> None:
    """Passes over parents that came to nothing."""
    while one.parent is not None and len(one.parent.markers) < 2:
        one.under = one.parent.under
        one.nested = one.nested and one.parent.nested
        one.parent = one.parent.parent
