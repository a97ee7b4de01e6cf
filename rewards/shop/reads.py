"""What staff sees of shops at a glance: one village's, and a township's or county's with their alarms."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from households.models import User
from households.months import Month
from households.register.reads import named
from households.words.folding import compared
from rewards.models import Item, Redemption, Shop, Stocktake
from rewards.models.redemptions import is_flagged
from rewards.shop.shelf import opening_words
from rewards.states import StocktakeState

SOON = timedelta(days=2)  # a reservation that ends so soon is named first
STALE = timedelta(days=100)  # a shelf should be counted every quarter
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Overview:
    """One shop today. `waiting` are the reservations whose time ends first, `open_count` all of them."""

    shop: Shop
    opening: str
    waiting: list[Redemption]
    open_count: int
    handed_today: int
    low: list[Item]
    items: int
    flagged: int
    counting: Stocktake | None
    last_count: datetime | None

    @property
    def count_is_due(self) -> bool:
        """Whether the shelf has not been counted for a quarter."""
        return self.items > 0 and (self.last_count is None or timezone.now() - self.last_count > STALE)


def overview(shop: Shop, month: Month, today: date) -> Overview:
    """Four queries, however much there is."""
    mine = Redemption.objects.filter(shop=shop)
    begin = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    counts = mine.aggregate(
        open=Count("pk", filter=Q(state="reserved")),
        today=Count("pk", filter=Q(handed_at__gte=begin, state="handed_over")),
        flagged=Count("pk", filter=is_flagged() & Q(month=month)),
    )
    waiting = mine.reserved().select_related("item", "household__group").order_by("expires_at", "id")[:SHOWN]
    items = list(Item.objects.filter(shop=shop, retired_at=None))
    takes = list(Stocktake.objects.filter(shop=shop).exclude(state=StocktakeState.CANCELLED)[:2])
    posted = [take.witnessed_at for take in takes if take.state == StocktakeState.POSTED]
    return Overview(
        shop=shop,
        opening=opening_words(shop, today),
        waiting=list(waiting),
        open_count=counts["open"],
        handed_today=counts["today"],
        low=[item for item in items if item.is_low],
        items=len(items),
        flagged=counts["flagged"],
        counting=next((take for take in takes if take.state != StocktakeState.POSTED), None),
        last_count=posted[0] if posted else None,
    )


@dataclass(frozen=True, slots=True)
class ShopLine:
    """One shop in the list of a township or county."""

    village: str
    name: str
    township: str
    is_open: bool
    reserved: int
    low: int
    flagged: int
    last_count: datetime | None

    @property
    def alarms(self) -> list[str]:
        """What somebody should look at, in words."""
        stale = self.last_count is None or timezone.now() - self.last_count > STALE
        worded = (
            (not self.is_open, "暂停营业"),
            (self.low, f"{self.low} 种快没有了"),
            (self.flagged, f"{self.flagged} 笔要核对"),
            (stale, "三个月没有盘点" if self.last_count else "没有盘点过"),
        )
        return [words for stands, words in worded if stands]


def shops_of(user: User, month: Month) -> list[ShopLine]:
    """The shops of the person's subtree by village. One query."""
    shops = Shop.objects.within(user.scope).annotate(
        open_count=_number(Redemption.objects.reserved().filter(shop=OuterRef("pk")), "shop"),
        low_count=_number(Item.objects.low().filter(shop=OuterRef("pk")), "shop"),
        flag_count=_number(Redemption.objects.filter(is_flagged(), shop=OuterRef("pk"), month=month), "shop"),
        last_count=Subquery(
            Stocktake.objects.filter(shop=OuterRef("pk"), state=StocktakeState.POSTED).values("witnessed_at")[:1]
        ),
    )
    columns = ("village", "village__name", "village__parent__name", "is_open", "open_count", "low_count", "flag_count")
    return [ShopLine(*row) for row in shops.order_by("village").values_list(*columns, "last_count")]


def _number(rows: QuerySet[Any], by: str) -> Any:
    counted = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def redemptions_of(shop: Shop, wanted: dict[str, Any]) -> Any:
    """A shop's redemptions, newest first, as the filter of `FindRedemptionForm` asks."""
    found = Redemption.objects.filter(shop=shop).select_related("item", "household__group", "handed_by", "reserved_by")
    if wanted.get("state"):
        found = found.filter(state=wanted["state"])
    if wanted.get("item"):
        found = found.filter(item=wanted["item"])
    if wanted.get("month"):
        found = found.filter(month=wanted["month"])
    if wanted.get("flagged"):
        found = found.filter(is_flagged())
    if words := wanted.get("words"):
        found = found.filter(_about(words))
    return found.order_by("-id")


def _about(words: str) -> Q:
    """As `households.register.reads.matching`, of the household behind a redemption."""
    typed = compared(words)
    return Q(household__code__endswith=typed) if typed.isdecimal() else named(words, household="household__")


def totals(found: Any) -> dict[str, int]:
    """Redemptions and points of a list, as its head says."""
    summed: dict[str, int] = found.order_by().aggregate(number=Count("pk"), points=Coalesce(Sum("points"), 0))
    return summed
