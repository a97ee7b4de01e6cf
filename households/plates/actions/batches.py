"""Plates for many households at once."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from households.models import Division, Household, Plate, User
from households.plates.actions.plates import issue_plates
from households.refusals import Refused
from households.scope import lies_in


@transaction.atomic
def issue_missing(*, village: Division, group: str = "", by: User | None) -> list[tuple[Plate, str]]:
    """Plates for every household of the village, or of one of its groups, that has none in force.

    Refused when none is missing. Of two people who press at once the second finds nothing missing: without the lock
    it would replace, and so spoil, what the first has just printed.
    """
    issued = issue_where_missing(village=village, group=group, by=by)
    if not issued:
        raise Refused("nothing_missing", "这里的户都已经有户牌。", hint="要换牌的户，请在名单里逐户换。")
    return issued


@transaction.atomic
def issue_where_missing(
    *, village: Division, group: str = "", by: User | None, at: datetime | None = None
) -> list[tuple[Plate, str]]:
    """The same without a refusal. `at` is the moment at which the PINs come into force, now if not given."""
    Division.objects.select_for_update().get(pk=village.pk)
    staying = Household.objects.filter(lies_in(group or village.code), valid_to=None)
    active = staying.active(timezone.localdate())
    missing = list(active.exclude(plates__in=Plate.objects.filter(revoked_at=None)).filter(lies_in(village.code)))
    return issue_plates(households=missing, by=by, at=at) if missing else []
