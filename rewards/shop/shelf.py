"""What a household finds in its village's shop: the goods, what it can still take this month, and when the shop opens."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from households.models import Household
from households.months import Month, month_of
from rewards.models import Item, Redemption, Shop
from rewards.shop.opening import is_open_on, next_open_day, spoken_day, spoken_days
from scoring.ledger import door as ledger

FEW = 3  # so few are named as the last ones
EVERY_DAY = spoken_days(range(1, 8), ())
HISTORY = 100  # redemptions shown to a household


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """One item as a household sees it. `most` is how many it could reserve now; at 0 `why_not` says why."""

    item: Item
    most: int
    why_not: str
    taken: int

    @property
    def left(self) -> str:
        """How many there are, in words."""
        return left_words(self.item)

    @property
    def allowance(self) -> str:
        """What the month's limit still leaves; empty for an item without one."""
        limit, unit = self.item.household_month_limit, self.item.unit
        if limit is None:
            return ""
        rest = max(0, limit - self.taken)
        return (
            f"每户每月最多 {limit} {unit}，这个月还可以兑 {rest} {unit}" if rest else f"这个月的 {limit} {unit}已经兑满"
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """A household in front of its village's shop."""

    shop: Shop
    household: Household
    points: ledger.PointBalance
    goods: list[ShelfItem]
    waiting: list[Redemption]
    month: Month
    used: int  # points of this month that count towards the shop's own limit

    @property
    def opening(self) -> str:
        return opening_words(self.shop, timezone.localdate())

    @property
    def month_rest(self) -> int | None:
        """Points that the shop's limit per household and month still leaves; None without such a limit."""
        limit = self.shop.household_month_points
        return None if limit is None else max(0, limit - self.used)


def left_words(item: Item) -> str:
    """有货，还有 12 袋 / 只剩 2 袋 / 暂时没有了."""
    if item.free <= 0:
        return "暂时没有了"
    return f"只剩 {item.free} {item.unit}" if item.free <= FEW else f"有货，还有 {item.free} {item.unit}"


def opening_words(shop: Shop, today: date) -> str:
    """Whether the shop is open today, when it opens next, and on which days it does."""
    if not shop.is_open:
        return "积分超市暂停营业。"
    usual = spoken_days(shop.weekdays, shop.dates)
    if usual == EVERY_DAY:
        return f"{usual}开门。"
    if is_open_on(today, shop.weekdays, shop.dates):
        return f"今天开门。平时{usual}开门。"
    following = next_open_day(today, shop.weekdays, shop.dates)
    if following is None:
        return "还没有定开门的日子，请问村干部。"
    return f"下次开门：{spoken_day(following)}。平时{usual}开门。"


def shop_of(village: str) -> Shop | None:
    """The shop of a village with its division: one query."""
    return Shop.objects.select_related("village").filter(pk=village).first()


def shelf_of(household: Household, shop: Shop) -> Shelf:
    """The shelf as this household sees it today: three queries besides the ledger's."""
    month = month_of(timezone.localdate())
    points = ledger.state_of(ledger.household(household.code))
    mine = list(
        Redemption.objects.counted().filter(household=household, month=month).values("item", "quantity", "points")
    )
    used = sum(row["points"] for row in mine)
    taken: dict[int, int] = {}
    for row in mine:
        taken[row["item"]] = taken.get(row["item"], 0) + row["quantity"]
    rest = None if shop.household_month_points is None else max(0, shop.household_month_points - used)
    items = Item.objects.offered().filter(shop=shop).order_by("points", "name", "id")
    goods = [_goods(item, taken.get(item.pk, 0), points.free, rest) for item in items]
    return Shelf(shop, household, points, goods, waiting(household), month, used)


def waiting(household: Household) -> list[Redemption]:
    """What the household has reserved and not fetched, what must be fetched first on top."""
    rows = Redemption.objects.reserved().filter(household=household).select_related("item")
    return list(rows.order_by("expires_at", "id"))


def history(household: Household) -> list[Redemption]:
    """What became of everything else, newest first."""
    rows = Redemption.objects.filter(household=household).exclude(state="reserved").select_related("item")
    return list(rows.order_by("-id")[:HISTORY])


def pick_up_until(redemption: Redemption) -> date:
    """The last day on which it can be fetched."""
    return timezone.localdate(redemption.expires_at - timedelta(microseconds=1))


def _goods(item: Item, taken: int, free: int, rest: int | None) -> ShelfItem:
    by_points = free // item.points
    by_limit = item.free if item.household_month_limit is None else max(0, item.household_month_limit - taken)
    by_shop = item.free if rest is None else rest // item.points
    most = max(0, min(item.free, by_points, by_limit, by_shop))
    return ShelfItem(item, most, "" if most else _why_not(item, free, by_limit, by_shop), taken)


def _why_not(item: Item, free: int, by_limit: int, by_shop: int) -> str:
    """The reason that would have to go first."""
    if item.free <= 0:
        return "暂时没有货"
    if by_limit <= 0:
        return "这个月已经兑满"
    if by_shop <= 0:
        return "这个月的兑换积分已经用完"
    return f"还差 {item.points - free} 积分"
