"""Numbered policy items: the enumerated lists of a release, with what announces them and whose they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from moi_pipeline.thai.extents import cut_before_list, last_end, shared_prefix, trimmed, without_furniture
from moi_pipeline.thai.intros import declared_count, introduction, list_intro, titled_count
from moi_pipeline.thai.list_checks import echoed, is_list
from moi_pipeline.thai.list_orders import gives_orders
from moi_pipeline.thai.list_speaker import list_speaker
from moi_pipeline.thai.lists import Chain, chain
from moi_pipeline.thai.listwords import list_words
from moi_pipeline.thai.markers import find_markers
from moi_pipeline.thai.model import OfficialMention, PolicyItem, Release

_DEEPEST = 6  # levels of lists within lists
_FARTHEST = 3  # lists on, that a last item may reach


def find_items(release: Release, officials: list[OfficialMention]) -> list[PolicyItem]:
    """The items of all numbered lists of two items or more, in the order of the text.

    ``officials`` are the release's officials: the one who speaks or orders in a list's introduction
    becomes its ``speaker``.
    """
    text = release.text
    chains = chain(find_markers(text))
    if not chains:
        return []
    spans = _spans(text, chains)
    officials = sorted(officials, key=lambda mention: mention.span_start)
    named = [(mention.span_start, mention.span_end) for mention in officials if mention.full_name]
    kept = [one for one in chains if is_list(text, spans[id(one)], named)]
    outer = [one for one in kept if not one.nested]
    echoes = echoed(text, [spans[id(one)] for one in outer])
    dropped = {id(one) for one, echo in zip(outer, echoes, strict=True) if echo}
    kept = [one for one in kept if id(one) not in dropped]
    return _items(release, kept, spans, officials)


def _spans(text: str, chains: Sequence[Chain]) -> dict[int, list[tuple[int, int]]]:
    """Each chain's item spans, by the chain's id; settles which chains are nested."""
    spans: dict[int, list[tuple[int, int]]] = {}
    inner = _first_inner(chains)
    starts = [one.start for one in chains]
    for one in chains:
        prefix = len(shared_prefix(text, one.markers))
        own = []
        before = []
        for index, (marker, following) in enumerate(pairwise(one.markers)):
            end = without_furniture(text, marker.body, following.start - prefix)
            end = trimmed(text, marker.body, end)
            own.append((marker.body, end))
            before.append(text[marker.body : min(end, inner.get((id(one), index), end))])
        last = one.markers[-1]
        # An item holds an inner list or two at the most; so a text of many lists costs no more than its length.
        beyond = bisect_right(starts, last.body) + _FARTHEST
        limit = starts[beyond] if beyond < len(starts) else len(text)
        if one.parent is not None and one.nested and one.under + 1 < len(one.parent.markers):
            limit = min(limit, one.parent.markers[one.under + 1].start)
        own.append((last.body, last_end(text, last, limit, before)))
        spans[id(one)] = own
        if one.parent is not None and not one.nested:
            one.nested = _in_last_item(text, one, one.parent, spans[id(one.parent)])
    return spans


def _first_inner(chains: Sequence[Chain]) -> dict[tuple[int, int], int]:
    """Where the first inner list of an item begins, by its chain's id and its place there."""
    first: dict[tuple[int, int], int] = {}
    for one in chains:
        if one.parent is not None and one.nested:
            first.setdefault((id(one.parent), one.under), one.start)
    return first


def _in_last_item(text: str, one: Chain, parent: Chain, own: list[tuple[int, int]]) -> bool:
    """Whether a chain that began after the last marker of its parent stands inside that marker's item."""
    start, end = own[-1]
    if one.start < end:
        if one.style == parent.style and not one.markers[0].line:
            cut = cut_before_list(text, start, one.start)
            if cut is not None:
                own[-1] = (start, cut)
                return False
        return True
    between = text[end : one.start].strip(" \t\xa0\n•-–*")
    if between or not parent.markers[-1].line:
        return False
    return one.style != parent.style or text.endswith(list_words().announcers, start, end)


def _items(
    release: Release,
    kept: Sequence[Chain],
    spans: dict[int, list[tuple[int, int]]],
    officials: Sequence[OfficialMention],
) -> list[PolicyItem]:
    text = release.text
    alive = {id(one) for one in kept}
    children: dict[tuple[int, int], list[Chain]] = {}
    roots = []
    level_of: dict[int, int] = {}
    for one in kept:
        level = 1
        if one.nested and one.parent is not None and id(one.parent) in alive:
            # A text of lists one after another would nest them all, and their numbers grow without end.
            level = level_of[id(one.parent)] % _DEEPEST + 1
            if level > 1:
                children.setdefault((id(one.parent), one.under), []).append(one)
            own = spans[id(one.parent)]
            start, end = own[one.under]
            if start <= one.start < end:
                own[one.under] = (start, trimmed(text, start, one.start))
        level_of[id(one)] = level
        if level == 1:
            roots.append(one)
    items: list[PolicyItem] = []
    floor = 0
    for list_no, root in enumerate(roots, start=1):
        begin, end = introduction(text, root.start, floor)
        declared = declared_count(text, begin, end, len(root.markers))
        if declared is None and root.start > release.title_end:
            declared = titled_count(text, release.title_end, len(root.markers))
        intro = list_intro(text, begin, end)
        speaker = list_speaker(text, root.start, officials)
        found = []
        for one, index, number, level in _numbered(root, children):
            marker, (start, stop) = one.markers[index], spans[id(one)][index]
            while start < stop and text[start].isspace():
                start += 1  # the marker stands on a line of its own
            floor = max(floor, stop)
            if start < stop:  # else a marker with nothing behind it but its inner list
                found.append((marker, start, stop, number, level))
        orders = gives_orders(text, [start for _, start, *_ in found])
        for position, (marker, start, stop, number, level) in enumerate(found, start=1):
            item = PolicyItem(
                span_start=start,
                span_end=stop,
                text=text[start:stop],
                list_no=list_no,
                item_no=number,
                position=position,
                marker=text[marker.start : marker.end].strip(),
                level=level,
                list_intro=intro,
                declared_count=declared,
                list_complete=None if declared is None else declared == len(root.markers),
                speaker=speaker,
                gives_orders=orders,
            )
            items.append(item)
    return items


def _numbered(
    root: Chain, children: dict[tuple[int, int], list[Chain]]
) -> Iterator[tuple[Chain, int, str, int]]:
    """A list's items in order, each with its chain, its place there, its number and its level."""
    pending = [
        (root, index, ".".join(map(str, root.prefix)), 1) for index in reversed(range(len(root.markers)))
    ]
    while pending:
        one, index, prefix, level = pending.pop()
        number = f"{prefix}.{one.markers[index].last}".lstrip(".")
        yield one, index, number, level
        for child in reversed(children.get((id(one), index), [])):
            pending.extend((child, at, number, level + 1) for at in reversed(range(len(child.markers))))
