"""Points given or taken by hand: one person asks, another grants, and never more than the ceiling."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from households.scope import Scoped
from scoring.models.accounts import OwnerKind
from scoring.reasons import POINTS_CHOICES, PointsReason


class AskState(models.TextChoices):
    ASKED = "asked", "待批准"
    GRANTED = "granted", "已批准"
    REFUSED = "refused", "未批准"


class PointAdjustment(models.Model):
    """A change of an account that no month brings about. Granted, it is one entry of the ledger; the asking stays readable."""

    owner_kind = models.CharField(max_length=10, choices=OwnerKind.choices)
    owner = models.CharField("代码", max_length=20, db_collation="C")
    points = models.IntegerField("积分")
    reason = models.CharField("原因", max_length=100)
    public_reason = models.CharField("公开的原因", max_length=20, choices=POINTS_CHOICES, default=PointsReason.OTHER)
    state = models.CharField("状态", max_length=10, choices=AskState.choices, default=AskState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True)
    answer = models.CharField("答复", max_length=100, blank=True)

    objects = Scoped.as_manager()
    scope_field = "owner"

    class Meta:
        ordering = ["-id"]
        verbose_name = "积分人工调整"
        constraints = [
            models.CheckConstraint(name="point_adjustment_moves_something", condition=~Q(points=0)),
            models.CheckConstraint(name="point_adjustment_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="point_adjustment_public_reason_listed",
                condition=Q(public_reason__in=[reason.value for reason in PointsReason]),
            ),
            models.CheckConstraint(
                name="point_adjustment_decided_with_state",
                condition=Q(state=AskState.ASKED, decided_by__isnull=True, decided_at__isnull=True)
                | Q(state=AskState.GRANTED, decided_by__isnull=False, decided_at__isnull=False)
                | Q(state=AskState.REFUSED, decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer=""),
            ),
            models.CheckConstraint(name="point_adjustment_by_two", condition=~Q(decided_by=F("asked_by"))),
            models.UniqueConstraint(
                "owner", "owner_kind", condition=Q(state=AskState.ASKED), name="point_adjustment_one_waiting"
            ),
        ]
        indexes = [models.Index("state", "owner", name="point_adjustment_by_state")]

    def __str__(self) -> str:
        return f"{self.owner_kind} {self.owner} {self.points:+d}"

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has still to decide."""
        return self.state == AskState.ASKED

    @property
    def was_refused(self) -> bool:
        return self.state == AskState.REFUSED

    @property
    def of_department(self) -> bool:
        return self.owner_kind == OwnerKind.DEPARTMENT
