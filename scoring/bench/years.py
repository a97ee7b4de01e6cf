"""What ten years behind a month cost the roll-up of one changed village: nothing, for each month lies by itself."""

import statistics
from collections import defaultdict

from households.months import Month, shift
from households.sql import run
from scoring.bench.jobs import GROWTH, ONE_VILLAGE, change
from scoring.bench.results import Result, took
from scoring.bench.stage import Stage
from scoring.rollup import rollup

YEAR, TEN_YEARS = 12, 120  # months
TURNS = 3
MAX_FILLED = 20_000  # households filled in each month before: two and a half million rows, where a whole county has 28
_HOUSEHOLDS = """
    INSERT INTO scoring_householdscore (month, code, score, bonus, broken)
    SELECT %(before)s, code, score, bonus, broken FROM scoring_householdscore WHERE month = %(month)s ORDER BY code LIMIT %(most)s
"""
_DIVISIONS = """
    INSERT INTO scoring_divisionscore (month, code, active, households, total, adjustment, six_zero, events, as_of)
    SELECT %(before)s, code, active, households, total, adjustment, six_zero, events, as_of
    FROM scoring_divisionscore WHERE month = %(month)s
"""


def years_job(stage: Stage, month: Month) -> Result:
    """One village's change rolled up with a year behind it, and with ten, in turn: a busy minute meets both."""
    stage.copy("year", of="declared")
    run("SELECT scoring_give_part(%s)", [month])
    rollup.roll_up(month)
    _fill(month, 1, YEAR)
    stage.copy("years", of="year")
    _fill(month, YEAR, TEN_YEARS)
    times = defaultdict[str, list[float]](list)
    for name in ("year", "years") * TURNS:
        stage.enter(name)
        times[name].append(change(month))
    one, ten = (statistics.median(times[name]) for name in ("year", "years"))
    return Result(
        f"一个村有变化（前面有 {TEN_YEARS} 个月）",
        took(ten),
        f"{took(one)} {YEAR} 个月时",
        f"{ten / one:.2f}",
        f"≤ {GROWTH}，≤ 50 ms",
        ten <= ONE_VILLAGE and ten / one <= GROWTH,
    )


def _fill(month: Month, since: int, until: int) -> None:
    """The months so many before, each in a part of its own."""
    for number in range(since, until):
        before = shift(month, -number)
        run("SELECT scoring_give_part(%s)", [before])
        for sql in (_HOUSEHOLDS, _DIVISIONS):
            run(sql, {"before": before, "month": month, "most": MAX_FILLED})
    run("ANALYZE scoring_householdscore, scoring_divisionscore")
