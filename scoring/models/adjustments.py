"""Adjustments: how a frozen month is put right. A township asks, the county office grants (design section 6)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from households.scope import Scoped
from scoring.models.events import ScoreEvent
from scoring.models.months import Period
from scoring.models.schemes import Clause
from scoring.reasons import CHOICES, PublicReason
from scoring.states import AdjustmentState

_OPEN = Q(state=AdjustmentState.ASKED)
_UNDECIDED = Q(decided_by=None, decided_at=None, answer="", version=None)
_DECIDED = Q(decided_by__isnull=False, decided_at__isnull=False)


class Adjustment(models.Model):
    """A correction of one frozen month: a new event under `clause`, or the withdrawal of `event` (no clause then).

    `event` of a new one is written when it is granted. `version` is that of the rankings archived after it. Asked once,
    decided once, never edited (trigger).
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="adjustments", db_index=False)
    code = models.CharField("对象代码", max_length=18, db_collation="C")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    date = models.DateField("发生日期", null=True, blank=True)
    document_no = models.CharField("文书号", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    event = models.ForeignKey(ScoreEvent, on_delete=models.PROTECT, null=True, related_name="adjustments")
    reason = models.CharField("申请原因", max_length=200)
    public_reason = models.CharField("公开的原因", max_length=20, choices=CHOICES, default=PublicReason.REVIEWED)
    state = models.CharField("状态", max_length=10, default=AdjustmentState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    answer = models.CharField("不同意的原因", max_length=200, blank=True)
    version = models.PositiveIntegerField("排名版本", null=True, blank=True)

    objects = Scoped.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "锁定后调整"
        indexes = [models.Index("period", "code", name="adjustment_by_month_and_code")]
        constraints = [
            models.CheckConstraint(
                name="adjustment_state_known", condition=Q(state__in=[state.value for state in AdjustmentState])
            ),
            models.CheckConstraint(name="adjustment_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="adjustment_public_reason_listed",
                condition=Q(public_reason__in=[reason.value for reason in PublicReason]),
            ),
            models.CheckConstraint(
                name="adjustment_adds_or_withdraws",
                condition=Q(clause__isnull=False, date__isnull=False)
                | Q(clause=None, date=None, document_no="", note="", event__isnull=False),
            ),
            models.CheckConstraint(
                name="adjustment_event_written_when_granted",
                condition=Q(clause=None)
                | Q(state=AdjustmentState.GRANTED, event__isnull=False)
                | ~Q(state=AdjustmentState.GRANTED) & Q(event=None),
            ),
            models.CheckConstraint(
                name="adjustment_decision_complete",
                condition=_OPEN & _UNDECIDED
                | Q(state=AdjustmentState.GRANTED, answer="", version__isnull=False) & _DECIDED
                | Q(state=AdjustmentState.REFUSED, version=None) & ~Q(answer="") & _DECIDED,
            ),
            models.CheckConstraint(
                name="adjustment_needs_two_people", condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by"))
            ),
            models.UniqueConstraint("event", condition=_OPEN & Q(clause=None), name="adjustment_one_open_withdrawal"),
            models.UniqueConstraint(
                "period", "code", "clause", "date", condition=_OPEN, name="adjustment_one_open_addition"
            ),
        ]

    def __str__(self) -> str:
        return f"adjustment {self.pk}"

    @property
    def withdraws(self) -> bool:
        """Whether it takes an event back; otherwise it adds one."""
        return self.clause_id is None
