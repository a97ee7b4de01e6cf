"""Since when a change counts, and which door number is next. Pure.

A month counts a household by its last day, so what matters of a day is the first month's end at or after it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from households.codes import MAX_SERIAL


def counts_from(day: date, *, bound: date | None, since: Iterable[date | None], begun: date | None) -> date:
    """Since when the register says so: the day it happened, but not before `bound`, the first that is still open, nor before
    any of `since`, when the households concerned came to be what they are. One that ends was there for a day: `begun` is its first.
    """
    floors = [one for one in (bound, *since) if one]
    return max([day, *floors, *([begun + timedelta(days=1)] if begun else [])])


def next_serial(used: Iterable[int]) -> int:
    """The door number after all that were ever used in the group; 0 when there is none left."""
    following = max(used, default=0) + 1
    return following if following <= MAX_SERIAL else 0
