"""What the report says in Thai and in English: a Pair is both, and the page shows one of them."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from moi_pipeline.show.report.behind import Key

#: Thai, English.
Pair = tuple[str, str]
LANGUAGES = ("th", "en")

MONTHS: tuple[tuple[str, ...], tuple[str, ...]] = (
    ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."),
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)  # fmt: skip
#: Buddhist Era over Common Era.
ERA = 543


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(
        (files("moi_pipeline.show.report") / "data" / "words.toml").read_text(encoding="utf-8")
    )


def words(name: str, *parts: Any, **named: Any) -> Pair:
    """The words called ``section.key`` with their braces filled: by Pairs, dates, numbers or texts."""
    section, key = name.split(".")
    entry = _words()[section][key]
    thai, english = (
        entry[lang].format(
            *(pair(part)[number] for part in parts),
            **{key: pair(part)[number] for key, part in named.items()},
        )
        for number, lang in enumerate(LANGUAGES)
    )
    return thai, english


def section(name: str) -> dict[str, Pair]:
    """All words of a section, for the page's script."""
    return {key: (entry["th"], entry["en"]) for key, entry in _words()[name].items()}


def pair(value: Any) -> Pair:
    """A value as either language writes it: dates of the Buddhist Era in Thai, of the Common Era in English."""
    if isinstance(value, tuple):
        return value
    if isinstance(value, datetime):
        thai, english = pair(value.date())
        return f"{thai} {value:%H.%M}", f"{english} {value:%H:%M}"
    if isinstance(value, date):
        thai, english = month(f"{value:%Y-%m}")
        return f"{value.day} {thai}", f"{value.day} {english}"
    if isinstance(value, int):
        return f"{value:,}", f"{value:,}"
    return str(value), str(value)


def month(text: str) -> Pair:
    """2024-03 as มี.ค. 2567 and Mar 2024; an empty text as undated."""
    if not text:
        return words("page.undated")
    year, number = int(text[:-3]), int(text[-2:])
    return f"{MONTHS[0][number - 1]} {year + ERA}", f"{MONTHS[1][number - 1]} {year}"


class Titles:
    """What the list behind a number is called."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.provinces: dict[str, Pair] = {
            code: (f"จังหวัด{row['province']}" if code != "TH-10" else row["province"], row["english"])
            for code, row in facts["provinces"].items()
        }
        self.programmes = {row["programme_id"]: row["name"] for row in facts["programmes"]}
        self.people = {row["person_id"]: row["full_name"] for row in facts["people"]}
        self.offices: dict[str, Pair] = {
            post["office"]: (post["thai"], post["english"])
            for row in facts["people"]
            for post in row["posts"]
        }
        for _, provinces in facts["governors"]["regions"]:
            for row in provinces:
                self.people |= {person["person_id"]: person["full_name"] for person in row["people"]}
        self.offices.setdefault("governor", words("officials.governors"))

    def province(self, code: str) -> Pair:
        return self.provinces.get(code) or words("page.unplaced")

    def office(self, office: str, code: str, acting: bool) -> Pair:
        """An office with its area, such as ผู้ว่าราชการจังหวัดน่าน."""
        thai, english = self.offices[office]
        if code in self.provinces:
            thai_area, english_area = self.provinces[code]
            # The office's name may end with the word that the province's begins with.
            thai = thai.removesuffix("จังหวัด") + thai_area if thai.endswith("จังหวัด") else f"{thai} {thai_area}"
            english = f"{english}, {english_area}"
        if acting:
            thai_acting, english_acting = words("officials.acting")
            thai, english = f"{thai_acting} {thai}", f"{english} ({english_acting})"
        return thai, english

    def of(self, key: Key) -> Pair:
        kind, x, y = key
        parts: list[Any] = []
        if kind == "m":
            parts = [month(x)]
        elif kind == "v":
            parts = [self.province(x)]
        elif kind in ("p", "pm", "pe", "pv"):
            parts = [
                self.programmes[x],
                *([] if kind == "p" else [self.province(y) if kind == "pv" else month(y)]),
            ]
        elif kind == "o":
            parts = [self.people[x]]
        elif kind == "t":
            office, code, acting = y.split(":")
            parts = [self.people[x], self.office(office, code, acting == "true")]
        elif kind == "lw":
            parts = [words(f"lists.{x}")]
        elif kind[0] == "s":
            parts = [x]
        return words(f"behind.{kind}", *parts)
