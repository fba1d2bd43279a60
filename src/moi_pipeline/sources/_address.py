"""Addresses: which of them name the same release, and which one is a page's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

#: Parts of a query that name no release: campaigns, sessions, print views. All others do: ``id=`` above all.
#: A ``sid`` is a session where it is long, and the story's number in PHP-Nuke.
NOISE = re.compile(
    r"(?:utm_\w+|fbclid|gclid|phpsessid|jsessionid|session_?id|tmpl|print|layout|checkadd|dum)=|sid=\w{16}",
    re.IGNORECASE,
)
SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
#: The language of a page, where a site has several of one release.
LANGUAGE = re.compile(r"/(?:th|en)(?=/)", re.IGNORECASE)
CANONICAL = re.compile(rb"<link\b[^>]{0,500}\brel\s*=\s*[\"']?canonical[\"' >][^>]{0,2000}", re.IGNORECASE)
HREF = re.compile(rb"\bhref\s*=\s*[\"']([^\"'>]{1,2000})[\"']", re.IGNORECASE)


def ident(url: str) -> str:
    """An address in one form, so that two spellings of it compare equal; never asked, only compared."""
    parts = urlsplit(SESSION.sub("", url.strip()))
    host = (parts.hostname or "").removeprefix("www.")
    if parts.port and parts.port not in (80, 443):
        host += f":{parts.port}"
    # Thai addresses come raw and in upper- or lower-case hex.
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=~-._") or "/"
    if len(path) > 1:
        path = path.rstrip("/")
    query = urlencode(
        [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not NOISE.match(f"{k}={v}")]
    )
    return f"{host}{path}?{query}" if query else f"{host}{path}"


def named_by(id_pattern: str | None) -> Callable[[str], str]:
    """What names a release by its address: the site's own id, as the groups of a pattern find it in path and query.

    Where the pattern does not fit, or none is known, the address itself (``ident``) is its name.
    """
    if id_pattern is None:
        return ident
    fits = re.compile(id_pattern)

    def name(url: str) -> str:
        parts = urlsplit(SESSION.sub("", url.strip()))
        said = LANGUAGE.sub("", unquote(parts.path)) + (f"?{parts.query}" if parts.query else "")
        found = fits.search(said)
        host = (parts.hostname or "").removeprefix("www.")
        return f"{host} {' '.join(part or '' for part in found.groups())}" if found else ident(url)

    return name


def clean(url: str) -> str:
    """An address without fragment, session and campaign: fit to be stored and asked."""
    parts = urlsplit(SESSION.sub("", url.strip()))
    kept = [
        part
        for part in parts.query.split("&")
        if part and not re.match(r"(utm_|fbclid|gclid|phpsessid|sid=\w{16})", part, re.I)
    ]
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", "&".join(kept), ""))


def own_address(page: bytes, url: str) -> str:
    """The address that a page gives as its own (rel=canonical), where it can be believed; else ``url``, cleaned.

    Believed is an address of the same host that is not the front page and keeps a number of the asked
    address: many templates name one address for all their pages (where it keeps one, the walk notices).
    """
    here = clean(url)
    found = CANONICAL.search(page[:200_000])
    href = HREF.search(found[0]) if found else None
    if not href:
        return here
    there = clean(urljoin(url, href[1].decode("utf-8", "replace").replace("&amp;", "&")))
    front_page = urlsplit(there).path in ("", "/") and not urlsplit(there).query
    if front_page or not same_host(here, there):
        return here
    if _numbers(here) and not _numbers(here) & _numbers(there):
        return here
    return there


def _numbers(url: str) -> set[str]:
    """The numbers in an address that may name a release: those in its query, and the last in its path."""
    parts = urlsplit(url)
    found = {v for k, v in parse_qsl(parts.query) if v.isdigit() and not NOISE.match(f"{k}={v}")}
    in_path = re.findall(r"\d+", parts.path)
    return found | set(in_path[-1:])


def same_host(url: str, other: str) -> bool:
    """Do two addresses lie on one host, www. apart?"""
    a, b = ((urlsplit(u).hostname or "").removeprefix("www.") for u in (url, other))
    return a == b
