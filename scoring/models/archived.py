"""Months whose household scores lie in a file instead of the database."""

from django.db import models
from django.db.models import Q


class ArchivedMonth(models.Model):
    """The household scores of a month were taken out into a file, and are out until `restored_at`. Ends once (trigger).

    `file` is its name without a folder, `digest` the SHA-256 of its bytes, by which it is known again; `households` the rows.
    """

    month = models.CharField("月份", max_length=7, db_collation="C")
    households = models.PositiveIntegerField("户数")
    file = models.CharField("文件", max_length=60)
    digest = models.CharField("SHA-256", max_length=64)
    at = models.DateTimeField("存档时间", auto_now_add=True)
    restored_at = models.DateTimeField("取回时间", null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "存档的月份"
        constraints = [
            models.UniqueConstraint("month", condition=Q(restored_at__isnull=True), name="archived_month_once"),
            models.CheckConstraint(name="archived_month_of_something", condition=Q(households__gt=0)),
            models.CheckConstraint(name="archived_month_is_sha256", condition=Q(digest__regex=r"^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.file}"
