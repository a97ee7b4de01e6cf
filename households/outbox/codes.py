"""Under which codes the same household is known: it moves within the register, and places change under it.

A code is never used again and goes on as one other at most, so whatever hangs together by moves is one household, also when a
change of places was taken back.
"""

from collections.abc import Iterable

from households.sql import column, rows

_STEP = """
    SELECT {more}CASE WHEN c.household_id = k.code THEN c.other_id ELSE c.household_id END
    FROM known k JOIN households_householdchange c ON c.kind = 'move' AND (c.household_id = k.code OR c.other_id = k.code)
"""
KNOWN = f"""
    WITH RECURSIVE known (code) AS (SELECT %s::text COLLATE "C" UNION {_STEP.format(more="")}) SELECT code FROM known
"""
_NOW = f"""
    WITH RECURSIVE known (now, code) AS (
        SELECT code COLLATE "C", code COLLATE "C" FROM unnest(%s::text[]) AS asked (code) UNION {_STEP.format(more="k.now, ")}
    )
    SELECT code, now FROM known
"""


def codes_of(code: str) -> list[str]:
    """All codes of the household, its own among them. One query."""
    return column(KNOWN, [code])


def now_of(codes: Iterable[str]) -> dict[str, str]:
    """Every code under which one of these households was ever known -> its code here. One query."""
    return dict(rows(_NOW, [list(codes)]))
