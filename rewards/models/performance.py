"""What departments earn: performance credit by the results of the divisions they answer for. Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from households.models import Department, Division


class GradeBand(models.Model):
    """Departments ranked `from_rank` to `to_rank` in a county's year get `grade`. Set once a year, before credits are issued."""

    county = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    from_rank = models.PositiveIntegerField("从第几名")
    to_rank = models.PositiveIntegerField("到第几名")
    grade = models.CharField("等次", max_length=10)

    class Meta:
        ordering = ["county", "year", "from_rank"]
        verbose_name = "绩效等次"
        constraints = [
            models.UniqueConstraint("county", "year", "from_rank", name="grade_once_per_rank"),
            models.CheckConstraint(
                name="grade_ranks_in_order", condition=Q(from_rank__gte=1, to_rank__gte=F("from_rank"))
            ),
            models.CheckConstraint(name="grade_named", condition=~Q(grade="")),
        ]

    def __str__(self) -> str:
        return f"{self.grade} {self.from_rank}-{self.to_rank}"


class PerformanceCredit(models.Model):
    """A department's year: sum(weight * total) / sum(weight * households) over the months, exactly; rank, grade and points.

    Issued again after a restatement it becomes the next `version`; the newest counts, all stay readable.
    """

    county = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="credits")
    year = models.PositiveSmallIntegerField("年度")
    version = models.PositiveIntegerField("版次")
    first_month = models.CharField("起始月份", max_length=7, db_collation="C")
    last_month = models.CharField("截止月份", max_length=7, db_collation="C")
    months = models.PositiveSmallIntegerField("有得分的月数")
    households = models.BigIntegerField("加权户次")
    total = models.BigIntegerField("加权总分")
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    grade = models.CharField("等次", max_length=10, blank=True)
    points_earned = models.BigIntegerField("获得积分", default=0)
    points_spent = models.BigIntegerField("使用积分", default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-year", "-version", F("rank").asc(nulls_last=True), "department"]
        verbose_name = "部门绩效积分"
        constraints = [
            models.UniqueConstraint("county", "department", "year", "version", name="credit_version_once"),
            models.CheckConstraint(name="credit_months_in_order", condition=Q(last_month__gte=F("first_month"))),
            models.CheckConstraint(
                name="credit_ranked_when_scored",
                condition=Q(rank__isnull=True, grade="") | Q(rank__isnull=False, rank__gte=1, households__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.year} v{self.version}"
