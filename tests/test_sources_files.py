"""Files and folders as a source: what is taken, byte for byte, and what is refused, one by one."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.helpers import release, unprivileged

from moi_pipeline.captures import Capture
from moi_pipeline.fetch.manners import Ledger, Manners
from moi_pipeline.sources import Context, Found, Refusal, Source
from moi_pipeline.sources.files import LIMIT, crawl, crawl_path
from moi_pipeline.store import Known

TEXT = release(1).encode()


def crawled(source: Source, root: Path) -> list[Found]:
    """What a source's crawl finds in a workspace in which nothing is stored."""

    async def collect() -> list[Found]:
        known = Known({}, None, [])
        context = Context(root, known, datetime.now(UTC), Manners(), Ledger())
        return [found async for found in crawl(source, context)]

    return asyncio.run(collect())


def taken(folder: Path, base_url: str | None = "https://x.example/") -> list[str]:
    """The addresses taken, without their beginning."""
    found = list(crawl_path("s", folder, base_url))
    return [f.url.removeprefix(base_url or "") for f in found if isinstance(f, Capture)]


def refused(folder: Path) -> dict[str, str]:
    """The reasons for what was refused, by address without its beginning."""
    found = crawl_path("s", folder, "https://x.example/")
    return {f.url.removeprefix("https://x.example/"): f.reason for f in found if isinstance(f, Refusal)}


def put(folder: Path, *names: str, body: bytes = TEXT) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return folder


def test_folders_are_walked_recursively_in_order(tmp_path: Path) -> None:
    put(tmp_path, "b/2.txt", "b/10.html", "a.htm", "c.TXT", "b/a/deep.txt", "B.html")
    assert taken(tmp_path) == ["B.html", "a.htm", "b/10.html", "b/2.txt", "b/a/deep.txt", "c.TXT"]


def test_other_and_hidden_files_in_a_folder_are_no_releases(tmp_path: Path) -> None:
    put(tmp_path, "a.txt", "style.css", "photo.jpg", ".hidden.txt", ".git/b.txt", "no-suffix")
    assert taken(tmp_path) == ["a.txt"]
    assert refused(tmp_path) == {}


@pytest.mark.parametrize(
    "body",
    [
        TEXT,
        TEXT.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + TEXT,
        release(1).replace("“", '"').replace("”", '"').encode("cp874"),
        release(1).encode("utf-16"),
        b"\r\n\t \xa1 \xff\xfe\x80",
    ],
    ids=["utf-8", "crlf", "bom", "windows-874", "utf-16", "odd"],
)
def test_bytes_are_kept_as_they_are(tmp_path: Path, body: bytes) -> None:
    put(tmp_path, "a.txt", body=body)
    (found,) = crawl_path("s", tmp_path)
    assert isinstance(found, Capture)
    assert found.body == body
    assert (found.kind, found.content_type, found.charset) == ("text", "text/plain", None)


def test_addresses(tmp_path: Path) -> None:
    put(tmp_path, "ข่าว จังหวัด/ตรัง#1?.html")
    (found,) = crawl_path("s", tmp_path)
    assert isinstance(found, Capture)
    assert found.url == (tmp_path / "ข่าว จังหวัด" / "ตรัง#1?.html").as_uri()
    assert found.kind == "html"
    quoted = "%E0%B8%82%E0%B9%88%E0%B8%B2%E0%B8%A7%20%E0%B8%88%E0%B8%B1%E0%B8%87%E0%B8%AB%E0%B8%A7%E0%B8%B1%E0%B8%94"
    (found,) = crawl_path("s", tmp_path, "https://x.example/news")
    assert found.url == f"https://x.example/news/{quoted}/%E0%B8%95%E0%B8%A3%E0%B8%B1%E0%B8%87%231%3F.html"


def test_names_in_an_old_charset_are_no_obstacle(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    Path(os.fsdecode(folder + b"/\xa2\xe8\xd2\xc7.txt")).write_bytes(TEXT)
    assert taken(tmp_path) == ["%A2%E8%D2%C7.txt"]
    (found,) = crawl_path("s", tmp_path)
    assert found.url.endswith("/%A2%E8%D2%C7.txt")
    Path(os.fsdecode(folder + b"/\xa2\xe8\xd2\xc7.txt")).unlink()
    Path(os.fsdecode(folder + b"/link.txt")).symlink_to(os.fsdecode(b"/nowhere/\xa2\xe8\xd2\xc7.txt"))
    (refusal,) = crawl_path("s", tmp_path)
    assert isinstance(refusal, Refusal)
    assert refusal.detail.encode(), "what is told can be written as UTF-8"
    (refusal,) = crawl_path("s", Path(os.fsdecode(folder + b"/\xa2\xe8\xd2\xc7.doc")))
    assert isinstance(refusal, Refusal)
    assert refusal.detail.encode()


def test_one_file_is_taken_by_its_own_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.txt")
    monkeypatch.chdir(tmp_path)
    (found,) = crawl_path("s", Path("a.txt"))
    assert found.url == (tmp_path / "a.txt").as_uri()


@pytest.mark.parametrize(
    ("name", "body", "reason", "words"),
    [
        ("a.txt", b"", "empty", "0 bytes"),
        ("a.html", b" \r\n\t\n", "empty", "white space"),
        ("a.txt", b"%PDF-1.7\n1 0 obj", "binary", "a PDF"),
        ("a.txt", b"\x89PNG\r\n\x1a\n" + TEXT, "binary", "a picture"),
        ("a.html", b"\xff\xd8\xff\xe0", "binary", "a picture"),
        ("a.txt", b"PK\x03\x04\x14\x00", "binary", "Word"),
        ("a.txt", b"\xd0\xcf\x11\xe0\xa1\xb1", "binary", "old Word"),
        ("a.txt", b"\x1f\x8b\x08", "binary", "gzip"),
        ("a.txt", TEXT + b"\0\0\0" + TEXT, "binary", "zero bytes"),
        ("a.docx", TEXT, "unknown type", "only .txt, .html, .htm files are read"),
        ("a", TEXT, "unknown type", "only"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, name: str, body: bytes, reason: str, words: str) -> None:
    put(tmp_path, name, body=body)
    (found,) = crawl_path("s", tmp_path / name)
    assert isinstance(found, Refusal)
    assert found.reason == reason
    assert words in found.detail
    assert found.url.endswith(f"/{name}")


def test_one_bad_file_stops_no_other(tmp_path: Path) -> None:
    put(tmp_path, "1.txt", "3.txt", "5.txt")
    put(tmp_path, "2.txt", body=b"")
    put(tmp_path, "4.html", body=b"%PDF-1.4")
    assert taken(tmp_path) == ["1.txt", "3.txt", "5.txt"]
    assert refused(tmp_path) == {"2.txt": "empty", "4.html": "binary"}


def test_huge_files_are_refused_unread(tmp_path: Path) -> None:
    for name, size in (("huge.txt", 40_000_000_000), ("over.txt", LIMIT + 1)):
        with (tmp_path / name).open("wb") as out:
            out.truncate(size)
    put(tmp_path, "limit.txt", body=b"a" * LIMIT)
    assert refused(tmp_path) == {"huge.txt": "too large", "over.txt": "too large"}
    assert taken(tmp_path) == ["limit.txt"]


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter: pytest's own are for one user."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_unreadable_files_and_folders_are_refused(open_folder: Path) -> None:
    put(
        open_folder,
        "a.txt",
        "locked.txt",
        "unlisted/b.txt",
        "unentered/c.txt",
        "unentered/link/d.txt",
        "z.txt",
    )
    (open_folder / "locked.txt").chmod(0)
    (open_folder / "unlisted").chmod(0)
    (open_folder / "unentered").chmod(0o444)
    try:
        with unprivileged():
            assert taken(open_folder) == ["a.txt", "z.txt"]
            found = refused(open_folder)
        assert found["locked.txt"] == "unreadable"
        assert found["unlisted"] == "unreadable"
        assert found["unentered/c.txt"] == "unreadable"
        assert set(found.values()) == {"unreadable"}
    finally:
        (open_folder / "unlisted").chmod(0o755)
        (open_folder / "unentered").chmod(0o755)


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    put(tmp_path, "folder.txt/inside.txt")
    assert refused(tmp_path) == {"pipe.txt": "unreadable"}
    assert taken(tmp_path) == ["folder.txt/inside.txt"]


def test_links(tmp_path: Path) -> None:
    inside = put(tmp_path / "in", "a.txt", "sub/b.txt")
    put(tmp_path / "out", "secret.txt", "folder/c.txt")
    (inside / "to-a.txt").symlink_to("a.txt")
    (inside / "to-secret.txt").symlink_to("../out/secret.txt")
    (inside / "to-folder").symlink_to(tmp_path / "out" / "folder")
    (inside / "to-sub").symlink_to("sub")
    (inside / "to-parent").symlink_to("..")
    (inside / "dangling.txt").symlink_to("nothing.txt")
    (inside / "loop.txt").symlink_to("loop.txt")
    assert taken(inside) == ["a.txt", "sub/b.txt", "to-a.txt"]
    assert refused(inside) == {
        "dangling.txt": "unreadable",
        "loop.txt": "unreadable",
        "to-folder": "link to a folder",
        "to-parent": "link to a folder",
        "to-secret.txt": "link out of the folder",
        "to-sub": "link to a folder",
    }
    assert list(refused(inside)) == sorted(refused(inside)), "told in order"


def test_a_link_that_is_named_is_followed(tmp_path: Path) -> None:
    put(tmp_path / "real", "a.txt")
    (tmp_path / "named").symlink_to("real")
    assert taken(tmp_path / "named") == ["a.txt"]
    (found,) = crawl_path("s", tmp_path / "named")
    assert found.url == (tmp_path / "named" / "a.txt").as_uri(), "the name given, not the one led to"


def test_source_of_sources_toml(tmp_path: Path) -> None:
    put(tmp_path / "saved" / "trang", "a.txt")
    source = Source("trang", "files", options={"path": "saved/trang", "base_url": "https://t.example"})
    (found,) = crawled(source, tmp_path)
    assert isinstance(found, Capture)
    assert (found.source, found.url) == ("trang", "https://t.example/a.txt")
    (found,) = crawled(Source("t", "files", options={"path": str(tmp_path / "saved")}), Path("/"))
    assert found.url == (tmp_path / "saved" / "trang" / "a.txt").as_uri()


@pytest.mark.parametrize("path", ["nothing", "nothing.txt", "a/b/c.html"])
def test_a_source_whose_path_is_not_there_says_so(tmp_path: Path, path: str) -> None:
    (found,) = crawled(Source("s", "files", options={"path": path}), tmp_path)
    assert isinstance(found, Refusal)
    assert found.reason == "missing"
    assert str(tmp_path / path) in found.detail


def test_samples_come_with_the_package(tmp_path: Path) -> None:
    found = crawled(Source("samples", "files", options={"path": "package:samples"}), tmp_path)
    assert len(found) >= 8
    assert all(isinstance(f, Capture) for f in found)
