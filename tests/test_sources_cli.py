"""moi sources, moi sources add and check, and moi fetch with an address: the real commands at a real server."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.helpers import environment, moi
from tests.site.check import stored
from tests.site.portals import FAMILIES, Portal
from tests.site.server import Request, Response, serve
from tests.site.truth import release, releases
from tests.site.wordpress import WordPress
from tests.site.workspace import QUICK, toml
from tests.test_detect import Blog

from moi_pipeline.adding import name_for, province_of, shipped
from moi_pipeline.api import Moi
from moi_pipeline.errors import NotAdded
from moi_pipeline.setup import make_workspace
from moi_pipeline.store import segments
from moi_pipeline.workspace import read_sources

POSTS = {post.number: post for post in releases(24)}
MINE = '[sources.mine]\nkind = "files"\npath = "saved"\n'


def own(ws: Moi, text: str) -> Moi:
    """The workspace with these sources alone."""
    (ws.root / "sources.toml").write_text(text, encoding="utf-8")
    return Moi(ws.root)


def everything(folder: Path) -> dict[str, bytes]:
    """All files of a workspace, byte for byte."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# -- the list


def test_the_catalogue_does_not_drown_ones_own(ws: Moi) -> None:
    with (ws.root / "sources.toml").open("a", encoding="utf-8") as file:
        file.write(MINE)
    for command in (["sources"], ["sources", "list"]):
        told = moi(*command, cwd=ws.root).stdout
        used = [name for name, source in ws.sources.items() if source.enabled and name != "mine"]
        assert [line.split()[0] for line in told.splitlines()[2:-1]] == ["samples", *used, "mine"]
        assert f"and {len(shipped()) - 1 - len(used)} of the catalogue" in told
    assert "cdd-loei" in moi("sources", "--all", cwd=ws.root).stdout
    for command in (["sources", "--json"], ["sources", "list", "--json"]):
        facts = json.loads(moi(*command, cwd=ws.root).stdout)
        assert [fact["source"] for fact in facts] == list(Moi(ws.root).sources)
        assert facts[0].keys() >= {
            "source",
            "kind",
            "enabled",
            "site_province",
            "title",
            "articles",
            "last_success",
        }


def test_an_entry_of_the_catalogue_that_is_used_is_shown(ws: Moi) -> None:
    path = ws.root / "sources.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(
        "".join(
            line.replace("enabled = false", "enabled = true") if line.startswith("cdd-loei") else line
            for line in lines
        ),
        encoding="utf-8",
    )
    assert "cdd-loei" in moi("sources", cwd=ws.root).stdout


# -- add


def test_add_shows_samples_and_writes_the_entry_at_the_end(ws: Moi) -> None:
    before = (ws.root / "sources.toml").read_bytes()
    with serve(Blog(dict(POSTS))) as server:
        told = moi(
            "sources", "add", server.url, "--name", "trang", "--rate", "200", "--yes", cwd=ws.root
        ).stdout
    for post in list(POSTS.values())[-3:]:
        assert f"{post.posted.date()}  {post.title}" in told
    assert "added to sources.toml; next: moi fetch trang" in told
    after = (ws.root / "sources.toml").read_bytes()
    assert after.startswith(before)
    source = read_sources(ws.root / "sources.toml")["trang"]
    assert (source.kind, source.enabled, source.title) == ("wordpress", True, "จังหวัดทดสอบ")
    assert source.options == {"url": f"{server.url}/", "rate": 200.0}
    assert not list(ws.root.glob(".*.part"))
    assert not ws.runs.exists()


def test_what_was_added_can_be_fetched(ws: Moi) -> None:
    with serve(Portal(dict(POSTS), "gov-platform")) as server:
        url = f"{server.url}/th/content/category/detail/id/33/iid/7"
        facts = json.loads(moi("sources", "add", url, "--rate", "300", "--yes", "--json", cwd=ws.root).stdout)
        assert facts["source"] == f"127-0-0-1-{server.port}"
        assert facts["release"]
        assert facts["guesses"][0]["options"]["preset"] == "gov-platform"
        assert len(facts["guesses"][0]["samples"]) == 3
        told = moi("fetch", facts["source"], cwd=ws.root).stdout
        assert f"{len(POSTS)} new" in told


def test_a_name_that_is_there_is_refused_before_anything_is_asked(ws: Moi) -> None:
    before = everything(ws.root)
    with serve(Blog(dict(POSTS))) as server:
        told = moi("sources", "add", server.url, "--name", "samples", "--yes", cwd=ws.root, expect=1).stderr
        assert "there is a source 'samples' already, line " in told
        told = moi("sources", "add", server.url, "--name", "จังหวัด", "--yes", cwd=ws.root, expect=1).stderr
        assert "is no name of a source" in told
        assert server.hits == []
    assert everything(ws.root) == before


def test_the_same_site_twice_is_told(ws: Moi) -> None:
    ws = own(ws, "")
    with serve(Blog(dict(POSTS))) as server:
        entry = ws.add_source(server.url, rate=500)
        with pytest.raises(NotAdded, match=f"source '{entry.name}', line 1 "):
            ws.add_source(f"{server.url}/?p=7", rate=500)
        assert ws.add_source(server.url, "other", 500).name == "other"
    assert list(ws.sources) == [entry.name, "other"]


def test_a_script_must_say_yes(ws: Moi) -> None:
    before = everything(ws.root)
    told = moi("sources", "add", "http://127.0.0.1:9/", cwd=ws.root, expect=2)
    assert "--yes" in told.stderr
    assert everything(ws.root) == before


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("\n", 0), ("n\n", 1)])
def test_on_a_terminal_it_asks_first(ws: Moi, answer: str, code: int) -> None:
    ours, theirs = pty.openpty()
    before = (ws.root / "sources.toml").read_bytes()
    with serve(Blog(dict(POSTS))) as server:
        running = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "moi_pipeline",
                "sources",
                "add",
                server.url,
                "--name",
                "a",
                "--rate",
                "300",
            ],
            cwd=ws.root,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
        )
        os.write(ours, answer.encode())
        out, err = running.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert running.returncode == code, err.decode()
    assert "Add it? [Y/n]" in out.decode() + err.decode()
    assert ((ws.root / "sources.toml").read_bytes() == before) == (code == 1)


def test_what_is_no_site_of_releases_is_not_added(ws: Moi) -> None:
    before = everything(ws.root)
    with serve(lambda request: Response("<html><title>x</title>ยินดีต้อนรับ</html>".encode())) as server:
        told = moi("sources", "add", server.url, "--rate", "200", "--yes", cwd=ws.root, expect=1).stderr
        assert "no releases could be read" in told
    with serve(lambda request: Response(b"", 404)) as server:
        told = moi(
            "sources", "add", f"{server.url}/x", "--rate", "200", "--yes", cwd=ws.root, expect=1
        ).stderr
        assert "the server answered 404" in told
    assert everything(ws.root) == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        MINE,
        MINE.rstrip("\n"),
        MINE.replace("\n", "\r\n"),
        "\ufeff# ข่าว\n" + MINE,
        '[sources]\nmine = { kind = "files", path = "saved" }',
        "# only a remark",
        MINE + "# after\n\n\n",
    ],
    ids=["empty", "plain", "no end", "crlf", "bom", "inline", "remark", "blank lines"],
)
def test_the_rest_of_the_file_stays(ws: Moi, text: str) -> None:
    path = ws.root / "sources.toml"
    path.write_bytes(text.encode())
    path.chmod(0o640)
    ws = Moi(ws.root)
    names = list(ws.sources)
    with serve(Blog(dict(POSTS))) as server:
        ws.add_source(server.url, "new", 500)
    assert path.read_bytes().startswith(text.encode())
    assert list(read_sources(path)) == [*names, "new"]
    assert path.stat().st_mode & 0o777 == 0o640
    assert b"\r\n" not in path.read_bytes() or b"\n" not in path.read_bytes().replace(b"\r\n", b"")


def test_a_file_that_can_take_no_more_tables_is_left_alone(ws: Moi) -> None:
    text = 'sources = { mine = { kind = "files", path = "saved" } }\n'
    ws = own(ws, text)
    with serve(Blog(dict(POSTS))) as server, pytest.raises(NotAdded, match="can't be added") as caught:
        ws.add_source(server.url, "new", 500)
    assert "[sources.new]" in caught.value.hint
    assert (ws.root / "sources.toml").read_text(encoding="utf-8") == text
    assert not list(ws.root.glob(".*.part"))


@pytest.mark.parametrize(
    ("url", "name", "province"),
    [
        ("https://www.trang.go.th/news/1", "trang", "TH-92"),
        ("https://trang.cdd.go.th/", "trang-cdd", "TH-92"),
        ("https://m.mukdahan.go.th/", "m-mukdahan", "TH-49"),
        ("http://123.242.173.4:8090/x", "123-242-173-4-8090", None),
        ("https://xn--42cfa.example/", "xn-42cfa-example", None),
        ("https://www.nan.go.th/", "nan-2", "TH-55"),
    ],
)
def test_names_and_provinces_come_from_the_host(url: str, name: str, province: str | None) -> None:
    assert name_for(url, {"nan"}) == name
    assert province_of(url) == province


# -- check


def portal_workspace(ws: Moi, url: str, **more: str) -> Moi:
    options = {"kind": "listing", "preset": "mvc", "url": url + FAMILIES["mvc"].list} | QUICK | more
    return own(ws, "[sources.nan]\n" + "".join(f"{key} = {toml(value)}\n" for key, value in options.items()))


def test_check_says_what_would_be_fetched_and_writes_nothing(ws: Moi) -> None:
    with serve(Portal(dict(POSTS), "mvc")) as server:
        ws = portal_workspace(ws, server.url)
        before = everything(ws.root)
        told = moi("sources", "check", "nan", cwd=ws.root).stdout
        assert "nan (listing, " in told
        assert "10 listed, 10 new, 0 unchanged" in told
        assert "and more: the trial stopped here" in told
        newest = max(POSTS.values(), key=lambda post: (post.posted, post.number))
        assert f"{newest.posted.date()}  {newest.title}" in told
        (facts,) = json.loads(moi("sources", "check", "--limit", "0", "--json", cwd=ws.root).stdout)
        assert (facts["listed"], facts["new"], facts["more"]) == (len(POSTS), len(POSTS), False)
        assert everything(ws.root) == before
        moi("fetch", "nan", cwd=ws.root)
        before = everything(ws.root)
        (facts,) = json.loads(moi("sources", "check", "--json", cwd=ws.root).stdout)
        assert (facts["new"], facts["problems"]) == (0, [])
        assert everything(ws.root) == before


def test_check_shows_the_newest_posts_of_a_wordpress_site(ws: Moi) -> None:
    posts = {number: release(number) for number in range(1, 121)}
    with serve(WordPress(posts)) as server:
        (ws.root / "sources.toml").write_text(
            f'[sources.blog]\nkind = "wordpress"\nurl = "{server.url}"\nrate = 500\n', encoding="utf-8"
        )
        (facts,) = json.loads(moi("sources", "check", "--json", cwd=ws.root).stdout)
        assert [sample["title"] for sample in facts["samples"]] == [
            release(number).title for number in (120, 119, 118, 117, 116)
        ]


def test_check_tells_problems_and_its_code_says_how_it_went(ws: Moi) -> None:
    with serve(Portal(dict(POSTS), "mvc")) as server:
        portal_workspace(ws, server.url)
        with (ws.root / "sources.toml").open("a", encoding="utf-8") as file:
            web = "".join(f"{key} = {toml(value)}\n" for key, value in QUICK.items())
            file.write(f'[sources.bad]\nkind = "listing"\nurl = "{server.url}/nowhere"\npattern = "x"\n{web}')
        told = moi("sources", "check", cwd=ws.root, expect=3).stdout
        assert "problem: " in told
        assert "404" in told
        assert "10 new" in told
        moi("sources", "check", "bad", cwd=ws.root, expect=1)
        assert "'none'" in moi("sources", "check", "none", cwd=ws.root, expect=2).stderr
    own(ws, "")
    assert "no source is enabled" in moi("sources", "check", cwd=ws.root, expect=2).stderr


def test_check_of_a_folder(ws: Moi, releases: Path) -> None:
    own(ws, f'[sources.saved]\nkind = "files"\npath = {toml(str(releases))}\n')
    assert "6 listed, 6 new" in moi("sources", "check", cwd=ws.root).stdout


# -- fetch URL


def test_one_release_is_one_capture_under_web(ws: Moi) -> None:
    with serve(Portal(dict(POSTS), "mvc")) as server:
        url = f"{server.url}/managing/public/newsshow/7"
        done = moi("fetch", url, cwd=ws.root)
        assert "web: 1 listed, 1 new" in done.stdout
        assert "is one release" in done.stderr
        assert server.paths() == ["/managing/public/newsshow/7"]  # asked for once
        (row,) = stored(ws, "web")
        assert (row["url"], row["kind"]) == (url, "html")
        assert "1 unchanged" in moi("fetch", url, cwd=ws.root).stdout
    moi("extract", cwd=ws.root)
    (found,) = ws.sql("SELECT source, title, published_at FROM articles").fetchall()
    assert found == ("web", POSTS[7].title, POSTS[7].posted.date())


def test_a_site_is_detected_and_crawled_and_sources_toml_stays(ws: Moi) -> None:
    before = (ws.root / "sources.toml").read_bytes()
    with serve(Blog(dict(POSTS))) as server:
        done = moi("fetch", server.url, cwd=ws.root)
        name = f"127-0-0-1-{server.port}"
        assert f"{name}: {len(POSTS)} listed, {len(POSTS)} new" in done.stdout
        assert f"is fetched as a source '{name}' (wordpress: " in done.stderr
        assert "sources.toml is unchanged" in done.stderr
        assert (ws.root / "sources.toml").read_bytes() == before
        assert len(stored(ws, name)) == len(POSTS)
        report = json.loads(moi("fetch", server.url, "--json", cwd=ws.root).stdout)
        assert report["sources"][name]["fetched"] == 0
        assert report["notes"][0].startswith(server.url)


def test_the_address_of_a_source_is_that_source(ws: Moi) -> None:
    with serve(Portal(dict(POSTS), "mvc")) as server:
        ws = portal_workspace(ws, server.url)
        report = ws.fetch(server.url + FAMILIES["mvc"].list)
        assert list(report.sources) == ["nan"]
        assert report.notes


def test_an_address_that_can_not_be_had_is_told_and_recorded(ws: Moi) -> None:
    def site(request: Request) -> Response:
        return Response(b"", 404)

    with serve(site) as server:
        done = moi("fetch", f"{server.url}/news/1", cwd=ws.root, expect=3)
    assert "web: 1 listed, 0 new" in done.stdout
    assert "404" in done.stderr
    assert segments(ws.raw) == []
    assert len(list(ws.runs.iterdir())) == 1


def test_a_site_without_releases_is_wrong_use(ws: Moi) -> None:
    page: Callable[[Request], Response] = lambda request: Response("<html>ยินดีต้อนรับ</html>".encode())  # noqa: E731
    with serve(page) as server:
        assert "no releases can be read" in moi("fetch", server.url, cwd=ws.root, expect=2).stderr
    assert not ws.runs.exists()


# -- help


@pytest.mark.parametrize(
    "command",
    [["sources"], ["sources", "list"], ["sources", "add"], ["sources", "check"], ["export"], ["fetch"]],
)
def test_every_command_has_an_example(command: list[str], tmp_path: Path) -> None:
    told = moi(*command, "--help", cwd=tmp_path).stdout
    assert "Example:" in told
    assert f"moi {' '.join(command)}" in told
    make_workspace(tmp_path / "ws")
    assert "--json" in told
