"""What the database knows of the keys that its data lie under."""

from typing import ClassVar

from django.db import models


class KeyPrint(models.Model):
    """By which a key is known again (`dongkou.keys.print_of`); it opens nothing. Retired: nothing lies under it any more."""

    kind = models.CharField("用途", max_length=5)
    number = models.PositiveSmallIntegerField("编号")
    print = models.CharField("指纹", max_length=32)
    noted_at = models.DateTimeField("登记时间", auto_now_add=True)
    retired_at = models.DateTimeField("停用时间", null=True)

    class Meta:
        verbose_name = "密钥指纹"
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "number"], name="key_print_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
