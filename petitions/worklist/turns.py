"""Whose turn a petition is: the states in which the office, a unit or the filer has the next step."""

from django.db.models import Exists, OuterRef, Q

from households.models import User
from households.roles import Role
from petitions.models import Assignment
from petitions.models.petitions import takes_the_offices_place
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
        led = Q(Exists(leads), state__in=UNIT_STATES)
        in_its_place = Q(against_office=True) & (Q(state__in=OFFICE_STATES) | Q(erasure_asked_at__isnull=False))
        return led | in_its_place if takes_the_offices_place(user) else led
    return Q(pk__in=[])
