"""A site of static pages on 127.0.0.1, answered from memory so that its clients are what is measured.

``python -m bench.site CORPUS_DIR PAGES`` prints its port and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import html
import os
import sys
from pathlib import Path

#: Sitemaps that share the pages out, so that they can be fetched as so many sources.
PARTS = 4
FURNITURE = "".join(
    f'<li class="menu-item"><a href="/section/{number}"><span>เมนูที่ {number}</span></a></li>'
    for number in range(60)
)


def pages(corpus: Path, count: int) -> list[bytes]:
    """So many pages as a provincial site has them, each with a release and its address of its own."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(corpus.glob("*.txt"))[:count]]
    return [page(texts[number % len(texts)], number) for number in range(count)]


def page(text: str, number: int) -> bytes:
    """A release as a page with menus around it."""
    title, _, body = text.partition("\n")
    lines = "".join(f"<p>{html.escape(line)}</p>\n" for line in body.split("\n") if line.strip())
    return (
        f'<!DOCTYPE html><html lang="th"><head><meta charset="utf-8"><title>{html.escape(title)} {number}</title>'
        f"</head><body><header><ul>{FURNITURE}</ul></header><main><article><h1>{html.escape(title)} {number}</h1>\n"
        f'<div class="entry-content">{lines}</div></article></main><footer><ul>{FURNITURE}</ul></footer></body></html>'
    ).encode()


def paths(count: int) -> list[str]:
    """The pages' paths."""
    return [f"/news/{number:05d}.html" for number in range(count)]


def answers(corpus: Path, count: int, port: int) -> dict[bytes, bytes]:
    """Every whole answer by its path: the pages, a sitemap of all, and one of each part."""
    named = paths(count)
    told = {
        path: _answer(body, "text/html; charset=utf-8")
        for path, body in zip(named, pages(corpus, count), strict=True)
    }
    listed = {"/sitemap.xml": named} | {f"/sitemap-{part}.xml": named[part::PARTS] for part in range(PARTS)}
    for path, part in listed.items():
        entries = "".join(f"<url><loc>http://127.0.0.1:{port}{name}</loc></url>" for name in part)
        body = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()
        told[path] = _answer(body, "application/xml")
    return {path.encode(): answer for path, answer in told.items()}


def _answer(body: bytes, kind: str, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One connection, kept open: a request's first line decides its answer."""

    def __init__(self, known: dict[bytes, bytes]) -> None:
        self.known = known
        self.got = b""
        self.out: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.out = transport

    def data_received(self, data: bytes) -> None:
        self.got += data
        while b"\r\n\r\n" in self.got:
            head, _, self.got = self.got.partition(b"\r\n\r\n")
            assert self.out is not None
            self.out.write(
                self.known.get(head.split(b" ", 2)[1]) or _answer(b"", "text/plain", "404 Not Found")
            )


async def serve(corpus: Path, count: int) -> None:
    """Serve until standard input ends."""
    known: dict[bytes, bytes] = {}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(known), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    known.update(answers(corpus, count, port))
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    # The clients' idle connections are not waited for.
    os._exit(0)


if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
