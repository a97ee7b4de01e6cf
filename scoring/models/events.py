"""Events: what happened to a household or a division in a month, under which clause, recorded by whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.expressions import RawSQL

from households.scope import Scoped
from scoring.models.months import Period
from scoring.models.schemes import Clause
from scoring.rules import Kind


class Source(models.TextChoices):
    SHEET = "sheet", "月度台账"
    IMPORT = "import", "县六零办导入"
    ADJUSTMENT = "adjustment", "锁定后调整"
    OBJECTION = "objection", "异议成立"
    FINDING = "finding", "部门认定"
    FILE = "file", "台账文件"
    PAPER = "paper", "纸质台账"
    BATCH = "batch", "成批登记"


class EventQuerySet(Scoped):
    def standing(self) -> "EventQuerySet":
        """Events not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def counted(self) -> "EventQuerySet":
        """Events that enter the arithmetic: confirmed and not withdrawn (design section 5)."""
        return self.filter(withdrawn_at__isnull=True, confirmed_at__isnull=False)

    def with_public_reasons(self) -> "EventQuerySet":
        """Each with `public_reason`: the listed reason of the correction that took it back, None without one."""
        return self.annotate(
            public_reason=RawSQL(
                "(SELECT a.public_reason FROM scoring_adjustment a WHERE a.event_id = scoring_scoreevent.id"
                " AND a.clause_id IS NULL AND a.state = 'granted' LIMIT 1)",
                [],
            )
        )

    def with_photo_counts(self) -> "EventQuerySet":
        """Each with `photo_count`: the photos that stand."""
        return self.annotate(
            photo_count=RawSQL(
                "(SELECT count(*) FROM scoring_eventphoto p"
                " WHERE p.event_id = scoring_scoreevent.id AND p.withdrawn_at IS NULL)",
                [],
            )
        )

    def pending(self) -> "EventQuerySet":
        return self.filter(withdrawn_at__isnull=True, confirmed_at__isnull=True)


class ScoreEvent(models.Model):
    """One recorded fact. After it is written only confirmation and withdrawal can be added, once each (trigger).

    `code` is the household's (18 digits) or the division's. `indicator` is the position 1..6; with `kind` and
    `points` it is copied from the published clause, so that the roll-up reads one table.
    """

    op_id = models.UUIDField(unique=True)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="events", db_index=False)
    code = models.CharField("对象代码", max_length=18, db_collation="C")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="events", db_index=False)
    indicator = models.PositiveSmallIntegerField("指标次序")
    kind = models.CharField("类别", max_length=10)
    points = models.PositiveSmallIntegerField("分值")
    date = models.DateField("发生日期")
    document_no = models.CharField("文书号", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices, default=Source.SHEET)
    sheet_version = models.PositiveIntegerField(default=0, help_text="录入时台账的版本号")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdraw_reason = models.CharField("撤回原因", max_length=200, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = "例外"
        indexes = [
            models.Index("period", "code", name="event_by_month_and_code"),
            models.Index("code", condition=Q(confirmed_at=None, withdrawn_at=None), name="event_pending"),
        ]
        constraints = [
            models.CheckConstraint(
                name="event_code_of_household_or_division",
                condition=Q(code__regex=r"^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{14}|[0-9]{18})$"),
            ),
            models.CheckConstraint(
                name="event_points_fit_kind",
                condition=Q(kind=Kind.REMIND, points=0) | Q(kind__in=[Kind.DEDUCT, Kind.BONUS], points__gt=0),
            ),
            models.CheckConstraint(name="event_indicator_is_one_of_six", condition=Q(indicator__range=(1, 6))),
            models.CheckConstraint(
                name="event_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True, withdraw_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdraw_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"event {self.pk}"
