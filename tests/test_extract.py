"""moi extract: only what is new, the same rows every time, and no document that stops the others."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.helpers import (
    Run,
    contents,
    environment,
    mention_bytes,
    moi,
    release,
    small_disk,
    wait_for,
    write_releases,
)

from moi_pipeline.api import Moi
from moi_pipeline.captures import Capture
from moi_pipeline.errors import BadQuery, NothingBuilt, NotStored
from moi_pipeline.extract import engine, fingerprint, record
from moi_pipeline.extract.engine import Task, plan, run_local
from moi_pipeline.extract.record import extract_batch, extract_record, time_limit
from moi_pipeline.extract.schema import RECORD
from moi_pipeline.runs import write_run
from moi_pipeline.store import (
    ROW_GROUP,
    broken_segments,
    captures_table,
    open_segment,
    read_captures,
    segments,
    write_segment,
)
from moi_pipeline.thai.model import Extraction, Release


def capture(number: int = 1, body: bytes | None = None) -> dict[str, Any]:
    given = Capture(
        "s",
        f"https://x.example/{number}",
        "text",
        datetime(2024, 3, 1, tzinfo=UTC),
        release(number).encode() if body is None else body,
    )
    (row,) = captures_table([given]).to_pylist()
    return dict(row)


def test_a_record_holds_the_article_and_its_mentions() -> None:
    found = extract_record(capture(3))
    assert found["outcome"] == "article"
    assert found["text"].startswith(found["title"])
    assert [item["item_no"] for item in found["policy_items"]] == ["1", "2", "3"]
    assert any(date["date_from"].isoformat() == "2023-08-04" for date in found["dates"])
    for mention in found["dates"]:
        assert found["text"][mention["span_start"] : mention["span_end"]] == mention["surface"]
    table = extract_batch([capture(3), capture(4)])
    assert table.schema.equals(RECORD)
    assert table.num_rows == 2


def test_no_article_is_told_with_its_reason() -> None:
    found = extract_record(capture(1, b"%PDF-1.7 and so on"))
    assert (found["outcome"], found["reason"]) == ("not_article", "pdf")
    assert extract_batch([capture(1, b" ")]).column("outcome").to_pylist() == ["not_article"]


def test_only_new_captures_are_extracted(ws: Moi, releases: Path) -> None:
    ws.fetch(releases)
    extracted, built = ws.extract()
    assert (extracted.extracted, extracted.already, built.tables["articles"]) == (6, 0, 6)
    before = segments(ws.extracted)
    extracted, _ = ws.extract()
    assert (extracted.extracted, extracted.already) == (0, 6)
    assert segments(ws.extracted) == before
    (releases / "00001.txt").write_text(release(1, "แก้ไข"), encoding="utf-8")
    (releases / "new.txt").write_text(release(9), encoding="utf-8")
    ws.fetch(releases)
    extracted, built = ws.extract()
    assert (extracted.extracted, extracted.already) == (2, 6)
    assert (built.tables["articles"], built.tables["older_versions"]) == (7, 1)


def test_rebuild_extracts_everything_again(built: Moi) -> None:
    before = contents(built, without=())
    extracted, _ = built.extract(rebuild=True)
    assert (extracted.extracted, extracted.already) == (6, 0)
    assert contents(built, without=()) == before


def test_other_code_extracts_everything_again(built: Moi, monkeypatch: pytest.MonkeyPatch) -> None:
    (old,) = built.extracted.iterdir()
    monkeypatch.setattr("moi_pipeline.extract.run.fingerprint", lambda: "0123456789abcdef")
    extracted, _ = built.extract()
    assert extracted.extracted == 6
    assert [p.name for p in built.extracted.iterdir()] == ["0123456789abcdef"], f"{old} is stale"
    assert built.sql("SELECT fingerprint FROM moi_build").fetchall() == [("0123456789abcdef",)]


def test_the_fingerprint_follows_code_and_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "moi_pipeline"
    shutil.copytree(fingerprint.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    mark = fingerprint.fingerprint()
    monkeypatch.setattr(fingerprint, "PACKAGE", package)
    assert fingerprint.fingerprint() == mark, "where the package lies makes no difference"
    (package / "thai" / "__pycache__").mkdir()
    (package / "thai" / "__pycache__" / "dates.pyc").write_bytes(b"1")
    (package / "cli.py").write_text("# other\n", encoding="utf-8")
    assert fingerprint.fingerprint() == mark, "nor does what extraction does not use"
    marks = {mark}
    for name in ("thai/dates.py", "thai/data/provinces.csv", "read/data/chrome.toml", "extract/schema.py"):
        with (package / name).open("a", encoding="utf-8") as out:
            out.write("\n# changed\n")
        marks.add(fingerprint.fingerprint())
    (package / "thai" / "dates.py").rename(package / "thai" / "days.py")
    marks.add(fingerprint.fingerprint())
    monkeypatch.setattr(fingerprint, "version", lambda _: "99")
    marks.add(fingerprint.fingerprint())
    assert len(marks) == 7


def test_same_bytes_from_the_same_raw_with_any_number_of_workers(
    ws: Moi, tmp_path: Path, small_tasks: int
) -> None:
    ws.fetch(write_releases(tmp_path / "many", 2 * small_tasks + 40))
    seen = []
    for workers in (1, 2, 1):
        extracted, _ = ws.extract(workers=workers, rebuild=True)
        assert extracted.extracted == 2 * small_tasks + 40
        names = ("articles", "older_versions", "persons", "tenures", "programmes", "failures")
        tables = {name: (ws.curated / f"{name}.parquet").read_bytes() for name in names}
        seen.append(mention_bytes(ws) | tables)
    assert seen[0] == seen[1] == seen[2]
    assert ws.sql("SELECT count(*) FROM dates").fetchall()[0][0] >= 2 * small_tasks


def raise_for(monkeypatch: pytest.MonkeyPatch, word: str, error: BaseException) -> None:
    analyse = vars(record)["analyse"]

    def analyse_or_raise(given: Release, *args: Any, **named: Any) -> Any:
        if word in given.text:
            raise error
        return analyse(given, *args, **named)

    monkeypatch.setattr(record, "analyse", analyse_or_raise)


def test_a_document_that_raises_is_set_aside_with_its_traceback(
    ws: Moi, releases: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    raise_for(monkeypatch, "ครั้งที่ 2", RecursionError("too deep"))
    ws.fetch(releases)
    code, out, err = run("-w", ws.root, "extract", "--workers", "1")
    assert code == 3
    assert "5 article, 1 failed" in out
    assert "SELECT * FROM failures" in err
    assert ws.sql("SELECT count(*) FROM articles").fetchall() == [(5,)]
    ((outcome, reason, detail, url),) = ws.sql("SELECT outcome, reason, detail, url FROM failures").fetchall()
    assert (outcome, reason) == ("failed", "RecursionError")
    assert url == (releases / "00002.txt").as_uri()
    assert "Traceback (most recent call last)" in detail
    assert 'extract/record.py", line' in detail
    assert "too deep" in detail
    assert str(record.PACKAGE) not in detail, "the same on every machine"
    assert ws.status()["failures"][0]["url"] == url
    extracted, _ = ws.extract()
    assert extracted.extracted == 0, "a failed document is not tried again by the same code"
    assert extracted.exit_code == 0


@pytest.mark.parametrize("error", [MemoryError(), UnicodeError("odd"), AssertionError()])
def test_whatever_a_document_raises_is_kept_in_its_record(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    raise_for(monkeypatch, "ครั้งที่ 2", error)
    table = extract_batch([capture(1), capture(2), capture(3)])
    assert table.column("outcome").to_pylist() == ["article", "failed", "article"]
    assert table.column("reason").to_pylist()[1] == type(error).__name__


def test_a_document_whose_values_fit_no_column_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    analyse = vars(record)["analyse"]

    def analyse_badly(given: Release, *args: Any, **named: Any) -> Any:
        if "ครั้งที่ 2" in given.text:
            return Extraction(province="\ud800")
        return analyse(given, *args, **named)

    monkeypatch.setattr(record, "analyse", analyse_badly)
    table = extract_batch([capture(1), capture(2), capture(3)])
    assert table.schema.equals(RECORD)
    assert table.column("outcome").to_pylist() == ["article", "failed", "article"]
    row = table.slice(1, 1).to_pylist()[0]
    assert row["capture_id"] == capture(2)["capture_id"]
    assert "UnicodeEncodeError" in row["detail"]
    assert row["province"] is None


def test_a_document_that_will_not_end_is_given_up() -> None:
    with pytest.raises(record.TimeLimit), time_limit(0.01):
        while True:
            pass
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_ctrl_c_is_no_documents_failure(ws: Moi, releases: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raise_for(monkeypatch, "ครั้งที่ 2", KeyboardInterrupt())
    ws.fetch(releases)
    with pytest.raises(KeyboardInterrupt):
        ws.extract()
    monkeypatch.undo()
    extracted, _ = ws.extract()
    assert extracted.outcomes == {"article": 6}
    runs = ws.sql("SELECT outcome FROM runs WHERE command = 'extract' ORDER BY run_id").fetchall()
    assert runs == [("stopped",), ("done",)]


def test_nothing_fetched_yet_is_told(ws: Moi) -> None:
    told = moi("extract", cwd=ws.root, expect=1).stderr
    assert "nothing has been extracted yet" in told
    assert "moi fetch" in told
    with pytest.raises(NothingBuilt):
        ws.sql("SELECT 1")


def test_tasks_are_row_groups_and_a_capture_is_wanted_once(tmp_path: Path) -> None:
    given = [
        Capture("s", f"https://x.example/{n}", "text", datetime(2024, 3, 1, tzinfo=UTC), b"a")
        for n in range(ROW_GROUP + 5)
    ]
    first = write_segment(tmp_path / "raw", captures_table(given))
    second = write_segment(tmp_path / "raw", captures_table([*given[:3], *given[:3]]))
    folder = tmp_path / "out"
    tasks = list(plan([first, second], set(), folder))
    assert [(task.segment, task.row_group, len(task.wanted)) for task in tasks] == [
        (first, 0, ROW_GROUP),
        (first, 1, 5),
    ]
    done = {c.capture_id for c in given[2:]}
    assert list(plan([first, second], done, folder)) == [
        Task(first, 0, (given[0].capture_id, given[1].capture_id), folder)
    ]
    results = list(run_local(tasks[1:], workers=4))
    assert [result.outcomes for result in results] == [{"not_article": 5}]


@pytest.fixture
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> int:
    """Row groups of so many captures, so that few captures make many tasks."""
    monkeypatch.setattr("moi_pipeline.store.ROW_GROUP", 16)
    monkeypatch.setattr("moi_pipeline.extract.engine.ROW_GROUP", 16)
    return 16


def die_at_second_task(marker: Path | None) -> None:
    """Start a worker that is killed at its second task; with a marker, one such death is all."""
    run_task, seen = engine.run_task, []

    def run_or_die(task: Task) -> engine.Result:
        seen.append(task)
        if len(seen) > 1 and not (marker and marker.exists()):
            if marker:
                marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return run_task(task)

    vars(engine)["run_task"] = run_or_die


def test_a_worker_that_dies_is_replaced(
    ws: Moi, tmp_path: Path, small_tasks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws.fetch(write_releases(tmp_path / "many", 5 * small_tasks))
    ws.extract()
    expected = contents(ws)
    marker = tmp_path / "died"
    monkeypatch.setattr(engine, "_start_worker", functools.partial(die_at_second_task, marker))
    extracted, built = ws.extract(workers=2, rebuild=True)
    assert marker.exists()
    assert extracted.outcomes == {"article": 5 * small_tasks}
    assert built.violations == []
    assert contents(ws) == expected


def die_at(word: str) -> None:
    """Start a worker that is killed when it reads a capture that holds a word."""
    run_task = engine.run_task

    def run_or_die(task: Task) -> engine.Result:
        for capture in read_captures(task.segment, task.row_group, task.wanted):
            if word.encode() in capture["body"]:
                os.kill(os.getpid(), signal.SIGKILL)
        return run_task(task)

    vars(engine)["run_task"] = run_or_die


def test_a_document_that_kills_every_worker_is_set_aside_and_nothing_else(
    ws: Moi, tmp_path: Path, small_tasks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_releases(tmp_path / "many", small_tasks)
    ws.fetch(folder)
    ws.extract()
    expected = ws.sql("SELECT article_id, text FROM articles ORDER BY ALL").fetchall()
    killer = tmp_path / "killer.txt"
    killer.write_text(release(7) + "\nคำร้าย", encoding="utf-8")
    ws.fetch(killer)
    monkeypatch.setattr(engine, "_start_worker", functools.partial(die_at, "คำร้าย"))
    extracted, _ = ws.extract(workers=2, rebuild=True)
    assert extracted.outcomes == {"article": small_tasks, "failed": 1}
    assert extracted.exit_code == 3
    assert ws.sql("SELECT article_id, text FROM articles ORDER BY ALL").fetchall() == expected
    ((url, reason),) = ws.sql("SELECT url, reason FROM failures").fetchall()
    assert url == killer.as_uri()
    assert reason == "WorkerDied"


def test_after_a_run_that_was_killed_no_document_is_read_in_moi_itself(
    ws: Moi, releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws.fetch(releases)
    here = []

    def extract_here(captures: list[dict[str, Any]]) -> pa.Table:
        here.append(captures)
        return extract_batch(captures)

    monkeypatch.setattr(record, "extract_batch", extract_here)
    write_run(ws.runs / "20240301T000000000000-extract.json", {"command": "extract", "outcome": "running"})
    extracted, _ = ws.extract(workers=1)
    assert extracted.extracted > 0
    assert here == []
    ws.extract(workers=1, rebuild=True)
    assert len(here) == 1


IDLE = """
import multiprocessing, os, signal
from concurrent.futures import ProcessPoolExecutor
from moi_pipeline.extract.engine import _start_worker
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_start_worker)
    print(pool.submit(os.getpid).result(), flush=True)
    signal.pause()
"""


def test_an_idle_worker_ends_with_its_run(tmp_path: Path) -> None:
    script = tmp_path / "idle.py"
    script.write_text(IDLE, encoding="utf-8")
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env=environment()) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        parent.kill()
    try:
        assert wait_for(lambda: not alive(worker), 30), "a killed run leaves no process behind"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
        # One that ended may wait to be noticed by its new parent.
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:
        return Path("/proc/self").exists() is False


def test_a_worker_ignores_ctrl_c_and_uses_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    before, threads, io_threads = signal.getsignal(signal.SIGINT), pa.cpu_count(), pa.io_thread_count()
    monkeypatch.setattr(engine, "_end_with_parent", lambda: None)
    try:
        engine._start_worker()
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        assert pa.cpu_count() == 1
    finally:
        signal.signal(signal.SIGINT, before)
        pa.set_cpu_count(threads)
        pa.set_io_thread_count(io_threads)


def flip_body(segment: Path, group: int) -> None:
    meta = open_segment(segment).metadata.row_group(group).column(14)
    body = bytearray(segment.read_bytes())
    body[meta.data_page_offset + meta.total_compressed_size // 2] ^= 1
    segment.write_bytes(body)


def test_a_broken_raw_segment_costs_its_own_row_group_only(ws: Moi, tmp_path: Path, small_tasks: int) -> None:
    folder = write_releases(tmp_path / "many", 2 * small_tasks + 10)
    ws.fetch(folder)
    (segment,) = segments(ws.raw)
    flip_body(segment, 1)
    told = moi("extract", "--workers", "1", cwd=ws.root, expect=3)
    assert f"extracted {small_tasks + 10} captures" in told.stdout
    assert f"broken segment set aside: {segment}" in told.stderr
    assert "Fetch again" in told.stderr
    assert ws.sql("SELECT count(*) FROM articles").fetchall() == [(small_tasks + 10,)]
    assert broken_segments(ws.raw) == [segment.with_name(segment.name + ".broken")]
    assert ws.fetch(folder).sources["files"].fetched == small_tasks
    extracted, built = ws.extract()
    assert (extracted.extracted, extracted.exit_code, built.tables["articles"]) == (
        small_tasks,
        0,
        2 * small_tasks + 10,
    )
    assert built.violations == []


def test_where_all_is_broken_that_is_what_is_told(ws: Moi, releases: Path, run: Run) -> None:
    ws.fetch(releases)
    (segment,) = segments(ws.raw)
    segment.write_bytes(segment.read_bytes()[:-20])
    code, _, err = run("-w", ws.root, "extract")
    assert code == 1
    assert f"broken segment set aside: {segment}" in err
    assert ws.fetch(releases).sources["files"].fetched == 6
    assert ws.extract()[1].tables["articles"] == 6


def test_a_broken_address_in_raw_reaches_no_table(built: Moi) -> None:
    (segment,) = segments(built.raw)
    meta = open_segment(segment).metadata.row_group(0).column(2)
    body = bytearray(segment.read_bytes())
    body[meta.data_page_offset + meta.total_compressed_size // 2] ^= 1
    segment.write_bytes(body)
    extracted, report = built.extract()
    assert extracted.exit_code == 3
    assert report.tables["articles"] == 0
    built.fetch("news")
    extracted, report = built.extract()
    assert (extracted.exit_code, report.tables["articles"]) == (0, 6)


def test_a_broken_extracted_segment_is_extracted_again(built: Moi) -> None:
    before = contents(built)
    (segment,) = segments(built.extracted)
    text = open_segment(segment).metadata.row_group(0).column(7)
    flipped = bytearray(segment.read_bytes())
    flipped[text.data_page_offset + text.total_compressed_size // 2] ^= 1
    for broken in (segment.read_bytes()[:-30], b"", bytes(flipped)):
        for path in segments(built.extracted):
            path.write_bytes(broken)
        if broken == flipped:
            # A night goes on from the tables and does not read old texts; whatever reads them finds the bit.
            extracted, build = built.extract()
            assert (extracted.extracted, extracted.exit_code, build.changed) == (0, 0, 0)
            assert contents(built) == before
            (built.curated / "current" / ".state.json").unlink()
        extracted, _ = built.extract()
        assert (extracted.extracted, extracted.exit_code) == (6, 3)
        assert contents(built) == before


def test_a_segment_that_was_saved_twice_counts_once(built: Moi) -> None:
    before = contents(built, without=())
    (raw,) = segments(built.raw)
    shutil.copy(raw, raw.with_name("copy.parquet"))
    (extracted,) = segments(built.extracted)
    shutil.copy(extracted, extracted.with_name("copy.parquet"))
    built.extract()
    assert contents(built, without=()) == before
    assert built.sql("SELECT captures FROM sources WHERE source = 'news'").fetchall() == [(6,)]
    assert built.sql("SELECT count(*) FROM older_versions").fetchall() == [(0,)]


def test_a_full_disk_keeps_the_older_tables(built: Moi, tmp_path: Path) -> None:
    before = contents(built)
    noise = tmp_path / "noise"
    noise.mkdir()
    for number in range(30):
        (noise / f"{number}.txt").write_text(release(number) + os.urandom(20_000).hex(), encoding="utf-8")
    with small_disk(tmp_path / "disk", "12m") as disk:
        shutil.copytree(built.root / "data", disk / "data", symlinks=True)
        (built.root / "data").rename(tmp_path / "old-data")
        (built.root / "data").symlink_to(disk / "data")
        built.fetch(noise)
        told = moi("extract", "--workers", "1", cwd=built.root, expect=1).stderr
        assert "Free some space" in told
        assert contents(built) == before
        assert not list(disk.rglob(".*.part"))
        builds = list((disk / "data" / "curated" / "builds").iterdir())
        assert len(builds) == 1, f"no half of a build is left: {builds}"


def test_a_read_only_disk_is_told_and_can_be_read(built: Moi, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "20m") as disk:
        shutil.copytree(built.root, disk / "ws", symlinks=True)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        for command in (["fetch", "samples"], ["extract"]):
            told = moi("--workspace", disk / "ws", *command, cwd=tmp_path, expect=1).stderr
            assert "Read-only file system" in told
            assert "--workspace" in told
        assert "articles" in moi("-w", disk / "ws", "status", cwd=tmp_path).stdout
        assert moi("-w", disk / "ws", "check", cwd=tmp_path).stdout == "all checks are clean\n"
        (rows,) = json.loads(
            moi(
                "-w", disk / "ws", "sql", "-f", "json", "SELECT count(*) AS n FROM articles", cwd=tmp_path
            ).stdout
        )
        assert rows == {"n": 6}


def test_an_error_in_a_view_keeps_what_was_extracted(ws: Moi, releases: Path) -> None:
    ws.fetch(releases)
    (ws.queries / "mine.sql").write_text("SELECT nothing FROM articles", encoding="utf-8")
    with pytest.raises(BadQuery):
        ws.extract()
    (ws.queries / "mine.sql").unlink()
    extracted, built = ws.extract()
    assert (extracted.extracted, extracted.already, built.tables["articles"]) == (0, 6, 6)


def test_a_worker_hands_on_a_full_disk(tmp_path: Path) -> None:
    given = [
        Capture("s", f"https://x.example/{n}", "text", datetime(2024, 3, 1, tzinfo=UTC), release(n).encode())
        for n in range(2 * ROW_GROUP)
    ]
    raw = write_segment(tmp_path / "raw", captures_table(given))
    (tmp_path / "out").write_text("a file where the folder should be", encoding="utf-8")
    tasks = list(plan([raw], set(), tmp_path / "out"))
    with pytest.raises(NotStored) as caught:
        list(run_local(tasks, workers=2))
    assert "run the same command again" in caught.value.hint
