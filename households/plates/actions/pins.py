"""The PIN of a plate that hangs: handed out anew on paper by a cadre, and set by the household itself.

A PIN on paper is known to whoever printed it. It opens one thing: the page on which the household sets its own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from households import audit
from households.models import Plate, PlateDevice, User
from households.outbox.actions import put
from households.plates.actions.plates import hash_pin, is_pin, new_pin
from households.plates.rules import digits_of, why_not
from households.refusals import Refused


@transaction.atomic
def renew_pin(*, plate: Plate, by: User | None) -> str:
    """A new PIN on paper for a plate that stays where it hangs, shown this once. It opens the door once.

    The old one stops working, open sessions end, no device is remembered, a lock ends. Refused for a revoked plate.
    """
    pin, now = new_pin(), timezone.now()
    if not _change(Plate.objects.filter(pk=plate.pk), plate, pin, pin_set_at=now, own_pin_at=None):
        raise Refused("plate_revoked", "这块户牌已经作废。", hint="请先发新牌。", status=409)
    put("plate.renewed", key=f"{plate.pk}:{now.isoformat()}", households=[plate.household_id])
    audit.record(by, "plate.new_pin", place=plate.household_id, subject=plate)
    return pin


@transaction.atomic
def renew_untold(*, plates: Sequence[Plate], by: User | None, at: datetime) -> list[tuple[Plate, str]]:
    """New PINs, in force from `at`, for plates whose PIN nobody was ever told: so nobody is told that it changed."""
    renewed = []
    for plate in plates:
        pin = new_pin()
        if _change(Plate.objects.filter(pk=plate.pk, own_pin_at=None), plate, pin, pin_set_at=at):
            audit.record(by, "plate.new_pin", place=plate.household_id, subject=plate)
            renewed.append((plate, pin))
    return renewed


@transaction.atomic
def set_own_pin(*, plate: Plate, pin: str, again: str) -> None:
    """The household sets a PIN of its own, typed twice, in place of the one that it has just been asked for.

    `plate` is as it was when that one was right: of two who set one at the same time the second is told. What was typed
    is refused with a reason when it is none, two different ones, too simple, or the one before.
    """
    chosen = digits_of(pin)
    faults = why_not(chosen, digits_of(again))
    if not faults and is_pin(plate, chosen):
        faults = {"pin": "这是原来的密码，请换一个只有您家知道的。"}
    if faults:
        raise Refused("pin_unfit", "密码没有设好。", fields=faults)
    since = plate.own_pin_at or timezone.now()
    moments = {"own_pin_at": since, "opened_at": Coalesce("opened_at", Now())}
    if not _change(Plate.objects.filter(pk=plate.pk, pin_epoch=plate.pin_epoch), plate, chosen, **moments):
        raise Refused("pin_moved_on", "密码刚才已经换过了。", hint="不是您家里人换的，请马上到村里换一个。", status=409)
    if plate.own_pin_at:  # the first one is no news to whoever has just set it
        put("plate.renewed", key=f"{plate.pk}:{plate.pin_epoch}", households=[plate.household_id])
    audit.record(audit.VILLAGER, "plate.own_pin", place=plate.household_id, subject=plate)


def used_before(*, plate: Plate) -> str:
    """Have a made-up household set a PIN, for demos and measurements; returns it."""
    pin = next(pin for pin in iter(new_pin, "") if not is_pin(plate, pin))
    set_own_pin(plate=plate, pin=pin, again=pin)
    plate.refresh_from_db()
    return pin


def _change(standing: Any, plate: Plate, pin: str, **moments: Any) -> bool:
    """Put a PIN in force, by one guarded statement; what the one before had opened is shut. False: somebody was quicker."""
    fresh = {
        "pin_hash": hash_pin(plate.token, pin),
        "pin_epoch": F("pin_epoch") + 1,
        "failures": 0,
        "locked_until": None,
    }
    if not standing.filter(revoked_at=None).update(**fresh, **moments):
        return False
    PlateDevice.objects.filter(plate=plate).delete()
    return True
