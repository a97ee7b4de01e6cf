"""What a province's node brings to the house: its entry, and what `verify` asks about its lines."""

from collections.abc import Iterator

from django.conf import settings

from dongkou.province.summing import moved_months
from households.house.checks import Checked
from households.house.navigation import NavigationEntry
from households.models import User
from households.months import Month
from households.sql import rows

# A county's lines against each other: each is what those below it come to, and what stands against the place itself.
_UNEQUAL = """
    SELECT p.month, p.code
    FROM scoring_divisionscore p
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(c.active), 0) AS active, coalesce(sum(c.households), 0) AS households,
               coalesce(sum(c.total), 0) AS total, coalesce(sum(c.six_zero), 0) AS six_zero
        FROM scoring_divisionscore c
        WHERE c.month = p.month AND length(c.code) = length(p.code) + 3 AND c.code >= p.code AND c.code < p.code || ':'
    ) below
    WHERE length(p.code) IN (6, 9) AND (%(month)s = '' OR p.month = %(month)s)
      AND (p.active, p.households, p.six_zero, p.total)
          IS DISTINCT FROM (below.active, below.households, below.six_zero, below.total + p.households * p.adjustment)
    ORDER BY 1, 2 LIMIT 1
"""


def entries(_user: User, _month: Month) -> Iterator[NavigationEntry]:
    """全省."""
    if settings.PROVINCE:
        yield NavigationEntry(2, settings.PROVINCE_NAME, "map-2", ("province", "province-month"))


def checked(month: Month | None) -> Iterator[Checked]:
    """On a node: every line is what those below it come to."""
    if not settings.PROVINCE:
        return
    what = "省、县、乡镇的得分等于下一级之和（province_sums）"
    wrong = [(one, settings.PROVINCE) for one in moved_months() if month in (None, one)]
    wrong += rows(_UNEQUAL, {"month": month or ""})
    if wrong:
        yield Checked(f"不符 {what}：{wrong[0][0]} {wrong[0][1]}", holds=False)
    else:
        yield Checked(f"正常 {what}", holds=True)
