"""What a page's head and marked places say of its title and posting day."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from moi_pipeline.read.canonical import canonical
from moi_pipeline.read.content import content_places
from moi_pipeline.read.days import parse_stamp
from moi_pipeline.read.posting import read_posting_line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_SEPARATOR = re.compile(r" [-–—|:»•·] | ?(?:\||»|::|–|—) ?")
_MAX_JSON = 500_000
_MAX_TITLE = 1000


@dataclass(frozen=True, slots=True)
class Metadata:
    marked_title: str | None  # the element that the site's template uses for an article's title
    named_title: str | None  # JSON-LD headline or og:title
    page_title: str | None  # <title>
    site_name: str | None
    published: date | None
    posting_line: str | None  # the visible posting date, as written
    canonical_url: str | None


def one_line(node: LexborNode | None) -> str | None:
    """A node's text as one canonical line; None where it has none."""
    if node is None:
        return None
    text = node.text(deep=True, separator=" ") or ""
    return " ".join(canonical(text[: 4 * _MAX_TITLE]).split())[:_MAX_TITLE] or None


def _content(tree: LexborHTMLParser, selector: str) -> str | None:
    for node in tree.css(selector)[:3]:
        value = node.attributes.get("content")
        if value and (text := " ".join(canonical(value[: 4 * _MAX_TITLE]).split())):
            return text[:_MAX_TITLE]
    return None


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD block, graph members too."""
    stack = [data]
    seen = 0
    while stack and seen < 200:
        item = stack.pop(0)
        seen += 1
        if isinstance(item, list):
            stack.extend(item[:100])
        elif isinstance(item, dict):
            yield item
            if isinstance(item.get("@graph"), list):
                stack.extend(item["@graph"][:100])


def _linked_data(tree: LexborHTMLParser) -> tuple[str | None, str | None]:
    """(headline, datePublished) of the page's article in JSON-LD."""
    for script in tree.css('script[type="application/ld+json"]')[:10]:
        raw = script.text(deep=True) or ""
        if len(raw) > _MAX_JSON or ("datePublished" not in raw and "headline" not in raw):
            continue
        try:
            data = json.loads(raw, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(data):
            kind = item.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(k, str) and ("Article" in k or k in ("BlogPosting", "WebPage")) for k in kinds):
                headline, published = item.get("headline"), item.get("datePublished")
                if isinstance(headline, str) or isinstance(published, str):
                    return (
                        headline if isinstance(headline, str) else None,
                        published if isinstance(published, str) else None,
                    )
    return None, None


def _visible_date(tree: LexborHTMLParser) -> tuple[date | None, str | None]:
    """(day, line) of the element that the template uses for the posting date."""
    for selector in content_places().date:
        for node in tree.css(selector)[:2]:
            line = one_line(node)
            stamp = node.attributes.get("datetime") or node.attributes.get("content")
            if stamp is None and (inner := node.css_first("time[datetime]")):
                stamp = inner.attributes.get("datetime")
            posting = read_posting_line(line) if line else None
            day = parse_stamp(stamp) or (posting.value if posting else None)
            if day:
                return day, line if posting else None
    return None, None


def clean_title(title: str, site_name: str | None) -> str:
    """A page title without the site's name at either end, where the page says what that is."""
    if not site_name or len(site_name) >= len(title):
        return title
    if title.endswith(site_name):
        rest = title[: -len(site_name)].rstrip(" -–—|:»•·")
        return rest or title
    if title.startswith(site_name):
        rest = title[len(site_name) :].lstrip(" -–—|:»•·")
        return rest or title
    return title


def title_parts(title: str) -> list[str]:
    """Ways to take the site's name off a page title: the whole, then without its last or first parts."""
    cuts = [(m.start(), m.end()) for m in _SEPARATOR.finditer(title)][:12]
    parts = [title]
    parts += [title[:start].strip() for start, _ in reversed(cuts)]
    parts += [title[end:].strip() for _, end in cuts]
    return [p for p in dict.fromkeys(parts) if p]


def read_metadata(tree: LexborHTMLParser) -> Metadata:
    """Title candidates and posting day of a parsed page."""
    site_name = _content(tree, 'meta[property="og:site_name"]')
    headline, stamped = _linked_data(tree)
    named = _content(tree, 'meta[property="og:title"]') or _content(tree, 'meta[name="twitter:title"]')
    if not named and headline:
        named = " ".join(canonical(headline).split())[:_MAX_TITLE]
    marked = None
    for selector in content_places().title:
        found = [text for node in tree.css(selector)[:3] if (text := one_line(node)) and len(text) >= 12]
        if found:
            marked = found[0]
            break
    published = parse_stamp(stamped)
    for selector in content_places().meta_date if published is None else ():
        if published := parse_stamp(_content(tree, selector)):
            break
    day, line = _visible_date(tree)
    link = tree.css_first('link[rel="canonical"]')
    return Metadata(
        marked_title=marked,
        named_title=clean_title(named, site_name) if named else None,
        page_title=one_line(tree.css_first("head title") or tree.css_first("title")),
        site_name=site_name,
        published=published or day,
        posting_line=line,
        canonical_url=link.attributes.get("href") if link else None,
    )
