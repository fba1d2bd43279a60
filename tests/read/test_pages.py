"""Whole pages in the form of the real content systems, against the article that stands on them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from moi_pipeline.read import Article, read_capture

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.html"))


def golden(name: str) -> dict[str, str | None]:
    found: dict[str, str | None] = json.loads((PAGES / f"{name}.json").read_text("utf-8"))
    return found


def article(body: bytes, **labels: str | None) -> Article:
    found = read_capture(body, kind="html", **labels)  # type: ignore[arg-type]
    assert isinstance(found, Article), found
    return found


def as_golden(found: Article) -> dict[str, str | None]:
    span = found.published_span
    return {
        "title": found.title,
        "published_at": found.published_at.isoformat() if found.published_at else None,
        "posting": found.text[slice(*span)] if span else None,
        "text": found.text,
    }


@pytest.mark.parametrize("name", NAMES)
def test_page_gives_its_article(name: str) -> None:
    assert as_golden(article((PAGES / f"{name}.html").read_bytes())) == golden(name)


def test_every_kind_of_page_is_there() -> None:
    assert {"wordpress", "elementor", "joomla", "k2", "ewt", "platform", "servlet", "homemade"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "label", ["windows-874", "tis-620", "iso-8859-11", "utf-8", "iso-8859-1", "nonsense", None]
)
def test_windows_874_under_any_label_and_none(name: str, label: str | None) -> None:
    raw = (PAGES / f"{name}.html").read_bytes()
    text = raw.decode("cp874" if name == "ewt" else "utf-8")
    text = re.sub(r"charset=[\"']?[\w-]+[\"']?", "", text, flags=re.I)
    found = article(text.encode("cp874", "xmlcharrefreplace"), charset=label)
    assert as_golden(found) == golden(name)
    assert found.charset == "windows-874"


@pytest.mark.parametrize("name", NAMES)
def test_utf_8_under_a_wrong_label(name: str) -> None:
    raw = (PAGES / f"{name}.html").read_bytes()
    text = raw.decode("cp874" if name == "ewt" else "utf-8")
    found = article(text.encode(), content_type="text/html; charset=tis-620")
    assert as_golden(found) == golden(name)
    assert found.charset == "utf-8"


@pytest.mark.parametrize("name", NAMES)
def test_reading_does_not_hang_on_closing_tags(name: str) -> None:
    """A page cut off after its body still gives the same title, and the body up to the cut."""
    raw = (PAGES / f"{name}.html").read_bytes()
    text = (
        raw.decode("cp874" if name == "ewt" else "utf-8")
        .replace("</p>", "")
        .replace("</li>", "")
        .replace("</td>", "")
    )
    assert article(text.encode()).title == golden(name)["title"]


@pytest.mark.parametrize("name", ["platform", "ewt", "homemade"])
def test_the_sites_own_list_overrules_the_page(name: str) -> None:
    raw = (PAGES / f"{name}.html").read_bytes()
    title = golden(name)["title"] or ""
    found = article(raw, listed_title=title[:40] + "...", listed_published="2019-05-04T20:00:00Z")
    assert found.title == title
    assert str(found.published_at) == "2019-05-05"  # Thai time


def test_nothing_else_of_the_page_is_in_the_text() -> None:
    found = article((PAGES / "wordpress.html").read_bytes())
    for foreign in ("หน้าแรก", "Share", "Visited", "อีเมลของคุณ", "ศาลากลางจังหวัดบึงสมมุติ ชั้น 2", "มกราคม 2560"):
        assert foreign not in found.text
    assert any("Visited" in r.text for r in found.removed)


def test_what_was_left_outside_is_told() -> None:
    found = article((PAGES / "platform.html").read_bytes())
    assert any(r.reason == "outside the body" and r.text.startswith("ที่อยู่") for r in found.removed)
