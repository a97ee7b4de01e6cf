"""What must hold of the register's changes, as `manage.py verify` asks it. Repairs nothing."""

from collections.abc import Iterator

from households.house.checks import Checked
from households.months import Month
from households.sql import column

LABEL = "户籍变更前后相接，每户不重不漏"
_LAST = """
    last AS (
        SELECT DISTINCT ON (household_id) household_id AS code, kind, other_id, counts_from FROM households_householdchange
        WHERE kind IN ('merge', 'move', 'close', 'reopen') ORDER BY household_id, id DESC
    )
"""
# Who left by a change is off the register from that day on, who came back is on it; whoever went on elsewhere, goes on there
# from that very day; and nobody was away before they came or after they left.
_BROKEN = f"""
    WITH {_LAST}
    SELECT h.code FROM households_household h JOIN last l USING (code)
    WHERE h.valid_to IS DISTINCT FROM CASE WHEN l.kind <> 'reopen' THEN l.counts_from END
    UNION
    SELECT l.code FROM last l JOIN households_household o ON o.code = l.other_id
    WHERE l.kind = 'move' AND o.valid_from IS DISTINCT FROM l.counts_from
       OR l.kind = 'merge' AND (o.valid_from > l.counts_from OR o.valid_to < l.counts_from
                                OR EXISTS (SELECT FROM unnest(o.gaps) AS gap
                                           WHERE l.counts_from <@ gap AND lower(gap) < l.counts_from))
    UNION
    SELECT h.code FROM households_household h, unnest(h.gaps) AS gap
    WHERE lower(gap) < h.valid_from OR upper(gap) > h.valid_to OR isempty(gap)
    ORDER BY 1
"""


def checked(_month: Month | None) -> Iterator[Checked]:
    """One line; the register knows no months."""
    wrong = column(_BROKEN)
    told = f"：{len(wrong)} 户对不上，第一户是 {wrong[0]}" if wrong else ""
    yield Checked(f"{'不符' if wrong else '正常'} {LABEL}{told}", holds=not wrong)
