"""What is fuzzed: for each target bytes go in, and what was promised of whatever comes out is held against it.

A target raises where a promise is broken; it gives nothing else. The promises: no bytes make it raise, spans stand in
the text and hold its words, the same bytes give the same values, and no text of 20,000 letters takes two seconds.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from moi_pipeline.extract.schema import MENTIONS
from moi_pipeline.fetch.decode import TooLarge, Truncated, decode
from moi_pipeline.fetch.robots import read_robots
from moi_pipeline.read import Article, canonical, read_capture
from moi_pipeline.sources._archive import Broken, http_parts, read_records, unchunked
from moi_pipeline.sources._page import Links, entries_of, feed_entries, json_of, pager, sitemap_entries
from moi_pipeline.thai.analyse import analyse
from moi_pipeline.thai.model import Release

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
#: Words that a release is made of: a byte of the input each, so that the fuzzer writes Thai and not noise.
WORDS = tuple(
    word.replace("\\n", "\n") for word in (HERE / "words.txt").read_text(encoding="utf-8")[:-1].split("\n")
)
#: Letters of a text, and the seconds of processor time that it may take at most.
LETTERS, SECONDS = 20_000, 2.0
#: Code that is watched by a fuzzer is slower.
slower = 1.0

KINDS = ("text", "html", "wordpress", "feed", "nothing of ours")
CHARSETS = (None, "utf-8", "tis-620", "windows-874", "utf-16", "iso-8859-1", "koi8-r", "no charset")
ADDRESS = "https://news.example/a/1"


class Broke(AssertionError):
    """A promise was broken; the message says which."""


def thai(data: bytes) -> None:
    """A text, as it is or made of words."""
    if data:
        _analyse(_text(data), data[0])


def stretch(data: bytes) -> None:
    """A short text again and again, up to 20,000 letters: what takes longer than its length allows shows here."""
    text = _text(data)
    if text:
        _in_time(lambda: _analyse((text * (LETTERS // len(text) + 1))[:LETTERS], data[0]))


def read(data: bytes) -> None:
    """A page, a post or a text of any charset, read and then analysed."""
    if len(data) < 2:
        return
    kind, bits, body = KINDS[data[0] % len(KINDS)], data[1], data[2:]
    if kind == "wordpress" and bits & 1:
        words = body.decode("utf-8", "replace")
        body = json.dumps(
            {"title": {"rendered": words[:40]}, "content": {"rendered": words}, "date_gmt": words[-19:]}
        ).encode()
    about: dict[str, Any] = {
        "kind": kind,
        "url": ADDRESS,
        "content_type": "text/html" if bits & 2 else None,
        "charset": CHARSETS[bits >> 5],
        "listed_title": "ข่าว & <b>ประกาศ</b>" if bits & 4 else None,
        "listed_published": ("2024-02-30", "2024-02-29T23:59:59Z")[bits >> 4 & 1] if bits & 8 else None,
    }
    found = _in_time(lambda: read_capture(body, **about))
    if found != read_capture(body, **about):
        raise Broke("read twice, the bytes gave two values")
    if not isinstance(found, Article):
        return
    if found.text[: found.title_end] != found.title:
        raise Broke("the title does not begin the text")
    if canonical(found.text) != found.text:
        raise Broke("the text is not canonical")
    if found.published_span:
        start, end = found.published_span
        if not 0 <= start < end <= len(found.text):
            raise Broke(f"the posting date stands at {start} to {end} of {len(found.text)}")
    _hold(Release(found.text, found.title_end, found.published_at, found.published_span))


def feed(data: bytes) -> None:
    """A feed."""
    _may_refuse(lambda: feed_entries(data, ADDRESS))


def sitemap(data: bytes) -> None:
    """A sitemap, plain or gzipped."""
    _may_refuse(lambda: sitemap_entries(data))


def warc(data: bytes) -> None:
    """A web archive, and what its records hold; content codings with them."""

    def look() -> list[object]:
        out: list[object] = []
        for found in read_records(io.BytesIO(data), 1_000_000):
            out.append(found)
            if isinstance(found, Broken):
                continue
            parts = http_parts(found.block)
            for coding in ("gzip", "deflate", "br", "zstd"):
                try:
                    out.append(len(decode(parts[2] if parts else found.block, coding, 1_000_000)))
                except (TooLarge, Truncated):
                    continue
            if parts:
                try:
                    out.append(unchunked(parts[2]))
                except ValueError:
                    continue
        return out

    if _in_time(look) != look():
        raise Broke("read twice, the archive gave two lists")


def web(data: bytes) -> None:
    """What else a site sends: a list page, its pager, JSON behind a warning, robots.txt."""
    _in_time(lambda: entries_of(data, ADDRESS, Links(item="li, article", title="h2", date="time")))
    _in_time(lambda: entries_of(data, ADDRESS, Links(pattern=r"/\d+")))
    _in_time(lambda: pager(data, ADDRESS, 1))
    _in_time(lambda: read_robots(data, "moi-pipeline/1").allows(ADDRESS))
    _may_refuse(lambda: json_of(data))


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (thai, stretch, read, feed, sitemap, warc, web)
}


def _text(data: bytes) -> str:
    if data[:1] and data[0] & 1:
        return canonical("".join(WORDS[byte % len(WORDS)] for byte in data[1:]))
    return canonical(data[1:].decode("utf-8", "replace"))


def _analyse(text: str, bits: int) -> None:
    end = text.find("\n")
    from datetime import date

    _hold(
        Release(
            text,
            title_end=max(end, 0) if bits & 2 else 0,
            published_at=date(2024, 2, 29) if bits & 4 else None,
            published_span=(0, min(9, len(text))) if bits & 8 and text else None,
            site_province="น่าน" if bits & 16 else None,
        )
    )


def _hold(release: Release) -> None:
    found = _in_time(lambda: analyse(release))
    for name in MENTIONS:
        last = 0
        for mention in getattr(found, name):
            start, end = mention.span_start, mention.span_end
            words = mention.text if name == "policy_items" else mention.surface
            if not (0 <= start < end and release.text[start:end] == words):
                raise Broke(f"{name}: {words!r} does not stand at {start} to {end}")
            if start < last and name != "policy_items":
                raise Broke(f"{name}: not in the order of the text")
            last = start
    for day in found.dates:
        if day.date_from > day.date_to:
            raise Broke(f"{day.surface!r} ends before it begins")
    if (found.event_from is None) != (found.event_to is None):
        raise Broke("an event with one end")
    if len(release.text) < 2_000 and analyse(release) != found:
        raise Broke("analysed twice, the text gave two values")


def _in_time(work: Callable[[], Any]) -> Any:
    began = time.process_time()
    done = work()
    if (took := time.process_time() - began) > SECONDS * slower:
        raise Broke(f"took {took:.1f} s")
    return done


def _may_refuse(work: Callable[[], Any]) -> None:
    said = []
    for _ in range(2):
        try:
            said.append(repr(_in_time(work)))
        except ValueError as error:
            said.append(str(error))
    if said[0] != said[1]:
        raise Broke("asked twice, the bytes gave two answers")
