"""Word lists from the package's data files, and patterns made of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

# A vowel or mark behind a word belongs to its last letter: พัฒนากร is not in พัฒนากระบือ.
WHOLE = "(?![ะ-ฺๅ็-๎])"


@cache
def load_table(name: str) -> dict[str, Any]:
    """The data file ``data/NAME.toml``."""
    return tomllib.loads(files("moi_pipeline.thai").joinpath(f"data/{name}.toml").read_text(encoding="utf-8"))


def any_of(words: Iterable[str]) -> str:
    """A pattern that matches the longest of ``words`` at a place. Blanks in a word match any blanks or none.

    The words are folded into a tree of their beginnings: a plain alternation of some hundred words is tried
    word by word at each character, which is ten times slower.
    """
    tree: dict[str, Any] = {}
    for word in words:
        node = tree
        for char in word:
            node = node.setdefault(char, {})
        node[""] = {}
    return f"(?:{_branch(tree)}){WHOLE}"


def _branch(tree: dict[str, Any]) -> str:
    options = [
        (r"[ \t]{0,4}" if char == " " else re.escape(char)) + _branch(below)
        for char, below in sorted(tree.items())
        if char
    ]
    if not options:
        return ""
    body = options[0] if len(options) == 1 and "" not in tree else f"(?:{'|'.join(options)})"
    return f"{body}?" if "" in tree else body
