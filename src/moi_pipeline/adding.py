"""Writing a new entry into ``sources.toml``: what stands there stays as it is, byte for byte."""

from __future__ import annotations

import json
import re
from collections.abc import Container
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from moi_pipeline.errors import BadSettings, NotAdded, NotStored
from moi_pipeline.fetch.detect import Detection, same_address
from moi_pipeline.fetch.tryout import Guess
from moi_pipeline.sources import Source
from moi_pipeline.store import sync
from moi_pipeline.workspace import NAME, SETTINGS, Workspace, read_sources

#: Ends of host names that tell nothing of whose site it is.
ENDS = re.compile(r"\.(?:(?:go|or|ac|co|in|mi)\.th|com|net|org|info|th)\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """A source as it will stand, or stands, in ``sources.toml``."""

    name: str
    guess: Guess
    title: str | None
    province: str | None
    rate: float | None

    @property
    def text(self) -> str:
        """The entry in TOML."""
        said: dict[str, Any] = {"kind": self.guess.kind, **self.guess.options}
        said |= {"title": self.title, "province": self.province, "rate": self.rate}
        lines = [f"{key} = {_toml(value)}" for key, value in said.items() if value is not None]
        return "\n".join([f"[sources.{self.name}]", *lines]) + "\n"


def name_for(url: str, taken: Container[str]) -> str:
    """A free name for the site of an address, made from its host: ``trang-cdd`` for https://trang.cdd.go.th/."""
    parts = urlsplit(url)
    host = (parts.hostname or "site").removeprefix("www.")
    name = re.sub(r"[^a-z0-9]+", "-", ENDS.sub("", host).lower()).strip("-")[:50] or "site"
    if parts.port and parts.port not in (80, 443):
        name += f"-{parts.port}"
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def source_at(sources: dict[str, Source], guess: Guess) -> Source | None:
    """The source that is the guess already: of its kind, at its address."""
    url = guess.options.get("url", "")
    for source in sources.values():
        if source.kind == guess.kind and same_address(source.options.get("url", ""), url):
            told = ("preset", "pattern", "category")
            if all(source.options.get(key) == guess.options.get(key) for key in told if key != "preset"):
                return source
    return None


def province_of(url: str) -> str | None:
    """The code of the province whose English name is a part of the host's name."""
    from moi_pipeline.thai.provinces import province_named

    for label in (urlsplit(url).hostname or "").split("."):
        if len(label) > 2 and label.isascii() and (province := province_named(label)):
            return province.code
    return None


def new_entry(
    workspace: Workspace, found: Detection, name: str | None = None, rate: float | None = None
) -> Entry:
    """The entry for what was detected, checked but not written.

    Raises NotAdded where nothing was detected, the name is taken or none, or the site is a source already.
    """
    if not found.guesses:
        tried = "; ".join(
            f"{g.kind} {g.options['url']}: {', '.join(g.problems[:1]) or 'no releases'}" for g in found.failed
        )
        raise NotAdded(
            f"no releases could be read from {found.url} by any kind of source",
            f"Tried: {tried[:600] or 'nothing'}. Name the page that lists the news, or write a listing entry by hand.",
        )
    guess = found.guesses[0]
    if name is None:
        if there := source_at(workspace.sources, guess):
            how = f'"moi fetch {there.name}" fetches it' + (
                "" if there.enabled else ', "enabled = true" in its entry always'
            )
            raise NotAdded(
                f"{guess.options['url']} is there already: source {there.name!r}, line {there.line} of {SETTINGS}",
                f"{how}; --name adds it once more.",
            )
        name = name_for(found.url, workspace.sources)
    check_name(workspace, name)
    title = re.sub(r"\s+", " ", found.title or "").strip()[:80] or None
    return Entry(name, guess, title, province_of(found.url), rate)


def check_name(workspace: Workspace, name: str) -> None:
    """Raises NotAdded where a source can't be called so, or another one is."""
    if not NAME.match(name):
        raise NotAdded(
            f"{name!r} is no name of a source", "A name is lower-case letters, digits, - and _, at most 64."
        )
    if name in workspace.sources:
        raise NotAdded(
            f"there is a source {name!r} already, line {workspace.sources[name].line} of {SETTINGS}",
            "Give another one with --name.",
        )


def entry_facts(found: Detection, entry: Entry) -> dict[str, Any]:
    """What was detected and written, as ``moi sources add --json`` tells it."""
    shared = {"source": entry.name, "title": entry.title, "site_province": entry.province, "rate": entry.rate}
    return shared | {
        "url": found.url,
        "release": found.release,
        "guesses": [asdict(g) for g in found.guesses],
    }


@cache
def shipped() -> frozenset[str]:
    """The names of the sources that ship with the package."""
    with as_file(files("moi_pipeline") / SETTINGS) as path:
        return frozenset(read_sources(path))


def write_entry(workspace: Workspace, entry: Entry) -> None:
    """Put an entry at the end of ``sources.toml``. Raises NotAdded where the file would be good no more, NotStored."""
    path = workspace.root / SETTINGS
    part = path.with_name(f".{SETTINGS}.part")
    try:
        before = path.read_bytes()
        line_end = b"\r\n" if b"\r\n" in before else b"\n"
        gap = b"" if not before.strip() else line_end if before.endswith(b"\n") else line_end * 2
        part.write_bytes(before + gap + entry.text.encode().replace(b"\n", line_end))
        part.chmod(path.stat().st_mode & 0o777)
        read_sources(part)
        sync(part)
        part.replace(path)
        sync(path.parent)
    except BadSettings as error:
        part.unlink(missing_ok=True)
        raise NotAdded(
            f"the entry can't be added to {path}: {error}", f"Add it by hand:\n{entry.text}"
        ) from error
    except OSError as error:
        _remove(part)
        raise NotStored(
            f"can't write {path}: {error.strerror or error}", "Mend the folder's permissions."
        ) from error
    workspace.__dict__.pop("sources", None)  # read again when next asked for


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def _toml(value: Any) -> str:
    if isinstance(value, str):
        if "\\" in value and "'" not in value and value.isprintable():
            return f"'{value}'"  # a regular expression reads better as it is
        # JSON's escapes are TOML's, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
