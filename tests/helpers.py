"""What several test files need: invented releases, the command line run for real, tables compared."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from moi_pipeline.api import Moi

#: The command line inside this process: exit code, output and errors.
Run = Callable[..., tuple[int, str, str]]

MENTIONS = ("dates", "officials", "projects", "policy_items", "quantities", "places", "removed")

PROVINCES = ("นครพนม", "ตรัง", "น่าน", "สุรินทร์", "ชลบุรี")
MONTHS = ("มกราคม", "มีนาคม", "มิถุนายน", "สิงหาคม", "ธันวาคม")


def release(number: int, note: str = "") -> str:
    """An invented release in the form of provincial sites; the same number gives the same text."""
    province = PROVINCES[number % len(PROVINCES)]
    month = MONTHS[number % len(MONTHS)]
    day = 1 + number % 27
    return (
        f"จังหวัด{province}ประชุมติดตามงานครั้งที่ {number}\n\n"
        f"วันที่ {day} {month} 2566 เวลา 09.30 น. นายทดสอบ ใจกล้า{'ก' * (number % 3)} ผู้ว่าราชการจังหวัด{province} "
        f"เป็นประธานการประชุมติดตามโครงการ “หมู่บ้านตัวอย่าง” ณ ห้องประชุม ศาลากลางจังหวัด{province} "
        f"อำเภอเมือง จังหวัด{province} มีผู้เข้าร่วม {10 + number} คน งบประมาณ 1,500,000 บาท\n"
        "โดยได้มอบนโยบาย จำนวน 3 ข้อ ดังนี้\n"
        f"1. ติดตามงานให้เสร็จภายในวันที่ {day} ของทุกเดือน\n"
        "2. ดูแลประชาชนอย่างทั่วถึง\n"
        f"3. รายงานผลให้ทราบ {note}\n"
    )


def write_releases(folder: Path, count: int, first: int = 0) -> Path:
    """A folder with ``count`` text releases, named so that they sort by number."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"{number:05d}.txt").write_text(release(number), encoding="utf-8")
    return folder


def environment(**more: str) -> dict[str, str]:
    """The environment for a child: ours without what would choose a workspace or a terminal for it."""
    unwanted = ("MOI_HOME", "FORCE_COLOR", "NO_COLOR", "COLUMNS", "LINES", "TERM")
    return {name: value for name, value in os.environ.items() if name not in unwanted} | more


def moi(
    *args: str | Path, cwd: Path, expect: int = 0, env: dict[str, str] | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run the real command line in a process of its own, and hold its exit code against ``expect``."""
    done = subprocess.run(
        [sys.executable, "-m", "moi_pipeline", *map(str, args)],
        cwd=cwd,
        env=env or environment(),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )
    assert done.returncode == expect, f"{args} gave {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert "Traceback" not in done.stderr, done.stderr
    return done


def start_moi(*args: str | Path, cwd: Path, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Start the command line as the leader of a new process group and don't wait for it."""
    return subprocess.Popen(
        [sys.executable, "-m", "moi_pipeline", *map(str, args)],
        cwd=cwd,
        env=environment(),
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def wait_for(what: Callable[[], object], seconds: float = 60) -> bool:
    """Poll until ``what()`` is true; says whether that came before the deadline."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.001)
    return True


def mention_bytes(workspace: Moi) -> dict[str, bytes]:
    """The Parquet files of the mention tables, byte for byte."""
    return {name: (workspace.curated / f"{name}.parquet").read_bytes() for name in MENTIONS}


def contents(
    workspace: Moi, without: tuple[str, ...] = ("fetched_at",)
) -> dict[str, list[tuple[object, ...]]]:
    """All rows of articles, the mention tables and failures, without the columns named, in an order of their own."""
    found = {}
    with duckdb.connect(str(workspace.database.resolve()), read_only=True) as con:
        for name in ("articles", *MENTIONS, "persons", "tenures", "programmes", "failures"):
            columns = [row[0] for row in con.execute(f"DESCRIBE {name}").fetchall()]
            left_out = ", ".join(column for column in without if column in columns)
            exclude = f"EXCLUDE ({left_out})" if left_out else ""
            found[name] = sorted(con.execute(f"SELECT * {exclude} FROM {name}").fetchall(), key=repr)
    return found


@contextlib.contextmanager
def unprivileged() -> Iterator[None]:
    """Be nobody for a while where the tests run as root, whom no permission stops."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(65534)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of its own, of that size. Needs root; skips the test where none can be mounted."""
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode != 0:
        pytest.skip("no disk can be mounted here (needs root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
