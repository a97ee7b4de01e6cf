"""The size of each table, measured now, and kept once a day: a row a day for two months, then the first of each month."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from dongkou.models import TableSize
from households.sql import rows

KEPT_DAILY = timedelta(days=62)
KEPT = timedelta(days=5 * 366)
WHOLE = ""  # by which the whole database is kept among its tables
# A partitioned table is one, whatever its parts; rows as the planner last estimated them.
_NOW = """
    SELECT whole.relname, sum(greatest(c.reltuples, 0))::bigint, sum(pg_total_relation_size(c.oid))::bigint
    FROM pg_class c JOIN pg_class whole ON whole.oid = coalesce(pg_partition_root(c.oid), c.oid)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'm')
    GROUP BY whole.relname
    UNION ALL SELECT '', 0, pg_database_size(current_database())
"""


def measured() -> dict[str, tuple[int, int]]:
    """Rows and bytes by table, indexes and what is stored aside included; the whole database under the empty name."""
    return {name: (number, size) for name, number, size in rows(_NOW)}


@transaction.atomic
def measure(today: date | None = None) -> dict[str, int]:
    """Keep today's sizes; measured again, the later ones stand. Figures: how many tables."""
    day = today or timezone.localdate()
    found = measured()
    TableSize.objects.bulk_create(
        [TableSize(day=day, name=name, rows=number, bytes=size) for name, (number, size) in found.items()],
        update_conflicts=True,
        unique_fields=["day", "name"],
        update_fields=["rows", "bytes"],
    )
    TableSize.objects.filter(day__lt=day - KEPT_DAILY).exclude(day__day=1).delete()
    TableSize.objects.filter(day__lt=day - KEPT).delete()
    return {"measured": len(found) - 1}
