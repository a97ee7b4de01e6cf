"""Runs of the award engine, the awards that were confirmed, and what the county decided when their basis was restated.

For projects: an `Award` row exists only once its run was confirmed by a second person, so every Award is confirmed. Take
money from it through `rewards.awards.actions.commitments` alone: `lock_open(award_id)` locks the row and refuses one that is
suspended, `commit` and `give_back` move `committed_fen`. `left_fen` is what can still be committed.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from households.models import Division
from households.scope import Scoped
from rewards.models.funds import AwardKind, AwardRule, Fund

_BASIS_MATCHES = Q(months__len=F("versions__len"), months__len__gte=1)


class RunState(models.TextChoices):
    PREVIEWED = "previewed", "待第二人确认"
    CONFIRMED = "confirmed", "已确认"
    DISCARDED = "discarded", "已作废"


class AwardRun(models.Model):
    """One working-out of a rule over the basis months, as the first person saw it.

    `months` are YYYY-MM in order, `versions` the version of the ranking snapshot that was read for each; `digest` is SHA-256 of
    the rule and of every line, so that the second person confirms exactly these. Confirmed by a different person.
    """

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="runs")
    rule = models.ForeignKey(AwardRule, on_delete=models.PROTECT, related_name="runs")
    kind = models.CharField("种类", max_length=13, choices=AwardKind.choices)
    months = ArrayField(models.CharField(max_length=7), verbose_name="依据月份")
    versions = ArrayField(models.PositiveIntegerField(), verbose_name="排名存档版本")
    total_fen = models.BigIntegerField("合计（分）")
    digest = models.CharField("摘要", max_length=64)
    state = models.CharField("状态", max_length=9, choices=RunState.choices, default=RunState.PREVIEWED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    discarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    discarded_at = models.DateTimeField("作废时间", null=True, blank=True)
    discard_reason = models.CharField("作废原因", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "奖励测算"
        constraints = [
            models.UniqueConstraint(
                "fund", "kind", condition=Q(state=RunState.PREVIEWED), name="run_one_waits_per_kind"
            ),
            models.CheckConstraint(name="run_total_not_negative", condition=Q(total_fen__gte=0)),
            models.CheckConstraint(name="run_version_for_each_month", condition=_BASIS_MATCHES),
            models.CheckConstraint(
                name="run_stamps_fit_state",
                condition=Q(state=RunState.PREVIEWED, confirmed_by=None, confirmed_at=None, discarded_by=None)
                & Q(discarded_at=None)
                | Q(state=RunState.CONFIRMED, confirmed_by__isnull=False, confirmed_at__isnull=False)
                & Q(discarded_by=None, discarded_at=None)
                | Q(state=RunState.DISCARDED, discarded_by__isnull=False, discarded_at__isnull=False)
                & Q(confirmed_by=None, confirmed_at=None)
                & ~Q(discard_reason=""),
            ),
            models.CheckConstraint(
                name="run_confirmed_by_another",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def level(self) -> str:
        """The level whose rankings were read: village or township."""
        return AwardKind(self.kind).level

    @property
    def is_confirmed(self) -> bool:
        return self.state == RunState.CONFIRMED


class AwardLine(models.Model):
    """One division in a run, awarded or not, with the reason in words. Append-only.

    `total` and `households` are sums over the basis months, `six_zero` likewise; `rank` is empty for a division that is not
    final in every month.
    """

    run = models.ForeignKey(AwardRun, on_delete=models.PROTECT, related_name="lines")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    households = models.BigIntegerField("户次")
    total = models.BigIntegerField("总分")
    six_zero = models.BigIntegerField("六零户次")
    points = models.PositiveIntegerField("使用积分", default=0)
    amount_fen = models.BigIntegerField("金额（分）", default=0)
    reason = models.CharField("理由", max_length=500)

    class Meta:
        ordering = ["run", F("rank").asc(nulls_last=True), "division"]
        verbose_name = "测算明细"
        constraints = [
            models.UniqueConstraint("run", "division", name="line_once_per_run"),
            models.CheckConstraint(name="line_amount_not_negative", condition=Q(amount_fen__gte=0)),
            models.CheckConstraint(
                name="line_unranked_gets_nothing", condition=Q(rank__isnull=False, rank__gte=1) | Q(amount_fen=0)
            ),
            models.CheckConstraint(name="line_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.division_id}"


class Award(models.Model):
    """A confirmed award of a village or township. `amount_fen` never changes.

    `withdrawn_fen` is what the county took back by decision, `committed_fen` what projects took; 0 <= committed <= amount -
    withdrawn by constraint. `points` were spent from the village's account for 积分换项目奖.
    """

    run = models.ForeignKey(AwardRun, on_delete=models.PROTECT, related_name="awards")
    line = models.OneToOneField(AwardLine, on_delete=models.PROTECT, related_name="award")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="awards")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="awards")
    kind = models.CharField("种类", max_length=13, choices=AwardKind.choices)
    rank = models.PositiveIntegerField("名次")
    reason = models.CharField("理由", max_length=500)
    points = models.PositiveIntegerField("使用积分", default=0)
    amount_fen = models.BigIntegerField("金额（分）")
    withdrawn_fen = models.BigIntegerField("收回（分）", default=0)
    committed_fen = models.BigIntegerField("已用于项目（分）", default=0)
    letter_no = models.CharField("通知书编号", max_length=40, unique=True)
    at = models.DateTimeField(auto_now_add=True)

    objects = Scoped.as_manager()
    scope_field = "division"

    class Meta:
        ordering = ["fund", "kind", "rank", "division"]
        verbose_name = "奖励"
        constraints = [
            models.UniqueConstraint("run", "division", name="award_once_per_run"),
            models.CheckConstraint(name="award_pays", condition=Q(amount_fen__gt=0)),
            models.CheckConstraint(name="award_withdrawn_not_negative", condition=Q(withdrawn_fen__gte=0)),
            models.CheckConstraint(
                name="award_committed_within_amount",
                condition=Q(committed_fen__gte=0, committed_fen__lte=F("amount_fen") - F("withdrawn_fen")),
            ),
        ]

    def __str__(self) -> str:
        return self.letter_no

    @property
    def net_fen(self) -> int:
        """What the award is worth after decisions."""
        return self.amount_fen - self.withdrawn_fen

    @property
    def left_fen(self) -> int:
        """What projects may still take, if the award is not suspended."""
        return self.net_fen - self.committed_fen

    @property
    def for_projects(self) -> bool:
        """Whether it pays for projects of a village."""
        return AwardKind(self.kind).for_projects


class AwardReview(models.Model):
    """What the county decides about awards of a run whose basis was restated: proposed by one, confirmed by another.

    `months` and `versions` say which snapshots the decision looked at: a later restatement suspends the awards again.
    """

    run = models.ForeignKey(AwardRun, on_delete=models.PROTECT, related_name="reviews")
    months = ArrayField(models.CharField(max_length=7))
    versions = ArrayField(models.PositiveIntegerField())
    reason = models.CharField("理由", max_length=200)
    state = models.CharField("状态", max_length=9, choices=RunState.choices, default=RunState.PREVIEWED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("确认或作废时间", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "复核决定"
        constraints = [
            models.UniqueConstraint("run", condition=Q(state=RunState.PREVIEWED), name="review_one_waits_per_run"),
            models.CheckConstraint(name="review_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="review_version_for_each_month", condition=_BASIS_MATCHES),
            models.CheckConstraint(
                name="review_stamps_fit_state",
                condition=Q(state=RunState.PREVIEWED, ended_by=None, ended_at=None)
                | ~Q(state=RunState.PREVIEWED) & Q(ended_by__isnull=False, ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_confirmed_by_another",
                condition=~Q(state=RunState.CONFIRMED) | ~Q(ended_by=F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has still to confirm it."""
        return self.state == RunState.PREVIEWED


class Choice(models.TextChoices):
    KEEP = "keep", "维持"
    REDUCE = "reduce", "核减"
    WITHDRAW = "withdraw", "撤销"


class AwardDecision(models.Model):
    """One award in a review: keep it, reduce it to `amount_fen`, or withdraw it. Append-only."""

    review = models.ForeignKey(AwardReview, on_delete=models.PROTECT, related_name="decisions")
    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="decisions")
    choice = models.CharField("决定", max_length=8, choices=Choice.choices)
    amount_fen = models.BigIntegerField("决定后的金额（分）")

    class Meta:
        ordering = ["review", "award"]
        verbose_name = "奖励决定"
        constraints = [
            models.UniqueConstraint("review", "award", name="decision_once_per_review"),
            models.CheckConstraint(
                name="decision_amount_fits_choice",
                condition=Q(choice=Choice.WITHDRAW, amount_fen=0) | Q(choice__in=["keep", "reduce"], amount_fen__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.choice} {self.award_id}"
