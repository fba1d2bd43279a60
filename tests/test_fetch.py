"""moi fetch on local input: nothing twice, nothing lost, everything refused is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from tests.helpers import Run, environment, moi, release, small_disk, write_releases

from moi_pipeline.api import Moi
from moi_pipeline.captures import capture_id
from moi_pipeline.errors import NotStored, UnknownTarget
from moi_pipeline.runs import read_runs, write_run
from moi_pipeline.store import known_captures, open_segment, segments


def bodies(workspace: Moi) -> list[tuple[str, bytes, datetime]]:
    """Name, body and time of every stored capture, oldest first."""
    rows = [row for path in segments(workspace.raw) for row in open_segment(path).read().to_pylist()]
    rows.sort(key=lambda row: row["fetched_at"])
    return [(row["url"].rsplit("/", 1)[1], row["body"], row["fetched_at"]) for row in rows]


def test_what_is_fetched_is_stored_as_it_is(ws: Moi, releases: Path) -> None:
    before = datetime.now(UTC)
    report = ws.fetch(releases)
    told = report.sources["files"]
    assert (told.listed, told.fetched, told.unchanged, report.exit_code) == (6, 6, 0, 0)
    files = sorted(path for path in releases.rglob("*") if path.is_file())
    assert told.bytes == sum(path.stat().st_size for path in files)
    (segment,) = segments(ws.raw / "files")
    rows = open_segment(segment).read().to_pylist()
    assert {row["url"]: row["body"] for row in rows} == {path.as_uri(): path.read_bytes() for path in files}
    for row in rows:
        assert row["capture_id"] == capture_id("files", row["url"], row["body"])
        assert before <= row["fetched_at"] <= datetime.now(UTC)


def test_the_same_folder_twice_adds_nothing(ws: Moi, releases: Path) -> None:
    ws.fetch(releases)
    before = segments(ws.raw)
    told = ws.fetch(releases, releases / "00001.txt").sources["files"]
    assert (told.listed, told.fetched, told.unchanged) == (7, 0, 7)
    assert segments(ws.raw) == before


def test_a_file_named_with_its_folder_is_stored_once(ws: Moi, releases: Path) -> None:
    told = ws.fetch(releases, releases / "00001.txt", releases / "sub").sources["files"]
    assert (told.fetched, told.unchanged) == (6, 3)


def test_a_changed_file_adds_one_capture_and_the_old_one_stays(ws: Moi, releases: Path) -> None:
    ws.fetch(releases)
    changed = releases / "00002.txt"
    changed.write_text(release(2, "แก้ไข"), encoding="utf-8")
    told = ws.fetch(releases).sources["files"]
    assert (told.fetched, told.unchanged) == (1, 5)
    assert [body for name, body, _ in bodies(ws) if name == "00002.txt"] == [
        release(2).encode(),
        release(2, "แก้ไข").encode(),
    ]


def test_a_change_that_is_taken_back_is_noticed(ws: Moi, tmp_path: Path) -> None:
    path = write_releases(tmp_path / "r", 1) / "00000.txt"
    for note in ("", "แก้ไข", ""):
        path.write_text(release(0, note), encoding="utf-8")
        assert ws.fetch(path).sources["files"].fetched == 1
    ws.extract()
    assert ws.sql("SELECT text NOT LIKE '%แก้ไข%' FROM articles").fetchall() == [(True,)]
    assert ws.sql("SELECT (SELECT count(*) FROM older_versions), count(*) FROM articles").fetchall() == [
        (2, 1)
    ]
    assert ws.check() == []


def test_a_clock_that_was_set_back_makes_no_new_capture_old(
    ws: Moi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_releases(tmp_path / "r", 1) / "00000.txt"
    start = datetime(2026, 1, 1, tzinfo=UTC)

    class Clock(datetime):
        moment = start

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return cls.moment

    monkeypatch.setattr("moi_pipeline.sources.files.datetime", Clock)
    for years, note in enumerate(("first", "second", "third")):
        Clock.moment = start - timedelta(days=365 * years)
        path.write_text(release(0, note), encoding="utf-8")
        ws.fetch(path)
    newest = known_captures(ws.raw / "files").newest[path.as_uri()]
    assert newest == capture_id("files", path.as_uri(), release(0, "third").encode())
    stored = bodies(ws)
    assert [b"first" in stored[0][1], b"second" in stored[1][1], b"third" in stored[2][1]] == [True] * 3
    assert stored[0][2] < stored[1][2] < stored[2][2]
    ws.extract()
    assert ws.sql("SELECT text LIKE '%third%' FROM articles").fetchall() == [(True,)]


def test_refusals_give_exit_code_3_and_status_lists_them(ws: Moi, releases: Path) -> None:
    (releases / "empty.txt").write_bytes(b"")
    (releases / "scan.html").write_bytes(b"%PDF-1.7")
    told = moi("fetch", releases, cwd=ws.root, expect=3)
    assert told.stdout.startswith("files: 8 listed, 6 new, 0 unchanged, 2 refused")
    assert "empty.txt: empty" in told.stderr
    assert "a PDF" in told.stderr
    shown = moi("status", cwd=ws.root).stdout
    assert "refused: 2" in shown
    assert (releases / "scan.html").as_uri() in shown
    facts = json.loads(moi("status", "--json", cwd=ws.root).stdout)
    assert {(Path(r["url"]).name, r["reason"]) for r in facts["refusals"]} == {
        ("empty.txt", "empty"),
        ("scan.html", "binary"),
    }
    ws.extract()
    assert ws.sql("SELECT source, reason FROM refusals ORDER BY url").fetchall() == [
        ("files", "empty"),
        ("files", "binary"),
    ]
    (releases / "empty.txt").unlink()
    (releases / "scan.html").unlink()
    assert ws.fetch(releases).exit_code == 0
    assert ws.status()["refusals"] == [], "only the newest run of a source counts"


def test_json_report(ws: Moi, releases: Path, run: Run) -> None:
    code, out, err = run("--workspace", ws.root, "fetch", releases, "--json")
    facts = json.loads(out)
    assert (code, err) == (0, "")
    assert facts["sources"]["files"]["fetched"] == 6
    assert facts["refused"] == []


def test_an_unknown_target_is_wrong_use_and_fetches_nothing(ws: Moi, releases: Path) -> None:
    told = moi("fetch", releases, "nowhere/ข่าว", cwd=ws.root, expect=2).stderr
    assert "'nowhere/ข่าว' is no source, no file and no folder" in told
    assert "samples" in told
    assert segments(ws.raw) == []
    assert not ws.runs.exists()


@pytest.mark.parametrize("target", ["ก" * 4000, "~nobody-has-this-name/x", "a\0b"])
def test_a_target_that_no_file_can_have_is_unknown(ws: Moi, target: str) -> None:
    with pytest.raises(UnknownTarget):
        ws.fetch(target)


def test_no_enabled_source_is_wrong_use(ws: Moi, run: Run) -> None:
    (ws.root / "sources.toml").write_text("", encoding="utf-8")
    code, _, err = run("--workspace", ws.root, "fetch")
    assert code == 2
    assert "no source is enabled" in err


def test_a_source_goes_before_a_folder_of_its_name(
    ws: Moi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_releases(tmp_path / "samples", 1)
    monkeypatch.chdir(tmp_path)
    assert ws.fetch("samples").sources["samples"].fetched >= 8
    assert ws.fetch("./samples").sources["files"].fetched == 1


def test_enabled_sources_are_fetched_and_one_bad_one_stops_no_other(ws: Moi, tmp_path: Path) -> None:
    (ws.root / "sources.toml").write_text(
        '[sources.a]\nkind = "files"\npath = "nothing"\n'
        f'[sources.b]\nkind = "files"\npath = "{write_releases(tmp_path / "b", 2)}"\n'
        f'[sources.c]\nkind = "files"\nenabled = false\npath = "{tmp_path / "b"}"\n',
        encoding="utf-8",
    )
    report = Moi(ws.root).fetch()
    assert {name: told.fetched for name, told in report.sources.items()} == {"a": 0, "b": 2}
    assert report.exit_code == 3
    (entry,) = report.refused
    assert (entry["source"], entry["reason"]) == ("a", "missing")
    assert str(ws.root / "nothing") in entry["detail"]


def test_a_page_whose_stored_one_is_broken_is_stored_anew(ws: Moi, tmp_path: Path) -> None:
    page = write_releases(tmp_path / "site", 1) / "00000.txt"
    page = page.rename(page.with_suffix(".html"))
    (ws.root / "sources.toml").write_text(
        f'[sources.a]\nkind = "files"\npath = "{page.parent}"\nbase_url = "https://x.example"\n',
        encoding="utf-8",
    )
    workspace = Moi(ws.root)
    workspace.fetch()
    (segment,) = segments(ws.raw)
    column = open_segment(segment).metadata.row_group(0).column(14)
    body = bytearray(segment.read_bytes())
    body[column.data_page_offset + column.total_compressed_size // 2] ^= 1
    segment.write_bytes(body)
    page.write_text(release(0, "แก้ไข"), encoding="utf-8")
    assert workspace.fetch().sources["a"].fetched == 1


def test_a_broken_segment_is_told_and_fetched_again(ws: Moi, releases: Path) -> None:
    ws.fetch(releases)
    (segment,) = segments(ws.raw)
    segment.write_bytes(segment.read_bytes()[:-20])
    told = moi("fetch", releases, cwd=ws.root, expect=3)
    assert "6 new" in told.stdout
    assert f"broken segment set aside: {segment}" in told.stderr
    assert moi("fetch", releases, cwd=ws.root).stdout.startswith("files: 6 listed, 0 new, 6 unchanged")
    told = moi("status", cwd=ws.root, expect=3)
    assert f"broken segment kept aside: data/raw/files/{segment.name}.broken" in told.stdout


def test_the_record_of_a_run(ws: Moi, releases: Path) -> None:
    (releases / "empty.txt").write_bytes(b"")
    report = ws.fetch(releases)
    (path,) = ws.runs.iterdir()
    record = json.loads(path.read_text(encoding="utf-8"))
    assert path.stem == record["run_id"] == report.run_id
    assert (record["command"], record["outcome"]) == ("fetch", "done")
    assert record["started_at"] <= record["ended_at"]
    assert record["sources"]["files"]["fetched"] == 6
    assert record["refused"][0]["reason"] == "empty"


KILLED = """
import os, signal, sys
import moi_pipeline as moi
moi.open(sys.argv[1]).fetch(sys.argv[2], progress=lambda *_: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_a_killed_run_leaves_its_record(ws: Moi, releases: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(ws.root), str(releases)],
        env=environment(),
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    (run,), _ = read_runs(ws)
    assert (run["command"], run["outcome"], run["ended_at"]) == ("fetch", "running", None)
    ws.fetch(releases)
    ws.extract()
    assert ws.sql("SELECT command, outcome FROM runs ORDER BY run_id").fetchall()[:2] == [
        ("fetch", "running"),
        ("fetch", "done"),
    ]


def test_somebody_elses_files_among_the_records_do_no_harm(ws: Moi, releases: Path) -> None:
    ws.fetch(releases)
    for number, text in enumerate(
        ("", "[]", "{}", '"a"', '{"started_at": 3}', '{"started_at": "2024-01-01"}')
    ):
        (ws.runs / f"note-{number}.json").write_text(text, encoding="utf-8")
    (ws.runs / "latin.json").write_bytes(b'{"a": "\xff"}')
    ws.extract()
    assert ws.sql("SELECT command FROM runs ORDER BY run_id").fetchall() == [("fetch",), ("extract",)]


def test_a_full_disk_is_told_and_what_was_stored_stays(ws: Moi, tmp_path: Path) -> None:
    kept = write_releases(tmp_path / "few", 2)
    noise = tmp_path / "noise"
    noise.mkdir()
    for number in range(40):
        (noise / f"{number}.txt").write_text(os.urandom(30_000).hex(), encoding="utf-8")
    with small_disk(tmp_path / "disk", "400k") as disk:
        (ws.root / "data").rename(tmp_path / "old-data")
        (ws.root / "data").symlink_to(disk)
        ws.fetch(kept)
        told = moi("fetch", noise, cwd=ws.root, expect=1).stderr
        assert "No space left" in told
        assert "Free some space" in told
        assert len(known_captures(ws.raw / "files").newest) == 2
        assert not list(disk.rglob(".*.part")), "nothing half-written is left"


def test_a_disk_without_any_room_is_told(ws: Moi, tmp_path: Path, releases: Path) -> None:
    with small_disk(tmp_path / "disk", "16k") as disk:
        (ws.root / "data").rename(tmp_path / "old-data")
        (ws.root / "data").symlink_to(disk)
        with pytest.raises(OSError, match="No space"), (disk / "fill").open("wb", buffering=0) as fill:
            while True:
                fill.write(b"x" * 4096)
        told = moi("fetch", releases, cwd=ws.root, expect=1).stderr
        assert "No space left" in told


def test_a_record_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "a.json"
    write_run(path, {"a": "ก"})
    with pytest.raises(TypeError):
        write_run(path, {"a": object()})
    assert json.loads(path.read_text(encoding="utf-8")) == {"a": "ก"}
    path.unlink()
    path.mkdir()
    with pytest.raises(NotStored):
        write_run(path, {"a": 1})
    assert [p.name for p in path.parent.iterdir()] == ["a.json"]


def test_the_raw_store_opens_in_duckdb(ws: Moi, releases: Path) -> None:
    ws.fetch(releases)
    with duckdb.connect() as con:
        found = con.execute(
            f"SELECT count(*), min(octet_length(body)) > 0 FROM '{ws.raw}/*/*.parquet'"
        ).fetchall()
    assert found == [(6, True)]
