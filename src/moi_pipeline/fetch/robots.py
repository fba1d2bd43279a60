"""robots.txt: what a host allows, and how slowly it wants to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protego import Protego

#: A crawl-delay beyond this is taken for a mistake of the site's and cut to it (seconds).
LONGEST_DELAY = 30.0


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host for one agent. ``rules`` None: everything is allowed."""

    rules: Protego | None
    agent: str

    def allows(self, url: str) -> bool:
        """May this address be fetched?"""
        return self.rules is None or self.rules.can_fetch(url, self.agent)

    @property
    def delay(self) -> float:
        """Seconds between requests that the host asks for; 0 where it asks for none."""
        wanted = self.rules.crawl_delay(self.agent) if self.rules else None
        return min(float(wanted or 0.0), LONGEST_DELAY)

    @property
    def sitemaps(self) -> list[str]:
        """The sitemaps that the file names."""
        return list(self.rules.sitemaps) if self.rules else []


def read_robots(body: bytes, agent: str) -> Robots:
    """Parse a robots.txt, whatever its bytes; an error page in its place allows everything."""
    from protego import Protego

    text = body[:500_000].decode("utf-8-sig", errors="replace")
    if "<html" in text[:1000].lower():
        return Robots(None, agent)
    return Robots(Protego.parse(text), agent)
