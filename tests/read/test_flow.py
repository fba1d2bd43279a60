"""Markup → lines: numbers of lists, tables, breaks, what is hidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.read.content import content_places
from moi_pipeline.read.flow import Flow, flow_of
from moi_pipeline.read.html import parse
from moi_pipeline.read.lists import place_markers, write_number


def flow(markup: str) -> Flow:
    tree = parse(markup)
    root = tree.body or tree.root
    assert root is not None
    return flow_of(root, content_places().skip_tags, frozenset(), frozenset())


def lines(markup: str) -> list[str]:
    return place_markers(line.text for line in flow(markup).lines)


LISTS = {
    "plain": ("<ol><li>ก<li>ข</ol>", ["1. ก", "2. ข"]),
    "start": ("<ol start=4><li>ก<li>ข</ol>", ["4. ก", "5. ข"]),
    "start is no number": ("<ol start=x><li>ก</ol>", ["1. ก"]),
    "start below one": ("<ol start=-1><li>ก<li>ข</ol>", ["-1. ก", "0. ข"]),
    "reversed": ("<ol reversed><li>ก<li>ข<li>ค</ol>", ["3. ก", "2. ข", "1. ค"]),
    "reversed from": ("<ol reversed start=9><li>ก<li>ข</ol>", ["9. ก", "8. ข"]),
    "value": ("<ol><li>ก<li value=7>ข<li>ค</ol>", ["1. ก", "7. ข", "8. ค"]),
    "letters": ("<ol type=a><li>ก<li>ข</ol>", ["a. ก", "b. ข"]),
    "capital letters": ('<ol type="A" start=26><li>ก<li>ข</ol>', ["Z. ก", "AA. ข"]),
    "roman": ("<ol type=i><li>ก<li>ข<li>ค<li>ง</ol>", ["i. ก", "ii. ข", "iii. ค", "iv. ง"]),
    "capital roman": ("<ol type=I start=9><li>ก</ol>", ["IX. ก"]),
    "type of one item": ("<ol><li type=A>ก<li>ข</ol>", ["A. ก", "2. ข"]),
    "Thai digits": ('<ol style="list-style-type: thai"><li>ก<li>ข</ol>', ["๑. ก", "๒. ข"]),
    "no marker": ('<ol style="list-style:none"><li>1) ก<li>2) ข</ol>', ["1) ก", "2) ข"]),
    "author's own number": ("<ol><li>1. ก<li>๒. ข<li>(3) ค</ol>", ["1. ก", "๒. ข", "(3) ค"]),
    "a year is no number of its own": ("<ol><li>2566 ก</ol>", ["1. 2566 ก"]),
    "item begins with a paragraph": ("<ol><li><p>ก</p><p>ข</p></li><li><p>ค</p></ol>", ["1. ก", "ข", "2. ค"]),
    "nested": ("<ol><li>ก<ol><li>ข<li>ค</ol></li><li>ง</ol>", ["1. ก", "1. ข", "2. ค", "2. ง"]),
    "bullets inside": ("<ol><li>ก<ul><li>ข</ul><li>ค</ol>", ["1. ก", "ข", "2. ค"]),
    "ordered inside bullets": ("<ul><li>ก<ol start=3><li>ข</ol></ul>", ["ก", "3. ข"]),
    "empty item counts": ("<ol><li>ก<li><li>ค</ol>", ["1. ก", "2.", "3. ค"]),
    "unclosed": ("<ol><li>ก<li>ข<p>ค", ["1. ก", "2. ข", "ค"]),
    "item without a list": ("<li>ก</li>", ["ก"]),
    "inline marks": ("<ol><li><b>ก</b><i>ข</i></ol>", ["1. กข"]),
}


@pytest.mark.parametrize(("markup", "wanted"), LISTS.values(), ids=LISTS)
def test_list_numbers(markup: str, wanted: list[str]) -> None:
    assert lines(markup) == wanted


TEXT = {
    "paragraphs and breaks": ("<p>ก<br>ข</p>ค<div>ง</div>จ", ["ก", "ข", "ค", "ง", "จ"]),
    "source line ends are spaces": ("<p>ก\nข\n\n ค</p>", ["ก ข ค"]),
    "preformatted": ("<pre>ก\nข</pre>", ["ก", "ข"]),
    "pasted with pre-line": ('<div style="white-space: pre-line">ก\nข<b>ค\nง</b></div>', ["ก", "ขค", "ง"]),
    "no space inside words": ("<p><span>ผู้</span><span>ว่า</span></p>", ["ผู้ว่า"]),
    "entities": ("<p>&ldquo;ก&rdquo;&nbsp;&amp;&#3586;</p>", ["“ก” &ข"]),
    "angle brackets of the text": ("<p>วันนี้ < 1 ธันวาคม 2562 > ก</p>", ["วันนี้ < 1 ธันวาคม 2562 > ก"]),
    "quote element": ("<p><q>ก</q></p>", ["“ก”"]),
    "hidden": (
        '<p hidden>ก<p style="display:none">ข<p style="VISIBILITY : hidden">ค<p aria-hidden=true>ง<p>จ',
        ["จ"],
    ),
    "script and style": ("<p>ก</p><script>ข</script><style>ค</style><noscript>ง</noscript>", ["ก"]),
    "form controls": ("<form>ก<input value=ข><select><option>ค</select><button>ง</button></form>", ["ก"]),
    "comment": ("<p>ก<!-- ข -->ค</p>", ["กค"]),
    "caption": ("<figure><img alt=ก><figcaption>ข</figcaption></figure>", ["ข"]),
    "description list": ("<dl><dt>ก<dd>ข</dl>", ["ก", "ข"]),
    "definition in a paragraph that never ends": ("<p>ก<table><tr><td>ข</table>ค", ["ก", "ข", "ค"]),
}


@pytest.mark.parametrize(("markup", "wanted"), TEXT.values(), ids=TEXT)
def test_text(markup: str, wanted: list[str]) -> None:
    assert lines(markup) == wanted


TABLES = {
    "rows": ("<table><tr><th>ก<th>ข<tr><td>ค<td>1</table>", ["ก | ข", "ค | 1"]),
    "empty cells": ("<table><tr><td><td>ก<td>ข</table>", ["ก | ข"]),
    "paragraphs in cells": ("<table><tr><td><p>ก</p><p>ข</p><td>ค</table>", ["ก ข | ค"]),
    "one cell": ("<table><tr><td>ก<tr><td>ข</table>", ["ก", "ข"]),
    "item numbers": ("<table><tr><td>1.<td>ก<tr><td>(2)<td>ข</table>", ["1. ก", "(2) ข"]),
    "bare numbers": ("<table><tr><td>1<td>ก</table>", ["1 | ก"]),
    "labels": ("<table><tr><td>หัวข้อข่าว :<td>ก</table>", ["หัวข้อข่าว : ก"]),
    "page layout": (
        f"<table><tr><td><a href=1>เมนูหนึ่ง</a><td>{'ก' * 400}<td>ข</table>",
        ["เมนูหนึ่ง", "ก" * 400, "ข"],
    ),
    "a table in a page's column": (
        f"<table><tr><td>ซ้าย<td>{'ก' * 400}<br>ข<table><tr><td>1<td>2</table></table>",
        ["ซ้าย", "ก" * 400, "ข", "1 | 2"],
    ),
}


@pytest.mark.parametrize(("markup", "wanted"), TABLES.values(), ids=TABLES)
def test_tables(markup: str, wanted: list[str]) -> None:
    assert lines(markup) == wanted


@pytest.mark.parametrize(
    ("number", "style", "wanted"),
    [
        (1, "decimal", "1"),
        (28, "lower-alpha", "ab"),
        (0, "lower-alpha", "0"),
        (1994, "upper-roman", "MCMXCIV"),
        (4000, "lower-roman", "4000"),
        (10, "thai", "๑๐"),
        (3, "thai-alphabetic", "ค"),
        (7, "decimal-leading-zero", "07"),
    ],
)
def test_write_number(number: int, style: str, wanted: str) -> None:
    assert write_number(number, style) == wanted


def test_links_and_headings_are_told() -> None:
    found = flow("<h2>หัวเรื่อง</h2><p>ก <a href=x>ลิงก์</a></p><div><a href=y>เมนู</a></div>").lines
    assert [(line.text, line.links, line.heading) for line in found] == [
        ("หัวเรื่อง", 0, 2),
        ("ก ลิงก์", 5, 0),
        ("เมนู", 4, 0),
    ]


@pytest.mark.parametrize("tag", ["div", "span", "b", "ol><li", "table><tr><td", "blockquote", "font"])
def test_deep_nesting(tag: str) -> None:
    assert "ลึก" in lines(f"<{tag}>" * 3000 + "ลึก")[-1]


PIECES = """<ol> </ol> <ul> <li> </li> <table> <tr> <td> </td> </table> <p> </p> <br> <b> </i> <a> </a>
<q> </q> <pre> ก 1. <!-- --> &#0; <tbody> <th> <ol&#32;reversed> <div&#32;hidden> <"""


@given(st.lists(st.sampled_from([*PIECES.split(), "\n"]), max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_markup(pieces: list[str]) -> None:
    markup = "".join(pieces).replace("&#32;", " ")
    found = flow(markup)
    assert lines(markup) == lines(markup)
    for line in found.lines:
        assert line.text == " ".join(line.text.split())
        assert 0 <= line.links <= len(line.text)
        assert 0 <= line.block < len(found.parent)
