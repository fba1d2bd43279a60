"""The terminal: what it can show, lines that wrap between letters, and progress."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from moi_pipeline.messages import tr

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

#: Says what is being done, how much is done, and of how much; None where nobody knows.
Step = Callable[[str, int, "int | None"], None]
#: Seconds after which a run without a terminal says for the first time how far it is, and the longest silence then.
FIRST, SILENCE = 10.0, 60.0


def console(stderr: bool = False) -> Console:
    """A console by what its reader asks for: NO_COLOR, CLICOLOR=0, FORCE_COLOR, CLICOLOR_FORCE, TERM=dumb.

    In a pipe nothing is wrapped or cut, whatever is forced: that is for terminals.
    """
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("CLICOLOR") == "0"
    forced = os.environ.get("CLICOLOR_FORCE", "0") not in ("", "0") or None
    return Console(
        stderr=stderr,
        highlight=False,
        markup=False,
        emoji=False,
        color_system=None if plain else "auto",
        force_terminal=forced,
        soft_wrap=not stream.isatty(),
    )


def laid_out(console: Console) -> bool:
    """Is there a width to lay things out for? In a pipe there is none."""
    return console.is_terminal and not console.soft_wrap


class Sheet:
    """Prints lines: wrapped and indented to a terminal's width, whole in a pipe."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def line(self, text: Text, indent: int = 0) -> None:
        """One line, which a terminal wraps with its parts all indented."""
        from rich.padding import Padding
        from rich.text import Text

        if laid_out(self.console):
            self.console.print(Padding(text, (0, 0, 0, indent)) if indent and text.plain else text)
        else:
            self.console.print(Text(" " * indent) + text if text.plain else text, soft_wrap=True)


@contextmanager
def progress(what: str) -> Iterator[Step]:
    """A bar with rate and time left on a terminal; without one a line now and then on standard error.

    Short work says nothing: the first line comes after ``FIRST`` seconds, later ones ever more seldom.
    """
    shown = console(stderr=True)
    if laid_out(shown) and not shown.is_dumb_terminal:
        with _bar(what, shown) as step:
            yield step
    else:
        yield _lines()


@contextmanager
def _bar(what: str, shown: Console) -> Iterator[Step]:
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    # What a narrow terminal has no room for is left away: the bar and the rate.
    wide = shown.width >= 70
    columns = [SpinnerColumn(), TextColumn("{task.description}")]
    columns += [BarColumn(bar_width=None)] if wide else []
    with Progress(
        *columns, TextColumn("{task.fields[told]}"), console=shown, transient=True, expand=wide
    ) as bar:
        task = bar.add_task(tr(what), total=None, told="")
        rate = Rate()

        def step(text: str, done: int, total: int | None) -> None:
            bar.update(
                task,
                description=tr(text),
                completed=done,
                total=total,
                told=rate.told(text, done, total, rate=wide),
            )

        yield step


def _lines() -> Step:
    rate, due, wait = Rate(), FIRST, FIRST

    def step(text: str, done: int, total: int | None) -> None:
        nonlocal due, wait
        if rate.clock() - rate.began >= due:
            print(f"moi: {tr(text)}: {rate.told(text, done, total)}", file=sys.stderr, flush=True)
            wait = min(SILENCE, wait * 2)
            due = rate.clock() - rate.began + wait

    return step


class Rate:
    """How fast work goes, and how long it will take. Work of another name begins anew."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.began = clock()
        self._what, self._since = "", self.began

    def told(self, what: str, done: int, total: int | None, rate: bool = True) -> str:
        """Such as ``1,200 of 5,000, 43/s, 1 min 28 s left``."""
        if what != self._what:
            # The call that names new work may come with some of it done, begun when the work before it ended.
            self._what, self._since = what, self._since if not self._what else self.clock()
        seconds = self.clock() - self._since
        parts = [tr("{done} of {total}", done=f"{done:,}", total=f"{total:,}") if total else f"{done:,}"]
        if seconds >= 1 and done:
            pace = done / seconds
            if rate:
                parts.append(tr("{rate}/s", rate=f"{pace:,.0f}" if pace >= 10 else f"{pace:.1f}"))
            if total and done < total:
                parts.append(tr("{time} left", time=duration((total - done) / pace)))
        return ", ".join(parts)


def duration(seconds: float) -> str:
    """A time for people: ``8 s``, ``1 min 28 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return tr("{seconds} s", seconds=whole)
    if whole < 3600:
        return tr("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
    return tr("{hours} h {minutes} min", hours=whole // 3600, minutes=whole % 3600 // 60)
