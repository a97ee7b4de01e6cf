"""The only door to points. Credits at freezing (design section 5); entries are append-only, repeats are harmless."""

from collections.abc import Sequence
from typing import Any

from scoring.rules import SIX_ZERO_POINTS
from scoring.sql import hash_joins, rows

# What each statement credits: owner kind, owner, points, in one month, to owners in the range `low`..`high`.
_HOUSEHOLDS = """
    SELECT 'household' AS owner_kind, hs.code AS owner,
           (CASE WHEN hs.broken = 0 THEN %(six_zero)s ELSE 0 END + hs.bonus)::int AS amount
    FROM scoring_householdscore hs
    WHERE hs.month = %(month)s AND hs.code >= %(low)s AND hs.code < %(high)s
      AND left(hs.code, 12) = ANY (%(codes)s::text[]) AND (hs.broken = 0 OR hs.bonus > 0)
"""
# round-half-up of a fraction in integers: floor((2 * total + n) / (2 * n)); a result below zero earns nothing.
_DIVISIONS = """
    SELECT 'division' AS owner_kind, d.code AS owner,
           div(2 * d.total + d.households, 2 * d.households)::int AS amount
    FROM scoring_divisionscore d
    WHERE d.month = %(month)s AND d.code >= %(low)s AND d.code < %(high)s AND length(d.code) = ANY (%(lengths)s::int[])
      AND left(d.code, 12) = ANY (%(codes)s::text[]) AND d.households > 0 AND 2 * d.total >= d.households
"""
_DEPARTMENTS = """
    SELECT 'department' AS owner_kind, d.department_code AS owner,
           div(2 * d.total + d.households, 2 * d.households)::int AS amount
    FROM scoring_departmentscore d
    WHERE d.month = %(month)s AND d.department_code = ANY (%(codes)s::text[])
      AND d.households > 0 AND 2 * d.total >= d.households
"""
# An account opened here starts with what it is credited. The UPDATE does not see it: it was not there when the statement
# began. An account that somebody else opened in the same moment is neither known nor opened: `left_over` counts it.
_CREDIT = """
    WITH due AS MATERIALIZED ({due}),
    known AS (
        SELECT a.id, a.owner_kind, a.owner FROM scoring_account a JOIN due USING (owner_kind, owner)
        WHERE a.owner >= %(low)s AND a.owner < %(high)s
    ),
    opened AS (
        INSERT INTO scoring_account (owner_kind, owner, balance)
        SELECT owner_kind, owner, amount FROM due LEFT JOIN known USING (owner_kind, owner)
        WHERE known.id IS NULL ORDER BY owner
        ON CONFLICT (owner, owner_kind) DO NOTHING
        RETURNING id, owner_kind, owner
    ),
    payable AS (
        SELECT id, owner_kind, owner, amount FROM due JOIN (TABLE known UNION ALL TABLE opened) a USING (owner_kind, owner)
    ),
    fresh AS (
        INSERT INTO scoring_pointentry (account_id, month, amount, kind, source_key, at)
        SELECT id, %(month)s, amount, 'freeze', 'freeze:' || %(month)s || ':' || owner_kind || ':' || owner, now()
        FROM payable ORDER BY owner
        ON CONFLICT (source_key) DO NOTHING
        RETURNING account_id, amount
    ),
    raised AS (
        UPDATE scoring_account a SET balance = a.balance + fresh.amount FROM fresh
        WHERE a.id = fresh.account_id AND a.owner >= %(low)s AND a.owner < %(high)s
    )
    SELECT (SELECT count(*) FROM fresh),
           (SELECT count(*) FROM due) - (SELECT count(*) FROM payable) AS left_over
"""


def credit_villages(month: str, township: str, villages: Sequence[str]) -> int:
    """Credit the households, groups and villages below `villages` of a township; returns entries written."""
    params = _range(month, township) | {"codes": list(villages)}
    written = _credit(_HOUSEHOLDS, params | {"six_zero": SIX_ZERO_POINTS})
    return written + _credit(_DIVISIONS, params | {"lengths": [12, 14]})


def credit_townships(month: str, county: str, townships: Sequence[str]) -> int:
    """Credit townships whose every household is frozen; returns entries written."""
    return _credit(_DIVISIONS, _range(month, county) | {"codes": list(townships), "lengths": [9]})


def credit_departments(month: str, departments: Sequence[str]) -> int:
    """Credit departments whose every linked division is frozen; returns entries written."""
    owners = {"month": month, "codes": list(departments), "low": "", "high": "\U0010ffff"}
    return _credit(_DEPARTMENTS, owners)


def _range(month: str, place: str) -> dict[str, Any]:
    return {"month": month, "low": place, "high": place + ":"}


def _credit(due: str, params: dict[str, Any]) -> int:
    """Write the entries that are due and not there yet, and raise the balances by exactly those."""
    written, left_over = 0, 1
    while left_over:
        with hash_joins():
            [(fresh, left_over)] = rows(_CREDIT.format(due=due), params)
        written += fresh
    return written
