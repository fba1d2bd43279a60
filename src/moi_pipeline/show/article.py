"""One article with its mentions: as facts, and as text with the mentions marked by kind."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from moi_pipeline.errors import NoSuchArticle
from moi_pipeline.show.database import connect, rows
from moi_pipeline.workspace import Workspace

#: Each kind of mention: its mark where there is no colour, its style where there is, and its name.
KINDS = {
    "dates": ("d", "cyan", "date"),
    "officials": ("o", "green", "official"),
    "projects": ("p", "magenta", "project"),
    "policy_items": ("i", "yellow", "policy item"),
    "places": ("l", "blue", "place"),
    "quantities": ("q", "red", "quantity"),
}
MENTION_TABLES = tuple(KINDS)


def article_facts(workspace: Workspace, article: str) -> dict[str, Any]:
    """The article's row and its mentions, a list a kind. ``article`` is its id, the beginning of it, or its address.

    Raises NoSuchArticle where none or several fit.
    """
    with connect(workspace) as con:
        found = rows(
            con,
            "SELECT * FROM articles WHERE starts_with(article_id, ?) OR url = ? ORDER BY article_id LIMIT 3",
            [article, article],
        )
        if not found or not article:
            raise NoSuchArticle(
                f"no article {article!r}",
                'List some: moi sql "SELECT article_id, title FROM articles LIMIT 10".',
            )
        if len(found) > 1:
            some = ", ".join(row["article_id"] for row in found)
            raise NoSuchArticle(f"several articles begin with {article!r}: {some} …", "Give more of the id.")
        facts = found[0]
        for table in (*MENTION_TABLES, "removed"):
            facts[table] = rows(
                con, f"SELECT * EXCLUDE (article_id) FROM {table} WHERE article_id = ?", [facts["article_id"]]
            )
    return facts


def marked(facts: dict[str, Any], console: Console) -> Text:
    """The text with its mentions marked: in colour where the console has it, else as ``[d 8 กรกฎาคม 2563]``."""
    text: str = facts["text"]
    spans = [(mention["span_start"], mention["span_end"], kind) for kind in KINDS for mention in facts[kind]]
    if console.color_system:
        colour = Text(text)
        # Long spans first, so that a date inside an item is seen as a date.
        for start, end, kind in sorted(spans, key=lambda s: s[0] - s[1]):
            colour.stylize(KINDS[kind][1], start, end)
        return colour
    marks: list[tuple[int, int, int, str]] = []
    for start, end, kind in spans:
        marks.append((start, 1, -end, f"[{KINDS[kind][0]} "))
        marks.append((end, 0, -start, "]"))
    out, last = [], 0
    for at, _, _, mark in sorted(marks):
        out.append(text[last:at] + mark)
        last = at
    return Text("".join(out) + text[last:])


def print_article(facts: dict[str, Any], console: Console) -> None:
    """Print an article's facts, its marked text, and the legend."""
    event = facts["event_from"] and (
        f"{facts['event_from']}"
        if facts["event_from"] == facts["event_to"]
        else f"{facts['event_from']} to {facts['event_to']}"
    )
    head = {
        "article": facts["article_id"],
        "source": f"{facts['source']}  {facts['url']}",
        "posted": facts["published_at"] or "not known",
        "event": event or "not dated",
        "province": facts["province"] or "not told",
    }
    if facts["duplicate_of"]:
        head["duplicate"] = f"same text as {facts['duplicate_of']}"
    for name, value in head.items():
        console.print(Text(f"{name:10s}{value}"), soft_wrap=True)
    console.print()
    console.print(marked(facts, console), soft_wrap=True)
    console.print()
    legend = Text()
    for kind, (mark, style, name) in KINDS.items():
        label = f"{name} {len(facts[kind])}"
        legend.append(
            label if console.color_system else f"[{mark}] {label}", style if console.color_system else ""
        )
        legend.append("   ")
    console.print(legend, soft_wrap=True)
    if facts["removed"]:
        console.print(
            Text(
                f"{len(facts['removed'])} lines of site furniture were removed (moi show … --json lists them)"
            )
        )
