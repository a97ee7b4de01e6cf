"""Where the household scores of a month lie: in a part of their own, in the rest, or in a file."""

from collections.abc import Collection

from django.db.models import QuerySet

from households.months import Month
from households.sql import column
from scoring.models import ArchivedMonth

_IN_REST = """
    WITH RECURSIVE here (month) AS (
        (SELECT month FROM scoring_householdscore_rest ORDER BY month LIMIT 1)
        UNION ALL
        SELECT (SELECT r.month FROM scoring_householdscore_rest r WHERE r.month > here.month ORDER BY r.month LIMIT 1)
        FROM here WHERE here.month IS NOT NULL
    )
    SELECT month FROM here WHERE month IS NOT NULL ORDER BY 1
"""


def archived() -> QuerySet[ArchivedMonth]:
    """Months that are out of the database now."""
    return ArchivedMonth.objects.filter(restored_at__isnull=True)


def is_archived(month: Month) -> bool:
    """Whether the month's household scores lie in a file."""
    return archived().filter(month=month).exists()


def among(months: Collection[Month]) -> list[Month]:
    """Those of the months that are archived, in order."""
    return list(archived().filter(month__in=months).order_by("month").values_list("month", flat=True))


def in_rest() -> list[Month]:
    """Months that wait for a part of their own. Asked of an index: it costs a look a month."""
    return column(_IN_REST)
