"""Thai and English messages: by the locale, each used, each with its parts in both."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest
from tests.helpers import Run, environment, moi, write_releases

import moi_pipeline
from moi_pipeline.api import Moi
from moi_pipeline.messages import catalogue, language, tr, translated

LOCALE = ("MOI_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
PART = re.compile(r"\{[^}]*\}")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"LANG": "th_TH.UTF-8"}, "th"),
        ({"LANG": "th"}, "th"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({}, "en"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "th_TH.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "th_TH", "LANG": "en_US.UTF-8"}, "th"),
        ({"LC_ALL": "C", "LC_MESSAGES": "th_TH"}, "en"),
        ({"MOI_LANG": "th", "LC_ALL": "C"}, "th"),
        ({"MOI_LANG": "en", "LC_ALL": "th_TH.UTF-8"}, "en"),
        ({"LANG": "thv_DZ"}, "en"),
    ],
)
def test_the_language(told: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LOCALE:
        monkeypatch.delenv(name, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


def said_by_the_code() -> set[str]:
    """Every text in the code, the parts of it that are filled in without their names."""
    said = set()
    for path in Path(moi_pipeline.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(PART.sub("{}", node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
                said.add("".join(map(str, parts)))
    return said


def test_every_message_is_used_and_whole() -> None:
    said = said_by_the_code()
    for english, thai in catalogue().items():
        assert PART.sub("{}", english) in said, f"nobody says {english!r}"
        assert sorted(PART.findall(english)) == sorted(PART.findall(thai)), english
        assert re.search("[ก-๙]", thai) or not PART.sub("", english).strip(" :/"), thai


def test_messages_are_filled_in_and_unknown_ones_stay_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOI_LANG", "th")
    assert tr("{time} left", time="8 s") == "เหลืออีก 8 s"
    assert translated("no article 'x{y}'") == "ไม่มีข่าว 'x{y}'"
    assert translated("there are no tables yet") == "ยังไม่มีตาราง"
    assert translated("something that nobody translated") == "something that nobody translated"
    monkeypatch.setenv("MOI_LANG", "en")
    assert tr("{time} left", time="8 s") == "8 s left"
    assert translated("there are no tables yet") == "there are no tables yet"


def test_the_command_line_in_thai(
    tables: Moi, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    thai = {name: value for name, value in environment().items() if name not in LOCALE} | {
        "LANG": "th_TH.UTF-8"
    }
    failed = moi("status", cwd=tmp_path, expect=1, env=thai)
    assert "ไม่ใช่พื้นที่ทำงาน" in failed.stderr
    assert 'สร้างด้วย "moi init .' in failed.stderr
    monkeypatch.setenv("MOI_LANG", "th")
    _, out, _ = run("-w", tables.root, "search", "หมู่บ้านตัวอย่าง")
    assert "แสดง 6 จาก 6 ข่าวที่พบ" in out
    _, out, _ = run("-w", tables.root, "status")
    assert "ตาราง: articles 6" in out
    article = tables.sql("SELECT min(article_id) FROM articles").fetchall()[0][0]
    _, out, _ = run("-w", tables.root, "show", article)
    assert "[d] วันที่" in out
    assert out.startswith("ข่าว ")
    in_thai = run("-w", tables.root, "search", "หมู่บ้านตัวอย่าง", "--json")[1]
    monkeypatch.setenv("MOI_LANG", "en")
    in_english = run("-w", tables.root, "search", "หมู่บ้านตัวอย่าง", "--json")[1]
    cleared = [re.sub(r'"milliseconds": [\d.]+', "", text) for text in (in_thai, in_english)]
    assert cleared[0] == cleared[1], "facts for programs are the same"


def test_what_a_run_says_in_thai(ws: Moi, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    releases = write_releases(tmp_path / "releases", 3)
    (releases / "empty.txt").write_text("", encoding="utf-8")
    monkeypatch.setenv("MOI_LANG", "th")
    _, out, err = run("-w", ws.root, "fetch", releases)
    assert out.startswith("files: พบในรายการ 4, ใหม่ 3, ไม่เปลี่ยน 0, ไม่รับไว้ 1 (")
    assert "  ไม่รับไว้ " in err
    (ws.root / "sources.toml").write_text(f"[sources.mine]\nkind = 'files'\npath = '{releases}'\n")
    _, out, _ = run("-w", ws.root, "refresh")
    assert out.startswith("refresh: ใหม่ 3, แก้ไข 0, ไม่รับไว้ 1, ไม่สำเร็จ 0, เตือน 0 จาก 1 แหล่ง, ")
    told = max((ws.root / "data" / "runs").glob("*-refresh.json")).read_text(encoding="utf-8")
    assert "พบ" not in told, "records are for programs"
    code, out, _ = run("-w", ws.root, "verify")
    assert (code, out[:10]) == (0, "ตรวจแล้ว 6")
    _, out, _ = run("-w", ws.root, "report", "-o", tmp_path / "r.html")
    assert "ข่าว 3 เรื่อง, " in out
    _, out, _ = run("-w", ws.root, "doctor", "--offline")
    assert "ok    ตาราง: ข่าว 6 เรื่อง สร้างเมื่อ " in out
    assert ": refresh: 3 new, 0 changed, 1 refused, " in out, "what logs and records say is told as it stands"
    assert "warn  ผู้ติดต่อ: ไม่ได้บอกเว็บไซต์ว่าติดต่อใครได้\n      เพิ่มบรรทัดเช่น contact = " in out
    segment = next((ws.root / "data" / "raw" / "mine").glob("*.parquet"))
    segment.write_bytes(segment.read_bytes()[:-20])
    code, _, err = run("-w", ws.root, "verify")
    assert code == 1
    assert (
        f"moi: เสียหาย {segment.relative_to(ws.root)}: ข้อมูลในไฟล์ไม่ตรงกับที่เขียนไว้\n     moi extract จะเก็บ" in err
    )
    facts = json.loads(run("-w", ws.root, "doctor", "--offline", "--json")[1])
    assert {"tables", "contact"} <= {fact["about"] for fact in facts}
