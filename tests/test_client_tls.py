"""TLS as it is: certificates checked, a broken chain mended by the source's own file, HTTP/2 where it is offered."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from hypercorn.asyncio import serve as hypercorn
from hypercorn.config import Config
from tests.helpers import moi
from tests.site.feeds import Feed
from tests.site.server import Request, Response, serve
from tests.site.truth import releases
from tests.site.workspace import fetch, workspace

from moi_pipeline.fetch.client import Client
from moi_pipeline.fetch.manners import Ledger, Manners


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority that nobody knows."""
    return trustme.CA()


def context_of(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


def site() -> Feed:
    return Feed({post.number: post for post in releases(5)})


def source(url: str, **more: Any) -> dict[str, Any]:
    return {"kind": "feed", "url": f"{url}/rss.xml"} | more


def test_certificates_are_checked_unless_the_source_says_otherwise(
    tmp_path: Path, authority: trustme.CA
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with serve(site(), tls=context_of(authority, "127.0.0.1")) as server:
        refused = workspace(tmp_path / "refused", site=source(server.url))
        report = fetch(refused)
        assert report.sources["site"].failed == {"tls": 1}
        assert report.sources["site"].retries == 0  # it would not pass
        told = moi("fetch", cwd=refused.root, expect=3).stderr
        assert "certificate" in told
        assert 'ca_file = "FILE"' in told
        assert "verify = false" in told
        assert server.hits == []

        trusted = workspace(tmp_path / "trusted", site=source(server.url, ca_file="../ca.pem"))
        assert fetch(trusted).sources["site"].fetched == 5
        assert "NOT checked" not in moi("status", cwd=trusted.root).stdout

        blind = workspace(tmp_path / "blind", site=source(server.url, verify=False))
        assert fetch(blind).sources["site"].fetched == 5
        assert "certificates are NOT checked for site" in moi("status", cwd=blind.root).stdout


def test_a_certificate_of_another_host_is_none(tmp_path: Path, authority: trustme.CA) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with serve(site(), tls=context_of(authority, "other.test")) as server:
        report = fetch(workspace(tmp_path, site=source(server.url, ca_file="ca.pem")))
        assert report.sources["site"].failed == {"tls": 1}


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_file_that_is_none_is_told(tmp_path: Path, authority: trustme.CA, content: str | None) -> None:
    if content:
        (tmp_path / "ca.pem").write_text(content, encoding="utf-8")
    with serve(site(), tls=context_of(authority, "127.0.0.1")) as server:
        report = fetch(workspace(tmp_path, site=source(server.url, ca_file="ca.pem")))
    assert [entry["reason"] for entry in report.failed] == ["tls"]
    assert "ca.pem is no file of certificates" in report.failed[0]["detail"]


def test_what_is_said_of_one_host_holds_for_no_other(tmp_path: Path, authority: trustme.CA) -> None:
    tls = context_of(authority, "127.0.0.1", "127.0.0.2")
    with serve(site(), ("127.0.0.2",), tls) as other:

        def away(request: Request) -> Response:
            if request.path == "/robots.txt":
                return Response(status=404)
            return Response(status=302, headers={"Location": other.url + request.target})

        with serve(away, tls=tls) as server:
            report = fetch(workspace(tmp_path, site=source(server.url, verify=False)))
        assert report.sources["site"].failed == {"tls": 1}
        assert other.hits == []


@contextmanager
def http2(authority: trustme.CA, folder: Path, app: Callable[..., Any]) -> Iterator[str]:
    """An ASGI application on a server that offers HTTP/2; gives its address."""
    cert = authority.issue_cert("127.0.0.1")
    cert.private_key_and_cert_chain_pem.write_to_path(str(folder / "server.pem"))
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.certfile = config.keyfile = str(folder / "server.pem")
    config.errorlog = None
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    thread = threading.Thread(
        target=loop.run_until_complete, args=(hypercorn(app, config, shutdown_trigger=stop.wait),)
    )
    thread.start()
    try:
        yield f"https://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


def test_http_2_is_spoken_where_it_is_offered(tmp_path: Path, authority: trustme.CA) -> None:
    spoken: list[str] = []

    async def app(scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        if scope["type"] != "http":
            return
        spoken.append(scope["http_version"])
        found = not scope["path"].endswith("robots.txt")
        await send({"type": "http.response.start", "status": 200 if found else 404, "headers": []})
        await send({"type": "http.response.body", "body": b"release" if found else b""})

    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))

    async def ask(url: str) -> bytes:
        how = Manners(rate=500.0, ca_file=str(tmp_path / "ca.pem"))
        async with Client() as client:
            return (await client.get(f"{url}/a", manners=how, ledger=Ledger())).body

    with http2(authority, tmp_path, app) as url:
        assert asyncio.run(ask(url)) == b"release"
    assert spoken == ["2", "2"]
