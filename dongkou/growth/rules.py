"""How fast something grows, and when there is no room left. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta

MONTH = 30  # days
SHORTEST = 7  # days of measuring below which nothing is foretold


def grown_per_day(sizes: Mapping[date, int], today: date, now: int) -> float | None:
    """Bytes a day up to `now`, from the earliest size of the last month; None while it is younger than a week.

    What shrank has not grown: 0.
    """
    known = [day for day in sizes if timedelta(SHORTEST) <= today - day <= timedelta(MONTH + 1)]
    if not known:
        return None
    first = min(known)
    return max(0.0, (now - sizes[first]) / (today - first).days)


def days_left(free: int, daily: float | None) -> int | None:
    """Whole days until `free` bytes are used up; None when nothing grows, or nobody knows."""
    return int(free / daily) if daily else None
