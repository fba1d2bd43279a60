"""Thai digits as Arabic ones, character for character, so that offsets stay valid."""

from __future__ import annotations

import re

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_RUN = re.compile("[๐-๙]+")


def arabic(text: str) -> str:
    """The text with each Thai digit as its Arabic digit; the length and all else stay as they are."""
    # str.translate looks every character up in a dict; most releases have few Thai digits or none.
    return _RUN.sub(lambda run: run[0].translate(_THAI_DIGITS), text)
