from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moi_pipeline.read import canonical

CASES = {
    "decomposed sara am": ("กํานัน อําเภอ", "กำนัน อำเภอ"),
    "a tone inside it": ("นํ้าใส", "น้ำใส"),
    "a tone before it": ("น้ําใส", "น้ำใส"),
    "a tone after it": ("นำ้ใส", "น้ำใส"),
    "two e for ae": ("เเละเเม่", "และแม่"),
    "a tone twice": ("พื้นที่่", "พื้นที่"),
    "a vowel twice": ("สีี", "สี"),
    "tone before vowel": ("คร้ังท่ี", "ครั้งที่"),
    "silencer before vowel": ("พันธ์ุ สิทธ์ิ", "พันธุ์ สิทธิ์"),
    "two rival tones stay": ("ก่้", "ก่้"),
    "a mark after a space": ("สิ่งแวดล ้อม", "สิ่งแวดล้อม"),
    "a word apart stays apart": ("สิ่งแวดล้ อม", "สิ่งแวดล้ อม"),
    "private marks of old fonts": ("ป\uf70aา ฝ\uf702", "ป่า ฝี"),
    "icon fonts": ("\uf095 โทร \ue001", "โทร"),
    "zero width": ("ผู้\u200bว่า\ufeff\u2060ฯ", "ผู้ว่าฯ"),
    "soft hyphen and bidi": ("ก\u00adข\u200eค\u202a", "กขค"),
    "controls": ("ก\x00ข\x07\x1bค\x7f", "กขค"),
    "lone surrogate": ("ก\ud83dข", "กข"),
    "odd spaces": ("ก\u00a0ข\u2003ค\u3000ง\tจ", "ก ข ค ง จ"),
    "runs of spaces": ("ก    ข \u00a0 ค", "ก ข ค"),
    "line ends": ("ก\r\nข\rค\u2028ง\x0bจ", "ก\nข\nค\nง\nจ"),
    "spaces round line ends": ("  ก  \n  ข  ", "ก\nข"),
    "blank lines": ("ก\n\n \n\u00a0\n\nข\n\n", "ก\n\nข"),
    "Thai digits stay": ("๑๒ ต.ค. ๖๓", "๑๒ ต.ค. ๖๓"),
    "quotes stay": ('“ก” ‘ข’ "ค"', '“ก” ‘ข’ "ค"'),
    "repetition and paiyannoi stay": ("ต่าง ๆ กรุงเทพฯ ฯลฯ", "ต่าง ๆ กรุงเทพฯ ฯลฯ"),
    "composed Latin": ("Cafe\u0301", "Café"),
    "empty": ("", ""),
    "blanks": (" \n\t\r\n ", ""),
}


@pytest.mark.parametrize(("written", "wanted"), CASES.values(), ids=CASES)
def test_canonical(written: str, wanted: str) -> None:
    assert canonical(written) == wanted


THAI = st.text(st.sampled_from("กนทป้่๊๋์ัิีึืุูํา ำเแๆฯ๑1.\n\u200b\u00a0\r\uf70a\u0301e"), max_size=60)
ANY = st.text(st.characters(exclude_categories=()), max_size=60)


@given(st.one_of(THAI, ANY))
@settings(max_examples=400, deadline=None)
def test_canonical_is_idempotent_and_clean(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once and "\u00a0" not in once and "  " not in once and "\n\n\n" not in once
    assert once == once.strip()
    assert once.encode("utf-8").decode("utf-8") == once


@given(st.text(st.sampled_from("กขคนทสาเแโใไ อะ0123456789.-/\n"), max_size=80))
@settings(max_examples=100, deadline=None)
def test_no_letter_is_lost(text: str) -> None:
    assert "".join(canonical(text.replace("เเ", "แ")).split()) == "".join(text.replace("เเ", "แ").split())
