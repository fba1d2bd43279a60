"""The record that extraction writes for each capture: its article, and the mentions found in it as lists.

One record a capture, and one file a task, make a task's result whole by its nature: a killed run can leave
no article without its mentions. The views in ``queries/`` turn the lists into tables.
"""

from __future__ import annotations

import types
from dataclasses import fields
from datetime import date, time
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from moi_pipeline.thai.model import (
    DateMention,
    OfficialMention,
    Place,
    PolicyItem,
    ProjectMention,
    Quantity,
)

_ARROW = {
    str: pa.string(),
    int: pa.int32(),
    float: pa.float64(),
    bool: pa.bool_(),
    date: pa.date32(),
    time: pa.time64("us"),
}
#: Each kind of mention, by the column (and the table) that holds it.
MENTIONS: dict[str, type[Any]] = {
    "dates": DateMention,
    "officials": OfficialMention,
    "projects": ProjectMention,
    "policy_items": PolicyItem,
    "quantities": Quantity,
    "places": Place,
}


def _arrow(hint: Any) -> pa.DataType:
    """The Arrow type of a field's annotation: ``str | None`` is a string, a ``Literal`` of words too."""
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if get_origin(hint) is Literal:
        hint = str
    return _ARROW[hint]


def struct_of(mention: type[Any]) -> pa.DataType:
    """The Arrow struct of a mention's dataclass, its fields in the order in which they stand."""
    hints = get_type_hints(mention)
    return pa.struct([(f.name, _arrow(hints[f.name])) for f in fields(mention)])


RECORD = pa.schema(
    [
        ("capture_id", pa.string()),
        ("article_id", pa.string()),
        ("outcome", pa.string()),  # article, not_article, failed
        ("reason", pa.string()),  # why it is no article; the exception's class where it failed
        ("detail", pa.string()),  # a sentence; the traceback where it failed
        ("charset", pa.string()),
        ("title", pa.string()),
        ("text", pa.string()),
        ("characters", pa.int32()),  # of the text
        ("content_sha256", pa.string()),
        ("sketch", pa.list_(pa.uint32())),  # see sketch.py; null for very short texts
        ("published_at", pa.date32()),
        ("event_from", pa.date32()),
        ("event_to", pa.date32()),
        ("province", pa.string()),
        ("province_code", pa.string()),
        ("warnings", pa.list_(pa.string())),
        (
            "removed",
            pa.list_(pa.struct([("line", pa.int32()), ("reason", pa.string()), ("text", pa.string())])),
        ),
        *((name, pa.list_(struct_of(mention))) for name, mention in MENTIONS.items()),
    ]
)
