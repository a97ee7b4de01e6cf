"""Checks of the shop's actions: who may, what was typed, and how much of it a household may have."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Model, Sum

from households.models import Household, User
from households.permissions import Permission, may
from households.refusals import Refused
from rewards.models import Item, Redemption, RedemptionChannel, Shop
from rewards.shop import opening

MAX_UNITS = 10_000  # of one item in one movement; more is a slip of the finger
MAX_FEN = 10_000_000  # 100,000 yuan for one unit of a village shop's goods


def check_may(by: User | None, permission: Permission, village: str) -> None:
    """Refuse a person who does not do this here. `by` None is the operator at the command line."""
    if by is not None and not may(by, permission, at=village):
        raise Refused(
            "not_yours", f"{by.get_role_display()}不能办理本村超市的这项业务。", hint="请找本村村干部办理。", status=403
        )


def words(text: str, field: str, name: str, most: int) -> str:
    """What was typed, without blanks around it; refused when empty or longer than `most` characters.

    Of several fields of a kind each has a number: `reason-3`.
    """
    stripped, kind = text.strip(), field.partition("-")[0]
    if not stripped:
        raise Refused(f"{kind}_missing", f"请填写{name}。", fields={field: "必填"})
    if len(stripped) > most:
        raise Refused(f"{kind}_too_long", f"{name}最多 {most} 个字，现在 {len(stripped)} 个。", fields={field: "太长"})
    return stripped


def number(value: int, field: str, name: str, *, least: int = 1, most: int = MAX_UNITS) -> int:
    """A whole number within its bounds."""
    if not least <= value <= most:
        raise Refused(
            f"{field.partition('-')[0]}_out_of_range",
            f"{name}应在 {least} 到 {most} 之间，现在是 {value}。",
            fields={field: "不在范围内"},
        )
    return value


def check_household(household: Household, shop: Shop, on: date) -> None:
    """Refuse a household of another village, or one that is no longer on the register."""
    if not household.code.startswith(shop.pk):
        raise Refused(
            "household_elsewhere", "这户不是本村的，只能在自己村的超市兑换。", fields={"household": "不在本村"}
        )
    if not household.is_active(on):
        raise Refused(
            "household_ended", "这户已经停用，不能兑换。", hint="请先核对户编号。", fields={"household": "已停用"}
        )


def check_open_today(shop: Shop, on: date) -> None:
    """Refuse a hand-over at the counter on a day when the shop is closed; names the next opening day."""
    if shop.is_open and opening.is_open_on(on, shop.weekdays, shop.dates):
        return
    following = opening.next_open_day(on, shop.weekdays, shop.dates) if shop.is_open else None
    if not shop.is_open:
        raise Refused("shop_closed", "超市暂停营业，现在不能发放。", hint="恢复营业后再来，或者送到家。")
    if following is None:
        raise Refused("shop_not_open_today", "超市还没有安排开门的日子。", hint="请先在超市设置里填写开门日。")
    raise Refused(
        "shop_not_open_today",
        f"今天不是开门日，下一次开门是{opening.spoken_day(following)}。",
        hint="请那天再来领，或者送到家。",
    )


def over_limits(shop: Shop, item: Item, household: str, month: str, *, quantity: int, points: int) -> Refused | None:
    """The refusal that the month's limits ask for, or None. Ask while the household's row is locked."""
    taken = Redemption.objects.counted().filter(household=household, month=month)
    if item.household_month_limit is not None:
        had = taken.filter(item=item).aggregate(total=Sum("quantity"))["total"] or 0
        if had + quantity > item.household_month_limit:
            return _over_item(item, had)
    if shop.household_month_points is not None:
        spent = taken.aggregate(total=Sum("points"))["total"] or 0
        if spent + points > shop.household_month_points:
            return _over_points(shop.household_month_points, spent)
    return None


def has_limits(shop: Shop, item: Item) -> bool:
    """Whether a month's limit must be counted at all."""
    return item.household_month_limit is not None or shop.household_month_points is not None


def _over_item(item: Item, had: int) -> Refused:
    most = item.household_month_limit or 0
    left = max(most - had, 0)
    return Refused(
        "over_item_limit",
        f"{item.name}每户每月最多兑换 {most}{item.unit}，您家本月已有 {had}{item.unit}。",
        hint=f"最多还可以换 {left}{item.unit}。" if left else "可以换别的物品，或下个月再来。",
        fields={"quantity": f"最多还可以换 {left}"},
        status=409,
    )


def _over_points(most: int, spent: int) -> Refused:
    left = max(most - spent, 0)
    return Refused(
        "over_points_limit",
        f"每户每月最多兑换 {most} 积分的物品，您家本月已换 {spent} 积分。",
        hint=f"可以换 {left} 积分以内的物品，或下个月再来。" if left else "下个月可以再来。",
        fields={"quantity": f"本月还可以换 {left} 积分的"},
        status=409,
    )


def over_floor(shop: Shop, household: str, on: date, points: int) -> bool:
    """Whether a hand-over without connection went beyond what the counter may give away on its own."""
    earlier = Redemption.objects.filter(household=household, channel=RedemptionChannel.OFFLINE, handed_at__date=on)
    given = earlier.aggregate(total=Sum("points"))["total"] or 0
    return points > shop.offline_points or given + points > shop.offline_household_points


def no_stock(item: Item, wanted: int) -> Refused:
    """More was asked for than is free."""
    left = item.free
    return Refused(
        "not_enough_stock",
        f"{item.name}只剩 {left}{item.unit}可以兑换。" if left else f"{item.name}已经兑完了。",
        hint=f"请把数量改成 {left} 以内。" if 0 < left < wanted else "可以换别的物品，或等下次进货。",
        fields={"stock": str(left)},
        status=409,
    )


def changed(of: type[Model], before: Mapping[str, object], after: Mapping[str, object]) -> str:
    """The Chinese names of what differs, for the audit log."""
    labels = {field.name: str(field.verbose_name) for field in of._meta.fields}
    return "、".join(labels[name] for name, value in after.items() if before.get(name) != value)
