"""The demo's fund: CNY 50 million of a year, merged from departments' money, and the three kinds of awards it pays.

The sum and the three pools are those that the county reported of 2022: 综合奖 4.08 m, 目标实现奖 7.345 m, 积分换项目奖
38.57 m; the departments' parts, the rank bands, the goals and the price of a point are made up.
"""

from collections.abc import Sequence

from households.models import Department, Division, User
from households.months import Month
from rewards.awards.actions.funds import RuleDraft, add_source, create_fund, set_rule
from rewards.awards.actions.runs import confirm, preview
from rewards.awards.engine import Band, Goal
from rewards.demo.fitting import fitted
from rewards.models import AwardKind, Fund, GoalKind

FEN = 100
MILLION = 1_000_000 * FEN
SOURCES = (
    ("县农业农村局", 14 * MILLION),
    ("县水利局", 11 * MILLION),
    ("县交通运输局", 10 * MILLION),
    ("县乡村振兴服务中心", 8 * MILLION),
    ("县财政局", 5 * MILLION),
    ("县民政局", 2 * MILLION),
)
RANKED = RuleDraft(
    AwardKind.COMPREHENSIVE,
    pool_fen=4_080_000 * FEN,
    bands=[Band(1, 10, 100_000 * FEN), Band(11, 30, 60_000 * FEN), Band(31, 77, 40_000 * FEN)],
    proportional=True,  # villages that share a rank at the edge of a band are paid alike
)
REACHED = RuleDraft(
    AwardKind.GOAL,
    pool_fen=7_345_000 * FEN,
    goals=[
        Goal(GoalKind.SIX_ZERO, 9_500, every_month=False, amount_fen=8_000 * FEN),
        Goal(GoalKind.SIX_ZERO, 10_000, every_month=True, amount_fen=5_000 * FEN),
        Goal(GoalKind.RESULT, 10_050, every_month=False, amount_fen=3_000 * FEN),
    ],
    proportional=True,
)
PRICED = RuleDraft(
    AwardKind.POINTS, pool_fen=38_570_000 * FEN, fen_per_point=500 * FEN, points_most=250, proportional=True
)


def fill(county: Division, year: int, office: User) -> Fund:
    """The year's fund with its sources."""
    fund = create_fund(county=county, year=year, name="“六零”积分奖励资金", by=office)
    departments = {department.name: department for department in Department.objects.all()}
    for number, (name, fen) in enumerate(SOURCES, 1):
        document = f"洞财整合〔{year}〕{number}号"
        add_source(fund=fund, department=departments[name], amount_fen=fen, document_no=document, by=office)
    return fund


def award(fund: Fund, months: Sequence[Month], keys: Sequence[User]) -> int:
    """Every kind's rule, fitted to its pool, and worked out over the months by the first key.

    All but 目标实现奖, which is left for visitors, are given by the second.
    Returns how many awards were given: none where a demo of an earlier version has one person in the county office.
    """
    given = 0
    for draft in (RANKED, PRICED, REACHED):
        kind = draft.kind
        set_rule(fund=fund, draft=fitted(fund, draft, months), by=keys[0])
        run = preview(fund=fund, kind=kind, first=months[0], last=months[-1], by=keys[0])
        if kind is not AwardKind.GOAL and len(keys) > 1:
            given += len(confirm(run=run, seen=run.digest, by=keys[1]))
    return given
