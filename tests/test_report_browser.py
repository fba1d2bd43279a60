"""``moi report`` in a real Chromium: what a reader sees, presses, hears by a screen reader, and prints."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, sync_playwright
from tests.helpers import write_releases

from moi_pipeline.api import Moi
from moi_pipeline.setup import make_workspace
from moi_pipeline.show import report

#: Set where a missing browser must fail the tests and not skip them, as in CI.
NEEDED = "MOI_TEST_CHROMIUM"
FLAGS = (
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
EVIL = "</script><img src=x onerror='window.pwned=1'><script>window.pwned=1</script>"
WIDTHS = (360, 768, 1280)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        assert not os.environ.get(NEEDED), "no Chromium: apt-get install chromium fonts-thai-tlwg"
        pytest.skip("no Chromium here: apt-get install chromium fonts-thai-tlwg")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"), executable_path=path, args=list(FLAGS)
        )
        context.set_default_timeout(120_000)  # a busy machine is no failure
        yield context
        context.close()


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Moi:
    """Tables of the samples, of invented releases with addresses in the web, and of one that means harm."""
    folder = tmp_path_factory.mktemp("reported")
    make_workspace(folder / "ws")
    workspace = Moi((folder / "ws").resolve())
    workspace.fetch("samples", write_releases(folder / "releases", 12))
    workspace.extract()
    with duckdb.connect(str(workspace.database.resolve())) as con:
        con.execute(
            "UPDATE articles SET url = 'https://news.example/' || article_id || '?a=1&b=%22' WHERE source = 'files'"
        )
        # The newest of all, so that it stands at the head of every list that it is in.
        con.execute(
            "UPDATE articles SET title = $1, source = $1, url = 'javascript:window.pwned=1', event_from = '2030-01-02' "
            "WHERE article_id = (SELECT min(article_id) FROM articles WHERE source = 'files')",
            [EVIL],
        )
    return workspace


@pytest.fixture(scope="module")
def path(reported: Moi, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    reported.report(path)
    return path


class Heard:
    """What a page asked for and complained of."""

    def __init__(self, page: Page) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


@pytest.fixture
def page(chromium: BrowserContext, path: Path) -> Iterator[Page]:
    """The report at a desktop's width; nothing but the file itself may be asked for, and nothing complained of."""
    page = chromium.new_page()
    heard = Heard(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(path.as_uri())
    yield page
    assert heard.asked == [path.as_uri()]
    assert heard.complaints == []
    page.close()


def opened(page: Page) -> None:
    page.wait_for_selector("#behind-told:not(:empty)")


@pytest.mark.parametrize("lang", ["th", "en"])
def test_it_fits_and_bars_nobody(page: Page, lang: str, tmp_path: Path) -> None:
    page.click(f"[data-lang={lang}]")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(_STRAY) == []
        whole = (lang, width) in (("th", 360), ("en", 1280))
        shot = page.screenshot(path=tmp_path / f"{lang}-{width}.png", full_page=whole)
        assert len(shot) > 20_000  # a blank one is a tenth of it
        if width != 768:
            assert barriers(page, colours=width == 1280) == []
    page.click("[data-l='a||']")
    opened(page)
    assert page.evaluate(_STRAY) == []
    if lang == "th":
        assert barriers(page, "#behind") == []


#: Visible words that leave the page, and that no box around them scrolls or hides.
_STRAY = """() => [...document.querySelectorAll("main *, header *, dialog[open] *")].filter((e) => {
  if (e.closest(".scroll, .vh, .skip, svg") || !e.checkVisibility()) return false;
  const box = e.getBoundingClientRect();
  return box.right > innerWidth + 1 || box.left < -1;
}).map((e) => e.outerHTML.slice(0, 120))"""


def barriers(page: Page, within: str = "html", colours: bool = True) -> list[Any]:
    """What axe-core finds that keeps people out, all but minor matters. Colours are the same at every width."""
    # The charts are for eyes alone, their numbers stand in tables; left out, the rest takes half the time.
    context = {"include": [within], "exclude": ["svg"]}
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": colours}}}
    found = Axe().run(page, context=context, options=options).response["violations"]
    return [
        (each["id"], each["nodes"][0]["html"][:200])
        for each in found
        if each["impact"] in ("moderate", "serious", "critical")
    ]


def test_a_number_opens_its_releases_with_the_keyboard_alone(page: Page) -> None:
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.l") == "P||":
            break
    focused = page.locator(":focus")
    assert focused.get_attribute("data-l") == "P||"
    assert float(page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")) >= 2
    total = focused.inner_text()
    page.keyboard.press("Enter")
    opened(page)
    assert page.evaluate("document.activeElement.id") == "behind-title"
    assert page.inner_text("#behind-title") == "Releases that name a programme"
    assert page.inner_text("#behind-told") == f"all {total}"
    releases = page.locator("#behind-list > li")
    assert releases.count() == int(total)
    assert releases.locator(".title").count() == releases.locator(".sentence mark").count() == int(total)
    link = page.locator("#behind-list a").first
    assert re.fullmatch(r"https://\S+", link.get_attribute("href") or "")
    assert link.get_attribute("rel") == "noopener noreferrer"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "behind-close"
    page.keyboard.press("Escape")
    assert not page.is_visible("#behind")
    assert page.evaluate("document.activeElement.dataset.l") == "P||"


def test_every_number_has_a_list_to_open(page: Page) -> None:
    missing = page.evaluate(
        """async () => {
          const text = document.querySelector("#data").textContent;
          const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
          const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
          const { lists } = JSON.parse(await new Response(stream).text());
          const keys = [...document.querySelectorAll("[data-l]")].map((e) => [e.dataset.l, e]);
          const links = [...document.querySelectorAll("svg a[href]")];
          const bars = links.map((e) => [e.getAttribute("href").slice(1), null]);
          const digits = (e) => Number((e.querySelector(".count") ?? e).textContent.replaceAll(",", ""));
          return [...keys, ...bars].filter(([key, e]) => !lists[key]?.[4].length
            || (e && !key.startsWith("l|") && digits(e) !== lists[key][0])).map(([key]) => key);
        }"""
    )
    assert missing == []
    assert page.locator("[data-l]").count() > 100


def test_a_bar_of_the_chart_opens_its_month(page: Page) -> None:
    bar = page.locator(".en svg.wide a[href='#m|2023-03|']")
    bar.click()
    opened(page)
    assert page.inner_text("#behind-title") == "Releases of Mar 2023"
    page.click("#behind-close")
    assert not page.is_visible("#behind")


def test_what_is_left_out_is_told_with_the_select_for_all(
    chromium: BrowserContext, reported: Moi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "MAY_TAKE", 1)
    reported.report(tmp_path / "small.html")
    page = chromium.new_page()
    page.goto((tmp_path / "small.html").as_uri())
    page.click("[data-l='s|files|']")
    opened(page)
    assert page.inner_text("#behind-told") == "newest 1 of 11"
    assert page.locator("#behind-list > li").count() == 1
    assert page.is_visible("#behind-select")
    assert len(reported.sql(page.inner_text("#behind-select")).fetchall()) == 11
    page.close()


def test_the_language_changes_all_that_is_said(page: Page) -> None:
    assert page.title() == "Provincial press releases"
    assert page.locator("h1").inner_text() == page.title()
    page.click("[data-lang=th]")
    assert page.evaluate("document.documentElement.lang") == "th"
    assert page.title() == "รายงานข่าวประชาสัมพันธ์จังหวัด"
    assert page.locator("h1").inner_text() == page.title()
    assert page.get_attribute("[data-lang=th]", "aria-pressed") == "true"
    assert page.locator("option").first.inner_text() == "ข่าวทั้งหมด"
    assert "Releases" not in page.locator("main").inner_text().replace(EVIL, "")
    page.click("[data-l^='m|2023-03']", force=True) if page.is_visible(
        "[data-l^='m|2023-03']"
    ) else page.click(".th svg.wide a[href='#m|2023-03|']")
    opened(page)
    assert page.inner_text("#behind-title") == "ข่าวเดือน มี.ค. 2566"
    assert re.search(r"\d มี\.ค\. 2566", page.inner_text("#behind-list"))
    # Every Thai letter stands in an element that says so, whatever the page's language is.
    page.keyboard.press("Escape")
    page.click("[data-lang=en]")
    assert (
        page.evaluate(
            """() => {
          const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const found = [];
          while (walk.nextNode()) {
            const around = walk.currentNode.parentElement;
            if (/[ก-๛]/.test(walk.currentNode.data) && around.checkVisibility()
              && !around.closest("svg, script, style, pre, select") && around.closest("[lang]").lang !== "th")
              found.push(walk.currentNode.data);
          }
          return found;
        }"""
        )
        == []
    )


def test_the_map_takes_the_colours_of_a_programme(page: Page, reported: Moi) -> None:
    before = page.locator(".tile:not([disabled])").count()
    name = "หมู่บ้านตัวอย่าง"
    page.select_option("#programme", label=name)
    ((provinces, releases),) = reported.sql(
        "SELECT count(DISTINCT province_code), sum(releases)::INT FROM programme_province_month "
        f"WHERE programme = '{name}'"
    ).fetchall()
    page.wait_for_function(
        "n => document.querySelectorAll('.tile:not([disabled])').length === n", arg=provinces
    )
    assert before != provinces
    assert f"{releases} releases in {provinces} provinces" in page.inner_text("#map-sum")
    counts = page.locator("#map-table td").all_inner_texts()
    assert counts == sorted(counts, key=int, reverse=True)
    assert sum(map(int, counts)) == releases
    tile = page.locator("[data-tile=TH-48]")
    assert "q0" not in (tile.get_attribute("class") or "")
    tile.click()
    opened(page)
    assert page.inner_text("#behind-title") == f"{name}: Nakhon Phanom"
    shown = page.locator("#behind-list > li").count()
    assert str(shown) == tile.locator(".count").text_content()
    assert len(reported.sql(page.locator("#behind-select").text_content() or "").fetchall()) == shown


def test_a_release_that_means_harm_is_only_read(page: Page) -> None:
    page.click("[data-l='a||']")
    opened(page)
    first = page.locator("#behind-list > li").first
    assert first.locator(".title").inner_text() == EVIL
    assert first.locator("a").count() == 0
    assert "javascript:window.pwned=1" in first.inner_text()
    assert EVIL in first.locator(".meta").inner_text()  # the source's name
    assert page.locator("img, iframe, [href^=javascript]").count() == 0
    assert page.evaluate("window.pwned") is None


def test_thai_is_drawn_with_letters_and_not_with_boxes(page: Page) -> None:
    # A letter that no font has is drawn as a box: the very same picture for every one of them.
    drawn = page.evaluate(
        """() => {
          const canvas = Object.assign(document.createElement("canvas"), { width: 60, height: 60 });
          const pen = canvas.getContext("2d", { willReadFrequently: true });
          pen.font = `40px ${getComputedStyle(document.body).fontFamily}`;
          return [..."กขคชญฐณธฬฮ๐๙", "\\u{10FFFD}"].map((letter) => {
            pen.clearRect(0, 0, 60, 60);
            pen.fillText(letter, 5, 45);
            return [...pen.getImageData(0, 0, 60, 60).data].join();
          });
        }"""
    )
    assert len(set(drawn)) == len(drawn)


def test_charts_and_tiles_lie_apart(page: Page) -> None:
    boxes = "e => [...e].filter((x) => x.checkVisibility()).map((x) => x.getBoundingClientRect().toJSON())"
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        tiles = page.locator(".tile").evaluate_all(boxes)
        assert len(tiles) == 77
        assert overlapping(tiles) == []
        assert min(box["width"] for box in tiles) >= 24
        labels = page.locator("svg.chart .role-axis-label text").evaluate_all(boxes)
        assert len(labels) > 8
        assert overlapping(labels) == []
        bars = page.locator("#months svg.chart .role-mark path").evaluate_all(boxes)
        assert len([bar for bar in bars if bar["height"] > 1]) >= 5
        tallest = max(bar["height"] for bar in bars)
        assert (
            max(bar["bottom"] for bar in bars) - min(bar["bottom"] for bar in bars) < 1
        )  # all stand on zero
        assert tallest > 80


def overlapping(boxes: list[dict[str, float]]) -> list[Any]:
    return [
        (one, other)
        for number, one in enumerate(boxes)
        for other in boxes[:number]
        if min(one["right"], other["right"]) - max(one["left"], other["left"]) > 0.5
        and min(one["bottom"], other["bottom"]) - max(one["top"], other["top"]) > 0.5
    ]


def test_it_prints_whole(page: Page, tmp_path: Path) -> None:
    page.click("[data-lang=th]")
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    if shutil.which("pdftotext") is None:
        assert not os.environ.get(NEEDED), "no pdftotext: apt-get install poppler-utils"
        pytest.skip("no pdftotext here: apt-get install poppler-utils")
    told = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "report.pdf"), "-"], capture_output=True, check=True
    ).stdout.decode()
    *pages, rest = told.split("\f")
    assert rest == ""
    assert len(pages) >= 3
    for number, text in enumerate(pages, 1):
        assert len(re.findall(r"[ก-๛]", text)) > 40, f"page {number} is empty: {text}"
    for word in ("2566", "ก้องภพ แสงตะวันทอง", "เชียงราย"):
        assert word in told.replace("\u0e4d\u0e32", "\u0e33"), word
    # Nothing is cut at the paper's edge: at its width, as it is laid out for print, nothing leaves it.
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 696, "height": 1000})  # A4 less its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 696
    cut = page.evaluate(
        """() => [...document.querySelectorAll(".scroll")].filter((e) => e.scrollWidth > e.clientWidth + 1)
          .map((e) => e.outerHTML.slice(0, 200))"""
    )
    assert cut == []
