"""Closed households whose points nobody has been named for yet: they lapse when the term is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet

from households.changes.plans import term_of
from households.models import ENDINGS, ChangeKind, HouseholdChange
from households.register.places import names_of
from households.scope import Scope
from scoring.models import Account, OwnerKind


@dataclass(frozen=True, slots=True)
class HeirlessLine:
    """A closed household by its code, with its points that nobody has reserved, and the last day on which they can be given."""

    code: str
    place: str
    points: int
    until: date


def heirless(scope: Scope, today: date) -> "QuerySet[HouseholdChange]":
    """The closings, inside a place, whose points still want somebody; the one whose term ends first comes first."""
    closed = HouseholdChange.objects.within(scope).filter(kind=ChangeKind.CLOSE, other=None)
    closed = closed.filter(household__valid_to__isnull=False, at__date__gte=today - timedelta(days=settings.HEIR_DAYS))
    of_it = HouseholdChange.objects.filter(household=OuterRef("household"), pk__gt=OuterRef("pk"))
    free = Account.objects.filter(owner_kind=OwnerKind.HOUSEHOLD, owner=OuterRef("household"), balance__gt=F("held"))
    return (
        closed.exclude(Exists(of_it.filter(kind__in=[*ENDINGS, ChangeKind.HEIR]))).filter(Exists(free)).order_by("pk")
    )


def lines_of(closings: Sequence[HouseholdChange]) -> list[HeirlessLine]:
    """One line each, without anybody's name."""
    codes = [one.household_id for one in closings]
    places = names_of(codes) if codes else {}
    accounts = Account.objects.filter(owner_kind=OwnerKind.HOUSEHOLD, owner__in=codes)
    free = {one.owner: one.balance - one.held for one in accounts}
    return [
        HeirlessLine(one.household_id, places[one.household_id], free[one.household_id], term_of(one))
        for one in closings
    ]
