"""What kind of site an address belongs to, told from what a person would paste: front page, list, feed, release.

Signs on the page make guesses; a guess counts once releases could really be read by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from moi_pipeline.fetch.manners import Ledger, Manners
from moi_pipeline.fetch.signs import Signs, form_of, read_signs, shape_of, shapes
from moi_pipeline.fetch.tryout import PROBED, Asker, Guess
from moi_pipeline.read import Article, read_capture
from moi_pipeline.sources._address import clean, ident, same_host

if TYPE_CHECKING:
    from moi_pipeline.fetch.client import Answer, Client

#: Guesses that are tried at all.
GUESSES = 12


@dataclass(slots=True)
class Detection:
    """What an address is: its site's title, the guesses that gave releases (best first), those that did not."""

    url: str
    title: str | None = None
    release: bool = False  # the address is one release's page
    guesses: list[Guess] = field(default_factory=list)
    failed: list[Guess] = field(default_factory=list)
    answer: Answer | None = None  # what the address itself gave


async def detect(
    url: str,
    client: Client,
    manners: Manners | None = None,
    ledger: Ledger | None = None,
    *,
    most: int = 2,
    sites_alone: bool = False,
) -> Detection:
    """The kinds of source that the address's site can be read as, at most ``most``, the best first.

    With ``sites_alone`` no guesses are made where the address is one release's page.
    Raises FetchFailed where the address itself can't be had.
    """
    ledger = ledger or Ledger()
    at = Asker(client, manners or Manners(), ledger)
    answer = await at.first(url)
    form = form_of(answer.body)
    found = Detection(clean(answer.final_url), answer=answer)
    if form == "page":
        signs = read_signs(answer.body, found.url, answer.headers, answer.charset)
        found.title = signs.title
        found.release = is_release(answer, signs)
        if found.release:
            found.title = site_title(signs.title)
        if found.release and sites_alone:
            return found
        candidates = _of_page(signs, found.release)
    else:
        candidates = _of_other(form, answer)
    tried: set[str] = set()
    left = [*candidates]
    if form == "page" and not any(guess.kind == "wordpress" for guess in left):
        left.append(_probe(found.url))
    left += await at.sitemaps(found.url)
    for guess in left:
        key = repr((guess.kind, sorted(guess.options.items())))
        # What lists little, and what needs many requests, is tried only where nothing better was found.
        if key in tried or (found.guesses and guess.kind == "sitemap") or len(tried) >= GUESSES:
            continue
        tried.add(key)
        await at.try_out(guess)
        (found.guesses if guess.samples else found.failed).append(guess)
        if len(found.guesses) >= most:
            break
    return found


def site_title(title: str | None) -> str | None:
    """The site's name in the title of a release's page: what stands behind the headline; None where nothing does."""
    parts = re.split(r"\s+[-–—|:»]\s+", (title or "").strip())
    return parts[-1] if len(parts) > 1 else None


def is_release(answer: Answer, signs: Signs) -> bool:
    """Is this page one release? By its marks and its address, else by what is read from it."""
    if signs.release is not None:
        return signs.release
    if _preset(signs.url):
        return True
    shape = shape_of(signs.url)
    if shapes(signs.entries) and not (shape and any(shape == s for s, _ in shapes(signs.entries))):
        return False
    article = read_capture(
        answer.body, kind="html", url=signs.url, content_type=answer.content_type, charset=answer.charset
    )
    return isinstance(article, Article) and (article.published_at is not None or len(article.text) > 500)


def _preset(url: str) -> str | None:
    """The shared system whose releases have such addresses."""
    from moi_pipeline.sources.listing import presets

    return next((name for name, said in presets().items() if re.search(said["pattern"], url)), None)


def _of_other(form: str, answer: Answer) -> Iterator[Guess]:
    """Guesses for what is no page: a feed, a sitemap, an answer of WordPress' REST interface."""
    url = answer.final_url
    if form == "feed":
        options: dict[str, Any] = {"url": url}
        if b"wordpress.org" in answer.body[:5000]:
            options["pages"] = "paged"
        elif "format=feed" in url or b"Joomla" in answer.body[:5000]:
            options["pages"] = "limitstart"
        yield Guess("feed", options, ["the address is a feed"])
    elif form == "sitemap":
        yield Guess("sitemap", {"url": url}, ["the address is a sitemap"])
    elif "/wp-json" in url or "rest_route=" in url:
        root = re.split(r"/wp-json|/?\?", url, maxsplit=1)[0] + "/"
        yield Guess("wordpress", _site(root, None), ["the address is WordPress' REST interface"])


def _site(root: str, api: str | None) -> dict[str, Any]:
    options = {"url": root}
    usual = (f"{root.rstrip('/')}/wp-json", f"{root.rstrip('/')}/?rest_route=")
    if api and api.rstrip("/").replace("/index.php?", "/?") not in usual:
        options["api"] = api.rstrip("/")
    return options


def _probe(url: str) -> Guess:
    parts = urlsplit(url)
    return Guess("wordpress", {"url": f"{parts.scheme}://{parts.netloc}/"}, [PROBED])


def _of_page(signs: Signs, release: bool) -> Iterator[Guess]:
    """The guesses that a page's signs allow, the most telling first."""
    if signs.wordpress:
        yield _wordpress(signs)
    lists = list(_lists(signs, release))
    if signs.joomla:
        for address in lists:
            yield Guess("joomla", {"url": address}, signs.joomla)
    yield from _by_preset(signs, release, lists)
    for feed in signs.feeds[:2]:
        more = {"pages": "paged"} if signs.wordpress else {"pages": "limitstart"} if signs.joomla else {}
        yield Guess("feed", {"url": feed} | more, ["the page links to a feed"])
    own = shape_of(signs.url) if release else None
    for shape in [own] if own else [shape for shape, _ in shapes(signs.entries)[:2]]:
        for address in lists[:3]:
            why = f"{'the release has' if own else 'headlines have'} addresses of one form"
            yield Guess("listing", {"url": address, "pattern": shape}, [why])


def _wordpress(signs: Signs) -> Guess:
    api = signs.api if signs.api and same_host(signs.api, signs.url) else None
    if api and "/wp-json" in api:
        root = api.split("/wp-json")[0] + "/"
    elif api and "?" in api:
        root = api.split("?")[0].removesuffix("index.php")
    else:
        root = signs.root or urljoin(signs.url, "/")
    options = _site(root, api)
    if signs.category is not None:
        options["category"] = signs.category
    return Guess("wordpress", options, signs.wordpress)


def _lists(signs: Signs, release: bool) -> Iterator[str]:
    """Where the site's list may be, the likeliest first: the page itself, or what stands above a release."""
    if not release:
        yield signs.url
        return
    yield from signs.lists[:3]
    parts = urlsplit(signs.url)
    above = parts.path.rstrip("/").rpartition("/")[0]
    if above.count("/") >= 1:
        yield f"{parts.scheme}://{parts.netloc}{above}"
    yield f"{parts.scheme}://{parts.netloc}/"


def _by_preset(signs: Signs, release: bool, lists: list[str]) -> Iterator[Guess]:
    from moi_pipeline.sources.listing import presets

    for name, said in presets().items():
        fits = re.compile(said["pattern"])
        linked = [entry.url for entry in signs.entries if fits.search(entry.url)]
        met = [signs.url] if fits.search(signs.url) else linked
        if not met or (not release and len(linked) < 3):
            continue
        why = [f"addresses as in {name}: {met[0][:120]}"]
        if release and "detail" in said:
            # Systems whose list's address follows from a release's.
            yield Guess(
                "listing", {"preset": name, "url": re.sub(said["detail"], said["list"], signs.url)}, why
            )
        for address in lists:
            yield Guess("listing", {"preset": name, "url": address}, why)


def same_address(url: str, other: str) -> bool:
    """Are these two spellings of one address, scheme and www. apart?"""
    return ident(url) == ident(other)
