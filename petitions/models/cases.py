"""The life story of one matter: every petition about it, through whichever channel, with one owner."""

from django.conf import settings
from django.db import models


class Case(models.Model):
    """One matter. Every petition belongs to exactly one case, its own until a later one joins it.

    `owner` is who answers for the whole matter (包案); empty for an ordinary one. Its petitions are `case.petitions`.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="owned_cases")
    opened_at = models.DateTimeField("开始时间")

    class Meta:
        ordering = ["-id"]
        verbose_name = "信访事项"

    def __str__(self) -> str:
        return f"case {self.pk}"
