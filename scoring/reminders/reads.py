"""The reminders of a village and what is to be done about each."""

from dataclasses import dataclass
from datetime import date

from households.codes import Level
from households.models import User
from households.months import Month, shift
from households.scope import lies_in
from scoring.models import Clause, ScoreEvent
from scoring.reminders.rules import USUAL, ReminderState, follows, offers, reminder_state
from scoring.rules import Kind
from scoring.sheets.actions.entries import is_secret_from

BACK = 2  # months before the one that is looked at


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One reminder: its day, its state, the how manieth of this household under this zero it is."""

    event: ScoreEvent
    until: date
    state: ReminderState
    count: int
    offers: bool
    clauses: list[Clause]


def reminders_of(village: str, month: Month, by: User, today: date) -> list[ReminderLine]:
    """Of a month and the two before it, the newest first. Two queries."""
    inside = ScoreEvent.objects.standing().filter(lies_in(village), kind=Kind.REMIND, period__gte=shift(month, -BACK))
    inside = inside.filter(period__lte=month).within(by.scope)
    found = inside.select_related("clause__indicator", "term", "term__followed_by").order_by("date", "pk")
    events = [one for one in found if len(one.code) == Level.HOUSEHOLD.code_length and not is_secret_from(one, by)]
    clauses = Clause.objects.filter(scheme__periods=month, kind=Kind.DEDUCT).select_related("indicator")
    after: dict[int, list[Clause]] = {}
    for clause in clauses:
        if follows(clause.kind, clause.text):
            after.setdefault(clause.indicator.position, []).append(clause)
    counts: dict[tuple[str, int], int] = {}
    lines = [_line(event, counts, after, today) for event in events]
    return lines[::-1]


def _line(
    event: ScoreEvent, counts: dict[tuple[str, int], int], after: dict[int, list[Clause]], today: date
) -> ReminderLine:
    key = (event.code, event.indicator)
    counts[key] = counts.get(key, 0) + 1
    term = getattr(event, "term", None)
    until = term.until if term else event.date + USUAL
    state = reminder_state(
        until=until,
        put_right=bool(term and term.put_right_on),
        followed=bool(term and term.followed_by_id),
        today=today,
    )
    return ReminderLine(event, until, state, counts[key], offers(state, counts[key]), after.get(event.indicator, []))
