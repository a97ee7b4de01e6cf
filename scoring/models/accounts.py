"""Points accounts. The only door is `scoring.ledger`."""

from django.db import models
from django.db.models import Q


class OwnerKind(models.TextChoices):
    HOUSEHOLD = "household", "户"
    DIVISION = "division", "组、村、乡镇"
    DEPARTMENT = "department", "县直部门"


class Account(models.Model):
    """What a household, division or department has in points. The balance is the sum of its entries."""

    owner_kind = models.CharField(max_length=10, choices=OwnerKind.choices)
    owner = models.CharField("代码", max_length=20, db_collation="C")
    balance = models.BigIntegerField("余额", default=0)

    class Meta:
        verbose_name = "积分账户"
        constraints = [
            models.UniqueConstraint("owner", "owner_kind", name="account_one_per_owner"),
            models.CheckConstraint(name="account_never_negative", condition=Q(balance__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.owner}"


class PointEntry(models.Model):
    """One movement of points. Append-only by trigger; `source_key` makes a repeated credit harmless."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    month = models.CharField("所属月份", max_length=7, db_collation="C")
    amount = models.IntegerField("积分")
    kind = models.CharField("种类", max_length=20)
    source_key = models.CharField(max_length=60, unique=True, db_collation="C")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "积分明细"
        constraints = [models.CheckConstraint(name="entry_moves_something", condition=~Q(amount=0))]

    def __str__(self) -> str:
        return self.source_key
