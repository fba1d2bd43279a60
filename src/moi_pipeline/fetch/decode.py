"""Content codings, undone with a limit: no small body may open to fill the memory."""

from __future__ import annotations

import zlib

#: zstd can't be told where to stop, but four bytes of it open to 128 KB at most.
ZSTD_STEP = 256


class TooLarge(Exception):
    """The body opens to more than the limit."""


class Truncated(Exception):
    """The body ends before its coding does, or is no such coding."""


def decode(body: bytes, codings: str, limit: int) -> bytes:
    """Undo the codings of a Content-Encoding header, last first. Raises TooLarge, Truncated."""
    for coding in reversed([part.strip().lower() for part in codings.split(",") if part.strip()]):
        if coding in ("gzip", "x-gzip", "deflate"):
            body = _inflate(body, limit, deflate=coding == "deflate")
        elif coding == "br":
            body = _brotli(body, limit)
        elif coding == "zstd":
            body = _zstd(body, limit)
        elif coding != "identity":
            raise Truncated(f"unknown coding {coding}")
    return body


def _inflate(body: bytes, limit: int, deflate: bool = False) -> bytes:
    # "deflate" is zlib by the book and a bare stream from some servers.
    bare = deflate and body[:1] != b"\x78"
    windows = -zlib.MAX_WBITS if bare else zlib.MAX_WBITS + (0 if deflate else 16)
    out = bytearray()
    while body:
        stream = zlib.decompressobj(windows)
        try:
            out += stream.decompress(body, limit + 1 - len(out))
        except zlib.error as error:
            raise Truncated(str(error)) from error
        if len(out) > limit or stream.unconsumed_tail:
            raise TooLarge(f"opens to more than {limit:,} bytes")
        if not stream.eof:
            raise Truncated("the compressed body breaks off")
        # A gzip body may have several members; zero bytes after the last are padding.
        body = b"" if deflate else stream.unused_data.lstrip(b"\0")
    return bytes(out)


def _brotli(body: bytes, limit: int) -> bytes:
    import brotli

    stream = brotli.Decompressor()
    out = bytearray()
    try:
        out += stream.process(body, output_buffer_limit=limit + 1)
        while not stream.is_finished() and len(out) <= limit:
            more = stream.process(b"", output_buffer_limit=limit + 1 - len(out))
            if not more:
                raise Truncated("the compressed body breaks off")
            out += more
    except brotli.error as error:
        raise Truncated(str(error)) from error
    if len(out) > limit:
        raise TooLarge(f"opens to more than {limit:,} bytes")
    return bytes(out)


def _zstd(body: bytes, limit: int) -> bytes:
    import zstandard

    # A frame may ask for a window as large as it likes: refuse what no web server sends.
    context = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    out = bytearray()
    try:
        while body:
            stream = context.decompressobj()
            at = 0
            while not stream.eof and at < len(body):
                out += stream.decompress(body[at : at + ZSTD_STEP])
                at += ZSTD_STEP
                if len(out) > limit:
                    raise TooLarge(f"opens to more than {limit:,} bytes")
            if not stream.eof:
                raise Truncated("the compressed body breaks off")
            body = stream.unused_data + body[at:]
    except zstandard.ZstdError as error:
        raise Truncated(str(error)) from error
    return bytes(out)
