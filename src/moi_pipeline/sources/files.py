"""Files and folders on this machine: saved pages (.html, .htm) and texts (.txt), kept as they are.

An address is the file's own ``file://`` address, or, with ``base_url``, that address plus the path inside
the folder, for a folder that mirrors a site. Symbolic links that lead out of the folder are refused.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from moi_pipeline.captures import Capture
from moi_pipeline.sources import Context, Found, Option, Refusal, Source

OPTIONS = {
    "path": Option(
        str, needed=True, about="a file, or a folder that is searched, from sources.toml's folder or absolute"
    ),
    "base_url": Option(str, about="the address under which the folder's files stand on the web, if they do"),
}

#: A release is a few kilobytes; what is larger than this is something else.
LIMIT = 20_000_000
TYPES = {".txt": ("text", "text/plain"), ".html": ("html", "text/html"), ".htm": ("html", "text/html")}
#: How files begin that are no text, whatever they are called.
SIGNATURES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP, Word or Excel file",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a gzip file",
}
#: The package's own sample releases, as a path in sources.toml.
SAMPLES = "package:samples"


async def crawl(source: Source, context: Context) -> AsyncIterator[Found]:
    """The captures of one entry of ``sources.toml``."""
    given = source.options["path"]
    samples = Path(__file__).parent.parent / "samples"
    path = samples if given == SAMPLES else context.root / Path(given).expanduser()
    for found in crawl_path(source.name, path, source.options.get("base_url")):
        yield found


def crawl_path(source: str, path: Path, base_url: str | None = None) -> Iterator[Capture | Refusal]:
    """The captures of a file, or of all files of known types below a folder, in the order of their paths."""
    path = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the links that are to be refused
    # os.path's questions are answered with no where Path's raise: for lack of permission, for links in a circle.
    if not os.path.isdir(path):  # noqa: PTH112
        yield _take(source, path, _address(path, path.parent, base_url))
        return
    inside = path.resolve()
    for found in _walk(path, base_url):
        if isinstance(found, Refusal):
            yield found
            continue
        url = _address(found, path, base_url)
        target = Path(os.path.realpath(found))
        if os.path.islink(found) and not target.is_relative_to(inside):  # noqa: PTH114
            yield Refusal(url, "link out of the folder", f"leads to {_shown(target)}")
        else:
            yield _take(source, found, url)


def _walk(folder: Path, base_url: str | None) -> Iterator[Path | Refusal]:
    """The files of known types below a folder, and the folders that are refused, in the order of their paths."""
    found: list[tuple[Path, Refusal | None]] = []

    def refuse(path: Path, reason: str, detail: str) -> None:
        found.append((path, Refusal(_address(path, folder, base_url), reason, detail)))

    def on_error(error: OSError) -> None:
        refuse(Path(error.filename), "unreadable", error.strerror or str(error))

    for parent, folders, files in os.walk(folder, onerror=on_error):
        here = Path(parent)
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in folders:
            if os.path.islink(here / name):  # noqa: PTH114
                refuse(here / name, "link to a folder", "name that folder itself")
        for name in files:
            if Path(name).suffix.lower() in TYPES and not name.startswith("."):
                found.append((here / name, None))
    for path, refusal in sorted(found, key=lambda pair: pair[0]):
        yield refusal or path


def _take(source: str, path: Path, url: str) -> Capture | Refusal:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return Refusal(url, "missing", f"there is no {_shown(path)}")
    except OSError as error:
        return Refusal(url, "unreadable", error.strerror or str(error))
    if path.suffix.lower() not in TYPES:
        return Refusal(url, "unknown type", f"{_shown(path.name)}: only {', '.join(TYPES)} files are read")
    kind, content_type = TYPES[path.suffix.lower()]
    try:
        if not path.is_file():
            return Refusal(url, "unreadable", "no regular file")
        size = path.stat().st_size
        if size > LIMIT:
            return Refusal(url, "too large", f"{size:,} bytes; the limit is {LIMIT:,}")
        body = path.read_bytes()
    except OSError as error:
        return Refusal(url, "unreadable", error.strerror or str(error))
    if not body.strip():
        return Refusal(url, "empty", f"{len(body)} bytes, nothing but white space")
    for signature, what in SIGNATURES.items():
        if body.startswith(signature):
            return Refusal(url, "binary", f"{what}, not a text")
    # UTF-16 has zero bytes too, but begins with its mark.
    if b"\0" in body[:4096] and body[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return Refusal(url, "binary", "zero bytes in the text")
    return Capture(
        source=source,
        url=url,
        kind=kind,
        fetched_at=datetime.now(UTC),
        body=body,
        final_url=url,
        content_type=content_type,
    )


def _address(path: Path, folder: Path, base_url: str | None) -> str:
    if base_url is None:
        return path.as_uri()
    relative = "/".join(quote(os.fsencode(part)) for part in path.relative_to(folder).parts)
    return f"{base_url.rstrip('/')}/{relative}"


def _shown(path: Path | str) -> str:
    """A path as a text that can be printed and stored, also where its name is in an old charset."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
