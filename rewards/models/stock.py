"""Goods coming in and going out, and the counting of what is there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from households.scope import Scoped
from rewards.models.redemptions import Redemption
from rewards.models.shop import Item, Shop
from rewards.states import StocktakeState


class MoveKind(models.TextChoices):
    PURCHASE = "purchase", "进货"
    HAND_OVER = "hand_over", "发放"
    RETURN = "return", "退货入库"
    VARIANCE = "variance", "盘点差异"
    FOUND = "found", "断网补差"
    HANDED_ON = "handed_on", "移交"


class StockMove(models.Model):
    """One movement of goods, append-only (trigger): `quantity` units in (positive) or out (negative).

    PURCHASE brings `unit_cost_fen`, `supplier` and `voucher_no`; RETURN is a reversed hand-over coming back; VARIANCE
    the difference a stocktake found; FOUND what a hand-over without connection shows to have been there although the
    books said no; HANDED_ON what went from the shop of a village that ended to that of the village it went on as.
    `source_key` makes a repetition harmless: "purchase:UUID", "hand_over:ID", "return:ID", "found:ID" (of the
    redemption), "variance:ID" (of the stocktake's line), "handed_on:ORDER:ITEM:out" and ":in" (of the item that ended).
    `by` empty: the operator at the command line.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="moves")
    kind = models.CharField("种类", max_length=10, choices=MoveKind.choices)
    quantity = models.IntegerField("数量")
    unit_cost_fen = models.BigIntegerField("单价（分）", default=0)
    supplier = models.CharField("供货单位", max_length=60, blank=True)
    voucher_no = models.CharField("凭证号", max_length=60, blank=True)
    redemption = models.ForeignKey(Redemption, on_delete=models.PROTECT, null=True, blank=True, related_name="moves")
    note = models.CharField("说明", max_length=200, blank=True)
    source_key = models.CharField(max_length=60, unique=True, db_collation="C")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField("时间", default=timezone.now)

    objects = Scoped.as_manager()
    scope_field = "item__shop"

    class Meta:
        ordering = ["id"]
        verbose_name = "库存明细"
        constraints = [
            models.CheckConstraint(
                name="move_sign_fits_kind",
                condition=Q(kind__in=["purchase", "return", "found"], quantity__gt=0)
                | Q(kind="hand_over", quantity__lt=0)
                | Q(kind__in=["variance", "handed_on"]) & ~Q(quantity=0),
            ),
            models.CheckConstraint(name="move_cost_never_negative", condition=Q(unit_cost_fen__gte=0)),
            models.CheckConstraint(
                name="move_purchase_with_voucher",
                condition=~Q(kind="purchase") | ~Q(supplier="") & ~Q(voucher_no=""),
            ),
            models.CheckConstraint(
                name="move_names_its_redemption",
                condition=Q(kind__in=["hand_over", "return", "found"], redemption__isnull=False)
                | Q(kind__in=["purchase", "variance", "handed_on"], redemption__isnull=True),
            ),
            models.CheckConstraint(
                name="move_variance_with_reason", condition=~Q(kind__in=["variance", "handed_on"]) | ~Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return self.source_key


class Stocktake(models.Model):
    """A count of the shelf: a cadre counts and signs, a supervisor witnesses; only then the differences are posted."""

    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="stocktakes")
    state = models.CharField(
        "状态", max_length=10, choices=[(s.value, s.label) for s in StocktakeState], default=StocktakeState.COUNTING
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    signed_at = models.DateTimeField("清点人签名时间", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    witnessed_at = models.DateTimeField("监督人签名时间", null=True, blank=True)
    witnessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    cancelled_at = models.DateTimeField("作废时间", null=True, blank=True)
    reason = models.CharField("作废或退回原因", max_length=200, blank=True)

    objects = Scoped.as_manager()
    scope_field = "shop"

    class Meta:
        ordering = ["-id"]
        verbose_name = "盘点"
        constraints = [
            models.UniqueConstraint(
                "shop", condition=Q(state__in=["counting", "signed"]), name="stocktake_one_at_a_time"
            ),
            models.CheckConstraint(
                name="stocktake_signatures_fit_state",
                condition=Q(
                    state="counting", signed_at__isnull=True, witnessed_at__isnull=True, cancelled_at__isnull=True
                )
                | Q(state="signed", signed_at__isnull=False, witnessed_at__isnull=True, cancelled_at__isnull=True)
                | Q(state="posted", signed_at__isnull=False, witnessed_at__isnull=False, cancelled_at__isnull=True)
                | Q(state="cancelled", witnessed_at__isnull=True, cancelled_at__isnull=False),
            ),
            models.CheckConstraint(
                name="stocktake_signed_by_two",
                condition=(
                    Q(signed_at__isnull=True, signed_by__isnull=True)
                    | Q(signed_at__isnull=False, signed_by__isnull=False)
                )
                & (
                    Q(witnessed_at__isnull=True, witnessed_by__isnull=True)
                    | Q(witnessed_at__isnull=False, witnessed_by__isnull=False) & ~Q(witnessed_by=F("signed_by"))
                ),
            ),
            models.CheckConstraint(
                name="stocktake_cancelled_with_reason", condition=~Q(state="cancelled") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"stocktake {self.pk}"

    @property
    def is_counting(self) -> bool:
        """Whether it still takes figures."""
        return self.state == StocktakeState.COUNTING

    @property
    def is_signed(self) -> bool:
        """Whether it waits for the witness."""
        return self.state == StocktakeState.SIGNED


class StocktakeLine(models.Model):
    """One item of a stocktake. `expected` is the book's figure at the moment it was counted, not when it was opened."""

    stocktake = models.ForeignKey(Stocktake, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    expected = models.PositiveIntegerField("账面数")
    counted = models.PositiveIntegerField("实点数", null=True, blank=True)
    reason = models.CharField("差异原因", max_length=200, blank=True)

    class Meta:
        ordering = ["stocktake", "item__name", "id"]
        verbose_name = "盘点明细"
        constraints = [
            models.UniqueConstraint("stocktake", "item", name="stocktake_line_once_per_item"),
            models.CheckConstraint(
                name="stocktake_variance_with_reason",
                condition=Q(counted__isnull=True) | Q(counted=F("expected")) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stocktake_id} {self.item_id}"

    @property
    def variance(self) -> int:
        """Units more (positive) or fewer (negative) than the book said; 0 before it is counted."""
        return 0 if self.counted is None else self.counted - self.expected
