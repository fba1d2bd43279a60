"""How a source is to be treated, and the ledger of what a run cost it. Light: imported by every kind of source."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Manners:
    """The limits of one source, from ``sources.toml``."""

    rate: float = 1.0  # requests a second at one host, at most
    timeout: float = 60.0  # seconds for a whole request, body and redirects included
    tries: int = 7  # tries of one request
    budget: int = (
        14  # failed tries in a row, over all requests, after which the source is given up for this run
    )
    max_bytes: int = 20_000_000  # of a body, before and after decompression
    max_pages: int = 5_000  # requests in one run
    robots: bool = True
    ca_file: str | None = None
    verify: bool = True
    host: str | None = None  # the one that ca_file and verify hold for; None: any
    patience: float = 1.0  # what waiting times are multiplied by; below 1 in tests alone


@dataclass(slots=True)
class Ledger:
    """What one run asked of a source, written by the client."""

    requests: int = 0
    retries: int = 0
    bytes: int = 0
    waited: float = 0.0
    failed_tries: Counter[str] = field(default_factory=Counter)
    in_a_row: int = 0  # failed tries since the last usable answer


class FetchFailed(Exception):
    """A request that got no usable answer. ``reason`` is one of few words, ``detail`` is for a person.

    timeout, reset, dns, tls, status, too large, truncated, redirects, private address, scheme, robots, budget
    """

    def __init__(self, url: str, reason: str, detail: str = "") -> None:
        super().__init__(f"{url}: {reason} ({detail})" if detail else f"{url}: {reason}")
        self.url = url
        self.reason = reason
        self.detail = detail
