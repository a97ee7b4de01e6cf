"""Telling a household or a filer what happened, inside the action that made it happen: once, however often it is repeated."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from households import audit
from households.models import ChangeKind, HouseholdChange, NoSms, OutboxMessage, OutboxState
from households.outbox.codes import codes_of

KEPT = timedelta(days=180)
_AT_ONCE = 2_000


def put(
    kind: str, *, key: object, households: Iterable[str] = (), petitions: Iterable[str] = (), quiet: bool = False
) -> None:
    """Leave a message for each; one that is there already stays as it is. In the caller's transaction.

    `quiet` keeps it from SMS and paper. Without a gateway nothing waits for one that comes later.
    """
    state = OutboxState.NO_SMS if quiet or settings.SMS is None else OutboxState.WAITING
    given = {"kind": kind, "quiet": quiet, "state": state}
    told = [OutboxMessage(key=f"{kind}:{key}:{code}", household=code, **given) for code in households]
    told += [OutboxMessage(key=f"{kind}:{key}:{number}", petition=number, **given) for number in petitions]
    OutboxMessage.objects.bulk_create(told, batch_size=_AT_ONCE, ignore_conflicts=True)


@transaction.atomic
def choose_sms(*, household: str, wanted: bool) -> None:
    """The household's word on whether it wants SMS; what waits follows it when its turn comes."""
    if wanted:
        NoSms.objects.filter(household__in=codes_of(household)).delete()
    else:
        NoSms.objects.get_or_create(household=household)
    audit.record(audit.VILLAGER, "sms.want" if wanted else "sms.refuse", place=household)


def forget() -> int:
    """Let go what is shown no longer; how many."""
    return OutboxMessage.objects.filter(made_at__lt=timezone.now() - KEPT).delete()[0]


def erase(*, households: Iterable[str] = (), petitions: Iterable[str] = ()) -> None:
    """What was told goes with the household or petition. In the caller's transaction."""
    OutboxMessage.objects.filter(household__in=[code for code in households if code]).delete()
    OutboxMessage.objects.filter(petition__in=[number for number in petitions if number]).delete()
    gone_on = HouseholdChange.objects.filter(kind=ChangeKind.MOVE).values("household")  # and their word still holds
    NoSms.objects.filter(household__in=list(households)).exclude(household__in=gone_on).delete()
