"""Whether an enumerated list gives orders: its announcement says so, or one of its items does."""

from __future__ import annotations

from collections.abc import Sequence

from moi_pipeline.thai.listwords import list_words

#: The announcement may be as short as ดังนี้: what is ordered, and that it is, stands in the characters before it.
_BEFORE = 100


def gives_orders(text: str, starts: Sequence[int]) -> bool:
    """Whether the list whose items begin at ``starts`` gives orders. Prizes, exhibits and figures are listed too."""
    if not starts:
        return False
    words = list_words()
    first = min(starts)
    before = text[max(0, first - _BEFORE) : first]
    return any(word in before for word in words.order_announcers) or any(
        text.startswith(words.order_openers, start) for start in starts
    )
