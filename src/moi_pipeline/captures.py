"""A capture: what a site sent for one address, as received, and the ids that follow from it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer of a site, or one file: the bytes as received and what is known about them."""

    source: str
    url: str
    kind: str
    fetched_at: datetime
    body: bytes
    final_url: str | None = None
    status: int | None = None
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    listed_title: str | None = None
    listed_published: str | None = None
    listed_modified: str | None = None

    @property
    def capture_id(self) -> str:
        return capture_id(self.source, self.url, self.body)


def capture_id(source: str, url: str, body: bytes) -> str:
    """sha256 over source, url and body, in hex: the same page fetched twice is the same capture."""
    digest = hashlib.sha256()
    for part in (source.encode(), url.encode()):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    digest.update(body)
    return digest.hexdigest()


def article_id(source: str, url: str) -> str:
    """The stable id of an article: 16 hex digits (64 bits) of a hash over source and url."""
    return hashlib.sha256(source.encode() + b"\0" + url.encode()).hexdigest()[:16]
