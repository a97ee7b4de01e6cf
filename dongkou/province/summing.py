"""The sixth level: the province's line of a month, from its counties' lines, by the statement that makes every other level."""

from django.conf import settings
from django.db import transaction

from households.codes import Level, code_range
from households.months import last_day
from households.sql import column, hash_joins, run
from scoring.rollup.rollup import lock_place
from scoring.rollup.statements import PARENTS

DIGITS = 2
_SUMS = "active, households, total, six_zero, events"
# Months whose line is not the sum of the counties'. Nobody's clock has a say in it, and no message can be lost.
_MOVED = f"""
    SELECT m.month
    FROM (SELECT min(month) AS first, max(month) AS last FROM scoring_divisionscore) known
    CROSS JOIN LATERAL (
        SELECT to_char(day, 'YYYY-MM') AS month
        FROM generate_series((known.first || '-01')::date, (known.last || '-01')::date, interval '1 month') AS day
    ) m
    LEFT JOIN scoring_divisionscore p ON p.month = m.month AND p.code = %(province)s
    CROSS JOIN LATERAL (
        SELECT {", ".join(f"coalesce(sum({name}), 0) AS {name}" for name in _SUMS.split(", "))}
        FROM scoring_divisionscore c
        WHERE c.month = m.month AND length(c.code) = {Level.COUNTY.code_length} AND c.code >= %(low)s AND c.code < %(high)s
    ) s
    WHERE ({", ".join(f"coalesce(p.{name}, 0)" for name in _SUMS.split(", "))})
          IS DISTINCT FROM ({", ".join(f"s.{name}" for name in _SUMS.split(", "))})
    ORDER BY 1
"""


def moved_months() -> list[str]:
    """Months in which the province's line is not what its counties' lines come to."""
    place = settings.PROVINCE
    return column(_MOVED, {"province": place, **code_range(place)._asdict()})


def sum_up() -> list[str]:
    """Bring every such month's line up to date; returns them. Harmless at any time and by several at once."""
    if not settings.PROVINCE:
        return []
    months = moved_months()
    for month in months:
        _sum_up(month)
    return months


@transaction.atomic
def _sum_up(month: str) -> None:
    place = settings.PROVINCE
    lock_place(month, place)
    wanted = {"month": month, "last_day": last_day(month), **code_range(place)._asdict()}
    with hash_joins():
        run(PARENTS, wanted | {"level": DIGITS, "child": Level.COUNTY.code_length})
