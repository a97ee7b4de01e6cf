"""An account as its owner and the staff read it: what there is, until when it is good, and every movement in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet, Sum, Window

from households.codes import Level
from households.models import Department, Division, Household, Linkage
from households.register.reads import name_for
from households.scope import lies_in
from scoring.ledger import lots
from scoring.ledger.owners import Owner, department, division, household
from scoring.models import Account, PointEntry
from scoring.points.owners import Holder
from scoring.readers import Reader


@dataclass(frozen=True, slots=True)
class Lot:
    """Points of one year that are left, and the last day on which they are good."""

    year: int
    points: int
    until: date


@dataclass(frozen=True, slots=True)
class Below:
    """An account directly below another, as a line of a list."""

    owner: Owner
    name: str
    balance: int
    held: int
    owed: int


def entries_of(owner: Owner) -> "QuerySet[PointEntry]":
    """Every movement, the newest first, each with the balance after it (`after`)."""
    mine = PointEntry.objects.filter(account__owner_kind=owner.kind, account__owner=owner.code)
    return mine.annotate(after=Window(Sum("amount"), order_by=F("seq").asc())).order_by("-seq")


def lots_of(owner: Owner) -> list[Lot]:
    """What is left of each year, the oldest first."""
    mine = PointEntry.objects.filter(account__owner_kind=owner.kind, account__owner=owner.code)
    return lots_among(mine.exclude(amount=0).order_by("seq").values_list("amount", "year"))


def lots_among(movements: Iterable[tuple[int, int | None]]) -> list[Lot]:
    """The same from (amount, year) in the order of the chain."""
    left = lots.lots_of(lots.Movement(amount, year) for amount, year in movements).left
    return [Lot(year, points, lots.last_day_of(year)) for year, points in sorted(left.items())]


def effect(entry: PointEntry) -> str:
    """What a movement did, for people: +20, −15, 预留 15, 放回 15, 记欠 5."""
    parts = [f"{'+' if entry.amount > 0 else '−'}{abs(entry.amount)}"] if entry.amount else []
    if entry.held and not entry.amount:
        parts.append(f"预留 {entry.held}" if entry.held > 0 else f"放回 {-entry.held}")
    if entry.owed:
        parts.append(f"记欠 {entry.owed}" if entry.owed > 0 else f"还欠 {-entry.owed}")
    return "，".join(parts)


def below(holder: Holder, reader: Reader) -> list[Below]:
    """The accounts directly below a place, by code; none below a household or department."""
    if holder.level in (None, Level.HOUSEHOLD):
        return []
    if holder.level is Level.GROUP:
        homes = Household.objects.filter(group=holder.code).order_by("code")
        return _with_accounts([(household(home.code), f"{name_for(home, reader.user)}家") for home in homes])
    places = Division.objects.filter(parent=holder.code).order_by("code")
    return _with_accounts([(division(place.code), place.name) for place in places])


def departments_of(county: str) -> list[Below]:
    """The accounts of the departments that are or were linked to divisions of a county."""
    linked = Linkage.objects.filter(lies_in(county, "division")).values("department")
    found = Department.objects.filter(pk__in=linked).order_by("code")
    return _with_accounts([(department(one.code), one.name) for one in found])


def _with_accounts(named: list[tuple[Owner, str]]) -> list[Below]:
    kinds = {owner.kind for owner, _ in named}
    accounts = Account.objects.filter(owner_kind__in=kinds, owner__in=[owner.code for owner, _ in named])
    known = {account.owner: account for account in accounts}
    return [Below(owner, name, *_figures(known.get(owner.code))) for owner, name in named]


def _figures(account: Account | None) -> tuple[int, int, int]:
    return (account.balance, account.held, account.owed) if account else (0, 0, 0)
