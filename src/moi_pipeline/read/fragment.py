"""A release that came apart from its page: a WordPress post's JSON, a feed's item."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from html import unescape
from typing import Any

from moi_pipeline.read.assemble import assemble
from moi_pipeline.read.canonical import canonical
from moi_pipeline.read.content import content_places
from moi_pipeline.read.days import parse_stamp
from moi_pipeline.read.flow import Flow, flow_of
from moi_pipeline.read.html import parse
from moi_pipeline.read.lists import place_markers
from moi_pipeline.read.model import Article, NotArticle
from moi_pipeline.read.mojibake import repair_mojibake
from moi_pipeline.read.refuse import refuse_page

# Page builders' shortcodes, left in the text where their plugin is gone: [vc_row css="…"], [/et_pb_text]
_SHORTCODE = re.compile(r"\[/?[a-z]{2,12}_[a-z_]{2,40}(?: [^\[\]]{0,2000})?/?\]")
_CDATA = "<![CDATA["


@dataclass(frozen=True, slots=True)
class _Piece:
    title: str
    html: str
    published: date | None
    url: str


def read_wordpress(
    text: str,
    *,
    charset: str = "utf-8",
    warnings: tuple[str, ...] = (),
    url: str = "",
    listed_title: str | None = None,
    listed_published: date | datetime | str | None = None,
) -> Article | NotArticle:
    """The article in the JSON of one post, as ``/wp-json/wp/v2/posts/N`` gives it."""
    try:
        post = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        return NotArticle("bad_json", str(error)[:100])
    if isinstance(post, list) and len(post) == 1:
        post = post[0]
    if not isinstance(post, dict) or "content" not in post:
        said = post.get("message") or post.get("code") if isinstance(post, dict) else None
        return NotArticle("bad_json", str(said or "no post")[:100])
    content = post["content"]
    if isinstance(content, dict) and content.get("protected") and not content.get("rendered"):
        return NotArticle("login_page", "password protected post")
    # the moment in UTC is sure; the local one stands on the site's own setting
    published = parse_stamp(f"{post['date_gmt']}Z") if isinstance(post.get("date_gmt"), str) else None
    if published is None and isinstance(post.get("date"), str):
        published = parse_stamp(post["date"])
    link = post.get("link")
    piece = _Piece(
        _rendered(post.get("title")),
        _rendered(content),
        published,
        url or (link if isinstance(link, str) else ""),
    )
    return _read_piece(
        piece,
        charset=charset,
        warnings=warnings,
        listed_title=listed_title,
        listed_published=listed_published,
    )


def _rendered(field: Any) -> str:
    if isinstance(field, dict):
        field = field.get("rendered")
    return field if isinstance(field, str) else ""


def _element(text: str, names: tuple[str, ...]) -> str:
    """The content of the first element of ``names`` that is not empty, unescaped as XML says."""
    for name in names:
        at = 0
        while (at := text.find(f"<{name}", at)) >= 0:
            after = text[at + len(name) + 1 : at + len(name) + 2]
            start, end = text.find(">", at) + 1, text.find(f"</{name}>", at)
            if start <= 0 or end < start:
                break
            if after in (">", " ", "\n", "\t", "\r"):
                raw = text[start:end].strip()
                if raw.startswith(_CDATA):
                    raw = raw[len(_CDATA) :].replace("]]>" + _CDATA, "").removesuffix("]]>").strip()
                elif 'type="xhtml"' not in text[at:start]:
                    raw = unescape(raw)
                if raw:
                    return raw
            at = end
    return ""


def read_feed_item(
    text: str,
    *,
    charset: str = "utf-8",
    warnings: tuple[str, ...] = (),
    url: str = "",
    listed_title: str | None = None,
    listed_published: date | datetime | str | None = None,
) -> Article | NotArticle:
    """The article in one ``<item>`` (RSS) or ``<entry>`` (Atom), or in the bare HTML that such an item held."""
    if "<item" not in text[:2000] and "<entry" not in text[:2000]:
        piece = _Piece("", text, None, url)
        return _read_piece(
            piece,
            charset=charset,
            warnings=warnings,
            listed_title=listed_title,
            listed_published=listed_published,
        )
    stamp = _element(text, ("pubDate", "published", "dc:date", "updated"))
    piece = _Piece(
        _element(text, ("title",)),
        _element(text, ("content:encoded", "content", "description", "summary")),
        parse_stamp(stamp),
        url or _element(text, ("link", "guid")),
    )
    return _read_piece(
        piece,
        charset=charset,
        warnings=warnings,
        listed_title=listed_title,
        listed_published=listed_published,
    )


def _read_piece(
    piece: _Piece,
    *,
    charset: str,
    warnings: tuple[str, ...],
    listed_title: str | None,
    listed_published: date | datetime | str | None,
) -> Article | NotArticle:
    markup, note = repair_mojibake(piece.html)
    title, _ = repair_mojibake(piece.title)
    title = " ".join(canonical(unescape(title)).split())
    places = content_places()
    tree = parse(markup)
    junk = frozenset(node.mem_id for node in tree.css(places.junk))
    root = tree.body or tree.root
    flow = flow_of(root, places.skip_tags, junk, frozenset()) if root is not None else Flow()
    lines = [_SHORTCODE.sub(" ", line.text) for line in flow.lines]
    if refused := refuse_page(tree, title, "\n".join(lines)):
        return refused
    return assemble(
        "\n".join([title, *place_markers(lines)]),
        charset=charset,
        warnings=(*warnings, note) if note else warnings,
        url=piece.url,
        listed_title=title or listed_title,
        listed_published=listed_published or piece.published,
    )
