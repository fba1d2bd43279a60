"""moi init: a workspace made, its views brought up to date, nothing of a person's touched."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.helpers import Run, environment, moi

from moi_pipeline import setup
from moi_pipeline.api import Moi
from moi_pipeline.errors import NotStored
from moi_pipeline.setup import GIVEN, make_workspace, packaged_queries


def views(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*.sql"))}


def test_a_new_workspace(tmp_path: Path) -> None:
    told = moi("init", "news", cwd=tmp_path).stdout
    root = tmp_path / "news"
    assert "made a workspace in news" in told
    assert "cd news && moi fetch samples && moi extract" in told
    assert views(root / "queries") == views(packaged_queries())
    assert Moi(root).sources
    assert (root / "data" / "raw").is_dir()
    assert moi("fetch", "samples", cwd=root).stdout.startswith("samples: 8 listed, 8 new")


def test_a_workspace_here(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("init")
    assert code == 0
    assert "next: moi fetch samples && moi extract" in out
    assert (tmp_path / "sources.toml").is_file()


def test_again_changes_nothing(ws: Moi) -> None:
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in ws.root.rglob("*.sql")}
    (ws.root / "sources.toml").write_text("# mine\n", encoding="utf-8")
    assert make_workspace(ws.root) == ["everything is there and up to date"]
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in ws.root.rglob("*.sql")} == before
    assert (ws.root / "sources.toml").read_text(encoding="utf-8") == "# mine\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package's views, to be changed as a new version would."""
    folder = tmp_path / "package"
    shutil.copytree(packaged_queries(), folder)
    monkeypatch.setattr(setup, "packaged_queries", lambda: folder)
    return folder


def test_views_that_nobody_changed_are_brought_up_to_date(tmp_path: Path, package: Path) -> None:
    make_workspace(tmp_path / "ws")
    queries = tmp_path / "ws" / "queries"
    (queries / "places.sql").write_text("SELECT 'mine' AS x", encoding="utf-8")
    (queries / "mine.sql").write_text("SELECT 1 AS x", encoding="utf-8")
    for name in ("places.sql", "dates.sql", "checks/orphans.sql"):
        (package / name).write_text(f"SELECT 'new {name}' AS x", encoding="utf-8")
    (package / "brand_new.sql").write_text("SELECT 'new' AS x", encoding="utf-8")
    (package / "persons.sql").unlink()
    told = make_workspace(tmp_path / "ws")
    assert "left alone, changed by you: queries/places.sql" in told
    assert "brought up to date: queries/dates.sql" in told
    assert "brought up to date: queries/checks/orphans.sql" in told
    assert "added: queries/brand_new.sql" in told
    assert "removed, it is no part of moi any more: queries/persons.sql" in told
    assert len(told) == 5
    assert (queries / "places.sql").read_text(encoding="utf-8") == "SELECT 'mine' AS x"
    assert (queries / "mine.sql").exists()
    assert not (queries / "persons.sql").exists()
    assert (queries / "dates.sql").read_text(encoding="utf-8") == "SELECT 'new dates.sql' AS x"
    again = make_workspace(tmp_path / "ws")
    assert again == ["left alone, changed by you: queries/places.sql"]
    (queries / "places.sql").unlink()
    assert make_workspace(tmp_path / "ws") == ["added: queries/places.sql"]
    assert make_workspace(tmp_path / "ws") == ["everything is there and up to date"]


def test_a_changed_view_that_is_no_part_any_more_is_left(tmp_path: Path, package: Path) -> None:
    make_workspace(tmp_path / "ws")
    mine = tmp_path / "ws" / "queries" / "persons.sql"
    mine.write_text("SELECT 'mine' AS x", encoding="utf-8")
    (package / "persons.sql").unlink()
    assert make_workspace(tmp_path / "ws") == ["everything is there and up to date"]
    assert mine.read_text(encoding="utf-8") == "SELECT 'mine' AS x"


def test_a_view_that_became_the_packages_own_is_up_to_date(tmp_path: Path, package: Path) -> None:
    make_workspace(tmp_path / "ws")
    for folder in (package, tmp_path / "ws" / "queries"):
        (folder / "dates.sql").write_text("SELECT 'same' AS x", encoding="utf-8")
    assert make_workspace(tmp_path / "ws") == ["everything is there and up to date"]
    (package / "dates.sql").write_text("SELECT 'newer' AS x", encoding="utf-8")
    assert make_workspace(tmp_path / "ws") == ["brought up to date: queries/dates.sql"]


@pytest.mark.parametrize("record", [b"", b"[]", b'{"dates.sql": 3}', b"\xff"])
def test_a_lost_record_of_what_was_given_is_no_error(tmp_path: Path, package: Path, record: bytes) -> None:
    make_workspace(tmp_path / "ws")
    (tmp_path / "ws" / "queries" / GIVEN).write_bytes(record)
    (package / "dates.sql").write_text("SELECT 'newer' AS x", encoding="utf-8")
    assert make_workspace(tmp_path / "ws") == ["left alone, changed by you: queries/dates.sql"]
    given = json.loads((tmp_path / "ws" / "queries" / GIVEN).read_text(encoding="utf-8"))
    assert len(given) == len(views(package)) - 1


def test_where_no_workspace_can_be(tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("a file", encoding="utf-8")
    for folder in (tmp_path / "file", tmp_path / "file" / "ws"):
        code, out, err = run("init", folder)
        assert (code, out) == (1, "")
        assert f"can't make a workspace in {folder}" in err
    with pytest.raises(NotStored):
        make_workspace(Path("/proc/nothing/here"))


def test_the_checkout_is_a_workspace(tmp_path: Path) -> None:
    package = Path(setup.__file__).parent
    checkout = tmp_path / "checkout"
    shutil.copytree(package, checkout / "src" / "moi_pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(packaged_queries(), checkout / "queries")
    shutil.copy(package / "sources.toml", checkout / "sources.toml")

    def here(*args: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "moi_pipeline", *args],
            cwd=checkout,
            env=environment(PYTHONPATH=os.pathsep.join([str(checkout / "src")])),
            capture_output=True, text=True, encoding="utf-8", check=True, timeout=120,
        ).stdout  # fmt: skip

    assert here("init") == "everything is there and up to date\n"
    assert not (checkout / "queries" / GIVEN).exists(), "its views are the package's own"
    assert "8 new" in here("fetch", "samples")
    assert "(8 article)" in here("extract")
    assert here("check") == "all checks are clean\n"


def test_the_checkouts_own_settings_are_the_packages() -> None:
    top = packaged_queries().parent
    if not (top / "pyproject.toml").exists():
        pytest.skip("no checkout: the package is installed")
    assert (top / "sources.toml").read_bytes() == (Path(setup.__file__).parent / "sources.toml").read_bytes()
