"""Which departments and townships are at work on a petition."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from petitions.models.one_unit import ONE_UNIT, OfOneUnit


class Assignment(OfOneUnit):
    """One unit, a department or a township, at work on a petition as the lead or as one of the joint ones.

    In force while `ended_at` is empty; it ends only when the petition office assigns anew. After the answer it stays in
    force, and with it the unit's sight of what it handled.
    """

    petition = models.ForeignKey("petitions.Petition", on_delete=models.PROTECT, related_name="assignments")
    lead = models.BooleanField("主办")
    at = models.DateTimeField("交办时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        ordering = ["petition", "-lead", "id"]
        verbose_name = "交办"
        constraints = [
            models.CheckConstraint(
                name="assignment_to_one_unit",
                condition=ONE_UNIT,
            ),
            models.UniqueConstraint(
                "petition", condition=Q(lead=True, ended_at__isnull=True), name="assignment_one_lead"
            ),
            models.UniqueConstraint(
                "petition",
                "department",
                "division",
                condition=Q(ended_at__isnull=True),
                name="assignment_once_a_unit",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"
