"""A year's fund, the money that departments put into it, and the rules by which it becomes awards. Money is whole fen.

Nothing here is edited or deleted: a source is corrected by a negative one, a rule is replaced by the next one.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from households.codes import Level
from households.models import Department, Division


class AwardKind(models.TextChoices):
    """The three kinds of domain.md 1.3, and the township's."""

    COMPREHENSIVE = "comprehensive", "综合奖"
    GOAL = "goal", "目标实现奖"
    POINTS = "points", "积分换项目奖"
    TOWNSHIP = "township", "乡镇奖励"

    @property
    def level(self) -> str:
        """The level that competes: village or township."""
        return "township" if self is AwardKind.TOWNSHIP else "village"

    @property
    def by_rank(self) -> bool:
        """Whether rank bands decide."""
        return self in (AwardKind.COMPREHENSIVE, AwardKind.TOWNSHIP)

    @property
    def by_goals(self) -> bool:
        """Whether goals decide."""
        return self is AwardKind.GOAL

    @property
    def by_points(self) -> bool:
        """Whether points are turned into money."""
        return self is AwardKind.POINTS

    @property
    def for_projects(self) -> bool:
        """Whether it pays for projects of a village."""
        return self is not AwardKind.TOWNSHIP


class GoalKind(models.TextChoices):
    SIX_ZERO = "six_zero", "六零户占比"
    RESULT = "result", "得分"


class Fund(models.Model):
    """What a county may give in a year. `allocated_fen` is what confirmed awards took (less what was taken back).

    Both sums are checked against their rows when a transaction commits; 0 <= allocated <= total always.
    """

    county = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("名称", max_length=60)
    total_fen = models.BigIntegerField("总额（分）", default=0)
    allocated_fen = models.BigIntegerField("已分配（分）", default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-year", "id"]
        verbose_name = "资金"
        constraints = [
            models.UniqueConstraint("county", "year", "name", name="fund_once_per_year_and_name"),
            models.CheckConstraint(name="fund_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="fund_of_a_county", condition=Q(Exact(Length("county"), Level.COUNTY.code_length))
            ),
            models.CheckConstraint(name="fund_year_known", condition=Q(year__range=(2000, 2999))),
            models.CheckConstraint(
                name="fund_allocated_within_total",
                condition=Q(allocated_fen__gte=0, allocated_fen__lte=F("total_fen")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def left_fen(self) -> int:
        """What can still be allocated."""
        return self.total_fen - self.allocated_fen


class FundSource(models.Model):
    """Money of one department in a fund, with its document. A negative amount corrects an earlier one."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="sources")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField("金额（分）")
    document_no = models.CharField("文号", max_length=60)
    note = models.CharField("说明", max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "资金来源"
        constraints = [
            models.CheckConstraint(name="source_moves_money", condition=~Q(amount_fen=0)),
            models.CheckConstraint(name="source_has_document", condition=~Q(document_no="")),
            models.CheckConstraint(name="source_correction_says_why", condition=Q(amount_fen__gt=0) | ~Q(note="")),
        ]

    def __str__(self) -> str:
        return f"{self.department_id} {self.amount_fen}"


class AwardRule(models.Model):
    """How one kind of award is worked out from a fund: at most `pool_fen` in all.

    综合奖 and 乡镇奖励 pay by rank (`bands`), 目标实现奖 by goals met (`goals`), 积分换项目奖 `fen_per_point` for each of the
    village's free points up to `points_most`. With `proportional` a pool that is too small is shared in proportion;
    without, the run is refused. A rule that is changed is replaced: `replaced_at` is set once, the newer row counts.
    """

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="rules")
    kind = models.CharField("种类", max_length=13, choices=AwardKind.choices)
    pool_fen = models.BigIntegerField("本项总额（分）")
    proportional = models.BooleanField("不够时按比例压缩", default=False)
    fen_per_point = models.PositiveIntegerField("每分折合（分）", null=True, blank=True)
    points_most = models.PositiveIntegerField("每村最多积分", null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    replaced_at = models.DateTimeField("被替换时间", null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "奖励规则"
        constraints = [
            models.UniqueConstraint(
                "fund", "kind", condition=Q(replaced_at__isnull=True), name="rule_one_in_force_per_kind"
            ),
            models.CheckConstraint(name="rule_kind_known", condition=Q(kind__in=AwardKind.values)),
            models.CheckConstraint(name="rule_pool_positive", condition=Q(pool_fen__gt=0)),
            models.CheckConstraint(
                name="rule_points_priced_for_points_only",
                condition=Q(kind=AwardKind.POINTS, fen_per_point__gt=0, points_most__gt=0)
                & Q(fen_per_point__isnull=False, points_most__isnull=False)
                | ~Q(kind=AwardKind.POINTS) & Q(fen_per_point__isnull=True, points_most__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class RuleBand(models.Model):
    """Ranks `from_rank` to `to_rank`, both included, get `amount_fen` each. Bands of a rule never overlap (trigger)."""

    rule = models.ForeignKey(AwardRule, on_delete=models.PROTECT, related_name="bands")
    from_rank = models.PositiveIntegerField("从第几名")
    to_rank = models.PositiveIntegerField("到第几名")
    amount_fen = models.BigIntegerField("每个金额（分）")

    class Meta:
        ordering = ["rule", "from_rank"]
        verbose_name = "名次档"
        constraints = [
            models.CheckConstraint(
                name="band_ranks_in_order", condition=Q(from_rank__gte=1, to_rank__gte=F("from_rank"))
            ),
            models.CheckConstraint(name="band_pays", condition=Q(amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.from_rank}-{self.to_rank}"


class RuleGoal(models.Model):
    """Who reaches `at_least` gets `amount_fen`; several goals add up.

    `at_least` is in hundredths: 9550 is 95.50 % of households with six zeros, or 95.50 points. With `every_month` each month
    of the basis must reach it, else the mean of all of them.
    """

    rule = models.ForeignKey(AwardRule, on_delete=models.PROTECT, related_name="goals")
    what = models.CharField("看什么", max_length=8, choices=GoalKind.choices)
    at_least = models.PositiveIntegerField("至少（百分之一）")
    every_month = models.BooleanField("每个月都要达到", default=False)
    amount_fen = models.BigIntegerField("金额（分）")

    class Meta:
        ordering = ["rule", "id"]
        verbose_name = "目标"
        constraints = [
            models.UniqueConstraint("rule", "what", "at_least", "every_month", name="goal_once_per_rule"),
            models.CheckConstraint(name="goal_kind_known", condition=Q(what__in=GoalKind.values)),
            models.CheckConstraint(
                name="goal_reachable",
                condition=Q(what=GoalKind.SIX_ZERO, at_least__lte=10_000)
                | Q(what=GoalKind.RESULT, at_least__lte=12_000),
            ),
            models.CheckConstraint(name="goal_pays", condition=Q(amount_fen__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.what} >= {self.at_least}"

    @property
    def unit(self) -> str:
        """What stands behind the figure."""
        return "%" if self.what == GoalKind.SIX_ZERO else " 分"
