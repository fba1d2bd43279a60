"""Misbehaviour on order: the same requests fail in the same way at every run of a test."""

from __future__ import annotations

import gzip
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.site.server import Fault, Request, Response

WAYS = ("500", "503", "503 date", "429", "reset", "silence", "stall", "gzip cut", "502 html")


def misbehave(share: float, seed: int = 1, ways: tuple[str, ...] = WAYS) -> Fault:
    """Let this share of all requests fail, each in one of the ways."""

    def fault(request: Request, number: int, response: Response) -> Response | None:
        dice = random.Random(f"{seed} {request.target} {number}")
        return fail(dice.choice(ways), response) if dice.random() < share else None

    return fault


def fail(way: str, response: Response) -> Response:
    """The response spoilt in one way."""
    half = len(response.body) // 2
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
    zipped = gzip.compress(response.body)
    spoilt = {
        "500": Response(b"error", 500),
        "502 html": Response(b"<html><title>502 Bad Gateway</title></html>", 502),
        "503": Response(b"busy", 503, {"Retry-After": "1"}),
        "503 date": Response(b"busy", 503, {"Retry-After": soon}),
        "429": Response(b"slow down", 429, {"Retry-After": "0"}),
        "reset": replace(response, cut=half),
        "silence": Response(status=0),
        "stall": replace(response, cut=half, stall=True),
        "gzip cut": replace(
            response, body=zipped[: len(zipped) // 2], headers=response.headers | {"Content-Encoding": "gzip"}
        ),
    }
    return spoilt[way]


def gzip_bomb(size: int) -> bytes:
    """A small body that opens to ``size`` zero bytes."""
    return gzip.compress(bytes(size), 9)


def brotli_bomb(size: int) -> bytes:
    import brotli

    return bytes(brotli.compress(bytes(size), quality=5))


def zstd_bomb(size: int) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor().compress(bytes(size))
