"""The plate at a household's door: an opaque token, and the PIN handed out on paper."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.models.division import Household
from households.models.people import User


class Plate(models.Model):
    """A QR plate. The token is all that the code holds; the PIN opens the household's own page.

    `pin_set_at` is since when the PIN is the one in force: whoever knows it may have been given it on that day.
    `opened_at` is when the household's page was first opened with the PIN, and stays. Openings were not always noted:
    of a plate that is older (`opening_noted` is false), no `opened_at` means that nobody knows.
    """

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="plates")
    token = models.CharField("令牌", max_length=22, unique=True, db_collation="C")
    pin_hash = models.CharField("PIN 摘要", max_length=64)
    pin_set_at = models.DateTimeField("PIN 设定时间", default=timezone.now)
    failures = models.PositiveSmallIntegerField("连续输错次数", default=0)
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
        ]

    def __str__(self) -> str:
        return f"plate {self.pk}"
