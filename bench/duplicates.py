"""Measure how well near-duplicates are found: precision and recall on pairs made by editing real releases.

    python bench/duplicates.py CORPUS_DIR

Each release gets two edited copies that are the same release (as another site would post it) and two that are
not: the next report of the same template (other numbers, other day) and the same programme in another province.
Releases with an even number served to choose the thresholds in queries/; those with an odd number are the test.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import moi_pipeline as moi
from moi_pipeline.setup import make_workspace

PROVINCES = ("นครพนม", "ตรัง", "น่าน", "สุรินทร์", "ชลบุรี", "เชียงราย", "สตูล", "ชัยนาท")
MONTHS = [
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
]
SHORT_MONTHS = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)
GIVEN = ("ทดสอบ", "สมมุติ", "ตัวอย่าง", "จำลอง", "ทดลอง", "ลองดู")
FAMILY = ("ใจกล้า", "งานดี", "มั่นคงยิ่ง", "รุ่งเรืองผล", "แสนสุขใจ", "ทองแท้งาม")
LETTERS = "กขคงจชดตทนบปผพมยรลวสหอ"
ADDED = (
    "ทั้งนี้ ประชาชนที่สนใจสามารถสอบถามรายละเอียดเพิ่มเติมได้ที่หน่วยงานใกล้บ้านในวันและเวลาราชการ หรือติดตามข่าวสารทางเว็บไซต์",
    "ข่าว/ภาพ : กลุ่มงานประชาสัมพันธ์ เรียบเรียงโดยทีมงานข่าวของสำนักงาน เผยแพร่เพื่อประโยชน์ต่อสาธารณะ",
    "สำหรับการดำเนินงานในระยะต่อไป จะมีการติดตามและประเมินผลอย่างต่อเนื่อง เพื่อให้เกิดประโยชน์สูงสุดแก่ประชาชน",
)

Lines = list[str]


def site_prefix(lines: Lines, rng: random.Random) -> Lines:
    return [f"สำนักงานจังหวัด - ข่าวประชาสัมพันธ์ - {lines[0]}", *lines[1:]]


def drop_paragraph(lines: Lines, rng: random.Random) -> Lines:
    """One paragraph of the body is left out, not the longest: that would leave another release."""
    body = [at for at, line in enumerate(lines) if at and len(line) > 80]
    if len(body) < 3:
        return lines
    longest = max(body, key=lambda at: len(lines[at]))
    gone = rng.choice([at for at in body if at != longest])
    return [line for at, line in enumerate(lines) if at != gone]


def add_paragraph(lines: Lines, rng: random.Random) -> Lines:
    return [*lines, "", rng.choice(ADDED)]


def marks(lines: Lines, rng: random.Random) -> Lines:
    table = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})
    return [line.translate(table) for line in lines]


def spacing(lines: Lines, rng: random.Random) -> Lines:
    return [re.sub(r"  +", " ", line).replace(" ฯ", "ฯ").replace(" ๆ", "ๆ") for line in lines if line.strip()]


def typos(lines: Lines, rng: random.Random) -> Lines:
    """Three letters in a thousand are wrong, never a digit."""

    def slip(line: str) -> str:
        return "".join(rng.choice(LETTERS) if c in LETTERS and rng.random() < 0.003 else c for c in line)

    return [slip(line) for line in lines]


def cut_end(lines: Lines, rng: random.Random) -> Lines:
    """The list page's teaser: the end is cut off, a fifth to two fifths of the text."""
    keep = int(sum(map(len, lines)) * rng.uniform(0.6, 0.8))
    kept: Lines = []
    for line in lines:
        if keep <= 0:
            break
        kept.append(line[:keep])
        keep -= len(line)
    return [*kept, "..."]


def title_again(lines: Lines, rng: random.Random) -> Lines:
    return [lines[0], "", lines[0], *lines[1:]]


SAME: tuple[Callable[[Lines, random.Random], Lines], ...] = (
    site_prefix,
    drop_paragraph,
    add_paragraph,
    marks,
    spacing,
    typos,
    cut_end,
    title_again,
)


def next_report(text: str, rng: random.Random) -> str | None:
    """The same template some days later, with other amounts; None where it counts too little."""
    later = rng.randint(2, 9)
    changed = Counter[str]()

    def amount(found: re.Match[str]) -> str:
        digits = found[0].replace(",", "")
        if re.fullmatch(r"\d|0\d+|25[56]\d|20[12]\d|\d{10,}", digits):
            return found[0]
        changed["amount"] += 1
        return f"{int(digits) * 11 // 10 + rng.randint(1, 9):,}"

    def day(found: re.Match[str]) -> str:
        changed["day"] += 1
        return f"{(int(found[1]) + later - 1) % 28 + 1}{found[2]}"

    months = "|".join([*MONTHS, *(re.escape(m) for m in SHORT_MONTHS)])
    text = re.sub(rf"(?<![\d/.:])\d[\d,]*(?![\d/:]|\.\d)(?!\s*(?:{months}|น\.))", amount, text)
    text = re.sub(rf"(?<!\d)(\d{{1,2}})(\s*(?:{months}))", day, text)
    text = re.sub(r"(?<![\d/])(\d{1,2})(/\d{1,2}/(?:25)?\d\d)", day, text)
    return text if changed["amount"] >= 4 and changed["day"] >= 2 else None


def other_province(text: str, rng: random.Random) -> str | None:
    """The same programme in another province on the same day: its name and people are others.

    None where the title names no province or the body names it less than three times: that would be no other event.
    """
    title = text.splitlines()[0]
    named = [
        name
        for name, count in Counter(re.findall(r"จังหวัด([ก-๙]{3,14}?)(?=[\s)]|$)", text)).most_common(3)
        if count >= 3 and name in title
    ]
    if not named:
        return None
    other = rng.choice([p for p in PROVINCES if p != named[0]])
    text = text.replace(named[0], other)
    return re.sub(
        r"(นางสาว|นาย|นาง)([ก-๙]{2,12}) +([ก-๙]{2,20})",
        lambda found: f"{found[1]}{rng.choice(GIVEN)} {rng.choice(FAMILY)}",
        text,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--keep", type=Path, help="make the workspace here and leave it")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        measure(args.corpus, args.keep or Path(scratch))


def measure(corpus: Path, folder: Path) -> None:
    releases = folder / "releases"
    releases.mkdir(parents=True)
    for path in sorted(corpus.glob("*.txt")):
        rng = random.Random(path.stem)
        text = path.read_text(encoding="utf-8-sig")
        (releases / path.name).write_text(text, encoding="utf-8")
        for copy in range(2):
            lines = text.splitlines()
            edits = rng.sample(SAME, rng.randint(1, 3))
            for edit in edits:
                lines = edit(lines, rng)
            told = "-".join(edit.__name__ for edit in edits)
            (releases / f"{path.stem}.same{copy}.{told}.txt").write_text("\n".join(lines), encoding="utf-8")
        for name, other in (("next", next_report(text, rng)), ("elsewhere", other_province(text, rng))):
            if other is not None:
                (releases / f"{path.stem}.{name}.txt").write_text(other, encoding="utf-8")
    make_workspace(folder / "ws")
    ws = moi.open(folder / "ws")
    ws.fetch(releases)
    ws.extract(workers=2)
    found = ws.sql(
        "SELECT parse_filename(a.url), coalesce(a.duplicate_of, a.article_id) FROM articles AS a ORDER BY a.url"
    ).fetchall()
    for half, name in ((0, "chosen on"), (1, "tested on")):
        score(name, [(file, head) for file, head in found if int(file[:3]) % 2 == half])


def score(name: str, found: list[tuple[str, str]]) -> None:
    """Pairs of one release against pairs that were put together."""
    cluster = dict(found)
    truth = {
        file: file[:3] if ".next." not in file and ".elsewhere." not in file else file for file in cluster
    }
    wanted = pairs(truth)
    # Two releases of the corpus that were put together are shown to be judged by eye, and not counted.
    made = {pair for pair in pairs(cluster) if pair[0][:3] == pair[1][:3]}
    unjudged = {(a[:3], b[:3]) for a, b in pairs(cluster) if a[:3] != b[:3]}
    hits = wanted & made
    edits = Counter(
        edit
        for pair in wanted - made
        for file in pair
        if ".same" in file
        for edit in file.split(".")[2].split("-")
    )
    wrong = Counter(f"{kind(a)}-{kind(b)}" for a, b in made - wanted)
    print(
        f"{name}: {len(cluster)} articles, {sum('.next.' in f for f in cluster)} next reports, "
        f"{sum('.elsewhere.' in f for f in cluster)} elsewhere; {len(wanted)} pairs: "
        f"precision {len(hits) / max(1, len(made)):.4f}, recall {len(hits) / max(1, len(wanted)):.4f}"
    )
    print(f"  missed after {dict(edits.most_common())}")
    print(f"  wrong {dict(wrong)}; put together and not judged: {sorted(unjudged)}")


def kind(file: str) -> str:
    return file.split(".")[1].rstrip("01") if file.count(".") > 1 else "original"


def pairs(cluster: dict[str, str]) -> set[tuple[str, str]]:
    members: dict[str, list[str]] = {}
    for file, head in sorted(cluster.items()):
        members.setdefault(head, []).append(file)
    return {(a, b) for files in members.values() for at, a in enumerate(files) for b in files[at + 1 :]}


if __name__ == "__main__":
    main()
