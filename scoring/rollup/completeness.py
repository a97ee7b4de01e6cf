"""Which townships and departments are complete in a month: every household scored, every village frozen (ADR 2)."""

from households.codes import sql_within
from households.sql import column, hash_joins
from scoring.rollup.statements import IN_FORCE

# A place is complete when all its households are scored and no village that holds any is unfrozen. The villages are found
# once and looked up from there: a month just computed has no statistics yet, and asked place by place took half a minute.
_UNFROZEN = """
    WITH unfrozen AS MATERIALIZED (
        SELECT v.code FROM scoring_divisionscore v
        LEFT JOIN scoring_sheet s ON s.period_id = v.month AND s.village_id = v.code AND s.state = 'frozen'
        WHERE v.month = %(month)s AND length(v.code) = 12 AND v.active > 0 AND s.id IS NULL
    )
"""
_COMPLETE_TOWNSHIPS = f"""
    {_UNFROZEN}
    SELECT t.code FROM scoring_divisionscore t
    WHERE t.month = %(month)s AND length(t.code) = 9 AND {sql_within("t.code", "%(county)s")}
      AND t.households > 0 AND t.households = t.active AND t.code NOT IN (SELECT left(code, 9) FROM unfrozen)
"""
_COMPLETE_DEPARTMENTS = f"""
    {_UNFROZEN}
    SELECT d.department_code FROM scoring_departmentscore d
    WHERE d.month = %(month)s AND d.households > 0 AND d.households = d.active AND NOT EXISTS (
        SELECT FROM households_linkage l JOIN unfrozen u ON starts_with(u.code, left(l.division_id, 12))
        WHERE l.department_id = d.department_code AND {IN_FORCE}
    )
"""


def complete_townships(month: str, county: str) -> list[str]:
    """Townships of the county whose every household is scored and whose every village that holds anybody is frozen."""
    with hash_joins():
        return column(_COMPLETE_TOWNSHIPS, {"month": month, "county": county})


def complete_departments(month: str) -> list[str]:
    """Departments whose every household is scored and whose every linked village that holds anybody is frozen."""
    with hash_joins():
        return column(_COMPLETE_DEPARTMENTS, {"month": month})
