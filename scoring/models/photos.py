"""Photos that somebody adds to an event, so that it can be looked at and not only read."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.sealing.fields import SealedBytesField
from scoring.models.events import ScoreEvent


class EventPhoto(models.Model):
    """One photo of an event, made anew from its pixels. Withdrawn once, with a reason, and never exchanged (trigger).

    `digest` is the keyed digest of the pixels: the same photo twice is one row.
    """

    event = models.ForeignKey(ScoreEvent, on_delete=models.PROTECT, related_name="photos", db_index=False)
    digest = models.CharField("摘要", max_length=64)
    content = SealedBytesField("照片")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("时间", default=timezone.now)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdraw_reason = models.CharField("撤回原因", max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "例外的照片"
        constraints = [
            models.UniqueConstraint("event", "digest", name="event_photo_once"),
            models.CheckConstraint(name="event_photo_digest_shaped", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="event_photo_withdrawn_with_reason",
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdraw_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdraw_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"photo {self.pk}"
