"""What a change of places does to reservations, shops, projects and ballots."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from households.borders.rooms import BorderStep
from households.changes.rooms import ChangeEffect
from households.codes import village_of
from households.models import User
from households.refusals import Refused
from households.sql import rows
from rewards.models import Award, Ballot, Item, Project, Redemption, Stocktake
from rewards.project_states import ProjectState
from rewards.shop.actions import handing_on
from rewards.shop.actions.redemptions import let_go
from rewards.states import RedemptionAction, StocktakeState

AT = 10
AFTER_POINTS = 30
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
    yield from _foresee_reserved(step)
    if villages := [name for (name,) in rows(_BALLOTS)]:
        yield ChangeEffect(f"{'、'.join(villages)}正在进行群众选择，请等公布或作废后再办。", stops=True)
    ended = list(step.ways)
    if _counting(step).exists():
        yield ChangeEffect("停用的村的积分超市有没结束的盘点，请先完成或作废。", stops=True)
    if goods := Item.objects.filter(shop__in=handing_on.villages_that_end(step), on_hand__gt=0).count():
        yield ChangeEffect(f"停用的村的积分超市还有 {goods} 种货，全部转到接续的村的超市，两边账上各记一笔移交。")
    projects = Project.objects.filter(village__in=ended).exclude(state__in=_OVER).count()
    if projects:
        yield ChangeEffect(f"停用的村有 {projects} 个没办完的项目，名称和资金不变，由接续的村接着办。")
    if awards := Award.objects.filter(division__in=ended).count():
        yield ChangeEffect(f"停用的地方得过的 {awards} 项奖励仍记在原名下，没用完的由接续的地方用。")


def _foresee_reserved(step: BorderStep) -> Iterator[ChangeEffect]:
    waiting = list(_reserved())
    along = _go_along(step, waiting)
    if waiting and step.release:
        told = f"换编号的户在积分超市有 {len(waiting)} 件预订还没有领。"
        yield ChangeEffect(f"{told}会一并取消，东西放回货架，积分退回后再转。")
        return
    if along:
        yield ChangeEffect(f"{len(along)} 件预订还没有领，转到新的户编号下，到接续的村的超市领，保留到的日期不变。")
    if len(waiting) > len(along):
        told = f"换编号的户在积分超市有 {len(waiting) - len(along)} 件预订还没有领，超市不跟着走。"
        yield ChangeEffect(f"{told}请先发放，或者勾选“一并取消预订”。", stops=True)


def follow(step: BorderStep, by: User | None) -> None:
    """Nothing stays reserved under a code that ends: it goes along with the shop, or is given up where that was said, else the
    change is refused. Goods of villages that end go on.
    """
    waiting = list(_reserved().select_related("item", "shop", "household").order_by("pk"))
    along = {one.pk for one in _go_along(step, waiting)}
    if len(along) < len(waiting) and not (step.release or step.back):
        count = len(waiting) - len(along)
        raise Refused("reservations_open", f"换编号的户在积分超市有 {count} 件预订还没有领。", status=409)
    if rows(_BALLOTS):
        raise Refused("ballot_open", "这些村正在进行群众选择，请等公布或作废后再办。", status=409)
    if _counting(step).exists():
        raise Refused("stocktake_standing", "停用的村的积分超市有没结束的盘点，请先完成或作废。", status=409)
    for redemption in waiting:
        why = handing_on.kept_for(step.order) if redemption.pk in along else _WHY
        let_go(
            redemption, RedemptionAction.VOID, why, None
        )  # the county has no hand in a shop: the order itself gives it up
    if step.back:
        handing_on.take_back(step=step, by=by)
    else:
        handing_on.hand_on(step=step, by=by)


def follow_points(step: BorderStep, by: User | None) -> None:
    """What goes along with its shop is reserved again, now that the points are there."""
    if not step.back:
        handing_on.hold_again(step=step, by=by)


def _go_along(step: BorderStep, waiting: list[Redemption]) -> list[Redemption]:
    """Those that are fetched in the shop that the goods go to."""
    if step.release or step.back:
        return []
    ways, codes = handing_on.villages_that_end(step), handing_on.new_codes(waiting)
    return [one for one in waiting if ways.get(one.shop_id) == village_of(codes[one.household_id])]


def _counting(step: BorderStep) -> "QuerySet[Stocktake]":
    open_states = [state for state in StocktakeState if state.is_open]
    return Stocktake.objects.filter(shop__in=handing_on.villages_that_end(step), state__in=open_states)


def hinders(step: BorderStep) -> Iterator[str]:
    """What was begun at the places that began."""
    made = list(step.made)
    if _reserved().exists():
        yield "新编号的户在积分超市有预订还没有领。"
    begun = (
        Project.objects.filter(village__in=made),
        Ballot.objects.filter(village__in=made),
    )
    if any(found.exists() for found in begun) or handing_on.begun_since(step):
        yield "新设的村已经有了项目、群众选择，或积分超市已经进出过货。"
    if names := handing_on.gone(step):
        yield f"停用的村移交来的货已经发掉一部分：{'、'.join(names)}。"


def _reserved() -> "QuerySet[Redemption]":
    return Redemption.objects.reserved().filter(household__in=RawSQL(_OUT_OF, []))  # noqa: S611 (a constant)
