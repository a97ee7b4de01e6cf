"""Data of the pages on contacts: a village's list, a household's, and what a contact sees of their own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from households.contacts import reads
from households.contacts.news import news_of
from households.contacts.reads import WhomToCall
from households.fields import Choices
from households.masks import mask_name, mask_phone
from households.models import ContactHandOver, ContactPerson, Division, Household, User
from households.permissions import ROLES, Permission, may
from households.register.phones import masked
from households.register.reads import knows_names_of, name_for


@dataclass(frozen=True, slots=True)
class HouseholdLine:
    """A household with its contacts, as the reader may see them."""

    code: str
    name: str
    group: str
    contacts: list[WhomToCall]


@dataclass(frozen=True, slots=True)
class OwnHousehold:
    """A household of somebody's: `stands` this month, what it `waits` for, when it was last called on."""

    code: str
    name: str
    place: str
    address: str
    phone: str
    last: date | None
    stands: list[str]
    waits: list[str]

    @property
    def number(self) -> str:
        return self.code[-4:]


def sees_people(user: User, code: str) -> bool:
    """Whether contacts are named in full with their number: to those who arrange them and to the village's own."""
    return may(user, Permission.MANAGE_CONTACTS, at=code) or knows_names_of(user, code)


def lines_of(households: Sequence[Household], user: User, on: date) -> list[HouseholdLine]:
    """The households in their order. Three queries at any length."""
    found = reads.whom_to_call([each.code for each in households], on)
    return [
        HouseholdLine(
            each.code, name_for(each, user), each.group.name, _shown(found.get(each.code, []), user, each.code)
        )
        for each in households
    ]


def contacts_for(household: Household, user: User, on: date) -> list[WhomToCall]:
    """Whom to call for one household, as the person may see them. Two queries, and one for numbers of leaders."""
    return _shown(reads.whom_to_call([household.code], on).get(household.code, []), user, household.code)


def _shown(contacts: list[WhomToCall], user: User, code: str) -> list[WhomToCall]:
    if sees_people(user, code):
        return contacts
    return [
        WhomToCall(one.kind, one.label, mask_name(one.name), mask_phone(one.phone), one.since, one.grid)
        for one in contacts
    ]


def own_lines(households: Sequence[Household], on: date) -> list[OwnHousehold]:
    """What a contact sees of their own households: names in full, numbers masked until they call."""
    codes = [each.code for each in households]
    last = reads.last_visits(codes)
    stands: dict[str, list[str]] = defaultdict(list)
    waits: dict[str, list[str]] = defaultdict(list)
    for one in news_of(codes, on):
        (waits if one.waits else stands)[one.household].append(one.sentence)
    return [
        OwnHousehold(
            code=each.code,
            name=each.head_name,
            place=_place(each),
            address=each.address,
            phone=masked(each.phone),
            last=last.get(each.code),
            stands=stands[each.code],
            waits=waits[each.code],
        )
        for each in households
    ]


def _place(household: Household) -> str:
    village = household.group.parent
    return f"{village.name if village else ''}{household.group.name}"


def people_choices(village: Division) -> Choices:
    """The people who may be given households of the village."""
    return [
        (str(person.pk), f"{person.name} {mask_phone(str(person.phone))}".strip())
        for person in reads.people_of(village)
    ]


def account_choices(place: Division) -> Choices:
    """Accounts of the place and of its township that see households: whose a contact's may be."""
    roles = [role for role, holds in ROLES.items() if Permission.SEE_HOUSEHOLDS in holds]
    here = Q(division__code__startswith=place.code) | Q(division=place.code[:9])
    users = User.objects.filter(here, role__in=roles, is_active=True).select_related("division__parent")
    return [(user.username, f"{user.display_name}（{user.get_role_display()}，{user.username}）") for user in users]


@dataclass(frozen=True, slots=True)
class ToldHandOver:
    """A hand-over as one of the two reads it."""

    done: ContactHandOver
    took: bool

    @property
    def other(self) -> ContactPerson:
        return self.done.giver if self.took else self.done.taker


def told_to(user: User, since: date) -> list[ToldHandOver]:
    """Hand-overs from or to the person since a day, newest first."""
    mine = Q(giver__user=user) | Q(taker__user=user)
    rows = ContactHandOver.objects.filter(mine, at__date__gte=since).select_related("giver", "taker", "taker__user")
    return [ToldHandOver(row, row.taker.user_id == user.pk) for row in rows]


def today() -> date:
    return timezone.localdate()
