"""Rankings: exact, with ties, previous rank and coverage. One statement a ranking; pages, exports and API read this."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from households.codes import Level, code_range, sql_within
from households.models import sql_name_on
from households.months import last_day, previous_month
from households.scope import Scope
from households.sql import dicts
from scoring import rules
from scoring.rollup.statements import IN_FORCE, active_on, living_on

LEVELS = (Level.GROUP, Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY)

# Thirty decimals tell any two different quotients of a province apart, and equal ones are cut alike.
RESULT = "trunc(total::numeric(60, 30) / nullif(households, 0), 30)"

# Out of which places one became what it is in the year up to the month: their figures stand under their own names.
_CAME = """
    coalesce((SELECT string_agg(DISTINCT l.old_name, '、') FROM households_borderline l
              JOIN households_borderorder o ON o.id = l.order_id AND o.undone_at IS NULL
              WHERE l.new_id = followed.code AND l.kind IN ('move', 'merge', 'split') AND o.counts_from <= %(last_day)s
                AND o.counts_from > %(last_day)s::date - interval '1 year'), '')
"""

# Every division of the level with the month and the one before, ranked in each; a division without a line yet is listed
# with what counts in it, so that a silent village is seen. One competes inside its county, or inside `within`; a county
# with the other counties. There is no join of one month's ranking with the other's for the planner to get wrong.
_DIVISIONS = f"""
    WITH lines AS (
        SELECT d.code, {sql_name_on("d", "%(last_day)s")} AS name, m.month,
               s.households, s.total, s.adjustment, s.six_zero, s.events, s.as_of,
               CASE WHEN s.code IS NULL AND m.month = %(month)s THEN (
                   SELECT count(*) FROM households_household h
                   WHERE {sql_within("h.code", "d.code")} AND {living_on("h")}
               ) ELSE s.active END AS active,
               {active_on("d")} AS listed,
               s.households > 0 AND s.households = s.active AS final,
               CASE WHEN %(county)s THEN '' ELSE left(d.code, 6) END AS competition
        FROM households_division d
        CROSS JOIN (VALUES (%(previous)s), (%(month)s)) AS m (month)
        LEFT JOIN scoring_divisionscore s
          ON s.month = m.month AND s.code = d.code
         AND s.month IN (%(previous)s, %(month)s) AND s.code >= %(low)s AND s.code < %(high)s
         AND length(s.code) = %(length)s
        WHERE length(d.code) = %(length)s AND d.code >= %(low)s AND d.code < %(high)s
    ),
    ranked AS (
        SELECT *, CASE WHEN final THEN
            rank() OVER (PARTITION BY month, final, competition ORDER BY {RESULT} DESC) END AS rank
        FROM lines
    ),
    followed AS (SELECT *, lag(rank) OVER (PARTITION BY code ORDER BY month) AS previous_rank FROM ranked)
    SELECT code, name, active, coalesce(households, 0) AS households, coalesce(total, 0) AS total,
           coalesce(adjustment, 0) AS adjustment, coalesce(six_zero, 0) AS six_zero, coalesce(events, 0) AS events,
           coalesce(as_of, statement_timestamp()) AS as_of, rank, previous_rank, {_CAME} AS came
    FROM followed
    WHERE month = %(month)s AND (listed OR active > 0)
    ORDER BY competition, rank NULLS LAST, code
"""
# A department is ranked as soon as something linked to it is scored.
_DEPARTMENTS = f"""
    WITH lines AS (
        SELECT d.code, d.name, m.month, s.households, s.total, s.active, s.as_of, s.households > 0 AS final,
               s.department_code IS NOT NULL OR EXISTS (
                   SELECT FROM households_linkage l WHERE l.department_id = d.code AND {IN_FORCE}) AS listed
        FROM households_department d
        CROSS JOIN (VALUES (%(previous)s), (%(month)s)) AS m (month)
        LEFT JOIN scoring_departmentscore s ON s.month = m.month AND s.department_code = d.code
    ),
    ranked AS (
        SELECT *, CASE WHEN final THEN rank() OVER (PARTITION BY month, final ORDER BY {RESULT} DESC) END AS rank
        FROM lines
    ),
    followed AS (SELECT *, lag(rank) OVER (PARTITION BY code ORDER BY month) AS previous_rank FROM ranked)
    SELECT code, name, coalesce(active, 0) AS active, coalesce(households, 0) AS households,
           coalesce(total, 0) AS total, coalesce(as_of, statement_timestamp()) AS as_of, rank, previous_rank
    FROM followed WHERE month = %(month)s AND listed
    ORDER BY rank NULLS LAST, code
"""


@dataclass(frozen=True, slots=True)
class RankingLine:
    """One line of a ranking. `households` are the scored ones of `active`; for a department both are weighted.

    `rank` is None while a household below is not scored (provisional), `six_zero`, `adjustment` and `events` are 0 for
    departments. `came` names the places that became this one in the year before.
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
    came: str = ""

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


def ranking(month: str, level: Level, *, within: str = "") -> list[RankingLine]:
    """Divisions of `level` with their results in `month`, best first, provisional ones last.

    `within` (a division's code) limits the competition to its subtree.
    """
    params = {
        "month": month,
        "previous": previous_month(month),
        "last_day": last_day(month),
        "county": level is Level.COUNTY,
        "length": level.code_length,
    } | code_range(within)._asdict()
    return [RankingLine(**row) for row in dicts(_DIVISIONS, params)]


def seen_by(lines: list[RankingLine], scope: Scope) -> list[RankingLine]:
    """The lines of divisions inside the scope or above it."""
    return [line for line in lines if scope.meets(line.code)]


def department_ranking(month: str) -> list[RankingLine]:
    """Departments with their weighted results in `month`, best first."""
    return [RankingLine(**row) for row in dicts(_DEPARTMENTS, {"month": month, "previous": previous_month(month)})]
