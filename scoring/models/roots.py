"""What is published of the points every day. Append-only: whoever rewrites a chain cannot rewrite what villages printed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

HASH = r"^[0-9a-f]{64}$"


class VillageRoot(models.Model):
    """A chain of point entries as it stood once: how many rows, the hash of the last, the Merkle root over all of them.

    `chain` is that of `PointEntry`: a village, township or county, or ``department:CODE``. `peaks` are those of
    `scoring.ledger.merkle.grow`, 32 bytes each, so that the next root reads new rows only. A chain that has not moved gets no
    new row.
    """

    chain = models.CharField("链", max_length=40, db_collation="C")
    size = models.BigIntegerField("行数")
    head = models.CharField("末行指纹", max_length=64)
    root = models.CharField("根指纹", max_length=64)
    peaks = models.BinaryField()
    day = models.DateField("公布日期")

    class Meta:
        ordering = ["chain", "size"]
        verbose_name = "积分链的根"
        constraints = [
            models.UniqueConstraint("chain", "size", name="village_root_once_per_size"),
            models.CheckConstraint(name="village_root_of_something", condition=Q(size__gt=0) & ~Q(chain="")),
            models.CheckConstraint(name="village_root_is_sha256", condition=Q(head__regex=HASH) & Q(root__regex=HASH)),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.size}"


class DailyRoot(models.Model):
    """A county's list of a day: the newest root of each of its chains, in the order of the chains, and the root over them."""

    county = models.CharField("县级代码", max_length=6, db_collation="C")
    day = models.DateField("日期")
    root = models.CharField("全县根指纹", max_length=64)
    entries = models.BigIntegerField("积分行数")
    lines = ArrayField(models.BigIntegerField(), verbose_name="各链的根")
    # The newest seal of the trail (`households.trail`) on that day; none on lists of before there was a trail.
    seal = models.BigIntegerField("留痕封号", null=True)
    sealed = models.BigIntegerField("留痕条数", null=True)
    sealed_head = models.CharField("留痕指纹", max_length=64, blank=True, default="")
    at = models.DateTimeField("公布时间", auto_now_add=True)

    class Meta:
        ordering = ["county", "-day"]
        verbose_name = "积分日榜"
        constraints = [
            models.UniqueConstraint("county", "day", name="daily_root_once_per_day"),
            models.CheckConstraint(name="daily_root_of_something", condition=Q(entries__gt=0)),
            models.CheckConstraint(name="daily_root_is_sha256", condition=Q(root__regex=HASH)),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.day}"
