"""What the schedule does about time: reminders up to a supervision order, and closing when the time to object is over."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from households.operations import answered
from households.paging import batched
from households.refusals import Refused
from households.workdays.workdays import in_working_hours, local_day
from petitions.clock_types import SOON_DAYS, Clock, ClockKey
from petitions.clocks import clocks, deadlines, ladder
from petitions.clocks.ladder import HOLIDAYS, Reminder, Rung
from petitions.models import Petition
from petitions.states import WITH_FILER
from petitions.steps import closing, routing

_AT_ONCE = 200
CLOSED_WORDS = "期限内没有收到您的异议，这件信访现在办结。事情没有解决的，仍然可以提出。"


def remind_due(now: datetime | None = None) -> int:
    """Climb the highest due rung of every clock that an authority owes; returns how many were new.

    Only in working hours. Whatever was sent before is left alone, so that a repeated message changes nothing.
    """
    moment = now or timezone.now()
    if not in_working_hours(moment):
        return 0
    return sum(_send(petition, reminder, moment) for petition, reminder in _fresh(moment))


def _fresh(now: datetime) -> Iterator[tuple[Petition, Reminder]]:
    """Rungs that are due and not yet climbed."""
    latest = local_day(now) + timedelta(days=SOON_DAYS) + HOLIDAYS
    nearing = Petition.objects.open().filter(paused=False, due_on__lte=latest).order_by("pk")
    for batch in batched(list(nearing.values_list("pk", flat=True)), _AT_ONCE):
        due = list(_due(batch, now))
        known = answered(reminder.op_id(petition.number) for petition, reminder in due)
        yield from (one for one in due if one[1].op_id(one[0].number) not in known)


def _due(batch: Sequence[int], now: datetime) -> Iterator[tuple[Petition, Reminder]]:
    histories = deadlines.histories(batch)
    for petition in Petition.objects.filter(pk__in=batch).defer("text").order_by("pk"):
        for clock in clocks.running(histories[petition.pk], deadlines.limits()):
            reminder = ladder.climbed(clock, now)
            if reminder is not None:
                yield petition, reminder


def _send(petition: Petition, reminder: Reminder, at: datetime) -> int:
    """Write it to the history as the schedule; 0 when the petition has moved on meanwhile."""
    act = routing.supervise if reminder.rung is Rung.SUPERVISE else routing.remind
    op_id, step = reminder.op_id(petition.number), int(reminder.rung)
    try:
        act(op_id=op_id, petition=petition, by=None, note=reminder.text, step=step, at=min(at, timezone.now()))
    except Refused:
        return 0
    return 1


def close_passed(now: datetime | None = None) -> int:
    """Close what was answered or reviewed when the time to object, or to ask for a final review, is over; how many."""
    moment = now or timezone.now()
    waiting = Petition.objects.in_state(*WITH_FILER).order_by("pk")
    keys = list(waiting.values_list("pk", flat=True))
    return sum(_close_batch(batch, moment) for batch in batched(keys, _AT_ONCE))


def _close_batch(batch: Sequence[int], now: datetime) -> int:
    histories, closed = deadlines.histories(batch), 0
    for petition in Petition.objects.filter(pk__in=batch).defer("text").order_by("pk"):
        found = clocks.clocks(histories[petition.pk], deadlines.limits())
        passed = [each for each in found if _is_over(each, now)]
        closed += _close(petition, passed[-1]) if passed else 0
    return closed


def _is_over(clock: Clock, now: datetime) -> bool:
    rights = (ClockKey.OBJECT, ClockKey.ASK_FINAL_REVIEW)
    return clock.key in rights and clock.running and clock.late_on(local_day(now))


def _close(petition: Petition, clock: Clock) -> int:
    op_id = uuid5(NAMESPACE_URL, f"dongkou:petition:{petition.number}:close:{clock.key}:{clock.due}")
    try:
        closing.close(op_id=op_id, petition=petition, by=None, told=CLOSED_WORDS)
    except Refused:
        return 0
    return 1
