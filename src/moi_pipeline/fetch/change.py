"""Is a page that came again the same release? Hit counters and clocks that change at every request are no change."""

from __future__ import annotations

from moi_pipeline.captures import Capture
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
    from moi_pipeline.read import Article, read_capture

    before, now = (
        read_capture(
            c["body"],
            kind=found.kind,
            url=found.url,
            content_type=c["content_type"],
            charset=c["charset"],
            listed_title=c["listed_title"],
            listed_published=c["listed_published"],
        )
        for c in (
            stored,
            {
                "body": found.body,
                "content_type": found.content_type,
                "charset": found.charset,
                "listed_title": found.listed_title,
                "listed_published": found.listed_published,
            },
        )
    )
    if not (isinstance(before, Article) and isinstance(now, Article)):
        return before == now
    return (before.title, before.text, before.published_at) == (now.title, now.text, now.published_at)
