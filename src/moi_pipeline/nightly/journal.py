"""What an unattended run says: one line an event, plain or as a JSON object, fit for journald, cron and files.

Lines carry UTC time and level. Secrets that stand in addresses are left out of them, and nothing that a site sent
can write on a terminal or begin a line of its own.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, TextIO

from moi_pipeline.errors import NotStored

Level = Literal["info", "warning", "error"]
FORMATS = ("plain", "json")

_USER = re.compile(r"(?<=://)[^/\s@?#]+@")
#: Names of parameters that hold what lets somebody in; also in the middle of a longer name (X-Amz-Signature).
_KEY = (
    r"[\w.-]*(?:token|api_?key|access_?key|passw(?:or)?d|pwd|secret|signature|credential|session|auth)[\w.-]*"
    r"|key|pass|sig|sid|phpsessid|jsessionid"
)
_PARAMETER = re.compile(rf"(?<=[?&;#])({_KEY})=[^&;?#\s\"'<>)]*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def redact(text: str) -> str:
    """A text whose addresses hold no user, password, token or key any more."""
    return _PARAMETER.sub(r"\1=***", _USER.sub("***@", text))


def harmless(text: str) -> str:
    """A text on one line without control characters: they show as escapes, and no secrets."""
    return _CONTROL.sub(
        lambda c: f"\\u{ord(c[0]):04x}" if ord(c[0]) > 0xFF else f"\\x{ord(c[0]):02x}", redact(text)
    )


def harmless_lines(text: str) -> str:
    """As ``harmless``, but line breaks stay."""
    return "\n".join(map(harmless, text.split("\n")))


class Journal:
    """Writes events to stderr, and to a file where one is named. ``quiet``: only what is wrong goes to stderr."""

    def __init__(self, form: str = "plain", quiet: bool = False, file: Path | None = None) -> None:
        self.form, self.quiet = form, quiet
        self.wrong = 0  # events above "info"
        self.file: TextIO | None = None
        if file is not None:
            try:
                self.file = file.open("a", encoding="utf-8", errors="backslashreplace")
            except OSError as error:
                raise NotStored(
                    f"can't write the log {file}: {error.strerror}", "Name another file with --log-file."
                ) from error

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.file:
            self.file.close()

    def say(self, level: Level, event: str, message: str, **facts: Any) -> None:
        """One event: ``event`` is its kind, one or two words; ``facts`` stand in JSON alone."""
        self.wrong += level != "info"
        line = self.line(level, event, message, **facts)
        if not self.quiet or level != "info":
            print(line, file=sys.stderr, flush=True)
        if self.file:
            print(line, file=self.file, flush=True)

    def end(
        self, level: Level, message: str, *, silent: bool = False, told: str | None = None, **facts: Any
    ) -> None:
        """The run's one closing line: on stdout, or where the run is quiet and all was not well, on stderr.

        ``silent``: something else goes to stdout. ``told``: the same for a person who reads another language.
        """
        line = self.line(level, "end", message, **facts)
        if self.quiet:
            if level != "info" or self.wrong:
                print(line, file=sys.stderr, flush=True)
        elif not silent:
            print(line if self.form == "json" else harmless(told or message), flush=True)
        if self.file:
            print(line, file=self.file, flush=True)

    def line(self, level: Level, event: str, message: str, **facts: Any) -> str:
        """The line of an event in this journal's form."""
        at = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
        if self.form == "plain":
            return f"{at} {level.upper()} {harmless(message)}"
        told = {"time": at, "level": level, "event": event, "message": message} | facts
        return json.dumps(_each(told, harmless), ensure_ascii=False, default=str)

    def info(self, event: str, message: str, **facts: Any) -> None:
        self.say("info", event, message, **facts)

    def warning(self, event: str, message: str, **facts: Any) -> None:
        self.say("warning", event, message, **facts)

    def error(self, event: str, message: str, **facts: Any) -> None:
        self.say("error", event, message, **facts)


def clean(value: Any) -> Any:
    """A value of JSON whose texts hold no secrets."""
    return _each(value, redact)


def _each(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _each(inner, change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_each(inner, change) for inner in value]
    return value
