"""Devices that a plate knows: where its household's own PIN was right, strangers' wrong tries lock nobody out."""

import hashlib
import secrets

from django.db import transaction

from households import audit
from households.models import Plate, PlateDevice

MAX_DEVICES = 10  # devices that one plate remembers; the oldest are forgotten
_KEY_BYTES = 16
_DIGEST_LENGTH = 40


def digest_of(key: str) -> str:
    """What the database holds of a device's key."""
    return hashlib.sha256(f"plate device {key}".encode()).hexdigest()[:_DIGEST_LENGTH]


@transaction.atomic
def remember(*, plate: Plate) -> str:
    """Let the plate know one more device; returns the key for its cookie."""
    key = secrets.token_urlsafe(_KEY_BYTES)
    PlateDevice.objects.create(plate=plate, digest=digest_of(key))
    kept = PlateDevice.objects.filter(plate=plate).order_by("-since", "-pk")[:MAX_DEVICES]
    PlateDevice.objects.filter(plate=plate).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    return key


@transaction.atomic
def forget_devices(*, plate: Plate) -> int:
    """The household wants none of them remembered; returns how many there were."""
    gone, _ = PlateDevice.objects.filter(plate=plate).delete()
    if gone:
        audit.record(audit.VILLAGER, "plate.forget_devices", place=plate.household_id, subject=plate)
    return gone
