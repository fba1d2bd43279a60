"""Trying guesses out: a few releases are read by a kind of source, and nothing is stored."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from moi_pipeline.captures import Capture
from moi_pipeline.fetch.manners import FetchFailed, Ledger, Manners
from moi_pipeline.read import Article
from moi_pipeline.sources import Context, Refusal, Source, kinds

if TYPE_CHECKING:
    from moi_pipeline.fetch.client import Answer, Client

#: Sample releases of a guess, and what is looked at to find them.
SAMPLES, LOOKS = 3, 6
#: Why a site is tried as WordPress that shows no sign of it.
PROBED = "/wp-json/ answers"


@dataclass(frozen=True, slots=True)
class Sample:
    """One release as a guess reads it."""

    url: str
    title: str
    published: str | None  # ISO day


@dataclass(slots=True)
class Guess:
    """A kind with its options, why it is thought so, and what could be read by it."""

    kind: str
    options: dict[str, Any]
    evidence: list[str]
    samples: list[Sample] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Asker:
    """Asks in one detection's name, and tries guesses out."""

    def __init__(self, client: Client, manners: Manners, ledger: Ledger) -> None:
        self.client, self.manners, self.ledger = client, manners, ledger

    async def first(self, url: str) -> Answer:
        """The page at the address; without a scheme https is tried, then http. Raises FetchFailed."""
        try:
            if "://" in url:
                answer = await self.client.get(url, manners=self.manners, ledger=self.ledger)
            else:
                once = replace(self.manners, tries=1, timeout=min(self.manners.timeout, 15.0))
                answer = await self.client.get(f"https://{url}", manners=once, ledger=self.ledger)
        except FetchFailed:
            if "://" in url:
                raise
            answer = await self.client.get(f"http://{url}", manners=self.manners, ledger=self.ledger)
        if answer.status != 200:
            raise FetchFailed(url, "status", f"the server answered {answer.status}")
        return answer

    async def sitemaps(self, url: str) -> list[Guess]:
        try:
            robots = await self.client.robots(url, self.manners, self.ledger)
        except FetchFailed:
            return []
        return [Guess("sitemap", {"url": u}, ["robots.txt names a sitemap"]) for u in robots.sitemaps[:2]]

    async def try_out(self, guess: Guess) -> None:
        """Read a few releases as the guess says: its samples, or why there are none."""
        source = Source("guess", guess.kind, options=guess.options)
        context = self._context()
        captures = []
        try:
            if guess.kind == "wordpress":
                captures = await self._newest_posts(source, context)
            if not captures and not (guess.kind == "wordpress" and guess.evidence == [PROBED]):
                captures = await self._crawled(source, context, guess)
        except FetchFailed as error:
            guess.problems.append(f"{error.reason}: {error.detail}" if error.detail else error.reason)
        for capture in captures[:LOOKS]:
            sample = sample_of(capture)
            if isinstance(sample, str):
                guess.problems.append(f"{capture.url}: {sample}")
            elif len(guess.samples) < SAMPLES:
                guess.samples.append(sample)

    def _context(self) -> Context:
        from moi_pipeline.store import Known

        nothing = Known({}, None, [])
        return Context(Path(), nothing, datetime.now(UTC), self.manners, self.ledger, self.client)

    async def _newest_posts(self, source: Source, context: Context) -> list[Capture]:
        """The newest posts of a WordPress site by one small request; none where REST does not answer."""
        from moi_pipeline.sources._page import json_of
        from moi_pipeline.sources.wordpress import FIELDS, post_found

        root = source.options["url"].rstrip("/")
        query: dict[str, Any] = {"per_page": SAMPLES, "_fields": FIELDS}
        if "category" in source.options:
            query["categories"] = source.options["category"]
        for api in (
            [source.options["api"]]
            if "api" in source.options
            else [f"{root}/wp-json", f"{root}/?rest_route="]
        ):
            joint = "&" if "?" in api else "?"
            answer = await context.get(
                f"{api}/wp/v2/posts{joint}{urlencode(query)}", accept="application/json"
            )
            try:
                said = json_of(answer.body)
            except ValueError:
                continue
            if answer.status == 200 and isinstance(said, list):
                found = [post_found(source, context, p) for p in said if isinstance(p, dict) and "id" in p]
                return [one for one in found if isinstance(one, Capture)]
        return []

    async def _crawled(self, source: Source, context: Context, guess: Guess) -> list[Capture]:
        captures: list[Capture] = []
        looks = 0
        crawl: Any = kinds()[source.kind].crawl(source, context)
        async with aclosing(crawl):
            async for found in crawl:
                looks += 1
                if isinstance(found, Capture):
                    captures.append(found)
                elif isinstance(found, Refusal) and len(guess.problems) < LOOKS:
                    guess.problems.append(f"{found.url}: {found.reason}")
                readable = sum(not isinstance(sample_of(capture), str) for capture in captures)
                if readable >= SAMPLES or looks >= LOOKS:
                    break
        return captures


def sample_of(capture: Capture) -> Sample | str:
    """A capture's title and day as they will be read, or why it holds no release."""
    from moi_pipeline.fetch.change import read_found

    article = read_found(capture)
    if not isinstance(article, Article):
        return f"no release ({article.reason})"
    day = article.published_at.isoformat() if article.published_at else None
    return Sample(capture.url, article.title, day)
