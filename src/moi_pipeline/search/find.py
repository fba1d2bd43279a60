"""Asking the index: which articles hold the words, best first, and where.

The index proposes (all grams of all words, by BM25); what it proposes is looked up in the texts, which tells
true hits from scattered grams, and ranks them. Only where too few are found, slips are forgiven.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from moi_pipeline.errors import MoiError, NothingBuilt
from moi_pipeline.search.index import FOLDER, GRAM, HELD, MARK, is_ours
from moi_pipeline.search.rank import Article, Hit, Scored, hit, near_places, places, rank
from moi_pipeline.search.snippet import Place
from moi_pipeline.search.words import Word, words

if TYPE_CHECKING:
    import tantivy

#: How many of the index's proposals are looked up in their texts.
PROPOSED = 250
#: The same where slips are forgiven, which costs more an article.
PROPOSED_NEAR = 80
#: How many grams of a long word are asked for: where all must be there, and where most.
ALL_OF, MOST_OF = 12, 24


class NoIndex(NothingBuilt):
    """The tables were published without a search index, or another version's lies there."""


class NoWords(MoiError):
    """Nothing was asked for."""

    exit_code = 2


@dataclass(slots=True)
class Found:
    """What a search found. ``total`` counts articles; where ``more`` is true there are at least as many.

    ``how``: "words" where all words were found as they are, "slips" where some only with letters wrong or parted,
    "some" where no article has them all.
    """

    query: str
    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    more: bool = False
    how: str = "words"
    searched: int = 0
    milliseconds: float = 0.0


def find(
    curated: Path,
    asked: str,
    *,
    limit: int = 10,
    province: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Found:
    """Search the index that is published in ``curated``. ``province`` is an ISO 3166-2 code; days are the event's.

    Raises NoWords where nothing is asked for, and NoIndex where there is none of this version.
    """
    started = time.perf_counter()
    wanted = words(asked)
    if not wanted:
        raise NoWords("there is no word in that", 'For example: moi search "ธนาคารขยะ น่าน".')
    with _opened(curated / FOLDER) as index:
        asking = _Asking(index, wanted, _filters(index, province, since, until))
        found = Found(asked, searched=asking.searcher.num_docs)
        best = asking.exactly(found)
        if len(best) < limit and any(word.slips for word in wanted):
            known = {one.article.article_id for one in best}
            near = [one for one in asking.nearly() if one.article.article_id not in known]
            found.how = "slips" if near and not best else found.how
            best += near
        if not best and len(wanted) > 1:
            found.how = "some"
            best = asking.partly(found)
    releases = Counter(one.release for one in best)
    # Releases that several sites carry are shown once: the best of them, with the number of the others.
    first = {one.release: one for one in reversed(best)}
    shown = [one for one in best if first[one.release] is one]
    found.total = max(found.total, len(first)) if found.more else len(first)
    found.hits = [hit(one, asking.weights, releases[one.release] - 1) for one in shown[:limit]]
    found.milliseconds = round((time.perf_counter() - started) * 1000, 1)
    return found


def titles(curated: Path, begins: str, most: int) -> list[tuple[str, str]]:
    """Ids of articles that begin so, at most so many, with their titles; none where there is no index."""
    import tantivy

    try:
        with _opened(curated / FOLDER) as index:
            searcher: Any = index.searcher()
            query = tantivy.Query.regex_query(index.schema, "article_id", f"{re.escape(begins)}.*")
            found = [
                Article.unpack(searcher.doc(address)["article"][0])
                for _, address in searcher.search(query, limit=most, count=False).hits
            ]
    except NothingBuilt:
        return []
    return sorted((article.article_id, article.title) for article in found)


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[tantivy.Index]:
    import tantivy

    folder = folder.resolve()  # a later build is another folder; this one is read to the end
    if not is_ours(folder):
        raise NoIndex(
            "there is no search index yet, or another version's",
            "Run moi extract: it builds the tables and the index.",
        )
    # Tantivy locks the folder it reads, by a file in it: through links it needs no right to write there.
    # It may still make one while the links are cleared away: no reason to fail a search that was answered.
    with TemporaryDirectory(prefix="moi-search-", ignore_cleanup_errors=True) as links:
        for path in folder.iterdir():
            if path.name not in (HELD, MARK) and not path.name.endswith(".lock"):
                (Path(links) / path.name).symlink_to(path)
        try:
            index = tantivy.Index.open(links)
            # Nothing is committed here: a reader that watches for it would make a lock as the links are cleared away.
            index.config_reader("manual")
            yield index
        except ValueError as error:
            raise NothingBuilt(
                f"can't read the search index: {error}", "Run moi extract to build it anew."
            ) from error


def _filters(
    index: tantivy.Index, province: str | None, since: date | None, until: date | None
) -> list[tantivy.Query]:
    import tantivy

    filters = []
    if province:
        filters.append(tantivy.Query.term_query(index.schema, "province", province, index_option="basic"))
    if since or until:
        first, last = since or date.min, until or date.max
        days = (int(f"{first:%Y%m%d}") or 1, int(f"{last:%Y%m%d}"))
        filters.append(tantivy.Query.range_query(index.schema, "day", tantivy.FieldType.Unsigned, *days))
    return [tantivy.Query.const_score_query(query, 0.0) for query in filters]


class _Asking:
    """One question to an open index."""

    def __init__(self, index: tantivy.Index, wanted: list[Word], filters: list[tantivy.Query]) -> None:
        self.index, self.wanted, self.filters = index, wanted, filters
        self.searcher = index.searcher()
        self._frequencies: dict[str, int] = {}
        self.weights = [self._weight(word) for word in wanted]
        self.finders = [word.finder() for word in wanted]
        self._read: dict[tuple[int, int], Article] = {}

    def exactly(self, found: Found) -> list[Scored]:
        """Articles with all words as they are."""
        return rank(list(self._look([self._all_grams(word) for word in self.wanted], found)), self.weights)

    def partly(self, found: Found) -> list[Scored]:
        """Articles with some of the words: most and rarest first."""
        query = _any([self._all_grams(word) for word in self.wanted])
        return rank(list(self._look([query], found, all_of_them=False)), self.weights)

    def nearly(self) -> list[Scored]:
        """Articles with all words, where letters may be wrong and what is one word here may be parted there."""
        from moi_pipeline.search.fold import fold

        seen = []
        for article in self._proposed([self._most_grams(word) for word in self.wanted], PROPOSED_NEAR)[0]:
            folded = fold(article.text)
            told = []
            for word, finder in zip(self.wanted, self.finders, strict=True):
                told.append(places(article, word, finder) or near_places(article, word, folded))
                if not told[-1]:
                    break
            else:
                seen.append((article, told))
        return rank(seen, self.weights)

    def _look(
        self, queries: list[tantivy.Query], found: Found, all_of_them: bool = True
    ) -> Iterator[tuple[Article, list[list[Place]]]]:
        proposed, found.total = self._proposed(queries, PROPOSED)
        found.more = found.total > len(proposed)
        for article in proposed:
            told = [places(article, *pair) for pair in zip(self.wanted, self.finders, strict=True)]
            if all(told) if all_of_them else any(told):
                yield article, told

    def _proposed(self, queries: list[tantivy.Query], most: int) -> tuple[list[Article], int]:
        result: Any = self.searcher.search(_all([*queries, *self.filters]), limit=most)
        return [self._article(address) for _, address in result.hits], int(result.count or 0)

    def _article(self, address: Any) -> Article:
        place = (address.segment_ord, address.doc)
        if place not in self._read:
            self._read[place] = Article.unpack(self.searcher.doc(address)["article"][0])
        return self._read[place]

    def _weight(self, word: Word) -> float:
        """How much a word tells: BM25's weight, from its rarest gram."""
        import math

        count = self.searcher.num_docs
        there = 0
        for form in word.forms:
            grams = _grams(form.folded)
            there += min(map(self._frequency, grams), default=count // 2)
        there = min(there, count)
        return math.log(1 + (count - there + 0.5) / (there + 0.5))

    def _frequency(self, gram: str) -> int:
        if gram not in self._frequencies:
            self._frequencies[gram] = self.searcher.doc_freq("body", gram)
        return self._frequencies[gram]

    def _telling(self, folded: str, most: int) -> list[str]:
        """The grams of a word, of a long one the rarest, which leave the least to look up."""
        return sorted(_grams(folded), key=self._frequency)[:most]

    def _term(self, name: str, gram: str) -> tantivy.Query:
        import tantivy

        return tantivy.Query.term_query(self.index.schema, name, gram, index_option="freq")

    def _all_grams(self, word: Word) -> tantivy.Query:
        """Articles with all grams of one of the word's forms; better if they stand in the title or in a name."""
        import tantivy

        ways = []
        for form in word.forms:
            grams = self._telling(form.folded, ALL_OF)
            if not grams:
                # Too short for a gram: any gram that begins so. Folded text holds no sign of patterns.
                ways.append(
                    tantivy.Query.regex_query(
                        self.index.schema, "body", form.folded + "." * (GRAM - len(form.folded))
                    )
                )
                continue
            better = [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.boost_query(_all([self._term(name, gram) for gram in grams]), boost),
                )
                for name, boost in (("title", 2.0), ("names", 1.0))
            ]
            ways.append(
                tantivy.Query.boolean_query(
                    [*((tantivy.Occur.Must, self._term("body", gram)) for gram in grams), *better]
                )
            )
        return _any(ways)

    def _most_grams(self, word: Word) -> tantivy.Query:
        import tantivy

        if not word.slips:
            return self._all_grams(word)
        folded = word.forms[0].folded
        every = _grams(folded)
        there = [gram for gram in every if self._frequency(gram)]
        asked = [gram for gram in self._telling(folded, MOST_OF) if self._frequency(gram)]
        # A wrong letter spoils as many grams as it stands in; a word to be parted, those across its seams.
        enough = max(1, min(len(every) - GRAM * word.slips, len(every) * 6 // 10))
        enough = max(1, enough * len(asked) // max(1, len(there)))
        most = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._term("body", gram)) for gram in asked], enough
        )
        return _any([most, *(self._all_grams(Word(word.typed, (form,))) for form in word.forms[1:])])


def _grams(folded: str) -> list[str]:
    return list(dict.fromkeys(folded[at : at + GRAM] for at in range(len(folded) - GRAM + 1)))


def _all(queries: list[tantivy.Query]) -> tantivy.Query:
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _any(queries: list[tantivy.Query]) -> tantivy.Query:
    import tantivy

    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])
