"""The integrity check: every invariant of design section 5 and what freezing promises, asked of the live rows.

It reads one moment of the database and repairs nothing. What waits to be computed again is no drift.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from households.codes import Level, county_of, is_code
from households.months import Month, last_day
from households.sql import hash_joins, one_moment, rows, run
from scoring import rules
from scoring.checks.objections import OF_OBJECTIONS
from scoring.checks.points import OF_POINTS
from scoring.checks.scores import ARCHIVED, MAX_ROWS, OF_A_MONTH, Invariant, of_other_rooms
from scoring.models import Period
from scoring.parts.reads import is_archived
from scoring.rankings.rankings import LEVELS, RankingLine, department_ranking, ranking
from scoring.rankings.snapshots import counties_behind
from scoring.rollup.completeness import complete_departments, complete_townships

# Before the moment is chosen: a month that moved to another part between that and the first look would seem empty.
_HELD = "LOCK TABLE scoring_householdscore IN ACCESS SHARE MODE"
RANKS = Invariant("ranks", "名次按精确得分排列，并列同名次", "")


@dataclass(frozen=True, slots=True)
class Drift:
    """One row that breaks an invariant: which one, where, what should be there and what is."""

    name: str
    where: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class CheckFinding:
    """An invariant, the month it was asked of (empty: all time), and the first rows that break it."""

    invariant: Invariant
    month: Month
    drifts: list[Drift]


def verify(month: Month | None = None) -> list[Drift]:
    """Every drift of `month`, or of all months; at most 20 rows of an invariant and month. Empty when all is well."""
    return [drift for finding in examine(month) for drift in finding.drifts]


def examine(month: Month | None = None) -> Iterator[CheckFinding]:
    """Ask every invariant in turn, of one month or of all, of points, and of what other rooms registered."""
    with one_moment():
        run(_HELD)
        for asked in [month] if month else Period.objects.values_list("month", flat=True):
            params = _parameters(asked)
            for invariant in OF_A_MONTH:
                yield CheckFinding(invariant, asked, _broken(invariant, asked, params))
            yield CheckFinding(RANKS, asked, _wrong_ranks(asked)[:MAX_ROWS])
            if params["archived"]:
                yield CheckFinding(ARCHIVED, asked, _broken(ARCHIVED, asked, params))
        for invariant in (*OF_POINTS, *OF_OBJECTIONS, *of_other_rooms()):
            yield CheckFinding(invariant, "", _broken(invariant, "", {}))


def place_in(where: str) -> str:
    """The code in the words that say where a drift is; empty without one, as of a department."""
    found = [word for word in where.replace(":", " ").split() if is_code(word, *Level)]
    return found[-1] if found else ""


def _parameters(month: Month) -> dict[str, object]:
    return {
        "month": month,
        "last_day": last_day(month),
        "behind": counties_behind(month),
        "townships": complete_townships(month, ""),
        "departments": complete_departments(month),
        "archived": is_archived(month),
    }


def _broken(invariant: Invariant, month: Month, params: dict[str, object]) -> list[Drift]:
    with hash_joins():
        found = rows(f"{invariant.sql} LIMIT {MAX_ROWS}", params)
    return [Drift(invariant.name, f"{month} {where}".strip(), expected, was) for where, expected, was in found]


def _wrong_ranks(month: Month) -> list[Drift]:
    """Ranks worked out again from exact fractions: divisions inside their county, counties and departments overall."""
    drifts: list[Drift] = []
    for level in LEVELS:
        arenas: dict[str, list[RankingLine]] = {}
        for line in ranking(month, level):
            arenas.setdefault("" if level is Level.COUNTY else county_of(line.code), []).append(line)
        for lines in arenas.values():
            drifts += _against(month, lines, {line.code: line.result if line.is_final else None for line in lines})
    departments = department_ranking(month)
    return drifts + _against(month, departments, {line.code: line.result for line in departments})


def _against(month: Month, lines: list[RankingLine], results: dict[str, Fraction | None]) -> list[Drift]:
    ranks = rules.rank(results)
    return [
        Drift(RANKS.name, f"{month} {line.code}", f"rank={ranks[line.code]}", f"rank={line.rank}")
        for line in lines
        if line.rank != ranks[line.code]
    ]
