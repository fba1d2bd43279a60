"""Is a page that came again the same release? Hit counters and clocks that change at every request are no change."""

from __future__ import annotations

from typing import Any

from moi_pipeline.captures import Capture
from moi_pipeline.read import Article, NotArticle, read_capture
from moi_pipeline.store import Known


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

    def read(of: dict[str, Any]) -> Article | NotArticle:
        return read_capture(
            of["body"],
            kind=found.kind,
            url=found.url,
            content_type=of["content_type"],
            charset=of["charset"],
            listed_title=of["listed_title"],
            listed_published=of["listed_published"],
        )

    before, now = read(stored), read({name: getattr(found, name) for name in stored})
    if not (isinstance(before, Article) and isinstance(now, Article)):
        return before == now
    return (before.title, before.text, before.published_at) == (now.title, now.text, now.published_at)
