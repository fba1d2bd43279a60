"""A province as people name it."""

from __future__ import annotations

import csv
import difflib
from importlib.resources import files

from moi_pipeline.errors import MoiError
from moi_pipeline.search.fold import fold


class UnknownProvince(MoiError):
    """No province is called so."""

    exit_code = 2


def province_code(name: str) -> str:
    """The ISO 3166-2 code of a province: by its code, its Thai name or one of its spellings, or its English name."""
    known: dict[str, str] = {}
    # The list is data of thai/: read here as a file, so that no code of it is needed.
    text = (files("moi_pipeline.thai") / "data" / "provinces.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        for form in (row["code"], row["name"], row["english"], *filter(None, row["spellings"].split("|"))):
            known.setdefault(fold(form), row["code"])
    asked = fold(name).removeprefix(fold("จังหวัด"))
    if asked not in known:
        near = difflib.get_close_matches(asked, known, n=1, cutoff=0.7)
        hint = "Name one in Thai or English, or by its code, such as TH-55."
        raise UnknownProvince(
            f"no province {name!r}", f"Did you mean {known[near[0]]}? {hint}" if near else hint
        )
    return known[asked]
