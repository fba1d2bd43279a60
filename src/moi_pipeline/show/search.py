"""The hits of a search for a person: title, day and place, and the sentence with the words marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from moi_pipeline.messages import tr
from moi_pipeline.show.terminal import Sheet

if TYPE_CHECKING:
    from rich.console import Console

    from moi_pipeline.search.find import Found
    from moi_pipeline.search.rank import Hit

#: How a found word is marked: in colour, and where there is none.
STYLE = "bold yellow"
MARKS = "«", "»"
#: How much of an id is shown: enough for ``moi show``, which takes the beginning of one.
ID = 12


def print_found(found: Found, console: Console) -> None:
    """Print the hits, best first, and a closing line with how many there are and how they were found."""
    sheet = Sheet(console)
    for number, hit in enumerate(found.hits, 1):
        sheet.line(Text.assemble((f"{number}. ", "dim"), (hit.title or tr("(no title)"), "bold")))
        facts = [hit.day or tr("no date"), hit.province or "", hit.source, hit.article_id[:ID]]
        if hit.others:
            facts.append(tr("and {count} more of the same release", count=hit.others))
        sheet.line(Text("  ".join(filter(None, facts)), style="cyan"), indent=3)
        if hit.snippet and (hit.matches or hit.snippet != hit.title):
            sheet.line(marked(hit, bool(console.color_system)), indent=3)
        sheet.line(Text())
    sheet.line(Text(_closing(found), style="dim"))


def marked(hit: Hit, colour: bool) -> Text:
    """The snippet on one line with its found words marked."""
    text, last = Text(), hit.span_start
    for start, end in hit.matches:
        text.append(_flat(hit, last, start))
        word = _flat(hit, start, end)
        text.append(word if colour else f"{MARKS[0]}{word}{MARKS[1]}", STYLE if colour else "")
        last = end
    text.append(_flat(hit, last, hit.span_end))
    return text


def _flat(hit: Hit, start: int, end: int) -> str:
    return hit.snippet[start - hit.span_start : end - hit.span_start].replace("\n", " ")


def _closing(found: Found) -> str:
    facts = {"shown": len(found.hits), "total": f"{found.total:,}", "searched": f"{found.searched:,}"}
    if not found.hits:
        return tr("nothing found in {searched} articles", **facts)
    told = tr(
        "{shown} of at least {total} releases, of {searched} articles"
        if found.more
        else "{shown} of {total} releases, of {searched} articles",
        **facts,
    )
    if found.how == "slips":
        told += "; " + tr("none has the words as typed, these have something like them")
    elif any(hit.near for hit in found.hits):
        told += "; " + tr("the last ones have something like the words")
    elif found.how == "some":
        told += "; " + tr("none has all the words, these have some")
    return f"{told} ({found.milliseconds:.0f} ms)"
