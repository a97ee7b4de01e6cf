"""The month of a village: its sheet, its signed declarations and its reviews."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value

from households.models import Division
from households.scope import Scoped
from scoring.models.schemes import Scheme
from scoring.states import SheetState


class Period(models.Model):
    """A month (YYYY-MM) and the scheme it is assessed by."""

    month = models.CharField("月份", primary_key=True, max_length=7, db_collation="C")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="periods")

    class Meta:
        ordering = ["month"]
        verbose_name = "月份"
        constraints = [
            models.CheckConstraint(
                name="period_written_yyyy_mm", condition=Q(month__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$")
            )
        ]

    def __str__(self) -> str:
        return self.month


class Sheet(models.Model):
    """One village's month. `version` counts what was written to it, so a stale page can be told so.

    `archived_in` is the first version of the county's rankings that was archived with it frozen; none while its freezing
    has not finished. No clock is asked for that: those of several hosts differ. `held` are operations that came before the one
    they follow (`scoring.sheets.actions.holding`).
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="sheets")
    village = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="sheets")
    state = models.CharField("状态", max_length=10, default=SheetState.OPEN)
    version = models.PositiveIntegerField(default=0)
    posted_at = models.DateTimeField("公示时间", null=True, blank=True)
    frozen_at = models.DateTimeField("锁定时间", null=True, blank=True)
    forced = models.BooleanField(
        "提前锁定", default=False, db_default=False, help_text="日历没有到，两个人或命令提前锁定的"
    )
    archived_in = models.PositiveIntegerField("首次存档的版本", null=True, blank=True)
    held = models.JSONField("先收着的", default=list, db_default=Value([], output_field=models.JSONField()))

    objects = Scoped.as_manager()
    scope_field = "village"

    class Meta:
        ordering = ["period", "village"]
        verbose_name = "月度台账"
        constraints = [
            models.UniqueConstraint("period", "village", name="sheet_once_per_month"),
            models.CheckConstraint(name="sheet_state_known", condition=Q(state__in=[s.value for s in SheetState])),
            models.CheckConstraint(
                name="sheet_frozen_at_with_state",
                condition=Q(state=SheetState.FROZEN, frozen_at__isnull=False)
                | ~Q(state=SheetState.FROZEN) & Q(frozen_at__isnull=True),
            ),
        ]
        indexes = [models.Index("period", "state", name="sheet_by_state")]

    def __str__(self) -> str:
        return f"{self.period_id} {self.village_id}"


class Declaration(models.Model):
    """「其余 N 户六项为零」: one signature holding the codes of every household it speaks for."""

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="declarations")
    households = ArrayField(models.CharField(max_length=18), verbose_name="户编号")
    exceptions = models.PositiveIntegerField("有例外的户数")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(auto_now_add=True)
    # Marks of those who had signed in in the browser that signed (`accounts.lockout`): digests, which name nobody without the key.
    browser = ArrayField(models.CharField(max_length=40), verbose_name="浏览器里登录过的", default=list)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdraw_reason = models.CharField("撤回原因", max_length=200, blank=True)
    # Taken back and signed once more draws no other households: the signature that the draw hangs on, none where it is this one.
    drawn_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = "申报"
        constraints = [
            models.UniqueConstraint("sheet", condition=Q(withdrawn_at__isnull=True), name="declaration_one_in_force"),
            models.CheckConstraint(
                name="declaration_withdrawn_with_reason",
                condition=Q(withdrawn_at__isnull=True, withdraw_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdraw_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"declaration {self.pk}"


class Decision(models.TextChoices):
    APPROVE = "approve", "通过"
    RETURN = "return", "退回"
    REVOKE = "revoke", "退回审核"


class Review(models.Model):
    """A township's decision on a declared sheet, with the exceptions it opened first; or the county's, to have it reviewed again.

    `drawn` of the households that the draw gave were opened, by the page or by the interface; it is empty on reviews of before.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField("决定", max_length=10, choices=Decision.choices)
    reason = models.CharField("原因", max_length=200, blank=True)
    opened = ArrayField(models.BigIntegerField(), verbose_name="已查看的例外", default=list)
    drawn = ArrayField(models.CharField(max_length=18), verbose_name="已查看的抽查户", default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "审核"
        constraints = [
            models.CheckConstraint(
                name="review_return_has_reason", condition=Q(decision=Decision.APPROVE) | ~Q(reason="")
            )
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"

    @property
    def approves(self) -> bool:
        return self.decision == Decision.APPROVE

    @property
    def revokes(self) -> bool:
        """Whether the county has it reviewed again."""
        return self.decision == Decision.REVOKE


class LookFound(models.TextChoices):
    """What a reviewer found at a household that was drawn."""

    DESK = "desk", "看了台账，没有疑问"
    ASKED = "asked", "上门或打电话问过，属实"
    DIFFERS = "differs", "与申报不符"


class ReviewLook(models.Model):
    """Somebody who reviews has opened an exception, or a drawn household and what they found there. Append-only by trigger.

    A household's look is of one declaration: another declaration draws anew.
    """

    sheet = models.ForeignKey(Sheet, on_delete=models.PROTECT, related_name="looks")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="+", null=True, db_index=False)
    event = models.BigIntegerField("例外", null=True)
    household = models.CharField("户编号", max_length=18, blank=True, db_collation="C")
    found = models.CharField("看到的", max_length=10, choices=LookFound.choices, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        verbose_name = "审核时打开看过"
        constraints = [
            models.CheckConstraint(
                name="look_at_one_thing",
                condition=Q(event__isnull=False, household="", found="", note="")
                | Q(event__isnull=True, declaration__isnull=False, found__in=LookFound.values) & ~Q(household=""),
            ),
            models.CheckConstraint(
                name="look_that_differs_says_how", condition=~Q(found=LookFound.DIFFERS) | ~Q(note="")
            ),
        ]

    def __str__(self) -> str:
        return f"look {self.pk}"
