"""A workspace: where its parts lie, what its ``sources.toml`` says, and the lock that writers hold."""

from __future__ import annotations

import contextlib
import csv
import fcntl
import os
import re
import threading
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from moi_pipeline.errors import BadSettings, Busy, NotStored, NoWorkspace
from moi_pipeline.fetch.health import read_expect
from moi_pipeline.remote.where import Place, told_place
from moi_pipeline.sources import Source, kinds
from moi_pipeline.toml_lines import line_of

if TYPE_CHECKING:
    from moi_pipeline.remote.mirror import Mirror

SETTINGS = "sources.toml"
#: The curated tables' layout: counts up when they change so that older readers would misread them.
SCHEMA_VERSION = 1
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\Z")


SHARED_KEYS: dict[str, type] = {"kind": str, "enabled": bool, "province": str, "title": str}


class Workspace:
    """A folder with ``sources.toml``, ``queries/`` and ``data/``."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._locked_by: int | None = None  # the thread that holds the lock through this object

    @cached_property
    def place(self) -> Path | Place:
        """Where the data lies: a folder, or an object store whose cache ``data/`` is. Raises BadSettings."""
        return told_place(self.root, self.root / SETTINGS)

    @property
    def data(self) -> Path:
        return self.place if isinstance(self.place, Path) else self.root / "data"

    @cached_property
    def mirror(self) -> Mirror | None:
        """What keeps ``data/`` and its object store alike; None where the data lies in a folder."""
        if isinstance(self.place, Path):
            return None
        from moi_pipeline.remote.mirror import Mirror

        return Mirror(self.place, self.data)

    @property
    def raw(self) -> Path:
        return self.data / "raw"

    @property
    def extracted(self) -> Path:
        return self.data / "extracted"

    @property
    def curated(self) -> Path:
        return self.data / "curated"

    @property
    def runs(self) -> Path:
        return self.data / "runs"

    @property
    def queries(self) -> Path:
        return self.root / "queries"

    @property
    def lock_file(self) -> Path:
        return self.data / ".lock"

    @property
    def database(self) -> Path:
        return self.curated / "moi.duckdb"

    @cached_property
    def sources(self) -> dict[str, Source]:
        """The sources by name, validated. Raises BadSettings naming the line."""
        return read_sources(self.root / SETTINGS)

    @property
    def contact(self) -> str | None:
        """The ``contact`` of ``sources.toml``: whom a site's keeper may write to, told to every site."""
        settings, text = _settings(self.root / SETTINGS)
        contact = settings.get("contact")
        if contact is not None and (not isinstance(contact, str) or not contact.isascii() or "\n" in contact):
            line = line_of(text, "contact")
            raise BadSettings(
                f"{self.root / SETTINGS}, line {line}: contact must be an address in plain letters, not {contact!r}",
                'For example: contact = "webmaster@example.go.th".',
            )
        return contact

    def freshen(self) -> None:
        """Have the tables here that the object store has, where there is one. Raises NoStore, NotStored."""
        if self.mirror and self._locked_by is None:
            self.mirror.pull_build()

    @contextlib.contextmanager
    def lock(self, what: str) -> Iterator[str]:
        """Hold the workspace for writing. Raises Busy at once where another run holds it.

        The lock is the kernel's: it ends with its process, however that dies, so no stale lock can stay. Gives the
        run that held it last where that was killed, else "". Who holds it may take it again: one run of several
        stages is one run. Where the data lies on an object store, what is new there is pulled first and what is new
        here is pushed at the end; machines hold no lock on each other. Raises NoStore.
        """
        if self._locked_by == threading.get_ident():
            yield ""
            return
        path = self.lock_file
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = path.open("a+", encoding="utf-8")
        except OSError as error:
            raise NotStored(
                f"can't write in {path.parent}: {error.strerror}",
                "Mend the folder's permissions, or name another workspace with --workspace.",
            ) from error
        with handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                handle.seek(0)
                holder = handle.read().strip() or "another run"
                raise Busy(
                    f"{holder} is working in this workspace", "Wait until it has ended, then try again."
                ) from error
            except OSError as error:
                raise NotStored(
                    f"can't lock {path}: {error.strerror}", "Put the workspace on a disk that knows locks."
                ) from error
            handle.seek(0)
            dead = handle.read().strip()
            _say(handle, f"moi {what} (process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC)")
            self._locked_by = threading.get_ident()
            try:
                if self.mirror:
                    self.mirror.begin(what)
                yield dead
                if self.mirror:
                    self.mirror.end()
            finally:
                self._locked_by = None
                _say(handle, "")


def _say(handle: TextIO, holder: str) -> None:
    # Who holds the lock is told for people alone: a full disk is for the run itself to meet and to name.
    with contextlib.suppress(OSError):
        os.ftruncate(handle.fileno(), 0)
        os.write(handle.fileno(), holder.encode())


def find_workspace(folder: str | Path | None = None) -> Workspace:
    """The workspace named, else that of MOI_HOME, else the current folder. Raises NoWorkspace."""
    named = folder or os.environ.get("MOI_HOME") or "."
    root = Path(os.path.expanduser(named)).resolve()  # noqa: PTH111 - Path's raises where a user is unknown
    if not (root / SETTINGS).is_file():
        raise NoWorkspace(
            f"{root} is no workspace: there is no {SETTINGS} in it",
            f'Make one with "moi init {named}", or name one with --workspace DIR or MOI_HOME.',
        )
    return Workspace(root)


def _settings(path: Path) -> tuple[dict[str, Any], str]:
    """A ``sources.toml`` parsed, and its text. Raises BadSettings."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BadSettings(f"{path}, line {line}: not UTF-8", "Save the file as UTF-8.") from error
    except OSError as error:
        raise BadSettings(f"can't read {path}: {error.strerror}", "Mend its permissions.") from error
    try:
        settings = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{path}: {error}", "Mend that line; strings need quotation marks.") from error
    return settings, text


def read_sources(path: Path) -> dict[str, Source]:
    """Parse and validate a ``sources.toml``. Raises BadSettings, whose message names file and line."""
    settings, text = _settings(path)
    unknown = set(settings) - {"sources", "contact", "data"}
    if unknown:
        name = min(unknown)
        raise BadSettings(
            f"{path}, line {line_of(text, name)}: unknown table or key {name!r}",
            "A source is a table [sources.NAME].",
        )
    tables = settings.get("sources", {})
    if not isinstance(tables, dict):
        line = line_of(text, "sources")
        raise BadSettings(
            f"{path}, line {line}: sources must be tables [sources.NAME]", "See the examples in the file."
        )
    return {name: _source(path, text, name, table) for name, table in tables.items()}


def _source(path: Path, text: str, name: str, table: Any) -> Source:
    def bad(why: str, key: str | None = None, hint: str = "See the examples in the file.") -> BadSettings:
        line = line_of(text, "sources", name, *([key] if key else []))
        return BadSettings(f"{path}, line {line}: source {name!r}: {why}", hint)

    if not NAME.match(name):
        raise bad("a name is lower-case letters, digits, - and _, at most 64", hint="Rename it.")
    if not isinstance(table, dict):
        raise bad("not a table", hint=f"Write it as [sources.{name}].")
    if "kind" not in table:
        raise bad("no kind given", hint=f"Give one of: {', '.join(kinds())}.")
    for key, value in table.items():
        wanted = SHARED_KEYS.get(key)
        if wanted is not None and type(value) is not wanted:
            raise bad(f"{key} must be {_named(wanted)}, not {value!r}", key)
    kind = table["kind"]
    if kind not in kinds():
        raise bad(f"unknown kind {kind!r}", "kind", f"Give one of: {', '.join(kinds())}.")
    allowed = kinds()[kind].OPTIONS
    options = {k: v for k, v in table.items() if k not in SHARED_KEYS}
    for key, value in options.items():
        if key not in allowed:
            raise bad(
                f"{kind} knows no {key!r}", key, f"It knows: {', '.join(sorted({*SHARED_KEYS, *allowed}))}."
            )
        if not allowed[key].takes(value):
            raise bad(f"{key} must be {_named(allowed[key].type)}, not {value!r}", key)
    if "expect" in options:
        try:
            read_expect(options["expect"])
        except ValueError as error:
            raise bad(
                str(error), "expect", 'For example: expect = {at_least = 5, every = "1 day"}'
            ) from error
    for key, option in allowed.items():
        if option.needed and key not in options:
            raise bad(f"{kind} needs {key!r}")
    province = table.get("province")
    if province is not None and province not in _province_codes():
        raise bad(f"province must be an ISO 3166-2 code such as TH-48, not {province!r}", "province")
    return Source(
        name=name,
        kind=kind,
        enabled=table.get("enabled", True),
        province=province,
        title=table.get("title"),
        options=options,
        line=line_of(text, "sources", name),
    )


@cache
def _province_codes() -> frozenset[str]:
    # The list is data of thai/: read here as a file, so that no code of it is needed.
    path = files("moi_pipeline.thai") / "data" / "provinces.csv"
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return frozenset(row["code"] for row in csv.DictReader(lines))


def _named(kind: type) -> str:
    return {
        str: "a text in quotation marks",
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        dict: "a table in braces",
    }.get(kind, kind.__name__)
