"""Run the pipeline on annotated releases, print the scores, and hold them against the floors.

    python quality/evaluate.py GOLD_DIR SCORE_PY [--raise] [--misses KIND]

Prints a table for all annotated releases and one for the held-back ones alone. Exit code 1 where a score is
below its floor. ``--raise`` lifts the floors to what was reached; nothing ever lowers one.
``--misses KIND`` lists what was missed (-) and made up (+), held-back releases left out.
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
from pathlib import Path
from typing import Any

import moi_pipeline as moi
from moi_pipeline.setup import make_workspace

FLOORS = Path(__file__).with_name("floors.toml")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("score", type=Path)
    parser.add_argument("--raise", dest="lift", action="store_true")
    parser.add_argument("--misses", metavar="KIND")
    args = parser.parse_args()
    settings = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    held_back: list[str] = settings["held_back"]
    floors: dict[str, float] = settings["floors"]
    with tempfile.TemporaryDirectory() as scratch:
        curated = extract_gold(args.gold, Path(scratch))
        others = annotations(args.gold, Path(scratch) / "others", lambda name: name not in held_back)
        if args.misses:
            subprocess.run([sys.executable, args.score, others, curated, "--misses", args.misses], check=True)
            return
        unseen = annotations(args.gold, Path(scratch) / "unseen", lambda name: name in held_back)
        every = score(args.score, args.gold, curated)
        print_table({"all": every, "written on": score(args.score, others, curated), "held back": score(args.score, unseen, curated)})
    low = below(every, floors)
    for kind, (reached, floor) in low.items():
        print(f"BELOW THE FLOOR: {kind} {reached:.3f}, floor {floor:.3f}")
    if args.lift:
        lift(every, floors)
    sys.exit(1 if low else 0)


def extract_gold(gold: Path, scratch: Path) -> Path:
    """Fetch and extract the annotated releases in a new workspace; returns its curated folder."""
    make_workspace(scratch / "workspace")
    ws = moi.open(scratch / "workspace")
    ws.fetch(gold)
    ws.extract(workers=1)
    return ws.curated


def annotations(gold: Path, folder: Path, wanted: Any) -> Path:
    """A folder with the annotations whose name is wanted."""
    folder.mkdir()
    for path in sorted(gold.glob("*.json")):
        if wanted(path.stem):
            shutil.copy(path, folder)
    return folder


def score(script: Path, gold: Path, curated: Path) -> dict[str, float]:
    """The scores by kind: F1, or accuracy where the kind has one answer a release."""
    done = subprocess.run(
        [sys.executable, script, gold, curated, "--json"], check=True, capture_output=True, text=True
    )
    rows: dict[str, Any] = json.loads(done.stdout)
    if rows.pop("absent"):
        raise SystemExit("annotated releases are missing from the tables")
    return {kind: row.get("f1", row.get("accuracy")) for kind, row in rows.items()}


def below(reached: dict[str, float], floors: dict[str, float]) -> dict[str, tuple[float, float]]:
    """The kinds that are below their floor, with what was reached and the floor."""
    return {kind: (reached[kind], floor) for kind, floor in floors.items() if reached[kind] < floor}


def lift(reached: dict[str, float], floors: dict[str, float]) -> None:
    """Write the floors that were exceeded at their new height."""
    text = FLOORS.read_text(encoding="utf-8")
    for kind, value in reached.items():
        # Cut, not rounded: a floor must be reachable by the very run that set it.
        new = int(value * 1000) / 1000
        if kind not in floors:
            text += f"{kind} = {new:.3f}\n"
        elif new > floors[kind]:
            text = re.sub(rf"(?m)^{kind} = .*$", f"{kind} = {new:.3f}", text)
    FLOORS.write_text(text, encoding="utf-8")


def print_table(columns: dict[str, dict[str, float]]) -> None:
    print(f"{'':10s}", *(f"{name:>11s}" for name in columns))
    for kind in next(iter(columns.values())):
        print(f"{kind:10s}", *(f"{scores[kind]:11.3f}" for scores in columns.values()))


if __name__ == "__main__":
    main()
