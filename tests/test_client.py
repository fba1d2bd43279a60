"""The client: limits, retries, redirects, robots.txt, pace; against a real server."""

from __future__ import annotations

import asyncio
import gzip
import resource
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import brotli
import httpcore
import pytest
import zstandard
from tests.site.faults import WAYS, brotli_bomb, fail, gzip_bomb, zstd_bomb
from tests.site.server import Request, Response, Server, Site, serve

from moi_pipeline.fetch.address import resolve
from moi_pipeline.fetch.client import Answer, Client
from moi_pipeline.fetch.decode import TooLarge, Truncated, decode
from moi_pipeline.fetch.manners import FetchFailed, Ledger, Manners
from moi_pipeline.fetch.pace import CAP, FLOOR, backoff, retry_after
from moi_pipeline.fetch.robots import read_robots

QUICK = {"rate": 500.0, "patience": 0.005, "timeout": 20.0}


def get(
    *urls: str,
    ledger: Ledger | None = None,
    look_up: Any = None,
    backend: Any = None,
    contact: str | None = None,
    **manners: Any,
) -> list[Answer]:
    """Ask for the addresses one after the other with one client."""

    async def work() -> list[Answer]:
        async with Client(contact, look_up or resolve, backend) as client:
            how = Manners(**(QUICK | manners))
            log = ledger or Ledger()
            return [await client.get(url, manners=how, ledger=log) for url in urls]

    return asyncio.run(work())


def failure(*urls: str, **how: Any) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        get(*urls, **how)
    return caught.value


def page(request: Request) -> Response:
    if request.path == "/robots.txt":
        return Response(status=404)
    return Response(b"release " * 500)


def alone(answer: Response) -> Site:
    """A site that answers everything alike, and has no robots.txt."""
    return lambda request: Response(status=404) if request.path == "/robots.txt" else answer


@pytest.mark.parametrize("way", WAYS)
def test_a_failed_try_is_made_again(way: str) -> None:
    with serve(page) as server:
        server.fault = lambda request, number, response: (
            fail(way, response) if request.path == "/a" and number <= 2 else None
        )
        ledger = Ledger()
        timeout = 1.0 if way == "stall" else 20.0
        assert get(f"{server.url}/a", ledger=ledger, timeout=timeout)[0].body == b"release " * 500
        assert server.paths() == ["/a"] * 3
        assert (ledger.retries, ledger.failed_tries.total()) == (2, 2)


def test_a_chunked_body_that_breaks_off_is_no_answer() -> None:
    with serve(page) as server:
        server.fault = lambda request, number, response: (
            Response(response.body, chunked=True, cut=100) if request.path == "/a" and number == 1 else None
        )
        assert len(get(f"{server.url}/a")[0].body) == 4000
        assert len(server.paths()) == 2


def test_tries_end() -> None:
    with serve(lambda request: Response(status=404 if "robots" in request.path else 503)) as server:
        error = failure(f"{server.url}/a", tries=4, budget=100)
        assert error.reason == "status"
        assert "503" in error.detail
        assert len(server.paths()) == 4


def test_the_budget_ends_a_source_whose_every_try_fails() -> None:
    with serve(lambda request: Response(status=404 if "robots" in request.path else 500)) as server:
        ledger = Ledger()
        with pytest.raises(FetchFailed, match="status"):
            get(f"{server.url}/a", ledger=ledger, tries=4, budget=5, robots=False)
        assert failure(f"{server.url}/b", ledger=ledger, tries=4, budget=5, robots=False).reason == "budget"
        assert len(server.paths()) == 6


def test_what_will_not_pass_is_not_tried_again() -> None:
    with serve(lambda request: Response(status=404)) as server:
        assert [answer.status for answer in get(f"{server.url}/a", f"{server.url}/b")] == [404, 404]
        assert len(server.hits) == 3  # robots.txt once


def test_the_number_of_requests_a_run_is_limited() -> None:
    with serve(page) as server:
        urls = [f"{server.url}/{n}" for n in range(10)]
        assert failure(*urls, max_pages=5).reason == "budget"
        assert len(server.hits) == 5


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_over_the_limit_is_given_up(chunked: bool) -> None:
    big = bytes(60_000_000)
    with serve(alone(Response(big, chunked=chunked))) as server:
        error = failure(f"{server.url}/a", max_bytes=1_000_000)
        assert error.reason == "too large"
        assert len(server.paths()) == 1  # no second try


@pytest.mark.parametrize(
    ("coding", "bomb"), [("gzip", gzip_bomb), ("br", brotli_bomb), ("zstd", zstd_bomb), ("deflate", None)]
)
def test_no_bomb_goes_off(coding: str, bomb: Callable[[int], bytes] | None) -> None:
    size = 200_000_000
    body = bomb(size) if bomb else zlib.compress(bytes(size))
    assert len(body) < 1_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serve(alone(Response(body, headers={"Content-Encoding": coding}))) as server:
        assert failure(f"{server.url}/a", max_bytes=5_000_000).reason == "too large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kilobytes


@pytest.mark.parametrize(
    ("coding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("br", brotli.compress),
        ("zstd", lambda body: zstandard.ZstdCompressor().compress(body)),
        ("identity", lambda body: body),
        ("gzip, br", lambda body: brotli.compress(gzip.compress(body))),
        ("", lambda body: body),
    ],
)
def test_codings_are_undone_and_a_piece_of_one_is_no_answer(
    coding: str, pack: Callable[[bytes], bytes]
) -> None:
    text = "ข่าวประชาสัมพันธ์ ".encode() * 300
    assert decode(pack(text), coding, 100_000) == text
    with pytest.raises(TooLarge):
        decode(pack(text), coding, 1000) if coding not in ("", "identity") else _too_large()
    if coding not in ("", "identity"):
        for cut in (1, 5, len(pack(text)) // 2):
            with pytest.raises(Truncated):
                decode(pack(text)[:-cut], coding, 100_000)


def _too_large() -> None:
    raise TooLarge


def test_redirects_are_followed_within_limits() -> None:
    def site(request: Request) -> Response:
        hop = request.path.strip("/")
        moves = {
            "a": "/b",
            "b": "/end#part",
            "loop": "/loop2",
            "loop2": "/loop",
            "file": "file:///etc/passwd",
            "self": "/self",
        }
        if hop in moves:
            return Response(status=302, headers={"Location": moves[hop]})
        if hop.startswith("far"):
            return Response(status=301, headers={"Location": f"/far{int(hop[3:] or 0) + 1}"})
        return page(request)

    with serve(site) as server:
        answer = get(f"{server.url}/a")[0]
        assert (answer.url, answer.final_url) == (f"{server.url}/a", f"{server.url}/end")
        assert failure(f"{server.url}/loop").reason == "redirects"
        assert failure(f"{server.url}/self").reason == "redirects"
        assert failure(f"{server.url}/far").reason == "redirects"
        assert len([path for path in server.paths() if path.startswith("/far")]) == 9
        assert failure(f"{server.url}/file").reason == "scheme"
    assert failure("ftp://127.0.0.1/x").reason == "scheme"
    assert failure("http:///x").reason == "scheme"


def test_a_public_host_can_not_send_us_to_a_private_one() -> None:
    async def look_up(host: str) -> list[str]:
        return ["203.0.114.7"] if host == "public.test" else ["127.0.0.1"]

    def site(request: Request) -> Response:
        if request.path == "/away":
            port = request.host.partition(":")[2]
            return Response(status=302, headers={"Location": f"http://{request.query['to']}:{port}/secret"})
        return page(request)

    with serve(site) as server:
        base = f"http://public.test:{server.port}"
        for to in ("127.0.0.1", "intranet.test", "169.254.169.254", "[::1]", "10.0.0.8"):
            failed = failure(f"{base}/away?to={to}", look_up=look_up, backend=Net())
            assert failed.reason == "private address", to
        assert not any("secret" in path for path in server.paths())
        # A source that is itself in the house may lead to another one there.
        assert get(f"{server.url}/away?to=127.0.0.1")[0].status == 200


class Net(httpcore.AnyIOBackend):
    """A net in which every address is this machine's, except those that are ``down``; it writes up who was called."""

    def __init__(self, *down: str) -> None:
        self.down = down
        self.called: list[str] = []

    async def connect_tcp(
        self, host: str, port: int, *more: Any, **named: Any
    ) -> httpcore.AsyncNetworkStream:
        self.called.append(host)
        if host in self.down:
            raise httpcore.ConnectError("refused")
        return await super().connect_tcp("127.0.0.1", port, *more, **named)


def test_what_is_connected_to_is_what_was_checked() -> None:
    answers = iter([["203.0.114.7"], ["127.0.0.1"], ["10.0.0.8"]])

    async def rebinding(host: str) -> list[str]:
        return next(answers)

    def site(request: Request) -> Response:
        if request.path == "/away":
            return Response(status=302, headers={"Location": "/there"})
        return page(request)

    net = Net()
    with serve(site) as server:
        base = f"http://turncoat.test:{server.port}"
        assert get(f"{base}/away", f"{base}/b", look_up=rebinding, backend=net)[0].status == 200
        assert {hit.host for hit in server.hits} == {f"turncoat.test:{server.port}"}
    assert set(net.called) == {"203.0.114.7"}


def test_a_host_s_other_addresses_are_tried_and_a_name_is_looked_up_again_where_none_answers() -> None:
    answers = iter([["203.0.114.1", "203.0.114.2"], ["203.0.114.3", "203.0.114.4"]])

    async def look_up(host: str) -> list[str]:
        return next(answers)

    net = Net("203.0.114.1", "203.0.114.2", "203.0.114.3")
    with serve(page) as server:
        assert get(f"http://moving.test:{server.port}/a", look_up=look_up, backend=net)[0].status == 200
    assert net.called == [f"203.0.114.{n}" for n in (1, 2, 3, 4)]


def test_robots_txt_is_obeyed() -> None:
    rules = b"User-agent: *\nDisallow: /private/\nCrawl-delay: 0.2\n"

    def site(request: Request) -> Response:
        return Response(rules, type="text/plain") if request.path == "/robots.txt" else page(request)

    with serve(site) as server:
        assert failure(f"{server.url}/private/x").reason == "robots"
        assert server.paths() == []
        get(f"{server.url}/1", f"{server.url}/2", f"{server.url}/3")
        times = [hit.at for hit in server.hits if "robots" not in hit.target]
        assert all(later - earlier >= 0.19 for earlier, later in pairwise(times))
        assert get(f"{server.url}/private/x", robots=False)[0].status == 200


def test_robots_txt_that_can_not_be_had_stops_the_source_and_one_that_is_none_allows_all() -> None:
    with serve(lambda request: Response(status=500)) as server:
        assert failure(f"{server.url}/a", tries=3).reason == "status"
        assert server.paths() == []  # RFC 9309: unreachable forbids everything
    assert read_robots(b"<html>404</html>", "moi").allows("http://x.test/a")
    assert read_robots(b"\xef\xbb\xbfUser-agent: *\nDisallow: /a", "moi").allows("http://x.test/a") is False
    assert read_robots(b"User-agent: *\nCrawl-delay: 86400\n", "moi").delay == 30
    assert read_robots(b"Sitemap: https://x.test/map.xml\n", "moi").sitemaps == ["https://x.test/map.xml"]


def test_the_agent_says_who_asks() -> None:
    with serve(page) as server:
        get(f"{server.url}/a", contact="ops@office.test")
        agent = server.hits[-1].headers["user-agent"]
        assert agent.startswith("moi-pipeline/")
        assert "ops@office.test" in agent


def test_the_pace_of_a_host_holds_for_all_who_ask_it() -> None:
    async def work(server: Server) -> None:
        async with Client() as client:
            how = Manners(rate=40.0, robots=False)
            asked = [client.get(f"{server.url}/{n}", manners=how, ledger=Ledger()) for n in range(20)]
            await asyncio.gather(*asked)

    with serve(page) as server:
        asyncio.run(work(server))
        times = sorted(hit.at for hit in server.hits)
        assert len(times) == 20
        assert 19 / (times[-1] - times[0]) <= 41


def test_retry_after_has_two_forms_a_floor_and_a_cap() -> None:
    now = datetime(2024, 1, 1, tzinfo=UTC)
    assert retry_after("7") == 7
    assert retry_after("0") == FLOOR
    assert retry_after("999999") == CAP
    assert retry_after("Mon, 01 Jan 2024 00:00:30 GMT", now) == 30
    assert retry_after("Mon, 01 Jan 2020 00:00:30 GMT", now) == FLOOR
    assert retry_after("soon") is None
    assert retry_after(None) is None
    assert [0.75 * 2**n <= backoff(n + 1) <= 1.25 * 2**n for n in range(6)] == [True] * 6
    assert backoff(50) <= 75


def test_the_waiting_that_a_server_asks_for_is_kept() -> None:
    with serve(page) as server:
        server.fault = lambda request, number, response: (
            Response(status=429, headers={"Retry-After": "40"})
            if request.path == "/a" and number == 1
            else None
        )
        get(f"{server.url}/a", patience=0.01)
        first, second = (hit.at for hit in server.hits if hit.target == "/a")
        assert second - first >= 0.4
