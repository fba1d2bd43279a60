"""What an answer gives away of the system behind it: marks of WordPress, Joomla and K2, feeds, links. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from moi_pipeline.sources._address import same_host
from moi_pipeline.sources._page import Links, entries_of, text_of

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from moi_pipeline.sources._walk import Entry

FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
#: Where pages link to the list that a release stands in: Joomla, K2, breadcrumbs of any system.
LIST_LINKS = (
    ".itemCategory a[href], .category-name a[href], dd.category-name a[href], .breadcrumb a[href], "
    ".breadcrumbs a[href], [class*=breadcrumb] a[href], .pathway a[href]"
)
#: What only list pages, and what only pages of one release have.
LIST_MARKS = (
    ".itemListView, .catItemView, .blog-featured, .com-content-category-blog, div.blog, .category-list, "
    "body.archive, body.blog, body.home, .cat-list-row0"
)
RELEASE_MARKS = ".itemView, .item-page, .com-content-article, body.single, body.single-post, body.page"
JOOMLA_PATHS = re.compile(
    r"/media/(?:jui|system|vendor)/|/components/com_\w+/|option=com_content|/templates/\w+/"
)
WP_CONTENT = re.compile(r"""["'(]([^"'()\s]{0,300}?)/wp-(?:content|includes)/""")
WP_ROUTE = re.compile(r"/wp/v2/(posts|pages|categories)/(\d+)\b")
LINK = re.compile(r"<([^<>]{1,2000})>((?:\s*;\s*[^,;]{1,500})*)")
THAI = re.compile(r"[\u0e01-\u0e4e]")
#: A headline is longer than what stands in menus.
HEADLINE = 20


@dataclass(slots=True)
class Signs:
    """What is known of a page at ``url`` and of the site that it belongs to."""

    url: str
    title: str | None = None
    generator: str = ""
    wordpress: list[str] = field(default_factory=list)  # why it is taken for WordPress
    api: str | None = None  # WordPress' REST root, as the page names it
    root: str | None = None  # WordPress' root, by where its files lie
    category: int | None = None  # the page is the list of this WordPress category
    joomla: list[str] = field(default_factory=list)
    feeds: list[str] = field(default_factory=list)
    lists: list[str] = field(default_factory=list)  # where the list may be that a release stands in
    entries: list[Entry] = field(default_factory=list)  # every link of the page
    release: bool | None = None  # is this page one release? None: can't be told by its marks


def form_of(body: bytes) -> str:
    """What an answer's body is: "feed", "sitemap", "json" or "page"."""
    start = body[:3000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        return "json"
    if body[:2] == b"\x1f\x8b" or re.search(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", start):
        return "sitemap"
    if re.search(rb"<(?:rss|feed|rdf:RDF)\b", start) and not re.search(rb"<html\b", start, re.IGNORECASE):
        return "feed"
    return "page"


def read_signs(body: bytes, url: str, headers: Mapping[str, str], charset: str | None = None) -> Signs:
    """The signs of an HTML page."""
    from selectolax.lexbor import LexborHTMLParser

    text = text_of(body, charset)
    tree = LexborHTMLParser(text)
    found = Signs(url, entries=entries_of(body, url, Links(), charset))
    name = tree.css_first("meta[property='og:site_name']")
    title = tree.css_first("title")
    found.title = (
        (name.attributes.get("content") if name else None) or (title.text() if title else "")
    ).strip()
    generators = [n.attributes.get("content") or "" for n in tree.css("meta[name=generator i]")]
    found.generator = "; ".join(generators)
    _wordpress(found, text, tree, headers)
    _joomla(found, text, tree)
    for node in tree.css("link[rel~=alternate i][type][href]"):
        href = node.attributes.get("href") or ""
        said = f"{href} {node.attributes.get('title') or ''}".lower()
        # A feed of comments holds no releases.
        if (
            (node.attributes.get("type") or "").lower() in FEED_TYPES
            and "comment" not in said
            and "ความเห็น" not in said
        ):
            found.feeds.append(urljoin(url, href))
    for node in tree.css(LIST_LINKS):
        address = urljoin(url, node.attributes.get("href") or "").split("#")[0]
        if same_host(address, url) and address != url and address not in found.lists:
            found.lists.insert(0, address)  # the last of a breadcrumb is the nearest
    found.release = _is_release(found, tree)
    return found


def _wordpress(found: Signs, text: str, tree: LexborHTMLParser, headers: Mapping[str, str]) -> None:
    links = [(m[1], m[2]) for m in LINK.finditer(headers.get("link", "")[:20_000])]
    links += [
        (n.attributes.get("href") or "", f'rel="{n.attributes.get("rel") or ""}"')
        for n in tree.css("link[rel][href]")
    ]
    for address, how in links:
        if "https://api.w.org/" in how:
            found.api = found.api or urljoin(found.url, address)
            found.wordpress.append("links to the REST interface (rel=https://api.w.org/)")
        elif "alternate" in how and (route := WP_ROUTE.search(unquote(address))):
            if route[1] == "categories":
                found.category = int(route[2])
            else:
                found.release = True
    if "wordpress" in found.generator.lower():
        found.wordpress.append(f"generator {found.generator[:60]}")
    if files := WP_CONTENT.search(text):
        found.wordpress.append("files under wp-content")
        root = urljoin(found.url, files[1].replace("\\/", "/") + "/")
        if same_host(root, found.url):
            found.root = root
    found.wordpress = list(dict.fromkeys(found.wordpress))


def _joomla(found: Signs, text: str, tree: LexborHTMLParser) -> None:
    if "joomla" in found.generator.lower():
        found.joomla.append(f"generator {found.generator[:60]}")
    if tree.css_first("#k2Container, .itemListView, .itemFullText, .catItemTitle"):
        found.joomla.append("K2's class names")
    if JOOMLA_PATHS.search(text) and not found.wordpress:
        found.joomla.append("Joomla's paths")


def _is_release(found: Signs, tree: LexborHTMLParser) -> bool | None:
    parts = urlsplit(found.url)
    if found.category is not None or (
        parts.path in ("", "/", "/index.php", "/index.html") and not parts.query
    ):
        return False
    if tree.css_first(LIST_MARKS):
        return False
    if found.release or tree.css_first(RELEASE_MARKS):
        return True
    og = tree.css_first("meta[property='og:type']")
    return True if og is not None and og.attributes.get("content") == "article" else None


def shape_of(url: str) -> str | None:
    """A regular expression for addresses formed as this one: numbers may differ, and words beside a number."""
    parts = urlsplit(url)
    told = False
    path = []
    for segment in parts.path.split("/"):
        plain = unquote(segment)
        if digits := re.match(r"(\d+)(?=\W|\Z)", plain):
            # An id and a slug: 367-ข่าว; what follows is the headline's.
            path.append(r"\d+" + ("[^/?]*" if digits.end() < len(plain) else ""))
            told = True
        elif re.search(r"\d", plain) and plain.isascii():
            path.append(re.sub(r"\d+", r"\\d+", re.escape(plain).replace(r"\-", "-")))
            told = True
        elif plain.isascii():
            path.append(re.escape(plain).replace(r"\-", "-"))
        else:
            path.append("[^/?]+")
    query = []
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        if re.search(r"\d", value):
            told = True
            query.append(f"{re.escape(key)}=[^&]*\\d+[^&]*")
        else:
            query.append(f"{re.escape(key)}={re.escape(value)}")
    if not told:
        return None
    return "/".join(path) + (r"\?" + "&".join(query) if query else "")


def shapes(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """The forms of address that a page's headlines have, the most frequent first; at least three of each."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        shape = shape_of(entry.url)
        title = entry.title or ""
        if shape and len(title) >= HEADLINE and THAI.search(title):
            found[shape].append(entry)
    return sorted(((s, e) for s, e in found.items() if len(e) >= 3), key=lambda pair: -len(pair[1]))
