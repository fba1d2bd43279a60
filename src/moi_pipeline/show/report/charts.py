"""The two charts, drawn by Vega-Lite while the report is made.

Drawn then and not in the reader's browser: an SVG of some kilobytes needs no chart library in the file (Vega's is 0.8
MB and wants ``eval``, or its interpreter, under a content policy), prints, and shows without JavaScript. The bars are
links to the lists behind them. What a small square, cell or bar of a table tells is HTML: a button can be pressed.
Each chart is drawn for either language, and for a page's and a phone's width, so that letters keep their size.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any

Row = dict[str, Any]

FONTS = '"Noto Sans Thai", "Noto Sans Thai UI", Sarabun, "Leelawadee UI", Thonburi, Tahoma, Loma, Garuda, sans-serif'
INK, QUIET, GRID, BAR = "#1d2733", "#4a5765", "#dfe4e8", "#1f7a7c"
#: Told apart by those who see no colours too: each has its own dash.
LINES = (
    ("#1f7a7c", [1, 0]),
    ("#b3470f", [7, 3]),
    ("#5b3f9e", [2, 2]),
    ("#1d4f9c", [10, 3, 2, 3]),
    ("#6b5b00", [4, 4]),
)
#: Width and height in pixels, and whether it is for a phone.
SIZES = {"wide": (880, 220), "narrow": (318, 200)}
#: More bars than this are thinner than a line of the page.
MOST_MONTHS = 120
_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"


def months(data: list[Row], lang: str, size: str, names: list[str], title: str) -> str:
    """Releases by month as bars: ``data`` holds month (2024-03) and releases."""
    values = [
        row | {"link": f"#m|{row['month']}|" if row["releases"] else None} for row in data[-MOST_MONTHS:]
    ]
    return _draw(
        {
            "data": {"values": values},
            "mark": {"type": "bar", "color": BAR},
            "encoding": {
                "x": _time([row["month"] for row in values], lang, size, names),
                "y": _amount("releases"),
                "href": {"field": "link", "type": "nominal"},
            },
        },
        size,
        title,
    )


def reach(data: list[Row], lang: str, size: str, names: list[str], title: str) -> str:
    """Provinces reached so far as lines: ``data`` holds month, programme's name and provinces."""
    programmes = list(dict.fromkeys(row["name"] for row in data))
    colours = {"domain": programmes, "range": [colour for colour, _ in LINES[: len(programmes)]]}
    dashes = {"domain": programmes, "range": [dash for _, dash in LINES[: len(programmes)]]}
    width = SIZES[size][0]
    legend = {
        "title": None, "orient": "bottom", "columns": 2 if size == "wide" else 1,
        "labelLimit": width // (2 if size == "wide" else 1) - 60, "symbolType": "stroke", "symbolSize": 500,
        "symbolStrokeWidth": 2.5,
    }  # fmt: skip
    return _draw(
        {
            "data": {"values": data},
            "mark": {"type": "line", "strokeWidth": 2.5, "interpolate": "step-after"},
            "encoding": {
                "x": _time(sorted({row["month"] for row in data}), lang, size, names),
                "y": _amount("provinces"),
                "color": {"field": "name", "type": "nominal", "scale": colours, "legend": legend},
                "strokeDash": {"field": "name", "type": "nominal", "scale": dashes, "legend": legend},
            },
        },
        size,
        title,
        taller=90 if size == "wide" else 130,
    )


def _time(shown: list[str], lang: str, size: str, names: list[str]) -> Row:
    """Months as bands, labelled at every January, or month by month where there are few."""
    januaries = [month for month in shown if month.endswith("-01")]
    era = 543 if lang == "th" else 0
    year = f"(toNumber(slice(datum.value, 0, 4)) + {era})"
    if len(januaries) >= 2:
        every = -(-len(januaries) // (12 if size == "wide" else 6))
        labelled, text = januaries[::every], year
    else:
        every = -(-len(shown) // (12 if size == "wide" else 4))
        labelled = shown[::every]
        text = (
            f"{json.dumps(names, ensure_ascii=False)}[toNumber(slice(datum.value, 5, 7)) - 1] + ' ' + {year}"
        )
    axis = {
        "title": None,
        "values": labelled,
        "labelExpr": text,
        "labelAngle": 0,
        "labelFlush": False,
        "grid": False,
    }
    scale = {"paddingInner": 0.15, "paddingOuter": 0.1}
    return {"field": "month", "type": "ordinal", "sort": None, "axis": axis, "scale": scale}


def _amount(field: str) -> Row:
    axis = {"title": None, "tickMinStep": 1, "tickCount": 5, "format": ",d", "domain": False, "ticks": False}
    return {"field": field, "type": "quantitative", "axis": axis, "scale": {"zero": True, "nice": True}}


def _draw(chart: Row, size: str, title: str, taller: int = 0) -> str:
    import vl_convert

    width, height = SIZES[size]
    label = {"labelColor": QUIET, "labelFontSize": 13, "labelPadding": 6}
    spec = chart | {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height + taller,
        "autosize": {"type": "fit", "contains": "padding"},
        "background": None,
        "padding": 2,
        "title": {
            "text": title,
            "anchor": "start",
            "fontSize": 13,
            "fontWeight": "normal",
            "color": QUIET,
            "offset": 8,
        },
        "config": {
            "font": FONTS,
            "view": {"stroke": None},
            "axis": {**label, "gridColor": GRID, "tickColor": GRID, "domainColor": QUIET},
            "legend": {"labelColor": INK, "labelFontSize": 13},
        },
    }
    return _clean(vl_convert.vegalite_to_svg(spec), size)


def _clean(svg: str, size: str) -> str:
    """For eyes and the mouse: the same numbers stand in the table beside it for screen readers and the keyboard."""
    ET.register_namespace("", _SVG)
    root = ET.fromstring(svg)
    for element in root.iter():
        for name in [n for n in element.attrib if n.startswith("aria-") or n in ("role", "style")]:
            del element.attrib[name]
        if element.tag == f"{{{_SVG}}}a":
            element.set("tabindex", "-1")
            element.attrib.pop("target", None)
            # The library puts an address of its own before a link; a month without a release has none.
            _, _, fragment = element.attrib.pop(f"{{{_XLINK}}}href", "").partition("#")
            if fragment:
                element.set("href", f"#{fragment}")
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    root.set("class", f"chart {size}")
    return ET.tostring(root, encoding="unicode")
