"""The queue of a month's sheets as a township sees it: what waits, what is not declared, what is decided."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import CharField, Count, F, Func, IntegerField, Max, Min, Q
from django.db.models.functions import Left
from django.utils import timezone

from households.codes import Level
from households.models import Division, Household, User
from households.months import Month, last_day
from households.register.phones import read_kept
from households.roles import Role
from households.scope import Scope, lies_in
from scoring.models import Decision, Declaration, Review, ScoreEvent, Sheet
from scoring.months.months import calendar_of, extended_until, longer
from scoring.rules import Kind
from scoring.signals.rules import Signal
from scoring.states import SheetState

HURRIED = timedelta(minutes=5)
HURRIED_FROM = 5  # fewer entries than this are quickly made by an honest hand too


@dataclass(slots=True)
class VillageTally:
    """What was recorded in a village: standing exceptions, those waiting for a second person, bonuses, and when."""

    exceptions: int = 0
    households: int = 0
    pending: int = 0
    bonuses: int = 0
    first: datetime | None = None
    last: datetime | None = None

    @property
    def hurried(self) -> bool:
        """Whether many entries were made within minutes."""
        if self.exceptions < HURRIED_FROM or not (self.first and self.last):
            return False
        return self.last - self.first <= HURRIED


class Called(NamedTuple):
    """Somebody who has to declare, and the number to call; empty where none is known."""

    name: str
    phone: str


@dataclass(slots=True)
class QueueLine:
    """One village's month in the queue. `households` are the active ones; `speaks_for` those of the declaration."""

    village: Division
    households: int
    state: SheetState = SheetState.OPEN
    tally: VillageTally = field(default_factory=VillageTally)
    signed_by: str = ""
    signed_at: datetime | None = None
    speaks_for: int = 0
    last_review: Review | None = None
    days_late: int = 0
    signals: list[Signal] = field(default_factory=list)
    cadres: list[Called] = field(default_factory=list)

    @property
    def returned(self) -> bool:
        """Whether the sheet lies open because the township sent it back."""
        return bool(self.last_review and self.state is SheetState.OPEN and self.last_review.decision == Decision.RETURN)

    @property
    def flags(self) -> list[str]:
        """What deserves a second look. None of it proves anything."""
        return flags(self.tally, self.last_review) if self.state is SheetState.DECLARED else []


@dataclass(frozen=True, slots=True)
class Queue:
    """A month's sheets: waiting ones with exceptions first, those not declared, those already decided."""

    waiting: list[QueueLine]
    silent: list[QueueLine]
    done: list[QueueLine]

    @property
    def all(self) -> list[QueueLine]:
        return [*self.waiting, *self.silent, *self.done]

    def counts(self) -> list[tuple[SheetState, int]]:
        """How many sheets are in each state, in the order a month runs."""
        states = [line.state for line in self.all]
        return [(state, states.count(state)) for state in SheetState if state in states]


def flags(tally: VillageTally, last_review: Review | None) -> list[str]:
    """Plain remarks on how a sheet came about."""
    found = []
    if not tally.exceptions:
        found.append("全村没有一条例外，也没有加分")
    elif not tally.bonuses:
        found.append("没有记过加分")
    if tally.hurried:
        minutes = int(HURRIED.total_seconds() // 60)
        found.append(f"{tally.exceptions} 条例外在 {minutes} 分钟内录完")
    if last_review and last_review.decision == Decision.RETURN:
        found.append("退回后重新申报")
    return found


def queue_of(month: Month, scope: Scope, *, within: str = "") -> Queue:
    """The villages of `scope` (below the division `within`, when given) in `month`. Seven queries, however many villages."""
    villages = Division.objects.within(scope).active(last_day(month)).of_level(Level.VILLAGE)
    counts = _active_households(month, scope)
    lines = {
        village.code: QueueLine(village, counts.get(village.code, 0))
        for village in villages.filter(lies_in(within)).select_related("parent")
    }
    _add_sheets(lines, month, scope)
    _add_tallies(lines, month, scope)
    _add_lateness(lines, month)
    ordered = sorted(lines.values(), key=_order)
    waiting = [line for line in ordered if line.state is SheetState.DECLARED]
    silent = [line for line in ordered if line.state is SheetState.OPEN]
    return Queue(
        waiting, silent, [line for line in ordered if line.state not in (SheetState.DECLARED, SheetState.OPEN)]
    )


def name_cadres(lines: Iterable[QueueLine]) -> None:
    """Who has to declare: the cadres of each village, by name and telephone. One query."""
    silent = {line.village.code: line for line in lines}
    for village, called in cadres_of(silent).items():
        silent[village].cadres = called


def cadres_of(villages: Collection[str]) -> dict[str, list[Called]]:
    """The cadres of each village that has any. One query, none without villages."""
    found: dict[str, list[Called]] = {}
    if villages:
        cadres = User.objects.filter(role=Role.CADRE, is_active=True, division__in=villages).order_by("username")
        for village, name, phone in cadres.values_list("division_id", "display_name", "phone"):
            found.setdefault(village, []).append(Called(name, read_kept(phone)))
    return found


def _order(line: QueueLine) -> tuple[bool, str]:
    return not line.tally.exceptions, line.village.code


def _village() -> Left:
    return Left("code", Level.VILLAGE.code_length, output_field=CharField())


def _active_households(month: Month, scope: Scope) -> dict[str, int]:
    active = Household.objects.within(scope).active(last_day(month)).order_by()
    return dict(active.annotate(place=_village()).values_list("place").annotate(Count("code")))


def _add_sheets(lines: dict[str, QueueLine], month: Month, scope: Scope) -> None:
    sheets = {
        sheet.pk: sheet for sheet in Sheet.objects.within(scope).filter(period=month) if sheet.village_id in lines
    }
    for sheet in sheets.values():
        lines[sheet.village_id].state = SheetState(sheet.state)
    standing = Declaration.objects.filter(sheet__in=sheets, withdrawn_at=None).annotate(
        speaks_for=Func(F("households"), function="cardinality", output_field=IntegerField())
    )
    for row in standing.values("sheet_id", "signed_at", "speaks_for", name=F("signed_by__display_name")):
        line = lines[sheets[row["sheet_id"]].village_id]
        line.signed_by, line.signed_at, line.speaks_for = row["name"] or "县六零办", row["signed_at"], row["speaks_for"]
    for review in Review.objects.filter(sheet__in=sheets).select_related("by").order_by("id"):
        lines[sheets[review.sheet_id].village_id].last_review = review


def _add_tallies(lines: dict[str, QueueLine], month: Month, scope: Scope) -> None:
    standing = ScoreEvent.objects.within(scope).standing().filter(period=month).order_by()
    for row in standing.annotate(place=_village()).values("place").annotate(**_COUNTS):
        if line := lines.get(row.pop("place")):
            line.tally = VillageTally(**row)


def _add_lateness(lines: dict[str, QueueLine], month: Month) -> None:
    """How many days past its last day each village declared, or has not declared yet; it stays marked so."""
    longest, today = extended_until(month, lines), timezone.localdate()
    for code, line in lines.items():
        days = longer(calendar_of(month, code), longest.get(code))
        line.days_late = days.days_late(timezone.localdate(line.signed_at) if line.signed_at else today)


_COUNTS: dict[str, Any] = {
    "exceptions": Count("id"),
    "households": Count("code", distinct=True, filter=Q(code__regex=f"^[0-9]{{{Level.HOUSEHOLD.code_length}}}$")),
    "pending": Count("id", filter=Q(confirmed_at__isnull=True)),
    "bonuses": Count("id", filter=Q(kind=Kind.BONUS)),
    "first": Min("recorded_at"),
    "last": Max("recorded_at"),
}


def next_waiting(queue: Queue, after: str) -> Division | None:
    """The waiting village that follows `after` in the queue's order, from the top again at its end."""
    here = next((_order(line) for line in queue.all if line.village.code == after), (False, ""))
    rest = [line for line in queue.waiting if line.village.code != after]
    later = [line for line in rest if _order(line) > here]
    return next((line.village for line in (*later, *rest)), None)
