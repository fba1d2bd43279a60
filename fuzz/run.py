"""Fuzz the targets for so many seconds in all: ``python fuzz/run.py 3600``, or ``make fuzz SECONDS=3600``.

Needs atheris (``pip install 'moi-pipeline[fuzz]'``). Begins from fuzz/corpus and works in fuzz/scratch, which is not
committed; what breaks a promise is kept in fuzz/scratch/finds, and the run goes on without it. At the end a line a
target: executions, processor time, finds. Exit code 1 where anything was found.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
WORK = HERE / "scratch"
#: Of the time, and the longest input: a release of usual length is some kilobytes.
SHARES = {"thai": 30, "stretch": 15, "read": 25, "feed": 8, "sitemap": 6, "warc": 8, "web": 8}
LONGEST = {
    "thai": 1500,
    "stretch": 60,
    "read": 4000,
    "feed": 4000,
    "sitemap": 4000,
    "warc": 4000,
    "web": 4000,
}


def main() -> int:
    """Run each target in a process of its own, one after the other; again after a find, until its time is up."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("seconds", type=float, help="for all targets together")
    asked.add_argument("--target", choices=SHARES, action="append")
    asked.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    args = asked.parse_args()
    if args.child:
        return _fuzz(args.target[0], args.seconds)
    names = args.target or list(SHARES)
    total = sum(SHARES[name] for name in names)
    rows = [_session(name, args.seconds * SHARES[name] / total) for name in names]
    print(f"{'target':8} {'executions':>12} {'CPU minutes':>12} {'finds':>6}")
    for name, executions, minutes, finds in rows:
        print(f"{name:8} {executions:12,} {minutes:12.1f} {finds:6}")
    return 1 if any(row[3] for row in rows) else 0


def _session(name: str, seconds: float) -> tuple[str, int, float, int]:
    until = time.monotonic() + seconds
    executions = finds = 0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    (WORK / "finds").mkdir(parents=True, exist_ok=True)
    with (WORK / f"{name}.log").open("a", encoding="utf-8") as log:
        while (left := until - time.monotonic()) > 1:
            command = [sys.executable, __file__, "--child", "--target", name, f"{left:.0f}"]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            told = done.stdout.decode("utf-8", "replace")
            log.write(told)
            counted = re.findall(r"^(?:stat::number_of_executed_units: |#)(\d+)", told, re.MULTILINE)
            executions += max(map(int, counted), default=0)
            if done.returncode:
                finds += 1
                print(f"{name}: {_last_error(told)}", flush=True)
                if not counted:
                    break  # it did not even begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return name, executions, spent / 60, finds


def _last_error(told: str) -> str:
    lines = [
        line
        for line in told.splitlines()
        if re.match(r"[\w.]+(?:Error|Broke|Exception)\b|==\d+== ERROR", line)
    ]
    kept = re.findall(r"Test unit written to (\S+)", told)
    return f"{lines[-1] if lines else 'ended badly'} ({Path(kept[-1]).name if kept else 'no input kept'})"


def _fuzz(name: str, seconds: float) -> int:
    import atheris

    with atheris.instrument_imports(include=["moi_pipeline", "feedparser"]):
        sys.path.insert(0, str(HERE.parent))
        from fuzz import targets
    targets.slower = 4.0
    target = targets.TARGETS[name]
    live = WORK / name
    live.mkdir(parents=True, exist_ok=True)
    seeds = targets.CORPUS / name
    options = [
        str(live),
        str(seeds),
        f"-max_total_time={seconds:.0f}",
        f"-max_len={LONGEST[name]}",
        f"-artifact_prefix={WORK / 'finds'}{os.sep}{name}-",
        "-timeout=60",
        "-rss_limit_mb=3000",
        "-print_final_stats=1",
        "-reload=0",
    ]
    atheris.Setup([sys.argv[0], *options], target)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
