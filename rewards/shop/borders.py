"""What a change of places does to reservations, shops, projects and ballots."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from households.borders.rooms import BorderStep
from households.changes.rooms import ChangeEffect
from households.models import User
from households.refusals import Refused
from households.sql import rows
from rewards.models import Award, Ballot, Item, Project, Redemption, Shop
from rewards.project_states import ProjectState
from rewards.shop.actions.redemptions import let_go
from rewards.states import RedemptionAction

AT = 10
_WHY = "区划调整"
_OVER = (ProjectState.CLOSED, ProjectState.DROPPED)
_OUT_OF = "SELECT old FROM staged_move"
_BALLOTS = """
    SELECT DISTINCT d.name FROM rewards_ballot b JOIN households_division d ON d.code = b.village_id
    JOIN staged_move m ON m.old = ANY (b.households)
    WHERE b.settled_at IS NULL AND b.called_off_at IS NULL ORDER BY 1
"""


def foresee(step: BorderStep, by: User | None) -> Iterator[ChangeEffect]:
    """What is reserved and not fetched, choices that go on, goods and works of villages that end."""
    if count := _reserved().count():
        told = f"换编号的户在积分超市有 {count} 件预订还没有领。"
        yield (
            ChangeEffect(f"{told}会一并取消，东西放回货架，积分退回后再转。")
            if step.release
            else ChangeEffect(f"{told}请先发放，或者勾选“一并取消预订”。", stops=True)
        )
    if villages := [name for (name,) in rows(_BALLOTS)]:
        yield ChangeEffect(f"{'、'.join(villages)}正在进行群众选择，请等公布或作废后再办。", stops=True)
    ended = list(step.ways)
    if goods := Item.objects.filter(shop__in=ended, on_hand__gt=0).count():
        yield ChangeEffect(f"停用的村的积分超市还有 {goods} 种货，由接续的村的村干部在原超市盘点、发完。")
    projects = Project.objects.filter(village__in=ended).exclude(state__in=_OVER).count()
    if projects:
        yield ChangeEffect(f"停用的村有 {projects} 个没办完的项目，名称和资金不变，由接续的村接着办。")
    if awards := Award.objects.filter(division__in=ended).count():
        yield ChangeEffect(f"停用的地方得过的 {awards} 项奖励仍记在原名下，没用完的由接续的地方用。")


def follow(step: BorderStep, by: User | None) -> None:
    """Nothing stays reserved under a code that ends: given up where that was said, else the change is refused."""
    waiting = list(_reserved().select_related("item", "shop", "household").order_by("pk"))
    if waiting and not (step.release or step.back):
        raise Refused("reservations_open", f"换编号的户在积分超市有 {len(waiting)} 件预订还没有领。", status=409)
    if rows(_BALLOTS):
        raise Refused("ballot_open", "这些村正在进行群众选择，请等公布或作废后再办。", status=409)
    for redemption in waiting:
        let_go(
            redemption, RedemptionAction.VOID, _WHY, None
        )  # the county has no hand in a shop: the order itself gives it up


def hinders(step: BorderStep) -> Iterator[str]:
    """What was begun at the places that began."""
    made = list(step.made)
    if _reserved().exists():
        yield "新编号的户在积分超市有预订还没有领。"
    begun = (
        Project.objects.filter(village__in=made),
        Ballot.objects.filter(village__in=made),
        Shop.objects.filter(village__in=made),
    )
    if any(found.exists() for found in begun):
        yield "新设的村已经有了项目、群众选择或积分超市。"


def _reserved() -> "QuerySet[Redemption]":
    return Redemption.objects.reserved().filter(household__in=RawSQL(_OUT_OF, []))  # noqa: S611 (a constant)
