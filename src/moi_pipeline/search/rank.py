"""Where the words stand in an article, how good a hit that makes it, and the sentence to show."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from moi_pipeline.search.fold import pattern
from moi_pipeline.search.snippet import Place, window
from moi_pipeline.search.words import Word

#: BM25's usual constants: how soon more of the same word tells nothing more, and how much length counts.
K1, B = 1.2, 0.75
#: What is worth less than the word as typed: tone marks or spelling of its own; letters wrong; parted.
FOLDED, NEAR, PARTED = 0.9, 0.6, 0.5
#: Words within so many characters of each other stand together.
TOGETHER = 160
#: A piece of a parted word has at least so many letters.
PIECE = 3


@dataclass(frozen=True, slots=True)
class Article:
    """What the index keeps of an article."""

    article_id: str
    title: str
    url: str
    source: str
    day: str | None
    province: str | None
    province_code: str | None
    same_as: str | None
    names: list[str]
    text: str

    @property
    def title_end(self) -> int:
        """Where the title ends in the text, whose first line it is; 0 where it is not."""
        return len(self.title) if self.text.startswith(self.title) else 0

    def pack(self) -> bytes:
        """As bytes: the facts as a line of JSON, then the text, compressed."""
        import zstandard

        facts = {name: getattr(self, name) for name in self.__slots__ if name != "text"}
        return zstandard.ZstdCompressor(level=3).compress(
            (json.dumps(facts, ensure_ascii=False) + "\n" + self.text).encode()
        )

    @classmethod
    def unpack(cls, packed: bytes) -> Article:
        """What ``pack`` has packed."""
        import zstandard

        facts, _, text = zstandard.ZstdDecompressor().decompress(bytes(packed)).decode().partition("\n")
        return cls(**json.loads(facts), text=text)


@dataclass(slots=True)
class Hit:
    """A found article with the part of its text that shows why; spans are offsets into ``articles.text``."""

    article_id: str
    title: str
    source: str
    url: str
    day: str | None
    province: str | None
    province_code: str | None
    score: float
    snippet: str
    span_start: int
    span_end: int
    matches: list[tuple[int, int]]
    missing: list[int] = field(default_factory=list)
    others: int = 0
    near: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """An article with where each word stands in it, and how good a hit that makes it."""

    article: Article
    told: list[list[Place]]
    score: float

    @property
    def release(self) -> str:
        """The article that stands for the release, which several sites may carry."""
        return self.article.same_as or self.article.article_id


def places(article: Article, word: Word, finder: re.Pattern[str]) -> list[Place]:
    """Where the word stands in the text; else, whether a settled name holds it."""
    typed = word.typed.casefold()
    found = [
        Place(*at.span(), worth=1.0 if at[0].casefold() == typed else FOLDED)
        for at in finder.finditer(article.text)
    ]
    if not found and any(finder.search(name) for name in article.names):
        return [Place(-1, -1, FOLDED)]
    return found


def near_places(article: Article, word: Word, folded: str) -> list[Place]:
    """Where something like the word stands: with letters wrong, else in parts. ``folded`` is the folded text."""
    from rapidfuzz.fuzz import partial_ratio_alignment

    if not word.slips:
        return []
    sought = word.forms[0].folded
    if len(sought) <= len(folded):
        # A wrong letter is one taken out and one put in, of two words' letters.
        least = 100 * (1 - word.slips / len(sought)) - 0.01
        near = partial_ratio_alignment(sought, folded, score_cutoff=least)
        if near:
            alike = _trimmed(sought, folded[near.dest_start : near.dest_end + word.slips])
            return [Place(start, end, NEAR * near.score / 100) for start, end in _spans(article.text, alike)]
    pieces = _pieces(sought, folded)
    return [Place(start, end, PARTED) for piece in pieces for start, end in _spans(article.text, piece)[:3]]


def _trimmed(sought: str, near: str) -> str:
    """What of ``near`` is like ``sought``, without what only stands before and after it."""
    from rapidfuzz.distance import LCSseq

    same = [block for block in LCSseq.editops(sought, near).as_matching_blocks() if block.size]
    return near[same[0].b : same[-1].b + same[-1].size] if same else near


def _spans(text: str, folded: str) -> list[tuple[int, int]]:
    return [found.span() for found in _finder(folded).finditer(text)]


@lru_cache(maxsize=512)
def _finder(folded: str) -> re.Pattern[str]:
    return re.compile(pattern(folded), re.IGNORECASE)  # texts hold the same pieces again and again


def _pieces(sought: str, folded: str) -> list[str]:
    """The word cut into few pieces that the text holds, the longest first; none where it can't be."""
    pieces: list[str] = []
    rest = sought
    while rest:
        length = len(rest)
        # What is left must be nothing, or enough for a piece.
        while length >= PIECE and (0 < len(rest) - length < PIECE or rest[:length] not in folded):
            length -= 1
        if length < PIECE or len(pieces) > len(sought) // 6:
            return []
        pieces.append(rest[:length])
        rest = rest[length:]
    return pieces if len(pieces) > 1 else []


def rank(found: Sequence[tuple[Article, list[list[Place]]]], weights: Sequence[float]) -> list[Scored]:
    """What was found, best first; of equals the newest. ``weights`` say how much each word tells."""
    usual = sum(len(article.text) for article, _ in found) / max(1, len(found)) or 1.0
    scored = [Scored(article, told, _score(article, told, weights, usual)) for article, told in found]
    scored.sort(key=lambda one: one.article.article_id)
    scored.sort(key=lambda one: one.article.day or "", reverse=True)
    scored.sort(key=lambda one: one.score, reverse=True)
    return scored


def _score(article: Article, told: list[list[Place]], weights: Sequence[float], usual: float) -> float:
    slow = K1 * (1 - B + B * len(article.text) / usual)
    score = 0.0
    for found, weight in zip(told, weights, strict=True):
        if not found:
            continue
        worth = max(place.worth for place in found)
        score += weight * worth * len(found) * (K1 + 1) / (len(found) + slow)
        if any(0 <= place.start < article.title_end for place in found):
            score += weight * worth
    return round(score + sum(weights) * 0.5 * _closeness(told), 3)


def hit(scored: Scored, weights: Sequence[float], others: int = 0) -> Hit:
    """A hit to show. ``others`` are further articles with the same release."""
    article, told = scored.article, scored.told
    start, end = window(article.text, told, weights, article.title_end)
    marks = sorted({(p.start, p.end) for found in told for p in found if start <= p.start and p.end <= end})
    return Hit(
        article_id=article.article_id,
        title=article.title,
        source=article.source,
        url=article.url,
        day=article.day,
        province=article.province,
        province_code=article.province_code,
        score=scored.score,
        snippet=article.text[start:end],
        span_start=start,
        span_end=end,
        matches=_disjoint(marks),
        missing=[number for number, found in enumerate(told) if not found],
        others=others,
        near=any(found and max(place.worth for place in found) <= NEAR for found in told),
    )


def _disjoint(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in spans:
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _closeness(told: Sequence[Sequence[Place]]) -> float:
    """1 where all words stand side by side, falling to 0 where they stand far apart."""
    if len(told) < 2 or not all(told):
        return 0.0
    events = sorted((place.start, place.end, word) for word, found in enumerate(told) for place in found)
    least, last = TOGETHER, dict[int, tuple[int, int]]()
    for start, end, word in events:
        if start < 0:
            continue
        last[word] = (start, end)
        if len(last) == len(told):
            first = min(begin for begin, _ in last.values())
            letters = sum(stop - begin for begin, stop in last.values())
            least = min(least, max(0, end - first - letters))
    return 1 - least / TOGETHER
