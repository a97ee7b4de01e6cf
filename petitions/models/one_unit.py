"""Rows about one unit: a department or a township."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from households.codes import Level
from households.models import Department, Division

ONE_UNIT = Q(department__isnull=False, division__isnull=True) | Q(department__isnull=True, division__isnull=False) & Q(
    Exact(Length("division"), Level.TOWNSHIP.code_length)
)


class OfOneUnit(models.Model):
    """A row of exactly one unit: `ONE_UNIT` is the condition that its table checks."""

    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, related_name="+")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def unit(self) -> str:
        """department:LYJ or division:430525100, as the history writes it."""
        return f"department:{self.department_id}" if self.department_id else f"division:{self.division_id}"

    @property
    def unit_name(self) -> str:
        place = self.department or self.division
        return place.name if place else ""
