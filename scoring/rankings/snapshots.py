"""Ranking snapshots: the bytes of a ranking as it stood when its month was frozen, readable for ever."""

import hashlib
import json
from collections.abc import Callable
from typing import TypedDict

from django.db.models import Max

from households.codes import Level
from households.sql import column
from scoring.models import RankingSnapshot
from scoring.rankings.rankings import RankingLine, department_ranking, ranking

_BEHIND = """
    SELECT DISTINCT left(s.village_id, 6) AS county FROM scoring_sheet s
    WHERE s.period_id = %(month)s AND s.state = 'frozen' AND s.archived_in IS NULL
    ORDER BY 1
"""
DEPARTMENTS = "department"
LEVELS: tuple[str, ...] = (Level.GROUP, Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY, DEPARTMENTS)


class AgreedLine(TypedDict):
    """What every ranking says of a place, archived or not: integers exactly, coverage and result as they are shown."""

    code: str
    name: str
    households: int
    coverage: str
    total: int
    result: str
    six_zero_households: int
    rank: int | None
    previous_rank: int | None


def line_as_dict(line: RankingLine) -> AgreedLine:
    """One line as it is archived and exported: integers exactly, result with two decimals, coverage with four."""
    return {
        "code": line.code,
        "name": line.name,
        "households": line.households,
        "coverage": str(line.coverage),
        "total": line.total,
        "result": line.shown_result,
        "six_zero_households": line.six_zero,
        "rank": line.rank,
        "previous_rank": line.previous_rank,
    }


def body_of(month: str, level: str, county: str) -> str:
    """The canonical JSON of a ranking: one line a division, keys sorted, so equal rankings have equal bytes."""
    lines = department_ranking(month) if level == DEPARTMENTS else ranking(month, Level(level), within=county)
    rows = [json.dumps(line_as_dict(line), ensure_ascii=False, sort_keys=True) for line in lines]
    return "[" + ",\n".join(rows) + "]"


def counties_behind(month: str) -> list[str]:
    """Counties with frozen villages that no archived ranking covers: freezing has not finished there."""
    return column(_BEHIND, {"month": month})


Follow = Callable[[int], None]  # told the version that was kept
_following: list[Callable[[str, str], Follow]] = []


def register(look: Callable[[str, str], Follow]) -> None:
    """Have a room look at its own before a county's month is kept again, and follow once it is."""
    _following.append(look)


def keep(month: str, county: str, *, reason: str) -> list[RankingSnapshot]:
    """Keep every level's ranking of a county as its next version. Earlier versions stay as they are."""
    follow = [look(month, county) for look in _following]
    versions = RankingSnapshot.objects.filter(month=month, within=county).aggregate(Max("version", default=0))
    version = versions["version__max"] + 1
    archived = [
        RankingSnapshot(
            month=month,
            level=level,
            within=county,
            version=version,
            reason=reason,
            body=(body := body_of(month, level, county)),
            digest=hashlib.sha256(body.encode()).hexdigest(),
        )
        for level in LEVELS
    ]
    kept = RankingSnapshot.objects.bulk_create(archived)
    for told in follow:
        told(version)
    return kept
