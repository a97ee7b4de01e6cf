"""Plates for many households at once."""

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
    Division.objects.select_for_update().get(pk=village.pk)
    active = Household.objects.filter(lies_in(group or village.code)).active(timezone.localdate())
    missing = list(active.exclude(plates__in=Plate.objects.filter(revoked_at=None)).filter(lies_in(village.code)))
    if not missing:
        raise Refused("nothing_missing", "这里的户都已经有户牌。", hint="要换牌的户，请在名单里逐户换。")
    return issue_plates(households=missing, by=by)
