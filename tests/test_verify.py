"""moi verify: a flipped bit anywhere is found, and told with the file and what to do."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pyarrow as pa
import pytest
from tests.helpers import Run, moi, write_releases

from moi_pipeline.api import Moi
from moi_pipeline.captures import Capture, capture_id
from moi_pipeline.nightly.verify import ORPHANS, RAW, RECORDS, TABLES, Fault, verify
from moi_pipeline.setup import make_workspace
from moi_pipeline.store import captures_table, open_segment, segments, write_segment

#: Flips tried: some at each end of each file, where nothing but the whole file's checksum looks, and at random.
FLIPS = 50


@pytest.fixture(scope="module")
def _small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verified")
    make_workspace(folder / "ws")
    for path in folder.glob("ws/queries/**/*.sql"):
        if path.name != "runs.sql":
            path.unlink()
    view = "SELECT article_id, source, url, title, text FROM extracted JOIN captures USING (capture_id)"
    (folder / "ws" / "queries" / "texts.sql").write_text(view, encoding="utf-8")
    ws = Moi((folder / "ws").resolve())
    ws.fetch(write_releases(folder / "releases", 5))
    ws.extract()
    assert verify(ws).faults == []
    return ws.root


@pytest.fixture
def small(_small: Path, tmp_path: Path) -> Moi:
    """A workspace with tables, one's own."""
    shutil.copytree(_small, tmp_path / "ws", symlinks=True)
    return Moi((tmp_path / "ws").resolve())


def flip(path: Path, at: int, bit: int = 0) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << bit
    path.write_bytes(content)


def broken(ws: Moi) -> list[Fault]:
    return verify(ws).faults


def test_all_is_well(small: Moi) -> None:
    told = moi("verify", cwd=small.root).stdout
    assert told.startswith("verified 5 captures and 5 records in 2 segments, ")
    assert ": 0 broken (" in told


def test_it_tells_how_far_it_is(small: Moi) -> None:
    told: list[tuple[str, int, int]] = []
    verify(small, lambda *step: told.append(step))
    assert [what for what, _, _ in told] == ["verifying what is stored (MB)"] * 2 + [
        "verifying the tables"
    ] * len(told[2:])
    assert [done for _, done, _ in told[2:]] == list(range(1, told[-1][2] + 1)), "every table is counted"


def test_a_flipped_bit_anywhere_in_a_segment_is_found(small: Moi) -> None:
    # Without tables: they are the same for each flip.
    shutil.rmtree(small.curated)
    rng = random.Random(6)
    paths = [*segments(small.raw), *segments(small.extracted)]
    places = [(path, at) for path in paths for at in (0, 4, path.stat().st_size - 1)]
    while len(places) < FLIPS:
        path = rng.choice(paths)
        places.append((path, rng.randrange(path.stat().st_size)))
    for path, at in places:
        bit = rng.randrange(8)
        flip(path, at, bit)
        name = str(path.relative_to(small.root))
        found = broken(small)
        mend = RAW if path.is_relative_to(small.raw) else RECORDS
        assert (name, mend) in [(fault.file, fault.mend) for fault in found], (name, at, bit)
        flip(path, at, bit)
    assert broken(small) == []


def test_a_flipped_bit_in_a_published_file_is_found(small: Moi, run: Run) -> None:
    table = small.database.resolve().parent / "texts.parquet"
    # Also where no value stands: a Bloom filter that is wrong hides rows from who asks for one.
    for at in (table.stat().st_size // 3, table.stat().st_size // 2):
        flip(table, at)
        code, _, err = run("--workspace", small.root, "verify")
        assert code == 1
        assert "texts.parquet: its bytes are not those that were written" in err
        assert TABLES in err
        flip(table, at)
    assert broken(small) == []


def test_a_truncated_database_is_found(small: Moi) -> None:
    path = small.database.resolve()
    path.write_bytes(path.read_bytes()[:5000])
    assert [fault.mend for fault in broken(small)] == [TABLES]


def test_a_capture_that_is_not_what_its_id_says(small: Moi) -> None:
    (path,) = segments(small.raw)
    table = open_segment(path).read()
    bodies = table.column("body").to_pylist()
    bodies[2] += b" "
    index = table.column_names.index("body")
    changed = table.set_column(index, table.schema.field(index), pa.array(bodies, pa.large_binary()))
    path.unlink()
    write_segment(path.parent, changed)
    (fault,) = broken(small)
    assert "is not what its id says" in fault.what
    assert table.column("capture_id")[2].as_py() in fault.what


def test_records_without_their_capture(small: Moi) -> None:
    (path,) = segments(small.raw)
    table = open_segment(path).read()
    path.unlink()
    write_segment(path.parent, table.slice(1))
    (fault,) = broken(small)
    assert fault.what == "1 records of captures that are not stored"
    assert fault.mend == ORPHANS


def test_captures_that_wait_are_no_fault(small: Moi, tmp_path: Path, run: Run) -> None:
    small.fetch(write_releases(tmp_path / "more", 2, first=20))
    code, out, _ = run("--workspace", small.root, "verify")
    assert code == 0
    assert "2 captures wait for moi extract" in out


def test_what_was_set_aside_is_told_and_hurts_nobody(small: Moi, run: Run) -> None:
    (small.raw / "files" / "old.parquet.broken").write_bytes(b"PAR1")
    code, _, err = run("--workspace", small.root, "verify")
    assert code == 0
    assert "old.parquet.broken: set aside by an earlier run" in err


def test_violated_checks_are_told(small: Moi) -> None:
    (small.queries / "checks" / "never.sql").write_text("-- nothing is right\nFROM texts", encoding="utf-8")
    (fault,) = broken(small)
    assert (fault.file, fault.what) == ("queries/checks/never.sql", "5 violations: nothing is right")


def test_json(small: Moi, run: Run) -> None:
    code, out, _ = run("--workspace", small.root, "verify", "--json")
    assert code == 0
    told = json.loads(out)
    assert (told["captures"], told["records"], told["faults"]) == (5, 5, [])


def test_an_empty_workspace_is_well(ws: Moi) -> None:
    report = verify(ws)
    assert (report.faults, report.segments, report.exit_code) == ([], 0, 0)


def test_a_capture_in_another_sources_folder_is_told(ws: Moi) -> None:
    from datetime import UTC, datetime

    found = Capture("a", "https://a.example/1", "text", datetime(2026, 1, 1, tzinfo=UTC), b"x")
    assert found.capture_id == capture_id("a", "https://a.example/1", b"x")
    write_segment(ws.raw / "b", captures_table([found]))
    (fault,) = broken(ws)
    assert "of the source a" in fault.what
