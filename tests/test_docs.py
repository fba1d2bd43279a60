"""The documentation is true: what it shows was typed, and what it says came out comes out."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def console_steps(text: str) -> list[tuple[str, str]]:
    """The commands of a text's console blocks, each with the output shown under it."""
    steps: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], ""))
            elif steps:
                steps[-1] = (steps[-1][0], steps[-1][1] + line + "\n")
    return steps


def steady(output: str) -> str:
    """An output without what differs from run to run: seconds, and white space at the end of lines."""
    return "\n".join(re.sub(r"\d+\.\d s\b", "N s", line.rstrip()) for line in output.strip().splitlines())


def test_the_readme_shows_what_really_comes_out(tmp_path: Path) -> None:
    steps = [
        (command, shown) for command, shown in console_steps(README) if command.startswith(("moi ", "cd "))
    ]
    assert len(steps) >= 4
    folder = tmp_path
    environment = {key: value for key, value in os.environ.items() if key != "MOI_HOME"}
    for command, shown in steps:
        words = shlex.split(command)
        if words[0] == "cd":
            folder = folder / words[1]
            continue
        done = subprocess.run(
            [sys.executable, "-m", "moi_pipeline", *words[1:]],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (command, done.stderr)
        assert steady(done.stdout) == steady(shown), command


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
