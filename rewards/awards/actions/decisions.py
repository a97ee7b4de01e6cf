"""What becomes of awards whose basis was restated: the county keeps, reduces or withdraws them, with two keys."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from households import audit
from households.accounts.hands import check_key
from households.models import User
from households.refusals import Refused
from rewards.awards.actions.funds import holds_key, lock_fund
from rewards.awards.actions.runs import points_key
from rewards.awards.actions.telling import tell_places
from rewards.awards.basis import latest_versions
from rewards.awards.suspension import moved_since, suspended_among
from rewards.models import Award, AwardDecision, AwardReview, AwardRun, Choice, Fund, RunState
from rewards.money import yuan
from scoring.ledger import door as ledger


@dataclass(frozen=True, slots=True)
class Wish:
    """What one person proposes for an award; `amount_fen` is what it is worth afterwards, for `reduce` alone."""

    choice: Choice
    amount_fen: int = 0


@transaction.atomic
def propose(*, run: AwardRun, wishes: Mapping[int, Wish], reason: str, by: User) -> AwardReview:
    """Propose decisions on suspended awards of a run (award id -> wish) for a second person to confirm.

    Refused for an award that is not suspended, that a project has taken more of, or while another proposal waits.
    """
    reason = reason.strip()
    holds_key(by, run.fund)
    if not reason or not wishes:
        raise Refused("review_unclear", "请选择奖励并写明理由。", fields={"reason": "请填写"})
    lock_fund(run.fund)
    if AwardReview.objects.filter(run=run, state=RunState.PREVIEWED).exists():
        raise Refused("review_waits", "已有一份复核决定等人确认。", hint="请先确认或作废。", status=409)
    asked = Award.objects.filter(run=run, pk__in=list(wishes)).select_related("run", "division")
    awards = {award.pk: award for award in asked}
    _check_suspended(awards, wishes)
    latest = latest_versions(run.fund.county_id, run.level, run.months)
    review = AwardReview.objects.create(
        run=run, months=run.months, versions=[latest[month] for month in run.months], reason=reason, proposed_by=by
    )
    AwardDecision.objects.bulk_create(
        AwardDecision(review=review, award=awards[pk], choice=wish.choice, amount_fen=worth(awards[pk], wish))
        for pk, wish in wishes.items()
    )
    audit.record(by, "award.review", place=run.fund.county_id, subject=run.pk, reason=reason, awards=len(wishes))
    return review


def _check_suspended(awards: Mapping[int, Award], wishes: Mapping[int, Wish]) -> None:
    if set(awards) != set(wishes) or set(awards) - suspended_among(list(awards.values())):
        raise Refused("not_suspended", "选中的奖励里有的没有暂停，不用决定。", hint="请刷新页面。", status=409)


def worth(award: Award, wish: Wish) -> int:
    """What the award is worth after the wish. Refused when it would grow, or fall below what projects took."""
    fen = {Choice.KEEP: award.net_fen, Choice.WITHDRAW: 0}.get(wish.choice, wish.amount_fen)
    if wish.choice is Choice.REDUCE and not 0 < fen < award.net_fen:
        raise Refused(
            "reduce_to_less", f"核减后的金额要在 0 和 {yuan(award.net_fen)} 元之间。", fields={"amount": "请核对"}
        )
    _check_not_taken(award, fen)
    return fen


def _check_not_taken(award: Award, fen: int) -> None:
    if fen < award.committed_fen:
        raise Refused(
            "award_committed",
            f"{award.division.name}的这笔奖励已有 {yuan(award.committed_fen)} 元用于项目，不能减到 {yuan(fen)} 元。",
            hint="请先从项目收回没有支付的钱，或减得少一些。",
            status=409,
        )


@transaction.atomic
def confirm(*, review: AwardReview, by: User) -> None:
    """The second key: what is taken back returns to the fund, points that paid for it to the village."""
    fund = lock_fund(review.run.fund)
    holds_key(by, fund)
    review = AwardReview.objects.select_for_update(of=("self",)).select_related("run").get(pk=review.pk)
    _check_confirmable(review, by)
    taken = _take_back(review)
    Fund.objects.filter(pk=fund.pk).update(allocated_fen=F("allocated_fen") - sum(fen for _, fen in taken))
    ended = {"state": RunState.CONFIRMED, "ended_by": by, "ended_at": timezone.now()}
    AwardReview.objects.filter(pk=review.pk).update(**ended)
    _give_points_back(review, taken)
    for decision in review.decisions.select_related("award"):
        tell_places("award.decided", [decision.award], key=review.pk, more=decision.choice)
    audit.record(by, "award.decide", place=fund.county_id, subject=review.run_id, fen=sum(fen for _, fen in taken))


def _check_confirmable(review: AwardReview, by: User) -> None:
    if review.state != RunState.PREVIEWED:
        raise Refused("review_ended", "这份决定已经确认或作废。", status=409)
    if review.proposed_by_id == by.pk:
        raise Refused("same_person", "提出和确认要由两个人做。", hint="请另一位管资金的人确认。")
    check_key(by, review.proposed_by)
    looked_at = dict(zip(review.months, review.versions, strict=True))
    awards = list(Award.objects.filter(decisions__review=review).select_related("run"))
    if moved_since(awards, {award.pk: looked_at for award in awards}):
        raise Refused("basis_moved", "提出以后又重算过。", hint="请作废这份决定，看过再提。", status=409)


def _take_back(review: AwardReview) -> list[tuple[Award, int]]:
    """Lower the awards to what was decided; returns (award, fen taken back)."""
    decisions = {decision.award_id: decision for decision in review.decisions.all()}
    awards = Award.objects.select_for_update(of=("self",)).select_related("division", "run__rule").order_by("pk")
    taken = []
    for award in awards.filter(pk__in=list(decisions)):
        worth_now = decisions[award.pk].amount_fen
        _check_not_taken(award, worth_now)
        if fen := award.net_fen - worth_now:
            Award.objects.filter(pk=award.pk).update(withdrawn_fen=F("withdrawn_fen") + fen)
            taken.append((award, fen))
    return taken


def _give_points_back(review: AwardReview, taken: list[tuple[Award, int]]) -> None:
    """Whole points whose money was taken back return to the village; a part of a point stays spent."""
    for award, fen in sorted(taken, key=lambda one: one[0].division_id):
        if points := points_to_return(award, fen):
            ledger.give_back(
                ledger.division(award.division_id),
                points,
                key=f"{points_key(award)}/{review.pk}",
                text=f"{award.letter_no} 核减，退回积分",
            )


def points_to_return(award: Award, fen: int) -> int:
    """How many whole points come back when `fen` more is taken from an award (as it was before)."""
    price = award.run.rule.fen_per_point
    if not award.points or not price:
        return 0
    return (award.withdrawn_fen + fen) // price - award.withdrawn_fen // price


@transaction.atomic
def discard(*, review: AwardReview, by: User) -> None:
    """Give a waiting proposal up."""
    holds_key(by, review.run.fund)
    ended = {"state": RunState.DISCARDED, "ended_by": by, "ended_at": timezone.now()}
    if not AwardReview.objects.filter(pk=review.pk, state=RunState.PREVIEWED).update(**ended):
        raise Refused("review_ended", "这份决定已经确认或作废。", status=409)
    audit.record(by, "award.review_discard", place=review.run.fund.county_id, subject=review.run_id)
