"""Points by the scores of a month: credits at freezing (design section 5), and the difference when it is restated."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from scoring import lots
from scoring.ledger.chains import lock
from scoring.ledger.posting import post
from scoring.rules import SIX_ZERO_POINTS

# What each statement credits: owner kind, owner, points, in one month, to owners in the range `low`..`high`.
_HOUSEHOLDS = """
    SELECT 'household' AS owner_kind, hs.code AS owner,
           (CASE WHEN hs.broken = 0 THEN %(six_zero)s ELSE 0 END + hs.bonus)::int AS amount,
           concat_ws('，', CASE WHEN hs.broken = 0 THEN %(label)s || '六项为零' END,
                     CASE WHEN hs.bonus > 0 THEN %(label)s || '加分 ' || hs.bonus || ' 分' END) AS text
    FROM scoring_householdscore hs
    WHERE hs.month = %(month)s AND hs.code >= %(low)s AND hs.code < %(high)s
      AND left(hs.code, 12) = ANY (%(codes)s::text[]) AND (hs.broken = 0 OR hs.bonus > 0)
"""
# round-half-up of a fraction in integers: floor((2 * total + n) / (2 * n)); a result below zero earns nothing.
_DIVISIONS = """
    SELECT 'division' AS owner_kind, d.code AS owner,
           div(2 * d.total + d.households, 2 * d.households)::int AS amount,
           %(label)s || '考核得分' AS text
    FROM scoring_divisionscore d
    WHERE d.month = %(month)s AND d.code >= %(low)s AND d.code < %(high)s AND length(d.code) = ANY (%(lengths)s::int[])
      AND left(d.code, 12) = ANY (%(codes)s::text[]) AND d.households > 0 AND 2 * d.total >= d.households
"""
_DEPARTMENTS = """
    SELECT 'department' AS owner_kind, d.department_code AS owner,
           div(2 * d.total + d.households, 2 * d.households)::int AS amount,
           %(label)s || '考核得分' AS text
    FROM scoring_departmentscore d
    WHERE d.month = %(month)s AND d.department_code = ANY (%(codes)s::text[])
      AND d.households > 0 AND 2 * d.total >= d.households
"""


def credit_villages(month: str, township: str, villages: Sequence[str]) -> int:
    """Credit the households, groups and villages below `villages` of a township; returns accounts credited."""
    lock(villages)
    params = _of(month, township) | {"codes": list(villages)}
    credited = _credit(_HOUSEHOLDS, "household", params | {"six_zero": SIX_ZERO_POINTS})
    return credited + _credit(_DIVISIONS, "division", params | {"lengths": [12, 14]})


def credit_townships(month: str, county: str, townships: Sequence[str]) -> int:
    """Credit townships whose every household is frozen; returns accounts credited."""
    lock(townships)
    return _credit(_DIVISIONS, "division", _of(month, county) | {"codes": list(townships), "lengths": [9]})


def credit_departments(month: str, departments: Sequence[str]) -> int:
    """Credit departments whose every linked division is frozen; returns accounts credited."""
    lock(f"department:{code}" for code in departments)
    return _credit(_DEPARTMENTS, "department", _of(month, "") | {"codes": list(departments)})


def _of(month: str, place: str) -> dict[str, Any]:
    """Parameters of all statements about a month and the owners inside a place; "" is everywhere."""
    year, number = month.split("-")
    return {
        "month": month,
        "label": f"{year}年{int(number)}月",
        "year": lots.year_earned(int(year), timezone.localdate()),
        "low": place,
        "high": place + ":" if place else "\U0010ffff",
    }


def _credit(due: str, kind: str, params: dict[str, Any]) -> int:
    return post(due, params | {"kind": "freeze", "prefix": f"freeze:{params['month']}:{kind}:"})
