"""Goods of a village that ends by a change of places: they go on to the shop of the village it goes on as, with a line in both books.

In the caller's transaction. What was reserved is let go before, and held again for the same households under their new codes once
their points have come (`hold_again`).
"""

from collections import defaultdict
from collections.abc import Iterator
from uuid import NAMESPACE_OID, uuid5

from django.db.models import F
from django.utils import timezone

from households import audit
from households.borders.rooms import BorderStep
from households.codes import Level, is_level
from households.models import WHOLE, BorderOrder, User
from households.sql import rows
from rewards.models import Item, MoveKind, Redemption, Shop, StockMove
from rewards.shop.actions.redemptions import hold_points, note
from rewards.shop.actions.stock import book
from rewards.states import RedemptionState

OUT, IN = "区划调整，移交给{}", "区划调整，由{}移交"
_MOVED = "SELECT old, new FROM staged_move WHERE old = ANY (%(codes)s::text[])"
MAX_NAME = 30


def villages_that_end(step: BorderStep) -> dict[str, str]:
    """Each village that ends, and the one it goes on as."""
    return {old: new for old, new in step.ways.items() if is_level(old, Level.VILLAGE) and is_level(new, Level.VILLAGE)}


def kept_for(order: int | None) -> str:
    """Why a reservation ends under the old code; it is found by this again."""
    return f"区划调整（第 {order} 号），转到新的户编号"


def new_codes(redemptions: list[Redemption]) -> dict[str, str]:
    """The codes under which households go on."""
    return dict(rows(_MOVED, {"codes": [one.household_id for one in redemptions]}))


def hand_on(*, step: BorderStep, by: User | None) -> None:
    """Every shop of a village that ends closes; its goods stand on the shelf of the village it goes on as."""
    for old, new in sorted(villages_that_end(step).items()):
        shop = Shop.objects.select_for_update().select_related("village").filter(pk=old).first()
        if shop:
            moved = _hand_on(shop, _shop_of(new, shop), step.order, by)
            audit.record(by, "stock.hand_on", place=new, subject=f"order {step.order}", rows=moved)


def _shop_of(village: str, former: Shop) -> Shop:
    """The shop there; one on the same terms where there was none."""
    terms = {name: getattr(former, name) for name in ("is_open", "weekdays", "dates", "reservation_days")}
    terms |= {
        name: getattr(former, name) for name in ("household_month_points", "offline_points", "offline_household_points")
    }
    return Shop.objects.select_related("village").get_or_create(village_id=village, defaults=terms)[0]


def _hand_on(former: Shop, target: Shop, order: int | None, by: User | None) -> int:
    items = list(former.items.select_for_update().filter(retired_at=None).order_by("pk"))
    for item in items:
        if item.free:
            _move(item, _same_goods(item, target), item.free, f"{MoveKind.HANDED_ON}:{order}:{item.pk}", by)
    Item.objects.filter(pk__in=[item.pk for item in items]).update(on_sale=False, retired_at=timezone.now())
    Shop.objects.filter(pk=former.pk).update(is_open=False)
    return len(items)


def _move(item: Item, to: Item, quantity: int, key: str, by: User | None) -> None:
    facts = {"kind": MoveKind.HANDED_ON, "unit_cost_fen": item.cost_fen, "by": by}
    out, came = OUT.format(to.shop.village.name), IN.format(item.shop.village.name)
    book(item, [StockMove(item=item, quantity=-quantity, source_key=f"{key}:out", note=out, **facts)])
    book(to, [StockMove(item=to, quantity=quantity, source_key=f"{key}:in", note=came, **facts)])


def _same_goods(item: Item, target: Shop) -> Item:
    """The same on the other shelf, or a place for it there. Goods of one name and another price stay apart."""
    there = target.items.select_for_update().filter(name=item.name, retired_at=None).first()
    if there and (there.unit, there.points) == (item.unit, item.points):
        return there
    name = item.name if there is None else f"{item.name}（{item.shop.village.name}）"[:MAX_NAME]
    same = ("unit", "description", "picture_id", "points", "cost_fen", "household_month_limit", "low_stock", "on_sale")
    given = {one: getattr(item, one) for one in same}
    made, _ = Item.objects.get_or_create(shop=target, name=name, retired_at=None, defaults=given)
    return made


def hold_again(*, step: BorderStep, by: User | None) -> None:
    """What was reserved in a shop that ended is reserved in the other, for as long."""
    ended = Redemption.objects.filter(state=RedemptionState.VOIDED, reason=kept_for(step.order), shop__in=step.ways)
    waiting = list(ended.select_related("item").order_by("pk"))
    codes = new_codes(waiting)
    came = {move.source_key: move.item for move in _came(step.order)} if waiting else {}
    for old in waiting:
        item = came[f"{MoveKind.HANDED_ON}:{step.order}:{old.item_id}:in"]
        _reserve_again(old, item, codes[old.household_id], step.order)


def _reserve_again(old: Redemption, item: Item, household: str, order: int | None) -> None:
    same = ("quantity", "points", "month", "channel", "reserved_at", "reserved_by_id", "expires_at")
    given = {name: getattr(old, name) for name in same}
    op_id = uuid5(NAMESPACE_OID, f"border:{order}:{old.pk}")
    redemption = Redemption(op_id=op_id, shop_id=item.shop_id, household_id=household, item=item, **given)
    redemption.save(force_insert=True)
    Item.objects.filter(pk=item.pk).update(reserved=F("reserved") + old.quantity)
    hold_points(redemption)
    note(None, "redemption.carry_on", redemption)


def take_back(*, step: BorderStep, by: User | None) -> None:
    """The goods stand in the former shop again, which opens."""
    assert step.order
    order = BorderOrder.objects.get(pk=step.order)
    for former, move in _pairs(step.order):
        item = Item.objects.select_for_update().select_related("shop__village").get(pk=move.item_id)
        _move(item, former, move.quantity, f"{MoveKind.HANDED_ON}:{step.order}:{former.pk}:back", by)
    ended = order.lines.filter(kind__in=WHOLE).values_list("old_id", flat=True)
    villages = [code for code in ended if is_level(str(code), Level.VILLAGE)]
    Item.objects.filter(shop__in=villages, retired_at__gte=order.at).update(retired_at=None, on_sale=True)
    Shop.objects.filter(pk__in=villages).update(is_open=True)


def _came(order: int | None) -> Iterator[StockMove]:
    found = StockMove.objects.filter(source_key__startswith=f"{MoveKind.HANDED_ON}:{order}:", quantity__gt=0)
    return found.filter(source_key__endswith=":in").select_related("item__shop__village").order_by("pk").iterator()


def _pairs(order: int | None) -> list[tuple[Item, StockMove]]:
    """Where the goods stood, and the line of where they came to."""
    moves = {int(move.source_key.split(":")[2]): move for move in _came(order)}
    former = Item.objects.select_related("shop__village").in_bulk(moves)
    return [(former[number], move) for number, move in moves.items()]


def gone(step: BorderStep) -> list[str]:
    """Goods that came by the order and have left the shelf since: it cannot be taken back."""
    due: dict[int, int] = defaultdict(int)
    for _former, move in _pairs(step.order):
        due[move.item_id] += move.quantity
    return [item.name for item in Item.objects.filter(pk__in=due).order_by("pk") if item.free < due[item.pk]]


def begun_since(step: BorderStep) -> bool:
    """Whether a shop of a place that began has had anything but the goods it was handed."""
    own = f"{MoveKind.HANDED_ON}:{step.order}:"
    made = list(step.made)
    moved = StockMove.objects.filter(item__shop__in=made).exclude(source_key__startswith=own)
    return moved.exists() or Redemption.objects.filter(shop__in=made).exists()
