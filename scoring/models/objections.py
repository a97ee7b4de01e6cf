"""Objections (异议) against what a posted month says, each step of theirs, and photos of what came on paper."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from households.models import Division
from households.roles import LABELS, Role
from households.scope import Scoped
from households.sealing.fields import SealedBytesField
from households.sealing.texts import SealedTextField
from scoring.models.adjustments import Adjustment
from scoring.models.events import ScoreEvent
from scoring.models.months import Period
from scoring.objection_states import HOUSEHOLD, OPEN, ObjectionAction, ObjectionState, ObjectionWay
from scoring.reasons import RULING_CHOICES
from scoring.states import SYSTEM

_OPEN = Q(state__in=[state.value for state in OPEN])


def number_of(month: str, pk: int) -> str:
    """202410-000012"""
    return f"{month.replace('-', '')}-{pk:06d}"


class ObjectionQuerySet(Scoped):
    def open(self) -> "ObjectionQuerySet":
        """Those that somebody can still move."""
        return self.filter(_OPEN)

    def blocking(self) -> "ObjectionQuerySet":
        """Those that the freezing of their village waits for."""
        return self.filter(_OPEN, blocks=True)

    def whole(self) -> "ObjectionQuerySet":
        """With the record, the people and the place that it is about."""
        record = ("event__clause__indicator", "event__recorded_by", "event__confirmed_by")
        return self.select_related(*record, "village__parent", "period", "filed_by", "adjustment")


class Objection(models.Model):
    """One objection: against `event`, or without one for something good that was not recorded.

    `code` is the household or division that the record is about. `blocks` says that freezing waits: one that came after its days, or
    that a forced freezing passed by, is put right by a correction. `added` is the event that an upheld one brought,
    `adjustment` the correction that it led to after freezing. What was written never changes (trigger).
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="objections", db_index=False)
    village = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField("对象代码", max_length=18, db_collation="C")
    event = models.ForeignKey(ScoreEvent, on_delete=models.PROTECT, null=True, related_name="objections")
    text = SealedTextField("内容")
    way = models.CharField("来源", max_length=10)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    filed_at = models.DateTimeField("提出时间", default=timezone.now)
    state = models.CharField("状态", max_length=10, default=ObjectionState.FIRST)
    due_on = models.DateField("办理期限", null=True)
    blocks = models.BooleanField("锁定前要办完")
    added = models.OneToOneField(ScoreEvent, on_delete=models.PROTECT, null=True, related_name="brought_by")
    adjustment = models.OneToOneField(Adjustment, on_delete=models.PROTECT, null=True, related_name="objection")

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "异议"
        indexes = [
            models.Index("period", "village", name="objection_by_village"),
            models.Index("village", name="objection_by_place"),
            models.Index("code", name="objection_by_code"),
            models.Index("due_on", condition=_OPEN, name="objection_open_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="objection_state_known", condition=Q(state__in=[state.value for state in ObjectionState])
            ),
            models.CheckConstraint(
                name="objection_way_known", condition=Q(way__in=[way.value for way in ObjectionWay])
            ),
            models.CheckConstraint(name="objection_says_something", condition=Q(text__isnull=False)),
            models.CheckConstraint(
                name="objection_filed_by_staff_or_plate",
                condition=Q(way="plate", filed_by=None) | ~Q(way="plate") & Q(filed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="objection_due_while_open",
                condition=_OPEN & Q(due_on__isnull=False) | ~_OPEN & Q(due_on=None),
            ),
            models.CheckConstraint(
                name="objection_put_right_one_way",
                condition=Q(added=None, adjustment=None)
                | Q(state="upheld", event=None, added__isnull=False, adjustment=None)
                | Q(state="upheld", added=None, adjustment__isnull=False),
            ),
            models.UniqueConstraint("event", condition=_OPEN & Q(event__isnull=False), name="objection_one_open"),
        ]

    def __str__(self) -> str:
        return f"objection {self.pk}"

    @property
    def number(self) -> str:
        """What stands on the receipt."""
        return number_of(self.period_id, self.pk)

    @property
    def way_label(self) -> str:
        return ObjectionWay(self.way).label


class ObjectionStep(models.Model):
    """One step: who made it, what it led to; a ruling with its reason of the list and its words for the parties. Never edited."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="steps")
    action = models.CharField("步骤", max_length=10)
    state = models.CharField("之后的状态", max_length=10)
    role = models.CharField("谁", max_length=20)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField("时间", default=timezone.now)
    public_reason = models.CharField("公开的原因", max_length=20, choices=RULING_CHOICES, blank=True)
    words = SealedTextField("说明")

    class Meta:
        ordering = ["id"]
        verbose_name = "异议的步骤"
        constraints = [
            models.CheckConstraint(
                name="objection_step_known",
                condition=Q(action__in=[action.value for action in ObjectionAction])
                & Q(state__in=[state.value for state in ObjectionState]),
            ),
            models.CheckConstraint(
                name="objection_ruling_has_reason",
                condition=Q(action__in=["uphold", "reject"], by__isnull=False, words__isnull=False)
                & Q(public_reason__in=[code for code, _ in RULING_CHOICES])
                | ~Q(action__in=["uphold", "reject"]) & Q(public_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.objection_id} {self.action}"

    @property
    def action_label(self) -> str:
        return ObjectionAction(self.action).label

    @property
    def post_label(self) -> str:
        """By what kind of hand the step was taken."""
        return {HOUSEHOLD: "本户", SYSTEM: "系统"}.get(self.role) or LABELS[Role(self.role)]


class ObjectionPhoto(models.Model):
    """A photo of what came on paper, made anew from its pixels."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="photos")
    content = SealedBytesField("照片")
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        ordering = ["id"]
        verbose_name = "异议的照片"

    def __str__(self) -> str:
        return f"photo {self.pk}"
