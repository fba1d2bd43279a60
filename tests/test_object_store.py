"""The data root on an object store: two machines and one bucket, kills, a server that stops, bits that flip."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import duckdb
import pytest

pytest.importorskip("moto.server")

from tests.bucket import BUCKET, Bucket, Hold, empty
from tests.helpers import MENTIONS, Run, mention_bytes, moi, start_moi, write_releases

from moi_pipeline.api import Moi
from moi_pipeline.curate.views import load_views
from moi_pipeline.errors import BadSettings, NoStore, NothingBuilt
from moi_pipeline.extract.run import ExtractReport, extract
from moi_pipeline.nightly.compact import merge
from moi_pipeline.remote import builds
from moi_pipeline.remote.where import Place, parse_place, told_place
from moi_pipeline.setup import make_workspace, packaged_queries
from moi_pipeline.store import segments

#: What is compared here: building all tables each time would take most of these tests' time.
TABLES = frozenset({"articles", "failures", "runs", "sources", *MENTIONS})


@cache
def needed() -> frozenset[str]:
    """The views that make ``TABLES``."""
    with duckdb.connect() as con:
        views = {view.name: view for view in load_views(packaged_queries(), con)}
    names, todo = set(TABLES), list(TABLES)
    while todo:
        more = (views[todo.pop()].reads & views.keys()) - names
        names |= more
        todo += more
    return frozenset(names)


def new_workspace(folder: Path, data: str | None = None) -> Moi:
    """A workspace with few views."""
    make_workspace(folder, data)
    for path in (folder / "queries").rglob("*.sql"):
        if path.parent.name != "queries" or path.stem not in needed():
            path.unlink()
    return Moi(folder.resolve())


def extract_only(workspace: Moi) -> ExtractReport:
    """A run that builds no tables: where segments alone matter."""
    with workspace.lock("extract"):
        return extract(workspace)


def stored(workspace: Moi) -> list[Path]:
    """The segments of both stages, as they are called on every machine."""
    return [path.relative_to(workspace.data) for path in segments(workspace.data)]


def articles(workspace: Moi) -> list[tuple[object, ...]]:
    return workspace.sql("SELECT * EXCLUDE (fetched_at) FROM articles ORDER BY article_id").fetchall()


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    bucket = Bucket()
    url = f"http://127.0.0.1:{bucket.port}/{BUCKET}"
    with urllib.request.urlopen(urllib.request.Request(url, method="PUT")) as answer:
        assert answer.status == 200
    yield bucket
    bucket.stop()


@pytest.fixture
def bucket(server: Bucket, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """An empty bucket, and an environment in which it is reached."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("MOI_DATA", raising=False)
    empty(server)
    return server


@pytest.fixture
def machine(bucket: Bucket, tmp_path: Path) -> Machine:
    return Machine(bucket, tmp_path)


class Machine:
    """Makes workspaces, each as on a machine of its own, that share the bucket."""

    def __init__(self, bucket: Bucket, folder: Path) -> None:
        self.bucket, self.folder = bucket, folder

    def __call__(self, name: str) -> Moi:
        if not (self.folder / name).exists():
            return new_workspace(self.folder / name, self.bucket.uri)
        return Moi((self.folder / name).resolve())


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_releases(tmp_path_factory.mktemp("few") / "releases", 6)


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, few: Path) -> Moi:
    """The same releases in a workspace of the usual kind."""
    workspace = new_workspace(tmp_path_factory.mktemp("local") / "ws")
    workspace.fetch(few)
    workspace.extract()
    return workspace


def assert_like_local(workspace: Moi, local: Moi) -> None:
    assert articles(workspace) == articles(local)
    assert mention_bytes(workspace) == mention_bytes(local)


def test_from_init_to_search_on_two_machines(bucket: Bucket, tmp_path: Path, few: Path, local: Moi) -> None:
    told = moi("init", "a", "--data", bucket.uri, cwd=tmp_path).stdout
    assert "made a workspace in a" in told
    new_workspace(tmp_path / "given")
    shutil.rmtree(tmp_path / "a" / "queries")
    (tmp_path / "given" / "queries").rename(tmp_path / "a" / "queries")
    told = moi("fetch", few, cwd=tmp_path / "a").stdout
    assert told.startswith("files: 6 listed, 6 new")
    assert len(bucket.names("raw/files")) == 1
    moi("extract", "--workers", "1", cwd=tmp_path / "a")
    assert "curated/manifest.json" in bucket.names()

    b = new_workspace(tmp_path / "b", bucket.uri)
    told = moi("sql", "SELECT count(*) AS n FROM articles", "--format", "csv", cwd=tmp_path / "b").stdout
    assert told.split() == ["n", "6"]
    assert segments(b.raw) == [], "who reads tables needs no bodies"
    assert_like_local(b, local)
    found = b.search("หมู่บ้านตัวอย่าง")
    assert len(found.hits) == 6
    assert b.show(found.hits[0].article_id)["title"]
    assert b.status()["last_refresh"] is None
    assert {run["command"] for run in b.sql("FROM runs").df().to_dict("records")} == {"fetch", "extract"}

    assert b.fetch(few).sources["files"].unchanged == 6
    extracted, built = b.extract()
    assert (extracted.extracted, extracted.already) == (0, 6)
    assert built.changed == 0, "the build goes on from the other machine's"
    assert_like_local(Moi((tmp_path / "a").resolve()), local)


def test_the_manifest_is_put_last_and_only_what_changed_is_put(
    machine: Machine, bucket: Bucket, few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = machine("a"), machine("b")
    a.fetch(few)
    assert (
        bucket.asked.index(("PUT", f"/{BUCKET}/{bucket.uri.split('/', 3)[3]}/{bucket.names('raw')[0]}")) >= 0
    )
    bucket.rule = lambda method, path: 403 if method == "PUT" and path.endswith("manifest.json") else None
    with pytest.raises(NoStore, match="ACCESS_DENIED"):
        a.extract()
    assert bucket.names("curated/builds")
    with pytest.raises(NothingBuilt):
        b.sql("FROM articles")
    bucket.rule = lambda method, path: None
    bucket.asked.clear()
    monkeypatch.setattr(builds, "GRACE", timedelta(seconds=-60))
    write_releases(tmp_path / "more", 1, first=50)
    a.fetch(tmp_path / "more")
    a.extract()
    assert bucket.puts("/curated/")[-1].endswith("/curated/manifest.json")
    first = set(bucket.names("curated/builds"))
    assert b.sql("FROM articles").df().shape[0] == 7

    bucket.asked.clear()
    a.extract()
    put = {path.rpartition("/")[2] for path in bucket.puts("/curated/builds/")}
    assert "runs.parquet" in put
    assert not {"articles.parquet", "dates.parquet", "provinces.parquet"} & put
    assert first & set(bucket.names("curated/builds")), "what is unchanged stays where it was put"
    a.extract()
    manifest = json.loads(bucket.objects.read("curated/manifest.json") or b"")
    builds_left = {key.split("/")[2] for key in bucket.names("curated/builds")}
    assert manifest["build"] in builds_left
    assert len(builds_left) <= 3, "what no manifest names is deleted"
    before = b.database.resolve()
    assert b.sql("FROM articles").df().shape[0] == 7
    assert b.database.resolve() != before
    assert b.database.resolve().parent.name == manifest["build"]


@pytest.mark.parametrize(
    ("command", "part", "count"),
    [
        ("fetch", "/raw/", 1),
        ("extract", "/builds/", 9),
        ("extract", "/manifest.json", 1),
    ],
)
def test_killed_in_mid_push(
    machine: Machine, bucket: Bucket, few: Path, local: Moi, command: str, part: str, count: int
) -> None:
    a, b = machine("a"), machine("b")
    if command == "extract":
        a.fetch(few)
    args = ("fetch", few) if command == "fetch" else ("extract", "--workers", "1")
    bucket.rule = hold = Hold(part, count)
    running = start_moi(*args, cwd=a.root, stdout=subprocess.PIPE)
    try:
        assert hold.reached.wait(60)
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        said, _ = running.communicate()
        hold.released.set()
    assert said == b"", "nothing was said to be stored"
    bucket.rule = lambda method, path: None
    with pytest.raises(NothingBuilt):
        b.sql("FROM articles")
    if command == "fetch":
        assert a.fetch(few).sources["files"].unchanged == 6, "what is on the disk is known"
        assert len(bucket.names("raw/files")) == 1, "and was put now"
    a.extract()
    assert b.check() == []
    assert_like_local(b, local)
    assert [path.name for path in segments(a.raw)] == [
        key.rpartition("/")[2] for key in bucket.names("raw/files")
    ]


def test_a_server_that_stops_in_mid_run(
    machine: Machine, bucket: Bucket, few: Path, local: Moi, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = machine("a")
    bucket.rule = lambda method, path: 503 if method == "PUT" and "/raw/" in path else None
    with pytest.raises(NoStore):
        a.fetch(few)
    bucket.rule = lambda method, path: None
    assert a.fetch(few).sources["files"].unchanged == 6
    assert len(bucket.names("raw/files")) == len(segments(a.raw)) == 1
    bucket.rule = lambda method, path: 503 if method == "PUT" and "/extracted/" in path else None
    code, out, err = run("--workspace", a.root, "extract", "--workers", "1")
    assert (code, out) == (1, "")
    assert f"moi: {bucket.uri}: can't store in it" in err
    bucket.rule = lambda method, path: None
    bucket.stop()
    try:
        code, out, err = run("--workspace", a.root, "extract", "--workers", "1")
        assert (code, out) == (1, "")
        assert f"moi: {bucket.uri}: can't list it: NETWORK_CONNECTION" in err
        assert "run the same command again" in err
        assert "MOI_DATA=" in err
        assert "secret" not in err
        monkeypatch.setenv("MOI_DATA", "")
        assert run("--workspace", a.root, "extract")[0] == 0, (
            "what is here can be worked on without the store"
        )
        monkeypatch.delenv("MOI_DATA")
    finally:
        bucket.start()
    code, _, err = run("--workspace", a.root, "extract")
    assert (code, err) == (0, "")
    b = machine("b")
    assert b.check() == []
    assert_like_local(b, local)


def test_refusals_are_told(
    machine: Machine, bucket: Bucket, few: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = machine("a")
    monkeypatch.setenv("MOI_DATA", "s3://no-such-bucket/x")
    for command in (("fetch", few), ("sql", "FROM articles")):
        code, _, err = run("--workspace", a.root, *command)
        assert code == 1
    code, _, err = run("--workspace", a.root, "fetch", few)
    assert "s3://no-such-bucket/x: can't list it: NO_SUCH_BUCKET" in err
    assert "Make the bucket first" in err
    monkeypatch.delenv("MOI_DATA")
    bucket.rule = lambda method, path: 403
    code, _, err = run("--workspace", a.root, "fetch", few)
    assert code == 1
    assert "AWS_ACCESS_KEY_ID" in err
    assert "never-shown" not in err
    code, out, _ = run("--workspace", a.root, "doctor", "--offline")
    assert code == 1
    assert "object store" in out
    monkeypatch.setenv("MOI_DATA", "s3://key:hidden@bucket/x")
    code, _, err = run("--workspace", a.root, "status")
    assert code == 1
    assert "hidden" not in err
    assert "AWS_ACCESS_KEY_ID" in err


@pytest.mark.parametrize(
    "uri",
    [
        "gs://bucket/x",
        "s3://",
        "s3://UPPER/x",
        "s3://bucket/../x",
        "s3://bucket/x?secret_key=k",
        "s3://bucket/x?y",
    ],
)
def test_addresses_that_are_none(uri: str) -> None:
    with pytest.raises(BadSettings):
        parse_place(uri)


def test_where_data_lies(tmp_path: Path, few: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "MOI_DATA"):
        monkeypatch.delenv(name, raising=False)
    ws = new_workspace(tmp_path / "ws", "../elsewhere")
    settings = tmp_path / "ws" / "sources.toml"
    assert told_place(tmp_path / "ws", settings) == tmp_path / "elsewhere"
    ws.fetch(few)
    ws.extract()
    assert (tmp_path / "elsewhere" / "curated" / "moi.duckdb").exists()
    assert not list((tmp_path / "ws" / "data").rglob("*.parquet"))
    assert ws.sources, "the key is known"
    monkeypatch.setenv("MOI_DATA", "s3://bucket/a//b/?endpoint_override=http://127.0.0.1:9000&region=th")
    assert told_place(tmp_path, settings) == Place("bucket", "a/b", "th", "http", "127.0.0.1:9000")
    assert str(told_place(tmp_path, settings)) == "s3://bucket/a/b"
    monkeypatch.delenv("MOI_DATA")
    settings.write_text("data = 5\n", encoding="utf-8")
    assert run("--workspace", tmp_path / "ws", "sql", "FROM articles")[0] == 1
    with pytest.raises(BadSettings, match="line 1"):
        told_place(tmp_path, settings)
    with pytest.raises(BadSettings, match="a workspace already"):
        make_workspace(tmp_path / "ws", "s3://bucket/x")


def flip(bucket: Bucket, key: str, at: int) -> None:
    """Change one bit of an object, as a server with bad memory would."""
    content = bytearray(bucket.objects.read(key) or b"")
    content[at] ^= 1
    bucket.objects.put_bytes(bytes(content), key)


def test_a_flipped_bit_is_found_told_and_mended(
    machine: Machine, bucket: Bucket, few: Path, tmp_path: Path, run: Run
) -> None:
    a = machine("a")
    a.fetch(few)
    (raw,) = bucket.names("raw/files")
    a.fetch(write_releases(tmp_path / "more", 2, first=70))
    extract_only(a)
    record, other = bucket.names("extracted")
    for key in (raw, record, other):
        flip(bucket, key, 200)
    code, _, err = run("--workspace", a.root, "verify")
    assert code == 1
    assert f"BROKEN {bucket.uri}/{raw}: its bytes are not those that were written" in err
    assert record in err

    b = machine("b")
    extracted = extract_only(b)
    assert (extracted.exit_code, extracted.outcomes) == (3, {"article": 2})
    assert len([line for line in extracted.broken if "in the store are not those" in line]) == 3
    assert raw not in bucket.names(), "it is set aside there as well"
    assert f"{raw}.broken" in bucket.names()
    extract_only(a)
    assert raw in bucket.names(), "who has it whole puts it back"
    extract_only(b)
    extract_only(a)
    assert stored(a) == stored(b)
    assert list(b.mirror.verify() if b.mirror else ["no store"]) == []


def test_a_cache_that_broke_is_mended_by_the_store(machine: Machine, bucket: Bucket, few: Path) -> None:
    a = machine("a")
    a.fetch(few)
    extract_only(a)
    (raw,) = segments(a.raw)
    content = bytearray(raw.read_bytes())
    content[-20] ^= 1
    raw.write_bytes(content)
    extracted = extract_only(a)
    assert any(raw.name in line for line in extracted.broken)
    assert raw.exists(), "the store has it whole"
    assert raw.read_bytes() == bucket.objects.read(f"raw/files/{raw.name}")
    assert bucket.names("raw/files") == [f"raw/files/{raw.name}"]
    again = extract_only(a)
    assert (again.broken, again.already) == ([], 6)


def test_merged_segments_go_from_the_store_and_do_not_come_back(
    machine: Machine, bucket: Bucket, tmp_path: Path
) -> None:
    a, b = machine("a"), machine("b")
    for number in range(3):
        write_releases(tmp_path / f"part{number}", 2, first=2 * number)
        a.fetch(tmp_path / f"part{number}")
    extract_only(a)
    extract_only(b)
    assert len(segments(b.raw)) == 3
    with a.lock("compact"):
        merge(a)
    assert len(bucket.names("raw/files")) == 1
    extract_only(b)
    assert len(segments(b.raw)) == 1
    assert len(bucket.names("raw/files")) == 1
    assert stored(a) == stored(b)


def test_two_machines_that_write_at_once(machine: Machine, bucket: Bucket, few: Path, tmp_path: Path) -> None:
    a, b = machine("a"), machine("b")
    write_releases(tmp_path / "others", 4, first=60)
    with a.lock("refresh"):
        a.fetch(few)
        b.fetch(tmp_path / "others")
        extract_only(b)
        extract_only(a)
    assert len(bucket.names("raw/files")) == 2
    a.extract()
    assert b.sql("FROM articles").df().shape[0] == 10


def test_a_manifest_that_is_none_or_hostile(machine: Machine, bucket: Bucket, few: Path) -> None:
    a, b = machine("a"), machine("b")
    a.fetch(few)
    a.extract()
    whole = bucket.objects.read("curated/manifest.json") or b""
    hostile = json.loads(whole)
    hostile["files"]["../../sources.toml"] = hostile["files"].pop("moi.duckdb")
    for text in (b"{", b"[]", json.dumps(hostile).encode()):
        bucket.objects.put_bytes(text, "curated/manifest.json")
        with pytest.raises(NoStore, match="no manifest"):
            b.sql("FROM articles")
    bucket.objects.put_bytes(whole, "curated/manifest.json")
    key = json.loads(whole)["files"]["dates.parquet"]["key"]
    flip(bucket, key, 100)
    with pytest.raises(NoStore, match="not what the manifest says"):
        b.sql("FROM articles")
    bucket.objects.delete(key)
    with pytest.raises(NoStore, match="not there"):
        b.sql("FROM articles")
    assert not list(b.curated.glob(".pulling*"))


def test_tasks_on_the_store_give_the_same_bytes(
    machine: Machine, bucket: Bucket, few: Path, local: Moi, monkeypatch: pytest.MonkeyPatch
) -> None:
    a = machine("a")
    a.fetch(few)
    pytest.importorskip("ray")
    extracted, _ = a.extract(engine="ray")
    assert extracted.outcomes == {"article": 6}
    gets = [path for method, path in bucket.asked if method == "GET"]
    assert any(path.endswith(bucket.names("raw/files")[0]) for path in gets), "the worker read the store"
    assert any(path.endswith(bucket.names("extracted")[0]) for path in gets), "and wrote to it"
    assert len(bucket.puts("/extracted/")) == 1
    assert_like_local(a, local)
