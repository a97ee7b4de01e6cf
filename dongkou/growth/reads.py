"""How the database grows, by table."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.apps import apps
from django.utils import timezone

from dongkou.growth.measuring import measured
from dongkou.growth.rules import MONTH, grown_per_day
from dongkou.models import TableSize

COLUMNS = {
    "name": "表",
    "label": "内容",
    "rows": "行数（约）",
    "bytes": "字节",
    "since_yesterday": "比昨天多（字节）",
    "a_month": "每月多（字节）",
}


@dataclass(frozen=True, slots=True)
class TableGrowth:
    """Sizes in bytes. What was not measured a day, or a week, ago is None."""

    name: str
    label: str
    rows: int
    bytes: int
    since_yesterday: int | None
    a_month: int | None

    def as_row(self) -> dict[str, object]:
        """By `COLUMNS`."""
        return {column: getattr(self, column) for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class DatabaseGrowth:
    """All tables, the largest first, and the whole."""

    tables: list[TableGrowth]
    whole: TableGrowth


def growth(today: date | None = None) -> DatabaseGrowth:
    """As it is now, against what was kept."""
    day = today or timezone.localdate()
    since = TableSize.objects.filter(day__range=(day - timedelta(MONTH + 1), day - timedelta(1)))
    kept: dict[str, dict[date, int]] = defaultdict(dict)
    for name, at, size in since.values_list("name", "day", "bytes"):
        kept[name][at] = size
    found = [_one(name, number, size, kept[name], day) for name, (number, size) in measured().items()]
    tables = sorted((one for one in found if one.name), key=lambda one: (-one.bytes, one.name))
    return DatabaseGrowth(tables, next(one for one in found if not one.name))


def _one(name: str, number: int, size: int, kept: dict[date, int], day: date) -> TableGrowth:
    before, daily = kept.get(day - timedelta(1)), grown_per_day(kept, day, size)
    since_yesterday = None if before is None else size - before
    return TableGrowth(
        name, _labels().get(name, name), number, size, since_yesterday, None if daily is None else round(daily * MONTH)
    )


@cache
def _labels() -> dict[str, str]:
    return {model._meta.db_table: str(model._meta.verbose_name) for model in apps.get_models()}


def grown_a_day(today: date | None = None) -> float | None:
    """Bytes by which the whole database grows a day; None while nobody knows."""
    a_month = growth(today).whole.a_month
    return None if a_month is None else a_month / MONTH
