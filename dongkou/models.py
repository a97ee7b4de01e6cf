"""What the database knows of the keys that its data lie under, and of the alarms that left the house."""

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


class AlarmTold(models.Model):
    """An alarm that the operator's command has taken (`dongkou.alerting.telling`)."""

    alarm = models.OneToOneField(
        "households.Alarm", models.PROTECT, primary_key=True, related_name="+", verbose_name="报警"
    )
    at = models.DateTimeField("送出时间", auto_now_add=True)

    class Meta:
        verbose_name = "送出的报警"

    def __str__(self) -> str:
        return f"alarm {self.alarm_id} told"


class TableSize(models.Model):
    """How large a table was on a day; the whole database stands under an empty name. Rows are the planner's estimate."""

    day = models.DateField("日期")
    name = models.CharField("表", max_length=63, blank=True, db_collation="C")
    rows = models.BigIntegerField("行数")
    bytes = models.BigIntegerField("字节")

    class Meta:
        verbose_name = "表的大小"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "name"], name="table_size_once_a_day"),
            models.CheckConstraint(name="table_size_not_negative", condition=models.Q(rows__gte=0, bytes__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.day}"
