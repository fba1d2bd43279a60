"""The inputs that fuzzing keeps, each held against what fuzz/targets.py promises."""

from __future__ import annotations

import pytest
from fuzz.targets import CORPUS, TARGETS

KEPT = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_kept_breaks_nothing(name: str) -> None:
    mine = [path for path in KEPT if path.parent.name == name]
    assert mine, "a target without a corpus is fuzzed from nothing"
    for path in mine:
        TARGETS[name](path.read_bytes())


def test_the_corpus_stays_small() -> None:
    assert sum(path.stat().st_size for path in KEPT) < 300_000
    assert {path.parent.name for path in KEPT} == set(TARGETS)
