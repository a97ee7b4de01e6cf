"""Households that left the register so long ago that nothing personal is kept of them."""

from django.db import models

from households.models.division import Household


class HouseholdErasure(models.Model):
    """One household whose name, telephone and address were erased; once and for good. Its code and figures stay."""

    household = models.OneToOneField(Household, models.PROTECT, primary_key=True, related_name="erasure")
    at = models.DateTimeField("清除时间")

    class Meta:
        verbose_name = "已清除的户"

    def __str__(self) -> str:
        return str(self.pk)
