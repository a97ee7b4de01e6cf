"""Taking back what an import of the register wrote: refused where a month was signed for, and months in work are worked out anew."""

from collections.abc import Sequence

from households.imports import departments, divisions, hanging, households, linkages, taking_back
from households.models import User
from households.sql import rows
from scoring.rollup.registers import LAST, touch

# Months of its village that were signed for, and in which a household that the run made counts.
_SIGNED_WITH = """
    SELECT d.name, string_agg(DISTINCT sh.period_id, '、' ORDER BY sh.period_id)
    FROM households_importchange c
    JOIN households_household h ON h.code = c.key
    JOIN households_division d ON d.code = left(h.code, 12)
    JOIN scoring_sheet sh ON sh.village_id = d.code AND sh.state <> 'open'
                         AND sh.period_id >= coalesce(to_char(h.valid_from, 'YYYY-MM'), '')
    WHERE c.run_id = %(run)s AND c.source = 'households_household' AND c.before IS NULL
    GROUP BY d.code, d.name ORDER BY d.code LIMIT 3
"""
_RECORDED = """
    SELECT count(*), min(c.key) FROM scoring_scoreevent e JOIN households_importchange c ON c.key = e.code
    WHERE c.run_id = %(run)s AND c.before IS NULL AND c.source IN ('households_household', 'households_division')
"""
_SIGNED_LINKED = """
    SELECT l.division_id, string_agg(DISTINCT sh.period_id, '、' ORDER BY sh.period_id)
    FROM households_importchange c
    JOIN households_linkage l ON concat_ws(' ', l.department_id, l.division_id, l.from_month) = c.key
    JOIN scoring_sheet sh ON left(sh.village_id, length(l.division_id)) = left(l.division_id, 12) AND sh.state <> 'open'
                         AND sh.period_id >= l.from_month
    WHERE c.run_id = %(run)s AND c.source = 'households_linkage'
    GROUP BY l.division_id ORDER BY 1 LIMIT 3
"""
_LINKED = """
    SELECT split_part(key, ' ', 2), split_part(key, ' ', 3) FROM households_importchange
    WHERE run_id = %(run)s AND source = 'households_linkage'
"""
_GAINED = """
    SELECT left(h.code, 12), min(coalesce(to_char(h.valid_from, 'YYYY-MM'), ''))
    FROM households_importchange c JOIN households_household h ON h.code = c.key
    WHERE c.run_id = %(run)s AND c.source = 'households_household' AND c.before IS NULL GROUP BY 1
"""


def hang_on_divisions(run_id: int) -> Sequence[str]:
    return [*hanging.on(run_id, divisions.KEPT), *_recorded(run_id)]


def hang_on_households(run_id: int) -> Sequence[str]:
    return [
        *hanging.on(run_id, *households.KEPT),
        *_recorded(run_id),
        *(f"{name}已经申报过这些月份：{months}。" for name, months in rows(_SIGNED_WITH, {"run": run_id})),
    ]


def hang_on_departments(run_id: int) -> Sequence[str]:
    return hanging.on(run_id, departments.KEPT)


def hang_on_linkages(run_id: int) -> Sequence[str]:
    signed = rows(_SIGNED_LINKED, {"run": run_id})
    return [
        *hanging.on(run_id, linkages.KEPT),
        *(f"{place} 已经申报过这些月份：{months}。" for place, months in signed),
    ]


def take_back_divisions(run_id: int, _by: User) -> int:
    return taking_back.put_back(run_id, divisions.KEPT)


def take_back_departments(run_id: int, _by: User) -> int:
    return taking_back.put_back(run_id, departments.KEPT)


def take_back_households(run_id: int, _by: User) -> int:
    moved = [(village, first, LAST) for village, first in rows(_GAINED, {"run": run_id})]
    done = taking_back.put_back(run_id, *households.KEPT)
    touch(moved)
    return done


def take_back_linkages(run_id: int, _by: User) -> int:
    moved = [(place, first, LAST) for place, first in rows(_LINKED, {"run": run_id})]
    done = taking_back.put_back(run_id, linkages.KEPT)
    touch(moved)
    return done


def _recorded(run_id: int) -> list[str]:
    [(count, first)] = rows(_RECORDED, {"run": run_id})
    return [f"{first} 等已经登记过例外（{count} 条）。"] if count else []
