"""The questions of ``queries/examples/``, each run on the packaged samples and held against its expected answer.

A few invented releases stand beside the samples, so that there is something to find for every question.

``python -m tests.test_examples`` writes the answers anew: read what changed before it is committed.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from tests.invented import ORDERS, told, write

import moi_pipeline
from moi_pipeline.api import Moi
from moi_pipeline.setup import make_workspace, packaged_queries
from moi_pipeline.show.tables import to_json

EXAMPLES = sorted((packaged_queries() / "examples").glob("*.sql"))
MORE = {
    "orders-1": told("ตรัง", "3 กรกฎาคม 2567", "นายมานพ เขาหลักใหญ่ ผู้ว่าราชการจังหวัดตรัง", orders=ORDERS),
    "orders-2": told("สตูล", "5 กรกฎาคม 2567", "นายวิทยา เกาะใหญ่งาม ผู้ว่าราชการจังหวัดสตูล", orders=ORDERS),
    "conflict-1": told("ตรัง", "20 กรกฎาคม 2567", "นายมานพ เขาหลักใหญ่ ผู้ว่าราชการจังหวัดตรัง", "เปิดงานเทศกาลของดี"),
    "conflict-2": told("ตรัง", "12 กรกฎาคม 2567", "นายบรรจง ทะเลใต้คราม ผู้ว่าราชการจังหวัดตรัง", "เปิดสวนสาธารณะ"),
    "typing-error": told("สตูล", "9 กรกฎาคม 2567", "นายวิทยา เกาะใหญ่งาน ผู้ว่าราชการจังหวัดสตูล", "ปลูกป่าชายเลน"),
    "earlier-office": told("พัทลุง", "2 มีนาคม 2566", "นายวิทยา เกาะใหญ่งาม รองผู้ว่าราชการจังหวัดพัทลุง"),
    "too-few": told("ระนอง", "8 มีนาคม 2566", orders=ORDERS[:2], declared=3),
}
ANSWERS = Path(__file__).with_name("answers.json")


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Moi:
    return _build(tmp_path_factory.mktemp("samples"))


def _build(folder: Path) -> Moi:
    make_workspace(folder)
    workspace = Moi(folder.resolve())
    again = (Path(moi_pipeline.__file__).parent / "samples" / "01-nan-policy.txt").read_text(encoding="utf-8")
    more = write(folder / "more", MORE | {"posted-again": f"ข่าวเด่นประจำวัน - {again}"})
    workspace.fetch("samples")
    workspace.fetch(more)
    workspace.extract()
    return workspace


def _answer(workspace: Moi, path: Path) -> list[dict[str, Any]]:
    """The rows of an example as JSON has them; where the folder lies makes no difference."""
    result = workspace.sql(path.read_text(encoding="utf-8"))
    rows = [dict(zip(result.columns, row, strict=True)) for row in result.fetchall()]
    answer: list[dict[str, Any]] = json.loads(re.sub(r'"file://[^"]*/', '"file://', to_json(rows)))
    return answer


def test_there_are_enough_of_them() -> None:
    assert len(EXAMPLES) >= 15


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_says_what_it_asks(path: Path) -> None:
    first, *rest = path.read_text(encoding="utf-8").splitlines()
    assert first.startswith("-- ")
    assert first.endswith("?"), "the first line is the question"
    assert "ORDER BY" in "\n".join(rest), "the answer stands in an order of its own"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_gives_its_answer(samples: Moi, path: Path) -> None:
    expected = json.loads(ANSWERS.read_text(encoding="utf-8"))
    assert _answer(samples, path) == expected[path.stem]


def test_no_answer_is_left_of_an_example_that_is_gone() -> None:
    assert set(json.loads(ANSWERS.read_text(encoding="utf-8"))) == {path.stem for path in EXAMPLES}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        built = _build(Path(scratch))
        found = {path.stem: _answer(built, path) for path in EXAMPLES}
    ANSWERS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print({name: len(rows) for name, rows in found.items()})
