"""How each kind of site, or folder, lists its releases: one module a kind.

A kind's module declares ``OPTIONS`` (what its entry in ``sources.toml`` may say, see ``Option``) and
``crawl(source, context)``, which yields what it finds: a ``Capture`` for what was received, and a ``Seen``,
``Refusal``, ``Failure`` or ``Gone`` for what was not. Importing a kind's module must be light: heavy
libraries load where they are used.
"""

from __future__ import annotations

import pkgutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import urlsplit

from moi_pipeline.captures import Capture
from moi_pipeline.fetch.aside import Asides
from moi_pipeline.fetch.manners import Ledger, Manners

if TYPE_CHECKING:
    from moi_pipeline.fetch.client import Answer, Client
    from moi_pipeline.store import Known


@dataclass(frozen=True, slots=True)
class Source:
    """One entry of ``sources.toml``. ``options`` is what the entry's kind asks for; ``line`` is where it stands."""

    name: str
    kind: str
    enabled: bool = True
    province: str | None = None  # ISO 3166-2 code of the site's province
    title: str | None = None
    options: dict[str, Any] = field(default_factory=dict)
    line: int = 0
    given: Answer | None = None  # what the site answered when it was looked at just now


@dataclass(frozen=True, slots=True)
class Option:
    """A key that a kind of source knows: its value's type, whether it must be given, and what it means to people."""

    type: type
    needed: bool = False
    about: str = ""

    def takes(self, value: Any) -> bool:
        """Is the value of this option's type? A whole number will do for a fraction, true and false for neither."""
        if self.type is float and type(value) is int:
            return True
        return type(value) is self.type


#: What every kind that asks the web knows beside its own options.
WEB_OPTIONS = {
    "rate": Option(float, about="requests a second at most (default 1)"),
    "timeout": Option(float, about="seconds for a whole request (default 60)"),
    "max_pages": Option(int, about="requests in one run (default 5000)"),
    "robots": Option(bool, about="false: the site's owner agreed that robots.txt does not apply"),
    "ca_file": Option(str, about="a certificate file for a site with a broken chain"),
    "verify": Option(bool, about="false: certificates are not checked; told in moi status"),
    "recheck": Option(int, about="days for which a stored release is looked at again (default 3)"),
    "review": Option(int, about="days in which every stored page is looked at again (default 28; 0: never)"),
    "patience": Option(float, about="what waiting times are multiplied by"),
    "audit": Option(
        int, about="days after which the whole list is walked again, not its new part alone (default 30)"
    ),
    "expect": Option(
        dict, about='{at_least = 5, every = "1 day"}: fewer new releases in that time raise an alarm'
    ),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something listed that was not taken, and why. ``reason`` is one of few words, ``detail`` is for a person."""

    url: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """Listed, stored before, and known to be unchanged without being read again (or answered with 304)."""

    url: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be fetched this time; the next run tries again. ``reason`` as in FetchFailed."""

    url: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """Stored before, and the site says now that it is no more. What is stored stays."""

    url: str
    detail: str = ""


Found = Capture | Seen | Refusal | Failure | Gone


@dataclass(slots=True)
class Context:
    """What a crawl may use: the workspace's folder, the client with this source's manners, what is stored."""

    root: Path
    known: Known
    moment: datetime  # when the run began (UTC)
    manners: Manners
    ledger: Ledger
    client: Client | None = None  # None for sources that need no net
    complete_at: datetime | None = None  # when the last run began that came to the end of the source's list
    complete: bool = False  # set by a crawl that came to the end of its list
    recheck: timedelta = timedelta(days=3)  # for so long a stored release is looked at again
    review: int = 0  # days in which every stored page is looked at again; 0: never
    audit: bool = False  # it is time to walk the whole list again
    whole: bool = False  # set by a crawl that walked its whole list
    changes_only: bool = (
        False  # set by a crawl that asked for changes alone: an empty answer is none to wonder at
    )
    read_before: tuple[int, int] = (0, 0)  # captures that earlier runs read, and whole articles among them
    newest_first: bool = False  # the newest releases are wanted, not all of them
    given: Answer | None = None  # an answer that is at hand already
    asides: Asides = field(default_factory=Asides)  # what was refused, failed, or is another's address

    def is_young(self, fetched_at: datetime) -> bool:
        """Was this fetched so lately that the release may still be changed by its authors?"""
        return self.moment - fetched_at < self.recheck

    async def get(self, url: str, **how: Any) -> Answer:
        """Ask the client for an address in this source's name. Raises FetchFailed."""
        if self.given is not None and self.given.url == url:
            answer, self.given = self.given, None
            return answer
        assert self.client is not None, "a run with web sources has a client"
        return await self.client.get(url, manners=self.manners, ledger=self.ledger, **how)


class Kind(Protocol):
    """What a kind's module offers."""

    OPTIONS: dict[str, Option]

    def crawl(self, source: Source, context: Context) -> AsyncIterator[Found]:
        """Everything that the source lists and that may be new. One bad entry stops nothing.

        May raise FetchFailed where not even the list can be had: the run tells it as a failure of the source.
        """


def manners_of(source: Source, root: Path) -> Manners:
    """A source's manners: the defaults, but for what its entry in ``sources.toml`` says."""
    given = {
        key: source.options[key]
        for key in ("rate", "timeout", "max_pages", "robots", "verify", "patience")
        if key in source.options
    }
    ca_file = source.options.get("ca_file")
    return Manners(
        **given,
        ca_file=str(root / Path(ca_file).expanduser()) if ca_file else None,
        host=(urlsplit(str(source.options.get("url", ""))).hostname or "").removeprefix("www.") or None,
    )


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of source by name: the modules of this package."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {
        name: cast(Kind, import_module(f"{__name__}.{name}")) for name in names if not name.startswith("_")
    }
