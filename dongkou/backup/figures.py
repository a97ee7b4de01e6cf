"""What the database says of itself, to be held against a copy of it: rows that only grow, results that stand, published roots."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Max
from django.db.models.functions import Length
from django.utils import timezone

from households.sql import rows
from scoring.ledger import roots
from scoring.models import DailyRoot, DivisionScore, RankingSnapshot

GROWING = (
    "households_auditevent",
    "households_household",
    "households_trail",
    "petitions_petition",
    "rewards_redemption",
    "scoring_declaration",
    "scoring_pointentry",
    "scoring_scoreevent",
)
_COUNTY_LENGTH = 6
NAMES = {"rows": "行数", "snapshots": "排名存档", "totals": "已锁定的月份"}


def figures() -> dict[str, Any]:
    """As JSON: `rows` by table, `snapshots` digest by ranking, `totals` [households, points] by frozen month and county,
    `roots` the newest published list of each county, `schema` the digest of all migrations.
    """
    return {
        "at": timezone.now().isoformat(timespec="seconds"),
        "schema": _schema(),
        "rows": {table: rows(f"SELECT count(*) FROM {table}", {})[0][0] for table in GROWING},
        "snapshots": {str(kept): kept.digest for kept in RankingSnapshot.objects.defer("body")},
        "totals": _totals(),
        "roots": [roots.as_json(daily, roots.named_lines(daily)) for daily in _newest_roots()],
    }


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What a restored database lacks of what stood there before the copy was made, a sentence each. Later rows may be there."""
    for table, count in before["rows"].items():
        if after["rows"].get(table, 0) < count:
            yield f"{table} 备份前 {count} 行，恢复后 {after['rows'].get(table, 0)} 行"
    for part in ("snapshots", "totals"):
        for name, known in before[part].items():
            if after[part].get(name) != known:
                yield f"{NAMES[part]} {name} 备份前 {known}，恢复后 {after[part].get(name, '没有')}"
    if before["schema"] != after["schema"]:
        yield "恢复后的数据库是另一个版本的"


def _totals() -> dict[str, list[int]]:
    frozen = RankingSnapshot.objects.filter(level="county").values_list("month", flat=True)
    counties = DivisionScore.objects.annotate(signs=Length("code")).filter(month__in=frozen, signs=_COUNTY_LENGTH)
    lines = counties.order_by("month", "code")
    return {f"{line.month} {line.code}": [line.households, line.total] for line in lines}


def _newest_roots() -> Iterator[DailyRoot]:
    for line in DailyRoot.objects.values("county").annotate(day=Max("day")).order_by("county"):
        yield DailyRoot.objects.get(**line)


def _schema() -> str:
    done = [f"{app}.{name}" for app, name in rows("SELECT app, name FROM django_migrations ORDER BY app, name", {})]
    return hashlib.sha256("\n".join(done).encode()).hexdigest()
