"""Run the pipeline on annotated releases, print the scores, and hold them against the floors.

    python quality/evaluate.py GOLD_DIR SCORE_PY [--raise] [--misses KIND]

Scores two sets, gold and the project's own forms, each as a whole and its held-back releases alone.
Exit code 1 where a score of a whole set is below its floor. ``--raise`` lifts the floors to what was reached;
nothing ever lowers one. ``--misses KIND`` lists what was missed (-) and made up (+), held-back releases left out.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any

import moi_pipeline as moi
from moi_pipeline.setup import make_workspace

HERE = Path(__file__).parent
FLOORS = HERE / "floors.toml"
Scores = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("gold", type=Path)
    parser.add_argument("score", type=Path)
    parser.add_argument("--raise", dest="lift", action="store_true")
    parser.add_argument("--misses", metavar="KIND")
    args = parser.parse_args()
    settings = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    # Each set's floors stand in a table of their own.
    sets = {"floors": args.gold, "forms_floors": HERE / "forms"}
    columns: dict[str, Scores] = {}
    low = []
    for table, gold in sets.items():
        with tempfile.TemporaryDirectory() as scratch:
            curated = extract_gold(gold, Path(scratch))
            shown = split(gold, Path(scratch) / "shown", settings["held_back"], held=False)
            hidden = split(gold, Path(scratch) / "hidden", settings["held_back"], held=True)
            if args.misses:
                subprocess.run(
                    [sys.executable, args.score, shown, curated, "--misses", args.misses], check=True
                )
                continue
            whole = score(args.score, gold, curated)
            name = "forms" if table == "forms_floors" else "gold"
            columns |= {name: whole, f"{name} held back": score(args.score, hidden, curated)}
        floors = settings.get(table, {})
        low += [
            f"{name} {kind}: {whole[kind]:.3f}, floor {floor:.3f}"
            for kind, floor in floors.items()
            if whole[kind] < floor
        ]
        if args.lift:
            lift(table, whole, floors)
    if columns:
        print_table(columns)
    for line in low:
        print(f"BELOW THE FLOOR: {line}")
    sys.exit(1 if low else 0)


def extract_gold(gold: Path, scratch: Path) -> Path:
    """Fetch and extract the annotated releases in a new workspace; returns its curated folder."""
    make_workspace(scratch / "workspace")
    ws = moi.open(scratch / "workspace")
    ws.fetch(gold)
    ws.extract(workers=1)
    return ws.curated


def split(gold: Path, folder: Path, held_back: Collection[str], held: bool) -> Path:
    """A folder with the annotations that are held back, or with those that are not."""
    folder.mkdir()
    for path in sorted(gold.glob("*.json")):
        if (path.stem in held_back) == held:
            shutil.copy(path, folder)
    return folder


def score(script: Path, gold: Path, curated: Path) -> Scores:
    """The scores by kind: F1, or accuracy where the kind has one answer a release."""
    done = subprocess.run(
        [sys.executable, script, gold, curated, "--json"], check=True, capture_output=True, text=True
    )
    rows: dict[str, Any] = json.loads(done.stdout)
    if rows.pop("absent"):
        raise SystemExit("annotated releases are missing from the tables")
    return {kind: row.get("f1", row.get("accuracy")) for kind, row in rows.items()}


def lift(table: str, reached: Scores, floors: Scores) -> None:
    """Write a set's floors that were exceeded at their new height."""
    text = FLOORS.read_text(encoding="utf-8")
    head, _, rest = text.partition(f"[{table}]\n")
    body, bracket, tail = rest.partition("\n[")
    # Cut, not rounded: a floor must be reachable by the very run that set it.
    new = {kind: max(int(value * 1000) / 1000, floors.get(kind, 0.0)) for kind, value in reached.items()}
    body = "".join(f"{kind} = {floor:.3f}\n" for kind, floor in new.items())
    joined = re.sub(r"\n{3,}", "\n\n", f"{head.rstrip()}\n\n[{table}]\n{body}{bracket}{tail}")
    FLOORS.write_text(joined.rstrip() + "\n", encoding="utf-8")


def print_table(columns: dict[str, Scores]) -> None:
    print(f"{'':10s}", *(f"{name:>16s}" for name in columns))
    for kind in next(iter(columns.values())):
        print(f"{kind:10s}", *(f"{scores[kind]:16.3f}" for scores in columns.values()))


if __name__ == "__main__":
    main()
