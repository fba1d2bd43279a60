"""Which addresses may be asked: web schemes alone, and no way from the public net into a private one."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable

Resolve = Callable[[str], Awaitable[list[str]]]


async def resolve(host: str) -> list[str]:
    """The addresses of a host name, as text. Raises OSError where it has none."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return sorted({str(entry[4][0]) for entry in found})


async def is_private(host: str, look_up: Resolve = resolve) -> bool:
    """Is any address of the host not on the public net: private, loopback, link-local or reserved?"""
    try:
        addresses = [ipaddress.ip_address(host.strip("[]"))]
    except ValueError:
        addresses = [ipaddress.ip_address(text.split("%")[0]) for text in await look_up(host)]
    return any(not address.is_global for address in addresses)
