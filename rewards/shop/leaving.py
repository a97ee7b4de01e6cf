"""What a change of the register does to reservations and ballots."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from households.changes.rooms import ChangeEffect, ChangeStep
from households.codes import village_of
from households.models import User
from households.refusals import Refused
from rewards.models import Ballot, Redemption
from rewards.shop.actions.redemptions import let_go
from rewards.states import RedemptionAction

AT = 10
_WHY = "户籍变更"


def foresee(step: ChangeStep, by: User | None) -> Iterator[ChangeEffect]:
    """What is reserved and not fetched; a choice that is going on."""
    if not step.ends:
        return
    if count := _reserved(step).count():
        told = f"这一户在积分超市有 {count} 件预订还没有领。"
        yield (
            ChangeEffect(f"{told}会一并取消，东西放回货架，积分退回后再转。")
            if step.release
            else ChangeEffect(f"{told}请先发放，或者勾选“一并取消预订”。", stops=True)
        )
    open_ones = Ballot.objects.filter(village=village_of(step.household), settled_at=None, called_off_at=None)
    if open_ones.filter(closes_at__gt=timezone.now(), households__contains=[step.household]).exists():
        yield ChangeEffect("村里正在进行的群众选择，按开始时的名册，这一户的一票不变。")


def follow(step: ChangeStep, by: User | None) -> None:
    """Nothing stays reserved for a household that leaves: given up where that was said, else the change is refused."""
    if not step.ends:
        return
    waiting = list(_reserved(step).select_related("item", "shop", "household").order_by("pk"))
    if waiting and not step.release:
        raise Refused(
            "reservations_open",
            f"这一户在积分超市有 {len(waiting)} 件预订还没有领。",
            hint="请先发放，或者勾选“一并取消预订”。",
            fields={"release": "还有预订"},
            status=409,
        )
    for redemption in waiting:
        let_go(redemption, RedemptionAction.VOID, _WHY, by)


def _reserved(step: ChangeStep) -> "QuerySet[Redemption]":
    return Redemption.objects.reserved().filter(household=step.household)
