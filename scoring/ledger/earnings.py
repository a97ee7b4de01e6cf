"""Points by the scores of a month: credits at freezing (design section 5), and what changes when it is restated (6)."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from households.codes import code_range, county_of, township_of
from households.months import first_day, label
from households.sql import column
from scoring.ledger import heirs, lots
from scoring.ledger.chains import checked_key, lock, one_line
from scoring.ledger.posting import post
from scoring.models import OwnerKind
from scoring.rankings.snapshots import counties_behind
from scoring.rollup.completeness import complete_departments, complete_townships
from scoring.rollup.statements import BEARS_ON, IN_FORCE
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

# What owners on some chains should have of a month, against what they were given for it so far: credited, and owed or
# recovered when that was too much.
_DIFFERENCE = """
    WITH entitled AS ({entitled}),
    given AS (
        SELECT a.owner_kind, a.owner, sum(e.amount - e.owed)::int AS amount
        FROM scoring_pointentry e JOIN scoring_account a ON a.id = e.account_id
        WHERE e.chain = ANY (%(chains)s::text[]) AND e.month = %(month)s AND e.kind IN ('freeze', 'restate')
          AND a.owner_kind = %(owner_kind)s AND a.owner >= %(low)s AND a.owner < %(high)s
        GROUP BY 1, 2
    )
    SELECT owner_kind, owner, (coalesce(n.amount, 0) - coalesce(g.amount, 0))::int AS amount, %(text)s::text AS text
    FROM entitled n FULL JOIN given g USING (owner_kind, owner)
    WHERE coalesce(n.amount, 0) <> coalesce(g.amount, 0)
"""
_FROZEN = """
    SELECT village_id FROM scoring_sheet
    WHERE period_id = %(month)s AND state = 'frozen' AND village_id = ANY (%(villages)s::text[]) ORDER BY 1
"""
# Departments linked to one of the villages, to a place it lies in, or to one of its groups.
_LINKED = f"""
    SELECT DISTINCT l.department_id FROM households_linkage l, unnest(%(villages)s::text[]) AS v (code)
    WHERE {IN_FORCE} AND {BEARS_ON} ORDER BY 1
"""
# Of those that `due` names who was given nothing by the scores of the month so far, neither by freezing nor by a correction.
_UNCREDITED = """
    SELECT due.* FROM ({due}) due WHERE NOT EXISTS (
        SELECT FROM scoring_account a JOIN scoring_pointentry e ON e.account_id = a.id
        WHERE a.owner_kind = due.owner_kind AND a.owner = due.owner AND e.month = %(month)s
          AND e.kind IN ('freeze', 'restate')
    )
"""
_OWNERS = "SELECT owner FROM ({due}) uncredited"
_LINKED_COUNTIES = f"""
    SELECT DISTINCT left(l.division_id, 6) FROM households_linkage l
    WHERE l.department_id = ANY (%(departments)s::text[]) AND {IN_FORCE} ORDER BY 1
"""
# A township, or a department as long as it is linked to a village, a place it lies in, or one of its groups.
_LAST_CREDITED = f"""
    WITH owners AS (
        SELECT a.id, '' AS from_month, '' AS to_month FROM scoring_account a
        WHERE a.owner_kind = 'division' AND a.owner = ANY (%(townships)s::text[])
        UNION ALL
        SELECT a.id, l.from_month, l.to_month FROM households_linkage l
        JOIN unnest(%(villages)s::text[]) AS v (code) ON {BEARS_ON}
        JOIN scoring_account a ON a.owner_kind = 'department' AND a.owner = l.department_id
    )
    SELECT max(e.month) FROM owners o JOIN scoring_pointentry e ON e.account_id = o.id
    WHERE e.kind IN ('freeze', 'restate') AND e.month >= o.from_month AND (o.to_month = '' OR e.month <= o.to_month)
"""


def credit_villages(month: str, township: str, villages: Sequence[str]) -> int:
    """Credit the households, groups and villages below `villages` of a township; returns accounts credited."""
    lock([*villages, *heirs.chains_of(villages)])
    params = _of(month, township) | {"codes": list(villages)}
    credited = _credit(_HOUSEHOLDS, "household", params | {"six_zero": SIX_ZERO_POINTS})
    heirs.settle(villages)
    return credited + _credit(_DIVISIONS, "division", params | {"lengths": [12, 14]})


def credit_townships(month: str, county: str, townships: Sequence[str]) -> int:
    """Credit townships whose every household is frozen; returns accounts credited."""
    lock(townships)
    return _credit(_uncredited(_DIVISIONS), "division", _of(month, county) | _codes(townships))


def credit_departments(month: str, departments: Sequence[str]) -> int:
    """Credit departments whose every linked division is frozen; returns accounts credited."""
    lock(f"department:{code}" for code in departments)
    return _credit(_uncredited(_DEPARTMENTS), "department", _of(month, "") | _codes(departments))


def counties_uncredited(month: str) -> list[str]:
    """Counties where a township or a linked department is complete and earned points that it does not have yet.

    Besides freezing, a place becomes complete when its last village that is not frozen loses its last household.
    """
    everywhere = _of(month, "")
    townships = column(_OWNERS.format(due=_uncredited(_DIVISIONS)), everywhere | _codes(complete_townships(month, "")))
    departments = column(
        _OWNERS.format(due=_uncredited(_DEPARTMENTS)), everywhere | _codes(complete_departments(month))
    )
    linked = column(_LINKED_COUNTIES, {"month": month, "departments": departments})
    return sorted({*map(county_of, townships), *linked})


def last_credited(villages: Sequence[str]) -> str | None:
    """The last month in which a township of the villages, or a department linked to one, was given points for it."""
    townships = sorted({township_of(village) for village in villages})
    [last] = column(_LAST_CREDITED, {"villages": list(villages), "townships": townships})
    return last


def restate(month: str, villages: Sequence[str], *, key: str, text: str) -> int:
    """Bring points into line with the scores of a month that was frozen and has been computed anew.

    For the households, groups and villages named, and for their townships and departments that were credited: whoever
    should have more is credited the difference; whoever got too much gives it back from what is not reserved, and owes the
    rest, which is taken from what comes in later. `text` tells all of them why; `key` (at most 60 printable ASCII
    characters) is that of the adjustment. Returns accounts moved; 0 when all is in line. Villages that are not frozen are
    left alone: freezing credits them what is right then.
    """
    named = {"key": checked_key(key), "text": one_line(text)}
    frozen = column(_FROZEN, {"month": month, "villages": list(villages)})
    townships = _credited_townships(month, sorted({township_of(village) for village in frozen}))
    departments = _credited_departments(month, frozen)
    lock([*frozen, *heirs.chains_of(frozen), *townships, *(f"department:{code}" for code in departments)])
    moved = 0
    for township in sorted({township_of(village) for village in frozen}):
        mine = [village for village in frozen if village.startswith(township)]
        params = _of(month, township) | named | {"codes": mine, "chains": mine}
        moved += _restate(_HOUSEHOLDS, OwnerKind.HOUSEHOLD, params | {"six_zero": SIX_ZERO_POINTS})
        moved += _restate(_DIVISIONS, OwnerKind.DIVISION, params | {"lengths": [12, 14]})
    heirs.settle(frozen)
    params = _of(month, "") | named
    if townships:
        of_townships = {"codes": townships, "chains": townships, "lengths": [9]}
        moved += _restate(_DIVISIONS, OwnerKind.DIVISION, params | of_townships)
    of_departments = {"codes": departments, "chains": [f"department:{code}" for code in departments]}
    return moved + _restate(_DEPARTMENTS, OwnerKind.DEPARTMENT, params | of_departments)


def _credited_townships(month: str, townships: Sequence[str]) -> list[str]:
    """Those of the townships that freezing has dealt with; the others are credited when it has."""
    complete = {
        code for county in {county_of(code) for code in townships} for code in complete_townships(month, county)
    }
    return _dealt_with(month, OwnerKind.DIVISION, sorted(complete.intersection(townships)))


def _credited_departments(month: str, villages: Sequence[str]) -> list[str]:
    """Departments linked to the villages that freezing has dealt with."""
    linked = column(_LINKED, {"month": month, "villages": list(villages)})
    return _dealt_with(month, OwnerKind.DEPARTMENT, sorted(set(linked).intersection(complete_departments(month))))


def _dealt_with(month: str, owner_kind: str, complete: Sequence[str]) -> list[str]:
    """Complete owners that were credited, or earned nothing: while freezing goes on, it is known of the credited alone."""
    behind = counties_behind(month)
    if not behind:
        return list(complete)
    elsewhere = [code for code in complete if owner_kind == OwnerKind.DIVISION and county_of(code) not in behind]
    prefix = f"freeze:{month}:{owner_kind}:"
    sql = "SELECT source_key FROM scoring_pointentry WHERE source_key = ANY (%(keys)s::text[])"
    credited = column(sql, {"keys": [prefix + code for code in complete]})
    return sorted({*elsewhere, *(key.removeprefix(prefix) for key in credited)})


def _restate(entitled: str, owner_kind: str, params: dict[str, Any]) -> int:
    prefix = f"restate:{params['key']}:{params['month']}:{owner_kind}:"
    due = _DIFFERENCE.format(entitled=entitled)
    return post(due, params | {"kind": "restate", "owner_kind": owner_kind, "prefix": prefix})


def _of(month: str, place: str) -> dict[str, Any]:
    """Parameters of all statements about a month and the owners inside a place; "" is everywhere."""
    return {
        "month": month,
        "label": label(month),
        "year": lots.year_earned(first_day(month).year, timezone.localdate()),
        "low": place,
        "high": code_range(place).high if place else "\U0010ffff",
    }


def _uncredited(due: str) -> str:
    return _UNCREDITED.format(due=due)


def _codes(codes: Sequence[str]) -> dict[str, Any]:
    """Townships or departments."""
    return {"codes": list(codes), "lengths": [9]}


def _credit(due: str, kind: str, params: dict[str, Any]) -> int:
    return post(due, params | {"kind": "freeze", "prefix": f"freeze:{params['month']}:{kind}:"})
