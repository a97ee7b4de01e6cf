"""What a spreadsheet would run instead of showing. Pure.

Files that come in and files that go out ask here, so that nothing can be taken in that would be dangerous to give out.
"""

import re
from typing import Any

# In half and full width; tab and carriage return begin a cell anew for some programs.
STARTS = frozenset("=+-@\t\r＝＋－＠")
# Blanks and signs that nobody sees; some programs drop them before they look for a formula.
_BEFORE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]*")


def formula_sign(text: str) -> str:
    """The sign by which `text` would be taken for a formula, blanks before it or not; empty when it is plain text."""
    start = _BEFORE.match(text)
    for sign in (text[:1], text[start.end() :][:1] if start else ""):
        if sign in STARTS:
            return sign
    return ""


def harmless(value: Any) -> Any:
    """Text that a spreadsheet would run gets an apostrophe in front; numbers are left alone."""
    return f"'{value}" if isinstance(value, str) and formula_sign(value) else value
