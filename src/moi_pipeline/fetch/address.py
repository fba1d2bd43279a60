"""Which addresses may be asked: web schemes alone, and no way from the public net into a private one.

A name is looked up once a run: what was checked is what is connected to, whatever the name says a moment later.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterable
from urllib.request import getproxies

import httpcore
import httpx

Resolve = Callable[[str], Awaitable[list[str]]]
#: Seconds for one of several addresses of a host, before the next is tried.
PATIENCE = 5.0


async def resolve(host: str) -> list[str]:
    """The addresses of a host name, as text, in the system's order. Raises OSError where it has none."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str] | OSError) -> None:
        if answer.done():
            return
        if isinstance(found, OSError):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def ask() -> None:
        found: list[str] | OSError
        try:
            entries = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(entry[4][0]) for entry in entries))
        except UnicodeError as error:
            found = OSError(f"no name of a host: {error}")
        except OSError as error:
            found = error
        with contextlib.suppress(RuntimeError):  # nobody waits any more
            loop.call_soon_threadsafe(settle, found)

    # Not by the loop's own threads: the end of a run would wait for them, and a lost question takes half a minute.
    threading.Thread(target=ask, daemon=True).start()
    return await answer


class Names:
    """The addresses of host names, each looked up once, and again where none of them could be reached."""

    def __init__(self, look_up: Resolve = resolve) -> None:
        self._look_up = look_up
        self._found: dict[str, list[str]] = {}

    async def addresses(self, host: str) -> list[str]:
        """The addresses of a host, or the one that it is itself. Raises OSError."""
        host = host.strip("[]").lower()
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            pass
        if host not in self._found:
            self._found[host] = await self._look_up(host)
        return self._found[host]

    def forget(self, host: str) -> None:
        self._found.pop(host.strip("[]").lower(), None)

    async def is_private(self, host: str) -> bool:
        """Is any address of the host not on the public net: private, loopback, link-local or reserved?"""
        found = (ipaddress.ip_address(text.split("%")[0]) for text in await self.addresses(host))
        return not all(_is_public(address) for address in found)


#: The prefix by which IPv6 networks reach IPv4 addresses (RFC 6052): the last 32 bits are where a packet ends up.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return _is_public(inner)
    return address.is_global and not address.is_multicast


class _Dialler(httpcore.AsyncNetworkBackend):
    """Connects to the addresses that ``names`` has for a host, and to no other."""

    def __init__(self, names: Names, backend: httpcore.AsyncNetworkBackend) -> None:
        self.names, self.backend = names, backend

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            addresses = await self.names.addresses(host)
        except OSError as error:
            raise httpcore.ConnectError(f"name not resolved: {error}") from error
        for number, address in enumerate(addresses, 1):
            last = number == len(addresses)
            try:
                return await self.backend.connect_tcp(
                    address,
                    port,
                    timeout if last else min(timeout or PATIENCE, PATIENCE),
                    local_address,
                    socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if last:
                    self.names.forget(host)
                    raise
        raise httpcore.ConnectError(f"name not resolved: {host} has no address")

    async def sleep(self, seconds: float) -> None:
        await self.backend.sleep(seconds)


class Transport(httpx.AsyncHTTPTransport):
    """httpx's own transport, but for where it connects to: the addresses that ``names`` has for a host."""

    def __init__(
        self, names: Names, context: ssl.SSLContext, backend: httpcore.AsyncNetworkBackend | None = None
    ) -> None:
        super().__init__(verify=context)
        # httpx takes no backend of its own; its pool is replaced before the first request.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=200,
            max_keepalive_connections=50,
            keepalive_expiry=30.0,
            http2=True,
            network_backend=_Dialler(names, backend or httpcore.AnyIOBackend()),
        )


def behind_proxy() -> bool:
    """Does the environment name a proxy for the web? Then that one looks names up and connects, not we."""
    return bool({"http", "https", "all"} & getproxies().keys())
