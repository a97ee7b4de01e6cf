"""Due days that go by working days, when a year's arrangement of holidays is entered: those of hotline and net."""

from collections.abc import Iterator
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from households.months import spoken_with_year
from households.paging import in_batches
from petitions.clocks import deadlines
from petitions.models import Petition, Way
from petitions.models.petitions import PetitionQuerySet
from petitions.steps.history import tell_filers
from petitions.tallies import rows as tally_rows

_WAYS = (Way.HOTLINE, Way.REDNET, Way.MAILBOX)
_AT_ONCE = 500


def _touched(year: int) -> PetitionQuerySet:
    """Those with a clock in working days that may reach into the year; no such clock runs longer than a year."""
    return Petition.objects.filter(way__in=_WAYS, filed_at__year__gte=year - 1)


def due_days(year: int) -> dict[str, str]:
    """The due days of those that are open, by number, as the arrangement that is supposed has them."""
    return {
        f"信访件 {petition.number} 到期": spoken_with_year(columns["due_on"]) if columns["due_on"] else "暂停计时"
        for petition, columns in _counted(_touched(year).exclude(due_on=None))
    }


def count_anew(year: int) -> int:
    """Store what has moved, of the petitions and of the board's rows, and tell the filers; how many are due on another day."""
    moved = 0
    for petition, columns in _counted(_touched(year)):
        if columns["due_on"] != petition.due_on:
            Petition.objects.filter(pk=petition.pk).update(**columns)
            key = f"{petition.number}:{petition.due_on}:{columns['due_on']}:{timezone.localdate()}"
            tell_filers("petition.due_moved", petition, key=key)
            moved += 1
    _recount(year)
    return moved


def _counted(petitions: PetitionQuerySet) -> Iterator[tuple[Petition, deadlines.ClockColumns]]:
    given = deadlines.limits()
    for batch in in_batches(petitions.only("pk", "number", "due_on", "paused"), _AT_ONCE):
        read = deadlines.histories([petition.pk for petition in batch])
        for petition in batch:
            yield petition, deadlines.clock_columns_of(read.get(petition.pk, []), given)


def _recount(year: int) -> None:
    for batch in in_batches(_touched(year).only("pk", "number", "channel", "kind", "content"), _AT_ONCE):
        read = deadlines.histories([petition.pk for petition in batch])
        tally_rows.keep_all((petition, read.get(petition.pk, [])) for petition in batch)
    transaction.on_commit(lambda: cache.set(tally_rows.COUNTED_ANEW, uuid4().hex, None))
