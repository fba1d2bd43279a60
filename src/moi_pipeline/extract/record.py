"""One capture in, its extracted record out. A document that raises becomes a record that says so."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import signal
import threading
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa

from moi_pipeline.captures import article_id
from moi_pipeline.extract.schema import MENTIONS, RECORD
from moi_pipeline.extract.sketch import sketch
from moi_pipeline.read import NotArticle, read_capture
from moi_pipeline.thai.analyse import analyse
from moi_pipeline.thai.model import Release

#: A release takes a millisecond, the largest text allowed some seconds: who takes a minute will not end.
SECONDS = 60.0
#: What Arrow raises for a value that is none of its column's type.
NO_COLUMN = (pa.ArrowException, ValueError, TypeError, OverflowError, AttributeError)
PACKAGE = str(Path(__file__).parent.parent.parent)


def extract_batch(captures: Iterable[dict[str, Any]]) -> pa.Table:
    """A batch of captures (rows of ``store.CAPTURES``) as a table in the schema of ``RECORD``."""
    with no_collections():
        records = [extract_record(capture) for capture in captures]
    try:
        return pa.Table.from_pylist(records, schema=RECORD)
    except NO_COLUMN:
        return pa.Table.from_pylist([_fitting(record) for record in records], schema=RECORD)


def failed_batch(captures: Iterable[dict[str, Any]], reason: str, detail: str) -> pa.Table:
    """The records of captures that can't be extracted at all."""
    records = [
        _begin(capture) | {"outcome": "failed", "reason": reason, "detail": detail} for capture in captures
    ]
    return pa.Table.from_pylist(records, schema=RECORD)


@contextlib.contextmanager
def no_collections() -> Iterator[None]:
    """No search for cyclic garbage in the block: a batch makes next to none, and it takes a tenth of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _fitting(record: dict[str, Any]) -> dict[str, Any]:
    """The record, or one that says that its values fit no column."""
    try:
        pa.Table.from_pylist([record], schema=RECORD)
    except NO_COLUMN as error:
        return {name: record[name] for name in ("capture_id", "article_id")} | _failed(error)
    return record


def extract_record(capture: dict[str, Any]) -> dict[str, Any]:
    """The record of one capture. Never raises: what goes wrong is the record's outcome ``failed``."""
    record = _begin(capture)
    try:
        with time_limit(SECONDS):
            record |= _extract(capture)
    # One bad document must not stop the others, whatever it raises; the traceback is kept in the record.
    except Exception as error:  # noqa: BLE001
        record |= _failed(error)
    return record


def _begin(capture: dict[str, Any]) -> dict[str, Any]:
    return {
        "capture_id": capture["capture_id"],
        "article_id": article_id(capture["source"], capture["url"]),
    }


def _failed(error: Exception) -> dict[str, Any]:
    detail = "".join(traceback.format_exception(error)).replace(PACKAGE, "").strip()
    # The message may quote what can't be stored.
    detail = detail.encode("utf-8", "backslashreplace").decode("utf-8")
    return {"outcome": "failed", "reason": type(error).__name__, "detail": detail}


class TimeLimit(Exception):
    """A document took longer than any document should."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimit in the block when it takes longer. Holds in a process's main thread, where workers work."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> None:
        raise TimeLimit(f"more than {seconds:g} s for one document")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _extract(capture: dict[str, Any]) -> dict[str, Any]:
    article = read_capture(
        capture["body"],
        kind=capture["kind"],
        url=capture["url"],
        content_type=capture["content_type"],
        charset=capture["charset"],
        listed_title=capture["listed_title"],
        listed_published=capture["listed_published"],
    )
    if isinstance(article, NotArticle):
        return {"outcome": "not_article", "reason": article.reason, "detail": article.detail}
    found = analyse(
        Release(
            text=article.text,
            title_end=article.title_end,
            published_at=article.published_at,
            published_span=article.published_span,
        )
    )
    for name in MENTIONS:
        _hold_spans(name, article.text, getattr(found, name))
    return {
        "outcome": "article",
        "charset": article.charset,
        "title": article.title,
        "text": article.text,
        "characters": len(article.text),
        "content_sha256": hashlib.sha256(article.text.encode()).hexdigest(),
        "sketch": sketch(article.text),
        "published_at": article.published_at,
        "event_from": found.event_from,
        "event_to": found.event_to,
        "province": found.province,
        "province_code": found.province_code,
        "warnings": list(article.warnings),
        "removed": [_row(line, ("line", "reason", "text")) for line in article.removed],
    } | {
        name: [_row(mention, cls.__slots__) for mention in getattr(found, name)]
        for name, cls in MENTIONS.items()
    }


class WrongSpan(Exception):
    """A mention's words are not those at its span: a mistake of ours, which must not get into a table."""


def _hold_spans(name: str, text: str, mentions: Iterable[Any]) -> None:
    """Hold every mention against the text. Raises WrongSpan."""
    words = "text" if name == "policy_items" else "surface"
    for mention in mentions:
        start, end = mention.span_start, mention.span_end
        if not (0 <= start < end and text[start:end] == getattr(mention, words)):
            raise WrongSpan(f"{name}: {getattr(mention, words)!r} does not stand at {start} to {end}")


def _row(value: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}
