"""Where a workspace's data lies: the folder ``data/``, another folder, or an object store."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from moi_pipeline.errors import BadSettings

VARIABLE = "MOI_DATA"
#: What may stand behind the question mark. Keys and passwords may not: an address is shown and logged.
OPTIONS = ("region", "scheme", "endpoint_override")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z")
_FORM = (
    'For example: data = "s3://bucket/prefix", or "s3://bucket/prefix?endpoint_override=http://host:9000".'
)


@dataclass(frozen=True, slots=True)
class Place:
    """A prefix of a bucket, and the server that has it (None: Amazon's)."""

    bucket: str
    prefix: str
    region: str | None = None
    scheme: str = "https"
    endpoint: str | None = None

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


def told_place(root: Path, settings: Path) -> Path | Place:
    """What MOI_DATA or else the key ``data`` of ``sources.toml`` says; none of them, or empty: ``data/`` in ``root``.

    Raises BadSettings.
    """
    told = os.environ.get(VARIABLE)
    if told is None:
        told = _setting(settings)
    if not told:
        return root / "data"
    if "://" in told:
        return parse_place(told)
    return (root / Path(told).expanduser()).resolve()


def _setting(settings: Path) -> str:
    try:
        text = settings.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""  # told, with the reason, by whoever needs the sources
    # Few workspaces say it: whoever only reads tables is spared parsing a catalogue, and its mistakes.
    if not (found := re.search(r"^[ \t]*data[ \t]*=.*$", text, re.MULTILINE)):
        return ""
    try:
        value = tomllib.loads(found[0])["data"]
    except tomllib.TOMLDecodeError:
        value = None
    if not isinstance(value, str):
        line = text.count("\n", 0, found.start()) + 1
        raise BadSettings(f"{settings}, line {line}: data must be a text in quotation marks", _FORM)
    return value


def parse_place(uri: str) -> Place:
    """The place that an address means. Raises BadSettings, which does not repeat what may be secret."""
    try:
        parts = urlsplit(uri)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise BadSettings("the data root is no address", _FORM) from error
    if parts.scheme != "s3":
        raise BadSettings(
            f"the data root can't be {parts.scheme}://: only folders and s3:// are known", _FORM
        )
    if "@" in parts.netloc:
        raise BadSettings(
            "the data root's address holds a key",
            "Addresses are shown: put keys into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ~/.aws/credentials.",
        )
    if not _BUCKET.match(parts.netloc) or ".." in parts.path.split("/"):
        raise BadSettings("the data root names no bucket, or a prefix that can't be", _FORM)
    if unknown := sorted(options.keys() - {*OPTIONS}):
        raise BadSettings(f"the data root knows no {unknown[0]!r}", f"It knows: {', '.join(OPTIONS)}.")
    # Arrow's own reading of these variables holds for some of its constructors only.
    endpoint = (
        options.get("endpoint_override")
        or os.environ.get("AWS_ENDPOINT_URL_S3")
        or os.environ.get("AWS_ENDPOINT_URL")
    )
    scheme = options.get("scheme", "https")
    if endpoint and "://" in endpoint:
        scheme, _, endpoint = endpoint.partition("://")
    return Place(
        parts.netloc,
        "/".join(part for part in parts.path.split("/") if part),
        options.get("region"),
        scheme,
        endpoint.rstrip("/").rpartition("@")[2] if endpoint else None,
    )
