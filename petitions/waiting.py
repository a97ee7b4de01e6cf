"""What of petitions waits for somebody, for his home page: three statements."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from households.models import User
from households.permissions import Permission, may
from households.roles import Role
from petitions import day_calendar, desk
from petitions.day_board import counted_by
from petitions.day_states import OPEN_PROMISES, PromiseState, ReceptionState
from petitions.models import Reception


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

    @property
    def nothing(self) -> bool:
        return not (self.turn or self.overdue or self.reported or self.following)


def waiting_for(user: User, today: date) -> Waiting | None:
    """None for those who have nothing to do with petitions."""
    if not may(user, Permission.SEE_PETITIONS):
        return None
    blind = user.role == Role.COUNTY_OFFICE
    mine = counted_by(user).open() if blind else counted_by(user).filter(_mine(user))
    counts = mine.order_by().aggregate(
        turn=Count("pk"),
        late=Count("pk", filter=desk.lamp_condition(desk.Lamp.LATE, today)),
        soon=Count("pk", filter=desk.lamp_condition(desk.Lamp.SOON, today)),
    )
    owed = day_calendar.owed_by(user).aggregate(
        overdue=Count("pk", filter=Q(state__in=OPEN_PROMISES, due_on__lt=today)),
        reported=Count("pk", filter=Q(state=PromiseState.REPORTED)),
    )
    coming = Reception.objects.visible_to(user).filter(state=ReceptionState.PLANNED, day__gte=today)
    following = coming.select_related("place").order_by("day", "starts").first()
    return Waiting(**counts, **owed, following=following, blind=blind)


def _mine(user: User) -> Q:
    """A cadre follows what he filed for somebody; everybody else what waits for him."""
    if user.role == Role.CADRE:
        return Q(filed_by=user, state__in=[*desk.OFFICE_STATES, *desk.UNIT_STATES])
    return desk.turn_of(user)
