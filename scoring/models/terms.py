"""Until when what a household was reminded of is to be put right, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from scoring.models.events import ScoreEvent


class ReminderTerm(models.Model):
    """Of one reminder: its day, where somebody set one; that it was put right; the entry that followed because it was not.

    Without a row the day is a week after the reminder (`scoring.reminders.rules`).
    """

    event = models.OneToOneField(ScoreEvent, models.PROTECT, related_name="term")
    until = models.DateField("限期")
    put_right_on = models.DateField("改好", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("时间", auto_now=True)
    followed_by = models.ForeignKey(ScoreEvent, models.PROTECT, null=True, related_name="reminded_by")

    class Meta:
        ordering = ["id"]
        verbose_name = "提醒的限期"
        constraints = [
            models.CheckConstraint(
                name="reminder_put_right_or_followed", condition=Q(put_right_on=None) | Q(followed_by=None)
            )
        ]

    def __str__(self) -> str:
        return f"term of event {self.event_id}"
