"""What SECURITY.md promises and no other file tests: hostile names, addresses, feeds and archives; secrets; files."""

from __future__ import annotations

import asyncio
import csv
import gzip
import stat
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard
from tests.helpers import Run, moi, release

from moi_pipeline.api import Moi
from moi_pipeline.errors import BadSettings, MoiError
from moi_pipeline.fetch.address import Names
from moi_pipeline.fetch.decode import TooLarge, decode
from moi_pipeline.read import read_capture
from moi_pipeline.sources._page import feed_entries, json_of, sitemap_entries
from moi_pipeline.store import known_captures

#: What a hostile page would like a terminal, a browser or a spreadsheet to run.
ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
ENTITIES = (
    '<!DOCTYPE r [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;">'
    '<!ENTITY x SYSTEM "file:///etc/passwd">]>'
)

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "100.64.0.1", "0.0.0.0", "169.254.169.254", "224.0.0.1",
    "[::1]", "[::]", "[fd00::1]", "[fe80::1%eth0]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]",
    "[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[2002:7f00:1::]", "2130706433", "0x7f.1", "0177.0.0.1", "127.1",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_a_private_address_is_known_in_every_spelling(host: str) -> None:
    assert asyncio.run(Names().is_private(host))


@pytest.mark.parametrize(
    "host", ["8.8.8.8", "[2606:4700:4700::1111]", "[64:ff9b::808:808]", "[::ffff:8.8.8.8]"]
)
def test_a_public_address_is_none(host: str) -> None:
    assert not asyncio.run(Names().is_private(host))


def test_a_name_with_one_private_address_among_public_ones_is_private() -> None:
    async def look_up(_: str) -> list[str]:
        return ["8.8.8.8", "10.0.0.1"]

    assert asyncio.run(Names(look_up).is_private("two.example"))


def test_entities_of_a_feed_open_neither_bombs_nor_files() -> None:
    feed = f"{ENTITIES}<rss><channel><item><link>/1</link><title>&f;&x;</title></item></channel></rss>"
    try:
        told = repr(feed_entries(feed.encode(), "https://a.example/"))
    except ValueError:
        return
    assert len(told) < 10_000
    assert "root:" not in told


def test_entities_of_a_sitemap_and_of_pages_are_not_opened() -> None:
    entries = sitemap_entries(
        f"{ENTITIES}<urlset><url><loc>https://a.example/&f;&x;</loc></url></urlset>".encode()
    )
    assert [entry.url for entry in entries[0]] == ["https://a.example/&f;&x;"]
    told = repr(read_capture(f"{ENTITIES}<html><body><p>{release(1)}&f;&x;</p>".encode(), kind="html"))
    assert len(told) < 10_000
    assert "root:" not in told


def test_a_bomb_in_a_sitemap_or_in_a_coding_does_not_go_off() -> None:
    with pytest.raises(ValueError, match="opens to more than"):
        sitemap_entries(gzip.compress(bytes(70_000_000), 1))
    nothing = bytes(5_000_000)
    for coding, bomb in (
        ("gzip", gzip.compress(nothing)),
        ("deflate", zlib.compress(nothing)),
        ("br", brotli.compress(nothing, quality=1)),
        ("zstd", zstandard.compress(nothing)),
        ("gzip, gzip", gzip.compress(gzip.compress(nothing))),
    ):
        with pytest.raises(TooLarge):
            decode(bomb, coding, 1_000_000)


def test_json_within_json_without_end_is_refused() -> None:
    for bomb in (b"[" * 100_000, b'{"a":' * 100_000):
        with pytest.raises(ValueError):
            json_of(bomb)


@pytest.mark.parametrize(
    "name", ["../outside", "/etc", "a/b", "..", "a\\\\b", "A", "x'; DROP TABLE articles; --", ""]
)
def test_a_source_s_name_is_no_path_and_no_sql(name: str, ws: Moi) -> None:
    quoted = name.replace("'", "\\u0027")
    with (ws.root / "sources.toml").open("a", encoding="utf-8") as out:
        out.write(f'[sources."{quoted}"]\nkind = "files"\npath = "."\n')
    with pytest.raises(BadSettings):
        ws.sources  # noqa: B018 - reading them is what fails


def test_an_archive_names_no_file_of_ours(ws: Moi, tmp_path: Path) -> None:
    page = f"<html><body><h1>ข่าว</h1><p>{release(1)}</p></body></html>".encode()
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    before = {path for path in tmp_path.rglob("*") if "data" not in path.parts}
    with (tmp_path / "evil.warc").open("wb") as out:
        for url in (
            "https://a.example/../../../../evil",
            "file:///etc/evil",
            "../../evil",
            "https://a.example/%00",
        ):
            head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-01-02T03:04:05Z\r\n"
            out.write(f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n")
    ws.fetch(tmp_path / "evil.warc")
    after = {path for path in tmp_path.rglob("*") if "data" not in path.parts}
    assert after - before == {tmp_path / "evil.warc"}
    assert {path.parent.name for path in ws.raw.rglob("*") if path.is_file()} <= {"files", "raw"}
    assert known_captures(ws.raw / "files").newest


def test_what_is_typed_is_no_sql(tables: Moi, run: Run) -> None:
    evil = "x'; DROP TABLE articles; --"
    for command in (["show", evil], ["search", evil], ["search", '"', "'"], ["search", 'text:"a" OR *:*']):
        code, out, err = run("-w", tables.root, *command)
        assert code in (0, 1, 2)
        assert "Traceback" not in out + err
    assert tables.sql("SELECT count(*) FROM articles").fetchall() == [(6,)]
    with pytest.raises(MoiError):
        tables.table('articles"; DROP TABLE dates; --')


def test_a_key_in_corrections_is_no_sql(built: Moi) -> None:
    with (built.root / "corrections.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["table", "key", "column", "old", "new", "who", "why"])
        writer.writerow(
            ["articles", "x'; DROP TABLE dates; --", "title", "'; --", "'; DROP TABLE dates; --", "a", "b"]
        )
    try:
        built.extract()
    except MoiError as error:
        assert "line" in str(error)
    assert built.sql("SELECT count(*) FROM dates").fetchall() != [(0,)]


def test_a_hostile_release_writes_on_no_terminal_and_runs_in_no_spreadsheet(ws: Moi, tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    title = f"=HYPERLINK(1) {ESCAPES}{SCRIPT} ประชุม"
    (folder / f"a{ESCAPES[:4]}.txt").write_text(f"{title}\n{release(3)}", encoding="utf-8")
    (folder / f"b{ESCAPES[:4]}.txt").write_text("", encoding="utf-8")
    told = moi("fetch", folder, cwd=ws.root, expect=3)
    said = told.stdout + told.stderr
    said += moi("extract", "--workers", "1", cwd=ws.root).stdout
    article = ws.sql("SELECT article_id FROM articles").fetchall()[0][0]
    for command in (["show", article], ["search", "ประชุม"], ["sql", "FROM articles"], ["status"], ["check"]):
        said += moi(*command, cwd=ws.root).stdout
    for mark in "\x1b\x07\x9b\u202e":
        assert mark not in said
    moi("sql", "SELECT title, '=1+1' AS f FROM articles", "-f", "csv", "-o", tmp_path / "a.csv", cwd=ws.root)
    rows = list(csv.reader((tmp_path / "a.csv").read_text("utf-8-sig").splitlines()))[1:]
    assert rows
    for row in rows:
        assert all(cell.startswith("'") for cell in row)


def test_secrets_in_addresses_stay_in_sources_toml(ws: Moi, run: Run) -> None:
    url = "http://me:hush@127.0.0.1:9/sitemap.xml?token=hush"
    (ws.root / "sources.toml").write_text(
        f'[sources.one]\nkind = "sitemap"\nurl = "{url}"\nrobots = false\npatience = 0.001\nenabled = true\n',
        "utf-8",
    )
    for command in (["fetch"], ["fetch", "--json"], ["status", "--json"], ["sources", "check"]):
        _, out, err = run("-w", ws.root, *command)
        assert "hush" not in out + err, command
    kept = [path for path in (ws.root / "data").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        assert b"hush" not in path.read_bytes(), path.name


def test_what_is_written_is_as_open_as_the_umask_says_and_never_more(tables: Moi) -> None:
    for path in (tables.root / "data").rglob("*"):
        if not path.is_symlink():
            assert not path.stat().st_mode & (stat.S_IWOTH | stat.S_ISUID), path
