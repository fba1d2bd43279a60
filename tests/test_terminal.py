"""The terminal: columns line up in a real one, nothing is forced on pipes, and progress tells rate and time left."""

from __future__ import annotations

import io
import re
import shlex
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from tests.helpers import environment, moi, wait_for

from moi_pipeline.api import Moi
from moi_pipeline.show.article import marked
from moi_pipeline.show.grid import MARK, print_table, shortened
from moi_pipeline.show.terminal import Rate, console, duration, progress

#: Cells that terminals and programs measure differently if either is wrong.
HARD = (
    "น้ำท่วม",
    "นํ้าท่วม",
    "ผู้ว่าราชการจังหวัดน่าน",
    "เด็กเก็บเห็ด",
    "จันทร์",
    "ปิฺยํ",
    "ก็",
    "สี่",
    "日本語",
    "👍🏽 ดี",
    "❤️",
    "café",
    "plain",
)
#: Prints each line of a file and asks the terminal in which column the cursor stands then.
MEASURE = r"""
import os, re, sys, termios, tty
lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
terminal = os.open("/dev/tty", os.O_RDWR)
tty.setraw(terminal)
columns = []
for line in lines:
    os.write(terminal, b"\r\x1b[2K" + line.encode() + b"\x1b[6n")
    answer = b""
    while not answer.endswith(b"R"):
        answer += os.read(terminal, 64)
    columns.append(re.search(rb";(\d+)R", answer)[1].decode())
open(sys.argv[2] + ".part", "w").write("\n".join(columns))
os.replace(sys.argv[2] + ".part", sys.argv[2])
"""

Tmux = Callable[[str, Path], str]


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Run a command in a real terminal, and give what its screen shows in the end."""
    program = shutil.which("tmux")
    if program is None:
        pytest.skip("tmux is not installed")
    server = [program, "-u", "-L", f"moi-{uuid.uuid4().hex[:8]}", "-f", "/dev/null"]
    env = environment(LC_ALL="C.UTF-8", TERM="xterm-256color")

    def run(command: str, width: int = 100) -> str:
        done = tmp_path / f"done-{uuid.uuid4().hex[:8]}"
        line = f"clear; {command}; touch {shlex.quote(str(done))}; exec sleep 100"
        subprocess.run(
            [*server, "new-session", "-d", "-s", done.name, "-x", str(width), "-y", "200", "sh", "-c", line],
            env=env,
            cwd=tmp_path,
            check=True,
        )
        assert wait_for(done.exists), "the command did not end"
        shown = subprocess.run(
            [*server, "capture-pane", "-p", "-t", done.name], env=env, capture_output=True, check=True
        )
        return shown.stdout.decode()

    yield run
    subprocess.run([*server, "kill-server"], env=env, capture_output=True, check=False)


def measured(tmux: Callable[..., str], folder: Path, lines: list[str]) -> list[int]:
    """How many cells each line takes in the terminal."""
    script, given, answer = folder / "measure.py", folder / "lines.txt", folder / "columns.txt"
    script.write_text(MEASURE, encoding="utf-8")
    given.write_text("\n".join(lines), encoding="utf-8")
    tmux(shlex.join([sys.executable, str(script), str(given), str(answer)]), 200)
    return [int(column) - 1 for column in answer.read_text().split()]


def command(workspace: Moi, *args: str) -> str:
    return shlex.join([sys.executable, "-m", "moi_pipeline", "-w", str(workspace.root), *args])


def test_columns_line_up_in_a_real_terminal(tables: Moi, tmux: Callable[..., str], tmp_path: Path) -> None:
    rows = ", ".join(f"('{cell}', '|{number}')" for number, cell in enumerate(HARD))
    screen = tmux(command(tables, "sql", f"FROM (VALUES {rows}) AS t(thai, mark)"))
    lines = [line for line in screen.splitlines() if "|" in line]
    assert len(lines) == len(HARD)
    starts = measured(tmux, tmp_path, [line[: line.index("|")].rstrip("\n") + "\u2060" for line in lines])
    assert len(set(starts)) == 1, dict(zip(lines, starts, strict=True))


def test_narrow_terminals_are_kept_to(tables: Moi, tmux: Callable[..., str]) -> None:
    article = tables.sql("SELECT min(article_id) FROM articles").fetchall()[0][0]
    for args in (
        ["status"],
        ["sql", "FROM officials"],
        ["show", article],
        ["search", "หมู่บ้านตัวอย่าง"],
    ):
        screen = tmux(command(tables, *args), 40)
        assert screen.strip()
        assert "Traceback" not in screen
        # A terminal that had to wrap by itself would show lines that begin with a mark that lost its letter.
        assert not [line for line in screen.splitlines() if MARK.match(line)]
        if args[0] == "sql":
            assert "full_name: ทดสอบ ใจกล้า" in screen, (
                "a row a list of values, as there is no room for the columns"
            )


def test_long_texts_are_cut_between_letters() -> None:
    text = "น้ำท่วมที่เก็บเห็ดจันทร์" * 10
    for width in range(1, 60):
        cut = shortened(text, width)
        assert cell_len(cut) <= width
        assert cut.endswith("…")
        assert not MARK.match(text[len(cut) - 1 :]), "the letter keeps its marks"
    assert shortened("น้ำ", 2) == "น้ำ"


def test_in_a_terminal_long_texts_are_cut_only_among_others() -> None:
    for rows, whole in (([["ก" * 900]], True), ([["ก" * 900], ["ข"]], False)):
        out = io.StringIO()
        print_table(["text"], rows, Console(file=out, force_terminal=True, width=60, color_system=None))
        assert (out.getvalue().count("ก") == 900) == whole
        assert ("long texts are cut" in out.getvalue()) != whole


def test_pipes_get_whole_lines_without_control_codes_whatever_is_forced(tables: Moi) -> None:
    plain = moi("sql", "FROM officials", cwd=tables.root).stdout
    assert "\x1b" not in plain
    for forced in ({"FORCE_COLOR": "1"}, {"CLICOLOR_FORCE": "1", "COLUMNS": "20"}):
        assert moi("sql", "FROM officials", cwd=tables.root, env=environment(**forced)).stdout == plain
    article = tables.sql("SELECT min(article_id) FROM articles").fetchall()[0][0]
    shown = moi(
        "show", article, cwd=tables.root, env=environment(FORCE_COLOR="1", TERM="xterm-256color")
    ).stdout
    assert "\x1b[" in shown, "colour in a pipe for whoever asks for it"
    assert (
        "\x1b"
        not in moi("show", article, cwd=tables.root, env=environment(FORCE_COLOR="1", NO_COLOR="1")).stdout
    )


@pytest.mark.parametrize(
    ("told", "colour"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"CLICOLOR": "0"}, False),
        ({"TERM": "dumb"}, False),
    ],
)
def test_colour_by_the_environment(
    told: dict[str, str], colour: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for name in ("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    shown = console()
    shown.print("ข่าว", style="bold red")
    assert bool(shown.color_system) == colour
    assert ("\x1b" in terminal.getvalue()) == colour


def test_mentions_within_and_across_each_other() -> None:
    def facts(**kinds: list[tuple[int, int]]) -> dict[str, object]:
        spans = {kind: [{"span_start": a, "span_end": b} for a, b in found] for kind, found in kinds.items()}
        return {"text": "abcdefgh", **spans}

    plain = Console(file=io.StringIO(), color_system=None)
    assert marked(facts(policy_items=[(0, 8)], dates=[(2, 4)]), plain).plain == "[i ab[d cd]efgh]"
    assert marked(facts(officials=[(0, 5)], places=[(3, 8)]), plain).plain == "[o abc[l deo]fgh]"
    assert marked(facts(officials=[(0, 3)], dates=[(3, 6)]), plain).plain == "[o abc][d def]gh"
    assert marked(facts(), plain).plain == "abcdefgh"


def test_show_of_one_kind(tables: Moi) -> None:
    article = tables.sql("SELECT min(article_id) FROM articles").fetchall()[0][0]
    shown = moi("show", article, "--mentions", "officials", cwd=tables.root).stdout
    assert "[o นายทดสอบ" in shown
    assert "[d " not in shown
    assert "full_name" in shown
    assert "none of dates" in moi("show", article, "-m", "cats", cwd=tables.root, expect=2).stderr.replace(
        "\n", " "
    )


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_rate_and_time_left() -> None:
    clock = Clock()
    rate = Rate(clock)
    assert rate.told("extracting", 0, 500) == "0 of 500"
    clock.now += 10
    assert rate.told("extracting", 100, 500) == "100 of 500, 10/s, 40 s left"
    clock.now += 90
    assert rate.told("extracting", 500, 500) == "500 of 500, 5.0/s"
    assert rate.told("building", 0, 40) == "0 of 40", "other work, other rate"
    clock.now += 20
    assert rate.told("building", 10, 40) == "10 of 40, 0.5/s, 1 min 0 s left"
    assert duration(7_500) == "2 h 5 min"


def test_without_a_terminal_long_work_says_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    monkeypatch.setattr("moi_pipeline.show.terminal.Rate", lambda: Rate(clock))
    with progress("extracting") as step:
        for done in range(1, 301):
            clock.now += 1
            step("extracting", done, 300)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "moi: extracting: 10 of 300, 1.0/s, 4 min 50 s left"
    assert 3 <= len(lines) <= 8, "ever more seldom"
    with progress("short work") as step:
        step("short work", 1, 2)
    assert capsys.readouterr().err == ""


def test_progress_in_a_real_terminal(tmux: Callable[..., str], tmp_path: Path) -> None:
    script = tmp_path / "work.py"
    script.write_text(
        "from moi_pipeline.show import terminal\n"
        "clock = iter(range(100, 10_000, 2))\nrate = terminal.Rate\n"
        "terminal.Rate = lambda: rate(lambda: float(next(clock)))\n"
        "with terminal.progress('extracting') as step:\n"
        "    for done in range(1, 6):\n        step('extracting', done, 50)\n",
        encoding="utf-8",
    )
    log = tmp_path / "seen"
    screen = tmux(
        f"script -qec {shlex.quote(shlex.join([sys.executable, str(script), str(tmp_path / 'm')]))} {log}", 40
    )
    seen = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", log.read_text(encoding="utf-8", errors="replace"))
    assert re.search(r"extracting +5 of 50, \d.* left", seen)
    assert "extracting" not in screen, "it is gone when the work is done"
