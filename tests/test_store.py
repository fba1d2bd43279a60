"""Segments: written once and whole, found broken by their checksums, salvaged as far as they are whole."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.helpers import environment, small_disk, unprivileged

from moi_pipeline.captures import Capture, article_id, capture_id
from moi_pipeline.errors import NotStored
from moi_pipeline.store import (
    CAPTURES,
    ROW_GROUP,
    broken_segments,
    captures_table,
    clear_parts,
    known_captures,
    open_segment,
    read_captures,
    salvage,
    segments,
    set_aside,
    write_segment,
)

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)


def capture(number: int, body: bytes | None = None, at: datetime = NOON) -> Capture:
    """An invented capture; its body is random, so that compression can't make all pages small."""
    noise = random.Random(number).randbytes(400)
    return Capture("s", f"https://x.example/{number}", "text", at, noise if body is None else body)


def segment_of(folder: Path, count: int) -> Path:
    return write_segment(folder, captures_table(capture(number) for number in range(count)))


def test_capture_id_is_sha256_over_source_url_and_body() -> None:
    parts = (b"trang", "https://x.example/ก".encode())
    framed = b"".join(len(part).to_bytes(8, "big") + part for part in parts) + b"body"
    assert capture_id("trang", "https://x.example/ก", b"body") == hashlib.sha256(framed).hexdigest()
    assert capture(1).capture_id == capture_id("s", "https://x.example/1", capture(1).body)


def test_ids_tell_source_url_and_body_apart() -> None:
    assert (
        len(
            {
                capture_id(*args)
                for args in [("a", "b", b"c"), ("ab", "", b"c"), ("a", "bc", b""), ("", "ab", b"c")]
            }
        )
        == 4
    )
    assert capture_id("a", "b", b"c") == capture_id("a", "b", b"c")
    assert article_id("a", "bc") != article_id("ab", "c")
    assert len(article_id("a", "b")) == 16


def test_a_segment_gives_back_what_was_written(tmp_path: Path) -> None:
    given = Capture(
        "trang", "https://x.example/ก", "html", NOON, b"\x00\xff\xa1" * 9, "https://x.example/k", 200,
        "text/html", "tis-620", 'W/"1"', "Fri, 01 Mar 2024 00:00:00 GMT", "หัวข้อ", "2024-03-01", "2024-03-02",
    )  # fmt: skip
    path = write_segment(tmp_path / "raw" / "trang", captures_table([given]))
    assert segments(tmp_path) == [path]
    (row,) = read_captures(path, 0, [given.capture_id])
    assert row == {name: getattr(given, name) for name in CAPTURES.names}
    assert open_segment(path).schema_arrow.equals(CAPTURES)
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).compression == "ZSTD"
    assert list(path.parent.iterdir()) == [path], "nothing is left beside it"


def test_row_groups_are_small_tasks(tmp_path: Path) -> None:
    path = segment_of(tmp_path, 2 * ROW_GROUP + 1)
    assert [open_segment(path).metadata.row_group(i).num_rows for i in range(3)] == [ROW_GROUP, ROW_GROUP, 1]
    wanted = [capture(ROW_GROUP + 1).capture_id, capture(ROW_GROUP + 5).capture_id]
    assert [row["capture_id"] for row in read_captures(path, 1, reversed(wanted))] == wanted
    assert list(read_captures(path, 0, wanted)) == []


def test_parts_are_no_segments_and_are_cleared(tmp_path: Path) -> None:
    path = segment_of(tmp_path / "a", 1)
    (tmp_path / "a" / f".{path.stem}-1234.part").write_bytes(b"PAR1")
    (tmp_path / "a" / ".other.parquet").write_bytes(b"PAR1")
    assert segments(tmp_path) == [path]
    clear_parts(tmp_path)
    assert {p.name for p in (tmp_path / "a").iterdir()} == {path.name, ".other.parquet"}
    assert segments(tmp_path / "nothing") == []


def test_known_captures_are_the_newest(tmp_path: Path) -> None:
    later = NOON + timedelta(seconds=1)
    write_segment(tmp_path, captures_table([capture(1, b"old"), capture(2)]))
    write_segment(tmp_path, captures_table([capture(1, b"new", later), capture(3, at=NOON)]))
    known = known_captures(tmp_path)
    assert known.newest == {c.url: c.capture_id for c in (capture(1, b"new"), capture(2), capture(3))}
    assert known.last == later
    assert known.broken == []
    stored = known.capture(capture(1).url)
    assert stored is not None
    assert stored["body"] == b"new"
    assert known.capture("https://x.example/none") is None
    empty = known_captures(tmp_path / "nothing")
    assert (empty.newest, empty.last) == ({}, None)


def test_the_newest_is_found_in_any_row_group(tmp_path: Path) -> None:
    segment_of(tmp_path, 2 * ROW_GROUP + 3)
    known = known_captures(tmp_path)
    for number in (0, ROW_GROUP - 1, ROW_GROUP, 2 * ROW_GROUP + 2):
        stored = known.capture(capture(number).url)
        assert stored is not None
        assert stored["body"] == capture(number).body


def page_of(path: Path, group: int, column: str) -> int:
    """The position of the middle of a column's page."""
    meta = pq.ParquetFile(path).metadata.row_group(group).column(CAPTURES.names.index(column))
    return int(meta.data_page_offset + meta.total_compressed_size // 2)


def flip(path: Path, position: int, bit: int = 1) -> None:
    body = bytearray(path.read_bytes())
    body[position] ^= bit
    path.write_bytes(body)


@pytest.mark.parametrize("column", ["capture_id", "url", "fetched_at", "kind"])
def test_a_flipped_bit_is_found_and_the_other_row_groups_are_saved(tmp_path: Path, column: str) -> None:
    path = segment_of(tmp_path, 2 * ROW_GROUP + 7)
    flip(path, page_of(path, 1, column))
    known = known_captures(tmp_path)
    (broken,) = known.broken
    assert broken.path == path
    assert broken.kept_as.is_file()
    assert broken_segments(tmp_path) == [broken.kept_as]
    whole = [*range(ROW_GROUP), *range(2 * ROW_GROUP, 2 * ROW_GROUP + 7)]
    assert known.newest == {capture(n).url: capture(n).capture_id for n in whole}
    again = known_captures(tmp_path)
    assert again.newest == known.newest
    assert again.broken == [], "told once"


def test_a_flipped_bit_in_a_body_is_found_when_it_is_read(tmp_path: Path) -> None:
    path = segment_of(tmp_path, ROW_GROUP + 1)
    flip(path, page_of(path, 0, "body"))
    known = known_captures(tmp_path)
    assert len(known.newest) == ROW_GROUP + 1, "bodies are not read to know what is there"
    assert known.capture(capture(3).url) is None, "as good as not stored: it may be stored anew"
    with pytest.raises((OSError, pa.ArrowException)):
        list(read_captures(path, 0, [capture(3).capture_id]))
    rescued = salvage(path)
    assert rescued is not None
    assert open_segment(rescued).metadata.num_rows == 1


@pytest.mark.parametrize("kept", [0, 3, 200, -9, -1])
def test_a_truncated_segment_is_set_aside(tmp_path: Path, kept: int) -> None:
    path = segment_of(tmp_path, 3)
    body = path.read_bytes()
    path.write_bytes(body[:kept])
    known = known_captures(tmp_path)
    (broken,) = known.broken
    assert broken.why
    assert "\n" not in broken.why
    assert broken.kept_as.read_bytes() == body[:kept]
    assert segments(tmp_path) == []


def test_no_flipped_bit_anywhere_gives_a_wrong_value(tmp_path: Path) -> None:
    path = segment_of(tmp_path / "good", 5)
    body = path.read_bytes()
    good = open_segment(path).read()
    bad = tmp_path / "bad" / path.name
    bad.parent.mkdir()
    rng = random.Random(20)
    footer = len(body) - 8 - int.from_bytes(body[-8:-4], "little")
    places = rng.sample(range(footer), 300) + rng.sample(range(footer, len(body)), 700)
    silent = []
    for place in places:
        bad.write_bytes(body[:place] + bytes([body[place] ^ (1 << rng.randrange(8))]) + body[place + 1 :])
        try:
            if not open_segment(bad).read().equals(good):
                silent.append(place)
        except (OSError, pa.ArrowException):
            pass
    assert silent == []


def test_a_file_that_is_no_segment_of_captures_is_set_aside(tmp_path: Path) -> None:
    pq.write_table(pa.table({"capture_id": ["a"], "b": [1]}), tmp_path / "mine.parquet")
    known = known_captures(tmp_path)
    (broken,) = known.broken
    assert "url" in broken.why
    assert known.newest == {}


def test_a_segment_that_was_renamed_is_still_one(tmp_path: Path) -> None:
    path = segment_of(tmp_path, 2)
    path.rename(tmp_path / "from-a-colleague.parquet")
    assert len(known_captures(tmp_path).newest) == 2


def test_salvage_saves_nothing_where_nothing_is_whole(tmp_path: Path) -> None:
    path = segment_of(tmp_path, 2)
    flip(path, page_of(path, 0, "body"))
    assert salvage(path) is None
    path.write_bytes(b"nothing")
    assert salvage(path) is None
    assert set_aside(path, "two\n  lines").why == "two lines"


def test_a_full_disk_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "200k") as disk:
        kept = segment_of(disk / "s", 10)
        with pytest.raises(NotStored, match="No space left") as caught:
            segment_of(disk / "s", 2000)
        assert "kept" in caught.value.hint
        assert list(kept.parent.iterdir()) == [kept]
        assert len(known_captures(disk / "s").newest) == 10


LIMITED = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.test_store import segment_of
from moi_pipeline.errors import NotStored
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    segment_of(Path(sys.argv[1]), 2000)
except NotStored as error:
    print(error)
"""


def test_a_write_that_the_system_stops_is_told_and_leaves_nothing_behind(tmp_path: Path) -> None:
    top = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "s"), str(top)],
        env=environment(), capture_output=True, text=True, encoding="utf-8", check=True, timeout=60,
    )  # fmt: skip
    assert "File too large" in done.stdout
    assert list((tmp_path / "s").iterdir()) == []


@pytest.fixture
def locked_folder() -> Iterator[Path]:
    """A folder that may be read and not written."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "s"
        segment_of(folder, 1)
        Path(made).chmod(0o755)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


def test_a_read_only_folder_is_told(locked_folder: Path) -> None:
    before = list(locked_folder.iterdir())
    with unprivileged():
        with pytest.raises(NotStored, match="Permission denied"):
            segment_of(locked_folder, 1)
        with pytest.raises(NotStored, match="Permission denied"):
            segment_of(locked_folder / "new", 1)
        assert len(known_captures(locked_folder).newest) == 1, "reading goes on"
    assert list(locked_folder.iterdir()) == before


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("no folder", encoding="utf-8")
    with pytest.raises(NotStored):
        segment_of(tmp_path / "s", 1)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="no /proc to tell the files by")
def test_what_is_told_as_stored_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    fsync = os.fsync

    def note(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").resolve())
        fsync(handle)

    monkeypatch.setattr(os, "fsync", note)
    path = segment_of(tmp_path / "raw" / "s", 1)
    assert [p for p in synced if p.suffix == ".part"], "the file before it gets its name"
    assert {path.parent, path.parent.parent, tmp_path} <= set(synced), "and the names of new folders"
    assert synced[-1] == path.parent
