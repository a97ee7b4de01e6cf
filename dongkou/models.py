"""What the whole house keeps: the keys that its data lie under, alarms that left it, its tables' sizes, and what a province is told."""

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


class PublishedDepartment(models.Model):
    """A department's month as the province reads it: its county in `cell`, for departments of two counties share codes (ADR 96).

    A trigger writes it with every line of `scoring.DepartmentScore`; the name is the one of that moment.
    """

    pk = models.CompositePrimaryKey("cell", "month", "code")
    cell = models.CharField("县级代码", max_length=6, db_collation="C")
    month = models.CharField(max_length=7, db_collation="C")
    code = models.CharField(max_length=20)
    name = models.CharField("名称", max_length=60)
    active = models.BigIntegerField("加权在册户数")
    households = models.BigIntegerField("加权户数")
    total = models.BigIntegerField("加权总分")
    as_of = models.DateTimeField("计算时间")

    class Meta:
        verbose_name = "报省的部门得分"

    def __str__(self) -> str:
        return f"{self.cell} {self.month} {self.code}"


class ClosedMonth(models.Model):
    """A month that a county has frozen, with the version in which its rankings are archived now (ADR 96). A trigger writes it."""

    pk = models.CompositePrimaryKey("cell", "month")
    cell = models.CharField("县级代码", max_length=6, db_collation="C")
    month = models.CharField(max_length=7, db_collation="C")
    version = models.PositiveIntegerField("版次")
    at = models.DateTimeField("存档时间")

    class Meta:
        verbose_name = "报省的锁定月份"

    def __str__(self) -> str:
        return f"{self.cell} {self.month} v{self.version}"
