"""One article with its mentions: as facts, and as text with the mentions marked by kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from moi_pipeline.errors import NoSuchArticle
from moi_pipeline.messages import tr
from moi_pipeline.show.database import connect, rows
from moi_pipeline.show.grid import print_table
from moi_pipeline.show.terminal import Sheet, laid_out
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


def article_facts(
    workspace: Workspace, article: str, mentions: Sequence[str] = MENTION_TABLES
) -> dict[str, Any]:
    """The article's row and its mentions, a list a kind. ``article`` is its id, the beginning of it, or its address.

    ``mentions`` names the kinds that are wanted. Raises NoSuchArticle where none or several fit.
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
        for table in (*mentions, "removed"):
            facts[table] = rows(
                con, f"SELECT * EXCLUDE (article_id) FROM {table} WHERE article_id = ?", [facts["article_id"]]
            )
    return facts


def marked(facts: dict[str, Any], console: Console) -> Text:
    """The text with its mentions marked: in colour where the console has it, else as ``[d 8 กรกฎาคม 2563]``.

    A mention within another is seen as itself. Where two cross, the first to end says which it is: ``[o … [l … o] …]``.
    """
    text: str = facts["text"]
    spans = [
        (mention["span_start"], mention["span_end"], kind)
        for kind in _kinds(facts)
        for mention in facts[kind]
    ]
    # Long spans first, so that a date inside an item is seen as a date.
    spans.sort(key=lambda span: (span[0] - span[1], span[0]))
    if console.color_system:
        colour = Text(text)
        for start, end, kind in spans:
            colour.stylize(KINDS[kind][1], start, end)
        return colour
    opens: dict[int, list[tuple[int, str]]] = {}
    for start, end, kind in spans:
        opens.setdefault(start, []).append((end, KINDS[kind][0]))
    out: list[str] = []
    waiting: list[tuple[int, str]] = []
    for at in range(len(text) + 1):
        for one in [one for one in reversed(waiting) if one[0] == at]:
            out.append("]" if one is waiting[-1] else f"{one[1]}]")
            waiting.remove(one)
        for one in opens.get(at, ()):
            out.append(f"[{one[1]} ")
            waiting.append(one)
        out.append(text[at : at + 1])
    return Text("".join(out))


def _kinds(facts: dict[str, Any]) -> list[str]:
    return [kind for kind in KINDS if kind in facts]


def print_article(facts: dict[str, Any], console: Console) -> None:
    """Print an article's facts, a legend and its marked text; where only some kinds were asked for, those as tables."""
    event = facts["event_from"] and (
        f"{facts['event_from']}"
        if facts["event_from"] == facts["event_to"]
        else tr("{first} to {last}", first=facts["event_from"], last=facts["event_to"])
    )
    head = {
        tr("article"): facts["article_id"],
        tr("source"): f"{facts['source']}  {facts['url']}",
        tr("posted"): facts["published_at"] or tr("not known"),
        tr("event"): event or tr("not dated"),
        tr("province"): facts["province"] or tr("not told"),
    }
    if facts["duplicate_of"]:
        head[tr("duplicate")] = tr("same text as {article}", article=facts["duplicate_of"])
    sheet = Sheet(console)
    width = max(10, 2 + max(cell_len(name) for name in head))
    for name, value in head.items():
        sheet.line(Text(f"{name}{' ' * (width - cell_len(name))}{value}"))
    sheet.line(Text())
    for line in marked(facts, console).split("\n", allow_blank=True):
        sheet.line(line)
    sheet.line(Text())
    sheet.line(legend(facts, console))
    kinds = _kinds(facts)
    if len(kinds) < len(KINDS):
        for kind in kinds:
            sheet.line(Text())
            _print_mentions(facts[kind], console)
    if facts["removed"]:
        sheet.line(
            Text(
                tr(
                    "{count} lines of site furniture were removed (moi show … --json lists them)",
                    count=len(facts["removed"]),
                )
            )
        )


def legend(facts: dict[str, Any], console: Console) -> Text:
    """What each mark stands for, with the number of such mentions."""
    told = Text()
    for kind in _kinds(facts):
        mark, style, name = KINDS[kind]
        label = f"{tr(name)} {len(facts[kind])}"
        if console.color_system:
            told.append(label, style)
        else:
            told.append(f"[{mark}] {label}")
        told.append("   ")
    told.rstrip()
    return told


def _print_mentions(mentions: list[dict[str, Any]], console: Console) -> None:
    columns = [
        name for name in (mentions[0] if mentions else ()) if any(row[name] is not None for row in mentions)
    ]
    if laid_out(console):
        columns = [
            name for name in columns if name not in ("span_start", "span_end", "person_id", "programme_id")
        ]
    if columns:
        print_table(columns, [[row[name] for name in columns] for row in mentions], console)
