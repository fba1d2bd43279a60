"""The page: template, style, script and data in one file that asks nothing of the network."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from datetime import date
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

import jinja2
from markupsafe import Markup

from moi_pipeline.show.report import charts, wording
from moi_pipeline.show.report.behind import Behind, Key, select
from moi_pipeline.show.report.facts import DRAWN, shade, tiles
from moi_pipeline.show.report.scope import GOVERNORS
from moi_pipeline.show.report.wording import Pair, Titles, month, pair, words

Row = dict[str, Any]

#: Where the lists go: no text of a release can hold a mark that is escaped in it.
LISTS_GO_HERE = "<!--lists-->"


def payload(behind: Behind, facts: Row, since: date | None) -> str:
    """What the lists hold, compressed: Thai text in UTF-8 takes a quarter of its room so."""
    titles = Titles(facts)
    data = {
        "articles": [
            [title or "", day, *_address(url), source] for title, day, url, source in behind.articles
        ],
        "sentences": behind.sentences,
        "lists": {
            "|".join(key): [behind.counts[key], *titles.of(key), select(key, since), ids]
            for key, ids in behind.lists.items()
        },
        "items": {"|".join(key): found for key, found in behind.items.items()},
        "map": {
            choice["id"]: {
                "counts": choice["counts"],
                "steps": choice["steps"],
                "unplaced": choice["unplaced"],
                "sum": _sum(choice),
            }
            for choice in facts["map"]
        },
        "words": wording.section("detail"),
        "months": wording.MONTHS,
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    # The highest level takes three times as long for a thirtieth less.
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()


def _address(url: str) -> tuple[str, bool]:
    """An address and whether it may be a link: of the web only. Of a file its name, not whose folder it lay in."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, False
    if parts.scheme.lower() == "file":
        return unquote(parts.path).rsplit("/", 1)[-1], False
    return url, parts.scheme.lower() in ("http", "https") and bool(parts.hostname)


def _sum(choice: Row) -> Pair:
    return words(
        "map.sum",
        placed=sum(choice["counts"].values()),
        provinces=len(choice["counts"]),
        unplaced=choice["unplaced"],
    )


def drawn(facts: Row) -> Row:
    """The charts as SVG, in both languages and both sizes."""
    found: Row = {"months": [], "reach": []}
    for number, lang in enumerate(wording.LANGUAGES):
        names = list(wording.MONTHS[number])
        for size in charts.SIZES:
            if facts["months"]:
                title = words("page.releases")[number]
                found["months"].append((lang, charts.months(facts["months"], lang, size, names, title)))
            if facts["reach"]:
                title = words("programmes.reach_axis")[number]
                found["reach"].append((lang, charts.reach(facts["reach"], lang, size, names, title)))
    return found


def render(facts: Row, behind: Behind, lang: str, *, chosen: str, since: date | None) -> str:
    """The whole file but its lists. Everything that came from a release is escaped by the template engine."""
    folder = files("moi_pipeline.show.report") / "data"
    style = (folder / "report.css").read_text(encoding="utf-8") + _places(len(facts["governors"]["years"]))
    script = (folder / "report.js").read_text(encoding="utf-8")
    said = _Said(behind)
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    svg = drawn(facts)
    template = environment.from_string((folder / "report.html.j2").read_text(encoding="utf-8"))
    start = next((choice for choice in facts["map"] if choice["id"] == chosen), facts["map"][0])
    page: str = template.render(
        facts,
        lang=lang,
        since=since,
        start=start,
        ranked=sorted(facts["provinces"].items(), key=lambda row: (-start["counts"].get(row[0], 0), row[0])),
        total=behind.counts.get(("a", "", ""), 0),
        svg={name: [(code, Markup(text)) for code, text in pictures] for name, pictures in svg.items()},
        style=Markup(style),
        script=Markup(script),
        data=Markup(LISTS_GO_HERE),
        policy=f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'",
        titles=Titles(facts),
        tiles=tiles(),
        shade=shade,
        drawn=DRAWN,
        most_governors=GOVERNORS,
        most_months=charts.MOST_MONTHS,
        map_sum=_sum(start),
        w=lambda name, *parts, **named: said.both(words(name, *parts, **named)),
        word=words,
        both=lambda value: said.both(pair(value)),
        month=lambda text: said.both(month(text)),
        short=lambda text: said.both(
            (wording.MONTHS[0][int(text[-2:]) - 1], wording.MONTHS[1][int(text[-2:]) - 1])
        ),
        year=lambda number: said.both((str(int(number) + wording.ERA), str(int(number)))),
        n=said.number,
        has=lambda *key: key in behind.counts,
        count=lambda *key: behind.counts.get(key, 0),
        percent=lambda share: "–" if share is None else f"{share:.0%}",
    )
    return page


class _Said:
    """Words and numbers as the page's HTML."""

    def __init__(self, behind: Behind) -> None:
        self.behind = behind

    def both(self, value: Pair) -> Markup:
        """A Pair as two spans, of which the style shows one; once where both are the same."""
        thai, english = value
        if thai == english:
            return Markup("{}").format(thai)
        return Markup('<span class="th" lang="th">{}</span><span class="en" lang="en">{}</span>').format(
            thai, english
        )

    def number(self, key: Key, shown: object = None) -> Markup:
        """A number as the button that opens its list; 0 is no button, as nothing is behind it."""
        count = self.behind.counts.get(key, 0)
        text = f"{count:,}" if shown is None else shown
        if not count:
            return Markup('<span class="none">{}</span>').format(text)
        return Markup(
            '<button type="button" class="n" data-l="{}" aria-haspopup="dialog">{}</button>'
        ).format("|".join(key), text)


def _places(years: int) -> str:
    """The tiles' places on the map and a year's on the timeline: the content policy allows an element no style."""
    return f":root{{--years:{max(years, 1)}}}\n" + "".join(
        f'[data-tile="{code}"]{{grid-area:{tile["row"]}/{tile["column"]}}}\n'
        for code, tile in tiles().items()
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
