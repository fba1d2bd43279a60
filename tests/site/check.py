"""Holding what a workspace stored against the truth."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

import pyarrow.parquet as pq
from tests.site.truth import Release

from moi_pipeline.api import Moi
from moi_pipeline.read import Article, NotArticle, canonical, read_capture
from moi_pipeline.store import known_captures, segments


def stored(ws: Moi, source: str) -> list[dict[str, Any]]:
    """The newest capture of each address of a source, body included."""
    known = known_captures(ws.raw / source)
    return [row for url in known.rows if (row := known.capture(url)) is not None]


def all_captures(ws: Moi, source: str) -> list[dict[str, Any]]:
    """Every stored capture, older ones of an address too."""
    return [row for path in segments(ws.raw / source) for row in pq.read_table(path).to_pylist()]


def read(row: dict[str, Any]) -> Article | NotArticle:
    return read_capture(
        row["body"],
        kind=row["kind"],
        url=row["url"],
        content_type=row["content_type"],
        charset=row["charset"],
        listed_title=row["listed_title"],
        listed_published=row["listed_published"],
    )


def _body(article: Article) -> str:
    """The article's text after its title, without the line that tells the posting day."""
    start = article.title_end
    text = article.text
    if article.published_span and article.published_span[0] >= start:
        first = text.rfind("\n", 0, article.published_span[0]) + 1
        last = text.find("\n", article.published_span[1])
        text = text[:first] + (text[last + 1 :] if last >= 0 else "")
    return text[start:]


def compare(ws: Moi, source: str, truth: Iterable[Release]) -> None:
    """Every release once, titles, posting dates and numbered items all right, 99.5 % of the bodies' characters."""
    wanted = {release.title: release for release in truth}
    wrong: list[str] = []
    found: dict[str, int] = {}
    right = total = 0
    for row in stored(ws, source):
        article = read(row)
        if not isinstance(article, Article):
            wrong.append(f"{row['url']}: {article}")
            continue
        release = wanted.get(article.title)
        if release is None:
            wrong.append(f"{row['url']}: title {article.title!r}")
            continue
        found[article.title] = found.get(article.title, 0) + 1
        if article.published_at != release.posted.date():
            wrong.append(f"{row['url']}: posted {article.published_at}, not {release.posted.date()}")
        lines = {line.strip() for line in article.text.split("\n")}
        wrong += [
            f"{row['url']}: no item {line!r}"
            for line in map(canonical, release.lines[2 : 2 + len(release.items)])
            if line not in lines
        ]
        mine, theirs = "".join(_body(article).split()), "".join(canonical("\n".join(release.lines)).split())
        total += max(len(mine), len(theirs))
        if mine == theirs:
            right += len(mine)
        else:
            blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
            right += sum(block.size for block in blocks)
    missing = wanted.keys() - found.keys()
    twice = [title for title, count in found.items() if count > 1]
    assert not wrong, f"{len(wrong)} wrong, as: {wrong[:5]}"
    assert not missing, f"{len(missing)} missing, as: {sorted(missing)[:5]}"
    assert not twice, f"{len(twice)} twice, as: {twice[:5]}"
    assert total and right >= 0.995 * total, f"{right} of {total} characters"
