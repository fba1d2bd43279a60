"""Workspaces: which one is meant, what sources.toml may say, and the lock that writers hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.helpers import Run, environment, moi, wait_for

import moi_pipeline
from moi_pipeline.api import Moi
from moi_pipeline.errors import BadSettings, Busy, NoWorkspace
from moi_pipeline.setup import make_workspace
from moi_pipeline.workspace import Workspace, find_workspace, read_sources

GOOD = '[sources.trang]\nkind = "files"\npath = "saved"\nprovince = "TH-92"\n'


@pytest.mark.parametrize(
    "command",
    [["fetch"], ["extract"], ["sql", "SELECT 1"], ["status"], ["check"], ["sources"], ["show", "a"]],
)
def test_no_workspace_says_what_to_do(
    command: list[str], tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*command)
    assert (code, out) == (1, "")
    assert "is no workspace" in err
    assert "moi init" in err


def test_moi_home_and_workspace_choose_the_folder(
    ws: Moi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_workspace(ws.root).root == ws.root
    monkeypatch.setenv("MOI_HOME", str(ws.root))
    assert find_workspace().root == ws.root
    other = tmp_path / "other"
    make_workspace(other)
    assert find_workspace(other).root == other, "what is named goes before MOI_HOME"
    monkeypatch.setenv("MOI_HOME", "")
    monkeypatch.chdir(other)
    assert find_workspace().root == other, "an empty MOI_HOME counts as none"


def test_a_home_that_is_nobodys_is_no_traceback(run: Run) -> None:
    code, _, err = run("--workspace", "~nobody-has-this-name/news", "status")
    assert code == 1
    assert "is no workspace" in err


def test_sources_are_read(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_text("\ufeff# ข่าว\n" + GOOD + 'enabled = false\ntitle = "ตรัง"\n', encoding="utf-8")
    source = read_sources(path)["trang"]
    assert (source.kind, source.enabled, source.province, source.title) == ("files", False, "TH-92", "ตรัง")
    assert source.options == {"path": "saved"}
    assert source.line == 2


def test_sources_of_a_new_workspace_are_good(ws: Moi) -> None:
    assert next(iter(ws.sources)) == "samples"
    assert not ws.sources["samples"].enabled, "invented: nobody wants them among the real ones"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[sources.a]\nkind = "files"\npath = saved\n', 3, "Invalid value"),
        ('[sources.a]\nkind = "files"\npath = "x"\n\n[sources.a]\nkind = "files"\n', 5, "twice"),
        ('[sources.a]\nkind = "files"\nkind = "files"\n', 3, "overwrite"),
        (GOOD + "\n[source.b]\n", 6, "unknown table or key 'source'"),
        ("# first\ninterval = 3\n" + GOOD, 2, "unknown table or key 'interval'"),
        (GOOD + "interval = 1\n[interval]\n", 6, "unknown table or key 'interval'"),
        ("# none\nsources = 3\n", 2, "[sources.NAME]"),
        ('[[sources]]\nkind = "files"\n', 1, "[sources.NAME]"),
        (GOOD + "[sources.B]\n", 5, "a name is lower-case"),
        (GOOD + '[sources."ตรัง"]\n', 5, "a name is lower-case"),
        ("[sources]\n# none\na = 3\n", 3, "not a table"),
        (GOOD + '[sources.b]\npath = "x"\n', 5, "no kind given"),
        (GOOD + '[sources.b]\npath = "x"\nkind = "wordpres"\n', 7, "unknown kind 'wordpres'"),
        (GOOD + "[sources.b]\n\nkind = 3\n", 7, "kind must be a text in quotation marks, not 3"),
        (GOOD + 'enabled = "yes"\n', 5, "enabled must be true or false"),
        (GOOD + "base_url = false\n", 5, "base_url must be a text"),
        (GOOD + 'url = "https://x.example"\n', 5, "files knows no 'url'"),
        (GOOD + '[sources.b]\nkind = "files"\n', 5, "files needs 'path'"),
        (GOOD.replace("TH-92", "92"), 4, "not '92'"),
        (GOOD.replace("TH-92", "TH-๙๒"), 4, "province"),
        (GOOD.replace("TH-92", "TH-99"), 4, "province"),
        ('[sources]\na = { kind = "files" }\n', 2, "files needs 'path'"),
        ('[sources]\n\na.kind = "files"\na.pth = "x"\n', 4, "files knows no 'pth'"),
        ('\nsources.a.kind = "file"\n', 2, "unknown kind"),
        ('[sources.b]\nkind = "files"\npath = "b"\n["sources" . a]\nkind="nothing"\n', 5, "unknown kind"),
    ],
)
def test_bad_settings_name_file_and_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings) as caught:
        read_sources(path)
    told = str(caught.value)
    assert str(path) in told
    assert f"line {line}" in told
    assert words in told
    assert caught.value.hint


def test_settings_that_are_not_utf8_name_the_line(tmp_path: Path) -> None:
    path = tmp_path / "sources.toml"
    path.write_bytes(GOOD.encode() + 'title = "ตรัง"\n'.encode("cp874"))
    with pytest.raises(BadSettings, match="line 5: not UTF-8"):
        read_sources(path)


def test_bad_settings_reach_a_person(ws: Moi) -> None:
    (ws.root / "sources.toml").write_text("[sources.a]\nkind = files\n", encoding="utf-8")
    told = moi("sources", cwd=ws.root, expect=1).stderr
    assert told.startswith("moi: ")
    assert "line 2" in told


HOLDER = """
import sys, time
from moi_pipeline.workspace import Workspace
from pathlib import Path
with Workspace(Path(sys.argv[1])).lock("fetch"):
    print("held", flush=True)
    time.sleep(600)
"""


def test_second_writer_is_told_who_is_busy_and_a_killed_one_leaves_no_lock(ws: Moi, releases: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(ws.root)], stdout=subprocess.PIPE, env=environment()
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        told = moi("fetch", releases, cwd=ws.root, expect=1).stderr
        assert f"moi fetch (process {holder.pid}, since" in told
        assert "is working in this workspace" in told
        with pytest.raises(Busy):
            ws.extract()
        os.kill(holder.pid, signal.SIGKILL)
    assert wait_for(lambda: holder.poll() is not None)
    with ws.lock("fetch"):
        assert f"process {os.getpid()}" in (ws.root / "data" / ".lock").read_text(encoding="utf-8")


def test_the_lock_is_free_after_an_error(ws: Moi) -> None:
    with pytest.raises(ZeroDivisionError), ws.lock("fetch"):
        raise ZeroDivisionError
    with ws.lock("extract"):
        pass


def test_a_file_system_without_locks_is_told_from_a_busy_one(
    ws: Moi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with pytest.raises(moi_pipeline.MoiError, match="No locks available") as caught, ws.lock("fetch"):
        pass
    assert not isinstance(caught.value, Busy)


def test_paths_of_a_workspace(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace.raw == tmp_path / "data" / "raw"
    assert workspace.database == tmp_path / "data" / "curated" / "moi.duckdb"
    with pytest.raises(NoWorkspace):
        find_workspace(tmp_path)
