"""Households that a member of staff declares as their own or their kin's: whom they do not rule on."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from households.models.division import Household
from households.models.people import User


class Relation(models.TextChoices):
    OWN = "own", "本户"
    KIN = "kin", "亲属户"


class KinTie(models.Model):
    """One such household of one person. It ends by the hand of somebody else alone, and the row stays.

    No words: a pair of a person and a household, which has to be joined with events. Only the person and their office read it.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="kin_ties")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="kin_ties")
    relation = models.CharField("关系", max_length=4, choices=Relation.choices)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    declared_at = models.DateTimeField("申报时间", default=timezone.now)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField("解除时间", null=True)

    class Meta:
        ordering = ["household", "id"]
        verbose_name = "亲属申报"
        constraints = [
            models.UniqueConstraint("user", "household", condition=Q(ended_at=None), name="kin_tie_once"),
            models.CheckConstraint(name="kin_relation_known", condition=Q(relation__in=Relation.values)),
            models.CheckConstraint(
                name="kin_ended_by_another",
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__gte=F("declared_at"), ended_by__isnull=False) & ~Q(ended_by=F("user")),
            ),
        ]

    def __str__(self) -> str:
        return f"kin tie {self.pk}"
