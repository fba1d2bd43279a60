"""An HTTP/1.1 server in a thread: it answers as a site says, misbehaves as told, and counts requests with times."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked for."""

    target: str  # path and query as sent
    headers: dict[str, str]  # lower-case names
    at: float  # monotonic clock

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def host(self) -> str:
        return self.headers.get("host", "")


@dataclass(slots=True)
class Response:
    """What a site answers. ``cut``: after so many bytes of the body the connection is reset, or stalls."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    type: str = "text/html; charset=utf-8"
    chunked: bool = False
    cut: int | None = None
    stall: bool = False  # with ``cut``: say nothing more and keep the connection


@dataclass(frozen=True, slots=True)
class Hit:
    """One request that came in, and the status that it got."""

    target: str
    at: float
    status: int
    host: str
    headers: dict[str, str]


Site = Callable[[Request], Response]
#: Says how to misbehave at a request, given its number among those for the same address; None: behave.
Fault = Callable[[Request, int, Response], Response | None]


class Server:
    """A site on 127.0.0.1 at a port of its own. ``site`` and ``fault`` may be changed while it runs."""

    def __init__(
        self, site: Site, hosts: tuple[str, ...] = ("127.0.0.1",), tls: ssl.SSLContext | None = None
    ) -> None:
        self.site = site
        self.fault: Fault | None = None
        self.hits: list[Hit] = []
        self.port = 0
        self._hosts = hosts
        self._tls = tls
        self._asked: dict[str, int] = {}
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self._hosts[0]}:{self.port}"

    def paths(self) -> list[str]:
        """What was asked for, in order, robots.txt apart."""
        return [hit.target for hit in self.hits if hit.target != "/robots.txt"]

    def clear(self) -> None:
        self.hits.clear()
        self._asked.clear()

    def __enter__(self) -> Server:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        tasks: set[asyncio.Task[None]] = set()

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.add(task)
            try:
                with contextlib.suppress(
                    ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError
                ):
                    while await self._answer(reader, writer):
                        pass
            finally:
                tasks.discard(task)
                writer.close()

        servers = []
        for host in self._hosts:
            servers.append(await asyncio.start_server(accept, host, self.port, ssl=self._tls))
            self.port = servers[0].sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        for server in servers:
            server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        at = time.monotonic()
        pairs = (line.split(":", 1) for line in head[1:] if ":" in line)
        request = Request(head[0].split(" ")[1], {k.strip().lower(): v.strip() for k, v in pairs}, at)
        response = self.site(request)
        number = self._asked[request.target] = self._asked.get(request.target, 0) + 1
        if self.fault and (other := self.fault(request, number, response)):
            response = other
        self.hits.append(Hit(request.target, at, response.status, request.host, request.headers))
        if response.status == 0:  # no answer at all
            writer.transport.abort()
            return False
        lines = {"Content-Type": response.type} | response.headers
        if response.chunked:
            lines["Transfer-Encoding"] = "chunked"
        elif response.status != 304:
            lines.setdefault("Content-Length", str(len(response.body)))
        known = response.status in HTTPStatus._value2member_map_
        phrase = HTTPStatus(response.status).phrase if known else "Strange"
        text = f"HTTP/1.1 {response.status} {phrase}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
        writer.write(text.encode("latin-1") + b"\r\n")
        body = response.body if response.cut is None else response.body[: response.cut]
        if response.status == 304:
            body = b""
        if response.chunked:
            for start in range(0, len(body), 65536):
                piece = body[start : start + 65536]
                writer.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                await writer.drain()
            if response.cut is None:
                writer.write(b"0\r\n\r\n")
        else:
            writer.write(body)
        await writer.drain()
        if response.cut is None:
            return True
        if response.stall:
            await reader.read(1)  # until the client has gone
        writer.transport.abort()
        return False


@contextlib.contextmanager
def serve(
    site: Site, hosts: tuple[str, ...] = ("127.0.0.1",), tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """The site on a server of its own, for as long as the block lasts; with ``tls`` under https."""
    with Server(site, hosts, tls) as server:
        yield server
