"""The trail: a line for every row that matters and every change of it, written by the database itself, and seals over the lines."""

from django.db import models
from django.db.models import Q

HASH = r"^[0-9a-f]{64}$"


class TrailLine(models.Model):
    """What a row was from some moment on: the digest of its columns, or none once it was deleted.

    Triggers write it (migration 0009), nobody else can: a row without its line, or with another digest, was changed past them.
    `transaction` and `at` are those of the change, and of the audit line that explains it.
    """

    source = models.CharField("表", max_length=40, db_collation="C")
    key = models.CharField("行", max_length=70, db_collation="C")
    op = models.CharField("变动", max_length=1)  # i inserted, u updated, d deleted, t taken as it was found
    digest = models.BinaryField("指纹", null=True)
    transaction = models.BigIntegerField("事务")
    at = models.DateTimeField("时间")

    class Meta:
        db_table = "households_trail"
        ordering = ["id"]
        verbose_name = "留痕"
        constraints = [
            models.CheckConstraint(
                name="trail_digest_unless_deleted",
                condition=Q(op="d", digest__isnull=True) | Q(op__in=["i", "u", "t"], digest__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key} {self.op}"


class TrailSeal(models.Model):
    """The lines up to `upto`, closed: seals are numbered without gaps and each holds the one before it.

    `mac` is keyed with a key that is not in the database, so whoever writes lines and seals anew with SQL alone is found out.
    """

    number = models.BigIntegerField("封号", primary_key=True)
    upto = models.BigIntegerField("到哪一条", unique=True)
    size = models.BigIntegerField("累计条数")
    head = models.CharField("指纹", max_length=64)
    mac = models.CharField("带密钥的指纹", max_length=64)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        ordering = ["number"]
        verbose_name = "留痕封条"
        constraints = [
            models.CheckConstraint(name="seal_of_something", condition=Q(number__gt=0, upto__gt=0, size__gt=0)),
            models.CheckConstraint(name="seal_is_sha256", condition=Q(head__regex=HASH) & Q(mac__regex=HASH)),
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.size}"
