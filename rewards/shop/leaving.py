"""What a change of the register does to reservations and ballots."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils import timezone

from households.changes.rooms import ChangeEffect, ChangeStep
from households.codes import village_of
from households.models import ENDINGS, ChangeKind, User
from households.refusals import Refused
from rewards.models import Ballot, Redemption
from rewards.shop.actions.redemptions import let_go
from rewards.states import RedemptionAction

AT = 10
_WHY = "户籍变更"
_STAYS = ("这一户的一票不变", "")
_VOICES: dict[ChangeKind, tuple[str, str]] = {
    ChangeKind.ADD: ("", "新户这一次没有票"),
    ChangeKind.SPLIT: ("原户的一票不变，分出的户这一次没有票", "分出的户这一次没有票"),
    ChangeKind.REOPEN: ("这一户的一票仍然有效", "这一户这一次没有票"),
} | dict.fromkeys(ENDINGS, _STAYS)  # of a household on the list, and of one that is not


def foresee(step: ChangeStep, by: User | None) -> Iterator[ChangeEffect]:
    """What is reserved and not fetched; a choice that is going on."""
    if step.ends and (count := _reserved(step).count()):
        told = f"这一户在积分超市有 {count} 件预订还没有领。"
        yield (
            ChangeEffect(f"{told}会一并取消，东西放回货架，积分退回后再转。")
            if step.release
            else ChangeEffect(f"{told}请先发放，或者勾选“一并取消预订”。", stops=True)
        )
    if voices := _VOICES.get(step.kind):
        yield from _voices(step, *voices)


def _voices(step: ChangeStep, listed: str, unlisted: str) -> Iterator[ChangeEffect]:
    """What a choice that is going on says of a household that is on its list, and of one that is not."""
    open_ones = Ballot.objects.filter(
        village=village_of(step.household or step.group), settled_at=None, called_off_at=None
    )
    ballot = open_ones.filter(closes_at__gt=timezone.now()).first()
    if ballot and (words := listed if step.household in ballot.households else unlisted):
        yield ChangeEffect(f"村里正在进行的群众选择，按开始时的名册，{words}。")


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
