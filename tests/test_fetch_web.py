"""Whole runs against misbehaving sites: faults, kills, Ctrl-C, many hosts at once, and the rate kept through it all."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.helpers import environment, moi, start_moi, wait_for
from tests.site.check import all_captures, compare, stored
from tests.site.faults import misbehave
from tests.site.joomla import Joomla
from tests.site.portals import FAMILIES, Portal
from tests.site.server import Response, Server, serve
from tests.site.truth import Release, releases
from tests.site.wordpress import WordPress
from tests.site.workspace import fetch, fetched, workspace

from moi_pipeline.store import segments


def posts(count: int = 300) -> dict[int, Release]:
    return {post.number: post for post in releases(count)}


def listing(server: Server, **more: Any) -> dict[str, Any]:
    return {"kind": "listing", "preset": "mvc", "url": server.url + FAMILIES["mvc"].list} | more


def rate_of(server: Server) -> float:
    """The most requests that came in within any half second, as a rate; measured at the server."""
    times = sorted(hit.at for hit in server.hits)
    most = max(sum(start <= at < start + 0.5 for at in times) for start in times)
    return (most - 1) / 0.5


@pytest.mark.parametrize("kind", ["wordpress", "joomla", "listing"])
def test_with_a_third_of_the_requests_failing_the_same_comes_at_the_same_rate(
    tmp_path: Path, kind: str
) -> None:
    sites: dict[str, tuple[Any, str]] = {
        "wordpress": (WordPress(posts(), cap=10), ""),
        "joomla": (Joomla(posts(40)), "/index.php/news"),
        "listing": (Portal(posts(40)), FAMILIES["mvc"].list),
    }
    site, path = sites[kind]
    with serve(site) as server:
        options = {"kind": kind, "url": server.url + path, "rate": 100, "timeout": 0.8, "patience": 0.001}
        options |= {"preset": "mvc"} if kind == "listing" else {}
        calm = workspace(tmp_path / "calm", site=options)
        assert fetched(calm).fetched == len(site.posts)
        server.clear()
        server.fault = misbehave(0.3)
        wild = workspace(tmp_path / "wild", site=options)
        told = fetched(wild)
        assert sum(told.failed_tries.values()) >= 0.12 * told.requests
        assert len(told.failed_tries) >= 2  # of several classes
        one, other = ({row["url"]: row["body"] for row in stored(ws, "site")} for ws in (calm, wild))
        assert one.keys() == other.keys()
        compare(wild, "site", site.posts.values())
        assert len(all_captures(wild, "site")) == len(site.posts)
        assert rate_of(server) <= 100


def test_a_run_of_failures_stays_small_in_memory(tmp_path: Path) -> None:
    site = Portal(posts(40))
    for number in (3, 4):
        site.extra[f"/managing/public/newsshow/{number}"] = Response(bytes(60_000_000), chunked=True)
    with serve(site) as server:
        server.fault = misbehave(0.3)
        ws = workspace(tmp_path, site=listing(server, timeout=2, patience=0.001))
        program = (
            "import re; from pathlib import Path; from moi_pipeline.api import open\n"
            f"report = open({str(ws.root)!r}).fetch()\n"
            "told = report.sources['site']; print(told.fetched, told.failed)\n"
            # The peak of this program alone: getrusage would count the test process that it was forked from.
            "status = Path('/proc/self/status').read_text()\n"
            "print(int(re.search(r'VmHWM:\\s+(\\d+)', status)[1]) // 1024)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    told, memory = done.stdout.splitlines()
    assert told == "38 {'too large': 2}"
    assert int(memory) < 300  # MB


def test_what_failed_is_tried_again_at_the_next_run(tmp_path: Path) -> None:
    site = Portal(posts(40))
    with serve(site) as server:
        ws = workspace(tmp_path, site=listing(server, patience=0.0001))
        server.fault = lambda request, number, response: (
            Response(b"", 500) if request.path.endswith(("/3", "/17")) else None
        )
        report = fetch(ws)
        assert report.sources["site"].failed == {"status": 2}
        assert report.exit_code == 3
        server.fault = None
        server.clear()
        told = fetched(ws)
        assert told.fetched == 2
        assert len(server.hits) == 4  # robots.txt, the two, and the first page of the list
        compare(ws, "site", site.posts.values())


def test_a_killed_run_goes_on_without_fetching_again_what_is_stored(tmp_path: Path) -> None:
    site = Portal(posts(60))
    with serve(site) as server:
        ws = workspace(tmp_path, site=listing(server, rate=60))
        program = (
            "from moi_pipeline.fetch import shelf; shelf.BATCH = 10\n"
            f"from moi_pipeline.api import open; open({str(ws.root)!r}).fetch()"
        )
        running = subprocess.Popen([sys.executable, "-c", program])
        assert wait_for(lambda: len(segments(ws.raw)) >= 2)
        running.send_signal(signal.SIGKILL)
        running.wait(20)
        kept = {row["url"] for row in stored(ws, "site")}
        assert 20 <= len(kept) < 60
        server.clear()
        told = fetched(ws)
        assert told.fetched == 60 - len(kept)
        assert not kept & {f"{server.url}{path}" for path in server.paths()}
        compare(ws, "site", site.posts.values())
        assert len(all_captures(ws, "site")) == 60


def test_a_wordpress_walk_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    wp = WordPress(posts(), cap=50)
    with serve(wp) as server:
        ws = workspace(tmp_path, site={"kind": "wordpress", "url": server.url, "patience": 0})
        server.fault = lambda request, number, response: (
            Response(b"", 500) if request.query.get("page") == "5" else None
        )
        assert fetch(ws).sources["site"].fetched == 200
        server.fault = None
        server.clear()
        wp.posts[7] = wp.posts[7].edited(wp.posts[300].modified.replace(year=2090))
        told = fetched(ws)
        assert told.fetched == 101
        assert not any(
            hit.target.startswith("/wp-json") and "per_page=50&page=2&" in hit.target for hit in server.hits
        )
        compare(ws, "site", wp.posts.values())


def test_ctrl_c_ends_at_once_with_everything_stored(tmp_path: Path) -> None:
    site = Portal(posts(40))
    with serve(site) as server:
        ws = workspace(tmp_path, site=listing(server, rate=40), other=listing(server, rate=0.01))
        running = start_moi("fetch", "site", cwd=ws.root)
        assert wait_for(lambda: sum("newsshow" in path for path in server.paths()) >= 8)
        for _ in range(3):  # whoever presses it again loses nothing by it
            os.kill(running.pid, signal.SIGINT)
            time.sleep(0.005)
        assert running.wait(20) == 130
        answered = sum("newsshow" in path for path in server.paths())
        assert answered - 1 <= len(stored(ws, "site")) <= answered
        server.clear()
        kept = len(stored(ws, "site"))
        assert fetch(ws, "site").sources["site"].fetched == 40 - kept
        compare(ws, "site", site.posts.values())
        assert len(all_captures(ws, "site")) == 40


def test_ctrl_c_waits_for_no_name_that_is_being_looked_up(tmp_path: Path) -> None:
    ws = workspace(tmp_path, site={"kind": "feed", "url": "http://slow.test/rss.xml"})
    program = (
        "import os, signal, socket, time\n"
        "def slow(*_, **__):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    time.sleep(600)\n"
        "socket.getaddrinfo = slow\n"
        "from moi_pipeline.api import open\n"
        "try:\n"
        f"    open({str(ws.root)!r}).fetch()\n"
        "except KeyboardInterrupt:\n"
        "    print('stopped')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "stopped\n"
    assert '"outcome": "stopped"' in next(ws.runs.glob("*.json")).read_text(encoding="utf-8")


def test_a_terminal_shows_the_sources_at_work_and_a_pipe_a_line_for_each_that_ended(tmp_path: Path) -> None:
    hosts = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
    with serve(Portal(posts(4)), hosts) as server:
        sources = {
            f"office-{n}": listing(
                server, rate=4, recheck=100, url=f"http://{host}:{server.port}{FAMILIES['mvc'].list}"
            )
            for n, host in enumerate(hosts)
        }
        ws = workspace(tmp_path, "", **sources)
        shown = on_a_terminal(["fetch"], ws.root, rows=4, columns=60)
        assert [shown.count(f"office-{n}: 4 listed, 4 new") for n in range(3)] == [1, 1, 1]
        assert "office-0 " in shown  # its line on the board
        assert "1 more at work" in shown  # which has no room for all three
        piped = moi("fetch", cwd=ws.root)
        assert sorted(line.partition(":")[0] for line in piped.stdout.splitlines()) == list(sources)
        assert piped.stderr == ""


def on_a_terminal(args: list[str], folder: Path, rows: int, columns: int) -> str:
    """What the command writes to a terminal of that size."""
    main, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    running = subprocess.Popen(
        [sys.executable, "-m", "moi_pipeline", *args],
        cwd=folder,
        env=environment(TERM="xterm-256color"),
        stdin=other,
        stdout=other,
        stderr=other,
    )
    os.close(other)
    out = b""
    with contextlib.suppress(OSError):  # how a terminal says that its last user has gone
        while piece := os.read(main, 65536):
            out += piece
    os.close(main)
    assert running.wait(30) == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out.decode())


def test_twenty_hosts_at_once_take_little_longer_than_one(tmp_path: Path) -> None:
    hosts = tuple(f"127.0.0.{n}" for n in range(2, 22))
    site = Portal(posts(8))
    with serve(site, hosts) as server:
        sources = {
            f"s{n}": listing(server, rate=5, url=f"http://{host}:{server.port}{FAMILIES['mvc'].list}")
            for n, host in enumerate(hosts)
        }
        ws = workspace(tmp_path, "", **sources)
        report = fetch(ws)
        assert [told.fetched for told in report.sources.values()] == [8] * 20
        spans = []
        for host in hosts:
            times = sorted(hit.at for hit in server.hits if hit.host.startswith(f"{host}:"))
            assert len(times) >= 10
            assert (len(times) - 1) / (times[-1] - times[0]) <= 5.2  # each at its own rate
            spans.append((times[0], times[-1]))
        # All began before any had ended, and all were done in little more than the time of the slowest alone.
        assert max(start for start, _ in spans) < min(end for _, end in spans)
        longest = max(end - start for start, end in spans)
        assert max(end for _, end in spans) - min(start for start, _ in spans) < 1.5 * longest


def test_two_sources_of_one_host_share_its_rate(tmp_path: Path) -> None:
    site = Portal(posts(15))
    with serve(site) as server:
        ws = workspace(tmp_path, a=listing(server, rate=50), b=listing(server, rate=50))
        fetch(ws)
        times = sorted(hit.at for hit in server.hits)
        assert (len(times) - 1) / (times[-1] - times[0]) <= 51
        assert sum(hit.target == "/robots.txt" for hit in server.hits) == 1
        assert all(later > earlier for earlier, later in pairwise(times))


def test_the_command_line_fetches_and_extracts_a_site(tmp_path: Path) -> None:
    from moi_pipeline.setup import make_workspace

    make_workspace(tmp_path / "ws")
    wp = WordPress(posts(20))
    with serve(wp) as server:
        ws = workspace(tmp_path / "ws", site={"kind": "wordpress", "url": server.url})
        assert "20 new" in moi("fetch", cwd=ws.root).stdout
        assert "0 new" in moi("fetch", cwd=ws.root).stdout
        moi("extract", "--workers", "1", cwd=ws.root)
    titles = {title for (title,) in ws.sql("SELECT title FROM articles").fetchall()}
    assert titles == {post.title for post in wp.posts.values()}
