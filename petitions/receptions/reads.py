"""Receptions as their readers see them: what stands on a list for whom, and how many cases there are for those who only count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.http import Http404

from households.models import User
from households.roles import Role
from petitions import lamps
from petitions.lamps import Lamp
from petitions.models import (
    Attendance,
    Petition,
    Promise,
    Reception,
    ReceptionItem,
    ReceptionOutcome,
    ReceptionRecord,
)
from petitions.models.petitions import PetitionQuerySet
from petitions.receptions.actions.lists import accusing


@dataclass(frozen=True, slots=True)
class ListedPetition:
    """One petition on a reception's list. `accuses` when it must not stay there: it accuses who is present."""

    item: ReceptionItem
    petition: Petition
    lamp: Lamp
    records: Sequence[ReceptionRecord]
    promises: Sequence[Promise]
    accuses: bool = False

    @property
    def outcome(self) -> ReceptionOutcome | None:
        """What the last record says; None before the first."""
        return ReceptionOutcome(self.records[-1].outcome) if self.records else None


def counted_by(user: User) -> PetitionQuerySet:
    """Petitions that go into this person's figures: those they may read; for the county office those it follows up."""
    sees = Petition.objects.overseen_by if user.role == Role.COUNTY_OFFICE else Petition.objects.visible_to
    return sees(user)


def receptions_of(user: User, first: date, last: date) -> list[Reception]:
    """What this person may know of between two days, both included, with the units that attend."""
    found = Reception.objects.visible_to(user).filter(day__gte=first, day__lte=last)
    return list(found.select_related("place__parent").prefetch_related(_attending()))


def in_sight(reception: int, user: User) -> Reception:
    """The reception, or 404 as for one that does not exist."""
    found = with_units(Reception.objects.visible_to(user)).filter(pk=reception).first()
    if not isinstance(found, Reception):
        raise Http404
    return found


def with_units(receptions: Any) -> Any:
    """The same receptions with place and units read along."""
    return receptions.select_related("place__parent").prefetch_related(_attending())


def _attending() -> "Prefetch[str, Any, str]":
    return Prefetch("attending", Attendance.objects.select_related("department", "division"))


def counts_of(receptions: Iterable[Reception], user: User) -> dict[int, tuple[int, int]]:
    """How many cases are listed and how many of them have a record, of those that count for this person; by reception."""
    standing = ReceptionItem.objects.filter(
        reception__in=[one.pk for one in receptions], removed_at=None, petition__in=counted_by(user)
    )
    rows = standing.order_by().values("reception")
    counted = rows.annotate(
        listed=Count("pk", distinct=True), recorded=Count("pk", distinct=True, filter=Q(records__isnull=False))
    )
    return {row["reception"]: (row["listed"], row["recorded"]) for row in counted}


def listed_petitions_of(reception: Reception, user: User, today: date, *, words: bool = False) -> list[ListedPetition]:
    """The list as this person may read it, in its order; nothing of what they may not read, nor that there is more.

    With `words` also what the filers wrote, and who they are.
    """
    readable = Petition.objects.visible_to(user).filter(listed__reception=reception, listed__removed_at=None)
    rows = (readable if words else readable.without_content()).select_related("place__parent", "case__owner")
    petitions = {one.pk: one for one in rows.with_units_at_work()}
    records = ReceptionRecord.objects.filter(reception=reception, petition__in=list(petitions))
    promises = Promise.objects.filter(petition__in=list(petitions)).select_related("made", "department", "division")
    said = _by_petition(records.select_related("event").order_by("id"))
    owed = _by_petition(promises.order_by("due_on", "id"))
    wrong = accusing(reception, petitions.values()) if user.role == Role.PETITION_OFFICE else set()
    items = ReceptionItem.objects.filter(reception=reception, removed_at=None, petition__in=list(petitions))
    found = []
    for item in items.order_by("position", "id"):
        petition = petitions[item.petition_id]
        lamp, pk = lamps.lamp_of(petition, today), petition.pk
        found.append(ListedPetition(item, petition, lamp, said.get(pk, []), owed.get(pk, []), pk in wrong))
    return found


def off_the_list(reception: Reception, user: User) -> list[ReceptionRecord]:
    """Records about petitions that could not stand on the list, for the petition office alone."""
    if user.role != Role.PETITION_OFFICE:
        return []
    found = ReceptionRecord.objects.filter(
        reception=reception, item=None, petition__in=Petition.objects.visible_to(user)
    )
    return list(found.select_related("petition", "event"))


def _by_petition(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.petition_id, []).append(row)
    return found
