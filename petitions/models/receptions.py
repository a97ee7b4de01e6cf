"""Days on which leaders receive people: who, where, when, with whom; the day's list, and what was said about each case."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from households.models import Division, User
from households.roles import Role
from households.scope import Scoped, lies_in
from petitions.models.events import PetitionEvent
from petitions.models.one_unit import ONE_UNIT, OfOneUnit
from petitions.models.petitions import Petition
from petitions.reception_states import ReceptionMove, ReceptionState
from petitions.sealed import SealedTextField


class ReceptionKind(models.TextChoices):
    ENTERPRISE_DAY = "enterprise_day", "企业家日"
    NO_MEETING_WEEK = "no_meeting_week", "无会周接访"
    VISIT = "visit", "带案下访"
    APPOINTMENT = "appointment", "约访"


class ReceptionOutcome(models.TextChoices):
    """How it ended on the spot."""

    SOLVED = "solved", "当场解决"
    PROMISE = "promise", "作出承诺"
    FOLLOW = "follow", "需要交办跟进"
    ABSENT = "absent", "来访人没有来"


class ReceptionQuerySet(Scoped):
    def visible_to(self, user: User) -> "ReceptionQuerySet":
        """Receptions whose date, place and leader this person may read; what is on their lists is another question.

        The petition office and the county office all of their county; a department where it attends; a township where
        it attends and what is held in it; a village cadre what is held in their village.
        """
        if not user.is_active:
            return self.none()
        if user.role in (Role.PETITION_OFFICE, Role.COUNTY_OFFICE):
            return self.filter(lies_in(user.division_id or "-", "place"))
        if user.role == Role.DEPARTMENT:
            return self.filter(pk__in=_attended(department=user.department_id))
        if user.role in (Role.TOWNSHIP, Role.CADRE):
            here = lies_in(user.division_id or "-", "place")
            return self.filter(here | Q(pk__in=_attended(division=user.division_id)))
        return self.none()

    def standing(self) -> "ReceptionQuerySet":
        """Those that take place or took place."""
        return self.exclude(state=ReceptionState.CANCELLED)


def _attended(**unit: str | None) -> models.QuerySet["Attendance", Any]:
    return Attendance.objects.filter(**unit).values("reception")


class Reception(models.Model):
    """One leader at one place for some hours. `place` is where (the county: its hall), `room` more exactly.

    `leader` and `post` are free words: leaders need no account. `moves`: how often it was put off. `state`, date and
    hours are what its history (`ReceptionStep`) last said; they change through `petitions.receptions.actions.planning` alone.
    """

    kind = models.CharField("种类", max_length=16, choices=ReceptionKind.choices)
    day = models.DateField("日期")
    starts = models.TimeField("开始")
    ends = models.TimeField("结束")
    place = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="receptions")
    room = models.CharField("地点", max_length=60, blank=True, default="")
    leader = models.CharField("接访领导", max_length=30)
    post = models.CharField("职务", max_length=40)
    state = models.CharField("状态", max_length=12, choices=[(s.value, s.label) for s in ReceptionState])
    moves = models.PositiveSmallIntegerField("改期次数", default=0)

    objects = ReceptionQuerySet.as_manager()
    scope_field = "place"

    class Meta:
        ordering = ["day", "starts", "id"]
        verbose_name = "接访"
        indexes = [models.Index("day", "place", name="reception_by_day")]
        constraints = [
            models.CheckConstraint(name="reception_kind_known", condition=Q(kind__in=ReceptionKind.values)),
            models.CheckConstraint(name="reception_state_known", condition=Q(state__in=list(ReceptionState))),
            models.CheckConstraint(name="reception_ends_after_it_starts", condition=Q(ends__gt=F("starts"))),
            models.CheckConstraint(name="reception_of_somebody", condition=~Q(leader="") & ~Q(post="")),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.place_id}"

    @property
    def status(self) -> ReceptionState:
        """The state, as the one that knows its label."""
        return ReceptionState(self.state)


class ReceptionStep(models.Model):
    """One line of a reception's history, `seq` from 1. Append-only (trigger). `day` and the hours as they are from then on."""

    reception = models.ForeignKey(Reception, on_delete=models.PROTECT, related_name="steps", db_index=False)
    seq = models.PositiveIntegerField("序号")
    kind = models.CharField("动作", max_length=10, choices=[(m.value, m.label) for m in ReceptionMove])
    day = models.DateField("日期")
    starts = models.TimeField("开始")
    ends = models.TimeField("结束")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    reason = SealedTextField("理由（密文）")

    class Meta:
        ordering = ["reception", "seq"]
        verbose_name = "接访历史"
        constraints = [
            models.UniqueConstraint("reception", "seq", name="receptionstep_in_sequence"),
            models.CheckConstraint(name="receptionstep_kind_known", condition=Q(kind__in=list(ReceptionMove))),
            models.CheckConstraint(
                name="receptionstep_starts_with_the_plan",
                condition=Q(seq=1, kind="plan") | Q(seq__gt=1) & ~Q(kind="plan"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reception_id}:{self.seq} {self.kind}"

    @property
    def move(self) -> ReceptionMove:
        return ReceptionMove(self.kind)

    @property
    def is_moved(self) -> bool:
        return self.move is ReceptionMove.MOVE


class Attendance(OfOneUnit):
    """A department or township that is present at a reception."""

    reception = models.ForeignKey(Reception, on_delete=models.PROTECT, related_name="attending", db_index=False)

    class Meta:
        ordering = ["reception", "id"]
        verbose_name = "到场单位"
        constraints = [
            models.CheckConstraint(
                name="attendance_of_one_unit",
                condition=ONE_UNIT,
            ),
            models.UniqueConstraint(
                "reception", "department", "division", name="attendance_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"attendance {self.pk}"


class ReceptionItem(models.Model):
    """A petition on the list of a reception, in the order of `position`; taken off again it stays as a removed row."""

    reception = models.ForeignKey(Reception, on_delete=models.PROTECT, related_name="items", db_index=False)
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="listed")
    position = models.PositiveSmallIntegerField("次序")
    at = models.DateTimeField("列入时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    removed_at = models.DateTimeField("移出时间", null=True)

    class Meta:
        ordering = ["reception", "position", "id"]
        verbose_name = "接访事项"
        constraints = [
            models.UniqueConstraint(
                "reception", "petition", condition=Q(removed_at__isnull=True), name="item_once_on_a_list"
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"


class ReceptionRecord(models.Model):
    """What was said about one petition at one reception. Append-only (trigger); a correction is one more record.

    The words lie in `event`, the petition's own history: `told` for the filer, `note` inside. `said_at` is when it was
    said, `event.at` when it reached the history. `moved_on`: the petition had gone on, or the reception was off, by the
    time the record came in. `item` is empty when the petition could not stand on the list: it accuses who was there.
    """

    op_id = models.UUIDField("操作编号", unique=True)
    reception = models.ForeignKey(Reception, on_delete=models.PROTECT, related_name="records")
    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="spoken_of")
    item = models.ForeignKey(ReceptionItem, on_delete=models.PROTECT, null=True, related_name="records")
    event = models.OneToOneField(PetitionEvent, on_delete=models.PROTECT, related_name="record")
    outcome = models.CharField("结果", max_length=8, choices=ReceptionOutcome.choices)
    said_at = models.DateTimeField("接访时间")
    on_the_spot = models.BooleanField("当场登记", default=False)
    moved_on = models.BooleanField("记录晚到", default=False)

    class Meta:
        ordering = ["reception", "said_at", "id"]
        verbose_name = "接访记录"
        constraints = [
            models.CheckConstraint(name="record_outcome_known", condition=Q(outcome__in=ReceptionOutcome.values)),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"
