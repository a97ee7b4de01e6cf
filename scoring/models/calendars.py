"""The month's calendar as a county sets it: its versions, longer time for one village, and freezing before the time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from households.models import Division
from households.scope import Scoped
from scoring.models.months import Period
from scoring.models.point_adjustments import AskState

MAX_REASON = 200
DAYS = ("review_until", "post_from", "post_until", "objections_until", "freeze_on", "redeem_from")


def _day(name: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(name)


class CalendarVersion(models.Model):
    """How a county's months run from `from_month` on, until a later version; months before it keep theirs.

    Of two for one month the one entered last counts. The six days are those of the following month, `entry_until` too, with 0
    for the month's own end. The database refuses UPDATE, DELETE and TRUNCATE on this table by trigger.
    """

    county = models.CharField("县级代码", max_length=6, db_collation="C")
    from_month = models.CharField("起始月份", max_length=7, db_collation="C")
    entry_until = _day("录入截止日")
    review_until = _day("审核截止日")
    post_from = _day("公示开始日")
    post_until = _day("公示截止日")
    objections_until = _day("提不同意见截止日")
    freeze_on = _day("锁定日")
    redeem_from = _day("兑换开始日")
    notice_days = _day("公示可查天数")
    shifts = models.BooleanField("遇放假顺延")
    reason = models.CharField("原因", max_length=MAX_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="录入人")
    at = models.DateTimeField("录入时间", auto_now_add=True)

    objects = Scoped.as_manager()
    scope_field = "county"

    class Meta:
        ordering = ["-id"]
        verbose_name = "日历"
        constraints = [
            models.CheckConstraint(
                name="calendar_from_a_month", condition=Q(from_month__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$")
            ),
            models.CheckConstraint(name="calendar_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="calendar_days_follow_each_other",
                condition=Q(
                    review_until__gt=F("entry_until"),
                    post_from__gt=F("review_until"),
                    post_until__gte=F("post_from"),
                    objections_until__gte=F("post_until"),
                    freeze_on__gt=F("objections_until"),
                    redeem_from__gte=F("freeze_on"),
                    redeem_from__lte=28,
                ),
            ),
            models.CheckConstraint(name="calendar_notice_as_law_asks", condition=Q(notice_days__range=(15, 90))),
        ]

    def __str__(self) -> str:
        return f"{self.county} {self.from_month}"

    @property
    def days(self) -> dict[str, int]:
        """The six days, by their names in `scoring.months.calendar`."""
        return {name: getattr(self, name) for name in DAYS}


class MonthExtension(models.Model):
    """Longer time to declare for one village in one month; of several the one given last counts. Append-only by trigger."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="extensions", verbose_name="月份")
    village = models.ForeignKey(Division, models.PROTECT, related_name="extensions", verbose_name="村")
    until = models.DateField("延到哪天")
    reason = models.CharField("原因", max_length=MAX_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人")
    at = models.DateTimeField("批准时间", auto_now_add=True)

    objects = Scoped.as_manager()
    scope_field = "village"

    class Meta:
        ordering = ["-id"]
        verbose_name = "申报延期"
        constraints = [models.CheckConstraint(name="extension_has_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.period_id} {self.village_id}"


class ForcedFreeze(models.Model):
    """One village's month frozen before its time: one person asks with a reason, another one grants. Decided once (trigger)."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="forced", verbose_name="月份")
    village = models.ForeignKey(Division, models.PROTECT, related_name="forced", verbose_name="村")
    reason = models.CharField("原因", max_length=MAX_REASON)
    state = models.CharField("状态", max_length=10, choices=AskState.choices, default=AskState.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("申请时间", auto_now_add=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("决定时间", null=True)
    answer = models.CharField("答复", max_length=MAX_REASON, blank=True)

    objects = Scoped.as_manager()
    scope_field = "village"

    class Meta:
        ordering = ["-id"]
        verbose_name = "提前锁定"
        constraints = [
            models.CheckConstraint(name="forced_freeze_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="forced_freeze_by_two", condition=~Q(decided_by=F("asked_by"))),
            models.CheckConstraint(
                name="forced_freeze_decided_with_state",
                condition=Q(state=AskState.ASKED, decided_by=None, decided_at=None, answer="")
                | Q(state=AskState.GRANTED, decided_by__isnull=False, decided_at__isnull=False)
                | Q(state=AskState.REFUSED, decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer=""),
            ),
            models.UniqueConstraint(
                "period", "village", condition=Q(state=AskState.ASKED), name="forced_freeze_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.village_id}"

    @property
    def is_waiting(self) -> bool:
        """Whether a second person has still to decide."""
        return self.state == AskState.ASKED
