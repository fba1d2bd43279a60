"""Pages that came with status 200 and hold no release: login, firewall, "not found", empty shells, a PDF in a frame."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, cast

from moi_pipeline.read.model import NotArticle, Reason

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

ENOUGH = 350  # Thai letters; a page with more is taken for what it says
_HARDLY = 120  # a release this short may be one; its own words are looked at
_LITTLE = 60
_LOOKED_AT = 4000  # letters of a page's text among which the words are looked for


@cache
def _refusals() -> tuple[tuple[Reason, re.Pattern[str]], ...]:
    raw = resources.files("moi_pipeline.read").joinpath("data/refusals.toml").read_text("utf-8")
    pages = tomllib.loads(raw)["page"]
    return tuple(
        (
            cast(Reason, page["reason"]),
            re.compile("|".join(f"(?:{p})" for p in page["patterns"]), re.I | re.M),
        )
        for page in pages
    )


def thai_letters(text: str) -> int:
    """About how many Thai letters and marks ``text`` has: each takes two bytes more in UTF-8 than it is letters."""
    return 0 if text.isascii() else (len(text.encode("utf-8", "replace")) - len(text)) // 2


def refuse_words(title: str, text: str) -> NotArticle | None:
    """Why a page or file of this title and text is no release; None where its words are unsuspicious."""
    letters = thai_letters(text[: 40 * ENOUGH])
    if letters >= ENOUGH:
        return None
    said = f"{title}\n{text[:_LOOKED_AT]}" if letters < _HARDLY else title
    for reason, pattern in _refusals():
        if found := pattern.search(said):
            return NotArticle(reason, found.group()[:100])
    return None


def refuse_page(tree: LexborHTMLParser, title: str, text: str) -> NotArticle | None:
    """Why a parsed page whose body was read as ``text`` is no release, None where it may be one."""
    letters = thai_letters(text[: 40 * ENOUGH])
    if letters >= ENOUGH:
        return None
    if tree.css_first("input[type=password]") and letters < ENOUGH // 2:
        return NotArticle("login_page", "a password field and little text")
    if refused := refuse_words(title, text):
        return refused
    if letters >= _LITTLE:
        return None
    for node in tree.css("iframe[src], embed[src], object[data], a[href]")[:200]:
        target = (
            node.attributes.get("src") or node.attributes.get("data") or node.attributes.get("href") or ""
        ).lower()
        if ".pdf" in target:
            return NotArticle("pdf", target[:200])
    if len(tree.css("img")[:3]) and letters < _LITTLE:
        return NotArticle("picture_only", f"{letters} letters of text")
    if tree.css_first("#root, #app, #__next, #__nuxt, app-root, [ng-app], [data-reactroot]") or (
        not text.strip() and tree.css_first("script")
    ):
        return NotArticle("javascript_shell", "scripts and no text")
    return NotArticle("no_text" if text.strip() else "empty", text[:100])
