"""Plates in force that nobody uses: whose page was never opened with the PIN, as a list of households and as counts by place.

What counts is the plate that hangs now: a household that opened the one before and was given another is on the list until
it opens that. A PIN told at a counter opens no page. Of plates from before openings were noted nobody knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from households.codes import Level, is_level
from households.models import Division, User
from households.plates.reads import with_plate
from households.register.reads import name_for
from households.scope import Scope

_NEVER = Q(live__opened_at=None, live__opening_noted=True)
_NOT_KNOWN = Q(live__opened_at=None, live__opening_noted=False)


@dataclass(frozen=True, slots=True)
class OpeningCount:
    """A place and its plates in force: all, those never opened, those of which nobody knows."""

    code: str
    name: str
    issued: int
    never: int
    not_known: int


@dataclass(frozen=True, slots=True)
class Unopened:
    """A household whose plate in force was not opened, as the reader may see it."""

    code: str
    name: str
    group: str
    issued_at: datetime
    days: int

    @property
    def since(self) -> str:
        """How long ago the plate was issued."""
        return f"{self.days} 天" if self.days else "今天"


@dataclass(frozen=True, slots=True)
class UnopenedLists:
    """Households by code: those that never opened, and those of which nobody knows."""

    never: list[Unopened]
    not_known: list[Unopened]


def places_below(user: User, place: Division | None, on: date) -> list[Division]:
    """What lies directly below a place in the person's subtree, or the subtree's own roots; a group stands for itself."""
    if place and is_level(place.code, Level.GROUP):
        return [place]
    divisions = Division.objects.within(user.scope).active(on)
    return list(divisions.filter(parent=place) if place else divisions.filter(code__in=user.scope.prefixes))


def opening_counts(places: Sequence[Division], on: date) -> list[OpeningCount]:
    """The plates in force of each place, in the order given. One query."""
    inside = with_plate(Scope(tuple(place.code for place in places)), on).filter(live__isnull=False)
    figures = {"never": Count("code", filter=_NEVER), "not_known": Count("code", filter=_NOT_KNOWN)}
    groups = list(inside.order_by("group").values_list("group").annotate(issued=Count("code"), **figures))
    return [
        _summed(place.code, place.name, [row[1:] for row in groups if row[0].startswith(place.code)])
        for place in places
    ]


def total_of(counts: Sequence[OpeningCount]) -> OpeningCount:
    """All of them together."""
    return _summed("", "", [(count.issued, count.never, count.not_known) for count in counts])


def unopened(user: User, place: str, on: date) -> UnopenedLists:
    """The households of a place, within the person's subtree. One query."""
    hanging = with_plate(Scope((place,)), on).within(user.scope).filter(live__isnull=False, live__opened_at=None)
    found = hanging.annotate(issued_at=F("live__issued_at"), noted=F("live__opening_noted"))
    lists = UnopenedLists([], [])
    for household in found.select_related("group").order_by("code"):
        (lists.never if household.noted else lists.not_known).append(_row(household, user, on))
    return lists


def _row(household: Any, user: User, on: date) -> Unopened:
    days = (on - timezone.localdate(household.issued_at)).days
    return Unopened(household.code, name_for(household, user), household.group.name, household.issued_at, days)


def _summed(code: str, name: str, rows: Sequence[tuple[int, int, int]]) -> OpeningCount:
    issued, never, not_known = (sum(column) for column in zip(*rows, strict=True)) if rows else (0, 0, 0)
    return OpeningCount(code, name, issued, never, not_known)
