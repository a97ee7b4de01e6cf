"""Working out awards with two keys: one person previews, another confirms exactly that, and the fund pays for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from households import audit
from households.accounts.hands import check_key
from households.inbox.actions import post_of, tell
from households.models import User
from households.months import Month
from households.refusals import Refused
from rewards.awards import basis, engine
from rewards.awards.actions.funds import holds_key, lock_fund
from rewards.awards.actions.telling import tell_places
from rewards.models import Award, AwardKind, AwardLine, AwardRule, AwardRun, Fund, RunState
from rewards.money import yuan
from scoring.ledger import door as ledger
from scoring.models import OwnerKind


@dataclass(frozen=True, slots=True)
class Working:
    """A rule worked out now: what was read, a line for everybody, the digest of all that."""

    basis: basis.Basis
    lines: list[engine.Allotment]
    digest: str

    @property
    def total_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)


def work_out(fund: Fund, rule: AwardRule, first: Month, last: Month) -> Working:
    """The awards by `rule` over the months, from what is archived now; writes nothing.

    Refused when a month is not published, or when the pool is too small and the rule does not share it in proportion.
    """
    read = basis.read(fund, AwardKind(rule.kind), first, last)
    by = basis.rules_of(rule, pool_left(fund, rule))
    try:
        lines = engine.award(read.competitors, by)
    except engine.PoolTooSmall as short:
        raise Refused(
            "pool_too_small",
            f"按规则要 {yuan(short.asked_fen)} 元，本项只剩 {yuan(by.pool_fen)} 元，差 {yuan(short.missing_fen)} 元。",
            hint="请增加本项总额、减少金额，或在规则里选择按比例压缩。",
        ) from short
    return Working(read, lines, basis.digest_of(rule, by, read, lines))


def pool_left(fund: Fund, rule: AwardRule) -> int:
    """What this rule may still give: its pool less what earlier runs gave, and never more than the fund has left."""
    given = Award.objects.filter(fund=fund, kind=rule.kind).aggregate(
        fen=Sum(F("amount_fen") - F("withdrawn_fen"), default=0)
    )
    return max(0, min(rule.pool_fen - given["fen"], fund.left_fen))


@transaction.atomic
def preview(*, fund: Fund, kind: AwardKind, first: Month, last: Month, by: User) -> AwardRun:
    """Work a rule out and keep what it says for a second person to confirm."""
    holds_key(by, fund)
    fund = lock_fund(fund)
    rule = AwardRule.objects.filter(fund=fund, kind=kind, replaced_at=None).first()
    if rule is None:
        raise Refused("no_rule", f"{kind.label}还没有规则。", hint="请先写好规则。")
    _check_nothing_waits(fund, kind)
    _check_not_awarded(fund, kind, basis.wanted_months(first, last))
    working = work_out(fund, rule, first, last)
    run = AwardRun.objects.create(
        fund=fund,
        rule=rule,
        kind=kind,
        months=working.basis.months,
        versions=working.basis.versions,
        total_fen=working.total_fen,
        digest=working.digest,
        proposed_by=by,
    )
    _write_lines(run, working.lines)
    audit.record(by, "award.preview", place=fund.county_id, subject=run.pk, kind=kind.label, fen=run.total_fen)
    return run


def _write_lines(run: AwardRun, lines: Sequence[engine.Allotment]) -> None:
    AwardLine.objects.bulk_create(
        AwardLine(
            run=run,
            division_id=line.code,
            rank=line.rank,
            households=line.households,
            total=line.total,
            six_zero=line.six_zero,
            points=line.points,
            amount_fen=line.amount_fen,
            reason=line.reason,
        )
        for line in lines
    )


@transaction.atomic
def confirm(*, run: AwardRun, seen: str, by: User) -> list[Award]:
    """The second key: exactly the lines that both saw become awards, the fund pays, villages' points are spent.

    `seen` is the digest on the page. Refused (409) when the run has ended, or when the same rule gives something else now.
    """
    fund = lock_fund(run.fund)
    holds_key(by, fund)
    run = AwardRun.objects.select_for_update().get(pk=run.pk)
    _check_confirmable(run, seen, by)
    _check_not_awarded(fund, AwardKind(run.kind), run.months)
    _check_unmoved(fund, run)
    _allocate(fund, run)
    AwardRun.objects.filter(pk=run.pk).update(state=RunState.CONFIRMED, confirmed_by=by, confirmed_at=timezone.now())
    given = _give(fund, run)
    _spend_points(given)
    tell_places("award.given", given, key=run.pk)
    _tell_proposer(run, RunState.CONFIRMED)
    audit.record(
        by, "award.confirm", place=fund.county_id, subject=run.pk, kind=run.get_kind_display(), fen=run.total_fen
    )
    return given


def _tell_proposer(run: AwardRun, state: RunState) -> None:
    tell("award.run", key=run.pk, to=[post_of(run.proposed_by)], about=[run.pk, run.kind, state.value])


def _check_confirmable(run: AwardRun, seen: str, by: User) -> None:
    if run.state != RunState.PREVIEWED:
        raise Refused("run_ended", f"这次测算{run.get_state_display()}，不能再确认。", status=409)
    if run.proposed_by_id == by.pk:
        raise Refused("same_person", "测算和确认要由两个人做。", hint="请另一位管资金的人确认。")
    check_key(by, run.proposed_by)
    if seen != run.digest:
        raise Refused("page_moved", "页面上的名单不是现在这一份。", hint="请重新打开，看过再确认。", status=409)


def _check_unmoved(fund: Fund, run: AwardRun) -> None:
    """The same rule over the same months must say the same now."""
    try:
        same = run.rule.replaced_at is None and _again(fund, run).digest == run.digest
    except Refused:
        same = False
    if not same:
        raise Refused(
            "basis_moved",
            "测算以后依据变了（排名重算过、积分动过或资金变了），名单不再对。",
            hint="请作废这次测算，重新测算。",
            status=409,
        )


def _again(fund: Fund, run: AwardRun) -> Working:
    return work_out(fund, run.rule, run.months[0], run.months[-1])


def _allocate(fund: Fund, run: AwardRun) -> None:
    enough = Fund.objects.filter(pk=fund.pk, allocated_fen__lte=F("total_fen") - run.total_fen)
    if not run.total_fen:
        raise Refused("nothing_to_give", "名单上没有人得奖，不用确认。", hint="请作废这次测算。")
    if not enough.update(allocated_fen=F("allocated_fen") + run.total_fen):
        raise Refused("fund_too_small", f"资金只剩 {yuan(fund.left_fen)} 元。", hint="请先增加资金来源。", status=409)


def _give(fund: Fund, run: AwardRun) -> list[Award]:
    lines = run.lines.filter(amount_fen__gt=0).order_by("rank", "division")
    given = [
        Award(
            run=run,
            line=line,
            fund=fund,
            division_id=line.division_id,
            kind=run.kind,
            rank=line.rank or 0,
            reason=line.reason,
            points=line.points,
            amount_fen=line.amount_fen,
            letter_no=f"六零奖〔{fund.year}〕{run.pk}-{number:03d}号",
        )
        for number, line in enumerate(lines, start=1)
    ]
    return Award.objects.bulk_create(given)


def _spend_points(given: Sequence[Award]) -> None:
    """In the order of codes: ledger heads are locked last, and always in one order."""
    for award in sorted((award for award in given if award.points), key=lambda award: award.division_id):
        ledger.spend_now(
            ledger.Owner(OwnerKind.DIVISION, award.division_id),
            award.points,
            key=points_key(award),
            text=f"换{award.get_kind_display()} {yuan(award.amount_fen)} 元（{award.letter_no}）",
        )


def points_key(award: Award) -> str:
    """The ledger's key of what an award cost in points."""
    return f"award:{award.pk}"


@transaction.atomic
def discard(*, run: AwardRun, reason: str, by: User) -> None:
    """Give a waiting run up. One person is enough: nothing was given yet."""
    reason = reason.strip()
    if not reason:
        raise Refused("reason_missing", "作废要写原因。", fields={"reason": "请填写"})
    holds_key(by, run.fund)
    ended = {"state": RunState.DISCARDED, "discarded_by": by, "discarded_at": timezone.now(), "discard_reason": reason}
    if not AwardRun.objects.filter(pk=run.pk, state=RunState.PREVIEWED).update(**ended):
        raise Refused("run_ended", "这次测算已经确认或作废。", status=409)
    _tell_proposer(run, RunState.DISCARDED)
    audit.record(by, "award.discard", place=run.fund.county_id, subject=run.pk, reason=reason)


def _check_nothing_waits(fund: Fund, kind: AwardKind) -> None:
    if AwardRun.objects.filter(fund=fund, kind=kind, state=RunState.PREVIEWED).exists():
        raise Refused("run_waits", f"{kind.label}已有一次测算等人确认。", hint="请先确认或作废。", status=409)


def _check_not_awarded(fund: Fund, kind: AwardKind, months: Sequence[Month]) -> None:
    before = AwardRun.objects.filter(fund=fund, kind=kind, state=RunState.CONFIRMED, months__overlap=list(months))
    if before.exists():
        raise Refused("months_awarded", f"这些月份里有的已经发过{kind.label}。", hint="请换依据月份。", status=409)
