"""What reading a capture gives: an article, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Reason = Literal[
    "empty",
    "binary",
    "pdf",
    "picture_only",
    "too_short",
    "login_page",
    "block_page",
    "soft_404",
    "javascript_shell",
    "list_page",
    "no_text",
    "bad_json",
    "unknown_kind",
]


@dataclass(frozen=True, slots=True)
class Removed:
    """A line, or a fragment of one, that belongs to the site and was taken out of the article."""

    reason: str  # key of the rule in data/chrome.toml, or of the step that took it out
    text: str  # what was taken out, canonical
    line: int  # 0-based line of the page's own text, before anything was taken out


@dataclass(frozen=True, slots=True)
class Article:
    """A release: canonical text whose first line is the title.

    ``text[:title_end] == title``; a line break and the body follow. ``published_at`` is the posting day from
    the site's list, the page's metadata or the posting line; ``published_span`` is where the posting line's
    date stands in ``text``, if the text has one.
    """

    title: str
    text: str
    title_end: int
    published_at: date | None = None
    published_span: tuple[int, int] | None = None
    charset: str = "utf-8"  # what the bytes were decoded as
    removed: tuple[Removed, ...] = field(default=())
    warnings: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class NotArticle:
    """A capture that holds no release, and why."""

    reason: Reason
    detail: str = ""
