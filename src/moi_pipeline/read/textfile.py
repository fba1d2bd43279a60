"""A text file's content → an article."""

from __future__ import annotations

from datetime import date, datetime

from moi_pipeline.read.assemble import assemble
from moi_pipeline.read.model import Article, NotArticle
from moi_pipeline.read.mojibake import repair_mojibake
from moi_pipeline.read.refuse import refuse_words


def read_text(
    text: str,
    *,
    charset: str = "utf-8",
    warnings: tuple[str, ...] = (),
    url: str = "",
    listed_title: str | None = None,
    listed_published: date | datetime | str | None = None,
) -> Article | NotArticle:
    """The article in a decoded text file: title, posting line and body in whatever order the site gave them."""
    if text[:200].lstrip("\ufeff \r\n\t").lower().startswith(("<!doctype html", "<html")):
        from moi_pipeline.read.html import read_html  # a saved page under a text file's name

        return read_html(
            text,
            charset=charset,
            warnings=(*warnings, "a page in a text file"),
            url=url,
            listed_title=listed_title,
            listed_published=listed_published,
        )
    text, note = repair_mojibake(text)
    article = assemble(
        text,
        charset=charset,
        warnings=(*warnings, note) if note else warnings,
        url=url,
        listed_title=listed_title,
        listed_published=listed_published,
    )
    if isinstance(article, Article):
        return refuse_words(article.title, article.text) or article
    return refuse_words("", article.detail) or article
