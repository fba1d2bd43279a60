"""Who is one person, measured on a constructed truth: names with slips, careers, namesakes, brothers.

Some 120 invented people hold offices, move and are misspelt in some 500 releases. Every pair of mentions is
one person's or two people's, by the truth and by ``person_id``; precision and recall of the pairs have floors.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

from tests.invented import told, write

from moi_pipeline.api import Moi

#: What is reached; it only goes up.
PRECISION, RECALL = 0.99, 0.99

PROVINCES = ("ตรัง", "สตูล", "น่าน", "แพร่", "เลย", "ตาก", "ระนอง", "กระบี่", "ยะลา", "พะเยา", "ลำพูน", "สิงห์บุรี")
MONTHS = ("มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม",
          "พฤศจิกายน", "ธันวาคม")  # fmt: skip
POSTS = ("ผู้ว่าราชการจังหวัด", "รองผู้ว่าราชการจังหวัด", "ปลัดจังหวัด", "พัฒนาการจังหวัด")
GIVEN = (
    "สมชาติ",
    "วิเชียร",
    "ประเสริฐ",
    "ธนากร",
    "สุรศักดิ์",
    "อรทัย",
    "วันเพ็ญ",
    "กิตติพงษ์",
    "นิรันดร์",
    "พรทิพย์",
    "มานิตย์",
    "ชัยวัฒน์",
)
FIRST, SECOND = (
    ("ใจ", "บุญ", "ทอง", "แก้ว", "ศรี", "คำ", "แสง", "วงศ์", "พงศ์", "เจริญ"),
    ("มงคล", "รุ่งเรือง", "สุขสันต์", "ประเสริฐ", "เกษม", "พาณิชย์", "วิไล", "ธรรมรัตน์", "สวัสดี", "ไพบูลย์"),
)
MARKS = "่้๊๋์็"


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody in an office of a province, from a day on for some months."""

    post: str
    province: str
    since: date


def misspelt(name: str, how: str, chance: random.Random) -> str:
    """The name with a slip that a typist makes."""
    given, family = name.split(" ")
    if how == "mark":
        places = [i for i, letter in enumerate(family) if letter in MARKS]
        at = chance.choice(places) if places else len(family)
        return f"{given} {family[:at]}{family[at + 1 :]}"
    if how == "spaces":
        return f"{given}   {family}"
    consonants = [i for i, letter in enumerate(family[:-1]) if "ก" <= letter <= "ฮ" and i > 0]
    at = chance.choice(consonants)
    if how == "twice":
        return f"{given} {family[:at]}{family[at]}{family[at:]}"
    return f"{given} {family[:at]}{chance.choice('กดตนมรลส')}{family[at + 1 :]}"


def releases(chance: random.Random) -> tuple[dict[str, str], dict[str, int]]:
    """Releases, and whose name each holds."""
    families = [a + b for a in FIRST for b in SECOND]
    chance.shuffle(families)
    names = [f"{GIVEN[i % len(GIVEN)]} {family}" for i, family in enumerate(families)]
    stays: dict[int, tuple[str, list[Stay]]] = {}
    # One governor a province at a time, and three others beside him; each goes to another province after a year.
    for i, name in enumerate(names):
        post, since = POSTS[i % 4], date(2023, 10, 1) + timedelta(days=400 * (i // 48))
        here, there = PROVINCES[i // 4 % 12], PROVINCES[(i // 4 + 5) % 12]
        stays[i] = (
            name,
            [Stay(post, here, since), Stay(post, there, since + timedelta(days=366))][: 1 + i % 2],
        )
    # Namesakes of the first ten, in another province at the very time.
    for i in range(10):
        _, (stay, *_) = stays[i]
        far = PROVINCES[(PROVINCES.index(stay.province) + 6) % 12]
        stays[1000 + i] = names[i], [Stay(stay.post, far, stay.since)]
    texts, truth = {}, {}
    for person, (name, places) in stays.items():
        for number, stay in enumerate(places):
            for visit in range(4):
                day = stay.since + timedelta(days=20 + 70 * visit + chance.randrange(20))
                how = chance.choice(("", "", "", "", "mark", "spaces", "letter", "twice")) if visit else ""
                spelt = misspelt(name, how, chance) if how else name
                key = f"{person:04d}-{number}-{visit}"
                when = f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}"
                title = chance.choice(("นาย", "นาย", "ดร.", "ว่าที่ร้อยตรี "))
                # About something else each time, so that no two are the same release.
                about = f"ตรวจงาน{chance.choice(FIRST)}{chance.choice(SECOND)}ครั้งที่ {chance.randrange(1000)}"
                official = f"{title}{spelt} {stay.post}{stay.province}"
                texts[key], truth[key] = told(stay.province, when, official, about), person
    return texts, truth


def test_persons_are_gathered_as_the_truth_has_them(ws: Moi, tmp_path: Path) -> None:
    texts, truth = releases(random.Random(2567))
    ws.fetch(write(tmp_path / "releases", texts))
    ws.extract()
    found = ws.sql(
        "SELECT regexp_extract(url, '([^/]+)\\.txt$', 1), person_id "
        "FROM officials JOIN articles USING (article_id) WHERE person_id IS NOT NULL"
    ).fetchall()
    assert len({key for key, _ in found}) >= 0.99 * len(texts), "names are read"
    pairs = {
        name: {pair for keys in group.values() for pair in combinations(sorted(keys), 2)}
        for name, group in (("found", by(dict(found))), ("true", by(truth)))
    }
    both = len(pairs["found"] & pairs["true"])
    precision, recall = both / len(pairs["found"]), both / len(pairs["true"])
    print(f"persons: {len(texts)} releases, precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= PRECISION, sorted(pairs["found"] - pairs["true"])[:10]
    assert recall >= RECALL, sorted(pairs["true"] - pairs["found"])[:10]


def by(whose: dict[str, str] | dict[str, int]) -> dict[str | int, list[str]]:
    """The keys of each person."""
    groups: defaultdict[str | int, list[str]] = defaultdict(list)
    for key, person in whose.items():
        groups[person].append(key)
    return groups
