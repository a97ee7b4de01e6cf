"""Plates for many households at once, and new PINs for plates that hang already."""

from django.db import transaction
from django.utils import timezone

from households import audit
from households.models import Division, Household, Plate, User
from households.plates.actions.plates import hash_pin, issue_plates, new_pin
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


@transaction.atomic
def renew_pin(*, plate: Plate, by: User | None) -> str:
    """A new PIN for a plate that stays where it hangs, shown this once; the old one stops working, a lock ends.

    Refused for a revoked plate.
    """
    pin = new_pin()
    renewed = {"pin_hash": hash_pin(plate.token, pin), "pin_set_at": timezone.now()}
    renewed |= {"failures": 0, "locked_until": None}
    if not Plate.objects.filter(pk=plate.pk, revoked_at=None).update(**renewed):
        raise Refused("plate_revoked", "这块户牌已经作废。", hint="请先发新牌。", status=409)
    audit.record(by, "plate.new_pin", place=plate.household_id, subject=plate)
    return pin
