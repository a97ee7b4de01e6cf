"""The life of a household on the register: what was changed, since when, why and by whom; what waits, what was objected to."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from households.models.borders import BorderOrder
from households.models.division import Household
from households.scope import Scope, Scoped
from households.sealing.fields import SealedBytesField


class ChangeKind(models.TextChoices):
    """What can become of a household. MOVE gives it the code of another place; HEIR says later who gets what points are left."""

    ADD = "add", "新增户"
    CORRECT = "correct", "更正"
    SPLIT = "split", "分户"
    MERGE = "merge", "并户"
    MOVE = "move", "迁移"
    CLOSE = "close", "注销"
    REOPEN = "reopen", "恢复"
    HEIR = "heir", "指定积分去向"


ENDINGS = (ChangeKind.MERGE, ChangeKind.MOVE, ChangeKind.CLOSE)  # the household leaves the register by these


class ChangeReason(models.TextChoices):
    """Why, as the household and the township read it."""

    MARRIED = "married", "结婚立户"
    DIVIDED = "divided", "兄弟、父子分家"
    DIVORCED = "divorced", "离婚分户"
    SETTLED = "settled", "迁入落户"
    LEFT_OUT = "left_out", "原来漏登"
    TOGETHER = "together", "合并居住"
    CARED_FOR = "cared_for", "老人随子女生活"
    TWICE = "twice", "一户登记了两次"
    NEW_HOUSE = "new_house", "建房、搬家"
    RESETTLED = "resettled", "易地搬迁、移民安置"
    ALL_DEAD = "all_dead", "全户去世"
    MOVED_AWAY = "moved_away", "全户迁出本县"
    RETURNED = "returned", "迁回、返乡"
    BY_MISTAKE = "by_mistake", "原来办错"
    HEAD_CHANGED = "head_changed", "户主变更"
    WRONG = "wrong", "原来登错"
    OUT_OF_DATE = "out_of_date", "电话、住址变更"
    KIN = "kin", "亲属协商"
    BORDER = "border", "区划调整"


def of_place(scope: Scope) -> Q:
    """Changes that a place knows of: where the household was, and where it came to."""
    return scope.condition("household") | scope.condition("other")


class ChangeQuerySet(Scoped):
    def within(self, scope: Scope) -> "ChangeQuerySet":
        return self.filter(of_place(scope))


class HouseholdChange(models.Model):
    """One change of the register, for good: the database refuses to alter it.

    `other` is the household that came of it (SPLIT), that took it in (MERGE), that it goes on as (MOVE), or that gets its
    points (CLOSE, HEIR). `day` is when it happened, `counts_from` since when the register says so: months that were signed
    for by then stay as they were. `before` is what a correction wrote over, `order` the change of places that it was a part of.
    """

    op_id = models.UUIDField(unique=True)
    kind = models.CharField("事项", max_length=10, choices=ChangeKind.choices)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="changes")
    other = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, blank=True, related_name="changes_from_others"
    )
    day = models.DateField("发生日期")
    counts_from = models.DateField("从何时起计")
    reason = models.CharField("原因", max_length=20, choices=ChangeReason.choices)
    note = SealedBytesField("说明", null=True, blank=True)
    before = SealedBytesField("改前", null=True, blank=True)
    order = models.ForeignKey(BorderOrder, on_delete=models.PROTECT, null=True, blank=True, related_name="changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("办理时间", default=timezone.now)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "户籍变更"
        constraints = [
            models.CheckConstraint(name="change_kind_known", condition=Q(kind__in=ChangeKind.values)),
            models.CheckConstraint(name="change_reason_listed", condition=Q(reason__in=ChangeReason.values)),
            models.CheckConstraint(name="change_of_two", condition=Q(other=None) | ~Q(other=F("household"))),
            models.CheckConstraint(
                name="change_other_with_kind",
                condition=Q(kind__in=["split", "merge", "move", "heir"], other__isnull=False)
                | Q(kind="close")
                | Q(kind__in=["add", "correct", "reopen"], other__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.household_id}"


def _person(**options: Any) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, **options
    )


class ProposalState(models.TextChoices):
    WAITING = "waiting", "等待办理"
    DONE = "done", "已办理"
    REFUSED = "refused", "没有同意"
    WITHDRAWN = "withdrawn", "已撤回"


class HouseholdProposal(models.Model):
    """A change that somebody asks for: the group leader of their cadre, a cadre of the village that a household moves to.

    `place` is the village whose cadre decides, `wish` the whole of it, sealed.
    """

    op_id = models.UUIDField(unique=True)
    kind = models.CharField("事项", max_length=10, choices=ChangeKind.choices)
    place = models.CharField("办理的村", max_length=12, db_collation="C")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    wish = SealedBytesField("内容")
    state = models.CharField("状态", max_length=10, choices=ProposalState.choices, default=ProposalState.WAITING)
    asked_by = _person()
    asked_at = models.DateTimeField("提出时间", default=timezone.now)
    decided_by = _person(null=True, blank=True)
    decided_at = models.DateTimeField("办理时间", null=True, blank=True)
    answer = models.CharField("答复", max_length=100, blank=True)
    change = models.OneToOneField(
        HouseholdChange, on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    objects = Scoped.as_manager()
    scope_field = "place"

    class Meta:
        ordering = ["-id"]
        verbose_name = "户籍变更申请"
        indexes = [models.Index("place", "state", name="proposal_by_place")]
        constraints = [
            models.CheckConstraint(name="proposal_kind_known", condition=Q(kind__in=ChangeKind.values)),
            models.CheckConstraint(
                name="proposal_decided_with_state",
                condition=Q(state="waiting", decided_by=None, decided_at=None, answer="", change=None)
                | Q(state="done", decided_by__isnull=False, decided_at__isnull=False, change__isnull=False)
                | Q(state="refused", decided_by__isnull=False, decided_at__isnull=False, change=None) & ~Q(answer="")
                | Q(state="withdrawn", decided_by=F("asked_by"), decided_at__isnull=False, change=None),
            ),
            models.UniqueConstraint(
                "household", "kind", condition=Q(state="waiting", household__isnull=False), name="proposal_one_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.household_id or self.place}"

    @property
    def is_waiting(self) -> bool:
        return self.state == ProposalState.WAITING


class ChangeObjection(models.Model):
    """The township does not agree with a change; the village's cadre answers. Nothing is undone by itself."""

    change = models.OneToOneField(HouseholdChange, on_delete=models.PROTECT, related_name="objection")
    text = models.CharField("意见", max_length=200)
    by = _person()
    at = models.DateTimeField("提出时间", default=timezone.now)
    answer = models.CharField("村里的答复", max_length=200, blank=True)
    answered_by = _person(null=True, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "对户籍变更的意见"
        constraints = [
            models.CheckConstraint(name="change_objection_says_what", condition=~Q(text="")),
            models.CheckConstraint(
                name="change_objection_answered_by_somebody",
                condition=Q(answer="", answered_by=None, answered_at=None)
                | ~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"objection to change {self.change_id}"


class ChangeReading(models.Model):
    """A township has read the changes of its villages up to one of them."""

    place = models.CharField("乡镇", max_length=9, db_collation="C")
    upto = models.BigIntegerField("看到哪一条")
    by = _person()
    at = models.DateTimeField("时间", default=timezone.now)

    class Meta:
        ordering = ["-id"]
        verbose_name = "户籍变更的阅看"
        indexes = [models.Index("place", "upto", name="change_reading_by_place")]

    def __str__(self) -> str:
        return f"{self.place} {self.upto}"


class AwaySpell(models.Model):
    """A household lives elsewhere for a time (外出). A private mark for entry and contact; it enters no figure."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="away_spells")
    since = models.DateField("外出日期")
    until = models.DateField("返回日期", null=True, blank=True)
    by = _person()
    at = models.DateTimeField("登记时间", default=timezone.now)
    ended_by = _person(null=True, blank=True)

    objects = Scoped.as_manager()
    scope_field = "household"

    class Meta:
        ordering = ["-since", "-id"]
        verbose_name = "外出"
        constraints = [
            models.UniqueConstraint("household", condition=Q(until=None), name="away_once_at_a_time"),
            models.CheckConstraint(name="away_in_order", condition=Q(until=None) | Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="away_ended_by_somebody", condition=Q(until=None, ended_by=None) | Q(until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.since}"
