"""Dirty marks: an action leaves (month, code), the roll-up picks them up. A mark is cleared only if it has not moved."""

from collections.abc import Iterable

from households.codes import village_of
from households.sql import run

_TOUCH = """
    INSERT INTO scoring_mark (month, code, moved)
    SELECT %(month)s, code, nextval('scoring_mark_moved') FROM unnest(%(codes)s::text[]) AS code ORDER BY code
    ON CONFLICT (month, code) DO UPDATE SET moved = EXCLUDED.moved
"""
_TOUCH_ALL = """
    INSERT INTO scoring_mark (month, code, moved)
    SELECT %(month)s, d.code, nextval('scoring_mark_moved') FROM households_division d
    WHERE length(d.code) IN (6, 9, 12) AND NOT EXISTS (
        SELECT FROM scoring_sheet s WHERE s.period_id = %(month)s AND s.village_id = d.code AND s.state = 'frozen'
    )
    ORDER BY d.code
    ON CONFLICT (month, code) DO UPDATE SET moved = EXCLUDED.moved
"""


def place_of(code: str) -> str:
    """Where a mark for `code` stands: the village of a household or group, else the division itself."""
    return village_of(code)


def touch(month: str, codes: Iterable[str]) -> None:
    """Mark the places of `codes` (households or divisions) as out of date in `month`, in the caller's transaction.

    Ordered, so that two transactions marking the same places cannot wait for each other in a circle.
    """
    places = sorted({place_of(code) for code in codes})
    if places:
        run(_TOUCH, {"month": month, "codes": places})


def touch_all(month: str) -> None:
    """Mark every county, township and village of `month`, except frozen villages: they stay as they are."""
    run(_TOUCH_ALL, {"month": month})
