"""What must hold of changes of places, as `manage.py verify` asks it. Repairs nothing."""

from collections.abc import Iterator

from django.utils import timezone

from households.house.checks import Checked
from households.models import sql_living
from households.months import Month
from households.sql import column

LABEL = "区划调整后每户只在一处，停用的区划下没有户"
# A place that ended by an order that stands is over from its day on and goes on where the order says; one that began by it
# stands since then. Nobody is on the register of a place that is over, and no household lives on under two codes.
_BROKEN = f"""
    WITH orders AS (SELECT * FROM households_borderorder WHERE undone_at IS NULL)
    SELECT l.old_id FROM households_borderline l JOIN orders o ON o.id = l.order_id JOIN households_division d ON d.code = l.old_id
    WHERE l.kind IN ('move', 'merge') AND d.valid_to IS DISTINCT FROM o.counts_from
    UNION
    SELECT l.new_id FROM households_borderline l JOIN orders o ON o.id = l.order_id JOIN households_division d ON d.code = l.new_id
    WHERE l.kind IN ('new', 'split') AND d.valid_from IS DISTINCT FROM o.counts_from
       OR d.valid_from > o.counts_from OR d.valid_to < o.counts_from
    UNION
    SELECT h.code FROM households_household h JOIN households_division d ON d.code = h.group_id
    WHERE d.valid_to <= %(today)s AND {sql_living("h", "%(today)s")}
    UNION
    SELECT c.household_id FROM households_householdchange c JOIN orders o ON o.id = c.order_id
    JOIN households_household h ON h.code = c.household_id JOIN households_household n ON n.code = c.other_id
    WHERE h.valid_to IS DISTINCT FROM o.counts_from OR n.valid_from IS DISTINCT FROM o.counts_from
    ORDER BY 1
"""


def checked(_month: Month | None) -> Iterator[Checked]:
    """One line; the register knows no months."""
    wrong = column(_BROKEN, {"today": timezone.localdate()})
    told = f"：{len(wrong)} 处对不上，第一处是 {wrong[0]}" if wrong else ""
    yield Checked(f"{'不符' if wrong else '正常'} {LABEL}{told}", holds=not wrong)
