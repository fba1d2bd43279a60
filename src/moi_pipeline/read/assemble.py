"""A page's lines → an article: chrome out, title first, the posting line found."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from moi_pipeline.read.canonical import canonical
from moi_pipeline.read.chrome import chrome_reason, strip_chrome
from moi_pipeline.read.days import parse_stamp
from moi_pipeline.read.headline import find_title, key
from moi_pipeline.read.model import Article, NotArticle, Removed
from moi_pipeline.read.posting import Posting, read_posting_line

_HEAD_LINES, _FOOT_LINES = 14, 6
_BODY_LINE = 110
_TOO_SHORT = 60  # letters; less is no release
_URL_DAY = re.compile(r"/(?:(20\d\d)/(\d\d)/(\d\d)|(\d\d)/(\d\d)/(20\d\d))(?=/|$)")

_RANK = {"posted": 0, "bare": 1, "updated": 3}  # which posting line to believe; one at the foot ranks 2 lower


@dataclass(slots=True)
class _Page:
    lines: list[str | None]  # None: taken out
    taken: list[Removed]
    postings: dict[int, Posting] = field(default_factory=dict)  # by line
    foot: set[int] = field(default_factory=set)  # those that stand under the body

    def take(self, line: int, reason: str, text: str | None = None) -> None:
        """Take a line out, or only ``text`` of it."""
        self.taken.append(Removed(reason, text if text is not None else self.lines[line] or "", line))
        if text is None:
            self.lines[line] = None
            self.postings.pop(line, None)


def url_day(url: str) -> date | None:
    """The posting day in a WordPress-like address: /2021/11/16/… or /04/06/2018/…"""
    found = _URL_DAY.search(url) if url.startswith("http") else None
    if not found:
        return None
    y, m, d, d2, m2, y2 = found.groups()
    try:
        return date(int(y), int(m), int(d)) if y else date(int(y2), int(m2), int(d2))
    except ValueError:
        return None


def _find_postings(page: _Page) -> None:
    filled = [i for i, line in enumerate(page.lines) if line]
    first = ""
    for n, i in enumerate(filled[:_HEAD_LINES]):
        line = page.lines[i] or ""
        after = (page.lines[filled[n + 1]] or "") if n + 1 < len(filled) else ""
        posting = read_posting_line(line)
        if posting and posting.sort == "bare" and after.startswith(("เวลา", "ณ ")):
            break  # the lead, wrapped after its date
        if posting:
            page.postings[i] = posting
        elif not first:
            first = key(line)[:30]
        elif len(line) >= _BODY_LINE and key(line)[:30] != first:
            break
    for i in filled[max(1, len(filled) - _FOOT_LINES) :]:
        if i in page.postings or not (posting := read_posting_line(page.lines[i] or "")):
            continue
        # at the foot a date needs its label ("ข่าว ณ วันที่ …"), or to be the very last line
        if posting.sort in ("posted", "updated") or (posting.sort == "bare" and i == filled[-1]):
            page.postings[i] = posting
            page.foot.add(i)


def _choose_posting(page: _Page, title_line: int) -> int | None:
    """The line that tells the posting day best, or None; the page's clock and repeated stamps are taken out."""
    usable = [
        (_RANK[posting.sort] + (2 if i in page.foot else 0), i)
        for i, posting in page.postings.items()
        # over the title, a weekday and a date may be the page's clock
        if posting.sort != "clock" and not (posting.sort == "bare" and i < title_line and posting.weekday)
    ]
    chosen = min(usable)[1] if usable else None
    for i, posting in list(page.postings.items()):
        if i == chosen:
            if posting.chrome:
                page.take(i, chrome_reason(posting.chrome, "foot") or "by-line of the site", posting.chrome)
                page.lines[i] = posting.kept
        elif posting.sort == "clock" and (i < title_line or chosen is not None):
            page.take(i, "page clock")
        elif chosen is not None and i not in page.foot and posting.value == page.postings[chosen].value:
            page.take(i, "posting date repeated")
    return chosen


def assemble(
    text: str,
    *,
    charset: str = "utf-8",
    warnings: tuple[str, ...] = (),
    url: str = "",
    listed_title: str | None = None,
    listed_published: date | datetime | str | None = None,
    removed: list[Removed] | None = None,
) -> Article | NotArticle:
    """The article that ``text`` holds: a page's readable lines, title first. ``removed`` is what went before."""
    lines = canonical(text).split("\n")
    kept, taken = strip_chrome(lines)
    page = _Page(kept, [*(removed or ()), *taken])
    _find_postings(page)
    listed = canonical(listed_title).replace("\n", " ") if listed_title else None
    head = find_title([(i, line) for i, line in enumerate(kept) if line and i not in page.postings], listed)
    if head is None:
        return NotArticle("too_short" if any(lines) else "empty", " ".join(lines)[:200])
    chosen = _choose_posting(page, head.line)
    for i, reason in head.drop.items():
        page.take(i, reason)
    if head.line >= 0:
        page.lines[head.line] = None
    page.taken.extend(head.removed)
    text, span = _joined(head.title, page, chosen)
    if len(text) < _TOO_SHORT:
        return NotArticle("too_short", text)
    published = parse_stamp(listed_published)
    if published is None and chosen is not None:
        published = page.postings[chosen].value
    return Article(
        title=head.title,
        text=text,
        title_end=len(head.title),
        published_at=published or url_day(url),
        published_span=span,
        charset=charset,
        removed=tuple(sorted(page.taken, key=lambda r: r.line)),
        warnings=warnings,
    )


def _joined(title: str, page: _Page, chosen: int | None) -> tuple[str, tuple[int, int] | None]:
    """Title and body as one text, blank lines at most one at a time, and where the posting date stands in it."""
    parts = [title]
    at = len(title) + 1
    span = None
    blank = False
    for i, line in enumerate(page.lines):
        if not line:
            blank = blank or line == ""
            continue
        if blank and len(parts) > 1:
            parts.append("")
            at += 1
        blank = False
        if i == chosen:
            span = (at + page.postings[i].start, at + page.postings[i].end)
        parts.append(line)
        at += len(line) + 1
    return "\n".join(parts), span
