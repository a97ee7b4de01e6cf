"""Which departments and townships are at work on a petition."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from households.models import Department, Division
from petitions.models.petitions import Petition


class Assignment(models.Model):
    """One unit, a department or a township, at work on a petition as the lead or as one of the joint ones.

    In force while `ended_at` is empty; it ends only when the petition office assigns anew. After the answer it stays in
    force, and with it the unit's sight of what it handled.
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="assignments")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")
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
                condition=Q(department__isnull=False, division__isnull=True)
                | Q(department__isnull=True, division__isnull=False) & Q(Exact(Length("division"), 9)),
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

    @property
    def unit(self) -> str:
        """department:LYJ or division:430525100, as the history writes it."""
        return f"department:{self.department_id}" if self.department_id else f"division:{self.division_id}"

    @property
    def unit_name(self) -> str:
        place = self.department or self.division
        return place.name if place else ""
