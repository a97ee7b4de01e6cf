"""The only door to points. Credits at freezing (design section 5); entries are append-only, repeats are harmless."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from scoring.rules import SIX_ZERO_POINTS

# What each statement credits: owner kind, owner, points, in one month.
_HOUSEHOLDS = """
    SELECT 'household' AS owner_kind, hs.code AS owner,
           (CASE WHEN hs.broken = 0 THEN %(six_zero)s ELSE 0 END + hs.bonus)::int AS amount
    FROM unnest(%(codes)s::text[]) AS village
    JOIN scoring_householdscore hs
      ON hs.month = %(month)s AND hs.code >= village AND hs.code < village || ':'
    WHERE hs.broken = 0 OR hs.bonus > 0
"""
# round-half-up of a fraction in integers: floor((2 * total + n) / (2 * n)); a result below zero earns nothing.
_DIVISIONS = """
    SELECT 'division' AS owner_kind, d.code AS owner,
           div(2 * d.total + d.households, 2 * d.households)::int AS amount
    FROM unnest(%(codes)s::text[]) AS place
    JOIN scoring_divisionscore d ON d.month = %(month)s AND d.code >= place AND d.code < place || ':'
    WHERE length(d.code) = ANY(%(lengths)s::int[]) AND d.households > 0 AND 2 * d.total >= d.households
"""
_DEPARTMENTS = """
    SELECT 'department' AS owner_kind, d.department_code AS owner,
           div(2 * d.total + d.households, 2 * d.households)::int AS amount
    FROM scoring_departmentscore d
    WHERE d.month = %(month)s AND d.department_code = ANY(%(codes)s::text[])
      AND d.households > 0 AND 2 * d.total >= d.households
"""
_OPEN = """
    INSERT INTO scoring_account (owner_kind, owner, balance)
    SELECT owner_kind, owner, 0 FROM ({due}) due
    WHERE NOT EXISTS (SELECT FROM scoring_account a WHERE a.owner = due.owner AND a.owner_kind = due.owner_kind)
    ORDER BY owner
    ON CONFLICT (owner, owner_kind) DO NOTHING
"""
_CREDIT = """
    WITH due AS ({due}),
    fresh AS (
        INSERT INTO scoring_pointentry (account_id, month, amount, kind, source_key, at)
        SELECT a.id, %(month)s, due.amount, 'freeze', 'freeze:' || %(month)s || ':' || due.owner_kind || ':' || due.owner,
               now()
        FROM due JOIN scoring_account a ON a.owner = due.owner AND a.owner_kind = due.owner_kind
        ON CONFLICT (source_key) DO NOTHING
        RETURNING account_id, amount
    )
    UPDATE scoring_account SET balance = balance + fresh.amount FROM fresh WHERE scoring_account.id = fresh.account_id
"""


def credit_villages(month: str, villages: Sequence[str]) -> int:
    """Credit the households, groups and villages below `villages` for a frozen month; returns entries written."""
    written = _credit(_HOUSEHOLDS, {"month": month, "codes": list(villages), "six_zero": SIX_ZERO_POINTS})
    return written + _credit(_DIVISIONS, {"month": month, "codes": list(villages), "lengths": [12, 14]})


def credit_townships(month: str, townships: Sequence[str]) -> int:
    """Credit townships whose every household is frozen; returns entries written."""
    return _credit(_DIVISIONS, {"month": month, "codes": list(townships), "lengths": [9]})


def credit_departments(month: str, departments: Sequence[str]) -> int:
    """Credit departments whose every linked division is frozen; returns entries written."""
    return _credit(_DEPARTMENTS, {"month": month, "codes": list(departments)})


def _credit(due: str, params: dict[str, Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN.format(due=due), params)
        cursor.execute(_CREDIT.format(due=due), params)
        return cursor.rowcount
