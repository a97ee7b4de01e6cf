"""Dirty marks: an action leaves (month, code), the roll-up picks them up. A mark is cleared only if it has not moved."""

from collections.abc import Iterable

from django.db import connection

from households.codes import village_of

_TOUCH = """
    INSERT INTO scoring_mark (month, code, moved)
    SELECT %s, code, nextval('scoring_mark_moved') FROM unnest(%s::text[]) AS code ORDER BY code
    ON CONFLICT (month, code) DO UPDATE SET moved = EXCLUDED.moved
"""


def place_of(code: str) -> str:
    """Where a mark for `code` stands: the village of a household or group, else the division itself."""
    return village_of(code) or code


def touch(month: str, codes: Iterable[str]) -> None:
    """Mark the places of `codes` (households or divisions) as out of date in `month`, in the caller's transaction.

    Ordered, so that two transactions marking the same places cannot wait for each other in a circle.
    """
    places = sorted({place_of(code) for code in codes})
    if places:
        with connection.cursor() as cursor:
            cursor.execute(_TOUCH, [month, places])
