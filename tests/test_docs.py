"""The documentation is true: what it shows was typed, and what it says came out comes out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


#: What the tutorial makes is what these pages go on with, in this order.
PAGES = ("tutorial.md", "howto/correct.md", "howto/cite.md", "howto/repair.md")


def console_steps(text: str) -> list[tuple[str, str]]:
    """The commands of a text's console blocks, each with the output shown under it. "> " goes on with a command."""
    steps: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], ""))
            elif line.startswith("> ") or line == ">":
                steps[-1] = (f"{steps[-1][0]}\n{line[2:]}", steps[-1][1])
            elif steps:
                steps[-1] = (steps[-1][0], steps[-1][1] + line + "\n")
    return steps


def steady(output: str) -> str:
    """An output without what differs from run to run: times, sizes, and white space at the end of lines."""
    text = "\n".join(line.rstrip() for line in output.strip().splitlines())
    text = re.sub(r"\d+\.\d s\b|\b\d+ ms\b", "N s", text)
    text = re.sub(r"\b[\d.,]+ (bytes|MB/s)", r"N \1", text)
    text = re.sub(r"\b\d+ tables\b", "N tables", text)  # a new view is no reason to write these pages anew
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+", "T", text)


def follow(text: str, folder: Path, whose: str) -> int:
    """Type what a page's console blocks show, in a shell, and hold what comes out against them; returns how many.

    A line "…" stands for any lines.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    steps = console_steps(text)
    for command, shown in steps:
        if command.startswith("cd "):
            folder = folder / command.removeprefix("cd ")
            continue
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, (whose, command, done.stderr)
        expected, came = steady(shown), steady(done.stdout)
        if "…" in expected.splitlines():
            assert re.fullmatch(re.escape(expected).replace("…", "(?s:.*)"), came), (whose, command, came)
        else:
            assert came == expected, (whose, command)
    return len(steps)


def test_the_readme_shows_what_really_comes_out(tmp_path: Path) -> None:
    assert follow(README, tmp_path, "README.md") >= 4


def test_the_tutorial_and_the_how_to_pages_can_be_typed_as_they_stand(tmp_path: Path) -> None:
    for page in PAGES:
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        assert follow(text, tmp_path if page == "tutorial.md" else tmp_path / "news", page), page
    shown = {page.relative_to(ROOT / "docs").as_posix() for page in (ROOT / "docs").rglob("*.md")}
    unread = {page for page in shown - {*PAGES} if "```console" in (ROOT / "docs" / page).read_text("utf-8")}
    assert not unread, "these show commands that no test types"


def test_the_site_is_built_without_a_broken_link_and_asks_no_other_host(tmp_path: Path) -> None:
    for part in ("docs", "zensical.toml"):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tmp_path / part)
    done = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stdout + done.stderr
    site = tmp_path / "site"
    pages = list(site.rglob("*.html"))
    assert len(pages) >= 15
    for page in pages:
        html = page.read_text(encoding="utf-8")
        # What a browser loads by itself; a link that a reader may follow can lead anywhere.
        loaded = re.findall(r'<(?:script|img|iframe)\b[^>]*?\bsrc="([^"]+)"', html)
        loaded += re.findall(r'<link\b[^>]*?\bhref="([^"]+)"', html)
        for address in loaded:
            assert not re.match(r"(?:[a-z]+:)?//", address), (page.name, address)
        for address in [*loaded, *re.findall(r'<a\b[^>]*?\bhref="([^"#?:]+)[#"]', html)]:
            if page.name != "404.html":
                assert (page.parent / address).exists(), (page, address)


def test_the_notebook_runs_and_gives_what_it_shows(tmp_path: Path) -> None:
    """In a process of its own: a kernel's threads and sockets are nothing for this one."""
    script = (
        "import sys, nbformat; from nbclient import NotebookClient\n"
        "book = nbformat.read(sys.argv[1], 4)\n"
        "NotebookClient(book, timeout=120).execute()\n"
        "nbformat.write(book, sys.argv[2])\n"
    )
    source = ROOT / "docs" / "notebook.ipynb"
    done = subprocess.run(
        [sys.executable, "-c", script, str(source), "ran.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    shown, came = (results(path) for path in (source, tmp_path / "ran.ipynb"))
    assert len(shown) >= 5
    assert came == shown


def results(path: Path) -> list[str]:
    """What each cell of a notebook gave, as text."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [
        "".join(output["data"]["text/plain"])
        if "data" in output
        else "".join(output.get("text", output["output_type"]))
        for cell in cells
        for output in cell.get("outputs", [])
    ]


def test_every_make_target_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z]+)\b", README, re.MULTILINE))
    assert {"demo", "test"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_ci_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make lint" in script
    assert "make test" in script


def test_the_reference_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
