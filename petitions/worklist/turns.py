"""Whose turn a petition is: the states in which the office, a unit or the filer has the next step."""

from django.db.models import Exists, OuterRef, Q

from households.models import User
from households.roles import Role
from petitions.models import Assignment
from petitions.states import PetitionState

OFFICE_STATES = (
    PetitionState.FILED,
    PetitionState.ACCEPTED,
    PetitionState.CONTESTED,
    PetitionState.CONFIRMED,
    PetitionState.REVIEWING,
    PetitionState.FINAL_REVIEWING,
)


UNIT_STATES = (PetitionState.ASSIGNED, PetitionState.HANDLED)


def turn_of(user: User) -> Q:
    """Which petitions wait for this person's office, department or township."""
    if user.role == Role.PETITION_OFFICE:
        return Q(state__in=OFFICE_STATES)
    if user.role in (Role.DEPARTMENT, Role.TOWNSHIP):
        unit = {"department": user.department_id} if user.department_id else {"division": user.division_id}
        leads = Assignment.objects.filter(petition=OuterRef("pk"), ended_at=None, lead=True, **unit)
        return Q(Exists(leads), state__in=UNIT_STATES)
    return Q(pk__in=[])
