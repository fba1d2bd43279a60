"""Is a page that came again the same release? Hit counters and clocks that change at every request are no change."""

from __future__ import annotations

from typing import Any

from moi_pipeline.captures import Capture
from moi_pipeline.read import Article, NotArticle, read_capture
from moi_pipeline.store import Known

_last: list[Any] = []  # a capture and what was read from it


def read_found(found: Capture) -> Article | NotArticle:
    """What is read from a capture. The last is remembered: it is judged
    when it is taken, and again when it is stored.
    """
    if not _last or _last[0] is not found:
        _last[:] = [found, _read({name: getattr(found, name) for name in _NEEDED})]
    read: Article | NotArticle = _last[1]
    return read


def read_stored(known: Known, url: str) -> Article | NotArticle | None:
    """What is read from the newest stored capture of an address; None where there is none."""
    stored = known.capture(url)
    return _read(stored) if stored else None


def same_article(before: Article | NotArticle, now: Article | NotArticle) -> bool:
    """Do two readings give the same title, text and posting day?"""
    if not (isinstance(before, Article) and isinstance(now, Article)):
        return before == now
    return (before.title, before.text, before.published_at) == (now.title, now.text, now.published_at)


def same_release(known: Known, found: Capture) -> bool:
    """Does the capture read as the same article as the newest stored one of its address?

    A saved file is taken by its bytes: a person changed it. A page is taken by the article that is read
    from it, title and text, so that counters, clocks and related links around it don't count.
    """
    if found.kind == "text" or found.url.startswith("file:"):
        return False
    stored = known.capture(found.url)
    if stored is None or stored["kind"] != found.kind:
        return False
    return same_article(_read(stored), read_found(found))


_NEEDED = ("body", "kind", "url", "content_type", "charset", "listed_title", "listed_published")


def _read(row: dict[str, Any]) -> Article | NotArticle:
    return read_capture(
        row["body"],
        kind=row["kind"],
        url=row["url"],
        content_type=row["content_type"],
        charset=row["charset"],
        listed_title=row["listed_title"],
        listed_published=row["listed_published"],
    )
