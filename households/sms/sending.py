"""Sending what waits: once each, in working hours, and honest about what nobody can know.

A message is taken by a committed step before anything leaves the house, so of two workers one has it. Who took it and never came back
may have sent it: it is then called so and not sent again.
"""

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from households.models import OutboxMessage, OutboxState
from households.outbox.kinds import BEHIND_PLATE, BY_NUMBER, kind_of
from households.sms.gateway import Gateway, Outcome
from households.sms.recipients import phone_of
from households.workdays.workdays import in_working_hours

LEASE = timedelta(minutes=10)  # well above the longest time that a try takes
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 120, 480))  # after the first, second ... try
TRIES = len(PAUSES) + 1
NO_NEWS = timedelta(days=7)  # what could not go out for so long stands on the page; as an SMS it would only puzzle
MAX_SENT = 500  # of one run
_ENDS = {Outcome.HANDED: OutboxState.HANDED, Outcome.UNSURE: OutboxState.UNSURE}


def send_due(*, at: datetime | None = None) -> dict[str, int]:
    """Send what is due; how many ended how. Nothing outside working hours, and no more once the gateway is not reached."""
    counts: Counter[str] = Counter(unsure=_give_up_lost(at or timezone.now()))
    gateway = settings.SMS
    while sum(counts.values()) < MAX_SENT and gateway is not None and in_working_hours(at or timezone.now()):
        taken = _take(at or timezone.now())
        if taken is None:
            break
        message, phone = taken
        outcome = _send(gateway, message, phone, at) if phone else None
        counts[outcome or message.state] += 1
        if outcome is Outcome.NOT_REACHED:
            break
    return {str(name): number for name, number in counts.items() if number}


def _give_up_lost(now: datetime) -> int:
    lost = OutboxMessage.objects.filter(state=OutboxState.SENDING, tried_at__lt=now - LEASE)
    return lost.update(state=OutboxState.UNSURE)


@transaction.atomic
def _take(now: datetime) -> tuple[OutboxMessage, str] | None:
    """The next one as ours alone, with its telephone; one that is not to be sent is at its end, and has none."""
    due = OutboxMessage.objects.filter(state=OutboxState.WAITING, due_at__lte=now).order_by("due_at", "id")
    message = due.select_for_update(skip_locked=True).first()
    if message is None:
        return None
    phone = phone_of(message)
    message.state = _why_not(message, phone, now) or OutboxState.SENDING
    if message.state == OutboxState.SENDING:
        message.attempts, message.tried_at = message.attempts + 1, now
    message.save(update_fields=["state", "attempts", "tried_at"])
    return message, phone if phone and message.state == OutboxState.SENDING else ""


def _why_not(message: OutboxMessage, phone: str | None, now: datetime) -> OutboxState | None:
    if kind_of(message.kind) is None or phone is None:
        return OutboxState.NO_SMS
    if now - message.made_at > NO_NEWS:
        return OutboxState.REFUSED
    return None if phone else OutboxState.NO_NUMBER


def _send(gateway: Gateway, message: OutboxMessage, phone: str, at: datetime | None) -> Outcome:
    """Outside of any transaction. Its end is written only if it is still ours."""
    outcome = gateway.send(phone=phone, text=text_of(message), key=str(message.pk))
    now = at or timezone.now()
    ends: dict[str, object] = {"state": _ENDS.get(outcome, OutboxState.WAITING)}
    if outcome is Outcome.HANDED:
        ends["handed_at"] = now
    elif outcome is not Outcome.UNSURE and message.attempts >= TRIES:
        ends["state"] = OutboxState.REFUSED
    elif outcome is not Outcome.UNSURE:
        ends["due_at"] = now + PAUSES[message.attempts - 1]
    ours = OutboxMessage.objects.filter(pk=message.pk, state=OutboxState.SENDING, attempts=message.attempts)
    ours.update(**ends)
    return outcome


def text_of(message: OutboxMessage) -> str:
    """The whole SMS: the kind's sentence and where to read on."""
    kind = kind_of(message.kind)
    return f"{kind.text if kind else ''}{BEHIND_PLATE if message.household else BY_NUMBER}"
