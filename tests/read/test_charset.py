from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.read.charset import decode, sniff_binary
from moi_pipeline.read.mojibake import repair_mojibake

TEXT = "ผู้ว่าราชการจังหวัดสมมุติ เป็นประธานเปิดงาน “ของดี” 5 มกราคม 2566 – เวลา 09.00 น."


@pytest.mark.parametrize(
    ("body", "label", "wanted", "charset"),
    [
        (TEXT.encode(), None, TEXT, "utf-8"),
        (TEXT.encode(), "tis-620", TEXT, "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "windows-874", TEXT, "utf-8"),
        (TEXT.encode("utf-16"), None, TEXT, "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-8", TEXT, "utf-16"),
        (TEXT.encode("utf-16-le"), None, TEXT, "utf-16-le"),
        (TEXT.encode("utf-16-be"), None, TEXT, "utf-16-be"),
        (TEXT.encode("utf-32"), None, TEXT, "utf-32"),
        (TEXT.encode("cp874"), "tis-620", TEXT, "windows-874"),
        (TEXT.encode("cp874"), "TIS-620", TEXT, "windows-874"),
        (TEXT.encode("cp874"), "iso-8859-11", TEXT, "windows-874"),
        (TEXT.encode("cp874"), "utf-8", TEXT, "windows-874"),
        (TEXT.encode("cp874"), "iso-8859-1", TEXT, "windows-874"),
        (TEXT.encode("cp874"), None, TEXT, "windows-874"),
        (b"plain ascii", "tis-620", "plain ascii", "utf-8"),
        ("déjà vu, café".encode("latin-1"), "iso-8859-1", "déjà vu, café", "iso-8859-1"),
        ("déjà vu, café".encode("latin-1"), None, "déjà vu, café", "windows-1252"),
        ("โรงเรียน".encode("utf-16"), "no-such-code", "โรงเรียน", "utf-16"),
        (b"", None, "", "utf-8"),
    ],
)
def test_decode(body: bytes, label: str | None, wanted: str, charset: str) -> None:
    found = decode(body, charset=label)
    assert (found.text, found.charset) == (wanted, charset)


@pytest.mark.parametrize(
    "markup",
    [
        '<meta charset="windows-874">',
        '<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=windows-874">',
        '<?xml version="1.0" encoding="windows-874"?>',
    ],
)
def test_the_page_names_its_own_code(markup: str) -> None:
    found = decode((markup + "ก").encode("cp874"))
    assert found.text.endswith("ก")
    assert found.charset == "windows-874"


def test_header_label() -> None:
    assert decode("ก ข".encode("cp874"), content_type='text/html; charset="TIS-620"').text == "ก ข"


def test_a_letter_cut_off_at_the_end_leaves_the_rest() -> None:
    found = decode((TEXT * 20 + "ประชุม").encode()[:-1])
    assert found.charset == "utf-8"
    assert found.text.startswith(TEXT)
    assert found.warnings == ("1 places are not utf-8",)


def test_a_wrong_label_is_told() -> None:
    assert decode(TEXT.encode(), charset="tis-620").warnings == ("labelled tis-620, is UTF-8",)
    assert decode(TEXT.encode("cp874"), charset="utf-8").warnings == ("labelled utf-8, is windows-874",)
    assert decode(TEXT.encode("cp874"), charset="windows-874").warnings == ()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"%PDF-1.7\n...", "pdf"),
        (b"\n%PDF-1.4", "pdf"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0", "jpeg"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x1f\x8b\x08", "gzip"),
        (bytes(range(256)) * 20, "unknown"),
        (TEXT.encode(), None),
        (TEXT.encode("cp874"), None),
        (TEXT.encode("utf-16"), None),
        (TEXT.encode("utf-16-le"), None),
        ("BMA ประกาศ".encode(), None),
        (b"\x00", "unknown"),
        (b"", None),
    ],
)
def test_sniff_binary(body: bytes, kind: str | None) -> None:
    assert sniff_binary(body) == kind


def test_utf8_read_as_latin1_is_repaired() -> None:
    for code in ("latin-1", "cp1252"):
        spoilt = "".join(
            bytes([b]).decode(code)
            if code == "latin-1" or b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
            else chr(b)
            for b in TEXT.encode()
        )
        assert repair_mojibake(f"News: {spoilt} end") == (
            f"News: {TEXT} end",
            f"mojibake repaired: {sum('ก' <= c <= '๛' for c in TEXT)} letters of UTF-8 read as Latin-1",
        )


def test_twice_spoilt_is_repaired() -> None:
    spoilt = "ประชุม".encode().decode("latin-1").encode().decode("latin-1")
    assert repair_mojibake(spoilt)[0] == "ประชุม"


def test_lost_bytes_are_left_alone() -> None:
    spoilt = "ประชุม".encode().decode("latin-1").replace("\x9b", "").replace("\x8a", "")
    text, warning = repair_mojibake(f"{spoilt} ok")
    assert text == f"{spoilt} ok"
    assert warning is not None and warning.startswith("mojibake left")


def test_windows_874_read_as_latin1_is_repaired() -> None:
    assert repair_mojibake("ภาษาไทย ประชุมใหญ่".encode("cp874").decode("latin-1"))[0] == "ภาษาไทย ประชุมใหญ่"


@pytest.mark.parametrize(
    "text", ["déjà vu à la carte", "Ângelo São José", TEXT, "à¸", "", "naïve café: 5 °C ± 2"]
)
def test_right_text_is_left_alone(text: str) -> None:
    assert repair_mojibake(text)[0] == text


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "utf-8", "tis-620", "utf-16", "rot13", "base64", "x\x00y"]),
)
@settings(max_examples=150, deadline=None)
def test_any_bytes_decode(body: bytes, label: str | None) -> None:
    found = decode(body, charset=label)
    assert isinstance(found.text, str)
    assert found == decode(body, charset=label)
    repaired, _ = repair_mojibake(found.text)
    assert isinstance(repaired, str)
