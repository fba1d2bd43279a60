"""Web archives: the pages in WARC files (.warc, .warc.gz), as from Common Crawl or an archive of one's own.

What is taken are answers with status 200 that are pages, and the posts of WordPress' REST answers. A release was
fetched when the archive says so. Files that ``moi export`` wrote come back as they were.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from moi_pipeline.captures import Capture
from moi_pipeline.sources import Context, Found, Option, Refusal, Seen, Source
from moi_pipeline.sources._address import clean, ident, own_address

ENDINGS = (".warc", ".warc.gz")
#: What a page may open to.
LIMIT = 20_000_000
PAGES = {"text/html", "application/xhtml+xml"}
REST = re.compile(r"/wp-json/wp/v2/posts\b|[?&]rest_route=/wp/v2/posts\b")
#: The fields, beside the standard's, in which ``moi export`` keeps what HTTP has no place for.
OWN = "moi-"
KINDS = {"html", "wordpress", "feed", "text"}


@dataclass(frozen=True, slots=True)
class _Hosts(Option):
    """Host names: a list of texts, or one text with commas."""

    def takes(self, value: Any) -> bool:
        return type(value) is str or (type(value) is list and all(type(host) is str for host in value))


OPTIONS = {
    "path": Option(str, needed=True, about="a file, or a folder that is searched for files"),
    "hosts": _Hosts(str, about="only these hosts (default: all)"),
    "pattern": Option(str, about="a regular expression that a release's address fits"),
}


async def crawl(source: Source, context: Context) -> AsyncIterator[Found]:
    """The releases in the source's files, in the order in which the files have them."""
    path = context.root / Path(source.options["path"]).expanduser()
    hosts = _hosts(source.options.get("hosts", ()))
    fits = re.compile(source.options.get("pattern", ""))
    kept = _Addresses(context)
    for file in archives(path):
        try:
            for found in _file(file, source, context, hosts, fits):
                await asyncio.sleep(0)  # other sources have their turn, and Ctrl-C is heard
                yield kept.settle(found) if isinstance(found, Capture) else found
        except OSError as error:
            yield Refusal(file.as_uri(), "unreadable", error.strerror or str(error))
    if not path.exists():
        yield Refusal(path.absolute().as_uri(), "missing", f"there is no {path}")
    context.complete = True


def archives(path: Path) -> list[Path]:
    """The WARC files that a path means: itself, or those below it in the order of their names."""
    path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would hide what the person called it
    if not path.is_dir():
        return [path] if path.exists() else []
    return sorted(file for file in path.rglob("*") if is_archive(file) and file.is_file())


def is_archive(path: Path) -> bool:
    """Is this called as WARC files are?"""
    return path.name.lower().endswith(ENDINGS) and not path.name.startswith(".")


def _hosts(given: str | list[str]) -> set[str]:
    names = given.split(",") if isinstance(given, str) else given
    return {name.strip().lower().removeprefix("www.") for name in names if name.strip()}


class _Addresses:
    """One release under several addresses (www. or not, http or https) is kept under the first one met."""

    def __init__(self, context: Context) -> None:
        self.rows = context.known.rows
        self.by_ident = {
            ident(address): row["url"]
            for row in self.rows.values()
            for address in (row["final_url"], row["url"])
            if address
        }

    def settle(self, found: Capture) -> Found:
        """The capture under its lasting address; Seen where what is stored is as new or newer."""
        url = self.by_ident.setdefault(ident(found.url), found.url)
        row = self.rows.get(url)
        if row is not None and row["fetched_at"] >= found.fetched_at:
            # Archives are read again and again, and in any order: the past must not come in as news.
            return Seen(url)
        return found if url == found.url else replace(found, url=url)


def _file(
    path: Path, source: Source, context: Context, hosts: set[str], fits: re.Pattern[str]
) -> Iterator[Capture | Refusal]:
    from moi_pipeline.sources._archive import Broken, records

    number = 0
    for record in records(path):
        if isinstance(record, Broken):
            url = record.url or path.as_uri()
            if not record.url or _wanted(record.url, hosts, fits):
                yield Refusal(url, record.reason, f"{path.name}, after record {number}: {record.detail}")
            continue
        number += 1
        url = record.fields.get("warc-target-uri", "").strip("<>")
        kept = record.fields.get("warc-type") in ("response", "resource")
        if not kept or not _wanted(url, hosts, fits):
            continue
        yield from _response(url, record.fields, record.block, source, context)


def _wanted(url: str, hosts: set[str], fits: re.Pattern[str]) -> bool:
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return False
    return (not hosts or host in hosts) and bool(fits.search(url))


def _response(
    url: str, fields: dict[str, str], block: bytes, source: Source, context: Context
) -> Iterator[Capture | Refusal]:
    """What one response record gives: a page, the posts of a REST answer, or why it gives nothing."""
    from moi_pipeline.fetch.client import Answer
    from moi_pipeline.fetch.decode import TooLarge, Truncated, decode
    from moi_pipeline.sources._archive import http_parts, unchunked

    own = {
        name.removeprefix(OWN).replace("-", "_"): value
        for name, value in fields.items()
        if name.startswith(OWN)
    }
    parts = http_parts(block)
    if fields["warc-type"] == "resource":  # our own files; others' are no answers of a site
        parts = (200, {"content-type": fields.get("content-type", "")}, block) if "kind" in own else None
    if parts is None or parts[0] != 200:
        return
    status, headers, body = parts
    answer = Answer(url, url, status, headers, b"")
    rest = answer.content_type == "application/json" and (REST.search(url) or own.get("kind") == "wordpress")
    if not (answer.content_type in PAGES or rest or own.get("kind") in KINDS):
        return
    try:
        fetched_at = datetime.fromisoformat(fields.get("warc-date", "")).astimezone(UTC)
    except ValueError:
        yield Refusal(url, "broken", f"its WARC-Date is {fields.get('warc-date', 'missing')[:40]!r}")
        return
    if "warc-truncated" in fields:
        yield Refusal(url, "truncated", f"the archive says: cut by {fields['warc-truncated'][:40]}")
        return
    try:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            body = unchunked(body)
        body = decode(body, _codings(body, headers.get("content-encoding", "")), LIMIT)
    except TooLarge as error:
        yield Refusal(url, "too large", str(error))
        return
    except (Truncated, ValueError) as error:
        yield Refusal(url, "truncated", str(error))
        return
    if own.get("kind") in KINDS:
        yield _exported(source, own, Answer(url, url, status, headers, body), fetched_at)
    elif rest:
        yield from _posts(url, body, source, replace(context, moment=fetched_at))
    elif body.strip():
        yield Capture(
            source=source.name,
            url=own_address(body, url),
            kind="html",
            fetched_at=fetched_at,
            body=body,
            final_url=url,
            status=status,
            content_type=answer.content_type,
            charset=answer.charset,
            etag=answer.etag,
            last_modified=answer.last_modified,
        )


def _codings(body: bytes, codings: str) -> str:
    """The codings that are still to be undone: many crawlers undo them and keep the header."""
    plain = "gzip" in codings.lower() and not body.startswith(b"\x1f\x8b")
    plain = plain or ("br" in codings.lower() and body.lstrip()[:1] in (b"<", b"{", b"["))
    return "" if plain else codings


def _exported(source: Source, own: dict[str, str], answer: Any, fetched_at: datetime) -> Capture:
    """A capture that ``moi export`` wrote, as it was."""
    from urllib.parse import unquote

    told = {name: unquote(value) for name, value in own.items()}
    return Capture(
        source=source.name,
        url=told.get("url", answer.url),
        kind=told["kind"],
        fetched_at=fetched_at,
        body=answer.body,
        final_url=told.get("final_url"),
        status=int(told["status"]) if told.get("status", "").isdecimal() else None,
        content_type=answer.content_type,
        charset=answer.charset,
        etag=answer.etag,
        last_modified=answer.last_modified,
        listed_title=told.get("listed_title"),
        listed_published=told.get("listed_published"),
        listed_modified=told.get("listed_modified"),
    )


def _posts(url: str, body: bytes, source: Source, context: Context) -> Iterator[Capture | Refusal]:
    """The posts of a REST answer, each a capture under the address that a crawl of the site would give it."""
    from moi_pipeline.sources._page import json_of
    from moi_pipeline.sources.wordpress import post_found

    try:
        said = json_of(body)
    except ValueError as error:
        yield Refusal(url, "broken", f"no JSON: {error}")
        return
    root = re.split(r"/wp-json/|/?\?", clean(url), maxsplit=1)[0]
    site = replace(source, options={"url": root})
    for post in said if isinstance(said, list) else [said]:
        # A list that was asked for single fields holds no releases.
        if isinstance(post, dict) and "id" in post and isinstance(post.get("content"), dict):
            found = post_found(site, context, post)
            if isinstance(found, Capture | Refusal):
                yield found
