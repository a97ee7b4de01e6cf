"""What departments find: filed with a document number, and what a village or township answered."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q

from households.models import Department
from households.scope import Scoped
from scoring.finding_states import FindingState, finding_state
from scoring.models.adjustments import Adjustment
from scoring.models.events import ScoreEvent
from scoring.models.months import Period
from scoring.models.schemes import Clause
from scoring.states import AdjustmentState, event_state


class FindingQuerySet(Scoped):
    def late(self) -> "FindingQuerySet":
        """Those that found the month signed for, and that nobody has answered or asked a correction for."""
        return self.unlanded().exclude(Exists(FindingAnswer.objects.filter(finding=OuterRef("pk"))))

    def unlanded(self) -> "FindingQuerySet":
        """Those that are no entry of a sheet and were not taken back, answered or not."""
        return self.filter(event=None, adjustment=None, withdrawn_at=None)

    def whole(self) -> "FindingQuerySet":
        """With all that a line says of one."""
        people = ("clause__indicator", "department", "filed_by", "event", "adjustment", "period")
        return self.select_related(*people).prefetch_related(
            Prefetch("answers", FindingAnswer.objects.select_related("by"))
        )


class Finding(models.Model):
    """A department's decision about a household or place. What became of it is told by its event, its correction or its answers.

    `event` is the entry of the month's sheet that it became; none while it came too late for the sheet.
    """

    op_id = models.UUIDField(unique=True)
    period = models.ForeignKey(Period, models.PROTECT, related_name="findings", db_index=False)
    code = models.CharField("对象代码", max_length=18, db_collation="C")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+", db_index=False)
    date = models.DateField("发生日期")
    document_no = models.CharField("文书号", max_length=60)
    note = models.CharField("说明", max_length=200, blank=True)
    department = models.ForeignKey(Department, models.PROTECT, related_name="findings")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    filed_at = models.DateTimeField("交来", auto_now_add=True)
    event = models.ForeignKey(ScoreEvent, models.PROTECT, null=True, related_name="findings")
    adjustment = models.ForeignKey(Adjustment, models.PROTECT, null=True, related_name="findings", db_index=False)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdraw_reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "部门认定"
        indexes = [models.Index("period", "code", name="finding_by_month_and_code")]
        constraints = [
            models.CheckConstraint(
                name="finding_code_of_household_or_division",
                condition=Q(code__regex=r"^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{14}|[0-9]{18})$"),
            ),
            models.CheckConstraint(name="finding_has_a_document", condition=~Q(document_no="")),
            models.CheckConstraint(
                name="finding_withdrawn_with_reason",
                condition=Q(withdrawn_at=None, withdraw_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdraw_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"finding {self.pk}"

    @property
    def state(self) -> FindingState:
        """What became of it."""
        answers = list(self.answers.all())
        event = self.event
        return finding_state(
            withdrawn=self.withdrawn_at is not None,
            event=event_state(confirmed=bool(event.confirmed_at), withdrawn=bool(event.withdrawn_at))
            if event
            else None,
            correction=AdjustmentState(self.adjustment.state) if self.adjustment else None,
            answer=answers[-1].kind if answers else "",
        )


class FindingAnswerKind(models.TextChoices):
    EXPLAINED = "explained", "村里说明"
    DECLINED = "declined", "乡镇不申请更正"


class FindingAnswer(models.Model):
    """Why a declared month stands as it is although a department found otherwise. Append-only."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="answers")
    kind = models.CharField("种类", max_length=10, choices=FindingAnswerKind.choices)
    words = models.CharField("说明", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "对部门认定的答复"
        constraints = [
            models.CheckConstraint(name="finding_answer_known", condition=Q(kind__in=FindingAnswerKind.values)),
            models.CheckConstraint(name="finding_answer_has_words", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"answer to finding {self.finding_id}"
