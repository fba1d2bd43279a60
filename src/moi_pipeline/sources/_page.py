"""Parsing what sites send: links of a list page, entries of a feed, a sitemap. Pure: bytes in, values out."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from moi_pipeline.fetch.decode import TooLarge, Truncated, decode
from moi_pipeline.sources._address import clean, ident, same_host
from moi_pipeline.sources._walk import Entry

#: What a sitemap may open to (the protocol allows 50 MB).
SITEMAP_LIMIT = 60_000_000
#: What the link to the next page says, without the arrows around it.
NEXT = {"next", "next page", "ถัดไป", "หน้าถัดไป", "หน้าต่อไป", "›", ">", "→"}


@dataclass(frozen=True, slots=True)
class Links:
    """How a list page shows its releases. All but ``pattern`` are CSS selectors; what is not given is not used."""

    item: str | None = None  # the element of one release on the list; its link is looked for inside
    link: str | None = None  # the links themselves
    title: str | None = None  # inside the item: the title, where it is not the link's text
    date: str | None = None  # inside the item: the posting date, as written
    pattern: str | None = None  # a regular expression that the address of a release fits


def entries_of(page: bytes, url: str, links: Links, charset: str | None = None) -> list[Entry]:
    """The releases that a list page links to, in its order, each once."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(text_of(page, charset))
    base = tree.css_first("base[href]")
    try:
        root = urljoin(url, (base.attributes.get("href") or "") if base else "") or url
    except ValueError:
        root = url  # what the page names as its base is no address
    fits = re.compile(links.pattern) if links.pattern else None
    found: dict[str, Entry] = {}
    for item in tree.css(links.item) if links.item else [tree.root]:
        if item is None:
            continue
        for anchor in item.css(links.link or "a[href]"):
            if anchor.tag != "a":
                inner = anchor.css_first("a[href]")
                if inner is None:
                    continue
                anchor = inner  # noqa: PLW2901 - the selector named what holds the link
            address = _address(root, anchor.attributes.get("href"))
            if address is None or not same_host(address, url) or (fits and not fits.search(address)):
                continue
            if ident(address) == ident(url):
                continue
            title = _text(item.css_first(links.title)) if links.item and links.title else ""
            title = title or _text(anchor) or (anchor.attributes.get("title") or "").strip()
            date = _date(item.css_first(links.date)) if links.item and links.date else None
            key = ident(address)
            # A picture's link comes before the headline's: the longer words are the title.
            if key not in found or len(title) > len(found[key].title or ""):
                found[key] = Entry(
                    address, title or None, date or (found[key].published if key in found else None)
                )
            if links.item:
                break
    return list(found.values())


def next_page(page: bytes, url: str, selector: str, charset: str | None = None) -> str | None:
    """The address of the next list page, by the selector of its link; None where there is none."""
    from selectolax.lexbor import LexborHTMLParser

    node = LexborHTMLParser(text_of(page, charset)).css_first(selector)
    return _address(url, node.attributes.get("href")) if node is not None else None


def pager(page: bytes, url: str, number: int, charset: str | None = None) -> str | None:
    """The address of the list page after page ``number`` (from 0), by the page's own pager; None where it has none.

    A pager is known by rel=next, by its words, or by a link whose text is the next page's number.
    """
    from selectolax.lexbor import LexborHTMLParser

    found: dict[str, str] = {}
    for anchor in LexborHTMLParser(text_of(page, charset)).css("link[rel=next], a[href]"):
        address = _address(url, anchor.attributes.get("href"))
        if address is None or not same_host(address, url) or ident(address) == ident(url):
            continue
        words = _text(anchor).casefold() or (anchor.attributes.get("title") or "").strip().casefold()
        if "next" in (anchor.attributes.get("rel") or "").lower().split():
            found.setdefault("rel", address)
        elif not _alike(address, url):
            continue
        elif words in NEXT or words.strip(" «»‹›<>") in NEXT:
            found.setdefault("words", address)
        elif words in (str(number + 2), "»", "»»", ">>"):
            # A double arrow is the last page on some sites: the number goes before it.
            found.setdefault(words if words.isdigit() else "arrow", address)
    return next((found[how] for how in ("rel", "words", str(number + 2), "arrow") if how in found), None)


def _alike(address: str, url: str) -> bool:
    """May both be pages of one list? Then one's path begins as the other's does."""
    a, b = (urlsplit(u).path.rstrip("/") for u in (address, url))
    stem = re.sub(r"/\d+\Z", "", b)
    return a.startswith(stem) or b.startswith(a)


def feed_entries(body: bytes, url: str) -> list[Entry]:
    """The items of an RSS or Atom feed; ``html`` is set where the feed holds the whole text. Raises ValueError."""
    import feedparser

    feed = feedparser.parse(body, sanitize_html=False, response_headers={"content-location": url})
    if not feed.entries and feed.get("bozo") and not feed.get("version"):
        raise ValueError("no feed")
    found = []
    for item in feed.entries:
        address = item.get("link") or (item.get("id") if str(item.get("id", "")).startswith("http") else None)
        if not address:
            continue
        stamp = item.get("published_parsed") or item.get("updated_parsed")
        # feedparser gives the posting time for a change that RSS does not tell: ask the dict itself.
        changed = dict.get(item, "updated")
        full = "".join(
            part.get("value", "") for part in item.get("content", ()) if "html" in part.get("type", "html")
        )
        found.append(
            Entry(
                clean(urljoin(url, address)),
                re.sub(r"\s+", " ", re.sub(r"<[^>]{0,500}>", "", item.get("title", ""))).strip() or None,
                f"{stamp[0]:04d}-{stamp[1]:02d}-{stamp[2]:02d}T{stamp[3]:02d}:{stamp[4]:02d}:{stamp[5]:02d}Z"
                if stamp
                else None,
                modified=changed if changed and changed != dict.get(item, "published") else None,
                html=full or None,
            )
        )
    return found


def sitemap_entries(body: bytes) -> tuple[list[Entry], list[Entry]]:
    """A sitemap's pages and, where it is an index, its sitemaps. Gzip is opened. Raises ValueError."""
    if body[:2] == b"\x1f\x8b":
        try:
            body = decode(body, "gzip", SITEMAP_LIMIT)
        except (TooLarge, Truncated, zlib.error, gzip.BadGzipFile) as error:
            raise ValueError(str(error)) from error
    text = text_of(body, "utf-8")
    if not re.search(r"<(?:\w+:)?(?:urlset|sitemapindex)\b", text[:5000]):
        raise ValueError("no sitemap")
    # Pairs of plain tags: read as such, no entity of a hostile file is ever opened. Each letter is passed once, or a
    # file of open tags alone would take for ever.
    pages: list[Entry] = []
    maps: list[Entry] = []
    begun: re.Match[str] | None = None
    for tag in _TAG.finditer(text):
        if not tag[1]:
            begun = begun or tag
        elif begun:
            block = text[begun.end() : tag.start()]
            loc, lastmod = _LOC.search(block), _LASTMOD.search(block)
            if loc and (address := loc[1].strip()):
                entry = Entry(
                    address.replace("&amp;", "&"), modified=(lastmod[1].strip() or None) if lastmod else None
                )
                (pages if begun[2] == "url" else maps).append(entry)
            begun = None
    return pages, maps


_TAG = re.compile(r"<(/?)(?:\w+:)?(url|sitemap)>")
_LOC = re.compile(r"<loc>(?:\s*<!\[CDATA\[)?([^<\]]*)(?:\]\]>\s*)?</loc>")
_LASTMOD = re.compile(r"<lastmod>([^<]*)</lastmod>")


def json_of(body: bytes) -> Any:
    """A JSON answer, whatever warnings of PHP stand before it. Raises ValueError."""
    text = body.decode("utf-8-sig", "replace")
    start = min((i for i in (text.find("["), text.find("{")) if i >= 0), default=0)
    try:
        return json.loads(text[start:] if start and text[:start].lstrip().startswith("<") else text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def text_of(page: bytes, charset: str | None = None) -> str:
    """A page's bytes as text, by the same rule as reading: UTF-8 where it fits, else Thai's 8-bit code."""
    try:
        return page.decode("utf-8-sig")
    except UnicodeDecodeError:
        thai = not charset or charset.lower() in (
            "utf-8",
            "tis-620",
            "windows-874",
            "iso-8859-11",
            "iso-8859-1",
        )
        return page.decode("cp874" if thai else "utf-8", "replace")


def _address(base: str, href: str | None) -> str | None:
    if not href or href.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
        return None
    try:
        address = clean(urljoin(base, href.strip()))
        return address if urlsplit(address).scheme in ("http", "https") else None
    except ValueError:
        return None


def _text(node: Any) -> str:
    return re.sub(r"\s+", " ", node.text(separator=" ") if node is not None else "").strip()


def _date(node: Any) -> str | None:
    if node is None:
        return None
    return node.attributes.get("datetime") or _text(node) or None
