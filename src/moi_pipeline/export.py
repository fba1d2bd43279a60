"""Captures as a standard WARC file (ISO 28500), which other tools open and ``moi fetch`` reads back unchanged."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from moi_pipeline.errors import NotStored, UnknownTarget
from moi_pipeline.workspace import Workspace

#: What HTTP has no place for, in named fields of our own (the standard lets readers pass over them).
OWN_FIELDS = ("kind", "url", "final_url", "status", "listed_title", "listed_published", "listed_modified")
CONTENT_TYPES = {"wordpress": "application/json", "text": "text/plain"}


@dataclass(slots=True)
class ExportReport:
    """What was written: captures by source, and segments that could not be read."""

    path: str
    captures: int = 0
    bytes: int = 0
    sources: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 fine, 3 where a segment could not be read."""
        return 3 if self.broken else 0


def export_warc(workspace: Workspace, path: Path, source: str | None = None) -> ExportReport:
    """Write all captures, or those of one source, to ``path``; compressed where it ends in ``.gz``.

    The file appears whole or not at all. Raises UnknownTarget where nothing is stored of the source,
    NotStored where the disk refuses.
    """
    from warcio.warcwriter import WARCWriter

    if source is not None and not (workspace.raw / source).is_dir():
        known = ", ".join(sorted(p.name for p in workspace.raw.glob("*/"))) or "nothing yet"
        raise UnknownTarget(f"nothing is stored of a source {source!r}", f"Stored: {known}.")
    report = ExportReport(str(path))
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as out:
            writer = WARCWriter(out, gzip=path.name.endswith(".gz"), warc_version="WARC/1.1")
            about = {
                "software": f"moi-pipeline/{version('moi-pipeline')}",
                "format": "WARC File Format 1.1",
                "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            }
            writer.write_record(writer.create_warcinfo_record(path.name, about))
            for row in _stored(workspace.raw / (source or ""), report):
                writer.write_record(_record(writer, row))
                report.captures += 1
                report.sources[row["source"]] = report.sources.get(row["source"], 0) + 1
            out.flush()
            os.fsync(out.fileno())
            report.bytes = out.tell()
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise NotStored(f"can't write {path}: {error.strerror or error}", "Name another file.") from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return report


def _stored(folder: Path, report: ExportReport) -> Iterator[dict[str, Any]]:
    """Every stored capture once, a row group in memory at a time."""
    import pyarrow as pa

    from moi_pipeline.store import open_segment, segments

    seen: set[str] = set()
    for path in segments(folder):
        try:
            segment = open_segment(path)
            for group in range(segment.num_row_groups):
                for row in segment.read_row_group(group).to_pylist():
                    if row["capture_id"] not in seen:
                        seen.add(row["capture_id"])
                        yield row
        except (OSError, pa.ArrowException) as error:
            report.broken.append(f"{path}: {error}")


def _record(writer: Any, row: dict[str, Any]) -> Any:
    """A response record: status line and headers made again from what is known of the capture.

    What was no answer of a web server, a file, is a resource record.
    """
    from warcio.statusandheaders import StatusAndHeaders

    content_type = row["content_type"] or CONTENT_TYPES.get(row["kind"], "text/html")
    content_type += f"; charset={row['charset']}" if row["charset"] else ""
    target = quote(row["url"], safe=":/?#[]@!$&'()*+,;=%~-._")
    fields = {"WARC-Date": row["fetched_at"].strftime("%Y-%m-%dT%H:%M:%S.%fZ")} | {
        # Percent-encoded: titles are Thai, and a field is one line.
        f"Moi-{name.replace('_', '-').title()}": quote(str(row[name]), safe=":/?#[]@!$&'()*+,;= ~-._")
        for name in OWN_FIELDS
        if row.get(name) is not None and not (name == "url" and target == row["url"])
    }
    kind, http = "resource", None
    if target.startswith(("http://", "https://")):
        headers = [("Content-Type", content_type), ("Content-Length", str(len(row["body"])))]
        headers += [
            (name, row[key])
            for name, key in (("ETag", "etag"), ("Last-Modified", "last_modified"))
            if row.get(key)
        ]
        kind, http = "response", StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
    return writer.create_warc_record(
        target,
        kind,
        payload=io.BytesIO(row["body"]),
        length=len(row["body"]),
        warc_content_type="" if http else content_type,
        http_headers=http,
        warc_headers_dict=fields,
    )
