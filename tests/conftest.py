"""Fixtures: a new workspace, one with tables, and the command line inside this process."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.helpers import Run, release, write_releases

from moi_pipeline import cli
from moi_pipeline.api import Moi
from moi_pipeline.setup import make_workspace


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test first, so that no worker is left alone with it at the end."""
    items.sort(key=lambda item: "test_wheel" not in item.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table of the faults that were made, and the rows that were lost or wrong after them (tests/faults)."""
    rows: dict[str, list[int]] = {}
    for report in [r for outcome in ("passed", "failed") for r in terminalreporter.getreports(outcome)]:
        for name, value in getattr(report, "user_properties", ()):
            if name == "fault" and report.when == "call":
                about, times, lost = value
                row = rows.setdefault(about, [0, 0])
                row[0], row[1] = row[0] + times, row[1] + lost
    if rows:
        terminalreporter.section("faults")
        width = max(map(len, rows))
        terminalreporter.write_line(f"{'fault':{width}}  {'times':>5}  {'lost':>4}")
        for about, (times, lost) in sorted(rows.items()):
            terminalreporter.write_line(f"{about:{width}}  {times:5}  {lost:4}")
        times, lost = (sum(column) for column in zip(*rows.values(), strict=True))
        terminalreporter.write_line(f"{'in all':{width}}  {times:5}  {lost:4}")


@pytest.fixture(autouse=True)
def _no_workspace_by_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOI_HOME", raising=False)
    monkeypatch.setenv("MOI_LANG", "en")  # what is said is tested in English, whoever's terminal this is


@pytest.fixture
def ws(tmp_path: Path) -> Moi:
    """A new workspace, with nothing fetched."""
    make_workspace(tmp_path / "ws")
    return Moi((tmp_path / "ws").resolve())


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    """A folder of invented releases in several charsets, with one that is refused."""
    folder = write_releases(tmp_path / "releases", 4)
    (folder / "sub").mkdir()
    (folder / "sub" / "windows.txt").write_bytes(
        release(7).replace("“", '"').replace("”", '"').encode("cp874")
    )
    (folder / "sub" / "ตรัง.txt").write_text(release(8), encoding="utf-8-sig")
    return folder


@pytest.fixture(scope="session")
def _built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    make_workspace(folder / "ws")
    with (folder / "ws" / "sources.toml").open("a", encoding="utf-8") as out:
        out.write(
            '[sources.news]\nkind = "files"\npath = "../releases"\nbase_url = "https://news.example"\n'
            'province = "TH-48"\n'
        )
    workspace = Moi((folder / "ws").resolve())
    write_releases(folder / "releases", 6)
    workspace.fetch("news")
    workspace.extract()
    return folder


@pytest.fixture(scope="session")
def tables(_built_once: Path) -> Moi:
    """A workspace with tables, to be read only: it is shared."""
    return Moi((_built_once / "ws").resolve())


@pytest.fixture
def built(_built_once: Path, tmp_path: Path) -> Moi:
    """A workspace with tables, one's own; their source is "news", the folder ``../releases``."""
    shutil.copytree(_built_once, tmp_path / "built", symlinks=True)
    return Moi((tmp_path / "built" / "ws").resolve())


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """The command line inside this process: ``code, out, err = run("sql", "FROM dates")``."""

    def call(*args: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["moi", *map(str, args)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        told = capsys.readouterr()
        return int(ended.value.code or 0), told.out, told.err

    yield call
