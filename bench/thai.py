"""Finding mentions: documents a second cold and warm, the first call, peers in the same run, and linearity.

Run as a module it is one process of the measurement: ``python -m bench.thai own|peers|long RELEASES.json ...``.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.measure import Figure, Sizes, child, median_of, medians, one_core, seconds

if TYPE_CHECKING:
    from moi_pipeline.thai.model import Release

#: Documents that a process reads before the cold pass; they are none of those measured.
WARM_UP = 100
#: What a hostile or broken text repeats.
REPEATED = {
    "digits": "1234567890",
    "opening quotes": "“",
    "quotes": '"',
    "opening brackets": "(",
    "brackets": "()",
    "'1.'": "1.",
    "'1. ' on lines": "1. \n",
    "นาย": "นาย",
}


def section(corpus: Path, sizes: Sizes, scratch: Path) -> Iterator[Figure]:
    """All figures of this section."""
    releases = scratch / "releases.json"
    releases.write_text(json.dumps(read_corpus(corpus), ensure_ascii=False), encoding="utf-8")
    own = medians(
        [child("bench.thai", "own", releases, sizes.documents, sizes.runs) for _ in range(sizes.runs)]
    )
    peers = child("bench.thai", "peers", releases, sizes.documents, sizes.runs, sizes.peer_documents)
    yield Figure("first call, imports and data included", own["first"], "s", limit=("<", 0.5))
    for name in ("cold", "warm"):
        yield Figure(
            f"all kinds of mention, {name}", own["documents"] / own[name], "releases/s", limit=(">", 1000)
        )
        yield Figure(
            f"all kinds of mention, {name}",
            own["characters"] / own[name] / 1e6,
            "M chars/s",
            limit=(">", 7),
        )
    cold, warm = (own[name] / own["characters"] for name in ("cold", "warm"))
    sample = f"{peers['documents']} releases, scaled"
    newmm = peers["newmm"] / peers["characters"]
    yield Figure(f"peer: PyThaiNLP newmm ({sample})", 1 / newmm / 1e6, "M chars/s")
    yield Figure("thai (cold) against newmm alone", newmm / cold, "times", f"warm {newmm / warm:.0f}")
    if "dateparser" not in peers:
        print("  (dateparser is not installed: make bench installs it)", file=sys.stderr)
    else:
        both = newmm + peers["dateparser"] / peers["characters"]
        yield Figure(f"peer: newmm and dateparser's search_dates ({sample})", 1 / both / 1e6, "M chars/s")
        yield Figure(
            "thai (cold) against newmm and dateparser",
            both / cold,
            "times",
            f"warm {both / warm:.0f}",
            (">", 80),
        )
    for row in child("bench.thai", "long", releases, sizes.runs, sizes.repeated, *sizes.long):
        told = f"{row['tenth']:.2f} at a tenth of the length"
        yield Figure(f"a character of {row['name']}", row["whole"], "times usual", told)


def read_corpus(corpus: Path) -> list[tuple[str, int, str | None, tuple[int, int] | None]]:
    """The corpus as plain values, so that the process measured has loaded nothing of ours before its first call."""
    from moi_pipeline.read import Article, read_capture

    found = []
    for path in sorted(corpus.glob("*.txt")):
        article = read_capture(path.read_bytes(), kind="text", url=f"file:///{path.name}")
        if isinstance(article, Article):
            day = article.published_at.isoformat() if article.published_at else None
            found.append((article.text, article.title_end, day, article.published_span))
    return found


def _own(path: Path, documents: int, runs: int) -> dict[str, float]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    started = time.perf_counter()
    from moi_pipeline.thai.analyse import analyse
    from moi_pipeline.thai.model import Release

    first = _release(Release, rows[-1])
    analyse(first)
    told = {"first": time.perf_counter() - started}
    releases = [_release(Release, row) for row in rows]
    others, measured = _apart(releases, documents)
    _pass(analyse, others)
    told["cold"] = seconds(lambda: _pass(analyse, measured))
    told["warm"] = median_of(runs, lambda: _pass(analyse, measured))
    return told | {"documents": len(measured), "characters": sum(len(release.text) for release in measured)}


def _peers(path: Path, documents: int, runs: int, count: int) -> dict[str, float]:
    from pythainlp.tokenize import word_tokenize

    rows = json.loads(path.read_text(encoding="utf-8"))
    others, measured = _apart([row[0] for row in rows], documents)
    texts = measured[:: max(1, len(measured) // count)][:count]
    told: dict[str, float] = {"documents": len(texts), "characters": sum(map(len, texts))}
    ready = others[:1]

    def newmm(texts: Iterable[str]) -> None:
        for text in texts:
            word_tokenize(text, engine="newmm")

    newmm(ready)
    told["newmm"] = median_of(runs, lambda: newmm(texts))
    with contextlib.suppress(ImportError):
        from dateparser.search import search_dates

        def dates(texts: Iterable[str]) -> None:
            for text in texts:
                search_dates(text, languages=["th"])

        dates(ready)
        told["dateparser"] = median_of(runs, lambda: dates(texts))
    return told


def _long(path: Path, runs: int, repeated: int, sizes: list[int]) -> list[dict[str, Any]]:
    from moi_pipeline.thai.analyse import analyse
    from moi_pipeline.thai.model import Release

    releases = [_release(Release, row) for row in json.loads(path.read_text(encoding="utf-8"))]
    _pass(analyse, releases[:WARM_UP])
    usual = median_of(runs, lambda: _pass(analyse, releases[:WARM_UP]))
    usual /= sum(len(release.text) for release in releases[:WARM_UP])

    def row(name: str, text: str) -> dict[str, Any]:
        """A text's time a character, and that of its first tenth, as multiples of the usual text's."""
        part = text[: len(text) // 10]
        times = [
            median_of(runs, lambda text=text: analyse(Release(text))) / len(text) / usual  # type: ignore[misc]
            for text in (part, text)
        ]
        return {"name": name, "tenth": times[0], "whole": times[1]}

    whole = "\n\n".join(release.text for release in releases)
    told = []
    for size in sizes:
        text = (whole * (size // len(whole.encode()) + 1)).encode()[:size].decode(errors="ignore")
        told.append(row(f"a text of {size / 1e6:g} MB", text))
    for name, unit in REPEATED.items():
        told.append(row(f"{repeated:,} characters of {name}", (unit * repeated)[:repeated]))
    return told


def _apart(everything: list[Any], count: int) -> tuple[list[Any], list[Any]]:
    """What warms a process up, and what is measured: the first ``count``, or what the corpus has beside the others."""
    others = min(WARM_UP, len(everything) // 6)
    measured = everything[: min(count, len(everything) - others)]
    return everything[-others:], measured


def _release(make: type[Release], row: tuple[str, int, str | None, list[int] | None]) -> Release:
    text, title_end, day, span = row
    return make(
        text, title_end, date.fromisoformat(day) if day else None, (span[0], span[1]) if span else None
    )


def _pass(analyse: Callable[[Release], object], releases: list[Release]) -> None:
    """All of them, in batches as extraction does it, which collects no garbage in a batch."""
    from moi_pipeline.extract.record import no_collections
    from moi_pipeline.store import ROW_GROUP

    for start in range(0, len(releases), ROW_GROUP):
        with no_collections():
            for release in releases[start : start + ROW_GROUP]:
                analyse(release)


def main(what: str, path: str, *numbers: str) -> None:
    """One process of the measurement; prints JSON."""
    one_core()
    given = [int(number) for number in numbers]
    if what == "own":
        told: object = _own(Path(path), *given)
    elif what == "peers":
        told = _peers(Path(path), *given)
    else:
        told = _long(Path(path), given[0], given[1], given[2:])
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
