"""moi refresh: one locked run of all stages, told in one line, whatever happens in the middle of it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.helpers import Run, environment, moi, start_moi, wait_for, write_releases
from tests.site.feeds import Feed
from tests.site.server import Request, Response, Server, serve
from tests.site.truth import releases
from tests.site.workspace import workspace

from moi_pipeline.api import Moi
from moi_pipeline.errors import NotStored
from moi_pipeline.nightly.journal import Journal, harmless
from moi_pipeline.nightly.refresh import refresh
from moi_pipeline.runs import records
from moi_pipeline.setup import make_workspace
from moi_pipeline.store import known_captures

#: After so many pages the slow site says no more.
PAGES = 10


def small(folder: Path, head: str = "", **sources: dict[str, Any]) -> Moi:
    """A workspace with these sources and one view, so that a build takes no time."""
    make_workspace(folder)
    for path in folder.glob("queries/**/*.sql"):
        if path.name != "runs.sql":
            path.unlink()
    return workspace(folder, head, **sources)


@pytest.fixture
def news(tmp_path: Path) -> Moi:
    """Four releases in a folder that is the one source."""
    write_releases(tmp_path / "releases", 4)
    return small(tmp_path / "ws", news={"kind": "files", "path": "../releases"})


@pytest.fixture
def slow() -> Iterator[Server]:
    """A site that gives some pages and then keeps the next one waiting for ever."""
    given: list[str] = []

    def stall(request: Request, _: int, __: Response) -> Response | None:
        if "/newsshow/" not in request.target:
            return None
        given.append(request.target)
        return Response(b"x" * 100, cut=1, stall=True) if len(given) > PAGES else None

    with serve(Feed({post.number: post for post in releases(30)})) as server:
        server.fault = stall
        yield server


def slow_workspace(folder: Path, server: Server) -> Moi:
    url = f"{server.url}/sitemap.xml"
    return small(folder, site={"kind": "sitemap", "url": url, "pattern": "/newsshow/", "timeout": 100})


def stalled(server: Server) -> bool:
    return sum("/newsshow/" in target for target in server.paths()) > PAGES


def last_record(ws: Moi) -> dict[str, Any]:
    return records(ws, "refresh")[-1]


def log_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_all_stages_in_one_run_one_line_and_one_record(news: Moi) -> None:
    done = moi("refresh", cwd=news.root)
    (line,) = done.stdout.splitlines()
    assert line.startswith("refresh: 4 new, 0 changed, 0 refused, 0 failed, 0 of 1 sources alarmed, ")
    stages = [line.split(" ", 2)[2] for line in done.stderr.splitlines()]
    assert [s for s in stages if s.endswith("begins")][1:] == [
        "fetch begins",
        "compact begins",
        "extract begins",
    ]
    record = last_record(news)
    assert record["command"] == "refresh"
    assert record["outcome"] == "done"
    assert record["releases"] == {"new": 4, "changed": 0, "unchanged": 0, "refused": 0, "failed": 0}
    assert (record["exit_code"], record["summary"]) == (0, line)
    assert list(record["stages"]) == ["fetch", "compact", "extract"]
    commands = news.sql("SELECT command FROM runs ORDER BY run_id").fetchall()
    assert [row[0] for row in commands][:2] == ["refresh", "fetch"]


def test_quiet_says_nothing_when_all_is_well_and_what_is_wrong_on_stderr(news: Moi, run: Run) -> None:
    assert run("--workspace", news.root, "refresh", "--quiet") == (0, "", "")
    (news.root / "queries" / "wrong.sql").write_text("SELECT nothing FROM nowhere", encoding="utf-8")
    code, out, err = run("--workspace", news.root, "refresh", "--quiet")
    assert (code, out) == (1, "")
    wrong, summary = err.splitlines()
    assert " ERROR extract failed: " in wrong
    assert "nowhere" in wrong
    assert " ERROR refresh: 0 new" in summary
    assert "failed: extract" in summary


def test_a_json_log_is_an_object_a_line(news: Moi, run: Run) -> None:
    log = news.root / "refresh.log"
    code, out, err = run("--workspace", news.root, "refresh", "--log-format", "json", "--log-file", log)
    assert code == 0
    events = log_lines(err)
    assert {"begin", "stage", "source", "extract"} <= {event["event"] for event in events}
    assert all(event["time"].endswith("Z") and event["level"] == "info" for event in events)
    (source,) = [event for event in events if event["event"] == "source"]
    assert (source["source"], source["fetched"]) == ("news", 4)
    (end,) = log_lines(out)
    assert (end["event"], end["new"], end["exit_code"]) == ("end", 4, 0)
    assert log_lines(log.read_text(encoding="utf-8")) == [*events, end]


def test_json_prints_the_record_and_status_tells_of_the_run(news: Moi, run: Run) -> None:
    assert news.status()["last_refresh"] is None
    code, out, _ = run("--workspace", news.root, "refresh", "--json")
    assert code == 0
    assert json.loads(out)["new"] == 4
    shutil.rmtree(news.curated)  # this workspace has no table of sources
    told = Moi(news.root).status()["last_refresh"]
    assert (told["outcome"], told["exit_code"], told["summary"]) == ("done", 0, json.loads(out)["summary"])


def test_a_second_run_leaves_at_once_and_says_who_works(news: Moi, run: Run) -> None:
    holder = "import sys; from pathlib import Path; from moi_pipeline.workspace import Workspace\n"
    holder += "with Workspace(Path(sys.argv[1])).lock('refresh'): print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(news.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(),
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        code, out, err = run("--workspace", news.root, "refresh", "--quiet")
        assert (code, out) == (1, "")
        assert f"ERROR moi refresh (process {first.pid}, since " in err
        assert records(news) == []
        first.kill()
    # The lock died with its process, and the next run says so.
    code, out, err = run("--workspace", news.root, "refresh")
    assert code == 0
    assert f"WARNING moi refresh (process {first.pid}, since " in err
    assert "was killed" in err


def test_two_refreshes_at_once(tmp_path: Path, slow: Server) -> None:
    ws = slow_workspace(tmp_path / "ws", slow)
    first = start_moi("refresh", cwd=ws.root)
    try:
        assert wait_for(lambda: stalled(slow))
        second = moi("refresh", "--quiet", cwd=ws.root, expect=1)
        assert f"process {first.pid}" in second.stderr
        # killed where it is: the next run recognises it and goes on
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        slow.fault = None
        third = moi("refresh", cwd=ws.root)
        assert f"(process {first.pid}, since" in third.stderr
        assert "was killed" in third.stderr
        assert len(known_captures(ws.raw / "site").newest) == 30
        assert [r["outcome"] for r in records(ws, "refresh")] == ["running", "done"]
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(first.pid, signal.SIGKILL)
        first.wait()


def test_sigterm_keeps_what_was_fetched(tmp_path: Path, slow: Server) -> None:
    ws = slow_workspace(tmp_path / "ws", slow)
    running = subprocess.Popen(
        [sys.executable, "-m", "moi_pipeline", "refresh", "--quiet"],
        cwd=ws.root,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert wait_for(lambda: stalled(slow))
        running.terminate()
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 128 + signal.SIGTERM
    assert out == ""
    assert "WARNING stopped; what was fetched" in err
    assert "Traceback" not in err
    assert len(known_captures(ws.raw / "site").newest) == PAGES
    record = last_record(ws)
    assert (record["outcome"], record["ended"], record["exit_code"]) == ("stopped", "SIGTERM", 143)
    assert [r["outcome"] for r in records(ws, "fetch")] == ["stopped"]


def test_the_budget_ends_fetching_and_the_rest_still_happens(tmp_path: Path, slow: Server, run: Run) -> None:
    ws = slow_workspace(tmp_path / "ws", slow)
    code, out, err = run("--workspace", ws.root, "refresh", "--budget", "0.05")
    assert code == 0
    assert "1 not to their end within the budget" in out
    assert "stopped by the budget" in err
    stored = len(known_captures(ws.raw / "site").newest)
    assert 0 < stored <= PAGES
    assert ws.sql("SELECT sum(fetched) FROM runs").fetchall() == [(stored,)]
    assert last_record(ws)["stopped"] == ["site"]
    # What is left is for the next night.
    slow.fault = None
    code, out, _ = run("--workspace", ws.root, "refresh")
    assert code == 0
    assert f"refresh: {30 - stored} new" in out
    assert len(known_captures(ws.raw / "site").newest) == 30


def test_where_no_source_answers_what_is_stored_is_extracted(news: Moi, tmp_path: Path, run: Run) -> None:
    news.fetch("news")
    away = {"kind": "sitemap", "url": "http://127.0.0.1:9/sitemap.xml"}
    ws = small(tmp_path / "ws", one=away, two=away)
    code, out, err = run("--workspace", ws.root, "refresh")
    assert code == 1
    assert "no source gave anything" in err
    assert "0 new" in out
    assert "2 failed" in out
    assert ws.sql("SELECT count(*) FROM runs").fetchall() == [(5,)]


def test_one_source_of_two_that_fails_is_partly_done(tmp_path: Path, news: Moi, run: Run) -> None:
    away = {"kind": "sitemap", "url": "http://127.0.0.1:9/sitemap.xml"}
    ws = small(tmp_path / "ws", one=away, news={"kind": "files", "path": "../releases"})
    code, out, err = run("--workspace", ws.root, "refresh", "--quiet")
    assert (code, out) == (3, "")
    assert "WARNING one: 0 new" in err
    assert last_record(ws)["releases"]["new"] == 4


def test_a_document_that_fails_is_partly_done(news: Moi, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("moi_pipeline.extract.record.analyse", fail)
    code, out, err = run("--workspace", news.root, "refresh", "--workers", "1")
    assert code == 3
    assert "4 new, 0 changed, 0 refused, 4 failed" in out
    assert "4 documents failed" in err


def test_what_is_refused_is_counted_and_no_fault(news: Moi, run: Run) -> None:
    (news.root.parent / "releases" / "empty.txt").write_text("", encoding="utf-8")
    code, out, err = run("--workspace", news.root, "refresh")
    assert code == 0
    assert "4 new, 0 changed, 1 refused, 0 failed" in out
    assert "empty.txt: empty" in err


def test_a_stage_that_the_disk_refuses_stops_no_later_one(
    news: Moi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    news.fetch()

    def full(*_: object, **__: object) -> None:
        raise NotStored("no space left", "Free some.")

    monkeypatch.setattr("moi_pipeline.fetch.run.fetch", full)
    report = refresh(Moi(news.root), Journal(quiet=True))
    assert (report.exit_code, report.errors) == (1, ["fetch"])
    assert "ERROR fetch failed: no space left. Free some." in capsys.readouterr().err
    assert news.sql("SELECT count(*) FROM runs WHERE command = 'extract'").fetchall() == [(1,)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://somchai:rahat@site.example/a failed", "https://***@site.example/a failed"),
        ("GET http://a.example/?page=2&token=abc123&x=1", "GET http://a.example/?page=2&token=***&x=1"),
        ("http://a.example/f;jsessionid=77?api_key=zz#k", "http://a.example/f;jsessionid=***?api_key=***#k"),
        ("http://a.example/?X-Amz-Signature=ff&key=1", "http://a.example/?X-Amz-Signature=***&key=***"),
        ("http://a.example/?keyword=%E0&passage=2", "http://a.example/?keyword=%E0&passage=2"),
        ("\x1b[31mred\x1b[0m\nERROR forged", "\\x1b[31mred\\x1b[0m\\x0aERROR forged"),
        ("right \u202eto left", "right \\u202eto left"),
        ("ผู้ว่าราชการจังหวัด", "ผู้ว่าราชการจังหวัด"),
    ],
)
def test_lines_hold_no_secrets_and_no_control_characters(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_secrets_in_addresses_stay_out_of_log_and_record(tmp_path: Path, run: Run) -> None:
    url = "http://me:hush@127.0.0.1:9/sitemap.xml?token=hush"
    ws = small(tmp_path / "ws", one={"kind": "sitemap", "url": url, "robots": False})
    code, out, err = run("--workspace", ws.root, "refresh", "--log-format", "json")
    assert code == 1
    assert "hush" not in out + err
    assert "127.0.0.1:9/sitemap.xml?token=***" in err
    assert all("hush" not in path.read_text("utf-8") for path in ws.runs.glob("*-refresh.json"))


def test_a_log_file_that_cannot_be_written_is_told(news: Moi, run: Run) -> None:
    code, _, err = run("--workspace", news.root, "refresh", "--log-file", news.root / "no" / "such.log")
    assert code == 1
    assert "--log-file" in err


def test_another_log_format_is_wrong_use(news: Moi, run: Run) -> None:
    code, _, err = run("--workspace", news.root, "refresh", "--log-format", "xml")
    assert code == 2
    assert "plain, json" in err
