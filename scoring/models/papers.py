"""Blank sheets on paper that come back by hand: keyed by one person, keyed again by a second from the photo, then settled."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from households.models import Division
from households.scope import Scoped
from households.sealing.fields import SealedBytesField
from scoring.models.batches import EntryBatch
from scoring.models.months import Period


class PaperSheet(models.Model):
    """One printed sheet of a group. `first` and `second` are what either person read: rows of code, day, clause, document, note."""

    token = models.CharField("编号", max_length=16, unique=True)
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    group = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    printed_at = models.DateTimeField("打印", default=timezone.now)
    photo = SealedBytesField("照片", null=True)
    first = models.JSONField("第一人读到的", null=True)
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    first_at = models.DateTimeField("第一人录入", null=True)
    second = models.JSONField("第二人读到的", null=True)
    second_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    second_at = models.DateTimeField("第二人录入", null=True)
    batch = models.ForeignKey(EntryBatch, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = Scoped.as_manager()
    scope_field = "group"

    class Meta:
        ordering = ["-id"]
        verbose_name = "纸质台账"
        indexes = [models.Index("group", "period", name="paper_by_group")]
        constraints = [
            models.CheckConstraint(
                name="paper_first_by_and_at",
                condition=Q(first=None, first_by=None, first_at=None)
                | Q(first__isnull=False, first_by__isnull=False, first_at__isnull=False, photo__isnull=False),
            ),
            models.CheckConstraint(
                name="paper_second_by_another",
                condition=Q(second=None, second_by=None, second_at=None)
                | Q(second__isnull=False, second_by__isnull=False, second_at__isnull=False, first__isnull=False)
                & ~Q(second_by=F("first_by")),
            ),
            models.CheckConstraint(name="paper_written_after_both", condition=Q(batch=None) | Q(second__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"paper {self.token}"
