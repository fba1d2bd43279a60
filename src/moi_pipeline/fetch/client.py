"""The one HTTP client: polite, bounded, and clear about what went wrong."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx

from moi_pipeline.fetch.address import Names, Resolve, Transport, behind_proxy, resolve
from moi_pipeline.fetch.decode import TooLarge, Truncated, decode
from moi_pipeline.fetch.manners import FetchFailed, Ledger, Manners
from moi_pipeline.fetch.pace import Pace, backoff, retry_after
from moi_pipeline.fetch.robots import Robots, read_robots

#: Statuses that may pass: the same request is tried again.
PASSING = {408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524}
REDIRECTS = {301, 302, 303, 307, 308}
MAX_REDIRECTS = 8
ACCEPT = "text/html,application/xhtml+xml,application/json;q=0.9,application/xml;q=0.9,*/*;q=0.5"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. ``body`` is complete and decompressed; header names are lower-case."""

    url: str
    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str | None:
        kind = self.headers.get("content-type", "").split(";")[0].strip().lower()
        return kind or None

    @property
    def charset(self) -> str | None:
        found = re.search(
            r"charset\s*=\s*[\"']?([\w.:-]+)", self.headers.get("content-type", ""), re.IGNORECASE
        )
        return found[1].lower() if found else None

    @property
    def etag(self) -> str | None:
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        return self.headers.get("last-modified")


class Client:
    """Ask web servers politely. One for a whole run: the pace of a host holds for all sources together."""

    def __init__(
        self,
        contact: str | None = None,
        look_up: Resolve = resolve,
        backend: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        about = f"; {contact}" if contact else ""
        self.agent = f"moi-pipeline/{version('moi-pipeline')} (Thai press release reader{about})"
        self._names = Names(look_up)
        self._backend = backend  # what connects, once it is known where to; another one in tests alone
        self._proxied = backend is None and behind_proxy()
        self._paces: dict[str, Pace] = {}
        self._robots: dict[str, asyncio.Task[Robots]] = {}
        self._clients: dict[tuple[str | None, bool], httpx.AsyncClient] = {}

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = list(self._robots.values())
        for task in tasks:
            task.cancel()
        # Waited for, so that a request in flight gives its connection back before the clients close.
        await asyncio.gather(*tasks, return_exceptions=True)
        for client in self._clients.values():
            await client.aclose()

    async def get(
        self,
        url: str,
        *,
        manners: Manners,
        ledger: Ledger,
        etag: str | None = None,
        last_modified: str | None = None,
        accept: str = ACCEPT,
    ) -> Answer:
        """GET an address; every status that will not pass by itself comes back, 304 and 404 included.

        Tries again on resets, timeouts, truncated bodies, 429 and 5xx, waiting as the server asks or twice as
        long each time. Raises FetchFailed when the tries, the source's budget or a limit are used up.
        """
        robots = await self.robots(url, manners, ledger)
        if not robots.allows(url):
            raise FetchFailed(url, "robots", "the site's robots.txt forbids this address")
        headers = {"Accept": accept}
        if etag:
            headers["If-None-Match"] = etag
        if last_modified:
            headers["If-Modified-Since"] = last_modified
        return await self._try(url, headers, manners, ledger, robots.delay)

    async def robots(self, url: str, manners: Manners, ledger: Ledger) -> Robots:
        """The rules of the address's host, asked for once a run. Raises FetchFailed where they can't be had."""
        parts = urlsplit(url)
        if not manners.robots:
            return Robots(None, self.agent)
        origin = f"{parts.scheme}://{parts.netloc}"
        # A failure is asked again by the next request: another source may have more patience.
        known = self._robots.get(origin)
        if known is None or (known.done() and (known.cancelled() or known.exception())):
            known = self._robots[origin] = asyncio.ensure_future(self._fetch_robots(origin, manners, ledger))
        return await asyncio.shield(known)

    async def _fetch_robots(self, origin: str, manners: Manners, ledger: Ledger) -> Robots:
        answer = await self._try(
            f"{origin}/robots.txt", {"Accept": "text/plain,*/*;q=0.5"}, manners, ledger, 0.0
        )
        if answer.status != 200:
            # RFC 9309: a file that is not there, or not to be seen, forbids nothing.
            return Robots(None, self.agent)
        return read_robots(answer.body, self.agent)

    async def _try(
        self, url: str, headers: dict[str, str], manners: Manners, ledger: Ledger, delay: float
    ) -> Answer:
        interval = max(1 / manners.rate, delay)
        for attempt in range(1, manners.tries + 1):
            wait: float | None = None
            try:
                answer = await self._once(url, headers, manners, ledger, interval)
                if answer.status not in PASSING:
                    ledger.in_a_row = 0
                    return answer
                wait = retry_after(answer.headers.get("retry-after"))
                raise FetchFailed(url, "status", f"the server answered {answer.status}")
            except FetchFailed as error:
                if error.reason not in ("timeout", "reset", "dns", "truncated", "status"):
                    raise
                ledger.failed_tries[error.reason] += 1
                ledger.in_a_row += 1
                if ledger.in_a_row > manners.budget:
                    told = f"{ledger.in_a_row} failed tries in a row, the last: {error.reason}"
                    raise FetchFailed(url, "budget", told) from error
                if attempt == manners.tries:
                    raise
            ledger.retries += 1
            pause = (backoff(attempt) if wait is None else wait) * manners.patience
            self._pace(url).hold(pause)
        raise AssertionError("unreachable: the last try returns or raises")

    async def _once(
        self, url: str, headers: dict[str, str], manners: Manners, ledger: Ledger, interval: float
    ) -> Answer:
        """One try, redirects followed one by one. Waiting for a turn does not count against the timeout."""
        address, left = url, manners.timeout
        public = not await self._private(url)
        seen = {url}
        for _ in range(MAX_REDIRECTS + 1):
            if ledger.requests >= manners.max_pages:
                raise FetchFailed(url, "budget", f"more than {manners.max_pages:,} requests in this run")
            ledger.requests += 1
            ledger.waited += await self._pace(address).turn(interval)
            started = time.monotonic()
            try:
                async with asyncio.timeout(left):
                    status, got, body = await self._exchange(address, headers, manners)
            except TimeoutError as error:
                raise FetchFailed(
                    url, "timeout", f"no complete answer within {manners.timeout:g} s"
                ) from error
            left -= time.monotonic() - started
            ledger.bytes += len(body)
            if status not in REDIRECTS or "location" not in got:
                return Answer(url, address, status, got, body)
            address = urljoin(address, got["location"]).split("#")[0]
            if urlsplit(address).scheme not in ("http", "https"):
                raise FetchFailed(url, "scheme", f"redirected to {address[:200]}")
            if address in seen:
                raise FetchFailed(url, "redirects", f"in a circle by {address[:200]}")
            seen.add(address)
            if public and await self._private(address):
                raise FetchFailed(url, "private address", f"redirected to {address[:200]}")
        raise FetchFailed(url, "redirects", f"more than {MAX_REDIRECTS}")

    async def _exchange(
        self, url: str, headers: dict[str, str], manners: Manners
    ) -> tuple[int, dict[str, str], bytes]:
        """One request and its whole body, decompressed. Raises FetchFailed, TimeoutError."""
        try:
            client = self._client(manners, url)
        except (OSError, ssl.SSLError) as error:
            raise FetchFailed(
                url, "tls", f"ca_file {manners.ca_file} is no file of certificates: {error}"
            ) from error
        raw = bytearray()
        try:
            async with client.stream("GET", url, headers=headers) as response:
                got = {name.lower(): value for name, value in response.headers.items()}
                if int(got.get("content-length", "0") or 0) > manners.max_bytes:
                    raise FetchFailed(url, "too large", f"{got['content-length']} bytes announced")
                async for chunk in response.aiter_raw():
                    raw += chunk
                    if len(raw) > manners.max_bytes:
                        raise FetchFailed(url, "too large", f"more than {manners.max_bytes:,} bytes")
                status = response.status_code
            return status, got, decode(bytes(raw), got.get("content-encoding", ""), manners.max_bytes)
        except TooLarge as error:
            raise FetchFailed(url, "too large", str(error)) from error
        except Truncated as error:
            raise FetchFailed(url, "truncated", str(error)) from error
        except httpx.TimeoutException as error:
            raise FetchFailed(url, "timeout", type(error).__name__) from error
        except httpx.ConnectError as error:
            raise FetchFailed(url, *_why(error)) from error
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError, httpx.CloseError) as error:
            raise FetchFailed(url, "reset", str(error) or type(error).__name__) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise FetchFailed(url, "scheme", f"no address to ask: {error}") from error

    async def _private(self, url: str) -> bool:
        host = urlsplit(url).hostname
        if urlsplit(url).scheme not in ("http", "https") or not host:
            raise FetchFailed(url, "scheme", "only http and https addresses can be fetched")
        try:
            return await self._names.is_private(host)
        except OSError as error:
            if self._proxied:
                return False  # a name that only the proxy knows
            raise FetchFailed(url, "dns", str(error)) from error

    def _pace(self, url: str) -> Pace:
        return self._paces.setdefault(urlsplit(url).netloc.lower(), Pace())

    def _client(self, manners: Manners, url: str) -> httpx.AsyncClient:
        # What a source says of certificates holds for its own host, not for those that it leads to.
        own = manners.host is None or manners.host == host_of(url)
        key = (manners.ca_file, manners.verify) if own else (None, True)
        if key not in self._clients:
            context = _context(*key)
            self._clients[key] = httpx.AsyncClient(
                http2=True,
                # With a transport given httpx passes over the environment's proxies.
                transport=None if self._proxied else Transport(self._names, context, self._backend),
                verify=context,
                timeout=httpx.Timeout(30.0),
                limits=httpx.Limits(max_connections=200, max_keepalive_connections=50),
                headers={
                    "User-Agent": self.agent,
                    "Accept-Encoding": "gzip, deflate, br, zstd",
                    "Accept-Language": "th, en;q=0.5",
                },
            )
        return self._clients[key]


def host_of(url: str) -> str:
    """The host of an address, www. apart."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _context(ca_file: str | None, verify: bool) -> ssl.SSLContext:
    """How certificates are checked. Raises OSError or ssl.SSLError where the file is none of certificates."""
    context = httpx.create_ssl_context(verify=verify)
    if verify and ca_file:
        context.load_verify_locations(ca_file)
    return context


def _why(error: httpx.ConnectError) -> tuple[str, str]:
    """The reason of a connection that could not be made, and its detail."""
    told = str(error) or "no connection"
    text = told.lower()
    if "certificate" in text or "ssl" in text or "tls" in text:
        told = re.sub(r"\[SSL[^]]*\]\s*|\s*\(_ssl\.c:\d+\)", "", told)
        return "tls", f"{told}; {_MEND_TLS}" if "certificate" in text else told
    return ("dns" if ("name" in text and "resol" in text) or "nodename" in text else "reset"), told


_MEND_TLS = (
    'if the site is to be trusted: ca_file = "FILE" in its entry of sources.toml names the certificate that its '
    "chain lacks, verify = false turns the check off for its host alone"
)
