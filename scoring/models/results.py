"""What the roll-up writes: one row per month and code, so a county is a prefix and a natural shard."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Now

from households.scope import Scoped
from scoring.reasons import listed


class HouseholdScore(models.Model):
    """A scored household's month. `broken` has bit (position - 1) set for each zero not held."""

    pk = models.CompositePrimaryKey("month", "code")
    month = models.CharField(max_length=7, db_collation="C")
    code = models.CharField(max_length=18, db_collation="C")
    score = models.PositiveSmallIntegerField("得分")
    bonus = models.PositiveSmallIntegerField("加分")
    broken = models.PositiveSmallIntegerField("未守住的零")

    objects = Scoped.as_manager()

    class Meta:
        verbose_name = "户得分"
        constraints = [
            models.CheckConstraint(name="household_score_0_to_120", condition=Q(score__range=(0, 120))),
            models.CheckConstraint(name="household_bonus_0_to_20", condition=Q(bonus__range=(0, 20))),
            models.CheckConstraint(name="household_broken_is_six_bits", condition=Q(broken__range=(0, 63))),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.code}"


class DivisionScore(models.Model):
    """A division's month: totals and counts, never the quotient (design section 5).

    `active` households count in the month, `households` of them are scored, `total` already contains
    `households * adjustment`, `events` counts the exceptions recorded below and on it (news, not arithmetic).
    """

    pk = models.CompositePrimaryKey("month", "code")
    month = models.CharField(max_length=7, db_collation="C")
    code = models.CharField(max_length=14, db_collation="C")
    active = models.PositiveIntegerField("在册户数")
    households = models.PositiveIntegerField("已评户数")
    total = models.BigIntegerField("总分")
    adjustment = models.IntegerField("直接加减分")
    six_zero = models.PositiveIntegerField("六零户数")
    events = models.PositiveIntegerField("例外条数")
    as_of = models.DateTimeField("计算时间")

    objects = Scoped.as_manager()

    class Meta:
        verbose_name = "区划得分"
        constraints = [
            models.CheckConstraint(
                name="division_scored_within_active",
                condition=Q(households__lte=F("active"), six_zero__lte=F("households")),
            )
        ]
        indexes = [models.Index("month", Length("code"), "code", name="division_score_by_level")]

    def __str__(self) -> str:
        return f"{self.month} {self.code}"


class DepartmentScore(models.Model):
    """A department's month: weighted sums over the divisions linked to it that month."""

    pk = models.CompositePrimaryKey("month", "department_code")
    month = models.CharField(max_length=7, db_collation="C")
    department_code = models.CharField(max_length=20)
    households = models.BigIntegerField("加权户数")
    total = models.BigIntegerField("加权总分")
    active = models.BigIntegerField("加权在册户数")
    as_of = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = "部门得分"

    def __str__(self) -> str:
        return f"{self.month} {self.department_code}"


class Mark(models.Model):
    """(month, village or higher division) whose figures are out of date, `since` when. `moved` grows with every touch."""

    pk = models.CompositePrimaryKey("month", "code")
    month = models.CharField(max_length=7, db_collation="C")
    code = models.CharField(max_length=14, db_collation="C")
    moved = models.BigIntegerField()
    since = models.DateTimeField("从何时起", db_default=Now())

    class Meta:
        verbose_name = "待汇总"

    def __str__(self) -> str:
        return f"{self.month} {self.code}"


class RankingSnapshot(models.Model):
    """A ranking as it stood when a month was frozen or restated. Append-only; `digest` is SHA-256 of `body`."""

    month = models.CharField(max_length=7, db_collation="C")
    level = models.CharField(max_length=12)
    within = models.CharField("县级代码", max_length=6, db_collation="C")
    version = models.PositiveIntegerField()
    reason = models.CharField("缘由", max_length=200)
    body = models.TextField("内容")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["month", "level", "within", "version"]
        verbose_name = "排名存档"
        constraints = [models.UniqueConstraint("month", "level", "within", "version", name="snapshot_version_once")]

    def __str__(self) -> str:
        return f"{self.month} {self.level} {self.within} v{self.version}"

    @property
    def shown_reason(self) -> str:
        """`reason` for its readers: free words of a correction, from before there was a list of reasons, are left out."""
        return listed(self.reason)
