"""Numbered policy items: the enumerated lists of a release, with what announces them and whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from moi_pipeline.thai.extents import last_end, trimmed, without_furniture
from moi_pipeline.thai.intros import declared_count, introduction, list_intro
from moi_pipeline.thai.lists import Chain, chain
from moi_pipeline.thai.listwords import list_words
from moi_pipeline.thai.markers import find_markers
from moi_pipeline.thai.model import OfficialMention, PolicyItem, Release

_LETTER = re.compile("[ก-ฮA-Za-z]")
_SPEECH_WINDOW = 300
_SPEAKER_WINDOW = 4000


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
    roots = [one for one in chains if _is_list(text, one, spans[id(one)], officials)]
    return _items(text, roots, spans, officials)


def _spans(text: str, chains: Sequence[Chain]) -> dict[int, list[tuple[int, int]]]:
    """Each chain's item spans, by the chain's id; settles which chains are nested."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for one in chains:
        own = []
        for marker, following in pairwise(one.markers):
            end = without_furniture(text, marker.body, following.start)
            own.append((marker.body, trimmed(text, marker.body, end)))
        limit = len(text)
        if one.parent is not None and one.nested and one.under + 1 < len(one.parent.markers):
            limit = one.parent.markers[one.under + 1].start
        last = one.markers[-1]
        own.append((last.body, last_end(text, last, limit, [text[a:b] for a, b in own])))
        spans[id(one)] = own
        if one.parent is not None and not one.nested:
            one.nested = one.start < spans[id(one.parent)][-1][1]
    for one in chains:
        if one.parent is not None and one.nested:
            own = spans[id(one.parent)]
            start, end = own[one.under]
            if start < one.start < end:
                own[one.under] = (start, trimmed(text, start, one.start))
    return spans


def _is_list(text: str, one: Chain, own: list[tuple[int, int]], officials: Sequence[OfficialMention]) -> bool:
    """Whether a chain's items are items: no bare numbers, no persons' names, no furniture."""
    words = list_words()
    full = [(start, end) for start, end in own if len(_LETTER.findall(text[start:end])) >= 2]
    if len(full) < 2 or len(full) < 0.7 * len(own):
        return False
    named = {mention.span_start for mention in officials if mention.full_name}
    people = sum(start in named or words.person.match(text, start) is not None for start, _ in full)
    furniture = sum(text.startswith(words.furniture_items, start) for start, _ in full)
    return people <= 0.5 * len(full) and furniture <= 0.5 * len(full)


def _items(
    text: str,
    kept: Sequence[Chain],
    spans: dict[int, list[tuple[int, int]]],
    officials: Sequence[OfficialMention],
) -> list[PolicyItem]:
    alive = {id(one) for one in kept}
    children: dict[tuple[int, int], list[Chain]] = {}
    roots = []
    for one in kept:
        if one.nested and one.parent is not None and id(one.parent) in alive:
            children.setdefault((id(one.parent), one.under), []).append(one)
        else:
            roots.append(one)
    items: list[PolicyItem] = []
    floor = 0
    for list_no, root in enumerate(roots, start=1):
        begin, end = introduction(text, root.start, floor)
        declared = declared_count(text, begin, end, len(root.markers))
        intro = list_intro(text, begin, end)
        speaker = _speaker(text, root.start, officials)
        for position, (one, index, number, level) in enumerate(_numbered(root, children), start=1):
            marker, (start, stop) = one.markers[index], spans[id(one)][index]
            floor = max(floor, stop)
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


def _speaker(text: str, start: int, officials: Sequence[OfficialMention]) -> str | None:
    """The full name of the official who last spoke or ordered before ``start``."""
    words = list_words()
    until = start
    for mention in sorted(officials, key=lambda one: one.span_start, reverse=True):
        if mention.span_end > start or mention.span_start < start - _SPEAKER_WINDOW:
            continue
        said = text[mention.span_end : min(until, mention.span_end + _SPEECH_WINDOW)]
        until = mention.span_start
        if mention.full_name and any(verb in said for verb in words.speech):
            return mention.full_name
    return None
