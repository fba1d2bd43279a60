"""One pass over a text for every word that may begin a person's name or tell what he does.

The readers of titles, monks, references and roles each need the places of some hundred words. One automaton
finds them all at once; each reader then looks closely at its own places only.
"""

from __future__ import annotations

from typing import Literal, get_args

from moi_pipeline.thai.lexicon import load_table
from moi_pipeline.thai.scan import Lexicon

AnchorKind = Literal[
    "title",
    "weak",
    "monk",
    "somdet",
    "clergy",
    "office",
    "byline",
    "handed",
    "reports",
    "quote",
    "presides",
    "opens",
]
_KINDS: tuple[AnchorKind, ...] = get_args(AnchorKind)
_BEHIND = ("byline", "handed")

_QUOTES = "“\"‘'«"


def _words() -> dict[str, tuple[AnchorKind, ...]]:
    """Each anchor word, with what it may be."""
    titles = load_table("titles")
    found: dict[str, tuple[AnchorKind, ...]] = {}

    def add(kind: AnchorKind, words: list[str]) -> None:
        for word in words:
            if kind not in found.get(word, ()):
                found[word] = (*found.get(word, ()), kind)

    for group in ("civil", "academic", "medical", "noble", "royal"):
        add("title", titles[group]["words"])
    ranks = titles["ranks"]
    add("title", [stem + grade for stem in ranks["stems"] for grade in ranks["grades"]] + ranks["words"])
    add("title", [ranks["provisional"]])
    for word in ranks["abbreviations"]:
        # The first two letters are enough: the reader of titles reads on, blanks and missing points included.
        first, second = word.split(".")[:2]
        add("title", [f"{first}.{second[0]}", f"{first}. {second[0]}"])
    add("weak", titles["weak"]["words"])
    add("monk", titles["monk"]["strong"])
    add("somdet", titles["monk"]["somdet"])
    add("clergy", titles["monk"]["clergy"])
    references = load_table("position_ends")
    add("office", references["short_offices"]["words"])
    add("byline", references["bylines"]["words"])
    add("handed", references["handed"]["words"])
    add("reports", ["รายงาน"])
    add("quote", list(_QUOTES))
    add("presides", ["ประธาน"])
    add("opens", ["เปิด"])
    return found


_ANCHORS = Lexicon(_words)


def find_anchors(text: str) -> dict[AnchorKind, list[int]]:
    """The places of all anchor words in ``text``, by kind, in order and each once.

    For "byline" and "handed" it is the end that is given: what follows the word is what matters.
    """
    found: dict[AnchorKind, list[int]] = {kind: [] for kind in _KINDS}
    for start, end, kinds in _ANCHORS.hits(text):
        for kind in kinds:
            found[kind].append(end if kind in _BEHIND else start)
    for kind, places in found.items():
        if len(places) > 1:
            found[kind] = sorted(set(places))
    return found
