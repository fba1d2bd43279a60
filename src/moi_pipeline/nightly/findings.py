"""What a check-up finds: ok, a warning or a failure, and what to mend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``about`` names it, ``told`` says what was found, ``mend`` what to do where it isn't ok."""

    state: State
    about: str
    told: str
    mend: str = ""


def ok(about: str, told: str) -> Finding:
    return Finding("ok", about, told)


def warn(about: str, told: str, mend: str) -> Finding:
    return Finding("warn", about, told, mend)


def fail(about: str, told: str, mend: str) -> Finding:
    return Finding("fail", about, told, mend)
