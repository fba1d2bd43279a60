"""What somebody asks for: words, and for each the other ways in which a release may put it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from moi_pipeline.search.fold import fold, pattern

#: Below this a folded word has too few letters to forgive a wrong one.
SHORTEST_FORGIVEN = 4
_YEAR = re.compile(r"(?:19|20|24|25)\d\d\Z")
_BUDDHIST = 543
#: An abbreviation's points and paiyannoi count: ก.ค. is not in ลูกค้า.
_ABBREVIATED = re.compile(r"[ก-ฮ]\.|ฯ")
_PHRASE = re.compile(r"[\"“”]([^\"“”]+)[\"“”]?|(\S+)")


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a word: folded, as the index holds it, and the pattern that finds it in a text as it stands."""

    folded: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query: as typed, and the forms by which it is found, the typed one first; ``exact`` if quoted."""

    typed: str
    forms: tuple[Form, ...]
    exact: bool = False

    @property
    def slips(self) -> int:
        """How many letters may be wrong: none in short words and numbers, one, and two from ten letters on."""
        folded = self.forms[0].folded
        length = len(folded)
        if self.exact or length < SHORTEST_FORGIVEN or folded.isdigit() or _ABBREVIATED.search(self.typed):
            return 0
        return 1 if length < 10 else 2

    def finder(self) -> re.Pattern[str]:
        """What finds any of the forms in a text as it stands, the longest first."""
        longest = sorted(self.forms, key=lambda form: -len(form.folded))
        return re.compile("|".join(form.pattern for form in longest), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """The lists of search.toml, folded, and the pattern that finds their forms inside a longer word."""

    same: dict[str, tuple[Form, ...]]
    titles: tuple[str, ...]
    bare_titles: frozenset[str]
    no_title: tuple[str, ...]
    inside: re.Pattern[str]
    eras: re.Pattern[str]


def words(asked: str) -> list[Word]:
    """The words of a query, in its order. A part in double quotes is one word; what holds no letter is none."""
    lexicon = _lexicon()
    found: list[Word] = []
    for phrase, plain in _PHRASE.findall(_spelled(asked, lexicon)):
        for part in [phrase] if phrase else lexicon.inside.split(plain):
            word = _word(part or "", lexicon, exact=bool(phrase))
            if word and word not in found:
                found.append(word)
    # A title says nothing where a name follows: releases write it in several ways, or leave it out.
    telling = [word for word in found if word.forms[0].folded not in lexicon.bare_titles]
    return telling or found


def _spelled(asked: str, lexicon: _Lexicon) -> str:
    return lexicon.eras.sub(" ", asked).strip()


def _word(part: str, lexicon: _Lexicon, exact: bool) -> Word | None:
    typed, folded = part.strip(), fold(part)
    if not folded:
        return None
    forms = [_form(typed), *lexicon.same.get(folded, ())]
    if _YEAR.match(folded):
        other = int(folded) + (-_BUDDHIST if folded[0] == "2" and folded[1] in "45" else _BUDDHIST)
        forms.append(_form(str(other)))
    if not exact and not folded.startswith(lexicon.no_title):
        for title in lexicon.titles:
            if folded.startswith(title) and len(folded) - len(title) >= 3:
                forms = [_form(folded.removeprefix(title))]
                break
    return Word(typed, tuple(dict.fromkeys(forms)), exact)


def _form(written: str) -> Form:
    if not _ABBREVIATED.search(written):
        return Form(fold(written), pattern(fold(written)))
    parts = re.split(r"([.ฯ])", written)
    found = "".join(
        rf"\s*{re.escape(part)}\s*" if part in (".", "ฯ") else pattern(fold(part)) for part in parts if part
    )
    return Form(fold(written), found.removesuffix(r"\s*"))


@cache
def _lexicon() -> _Lexicon:
    text = (files("moi_pipeline.search") / "data" / "search.toml").read_text(encoding="utf-8")
    lists = tomllib.loads(text)
    same: dict[str, tuple[Form, ...]] = {}
    shown: list[str] = []
    for forms in lists["same"]:
        ways = tuple(_form(form) for form in forms)
        same |= {way.folded: ways for way in ways}
        # Inside a longer word only what can be no part of another one: abbreviations with their marks, long forms.
        shown += [
            form for form in forms if " " not in form and (form.endswith(("ฯ", ".")) or len(form) >= 10)
        ]
    titles = sorted((fold(title) for title in lists["titles"]), key=len, reverse=True)
    return _Lexicon(
        same=same,
        titles=tuple(titles),
        bare_titles=frozenset(titles),
        no_title=tuple(fold(word) for word in lists["no_title"]),
        inside=re.compile(f"({'|'.join(re.escape(form) for form in sorted(shown, key=len, reverse=True))})"),
        eras=re.compile(
            f"(?:{'|'.join(re.escape(era) for era in sorted(lists['eras'], key=len, reverse=True))})"
            r"\s*(?=[0-9๐-๙]{4})"
        ),
    )
