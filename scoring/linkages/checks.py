"""What must hold of linkages, as `manage.py verify` asks it. Repairs nothing."""

from collections.abc import Iterator

from households.house.checks import Checked
from households.months import Month
from households.sql import rows

LABEL = "联村关系不重叠，没有一处算两次"
_TWICE = """
    SELECT a.department_id, a.division_id, b.from_month FROM households_linkage a
    JOIN households_linkage b ON b.department_id = a.department_id AND b.division_id = a.division_id AND a.id < b.id
    WHERE a.from_month <= coalesce(NULLIF(b.to_month, ''), '9999-12')
      AND b.from_month <= coalesce(NULLIF(a.to_month, ''), '9999-12')
    ORDER BY 1, 2, 3
"""


def checked(_month: Month | None) -> Iterator[Checked]:
    """One line: how many pairs are in force at once, and the first of them."""
    wrong = rows(_TWICE)
    told = f"：{len(wrong)} 处，第一处是部门 {wrong[0][0]} 与 {wrong[0][1]}，{wrong[0][2]} 起" if wrong else ""
    yield Checked(f"{'不符' if wrong else '正常'} {LABEL}{told}", holds=not wrong)
