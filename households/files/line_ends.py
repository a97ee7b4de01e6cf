"""Where lines of Chinese text end: no line begins with a sign that closes, none ends with one that opens. Pure.

The print library lets one closing sign hang over the margin and begins the next line with a second one. Here the sign before
goes down with them, so nothing hangs over the edge of a cell either. Which signs: GB/T 15834-2011, 5.1.
"""

from collections.abc import Sequence

NEVER_FIRST = frozenset("，．：；！？）】〕》〉」』”’…—％、。·,.:;!?)]}%")
NEVER_LAST = frozenset("（【〔《〈「『“‘([{")
UNITS = frozenset("元万分户人个件张次天日月年名份")
BREAK, BLANK = "\n", " "
_ROUNDING = 1e-8


def ends(signs: Sequence[str], widths: Sequence[float], rooms: Sequence[float]) -> list[int]:
    """The number of signs up to the end of each line.

    `widths` of the signs and `rooms` of the lines are in one unit; the last room is that of all further lines. A line ends
    behind a `BREAK` in any case. Every line holds at least one sign.
    """
    found: list[int] = []
    while (start := found[-1] if found else 0) < len(signs):
        found.append(_end(signs, widths, start, rooms[min(len(found), len(rooms) - 1)]))
    return found


def _end(signs: Sequence[str], widths: Sequence[float], start: int, room: float) -> int:
    used = 0.0
    for at in range(start, len(signs)):
        used += widths[at]
        if used > room + _ROUNDING and at > start:
            return _stepped_back(signs, start, at)
        if signs[at] == BREAK:
            return at + 1
    return len(signs)


def _stepped_back(signs: Sequence[str], start: int, full: int) -> int:
    """The nearest place before the first sign that does not fit; at most half a line is given up for it."""
    while full < len(signs) and signs[full] == BLANK:
        full += 1  # at the end of a line it is not seen
    if full == len(signs):
        return full
    if signs[full] == BREAK:
        return full + 1
    places = range(full, max(start, start + (full - start) // 2 - 1), -1)
    return next((at for at in places if may_part(signs[at - 1], signs[at]) and not _in_amount(signs, at)), full)


def _in_amount(signs: Sequence[str], at: int) -> bool:
    """Whether a line that ends before `at` would leave a figure without the unit that stands a blank behind it."""
    blank = at if signs[at] == BLANK else at - 1
    figure, unit = signs[blank - 1 : blank], signs[blank + 1 : blank + 2]
    return signs[blank] == BLANK and "".join(figure).isdigit() and "".join(unit) in UNITS


def may_part(before: str, after: str) -> bool:
    """Whether a line may end between two signs. Figures and Latin words stay whole."""
    if before in NEVER_LAST or after in NEVER_FIRST:
        return False
    return before == BLANK or not (_is_latin(before) and _is_latin(after))


def _is_latin(sign: str) -> bool:
    return BLANK < sign <= "~"
