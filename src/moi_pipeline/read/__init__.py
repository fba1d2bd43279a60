"""A capture's bytes → an article: charset, content, title, posting date, the site's own words removed.

Pure: bytes in, values out. Nothing is fetched or written, and no bytes make it raise.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from moi_pipeline.read.canonical import canonical
from moi_pipeline.read.charset import PICTURES, decode, sniff_binary
from moi_pipeline.read.model import Article, NotArticle, Removed

__all__ = ["Article", "NotArticle", "Removed", "canonical", "read_capture"]


def read_capture(
    body: bytes,
    *,
    kind: str,
    url: str = "",
    content_type: str | None = None,
    charset: str | None = None,
    listed_title: str | None = None,
    listed_published: date | datetime | str | None = None,
) -> Article | NotArticle:
    """The release in ``body``, or why there is none.

    ``kind`` says how the bytes were got: "text" (a text file), "html" (a page), "wordpress" (a post's
    JSON), "feed" (a feed's item). ``content_type`` and ``charset``
    are the server's labels, which the bytes may overrule; ``listed_title`` and ``listed_published`` what the
    site's own list said of the release, which overrules the page.
    """
    if not body.strip():
        return NotArticle("empty")
    if binary := sniff_binary(body):
        if binary == "pdf":
            return NotArticle("pdf")
        return NotArticle("picture_only" if binary in PICTURES else "binary", binary)
    decoded = decode(body, content_type=content_type, charset=charset)
    reader = _reader(kind)
    if reader is None:
        return NotArticle("unknown_kind", kind[:100])
    return reader(
        decoded.text,
        charset=decoded.charset,
        warnings=decoded.warnings,
        url=url,
        listed_title=listed_title,
        listed_published=listed_published,
    )


def _reader(kind: str) -> Callable[..., Article | NotArticle] | None:
    if kind == "text":
        from moi_pipeline.read.textfile import read_text

        return read_text
    if kind == "html":
        from moi_pipeline.read.html import read_html

        return read_html
    if kind == "wordpress":
        from moi_pipeline.read.fragment import read_wordpress

        return read_wordpress
    if kind == "feed":
        from moi_pipeline.read.fragment import read_feed_item

        return read_feed_item
    return None
