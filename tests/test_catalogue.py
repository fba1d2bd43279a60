"""The sources that ship: a real catalogue, honest about what was seen, and nothing fetched that nobody asked for."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from moi_pipeline.sources.listing import presets
from moi_pipeline.thai.provinces import provinces
from moi_pipeline.workspace import read_sources

ROOT = Path(__file__).parent.parent
SHIPPED = ROOT / "src" / "moi_pipeline" / "sources.toml"
TEXT = SHIPPED.read_text(encoding="utf-8")
SOURCES = read_sources(SHIPPED)

#: Hosts of the catalogue at which releases were really met.
SEEN = set(
    """
ayutthaya.cdd.go.th ayutthaya.prd.go.th buriram.prd.go.th chiangmailocal.go.th chonburi.cdd.go.th
chumchon.cdd.go.th inspector.cdd.go.th kalasin.go.th krabi.prd.go.th m.mukdahan.go.th mahasarakham.cdd.go.th
minister.moi.go.th new.maehongson.go.th nongbua.cdd.go.th nonthaburi.cdd.go.th ratchaburilocal.go.th roiet.go.th
samutsongkhram.go.th songkhla.cdd.go.th srakaewlocal.go.th suratthani.go.th surin.prd.go.th train.cdd.go.th
ubon.cdd.go.th ubonratchathani.go.th udon.cdd.go.th uthaithani.go.th www.ayutthaya.go.th www.chiangmai.go.th
www.dla.go.th www.khonkaen.go.th www.nakhonratchasima.go.th www.nakhonsawan.go.th www.nan.go.th www.pattani.go.th
www.phangnga.go.th www.phichit.go.th www.samutprakan.go.th www.sukhothailocal.go.th www.udonthani.go.th
www.yala.go.th
""".split()  # noqa: SIM905 - a list of hosts reads better in lines
)


def host(url: str) -> str:
    return urlsplit(url).hostname or ""


def seen_entries() -> dict[str, str]:
    """Name and address met, of the entries under a "# seen:" line."""
    return {
        name: url
        for url, name in re.findall(r"^# seen: (\S+)\n(?:# [^\n]*\n)?([a-z0-9-]+) = ", TEXT, re.MULTILINE)
    }


def test_the_checkout_is_a_workspace_with_the_same_sources() -> None:
    assert (ROOT / "sources.toml").read_bytes() == SHIPPED.read_bytes()


def test_enabled_are_those_whose_address_and_kind_were_seen() -> None:
    enabled = {name for name, source in SOURCES.items() if source.enabled}
    assert "cdd-songkhla" in enabled
    assert enabled <= seen_entries().keys()
    assert {SOURCES[name].kind for name in enabled} == {"wordpress", "joomla"}
    wordpress = {name for name in seen_entries() if SOURCES[name].kind == "wordpress"}
    assert wordpress <= enabled


@pytest.mark.parametrize("group", ["portal", "cdd", "prd"])
def test_every_province_but_the_capital_is_there_once(group: str) -> None:
    codes = [
        source.province
        for name, source in SOURCES.items()
        if name.startswith(f"{group}-") and source.province
    ]
    assert sorted(codes) == sorted({province.code for province in provinces()} - {"TH-10"})


def test_names_codes_and_titles_belong_together() -> None:
    english = {province.english.lower().replace(" ", ""): province for province in provinces()}
    for name, source in SOURCES.items():
        if source.province is None:
            continue
        province = english[name.partition("-")[2]]
        assert source.province == province.code, name
        assert source.title is not None
        assert source.title.endswith(f"จังหวัด{province.name}"), name


def test_kinds_are_as_the_group_says() -> None:
    groups = {name.partition("-")[0] for name in SOURCES}
    assert groups == {"samples", "moi", "dla", "portal", "cdd", "prd"}
    for name, source in SOURCES.items():
        if name.startswith("cdd-"):
            assert source.kind == "wordpress"
            assert re.fullmatch(r"https://[a-z]+\.cdd\.go\.th/", source.options["url"])
        if name.startswith("prd-"):
            assert source.options["preset"] == "gov-platform"
        if source.kind == "listing":
            assert source.options.get("preset", "gov-platform") in presets()
            assert "preset" in source.options or re.compile(source.options["pattern"])


def test_no_two_entries_have_one_address() -> None:
    urls = [source.options["url"] for source in SOURCES.values() if "url" in source.options]
    assert len(urls) == len(set(urls))


def test_only_what_was_seen_is_marked_as_seen() -> None:
    seen = seen_entries()
    assert len(seen) == TEXT.count("# seen: ")
    assert {host(SOURCES[name].options["url"]) for name in seen} == SEEN
    for name, url in seen.items():
        assert host(url) == host(SOURCES[name].options["url"]), name


def test_a_preset_and_a_pattern_fit_the_address_seen() -> None:
    for name, url in seen_entries().items():
        options = SOURCES[name].options
        if SOURCES[name].kind == "listing":
            pattern = options["pattern"] if "pattern" in options else presets()[options["preset"]]["pattern"]
            assert re.search(pattern, url), name
