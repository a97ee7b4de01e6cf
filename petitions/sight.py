"""Loading what an address of the petitions' pages names, inside what its reader may see."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import register_converter

from households.audience import user_of
from households.models import User
from households.roles import Role
from petitions.models import Petition
from petitions.models.petitions import takes_the_offices_place
from petitions.states import PetitionAction, transition


class NumberConverter:
    """A petition's number in an address: 430525-2026-000123."""

    regex = "[0-9]{6}-[0-9]{4}-[0-9]{6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: Any) -> str:
        return str(value)


register_converter(NumberConverter, "petition_number")


def petition_in_sight(request: HttpRequest, number: str) -> Petition:
    """The petition, or 404 as for one that does not exist: also for whom it accuses."""
    found = Petition.objects.visible_to(user_of(request)).filter(number=number)
    related = ("place__parent", "filed_by", "merged_into", "household__group")
    owner = ("case__owner__division", "case__owner__department")
    petition = found.select_related(*related, *owner).first()
    if petition is None:
        raise Http404
    return petition


# A body that handles what it takes in does not end it with its own word: the filer does, or the end of their time.
NOT_IN_THE_OFFICES_PLACE = frozenset({PetitionAction.CLOSE, PetitionAction.RATE})


def acts_as(petition: Petition, user: User) -> Sequence[str]:
    """As what a person may act with this petition: their post; before it, where the office is accused, in its place."""
    in_its_place = petition.against_office and takes_the_offices_place(user)
    return (Role.PETITION_OFFICE, user.role) if in_its_place else (user.role,)


def acting_role(petition: Petition, user: User, action: PetitionAction) -> str:
    """The role in which this person takes a step: one that the table lets through, if any does."""
    own = user.role
    for role in acts_as(petition, user):
        if role == own or (action not in NOT_IN_THE_OFFICES_PLACE and transition(action, petition.status, role)):
            return role
    return own


def numbers_only(user: User) -> bool:
    """Whether this person sees numbers and dates alone."""
    return user.role == Role.COUNTY_OFFICE


def petition_overseen(request: HttpRequest, number: str) -> Petition:
    """The petition without its words, or 404: also for every accusation."""
    found = Petition.objects.overseen_by(user_of(request)).filter(number=number)
    petition = found.defer("title", "text", "filer_name", "filer_phone", "enterprise").first()
    if petition is None:
        raise Http404
    return petition
