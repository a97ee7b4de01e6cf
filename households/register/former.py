"""Places that ended and go on in another: whose history those of the other may read."""

from collections.abc import Iterable

from households.sql import column

# Back along the orders that stand; a place that goes on inside of one that itself went on is found by its own line.
_ENDED_IN = """
    WITH RECURSIVE gone AS (
        SELECT l.old_id AS old, l.new_id AS new FROM households_borderline l JOIN households_borderorder o ON o.id = l.order_id
        WHERE l.kind IN ('move', 'merge') AND o.undone_at IS NULL
    ),
    came AS (
        SELECT old FROM gone WHERE starts_with(new, %(place)s)
        UNION SELECT g.old FROM came c JOIN gone g ON starts_with(g.new, c.old)
    )
    SELECT old FROM came WHERE NOT starts_with(old, %(place)s) ORDER BY old
"""


def former_places(place: str) -> list[str]:
    """The widest places that ended and go on in this one."""
    return _widest(column(_ENDED_IN, {"place": place})) if place else []


def _widest(codes: Iterable[str]) -> list[str]:
    kept: list[str] = []
    for code in codes:  # in order, so that what holds others comes before them
        if not (kept and code.startswith(kept[-1])):
            kept.append(code)
    return kept
