"""Where a page's title, posting day and body are found."""

from __future__ import annotations

from datetime import date

import pytest

from moi_pipeline.read import Article, read_capture
from moi_pipeline.read.html import parse
from moi_pipeline.read.metadata import clean_title, read_metadata, title_parts

TITLE = "ผู้ว่าฯ สมมุติบุรี ประชุมขับเคลื่อนงานแก้จนระดับจังหวัด"
NEWS = (
    "<p>วันที่ 14 มีนาคม 2566 เวลา 09.00 น. นายสมมุติ ใจกล้าหาญ ผู้ว่าราชการจังหวัดสมมุติบุรี เป็นประธานการประชุม</p>"
    "<p>โดยมีหัวหน้าส่วนราชการ นายอำเภอทุกอำเภอ และผู้แทนภาคีเครือข่ายเข้าร่วมประชุม ณ ห้องประชุมศาลากลางจังหวัด</p>"
)
MENU = "<ul>" + "<li><a href=x>เมนูรายการหนึ่ง</a></li>" * 12 + "</ul>"


def article(page: str) -> Article:
    found = read_capture(page.encode(), kind="html")
    assert isinstance(found, Article), found
    return found


TITLES = {
    "h1 and title alike": f"<title>{TITLE}</title>{MENU}<h1>{TITLE}</h1>{NEWS}",
    "site's name after a bar": f"<title>{TITLE} | จังหวัดสมมุติบุรี</title>{MENU}<h2>{TITLE}</h2>{NEWS}",
    "site's name before": f"<title>จังหวัดสมมุติบุรี - {TITLE}</title>{MENU}<div>{TITLE}</div>{NEWS}",
    "site's name only": f"<title>จังหวัดสมมุติบุรี</title><h1>จังหวัดสมมุติบุรี</h1>{MENU}<h3>{TITLE}</h3>{NEWS}",
    "no title": f"<div>{MENU}</div><h4>{TITLE}</h4>{NEWS}",
    "no heading": f"<title>จังหวัดสมมุติบุรี</title>{MENU}<b>{TITLE}</b><br>{NEWS}",
    "og:title cut off": (
        f'<meta property="og:title" content="{TITLE[:30]}..."><title>x</title>{MENU}<h1>{TITLE}</h1>{NEWS}'
    ),
    "title not on the page": f'<meta property="og:title" content="{TITLE}"><title>x</title>{MENU}{NEWS}',
    "JSON-LD": (
        f'<script type="application/ld+json">[{{"@type":["NewsArticle"],"headline":"{TITLE}"}}]</script>{MENU}{NEWS}'
    ),
    "section's name in the heading": f"<title>ข่าวกิจกรรม</title>{MENU}<h1>ข่าวกิจกรรม</h1><h2>{TITLE}</h2>{NEWS}",
    "K2's mark": f'<title>{TITLE}</title><h2 class="itemTitle">{TITLE} <sup>Featured</sup></h2>{NEWS}',
}


@pytest.mark.parametrize("page", TITLES.values(), ids=TITLES)
def test_title(page: str) -> None:
    found = article(page)
    assert found.title == TITLE
    assert found.text.count(TITLE) == 1
    assert "ณ ห้องประชุมศาลากลางจังหวัด" in found.text
    assert "เมนูรายการหนึ่ง" not in found.text


DAYS = {
    "meta": '<meta property="article:published_time" content="2023-03-15T18:00:00Z">',
    "JSON-LD": '<script type="application/ld+json">{"@type":"Article","datePublished":"2023-03-16"}</script>',
    "JSON-LD graph": (
        '<script type="application/ld+json">{"@graph":[{"@type":"Person"},'
        '{"@type":"BlogPosting","datePublished":"2023-03-16T09:00:00+07:00"}]}</script>'
    ),
    "broken JSON-LD, then meta": (
        '<script type="application/ld+json">{"datePublished":</script>'
        '<meta itemprop="datePublished" content="2023-03-16">'
    ),
    "Joomla": '<dl><dd class="published"><time datetime="2023-03-16T02:00:00+07:00">ก</time></dd></dl>',
    "time": '<time class="entry-date published" datetime="2023-03-16">16 มีนาคม 2023</time>',
    "K2": '<div class="itemView"><span class="itemDateCreated">วันพฤหัสบดี, 16 มีนาคม 2566 09:12</span></div>',
    "visible": "<div>โพสต์เมื่อ : 16 มี.ค. 66</div>",
    "address": '<link rel="canonical" href="https://x.example.go.th/2023/03/16/a/">',
}


@pytest.mark.parametrize("mark", DAYS.values(), ids=DAYS)
def test_posting_day(mark: str) -> None:
    found = article(f"<title>{TITLE}</title><h1>{TITLE}</h1>{mark}{NEWS}")
    assert found.published_at == date(2023, 3, 16)
    if found.published_span:
        assert "16" in found.text[slice(*found.published_span)]


def test_other_days_are_not_the_posting_day() -> None:
    page = (
        f"<div>วันศุกร์, 8 ธันวาคม 2566</div>{MENU}<h1>{TITLE}</h1>{NEWS}"
        '<h3>ข่าวที่เกี่ยวข้อง</h3><ul><li><a href=x>ข่าวอื่น</a> <span class="d">16 มี.ค. 66</span></li></ul>'
    )
    found = article(page)
    assert found.published_at is None
    assert "ธันวาคม" not in found.text


BODIES = {
    "bare text and breaks": "<div>{0}<br><br>{1}<br>{2}</div>",
    "bare blocks": "<div><div>{0}</div><div>{1}</div><div>{2}</div></div>",
    "sections of a page builder": (
        "<section><div>{0}</div></section><section><div>{1}</div></section><section><div>{2}</div></section>"
    ),
    "cells of a table": "<table><tr><td>{0}</td></tr><tr><td>{1}</td></tr><tr><td>{2}</td></tr></table>",
    "fonts": "<font>{0}<p>{1}<p><b>{2}",
    "a list of links inside": "<div><p>{0}</p><p>{1}</p><p>{2}</p></div>",
    "in a form": "<form><input type=hidden><p>{0}</p><p>{1}</p><p>{2}</p></form>",
    "in the main element": "<main><p>{0}</p><p>{1}</p><p>{2}</p></main>",
    "known place": '<div class="entry-content"><p>{0}</p><p>{1}</p><p>{2}</p></div>',
    "place with a wrong name": '<div class="entry-content"><img></div><div><p>{0}</p><p>{1}</p><p>{2}</p></div>',
    "wrapper with a name of furniture": '<div class="related"><p>{0}</p><p>{1}</p><p>{2}</p></div>',
}
PARTS = (
    "วันที่ 14 มีนาคม 2566 นายสมมุติ ใจกล้าหาญ ผู้ว่าราชการจังหวัดสมมุติบุรี เป็นประธานการประชุมขับเคลื่อนงานประจำเดือน",
    "1. สั้น",
    "ทั้งนี้ ขอให้ทุกหน่วยงานรายงานผลการดำเนินงานให้จังหวัดทราบเป็นระยะ และบูรณาการความร่วมมือกันอย่างต่อเนื่อง",
)


@pytest.mark.parametrize("form", BODIES.values(), ids=BODIES)
def test_body(form: str) -> None:
    foot = "<div><p>สำนักงานจังหวัดสมมุติบุรี อำเภอเมือง จังหวัดสมมุติบุรี 00000 โทรสาร 0-0000-0000</p></div>"
    found = article(f"<title>{TITLE}</title>{MENU}<h1>{TITLE}</h1>{form.format(*PARTS)}{MENU}{foot}")
    assert [line for line in found.text.split("\n") if line] == [TITLE, *PARTS]


def test_short_release_beside_long_excerpts_of_others() -> None:
    excerpt = "<h4><a href=x>ข่าวอื่นของจังหวัด</a></h4><p>" + PARTS[2] * 2 + "</p>"
    found = article(f"<title>{TITLE}</title>{MENU}<h1>{TITLE}</h1><p>{PARTS[0]}</p>{excerpt * 5}")
    assert found.text == f"{TITLE}\n{PARTS[0]}"


def test_entities_escaped_twice_are_text() -> None:
    found = article(
        f"<title>{TITLE}</title><h1>{TITLE}</h1><p>&amp;ldquo;{PARTS[0]}&amp;rdquo;&amp;nbsp;จบ</p>"
    )
    assert f"“{PARTS[0]}” จบ" in found.text


def test_mojibake_on_a_page() -> None:
    spoilt = f"<title>{TITLE}</title><h1>{TITLE}</h1>{NEWS}".encode().decode("latin-1").encode()
    found = read_capture(spoilt, kind="html")
    assert isinstance(found, Article)
    assert found.title == TITLE
    assert any("mojibake" in w for w in found.warnings)


def test_title_without_the_sites_name() -> None:
    assert clean_title("ก เปิดงาน - จังหวัด", "จังหวัด") == "ก เปิดงาน"
    assert clean_title("จังหวัด | ก เปิดงาน", "จังหวัด") == "ก เปิดงาน"
    assert clean_title("จังหวัด", "จังหวัด") == "จังหวัด"
    assert title_parts("ก | ข - ค") == ["ก | ข - ค", "ก | ข", "ก", "ข - ค", "ค"]


def test_metadata_of_nothing() -> None:
    found = read_metadata(parse(""))
    assert (found.marked_title, found.named_title, found.page_title, found.published) == (
        None,
        None,
        None,
        None,
    )


def test_tags_with_absurdly_many_attributes() -> None:
    many = " ".join(f"a{n}=1" for n in range(30_000))
    assert article(f"<title>{TITLE}</title><div {many}><h1>{TITLE}</h1>{NEWS}</div>").title == TITLE
