"""A household's points turned into goods: reserved, handed over, or given up."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.db.models.lookups import Exact

from households.codes import Level
from households.models import Household
from households.scope import Scoped
from rewards.models.pictures import Picture
from rewards.models.shop import Item, Shop
from rewards.states import RedemptionState


class RedemptionChannel(models.TextChoices):
    PAGE = "page", "本户网页"
    COUNTER = "counter", "柜台"
    OFFLINE = "offline", "断网补录"


class Proof(models.TextChoices):
    NONE = "", "没有凭证"
    PIN = "pin", "户牌密码"
    SIGNATURE = "signature", "屏幕签名"


def is_flagged() -> Q:
    """What a supervisor should look at: recorded after a dead connection, beyond a limit, or short of something."""
    short = Q(over_limit=True) | Q(over_floor=True) | Q(stock_short__gt=0) | Q(points_short__gt=0)
    return Q(channel=RedemptionChannel.OFFLINE) | short


class RedemptionQuerySet(Scoped):
    def whole(self) -> "RedemptionQuerySet":
        """Each with its item, shop and household, in one statement."""
        return self.select_related("item", "shop", "household")

    def reserved(self) -> "RedemptionQuerySet":
        """Goods and points still held."""
        return self.filter(state=RedemptionState.RESERVED)

    def counted(self) -> "RedemptionQuerySet":
        """What counts towards the limits of a month."""
        return self.filter(state__in=[state for state in RedemptionState if state.counts])

    def flagged(self) -> "RedemptionQuerySet":
        """Those that `is_flagged` tells."""
        return self.filter(is_flagged())


class Redemption(models.Model):
    """`quantity` units of one item for `points` points altogether, by one household.

    Household, item, quantity, points and what says where it came from never change, and states only move forward
    (trigger). `month` (YYYY-MM) is the one whose limits it counts in. `reserved_by` empty: the household itself, by
    plate and PIN. `handed_at`/`handed_by` stay when it is reversed later; `ended_at`, `ended_by` and `reason` tell how
    it was voided, expired or reversed (`ended_by` empty: the household itself or the schedule). The ledger's key for it
    is `ledger_key`.

    Off line, what happened is recorded even when it should not have: `over_limit` (a month's limit), `over_floor` (the
    counter's limit for a dead connection), `stock_short` units and `points_short` points that were not there.
    """

    op_id = models.UUIDField(unique=True)
    shop = models.ForeignKey(Shop, on_delete=models.PROTECT, related_name="redemptions", db_index=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="redemptions", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="redemptions", db_index=False)
    quantity = models.PositiveIntegerField("数量")
    points = models.PositiveIntegerField("积分")
    month = models.CharField("所属月份", max_length=7, db_collation="C")
    channel = models.CharField("渠道", max_length=10, choices=RedemptionChannel.choices)
    state = models.CharField(
        "状态", max_length=12, choices=[(s.value, s.label) for s in RedemptionState], default=RedemptionState.RESERVED
    )
    reserved_at = models.DateTimeField("登记时间")
    reserved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    expires_at = models.DateTimeField("保留到", help_text="到这个时刻还没有领取就过期")
    handed_at = models.DateTimeField("领取时间", null=True, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    proof = models.CharField("领取凭证", max_length=10, choices=Proof.choices, blank=True, default=Proof.NONE)
    signature = models.ForeignKey(Picture, on_delete=models.PROTECT, null=True, related_name="+")
    collected_by = models.CharField("代领人", max_length=30, blank=True)
    relation = models.CharField("与户主关系", max_length=20, blank=True)
    delivered_to_home = models.BooleanField("送到家", default=False)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.CharField("原因", max_length=200, blank=True)
    over_limit = models.BooleanField("超过每月限额", default=False)
    over_floor = models.BooleanField("超过断网限额", default=False)
    stock_short = models.PositiveIntegerField("库存不足数量", default=0)
    points_short = models.PositiveIntegerField("积分不足数", default=0)

    objects = RedemptionQuerySet.as_manager()
    scope_field = "household"

    class Meta:
        ordering = ["-id"]
        verbose_name = "兑换"
        indexes = [
            models.Index("household", "month", name="redemption_by_household"),
            models.Index("shop", "id", name="redemption_by_shop"),
            models.Index("item", name="redemption_open_by_item", condition=Q(state="reserved")),
            models.Index("expires_at", name="redemption_due", condition=Q(state="reserved")),
        ]
        constraints = [
            models.CheckConstraint(name="redemption_of_something", condition=Q(quantity__gte=1, points__gte=1)),
            models.CheckConstraint(
                name="redemption_in_own_village",
                condition=Q(Exact(Left("household", Level.VILLAGE.code_length), F("shop"))),
            ),
            models.CheckConstraint(
                name="redemption_month_written_yyyy_mm", condition=Q(month__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$")
            ),
            models.CheckConstraint(name="redemption_channel_known", condition=Q(channel__in=RedemptionChannel.values)),
            models.CheckConstraint(
                name="redemption_stamps_fit_state",
                condition=Q(state="reserved", handed_at__isnull=True, ended_at__isnull=True)
                | Q(state="handed_over", handed_at__isnull=False, ended_at__isnull=True)
                | Q(state__in=["voided", "expired"], handed_at__isnull=True, ended_at__isnull=False)
                | Q(state="reversed", handed_at__isnull=False, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="redemption_handed_over_by_somebody",
                condition=Q(
                    handed_at__isnull=True, handed_by__isnull=True, proof="", delivered_to_home=False, collected_by=""
                )
                | Q(handed_at__isnull=False, handed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="redemption_proven_unless_offline",
                condition=Q(handed_at__isnull=True) | Q(channel="offline") | Q(proof__in=["pin", "signature"]),
            ),
            models.CheckConstraint(
                name="redemption_signature_is_the_proof",
                condition=Q(proof="signature", signature__isnull=False)
                | ~Q(proof="signature") & Q(signature__isnull=True),
            ),
            models.CheckConstraint(
                name="redemption_proxy_with_relation",
                condition=Q(collected_by="", relation="") | ~Q(collected_by="") & ~Q(relation=""),
            ),
            models.CheckConstraint(
                name="redemption_given_up_with_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, reason="")
                | Q(ended_at__isnull=False) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="redemption_reversed_by_somebody", condition=~Q(state="reversed") | Q(ended_by__isnull=False)
            ),
            models.CheckConstraint(
                name="redemption_short_only_offline",
                condition=Q(channel="offline") | Q(over_limit=False, over_floor=False, stock_short=0, points_short=0),
            ),
            models.CheckConstraint(
                name="redemption_offline_never_reserved", condition=~Q(channel="offline") | Q(handed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"redemption {self.pk}"

    @property
    def is_handed_over(self) -> bool:
        return self.state == RedemptionState.HANDED_OVER

    @property
    def ledger_key(self) -> str:
        """Under which its points stand in the ledger."""
        return f"redemption:{self.pk}"

    @property
    def flags(self) -> list[str]:
        """What a supervisor should look at, in Chinese; empty for an ordinary one."""
        worded = (
            (self.channel == RedemptionChannel.OFFLINE, "断网补录"),
            (self.over_limit, "超过每月限额"),
            (self.over_floor, "超过断网限额"),
            (self.stock_short, f"库存少 {self.stock_short}"),
            (self.points_short, f"积分欠 {self.points_short}"),
        )
        return [words for stands, words in worded if stands]
