"""Web archives in and out: what is taken, what is told, and nothing lost between export and fetch."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.helpers import moi, release
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from moi_pipeline.api import Moi
from moi_pipeline.captures import Capture
from moi_pipeline.errors import NotStored, UnknownTarget
from moi_pipeline.fetch.manners import Ledger, Manners
from moi_pipeline.sources import Context, Found, Refusal, Seen, Source
from moi_pipeline.sources._archive import Broken, Record, read_records, unchunked
from moi_pipeline.sources.warc import crawl
from moi_pipeline.store import Known, captures_table, open_segment, segments, write_segment

WHEN = "2024-03-05T02:30:00Z"
SITE = "https://www.trang.example"


def page(number: int, head: str = "") -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in release(number).splitlines() if line)
    return f"<html><head><title>ข่าว {number}</title>{head}</head><body>{paragraphs}</body></html>".encode()


class Archive:
    """A WARC file in the making."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.out = io.BytesIO()
        self.writer = WARCWriter(self.out, gzip=path.suffix == ".gz", warc_version="WARC/1.0")
        self.ends: list[int] = []

    def add(
        self,
        url: str,
        body: bytes,
        content_type: str = "text/html; charset=utf-8",
        status: str = "200 OK",
        kind: str = "response",
        headers: dict[str, str] | None = None,
        **fields: str,
    ) -> Archive:
        http = StatusAndHeaders(
            status, [("Content-Type", content_type), *(headers or {}).items()], protocol="HTTP/1.1"
        )
        named = {"WARC-Date": WHEN} | {name.replace("_", "-"): value for name, value in fields.items()}
        self.writer.write_record(
            self.writer.create_warc_record(
                url, kind, io.BytesIO(body), length=len(body), http_headers=http, warc_headers_dict=named
            )
        )
        self.ends.append(self.out.tell())
        return self

    def save(self, content: bytes | None = None) -> Path:
        self.path.write_bytes(self.out.getvalue() if content is None else content)
        return self.path


def crawled(path: Path, rows: dict[str, dict[str, Any]] | None = None, **options: Any) -> list[Found]:
    async def collect() -> list[Found]:
        known = Known({}, None, [], rows=rows or {})
        context = Context(path.parent, known, datetime.now(UTC), Manners(), Ledger())
        source = Source("archive", "warc", options={"path": path.name, **options})
        return [found async for found in crawl(source, context)]

    return asyncio.run(collect())


def taken(found: list[Found]) -> list[str]:
    return [one.url for one in found if isinstance(one, Capture)]


def told(found: list[Found]) -> list[tuple[str, str]]:
    return [(one.reason, one.url) for one in found if isinstance(one, Refusal)]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_pages_are_captures_fetched_when_the_archive_says(tmp_path: Path, name: str) -> None:
    archive = Archive(tmp_path / name)
    archive.add(
        f"{SITE}/news/1?utm_source=x",
        page(1),
        headers={"ETag": '"e"', "Last-Modified": "Tue, 05 Mar 2024 00:00:00 GMT"},
    )
    (found,) = crawled(archive.save())
    assert isinstance(found, Capture)
    assert (found.url, found.kind, found.status) == (f"{SITE}/news/1", "html", 200)
    assert found.fetched_at == datetime(2024, 3, 5, 2, 30, tzinfo=UTC)
    assert (found.body, found.content_type, found.charset) == (page(1), "text/html", "utf-8")
    assert (found.etag, found.last_modified) == ('"e"', "Tue, 05 Mar 2024 00:00:00 GMT")


def test_only_answers_that_are_pages_are_taken(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "a.warc.gz")
    archive.add(f"{SITE}/1", page(1))
    archive.add(f"{SITE}/gone", page(2), status="404 Not Found")
    archive.add(f"{SITE}/moved", b"", status="301 Moved")
    archive.add(f"{SITE}/photo.jpg", b"\xff\xd8\xff", "image/jpeg")
    archive.add(f"{SITE}/data.json", b"{}", "application/json")
    archive.add(f"{SITE}/1", page(1), kind="revisit")
    archive.add(f"{SITE}/request", b"", kind="metadata")
    archive.add(f"{SITE}/empty", b" \n")
    found = crawled(archive.save())
    assert taken(found) == [f"{SITE}/1"]
    assert told(found) == []


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ({}, [1, 2, 3]),
        ({"hosts": "trang.example"}, [1]),
        ({"hosts": ["www.TRANG.example", "nan.example"]}, [1, 2]),
        ({"hosts": "nan.example, tak.example"}, [2, 3]),
        ({"pattern": r"/news/[23]$"}, [2, 3]),
        ({"hosts": ["tak.example"], "pattern": r"/news/2"}, []),
    ],
)
def test_hosts_and_pattern_choose(tmp_path: Path, options: dict[str, Any], numbers: list[int]) -> None:
    archive = Archive(tmp_path / "a.warc")
    for number, host in enumerate(("www.trang.example", "nan.example", "tak.example"), 1):
        archive.add(f"https://{host}/news/{number}", page(number))
    assert [int(url[-1]) for url in taken(crawled(archive.save(), **options))] == numbers


def test_one_release_under_several_addresses_is_one(tmp_path: Path) -> None:
    own = f'<link rel="canonical" href="{SITE}/news/7">'
    archive = Archive(tmp_path / "a.warc")
    archive.add(f"{SITE}/news/7", page(7, own))
    archive.add("http://trang.example/news/7?tmpl=component&print=1", page(7, own))
    archive.add(f"{SITE}/news/7;jsessionid=AB12", page(7))
    assert set(taken(crawled(archive.save()))) == {f"{SITE}/news/7"}


def chunks(body: bytes, size: int = 100) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("sent", "headers"),
    [
        (gzip.compress(page(1)), {"Content-Encoding": "gzip"}),
        (zlib.compress(page(1)), {"Content-Encoding": "deflate"}),
        (brotli.compress(page(1)), {"Content-Encoding": "br"}),
        (chunks(page(1)), {"Transfer-Encoding": "chunked"}),
        (chunks(gzip.compress(page(1))), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
        # Crawlers that undo the codings and keep the headers.
        (page(1), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
        (page(1), {"Content-Encoding": "br"}),
    ],
    ids=["gzip", "deflate", "br", "chunked", "both", "undone", "undone br"],
)
def test_payloads_are_decoded(tmp_path: Path, sent: bytes, headers: dict[str, str]) -> None:
    (found,) = crawled(Archive(tmp_path / "a.warc.gz").add(f"{SITE}/1", sent, headers=headers).save())
    assert isinstance(found, Capture)
    assert found.body == page(1)


@pytest.mark.parametrize(
    ("sent", "headers", "fields", "reason"),
    [
        (gzip.compress(page(1))[:-20], {"Content-Encoding": "gzip"}, {}, "truncated"),
        (chunks(page(1))[:-150], {"Transfer-Encoding": "chunked"}, {}, "truncated"),
        (gzip.compress(b"0" * 21_000_000), {"Content-Encoding": "gzip"}, {}, "too large"),
        (b" " * 20_000_001, {}, {}, "too large"),
        (page(1), {}, {"WARC_Truncated": "length"}, "truncated"),
        (page(1), {}, {"WARC_Date": "yesterday"}, "broken"),
    ],
    ids=["gzip", "chunks", "bomb", "large", "cut by the crawler", "no date"],
)
def test_what_is_not_whole_is_told_and_the_rest_taken(
    tmp_path: Path, sent: bytes, headers: dict[str, str], fields: dict[str, str], reason: str
) -> None:
    archive = Archive(tmp_path / "a.warc.gz").add(f"{SITE}/bad", sent, headers=headers, **fields)
    found = crawled(archive.add(f"{SITE}/good", page(2)).save())
    assert told(found) == [(reason, f"{SITE}/bad")]
    assert taken(found) == [f"{SITE}/good"]


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_file_that_breaks_off_gives_all_before(tmp_path: Path, name: str) -> None:
    archive = Archive(tmp_path / name)
    for number in range(3):
        archive.add(f"{SITE}/{number}", page(number))
    content = archive.out.getvalue()
    for end in (archive.ends[1] + 1, archive.ends[1] + 40, archive.ends[2] - 60):
        found = crawled(archive.save(content[:end]))
        assert taken(found) == [f"{SITE}/0", f"{SITE}/1"]
        assert [reason for reason, _ in told(found)] == ["truncated"]


def test_damage_in_the_middle_costs_one_record(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "a.warc.gz")
    for number in range(4):
        archive.add(f"{SITE}/{number}", page(number))
    content = bytearray(archive.out.getvalue())
    middle = (archive.ends[0] + archive.ends[1]) // 2
    content[middle : middle + 30] = bytes(30)
    found = crawled(archive.save(bytes(content)))
    assert taken(found) == [f"{SITE}/0", f"{SITE}/2", f"{SITE}/3"]
    assert [reason for reason, _ in told(found)] == ["broken"]


def test_a_wrong_length_costs_one_record(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "a.warc")
    for number in range(3):
        archive.add(f"{SITE}/{number}", page(number))
    content = archive.out.getvalue()
    second = content[archive.ends[0] : archive.ends[1]]
    size = second.split(b"Content-Length: ")[1].split(b"\r\n")[0]
    for wrong in (b"%d" % (int(size) - 300), b"x" + size):
        shorter = second.replace(b"Content-Length: " + size, b"Content-Length: " + wrong, 1)
        found = crawled(archive.save(content[: archive.ends[0]] + shorter + content[archive.ends[1] :]))
        assert {f"{SITE}/0", f"{SITE}/2"} <= set(taken(found))
        assert "broken" in [reason for reason, _ in told(found)]


def test_one_gzip_member_for_the_whole_file_and_folders_of_files(tmp_path: Path) -> None:
    folder = tmp_path / "archives"
    (folder / "2024").mkdir(parents=True)
    plain = Archive(folder / "b.warc").add(f"{SITE}/1", page(1)).add(f"{SITE}/2", page(2))
    (folder / "2024" / "a.warc.gz").write_bytes(gzip.compress(plain.out.getvalue()))
    Archive(folder / "c.warc").add(f"{SITE}/3", page(3)).save()
    (folder / "notes.txt").write_text("no archive", encoding="utf-8")
    assert taken(crawled(folder)) == [f"{SITE}/1", f"{SITE}/2", f"{SITE}/3"]


def test_a_file_that_is_no_archive_and_one_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"<html>no archive</html>\n" * 50)
    assert [reason for reason, _ in told(crawled(tmp_path / "a.warc"))] == ["broken"]
    assert [reason for reason, _ in told(crawled(tmp_path / "none.warc"))] == ["missing"]
    (tmp_path / "empty.warc").write_bytes(b"")
    assert crawled(tmp_path / "empty.warc") == []


POST = {
    "id": 7,
    "status": "publish",
    "date": "2024-03-04T10:00:00",
    "modified_gmt": "2024-03-04T03:00:00",
    "link": f"{SITE}/2024/03/04/news",
    "title": {"rendered": "ข่าว"},
    "content": {"rendered": "<p>เนื้อหา</p>"},
}


@pytest.mark.parametrize(
    "url",
    [
        f"{SITE}/wp-json/wp/v2/posts?per_page=100&page=1",
        f"{SITE}/wp-json/wp/v2/posts/7",
        f"{SITE}/?rest_route=/wp/v2/posts",
    ],
)
def test_rest_answers_give_their_posts(tmp_path: Path, url: str) -> None:
    said: object = POST if url.endswith("7") else [POST, {"id": 8, "link": "only a list"}]
    archive = Archive(tmp_path / "a.warc").add(url, json.dumps(said).encode(), "application/json")
    (found,) = crawled(archive.save())
    assert isinstance(found, Capture)
    assert (found.url, found.kind, found.final_url) == (f"{SITE}/?p=7", "wordpress", POST["link"])
    assert json.loads(found.body) == POST
    assert found.fetched_at == datetime(2024, 3, 5, 2, 30, tzinfo=UTC)


def test_the_past_does_not_come_in_as_news(tmp_path: Path) -> None:
    path = Archive(tmp_path / "a.warc").add(f"{SITE}/1", page(1)).save()
    row: dict[str, Any] = {
        "url": f"{SITE}/1",
        "final_url": None,
        "fetched_at": datetime(2025, 1, 1, tzinfo=UTC),
    }
    assert crawled(path, {row["url"]: row}) == [Seen(f"{SITE}/1")]
    row["fetched_at"] = datetime(2023, 1, 1, tzinfo=UTC)
    assert taken(crawled(path, {row["url"]: row})) == [f"{SITE}/1"]


@given(st.binary(max_size=400), st.booleans())
def test_no_bytes_stop_the_reader(noise: bytes, packed: bool) -> None:
    record = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n"
    content = gzip.compress(record) + noise + gzip.compress(record) if packed else record + noise
    found = list(read_records(io.BytesIO(content)))
    assert isinstance(found[0], Record)
    assert found[0].block == b"hello"
    assert all(isinstance(one, Record | Broken) for one in found)


@given(st.binary(max_size=600), st.integers(1, 50))
def test_chunks_are_joined(body: bytes, size: int) -> None:
    assert unchunked(chunks(body, size)) == body


# -- the way out


def captures() -> list[Capture]:
    when = datetime(2024, 3, 5, 2, 30, 1, 250_000, tzinfo=UTC)
    shared: dict[str, Any] = {"source": "trang", "fetched_at": when}
    return [
        Capture(
            **shared,
            url=f"{SITE}/?p=7",
            kind="wordpress",
            body=json.dumps(POST).encode(),
            status=200,
            final_url=f"{SITE}/2024/03/04/ข่าว",
            content_type="application/json",
            charset="utf-8",
            listed_title="ข่าว: 100% “จริง”",
            listed_published="2024-03-04T10:00:00",
            listed_modified="2024-03-04T03:00:00",
        ),
        Capture(
            **shared,
            url=f"{SITE}/ข่าว/๑?id=1&id=2",
            kind="html",
            body=page(1),
            status=200,
            content_type="text/html",
            charset="windows-874",
            etag='W/"e"',
            last_modified="x",
        ),
        Capture(
            **shared, url=f"{SITE}/%e0%b8%82", kind="feed", body=b"<p>1</p>\r\n\r\n", content_type="text/html"
        ),
        Capture(
            **shared,
            url="file:///releases/a.txt",
            kind="text",
            body=b"\xff\xfe\x00WARC/1.0\r\n",
            final_url="file:///releases/a.txt",
        ),
        Capture(**shared, url=f"{SITE}/old", kind="html", body=b"", status=None),
    ]


def stored(workspace: Moi) -> dict[str, dict[str, Any]]:
    rows = [row for path in segments(workspace.raw) for row in open_segment(path).read().to_pylist()]
    return {row["url"]: row for row in rows}


@pytest.mark.parametrize("name", ["out.warc", "out.warc.gz"])
def test_what_is_exported_comes_back_as_it_was(ws: Moi, tmp_path: Path, name: str) -> None:
    write_segment(ws.raw / "trang", captures_table(captures()))
    write_segment(ws.raw / "other", captures_table([replace(captures()[1], source="other")]))
    done = moi("export", "--warc", tmp_path / name, "--source", "trang", cwd=ws.root)
    assert "5 captures" in done.stdout
    before = stored(ws)
    other = Moi(tmp_path / "other")
    moi("init", other.root, cwd=tmp_path)
    moi("fetch", tmp_path / name, cwd=other.root)
    after = stored(other)
    assert after.keys() == {row.url for row in captures()}
    for url, row in after.items():
        kept = (
            "url",
            "final_url",
            "kind",
            "body",
            "fetched_at",
            "status",
            "charset",
            "etag",
            "last_modified",
        )
        listed = ("listed_title", "listed_published", "listed_modified")
        assert {key: row[key] for key in kept + listed} == {key: before[url][key] for key in kept + listed}
    assert "0 new, 5 unchanged" in moi("fetch", tmp_path / name, cwd=other.root).stdout


def test_other_tools_open_what_is_exported(ws: Moi, tmp_path: Path) -> None:
    write_segment(ws.raw / "trang", captures_table(captures()))
    ws.export_warc(tmp_path / "out.warc.gz")
    with (tmp_path / "out.warc.gz").open("rb") as file:
        read = []
        for record in ArchiveIterator(file, check_digests="raise"):
            read.append((record.rec_type, record.content_stream().read(), record))
    assert [kind for kind, _, _ in read] == ["warcinfo", *["response"] * 3, "resource", "response"]
    assert [body for _, body, _ in read[1:]] == [capture.body for capture in captures()]
    for _, _, record in read[1:]:
        assert record.rec_headers.get_header("WARC-Payload-Digest").startswith("sha1:")
        assert record.rec_type == "resource" or record.http_headers.get_statuscode() == "200"


def test_an_export_of_nothing_known_is_wrong_use(ws: Moi, tmp_path: Path) -> None:
    with pytest.raises(UnknownTarget):
        ws.export_warc(tmp_path / "out.warc", "nowhere")
    told = moi("export", "--warc", tmp_path / "out.warc", "--source", "nowhere", cwd=ws.root, expect=2)
    assert "nowhere" in told.stderr
    with pytest.raises(NotStored):
        ws.export_warc(tmp_path / "none" / "out.warc")
    assert list(tmp_path.glob("*.warc*")) == []


def test_a_folder_is_searched_for_pages_and_for_archives(ws: Moi, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "one.txt").write_text(release(1), encoding="utf-8")
    other = Moi(ws.root)
    write_segment(other.raw / "news", captures_table([replace(captures()[0], source="news")]))
    other.export_warc(folder / "old.warc.gz")
    report = ws.fetch(folder)
    assert report.sources["files"].fetched == 2
    assert {row["url"].partition(":")[0] for row in stored(ws).values()} >= {"file"}
