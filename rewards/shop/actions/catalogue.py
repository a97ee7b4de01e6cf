"""The shop's settings and what it offers."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.models import Division, User
from households.permissions import Permission
from households.refusals import Refused
from rewards.models import Item, Picture, Shop
from rewards.shop.actions.limits import MAX_FEN, MAX_UNITS, changed, check_may, number, words

MAX_POINTS = 100_000
MAX_DATES = 60


@dataclass(frozen=True, slots=True)
class ShopTerms:
    """The settings of a shop; see `rewards.models.Shop`. Points and days."""

    is_open: bool = True
    weekdays: Collection[int] = ()
    dates: Collection[date] = ()
    reservation_days: int = 7
    household_month_points: int | None = None
    offline_points: int = 50
    offline_household_points: int = 100


@dataclass(frozen=True, slots=True)
class Goods:
    """What an item is and costs; see `rewards.models.Item`. Points per unit, cost in fen per unit."""

    name: str
    unit: str
    points: int
    description: str = ""
    picture: Picture | None = field(default=None, compare=False)
    cost_fen: int = 0
    household_month_limit: int | None = None
    low_stock: int = 0
    on_sale: bool = True


@transaction.atomic
def settle_shop(*, village: Division, terms: ShopTerms, by: User | None) -> Shop:
    """Open the village's shop or change its settings."""
    check_may(by, Permission.RUN_SHOP, village.code)
    settings = _checked_terms(terms)
    shop, is_new = Shop.objects.select_for_update().get_or_create(village=village, defaults=settings)
    before = {name: getattr(shop, name) for name in settings}
    if not is_new:
        Shop.objects.filter(pk=shop.pk).update(**settings)
        shop.refresh_from_db()
    what = "" if is_new else changed(Shop, before, settings)
    audit.record(by, "shop.open" if is_new else "shop.change", place=shop.pk, subject=shop, changed=what)
    return shop


def _checked_terms(terms: ShopTerms) -> dict[str, object]:
    settings: dict[str, object] = asdict(terms)
    weekdays, dates = sorted(set(terms.weekdays)), sorted(set(terms.dates))
    if not set(weekdays) <= set(range(1, 8)):
        raise Refused("weekdays_unknown", "星期应是 1（周一）到 7（周日）。", fields={"weekdays": "不认识"})
    number(len(dates), "dates", "另外开门的日期的个数", least=0, most=MAX_DATES)
    number(terms.reservation_days, "reservation_days", "预订保留天数", most=60)
    if terms.household_month_points is not None:
        number(terms.household_month_points, "household_month_points", "每户每月最多兑换积分", most=MAX_POINTS)
    number(
        terms.offline_household_points, "offline_household_points", "断网时每户每天最多积分", least=0, most=MAX_POINTS
    )
    most = terms.offline_household_points
    number(terms.offline_points, "offline_points", "断网时每次最多积分", least=0, most=most)
    return settings | {"weekdays": weekdays, "dates": dates}


@transaction.atomic
def add_item(*, shop: Shop, goods: Goods, by: User | None) -> Item:
    """Put a new kind of goods into the catalogue; stock comes with the first purchase."""
    check_may(by, Permission.RUN_SHOP, shop.pk)
    item = Item(shop=shop, **_checked_goods(goods))
    try:
        with transaction.atomic():
            item.save(force_insert=True)
    except IntegrityError as fault:
        raise _known_name(goods.name, fault) from None
    audit.record(by, "item.add", place=shop.pk, subject=item.pk, item=item.name, points=item.points)
    return item


@transaction.atomic
def change_item(*, item: Item, goods: Goods, by: User | None) -> Item:
    """Change what an item is or costs. Reservations made before keep their price."""
    check_may(by, Permission.RUN_SHOP, item.shop_id)
    checked = _checked_goods(goods)
    now = Item.objects.select_for_update().get(pk=item.pk)
    if now.retired_at is not None:
        raise Refused("item_retired", f"{now.name}已经停用，不能再改。", hint="需要的话请新增一种物品。", status=409)
    before = {name: getattr(now, name) for name in checked}
    try:
        with transaction.atomic():
            Item.objects.filter(pk=item.pk).update(**checked)
    except IntegrityError as fault:
        raise _known_name(goods.name, fault) from None
    now.refresh_from_db()
    what = changed(Item, before, checked)
    audit.record(by, "item.change", place=now.shop_id, subject=now.pk, item=now.name, points=now.points, changed=what)
    return now


@transaction.atomic
def retire_item(*, item: Item, reason: str, by: User | None) -> Item:
    """Take an item out of the catalogue for good: only when nothing of it is left or reserved."""
    check_may(by, Permission.RUN_SHOP, item.shop_id)
    why = words(reason, "reason", "停用原因", 200)
    now = Item.objects.select_for_update().get(pk=item.pk)
    if now.retired_at is not None:
        raise Refused("item_retired", f"{now.name}已经停用。", status=409)
    if now.reserved:
        raise Refused(
            "item_reserved", f"{now.name}还有 {now.reserved}{now.unit}预订没有领。", hint="请先发放或取消预订。"
        )
    if now.on_hand:
        left = f"{now.name}还有 {now.on_hand}{now.unit}库存。"
        raise Refused("item_in_stock", left, hint="可以先下架；真的没有了，请盘点写明原因。")
    now.on_sale, now.retired_at = False, timezone.now()
    now.save(update_fields=["on_sale", "retired_at"])
    audit.record(by, "item.retire", place=now.shop_id, subject=now.pk, item=now.name, reason=why)
    return now


def _checked_goods(goods: Goods) -> dict[str, object]:
    if goods.household_month_limit is not None:
        number(goods.household_month_limit, "household_month_limit", "每户每月最多数量")
    return {
        "name": words(goods.name, "name", "物品名称", 30),
        "unit": words(goods.unit, "unit", "单位", 6),
        "description": words(goods.description, "description", "说明", 200) if goods.description.strip() else "",
        "picture": goods.picture,
        "points": number(goods.points, "points", "所需积分", most=MAX_POINTS),
        "cost_fen": number(goods.cost_fen, "cost_fen", "进价（分）", least=0, most=MAX_FEN),
        "household_month_limit": goods.household_month_limit,
        "low_stock": number(goods.low_stock, "low_stock", "低库存提醒", least=0, most=MAX_UNITS),
        "on_sale": goods.on_sale,
    }


def _known_name(name: str, fault: IntegrityError) -> Exception:
    """The refusal of a name that the shop has already; any other fault as it is."""
    if "item_name_once_per_shop" not in str(fault):
        return fault
    return Refused(
        "item_known",
        f"超市里已经有“{name.strip()}”。",
        hint="规格不同的请写进名称，例如“洗衣液 1 千克”。",
        fields={"name": "已有"},
    )
