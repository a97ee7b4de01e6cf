"""Reminders of a village's month. Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from households.models import Division
from households.scope import Scoped
from scoring.models.months import Period
from scoring.states import SheetState


class MonthReminder(models.Model):
    """Somebody above has reminded of a month: the village while it is open, its township while it is declared."""

    period = models.ForeignKey(Period, models.PROTECT, related_name="reminders", db_index=False)
    village = models.ForeignKey(Division, models.PROTECT, related_name="reminders", db_index=False)
    state = models.CharField("当时的状态", max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("催办时间", auto_now_add=True)

    objects = Scoped.as_manager()
    scope_field = "village"

    class Meta:
        ordering = ["-id"]
        verbose_name = "催办"
        indexes = [models.Index("village", "period", name="reminder_by_village")]
        constraints = [
            models.CheckConstraint(
                name="reminder_of_what_is_held",
                condition=Q(state__in=[SheetState.OPEN.value, SheetState.DECLARED.value]),
            )
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"
