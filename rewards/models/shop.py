"""A village's 积分超市 and what stands on its shelf."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from households.models import Division
from households.scope import Scoped
from rewards.models.pictures import Picture


class Shop(models.Model):
    """The shop of one village; its key is the village's code, so `item.shop_id` is a place.

    `weekdays` (1 Monday .. 7 Sunday) and `dates` say when the counter hands over; reserving is possible at any time.
    The offline limits are what a counter without a connection may give away on its own: per hand-over, and to one
    household in a day. Points throughout; an empty `household_month_points` is no limit.
    """

    village = models.OneToOneField(Division, on_delete=models.PROTECT, primary_key=True, related_name="shop")
    is_open = models.BooleanField("营业", default=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name="开门的星期", default=list, blank=True)
    dates = ArrayField(models.DateField(), verbose_name="另外开门的日期", default=list, blank=True)
    reservation_days = models.PositiveSmallIntegerField("预订保留天数", default=7)
    household_month_points = models.PositiveIntegerField("每户每月最多兑换积分", null=True, blank=True)
    offline_points = models.PositiveIntegerField("断网时每次最多积分", default=50)
    offline_household_points = models.PositiveIntegerField("断网时每户每天最多积分", default=100)

    objects = Scoped.as_manager()
    scope_field = "village"

    class Meta:
        ordering = ["village"]
        verbose_name = "积分超市"
        constraints = [
            models.CheckConstraint(
                name="shop_weekdays_are_1_to_7", condition=Q(weekdays__contained_by=[1, 2, 3, 4, 5, 6, 7])
            ),
            models.CheckConstraint(name="shop_reservation_stays_1_to_60", condition=Q(reservation_days__range=(1, 60))),
            models.CheckConstraint(
                name="shop_month_limit_positive",
                condition=Q(household_month_points__isnull=True) | Q(household_month_points__gt=0),
            ),
            models.CheckConstraint(
                name="shop_offline_limits_in_order", condition=Q(offline_points__lte=F("offline_household_points"))
            ),
        ]

    def __str__(self) -> str:
        return f"shop {self.pk}"


class ItemQuerySet(Scoped):
    def offered(self) -> "ItemQuerySet":
        """What villagers are shown: on sale and not retired; it may be out of stock."""
        return self.filter(on_sale=True, retired_at__isnull=True)

    def low(self) -> "ItemQuerySet":
        """Items whose free stock has fallen to the alarm threshold or below it."""
        return self.filter(retired_at__isnull=True, on_hand__lte=F("reserved") + F("low_stock"), low_stock__gt=0)


class Item(models.Model):
    """One kind of goods in one shop. `points` is the price of one `unit`, `cost_fen` what one cost last.

    `on_hand` is the sum of its StockMoves, `reserved` the sum of its open Redemptions; both move only in actions that
    hold this row locked. `free` is what can still be reserved.
    """

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="items")
    name = models.CharField("名称", max_length=30)
    unit = models.CharField("单位", max_length=6)
    description = models.CharField("说明", max_length=200, blank=True)
    picture = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    points = models.PositiveIntegerField("所需积分")
    cost_fen = models.BigIntegerField("进价（分）", default=0)
    household_month_limit = models.PositiveIntegerField("每户每月最多数量", null=True, blank=True)
    low_stock = models.PositiveIntegerField("低库存提醒", default=0, help_text="可兑数量到这个数就提醒；0 表示不提醒")
    on_sale = models.BooleanField("上架", default=True)
    on_hand = models.PositiveIntegerField("库存", default=0)
    reserved = models.PositiveIntegerField("已预订", default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    objects = ItemQuerySet.as_manager()
    scope_field = "shop"

    class Meta:
        ordering = ["shop", "name", "id"]
        verbose_name = "兑换物品"
        constraints = [
            models.CheckConstraint(name="item_named_with_unit", condition=~Q(name="") & ~Q(unit="")),
            models.CheckConstraint(name="item_price_at_least_1", condition=Q(points__gte=1)),
            models.CheckConstraint(name="item_cost_never_negative", condition=Q(cost_fen__gte=0)),
            models.CheckConstraint(name="item_reserved_is_on_hand", condition=Q(reserved__lte=F("on_hand"))),
            models.CheckConstraint(
                name="item_month_limit_positive",
                condition=Q(household_month_limit__isnull=True) | Q(household_month_limit__gt=0),
            ),
            models.CheckConstraint(
                name="item_retired_is_off_sale", condition=Q(retired_at__isnull=True) | Q(on_sale=False)
            ),
            models.UniqueConstraint(
                "shop", "name", condition=Q(retired_at__isnull=True), name="item_name_once_per_shop"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def free(self) -> int:
        """How many can still be reserved."""
        return self.on_hand - self.reserved

    @property
    def is_low(self) -> bool:
        """Whether the low-stock alarm stands."""
        return self.retired_at is None and self.low_stock > 0 and self.free <= self.low_stock
