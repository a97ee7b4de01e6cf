"""What the schedule does about promises: it reminds of those that come due, in working hours only."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from households.operations import answered
from households.paging import batched
from households.refusals import Refused
from households.workdays.workdays import in_working_hours, local_day
from petitions.clocks.ladder import HOLIDAYS
from petitions.models import Promise
from petitions.promise_states import PromiseState
from petitions.promises import ladder as promise_ladder
from petitions.promises.actions import promises
from petitions.promises.ladder import PromiseReminder

_AT_ONCE = 200


def remind_promises(now: datetime | None = None) -> int:
    """Climb the highest due rung of every promise that is owed; returns how many were new.

    What was sent before is left alone, so that a repeated message changes nothing.
    """
    moment = now or timezone.now()
    if not in_working_hours(moment):
        return 0
    latest = local_day(moment) + promise_ladder.SOON + HOLIDAYS
    owed = Promise.objects.filter(state=PromiseState.MADE, due_on__lte=latest).order_by("pk")
    keys = list(owed.values_list("pk", flat=True))
    return sum(_remind_batch(batch, moment) for batch in batched(keys, _AT_ONCE))


def _remind_batch(keys: Sequence[int], now: datetime) -> int:
    rows = Promise.objects.filter(pk__in=keys).select_related("petition__place", "made").order_by("pk")
    due = [(one, found) for one in rows if (found := promise_ladder.climbed(local_day(one.made.at), one.due_on, now))]
    known = answered(found.op_id(one.petition.number, one.number) for one, found in due)
    fresh = [(one, found) for one, found in due if found.op_id(one.petition.number, one.number) not in known]
    return sum(_send(one, found, now) for one, found in fresh)


def _send(promise: Promise, reminder: PromiseReminder, now: datetime) -> int:
    """Write it to the petition's history as the schedule; 0 when the promise has moved on meanwhile."""
    op_id = reminder.op_id(promise.petition.number, promise.number)
    try:
        promises.remind(op_id=op_id, promise=promise, rung=int(reminder.rung), note=reminder.text)
    except Refused:
        return 0
    return 1
