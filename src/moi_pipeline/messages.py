"""What is said to people, in Thai or English by their locale.

``messages.toml`` holds the Thai for English messages, whose changing parts are names in braces. Text that the
catalogue does not have stays English. Facts for programs (``--json``), help texts and column names are never
translated.
"""

from __future__ import annotations

import os
import re
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "th")
#: The parts of the catalogue whose messages come filled in; others are short enough to be found in any text.
FILLED = ("errors", "verify", "doctor")
_NAME = re.compile(r"\{([a-z_]+)\}")


def language() -> str:
    """``th`` where MOI_LANG or else the locale is Thai, else ``en``. Variables in the order of the C library."""
    for name in ("MOI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if told := os.environ.get(name):
            return "th" if re.match(r"th(?:[_.@-]|\Z)|thai", told, re.IGNORECASE) else "en"
    return "en"


def tr(message: str, **facts: object) -> str:
    """A message in the reader's language, its names in braces filled in with ``facts``."""
    told = _catalogue().get(message, message) if language() == "th" else message
    return told.format(**facts) if facts else told


def translated(message: str) -> str:
    """A message that is filled in already, such as an error's, in the reader's language."""
    if language() != "th":
        return message
    if told := _catalogue().get(message):
        return told
    for shape, thai in _shapes():
        if found := shape.fullmatch(message):
            return thai.format(**found.groupdict())
    return message


def catalogue() -> dict[str, str]:
    """The reviewed catalogue: English message to Thai."""
    return {english: thai for section in _sections().values() for english, thai in section.items()}


@cache
def _sections() -> dict[str, dict[str, str]]:
    import tomllib

    return tomllib.loads((files("moi_pipeline") / "messages.toml").read_text(encoding="utf-8"))


@cache
def _catalogue() -> dict[str, str]:
    return catalogue()


@cache
def _shapes() -> list[tuple[re.Pattern[str], str]]:
    """A pattern for each message with changing parts, those with most fixed text first."""
    shapes = [english for name in FILLED for english in _sections()[name] if _NAME.search(english)]
    shapes.sort(key=lambda english: -len(_NAME.sub("", english)))
    return [(_shape(english), _catalogue()[english]) for english in shapes]


def _shape(english: str) -> re.Pattern[str]:
    parts = _NAME.split(english)
    return re.compile(
        "".join(f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)), re.DOTALL
    )
