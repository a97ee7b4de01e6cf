"""Rankings: exact, with ties, previous rank and coverage. One statement a ranking; pages, exports and API read this."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import connection

from households.codes import LENGTHS, Level, prefix_range
from households.months import previous_month
from households.scope import Scope
from scoring import rules

LEVELS = (Level.GROUP, Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)

# Thirty decimals tell any two different quotients of a province apart, and equal ones are cut alike.
_RESULT = "trunc(total::numeric(60, 30) / nullif(households, 0), 30)"

# A division competes inside its county, or inside `within`; a county with the other counties.
_RANKED = f"""
    SELECT code, active, households, total, adjustment, six_zero, events, as_of,
           CASE WHEN households > 0 AND households = active THEN
               rank() OVER (PARTITION BY (households > 0 AND households = active), competition
                            ORDER BY {_RESULT} DESC)
           END AS rank
    FROM (
        SELECT *, CASE WHEN %(county)s THEN '' ELSE left(code, 6) END AS competition
        FROM scoring_divisionscore
        WHERE month = {{month}} AND length(code) = %(length)s AND code >= %(low)s AND code < %(high)s
    ) lines
"""
_DIVISIONS = f"""
    WITH now_ AS ({_RANKED.format(month="%(month)s")}), before AS ({_RANKED.format(month="%(previous)s")})
    SELECT n.code, d.name, n.active, n.households, n.total, n.adjustment, n.six_zero, n.events, n.as_of, n.rank,
           b.rank AS previous_rank
    FROM now_ n JOIN households_division d ON d.code = n.code LEFT JOIN before b ON b.code = n.code
    ORDER BY left(n.code, CASE WHEN %(county)s THEN 0 ELSE 6 END), n.rank NULLS LAST, n.code
"""
_RANKED_DEPARTMENTS = f"""
    SELECT department_code AS code, households, total, active, as_of,
           CASE WHEN households > 0 THEN
               rank() OVER (PARTITION BY households > 0 ORDER BY {_RESULT} DESC)
           END AS rank
    FROM scoring_departmentscore WHERE month = {{month}}
"""
_DEPARTMENTS = f"""
    WITH now_ AS ({_RANKED_DEPARTMENTS.format(month="%(month)s")}),
         before AS ({_RANKED_DEPARTMENTS.format(month="%(previous)s")})
    SELECT n.code, d.name, n.active, n.households, n.total, n.as_of, n.rank, b.rank AS previous_rank
    FROM now_ n JOIN households_department d ON d.code = n.code LEFT JOIN before b ON b.code = n.code
    ORDER BY n.rank NULLS LAST, n.code
"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a ranking. `households` are the scored ones of `active`; for a department both are weighted.

    `rank` is None while a household below is not scored (provisional), `six_zero`, `adjustment` and `events` are 0 for
    departments.
    """

    code: str
    name: str
    active: int
    households: int
    total: int
    as_of: datetime
    rank: int | None
    previous_rank: int | None
    adjustment: int = 0
    six_zero: int = 0
    events: int = 0

    @property
    def result(self) -> Fraction | None:
        """total / households, exactly; None when nothing is scored."""
        return rules.result(self.total, self.households)

    @property
    def shown_result(self) -> str:
        """The result with two decimals, empty when nothing is scored."""
        return rules.display(self.result)

    @property
    def coverage(self) -> str:
        """Scored / active with four decimals, rounded down, so that 1.0000 means every household."""
        return rules.coverage(self.households, self.active)

    @property
    def is_final(self) -> bool:
        """Whether every active household below is scored."""
        return rules.is_final(self.households, self.active)

    @property
    def change(self) -> int | None:
        """Places gained since the month before (positive is better)."""
        if self.rank is None or self.previous_rank is None:
            return None
        return self.previous_rank - self.rank


def ranking(month: str, level: Level, *, within: str = "") -> list[Line]:
    """Divisions of `level` with their results in `month`, best first, provisional ones last.

    `within` (a division's code) limits the competition to its subtree.
    """
    low, high = prefix_range(within) if within else ("", ":")
    params = {
        "month": month,
        "previous": previous_month(month),
        "county": level is Level.COUNTY,
        "length": LENGTHS[level],
        "low": low,
        "high": high,
    }
    return [Line(**row) for row in _rows(_DIVISIONS, params)]


def seen_by(lines: list[Line], scope: Scope) -> list[Line]:
    """The lines of divisions inside the scope or above it."""
    return [line for line in lines if scope.meets(line.code)]


def department_ranking(month: str) -> list[Line]:
    """Departments with their weighted results in `month`, best first."""
    return [Line(**row) for row in _rows(_DEPARTMENTS, {"month": month, "previous": previous_month(month)})]


def _rows(sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
