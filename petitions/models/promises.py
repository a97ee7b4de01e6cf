"""What was promised to a filer, by which unit and person, until when; owed until the petition office or the filer says otherwise."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q

from households.models import User
from petitions.models.events import PetitionEvent
from petitions.models.one_unit import ONE_UNIT, OfOneUnit
from petitions.models.petitions import Petition
from petitions.models.receptions import Reception
from petitions.promise_states import OPEN_PROMISES, PromiseState
from petitions.sealed import SealedTextField


class PromiseQuerySet(models.QuerySet["Promise", Any]):
    def visible_to(self, user: User) -> "PromiseQuerySet":
        """Promises about petitions that this person may read."""
        return self.filter(petition__in=Petition.objects.visible_to(user))

    def overseen_by(self, user: User) -> "PromiseQuerySet":
        """Promises that this person may count: the county office, none about an accusation."""
        return self.filter(petition__in=Petition.objects.overseen_by(user))

    def told(self) -> "PromiseQuerySet":
        """With its words, its unit and its petition, without what the petition's filer wrote and who they are."""
        along = self.select_related("petition", "made", "department", "division", "reception")
        sealed = (f"petition__{name}" for name in ("text", "filer_name", "filer_phone"))
        return along.defer(*sealed, "made__note")

    def open(self) -> "PromiseQuerySet":
        return self.filter(state__in=OPEN_PROMISES)

    def overdue(self, today: date) -> "PromiseQuerySet":
        return self.open().filter(due_on__lt=today)

    def of(self, petition: Petition, today: date) -> list[tuple["Promise", int]]:
        """A petition's promises in the order in which they were made, each with the days that it is overdue."""
        found = self.filter(petition=petition).select_related("made", "department", "division").order_by("number")
        return [(one, one.days_late(today)) for one in found]


class Promise(OfOneUnit):
    """One promise. `number` counts a petition's promises from 1.

    Its words and its whole history are lines of the petition's own history (kind `promise`, data `promise`: the number,
    `step`: a `PromiseStep`, `due`: the day): `made` is the first, `seq` the latest. `state`, `due_on` and `moves` (how
    often the day was put off) follow them, and the database holds the state to the line (trigger). `person` and `post`:
    who answers for it in the unit.
    """

    petition = models.ForeignKey(Petition, on_delete=models.PROTECT, related_name="promises", db_index=False)
    number = models.PositiveSmallIntegerField("第几项")
    made = models.OneToOneField(PetitionEvent, on_delete=models.PROTECT, related_name="+")
    reception = models.ForeignKey(Reception, on_delete=models.PROTECT, null=True, related_name="promises")
    person = SealedTextField("责任人（密文）")
    post = models.CharField("职务", max_length=40, blank=True, default="")
    first_due_on = models.DateField("原定日期")
    due_on = models.DateField("兑现日期")
    moves = models.PositiveSmallIntegerField("改期次数", default=0)
    state = models.CharField("状态", max_length=10, choices=[(s.value, s.label) for s in PromiseState])
    seq = models.PositiveIntegerField("最近一行")

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = "承诺"
        indexes = [models.Index("state", "due_on", name="promise_by_state")]
        constraints = [
            models.UniqueConstraint("petition", "number", name="promise_numbered"),
            models.CheckConstraint(name="promise_numbered_from_one", condition=Q(number__gte=1)),
            models.CheckConstraint(name="promise_state_known", condition=Q(state__in=list(PromiseState))),
            models.CheckConstraint(
                name="promise_of_one_unit",
                condition=ONE_UNIT,
            ),
            models.CheckConstraint(
                name="promise_moved_or_as_first_said", condition=Q(moves__gt=0) | Q(due_on=F("first_due_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.petition_id} promise {self.number}"

    @property
    def status(self) -> PromiseState:
        """The state, as the one that knows its label."""
        return PromiseState(self.state)

    @property
    def what(self) -> str:
        """What was promised, in the words that the filer reads; empty once the petition's content was erased."""
        return self.made.told

    def days_late(self, today: date) -> int:
        """How many days it is overdue; 0 while it is not, and once it is no longer owed."""
        return max((today - self.due_on).days, 0) if self.status.is_open else 0
