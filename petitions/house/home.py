"""What of petitions waits for somebody, for their home page: three statements."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.urls import reverse

from households.house.home import Block, Column
from households.models import User
from households.permissions import Permission, may
from households.roles import Role
from petitions import lamps
from petitions.models import Reception
from petitions.models.petitions import PetitionQuerySet
from petitions.promise_states import OPEN_PROMISES, PromiseState, PromiseStep, steps_for
from petitions.promises import reads as promises
from petitions.reception_states import ReceptionState
from petitions.receptions.reads import counted_by
from petitions.worklist import turns


@dataclass(frozen=True, slots=True)
class Waiting:
    """`turn` wait for this person's office or unit, `late` of them are overdue, `soon` come due in some days.

    `overdue` promises are owed and late, `reported` ones wait for the petition office's look. For the county office
    these are the county's, by number alone.
    """

    turn: int
    late: int
    soon: int
    overdue: int
    reported: int
    following: Reception | None
    blind: bool
    filed: bool  # a cadre's own filings, of which none waits for the cadre
    checks: bool  # whether this person looks at what is reported as done

    @property
    def is_turn(self) -> bool:
        """Whether it is this person's turn in what is counted."""
        return not (self.blind or self.filed)

    @property
    def whose(self) -> str:
        """Of whom `late` and `soon` are, so that nobody takes them for the numbers of the whole list."""
        return "全县" if self.blind else "代办" if self.filed else "我这里"

    @property
    def list(self) -> str:
        """The list of exactly what is counted; a filter can be added at its end."""
        return f"{reverse('petitions')}?{'mine=turn&' if self.is_turn else ''}"

    @property
    def nothing(self) -> bool:
        return not (self.turn or self.overdue or self.reported or self.following)


def waiting_for(user: User, today: date) -> Waiting | None:
    """None for those who have nothing to do with petitions."""
    if not may(user, Permission.SEE_PETITIONS):
        return None
    blind = user.role == Role.COUNTY_OFFICE
    mine = counted_by(user).open() if blind else matters_of(user)
    counts = mine.order_by().aggregate(
        turn=Count("pk"),
        late=Count("pk", filter=lamps.lamp_condition(lamps.Lamp.LATE, today)),
        soon=Count("pk", filter=lamps.lamp_condition(lamps.Lamp.SOON, today)),
    )
    owed = promises.owed_by(user).aggregate(
        overdue=Count("pk", filter=Q(state__in=OPEN_PROMISES, due_on__lt=today)),
        reported=Count("pk", filter=Q(state=PromiseState.REPORTED)),
    )
    coming = Reception.objects.visible_to(user).filter(state=ReceptionState.PLANNED, day__gte=today)
    following = coming.select_related("place").order_by("day", "starts").first()
    return Waiting(
        **counts,
        **owed,
        following=following,
        blind=blind,
        filed=user.role == Role.CADRE,
        checks=PromiseStep.FULFILLED in steps_for(user.role, PromiseState.REPORTED),
    )


def matters_of(user: User) -> PetitionQuerySet:
    """Those whose turn it is at this person's office or unit, or that a cadre has filed."""
    return counted_by(user).filter(_mine(user))


def _mine(user: User) -> Q:
    """A cadre follows what they filed for somebody; everybody else what waits for them."""
    if user.role == Role.CADRE:
        return Q(filed_by=user, state__in=[*turns.OFFICE_STATES, *turns.UNIT_STATES])
    return turns.turn_of(user)


def blocks(user: User, today: date) -> Iterator[Block]:
    """One block for those who have to do with petitions."""
    if waiting := waiting_for(user, today):
        yield Block(10, Column.DUE, "petitions/house/_waiting.html", waiting)
