"""What was written to a month's sheet in one go: undone in one go."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.models import Division, User
from households.scope import Scoped
from scoring.models.months import Period


class BatchKind(models.TextChoices):
    MANY = "many", "一条记多户"
    PASTE = "paste", "粘贴的表格"
    FILE = "file", "台账文件"
    PAPER = "paper", "纸质台账"
    CORRECT = "correct", "改一条"


class EntryBatch(models.Model):
    """Entries that one act added and withdrew, by their numbers. Undone once, as one; what it did stays written."""

    op_id = models.UUIDField(unique=True)
    period = models.ForeignKey(Period, models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Division, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("种类", max_length=10, choices=BatchKind.choices)
    added = ArrayField(models.BigIntegerField(), default=list)
    withdrawn = ArrayField(models.BigIntegerField(), default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField("时间", default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    undone_at = models.DateTimeField("撤回时间", null=True)

    objects = Scoped.as_manager()
    scope_field = "village"

    class Meta:
        ordering = ["-id"]
        verbose_name = "成批登记"
        indexes = [models.Index("village", "period", name="batch_by_village")]
        constraints = [
            models.CheckConstraint(name="batch_kind_known", condition=Q(kind__in=BatchKind.values)),
            models.CheckConstraint(
                name="batch_undone_by_and_at",
                condition=Q(undone_by=None, undone_at=None) | Q(undone_by__isnull=False, undone_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"batch {self.pk}"

    def is_for(self, user: User) -> bool:
        """Whether they may read it: of the village whoever is of the village, of their own a group leader."""
        return user.scope.covers(self.village_id) or self.by_id == user.pk
