"""What must hold of contacts, as `manage.py verify` asks it. Repairs nothing."""

from collections.abc import Iterator

from households.house.checks import Checked
from households.months import Month
from households.sql import rows

LABEL = "联系关系都在本户在册期间，不重叠"
# What began and ended on one day was never in force.
_WRONG = """
    SELECT c.household_id, 'outside of its life' FROM households_contact c
    JOIN households_household h ON h.code = c.household_id
    WHERE c.valid_to IS DISTINCT FROM c.valid_from
      AND (c.valid_from < h.valid_from OR coalesce(c.valid_to, 'infinity') > coalesce(h.valid_to, 'infinity'))
    UNION ALL
    SELECT a.household_id, 'twice at once' FROM households_contact a
    JOIN households_contact b ON b.household_id = a.household_id AND b.kind = a.kind AND a.id < b.id
     AND (b.person_id = a.person_id OR a.kind = 'micro')
    WHERE a.valid_from < coalesce(b.valid_to, 'infinity') AND b.valid_from < coalesce(a.valid_to, 'infinity')
    UNION ALL
    SELECT c.household_id, 'micro-grid of another group or head' FROM households_contact c
    JOIN households_microgrid g ON g.id = c.micro_grid_id
    WHERE NOT starts_with(c.household_id, g.group_id)
       OR c.valid_to IS NULL AND (c.person_id <> g.head_id OR g.valid_to IS NOT NULL)
    ORDER BY 1
"""


def checked(_month: Month | None) -> Iterator[Checked]:
    """One line: how many contacts contradict their household or each other, and the first of them."""
    wrong = rows(_WRONG)
    told = f"：{len(wrong)} 条，第一条是户 {wrong[0][0]}（{wrong[0][1]}）" if wrong else ""
    yield Checked(f"{'不符' if wrong else '正常'} {LABEL}{told}", holds=not wrong)
