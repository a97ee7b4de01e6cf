"""Moments that the house keeps by name: when something was last known to be so."""

from django.db import models


class KeptMoment(models.Model):
    """One moment, moved on in place. The database's own clock says when, never that of one of several hosts."""

    name = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "记住的时刻"

    def __str__(self) -> str:
        return f"{self.name} {self.at:%F %T}"
