"""moi compact: fewer files, the same tables; and superseded captures dropped by an explicit rule alone."""

from __future__ import annotations

import json
import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.helpers import Run, contents, moi, release, write_releases

from moi_pipeline.api import Moi
from moi_pipeline.captures import Capture
from moi_pipeline.errors import NotStored
from moi_pipeline.nightly import compact
from moi_pipeline.runs import fold, read_runs, records, write_run
from moi_pipeline.store import (
    ROW_GROUP,
    captures_table,
    known_captures,
    open_segment,
    segments,
    write_segment,
)

START = datetime(2025, 1, 1, tzinfo=UTC)


def store(ws: Moi, source: str, *captures: tuple[int, str, int]) -> Path:
    """A segment of captures: number of the release, note (a changed note is a changed release), day."""
    return write_segment(
        ws.raw / source,
        captures_table(
            Capture(
                source,
                f"https://{source}.example/{number}",
                "text",
                START + timedelta(days=day, seconds=number),
                release(number, note).encode() if note != "empty" else b" ",
                content_type="text/plain",
            )
            for number, note, day in captures
        ),
    )


def nights(ws: Moi, source: str, count: int, each: int = 2) -> None:
    for night in range(count):
        store(ws, source, *((night * each + n, "", night) for n in range(each)))


def rows(folder: Path) -> list[dict[str, Any]]:
    found = [row for path in segments(folder) for row in open_segment(path).read().to_pylist()]
    return sorted(found, key=lambda row: (row["url"], row["fetched_at"], row["capture_id"]))


def sorted_contents(ws: Moi) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables; their order may differ where a build goes on from the last one."""
    return {name: sorted(found, key=repr) for name, found in contents(ws, ()).items()}


def one_view(ws: Moi, *names: str) -> None:
    for path in ws.queries.glob("**/*.sql"):
        if path.stem not in names:
            path.unlink()


def test_many_segments_become_one_and_the_tables_stay_as_they_are(built: Moi, run: Run) -> None:
    nights(built, "news", 20)
    nights(built, "news", 3)
    built.extract()
    before, stored = sorted_contents(built), rows(built.raw / "news")
    code, told, _ = run("--workspace", built.root, "compact")
    assert code == 0
    assert told.startswith("merged ")
    assert len(segments(built.raw / "news")) == 1
    assert len(segments(built.extracted)) == 1
    assert rows(built.raw / "news") == sorted(
        {(r["capture_id"], r["fetched_at"]): r for r in stored}.values(),
        key=lambda row: (row["url"], row["fetched_at"], row["capture_id"]),
    )
    built.extract(rebuild=True)
    assert sorted_contents(built) == before


def test_row_groups_are_full_so_that_places_of_captures_hold(ws: Moi) -> None:
    nights(ws, "a", 3, each=ROW_GROUP - 1)
    with ws.lock("compact"):
        compact.merge(ws)
    (path,) = segments(ws.raw)
    metadata = open_segment(path).metadata
    sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    assert sizes == [ROW_GROUP, ROW_GROUP, ROW_GROUP - 3]
    known = known_captures(ws.raw / "a")
    for number in (0, ROW_GROUP - 1, ROW_GROUP, 3 * ROW_GROUP - 4):
        found = known.capture(f"https://a.example/{number}")
        assert found is not None
        assert found["body"] == release(number).encode()


def test_a_page_changed_and_changed_back_stays_two_captures(ws: Moi) -> None:
    store(ws, "a", (1, "", 0))
    store(ws, "a", (1, "changed", 1))
    store(ws, "a", (1, "", 2))
    before = rows(ws.raw)
    with ws.lock("compact"):
        compact.merge(ws)
    assert rows(ws.raw) == before
    assert len(before) == 3


def test_killed_between_writing_and_removing(built: Moi, monkeypatch: pytest.MonkeyPatch) -> None:
    nights(built, "news", 5)
    built.extract()
    before = sorted_contents(built)
    stored = len(segments(built.raw))
    pid = os.fork()
    if pid == 0:
        compact._remove = lambda paths: os.kill(os.getpid(), signal.SIGKILL)
        with built.lock("compact"):
            compact.merge(built)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    assert len(segments(built.raw)) + len(segments(built.extracted)) > stored
    # What is there twice counts once, in tables built from nothing too …
    built.extract()
    assert sorted_contents(built) == before
    # … and the next merge clears it.
    with built.lock("compact"):
        compact.merge(built)
    assert len(segments(built.raw / "news")) == 1
    assert len(rows(built.raw / "news")) == 16
    built.extract()
    assert sorted_contents(built) == before


def test_a_reader_with_an_old_file_open_is_unharmed(ws: Moi) -> None:
    nights(ws, "a", 4)
    readers = [open_segment(path) for path in segments(ws.raw)]
    with ws.lock("compact"):
        compact.merge(ws)
    assert sum(len(reader.read()) for reader in readers) == 8


def test_a_broken_segment_is_left_alone_and_told(ws: Moi, run: Run) -> None:
    nights(ws, "a", 4)
    broken = segments(ws.raw)[0]
    content = bytearray(broken.read_bytes())
    content[len(content) // 2] ^= 1
    broken.write_bytes(content)
    code, out, err = run("--workspace", ws.root, "compact")
    assert code == 3
    assert broken.name in err
    assert out.startswith("merged 3 segments into 1 ")
    assert broken.read_bytes() == content


def test_a_disk_that_refuses_loses_nothing(ws: Moi, monkeypatch: pytest.MonkeyPatch) -> None:
    nights(ws, "a", 4)
    before = rows(ws.raw)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("moi_pipeline.store.sync", full)
    with pytest.raises(NotStored, match="No space left"), ws.lock("compact"):
        compact.merge(ws)
    assert rows(ws.raw) == before


def test_a_night_merges_geometrically_and_only_where_it_must(
    ws: Moi, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights(ws, "a", 3, each=1)
    assert compact.tidy(ws).merged == 0
    monkeypatch.setattr(compact, "MANY_IN_ONE", 3)
    monkeypatch.setattr(compact, "SMALL", 20_000)
    written = most = stored = 0
    for night in range(60):
        stored += store(ws, "a", (night, "", night)).stat().st_size
        written += compact.tidy(ws).bytes
        most = max(most, len(segments(ws.raw)))
    assert most <= 8
    assert len({row["url"] for row in rows(ws.raw)}) == 60
    assert written < 3 * stored, "a byte is rewritten a few times, not each night"


def test_large_segments_are_left_as_they_are() -> None:
    big, small = Path("big"), [Path(f"small{n}") for n in range(4)]
    sizes = {big: compact.LARGE, **dict.fromkeys(small, 1000)}
    assert compact.up_to_large(sizes) == [small]
    assert compact.by_size(sizes) == [small]
    half = dict.fromkeys(small, compact.LARGE // 2)
    assert compact.up_to_large(half) == [small[:2], small[2:]]


def test_records_of_runs_are_folded_and_no_row_is_lost(ws: Moi) -> None:
    for night in range(40):
        at = START + timedelta(days=15 * night)
        run_id = f"{at:%Y%m%dT%H%M%S%f}-fetch"
        told = {"listed": 5, "fetched": night, "unchanged": 0, "bytes": 1, "seconds": 0.5, "complete": True}
        report = told | {"refused": {"empty": 1}, "failed": {}, "alarms": []}
        refused = [{"source": "a", "url": f"u{night}", "reason": "empty", "detail": ""}]
        about = {
            "run_id": run_id,
            "command": "fetch",
            "started_at": at.isoformat(),
            "ended_at": at.isoformat(),
        }
        write_run(ws.runs / f"{run_id}.json", about | {"sources": {"a": report}, "refused": refused})
    (ws.runs / "mine.json").write_text('{"not": "a run"}', encoding="utf-8")
    before, all_of_them = read_runs(ws), records(ws)
    copy = sorted(ws.runs.glob("*-fetch.json"))[0].read_text(encoding="utf-8")
    assert fold(ws, at=20, keep=10) == 31
    assert sorted(path.name for path in ws.runs.glob("*.jsonl")) == ["2025.jsonl", "2026.jsonl"]
    assert len(list(ws.runs.glob("*.json"))) == 10
    assert read_runs(ws) == before
    # Killed before the files went: the record is there twice and counts once, also after the next fold.
    first = json.loads(copy)["run_id"]
    (ws.runs / f"{first}.json").write_text(copy, encoding="utf-8")
    assert read_runs(ws) == before
    assert fold(ws, at=5, keep=5) == 6
    assert [r["run_id"] for r in records(ws, "fetch")] == [r["run_id"] for r in all_of_them if "run_id" in r]
    assert read_runs(ws) == before
    assert (ws.runs / "mine.json").exists()


@pytest.fixture
def versions(ws: Moi) -> Moi:
    """Release 1 in four versions, 2 in two of which the newer says nothing, 3 in one."""
    store(ws, "a", (1, "first", 0), (2, "whole", 0), (3, "only", 0))
    store(ws, "a", (1, "second", 100))
    store(ws, "a", (1, "third", 200), (2, "empty", 200))
    store(ws, "a", (1, "fourth", 300))
    return ws


def versions_left(ws: Moi) -> list[tuple[str, int]]:
    return [(row["url"][-1], (row["fetched_at"] - START).days) for row in rows(ws.raw)]


def test_superseded_captures_go_by_a_rule_and_are_told(versions: Moi, run: Run) -> None:
    ws = versions
    ws.extract()
    articles = sorted_contents(ws)["articles"]
    everything = rows(ws.raw)
    # Without a rule nothing goes; without a yes nothing does either.
    assert run("--workspace", ws.root, "compact")[0] == 0
    assert len(rows(ws.raw)) == 7
    code, _, err = run("--workspace", ws.root, "compact", "--keep-versions", "2")
    assert code == 1
    assert "2 superseded captures of 1 releases would be dropped for good" in err
    assert len(rows(ws.raw)) == 7

    code, out, _ = run("--workspace", ws.root, "compact", "--keep-versions", "2", "--yes")
    assert code == 0
    assert out.startswith("dropped 2 superseded captures of 1 releases and 2 records")
    # 2's newest says nothing: what its article is read from stays.
    assert versions_left(ws) == [("1", 200), ("1", 300), ("2", 0), ("2", 200), ("3", 0)]
    gone = [row for row in everything if row not in rows(ws.raw)]
    (record,) = records(ws, "compact")
    assert [entry["capture_id"] for entry in record["dropped"]] == [row["capture_id"] for row in gone]
    assert record["outcome"] == "done"
    # the tables tell
    assert ws.sql("SELECT url, capture_id FROM dropped").fetchall() == [
        (row["url"], row["capture_id"]) for row in gone
    ]
    assert ws.sql("SELECT count(*) FROM older_versions").fetchall() == [(1,)]
    assert ws.sql("SELECT command FROM runs WHERE command = 'compact'").fetchall() == [("compact",)]
    assert sorted_contents(ws)["articles"] == articles
    extracted, _ = ws.extract()
    assert (extracted.extracted, extracted.already) == (0, 5)
    code, out, _ = run("--workspace", ws.root, "compact", "--keep-versions", "2", "--yes")
    assert code == 0
    assert "nothing to drop" in out


def test_only_those_older_than_so_many_days(versions: Moi, run: Run) -> None:
    days = (datetime.now(UTC) - START).days
    older = str(days - 150)
    assert run("--workspace", versions.root, "compact", "--older-than", older, "--yes")[0] == 0
    assert versions_left(versions) == [("1", 200), ("1", 300), ("2", 200), ("3", 0)]


def test_compact_waits_for_nobody(ws: Moi, run: Run) -> None:
    other = Moi(ws.root)
    with other.lock("fetch"):
        code, _, err = run("--workspace", ws.root, "compact")
    assert code == 1
    assert "moi fetch (process" in err


def test_json(ws: Moi, tmp_path: Path) -> None:
    one_view(ws, "runs")
    write_releases(tmp_path / "releases", 2)
    ws.fetch(tmp_path / "releases")
    out = moi("compact", "--json", cwd=ws.root).stdout
    assert json.loads(out)["merged"]["merged"] == 0
