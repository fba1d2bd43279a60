"""moi doctor: what is wrong with a machine or a workspace is told with what to mend. And deploy/ is sound."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.helpers import Run, moi, small_disk, unprivileged
from tests.site.server import Response, Server, serve
from tests.site.workspace import workspace

from moi_pipeline.api import Moi
from moi_pipeline.nightly import machine
from moi_pipeline.nightly.doctor import examine, exit_code
from moi_pipeline.nightly.findings import Finding
from moi_pipeline.runs import write_run

DEPLOY = Path(__file__).parent.parent / "deploy"
CONTACT = 'contact = "webmaster@example.go.th"\n'


@pytest.fixture
def fit(tables: Moi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Moi]:
    """A workspace with nothing to mend, on a machine with a crontab line."""
    shutil.copytree(tables.root, tmp_path / "ws", symlinks=True)
    ws = Moi((tmp_path / "ws").resolve())
    settings = ws.root / "sources.toml"
    settings.write_text(CONTACT + settings.read_text(encoding="utf-8"), encoding="utf-8")
    cron = tmp_path / "cron.d"
    cron.mkdir()
    (cron / "moi").write_text("17 2 * * * moi /opt/bin/moi -w /srv/moi refresh -q\n", encoding="utf-8")
    monkeypatch.setattr(machine, "SCHEDULES", ((str(cron), "*"),))
    monkeypatch.setattr(machine, "TIGHT", 1)
    monkeypatch.setattr(machine, "FULL", 1)
    yield ws


def found(ws: Moi, about: str, offline: bool = True) -> Finding:
    (finding,) = [finding for finding in examine(Moi(ws.root), offline) if finding.about == about]
    return finding


def test_nothing_to_mend(fit: Moi) -> None:
    findings = list(examine(fit, offline=True))
    assert [finding for finding in findings if finding.state != "ok"] == []
    assert exit_code(findings) == 0


def test_the_command_line(fit: Moi) -> None:
    (fit.root / "sources.toml").write_text("contact = 7", encoding="utf-8")
    told = {
        entry["about"]: entry for entry in json.loads(moi("doctor", "--json", cwd=fit.root, expect=1).stdout)
    }
    assert told["sources.toml"]["state"] == "fail"
    assert re.match(
        r"duckdb [\d.]+, pyarrow [\d.]+, pythainlp [\d.]+ and \d+ more", told["libraries"]["told"]
    )
    assert told["tables"]["told"].startswith("6 articles, built ")


def test_a_line_for_each_thing_and_what_to_mend(fit: Moi, run: Run) -> None:
    code, out, _ = run("--workspace", fit.root, "doctor", "--offline")
    assert code == 0
    assert "ok    file system: locks, renaming, links and flushing work\n" in out
    (fit.root / "sources.toml").write_text("[sources.a]\nkind = 7", encoding="utf-8")
    code, out, _ = run("--workspace", fit.root, "doctor", "--offline")
    assert code == 1
    assert re.search(r"fail  sources.toml: .*line 2.*\n      \S", out)


def test_a_disk_that_is_nearly_full(fit: Moi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "TIGHT", 10**18)
    assert found(fit, "disk").state == "warn"
    monkeypatch.setattr(machine, "FULL", 10**18)
    assert found(fit, "disk").state == "fail"


def test_a_small_disk_for_real(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "8m") as disk:
        ws = workspace(disk / "ws", a={"kind": "files", "path": "releases"})
        assert found(ws, "disk").state == "fail"


def test_a_folder_of_another_user(fit: Moi) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        ws = Moi(Path(shutil.copytree(fit.root, Path(folder) / "ws", symlinks=True)))
        for path in [ws.root, *ws.root.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o777)
        with unprivileged():
            assert [finding.state for finding in machine.permissions(ws)] == ["ok"]
        (ws.raw / "news").chmod(0o555)
        with unprivileged():
            (finding,) = machine.permissions(ws)
    assert (finding.state, finding.told) == (
        "fail",
        f"not readable and writable for this user: {ws.raw / 'news'}",
    )
    assert "chown" in finding.mend
    # Where not even that can be seen (pytest's own folder is shut to others).
    if os.geteuid() == 0:
        with unprivileged():
            (finding,) = machine.permissions(fit)
        assert finding.state == "fail"


def test_a_folder_that_cannot_be_written(fit: Moi) -> None:
    (fit.root / "data").chmod(0o555)
    with unprivileged():
        (finding,) = machine.file_system(fit)
    (fit.root / "data").chmod(0o755)
    assert (finding.state, finding.told) == ("fail", "writing: Permission denied")


def test_a_file_system_without_locks(fit: Moi, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    (finding,) = machine.file_system(fit)
    assert (finding.state, finding.told) == ("fail", "locks: No locks available")
    assert list((fit.root / "data").glob(".doctor*")) == []


def test_a_clock_that_was_set_back(fit: Moi) -> None:
    at = datetime.now(UTC) + timedelta(days=2)
    run_id = f"{at:%Y%m%dT%H%M%S%f}-fetch"
    write_run(
        fit.runs / f"{run_id}.json", {"run_id": run_id, "command": "fetch", "started_at": at.isoformat()}
    )
    finding = found(fit, "clock")
    assert finding.state == "warn"
    assert f"{at:%Y-%m-%d}" in finding.told


def test_a_run_that_works_and_one_that_was_killed(fit: Moi) -> None:
    with fit.lock("refresh"):
        assert found(fit, "lock").told.startswith("moi refresh (process ")
    assert found(fit, "lock") == Finding("ok", "lock", "free")
    fit.lock_file.write_text("moi refresh (process 1, since 2026-01-01 00:00 UTC)", encoding="utf-8")
    finding = found(fit, "lock")
    assert finding.state == "warn"
    assert "since 2026-01-01 00:00 UTC) was killed" in finding.told


def test_leftovers_broken_segments_and_many_segments(fit: Moi, monkeypatch: pytest.MonkeyPatch) -> None:
    (fit.raw / "news" / ".abc.part").write_bytes(b"")
    (fit.raw / "news" / "old.parquet.broken").write_bytes(b"")
    monkeypatch.setattr("moi_pipeline.nightly.doctor.MANY", 1)
    assert found(fit, "leftovers").told.startswith("1 half-written")
    assert "old.parquet.broken" in found(fit, "broken segments").told
    assert "moi compact" in found(fit, "segments").mend


def test_views_of_an_older_moi(fit: Moi, run: Run) -> None:
    (fit.queries / "runs.sql").unlink()
    finding = found(fit, "queries")
    assert (finding.state, finding.told) == ("warn", "0 views of an older moi, 1 missing")
    run("init", fit.root)
    with (fit.queries / "runs.sql").open("a", encoding="utf-8") as out:
        out.write("-- mine\n")
    assert found(fit, "queries") == Finding("ok", "queries", "up to date; changed by you: runs.sql")


def test_no_schedule_and_how_the_last_refresh_went(fit: Moi, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime.now(UTC)
    run_id = f"{at:%Y%m%dT%H%M%S%f}-refresh"
    record: dict[str, Any] = {"run_id": run_id, "command": "refresh", "started_at": at.isoformat()}
    write_run(fit.runs / f"{run_id}.json", record | {"outcome": "running"})
    assert found(fit, "last refresh").state == "warn"
    write_run(fit.runs / f"{run_id}.json", record | {"outcome": "done", "exit_code": 0})
    assert found(fit, "last refresh").state == "ok"
    monkeypatch.setattr(machine, "SCHEDULES", ())
    monkeypatch.setenv("PATH", str(fit.root))
    assert found(fit, "schedule").state == "warn"


def site(server: Server, **more: object) -> dict[str, Any]:
    return {"kind": "sitemap", "url": f"{server.url}/sitemap.xml"} | more


def test_sites_are_asked_once_each(tmp_path: Path) -> None:
    with serve(lambda _: Response(status=404)) as server:
        ws = workspace(tmp_path, CONTACT, a=site(server), b=site(server), c=site(server, enabled=False))
        assert found(ws, "sites", offline=False).told == "1 of 1 hosts answer"
        assert [hit.target for hit in server.hits] == ["/robots.txt"]
        assert "webmaster@example.go.th" in server.hits[0].headers["user-agent"]
        server.clear()
        assert not [f for f in examine(ws, offline=True) if f.about.startswith("site")]
        assert server.hits == []


def test_a_site_that_is_away_is_a_warning_and_all_of_them_the_network(tmp_path: Path) -> None:
    away = [{"kind": "sitemap", "url": f"http://me:hush@127.0.0.1:{port}/sitemap.xml"} for port in (9, 7)]
    with serve(lambda _: Response(status=404)) as server:
        ws = workspace(tmp_path / "one", a=site(server), b=away[0])
        assert found(ws, "site", offline=False).told.startswith("http://127.0.0.1:9 (b): reset")
        assert found(ws, "sites", offline=False).told == "1 of 2 hosts answer"
    ws = workspace(tmp_path / "two", a=away[0], b=away[1])
    finding = found(ws, "sites", offline=False)
    assert finding.state == "fail"
    assert "network" in finding.mend


def test_a_clock_that_differs_from_the_sites(tmp_path: Path) -> None:
    old = {"Date": "Mon, 05 Jan 2026 00:00:00 GMT"}
    with serve(lambda _: Response(status=404, headers=old)) as server:
        ws = workspace(tmp_path, a=site(server))
        clocks = [finding for finding in examine(ws) if finding.about == "clock"]
    assert clocks[-1].state == "warn"
    assert "from the sites' clocks" in clocks[-1].told


def test_without_sources_and_without_tables(ws: Moi) -> None:
    assert found(ws, "tables").mend == "Run moi fetch, then moi extract."
    workspace(ws.root, a={"kind": "files", "path": "x", "enabled": False})
    assert found(ws, "sources.toml").told == "no source is enabled"


def commands(text: str) -> list[list[str]]:
    """The calls of moi in a text, each as its words after the program's name."""
    calls = re.findall(r"(?:^|[\s/=])moi (--workspace .*|refresh.*|doctor.*|verify.*)$", text, re.MULTILINE)
    return [shlex.split(call.split(">")[0].split("#")[0]) for call in calls]


@pytest.mark.parametrize("name", ["crontab", "moi-refresh.service"])
def test_what_deploy_starts_is_what_moi_understands(name: str, fit: Moi) -> None:
    calls = commands((DEPLOY / name).read_text(encoding="utf-8"))
    assert calls
    for call in calls:
        words = [word.replace("/srv/moi", str(fit.root)) for word in call]
        assert "--help" in moi(*words, "--help", cwd=fit.root).stdout


def test_the_crontab_has_five_fields_and_a_command() -> None:
    lines = (DEPLOY / "crontab").read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    assert [line.split("=")[0] for line in entries[:3]] == ["MAILTO", "PATH", "PYTHONUTF8"]
    assert len(entries) == 5
    for line in entries[3:]:
        assert re.fullmatch(r"(?:[\d*,/-]+ +){5}moi .*[^%]", line), line
        assert "%" not in line, "cron takes it for a new line"


def test_systemd_understands_service_and_timer(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("no systemd-analyze here")
    for name in ("moi-refresh.service", "moi-refresh.timer"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        # Only the program must be there.
        (tmp_path / name).write_text(text.replace("/opt/moi/bin/moi", "/bin/true"), encoding="utf-8")
    units = [str(tmp_path / name) for name in ("moi-refresh.service", "moi-refresh.timer")]
    done = subprocess.run([program, "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_container_file_copies_what_the_build_needs() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    root = DEPLOY.parent
    copied = [words.split()[:-1] for words in re.findall(r"^COPY (?!--)(.*)$", text, re.MULTILINE)]
    assert all((root / name).exists() for names in copied for name in names)
    assert "USER moi" in text
    (entry,) = re.findall(r"^ENTRYPOINT (.*)$", text, re.MULTILINE)
    (default,) = re.findall(r"^CMD (.*)$", text, re.MULTILINE)
    assert json.loads(entry) == ["moi"]
    assert json.loads(default)[0] == "refresh"
