"""The plate at a household's door: an opaque token, the PIN that opens the household's own page, the devices it knows."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from households.models.division import Household
from households.models.people import User


class Plate(models.Model):
    """A QR plate. The token is all that the code holds; the PIN opens the household's own page.

    `pin_set_at` is when a PIN was last handed out on paper: whoever made the paper may know it. It opens the door once;
    `own_pin_at` is since when the household has had PINs of its own since then, empty as long as it has none.
    `pin_epoch` counts the PINs that the plate has had: a session of an earlier one opens nothing.
    `opened_at` is when the household first came in and set its PIN, and stays. Openings were not always noted: of a plate
    that is older (`opening_noted` is false), no `opened_at` means that nobody knows.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="plates")
    token = models.CharField("令牌", max_length=22, unique=True, db_collation="C")
    pin_hash = models.CharField("PIN 摘要", max_length=64)
    pin_set_at = models.DateTimeField("PIN 设定时间", default=timezone.now)
    own_pin_at = models.DateTimeField("自己的 PIN 启用时间", null=True, blank=True)
    pin_epoch = models.PositiveIntegerField("第几个 PIN", default=0)
    failures = models.PositiveSmallIntegerField("连续输错次数", default=0)
    failed_at = models.DateTimeField("最近输错时间", null=True, blank=True)
    locked_until = models.DateTimeField("锁定至", null=True, blank=True)
    issued_at = models.DateTimeField(auto_now_add=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField("首次打开时间", null=True, blank=True)
    opening_noted = models.BooleanField("发牌起就记打开", default=True)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        verbose_name = "户牌"
        constraints = [
            models.UniqueConstraint("household", condition=Q(revoked_at__isnull=True), name="plate_one_in_force"),
            models.CheckConstraint(name="plate_token_128_bit", condition=Q(token__regex=r"^[A-Za-z0-9_-]{22}$")),  # noqa: S106
            models.CheckConstraint(
                name="plate_own_pin_after_paper",
                condition=Q(own_pin_at=None) | Q(own_pin_at__gte=F("pin_set_at"), pin_epoch__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"plate {self.pk}"

    @property
    def has_own_pin(self) -> bool:
        """Whether the PIN in force is one that the household has set itself, so that nobody else was ever told it."""
        return self.own_pin_at is not None


class PlateDevice(models.Model):
    """A browser in which the household's own PIN was right before: what strangers type at the door does not lock it out.

    It opens nothing without the PIN. `digest` is that of the key in its cookie; all of a plate's go when its PIN changes.
    """

    plate = models.ForeignKey(Plate, on_delete=models.CASCADE, related_name="devices")
    digest = models.CharField("摘要", max_length=40, unique=True, db_collation="C")
    since = models.DateTimeField(default=timezone.now)
    failures = models.PositiveSmallIntegerField("连续输错次数", default=0)

    class Meta:
        verbose_name = "记住的手机"

    def __str__(self) -> str:
        return f"device {self.pk}"
