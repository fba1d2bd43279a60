"""``moi search``: a thin command over ``moi_pipeline.api``."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date
from typing import Annotated

import typer

from moi_pipeline import completion


def _day(text: str) -> date:
    """A day as YYYY-MM-DD, of either era: no release is older than the Buddhist year 2400."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text.strip())
    if not found:
        raise typer.BadParameter(f"{text!r} is no day; write it as 2024-03-11 or 2567-03-11")
    year, month, day = map(int, found.groups())
    try:
        return date(year - 543 if year > 2400 else year, month, day)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day: {error}") from error


def search(  # noqa: PLR0917 - an option each
    asked: Annotated[
        list[str], typer.Argument(metavar="WORDS", help='Words; "in double quotes" one phrase.')
    ],
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Releases to show.")] = 10,
    province: Annotated[
        str | None,
        typer.Option(help="Only of this province: its name or code.", autocompletion=completion.provinces),
    ] = None,
    since: Annotated[
        date | None, typer.Option(parser=_day, metavar="DAY", help="Only from this day on, CE or พ.ศ.")
    ] = None,
    until: Annotated[date | None, typer.Option(parser=_day, metavar="DAY", help="Only to this day.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts as JSON.")] = False,
) -> None:
    """Search the articles' texts, titles and names, best first, with the sentence in which the words stand.

    Blanks between words, tone marks, doubled vowels, Thai or Arabic digits and small or capital letters make no
    difference; usual abbreviations and the years of both eras find each other. Where that finds too little, wrong
    letters are forgiven and words that were written together are parted.

    \b
    Example:
      moi search ธนาคารขยะ น่าน
      moi search "ผู้ว่าฯ" น้ำท่วม --since 2567-10-01 --limit 20
      moi search '"ขับเคลื่อนนโยบาย"' --province ตรัง --json
    """
    from moi_pipeline import cli

    with cli._counter("indexing for search") as step:
        found = cli._workspace().search(
            " ".join(asked),
            limit=limit,
            province=province,
            since=since,
            until=until,
            progress=lambda done, total: step("indexing for search", done, total),
        )
    if as_json:
        cli._print_json(asdict(found))
    else:
        from moi_pipeline.show.search import print_found

        print_found(found, cli._console())
