"""Divisions and households: who there is, where, and from when until when."""

from datetime import date

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.functions import Length

from households.codes import Level
from households.scope import Scoped

CODE_COLLATION = "C"  # byte order, so that a prefix is one index range


def active_on(day: date) -> Q:
    """Rows whose validity covers `day`; an empty `valid_from` means "since before our records"."""
    started = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    return started & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def sql_active(table: str, day: str) -> str:
    """The same as SQL, for rows of this alias; `day` is an expression, as the place of a parameter is."""
    return f"({table}.valid_from IS NULL OR {table}.valid_from <= {day}) AND ({table}.valid_to IS NULL OR {table}.valid_to > {day})"


def sql_living(table: str, day: str) -> str:
    """The same of households, which may have been away from the register and come back: `HouseholdQuerySet.active`."""
    return f"{sql_active(table, day)} AND NOT ({day}::date <@ ANY ({table}.gaps))"


class DatedQuerySet(Scoped):
    def active(self, on: date) -> "DatedQuerySet":
        return self.filter(active_on(on))

    def of_level(self, *levels: Level) -> "DatedQuerySet":
        return self.alias(digits=Length("code")).filter(digits__in=[level.code_length for level in levels])

    def counties(self) -> list[str]:
        """Their codes, in order."""
        return list(self.of_level(Level.COUNTY).order_by("pk").values_list("pk", flat=True))


class _InGap(Func):
    """SQL: whether a day lies in one of the gaps."""

    template = "%(expressions)s)"
    arg_joiner = "::date <@ ANY ("
    output_field = BooleanField()


class HouseholdQuerySet(DatedQuerySet):
    def active(self, on: date) -> "HouseholdQuerySet":
        return self.filter(active_on(on)).exclude(_InGap(Value(on), F("gaps")))


class Division(models.Model):
    """A county, township, village or group. Level is the length of the code, the parent is a prefix of it."""

    code = models.CharField("代码", primary_key=True, max_length=14, db_collation=CODE_COLLATION)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True, help_text="从这一天起不再有效")

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = "区划"
        constraints = [
            models.CheckConstraint(
                name="division_code_is_6_9_12_or_14_digits",
                condition=Q(code__regex=r"^([0-9]{6}|[0-9]{9}|[0-9]{12}|[0-9]{14})$"),
            ),
            models.CheckConstraint(
                name="division_parent_is_prefix",
                condition=Q(parent__isnull=True) | Q(code__startswith=F("parent")),
            ),
            # The codes of training villages, which lie in a database of their own (ADR 59).
            models.CheckConstraint(name="division_is_not_invented", condition=~Q(code__regex="^99")),
            models.CheckConstraint(name="division_named", condition=~Q(name="")),
            models.CheckConstraint(
                name="division_valid_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
        ]
        indexes = [models.Index(Length("code"), "code", name="division_by_level")]

    def __str__(self) -> str:
        return self.name


class Household(models.Model):
    """A governance household: what the scheme assesses. Its code carries the path it had.

    It is on the register from `valid_from` until `valid_to`, but for the `gaps`: after each of them it came back.
    """

    code = models.CharField("户编号", primary_key=True, max_length=18, db_collation=CODE_COLLATION)
    group = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="households", db_index=False)
    head_name = models.CharField("户主", max_length=30)
    initials = models.CharField("拼音首字母", max_length=30, blank=True)
    phone = models.BinaryField("联系电话（密文）", null=True, blank=True)
    address = models.CharField("地址", max_length=100, blank=True)
    valid_from = models.DateField("启用日期", null=True, blank=True)
    valid_to = models.DateField("停用日期", null=True, blank=True)
    gaps = ArrayField(DateRangeField(), verbose_name="中间不在册", default=list, db_default=[], blank=True)
    land_contractor_code = models.CharField("承包方代码", max_length=18, blank=True)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = "户"
        indexes = [models.Index("group", name="household_by_group")]  # a group that goes is looked for here
        constraints = [
            models.CheckConstraint(name="household_code_is_18_digits", condition=Q(code__regex=r"^[0-9]{18}$")),
            models.CheckConstraint(name="household_group_is_prefix", condition=Q(code__startswith=F("group"))),
            models.CheckConstraint(name="household_head_named", condition=~Q(head_name="")),
            models.CheckConstraint(
                name="household_valid_in_order",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_active(self, on: date) -> bool:
        """Whether it is on the register on a day."""
        started = self.valid_from is None or self.valid_from <= on
        there = self.valid_to is None or self.valid_to > on
        return started and there and not any(on in gap for gap in self.gaps)
