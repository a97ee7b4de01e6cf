"""Setting up a year's fund: its sources and its rules. Money is whole fen."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils import timezone

from households import audit
from households.codes import Level, is_level
from households.models import Department, Division, User
from households.permissions import Permission, may
from households.refusals import Refused
from rewards.awards.engine import Band, Goal
from rewards.models import AwardKind, AwardRule, AwardRun, Fund, FundSource, GoalKind, RuleBand, RuleGoal, RunState
from rewards.money import yuan

MAX_PARTS = 8  # bands or goals of one rule; a letter must be able to say them
_MAX_WANTED = {GoalKind.SIX_ZERO: 10_000, GoalKind.RESULT: 12_000}


@transaction.atomic
def create_fund(*, county: Division, year: int, name: str, by: User) -> Fund:
    """An empty fund of a county's year. Refused when the year has one of that name."""
    name = name.strip()
    if not is_level(county.code, Level.COUNTY) or not 2000 <= year <= 2999 or not name:
        raise Refused("fund_unclear", "资金要有县、年度和名称。", fields={"name": "请填写"})
    try:
        with transaction.atomic():
            fund = Fund.objects.create(county=county, year=year, name=name, created_by=by)
    except IntegrityError as twice:
        raise Refused("fund_exists", f"{year} 年已有“{name}”。", hint="请换一个名称。", status=409) from twice
    audit.record(by, "fund.create", place=county.code, subject=name, year=year)
    return fund


@transaction.atomic
def add_source(
    *, fund: Fund, department: Department, amount_fen: int, document_no: str, note: str = "", by: User
) -> FundSource:
    """Money of a department comes into the fund; a negative amount corrects an earlier one and says why.

    Refused when less would be left than has been allocated.
    """
    holds_key(by, fund)
    document_no, note = document_no.strip(), note.strip()
    if not amount_fen or not document_no:
        raise Refused("source_unclear", "资金来源要有金额和文号。", fields={"document_no": "请填写"})
    if amount_fen < 0 and not note:
        raise Refused("source_needs_reason", "冲减资金来源要写明原因。", fields={"note": "请填写"})
    locked = lock_fund(fund)
    if locked.left_fen + amount_fen < 0:
        raise Refused(
            "fund_below_allocated",
            f"已分配 {yuan(locked.allocated_fen)} 元，冲减后总额不够。",
            hint=f"最多冲减 {yuan(locked.left_fen)} 元。",
            status=409,
        )
    Fund.objects.filter(pk=fund.pk).update(total_fen=F("total_fen") + amount_fen)
    source = FundSource.objects.create(
        fund=fund, department=department, amount_fen=amount_fen, document_no=document_no, note=note, by=by
    )
    audit.record(by, "fund.source", place=fund.county_id, subject=fund.name, department=department.code, fen=amount_fen)
    fund.refresh_from_db()
    return source


def lock_fund(fund: Fund) -> Fund:
    """The fund's row, locked until the transaction ends: whoever allocates or changes rules comes through here."""
    return Fund.objects.select_for_update().get(pk=fund.pk)


def holds_key(by: User, fund: Fund) -> None:
    """Refused unless the person manages the funds of this county."""
    if not may(by, Permission.MANAGE_FUNDS, at=fund.county_id):
        raise Refused("no_key", "只有管资金的人可以做这一步。", status=403)


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as the county wrote it; which of bands, goals and price it needs follows from the kind."""

    kind: AwardKind
    pool_fen: int
    proportional: bool = False
    bands: Sequence[Band] = ()
    goals: Sequence[Goal] = ()
    fen_per_point: int | None = None
    points_most: int | None = None


@transaction.atomic
def set_rule(*, fund: Fund, draft: RuleDraft, by: User) -> AwardRule:
    """The rule of one kind, in place of the one before. Refused once a run by it was confirmed, or while one waits."""
    holds_key(by, fund)
    _check_draft(draft)
    locked = lock_fund(fund)
    _check_not_used(locked, draft.kind)
    _check_pools(locked, draft)
    AwardRule.objects.filter(fund=fund, kind=draft.kind, replaced_at=None).update(replaced_at=timezone.now())
    rule = AwardRule.objects.create(
        fund=fund,
        kind=draft.kind,
        pool_fen=draft.pool_fen,
        proportional=draft.proportional,
        fen_per_point=draft.fen_per_point,
        points_most=draft.points_most,
        made_by=by,
    )
    for band in draft.bands:
        RuleBand.objects.create(rule=rule, from_rank=band.from_rank, to_rank=band.to_rank, amount_fen=band.amount_fen)
    for goal in draft.goals:
        RuleGoal.objects.create(
            rule=rule, what=goal.what, at_least=goal.at_least, every_month=goal.every_month, amount_fen=goal.amount_fen
        )
    audit.record(by, "fund.rule", place=fund.county_id, subject=fund.name, kind=draft.kind.label, fen=draft.pool_fen)
    return rule


def _check_not_used(fund: Fund, kind: AwardKind) -> None:
    runs = AwardRun.objects.filter(fund=fund, kind=kind)
    if runs.filter(state=RunState.CONFIRMED).exists():
        raise Refused("rule_used", f"{kind.label}已按现在的规则确认过，规则不能再改。", status=409)
    if runs.filter(state=RunState.PREVIEWED).exists():
        raise Refused(
            "rule_waiting", f"{kind.label}有一次测算等人确认。", hint="请先确认或作废，再改规则。", status=409
        )


def _check_pools(fund: Fund, draft: RuleDraft) -> None:
    others = AwardRule.objects.filter(fund=fund, replaced_at=None).exclude(kind=draft.kind)
    free = fund.total_fen - (others.aggregate(pools=Sum("pool_fen"))["pools"] or 0)
    if draft.pool_fen > free:
        raise Refused(
            "pools_exceed_fund",
            f"各项总额之和会超过资金总额 {yuan(fund.total_fen)} 元。",
            hint=f"本项最多 {yuan(max(free, 0))} 元，或先增加资金来源。",
            fields={"pool": "太多"},
        )


def _check_draft(draft: RuleDraft) -> None:
    """Each kind has what it pays by, and nothing else."""
    wanted = {
        "bands": draft.kind.by_rank,
        "goals": draft.kind is AwardKind.GOAL,
        "points": draft.kind is AwardKind.POINTS,
    }
    given = {
        "bands": bool(draft.bands),
        "goals": bool(draft.goals),
        "points": bool(draft.fen_per_point and draft.points_most),
    }
    if wanted != given or draft.pool_fen <= 0:
        needs = {"bands": "名次档", "goals": "目标", "points": "每分折合金额和每村最多积分"}
        needed = next(needs[part] for part, needed in wanted.items() if needed)
        raise Refused("rule_incomplete", f"{draft.kind.label}要有大于 0 的总额和{needed}。", fields={"pool": "请核对"})
    if max(len(draft.bands), len(draft.goals)) > MAX_PARTS:
        raise Refused("rule_too_long", f"一条规则最多 {MAX_PARTS} 档或 {MAX_PARTS} 个目标。")
    _check_bands(sorted(draft.bands, key=lambda band: band.from_rank))
    _check_goals(draft.goals)


def _check_bands(bands: Sequence[Band]) -> None:
    last = 0
    for band in bands:
        if not last < band.from_rank <= band.to_rank or band.amount_fen <= 0:
            raise Refused(
                "bands_overlap",
                f"第 {band.from_rank} 至 {band.to_rank} 名这一档不对。",
                hint="每档从小到大写，不能重叠，金额要大于 0。",
            )
        last = band.to_rank


def _check_goals(goals: Sequence[Goal]) -> None:
    for goal in goals:
        if not 0 < goal.at_least <= _MAX_WANTED[GoalKind(goal.what)] or goal.amount_fen <= 0:
            raise Refused("goal_unreachable", "目标要在 0 到 100%（得分 0 到 120）之间，金额要大于 0。")
    if len({(goal.what, goal.at_least, goal.every_month) for goal in goals}) < len(goals):
        raise Refused("goal_twice", "同一个目标写了两次。")
