"""Plates: the QR code at a household's door, and the PIN that opens the household's own page.

The token (128 random bits) is all that the code holds; it says nothing about the household. The PIN handed out on paper
opens the door once, to set another (`pins`). PINs are kept as keyed digests only: nobody can look one up.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from households import audit, sql
from households.codes import village_of
from households.models import Household, Plate, PlateDevice, User
from households.months import spoken
from households.outbox.actions import put
from households.plates.rules import PIN_LENGTH, digits_of, is_trivial
from households.refusals import Refused

TOKEN_BYTES = 16
TRIES = 5  # wrong PINs in a row before a plate locks
# How long it then stays locked: the first time, the second, and so on; the last one for ever after.
LOCKS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(hours=24))

# The try is spent before the PIN is looked at, so that a thousand tries at once are still five.
# Failures of a week ago are forgotten: the next lock is a short one again.
_COUNTED = "CASE WHEN failed_at < now() - interval '7 days' THEN 0 ELSE failures END + 1"
_SPEND = f"""
    UPDATE households_plate
    SET failures = least({_COUNTED}, 30000), failed_at = now(),
        locked_until = CASE WHEN ({_COUNTED}) %% %(tries)s = 0
            THEN now() + (%(locks)s::interval[])[least(({_COUNTED}) / %(tries)s, %(steps)s)] END
    WHERE id = %(plate)s AND revoked_at IS NULL AND (locked_until IS NULL OR locked_until <= now())
    RETURNING failures, locked_until
"""
_ACCEPT = """
    UPDATE households_plate SET failures = 0, locked_until = NULL
    WHERE id = %(plate)s AND pin_hash = %(pin_hash)s AND revoked_at IS NULL
      AND (locked_until IS NULL OR locked_until <= now())
"""
# The last of a device's tries is left to the plate, which then locks as for anybody.
_SPEND_ON_DEVICE = """
    UPDATE households_platedevice d SET failures = d.failures + 1
    FROM households_plate p
    WHERE d.plate_id = %(plate)s AND d.digest = %(device)s AND d.failures < %(tries)s - 1
      AND p.id = d.plate_id AND p.revoked_at IS NULL
    RETURNING d.failures
"""


@dataclass(frozen=True)
class PinCheck:
    """Whether the PIN was right; if not, the tries left before the plate locks, or until when it is locked.

    No tries and no lock: the plate is revoked.
    """

    ok: bool
    tries_left: int = 0
    locked_until: datetime | None = None

    def refusal(self) -> Refused:
        """The wrong answer in words, to raise once the try has been counted (raised inside, it would be undone)."""
        if self.locked_until:
            until = timezone.localtime(self.locked_until)
            return Refused(
                "plate_locked",
                "PIN 输错次数太多，户牌已锁定。",
                hint=f"请{spoken(until)} {until:%H:%M} 以后再试。",
                status=429,
            )
        if self.tries_left == 0:
            return Refused("plate_revoked", "这块户牌已经作废。", hint="请向村里领取新的户牌。", status=404)
        return Refused(
            "pin_wrong", f"PIN 不对，还可以试 {self.tries_left} 次。", hint="PIN 是这一户自己设的。", status=403
        )


def issue_plate(*, household: Household, by: User | None) -> tuple[Plate, str]:
    """A new plate for a household and its PIN, shown this once. A plate in force before is revoked."""
    (issued,) = issue_plates(households=[household], by=by)
    return issued


@transaction.atomic
def issue_plates(
    *, households: Sequence[Household], by: User | None, at: datetime | None = None
) -> list[tuple[Plate, str]]:
    """New plates and their PINs for many households, in their order; plates in force before are revoked.

    `at` is the moment from which they count, now if not given. Refused for a household that is no longer on the register.
    """
    codes = sorted(household.code for household in households)
    locked = Household.objects.select_for_update().filter(code__in=codes).order_by("code")
    ended = [household.code for household in locked if household.valid_to]
    if ended or len(locked) != len(codes):
        named = f"户 {ended[0]} 已停用" if ended else "有的户不在册"
        raise Refused("household_ended", f"{named}，不能制牌。", hint="请先核对户编号。")
    now = at or timezone.now()
    replaced = Plate.objects.filter(household__in=codes, revoked_at=None).update(revoked_at=now)
    pins = [new_pin() for _ in households]
    plates = Plate.objects.bulk_create(
        _fresh(household, pin, by, now) for household, pin in zip(households, pins, strict=True)
    )
    audit.record_all(audit.line(by, "plate.issue", place=plate.household_id, subject=plate) for plate in plates)
    if replaced:
        before = Plate.objects.filter(household__in=codes, revoked_at=now).values_list("household", flat=True)
        put("plate.renewed", key=now.isoformat(), households=before)
        audit.record(by, "plate.replace", place=_common_prefix(codes), replaced=replaced)
    return list(zip(plates, pins, strict=True))


@transaction.atomic
def revoke_plate(*, plate: Plate, reason: str = "", by: User | None) -> Plate:
    """Revoke a plate: from now on its address shows nothing. Refused when that has been done before."""
    now = timezone.now()
    if not Plate.objects.filter(pk=plate.pk, revoked_at=None).update(revoked_at=now):
        raise Refused("plate_revoked", "这块户牌已经作废。", status=409)
    plate.revoked_at = now
    audit.record(by, "plate.revoke", place=plate.household_id, subject=plate, reason=reason)
    return plate


@transaction.atomic
def unlock_plate(*, plate: Plate, by: User) -> None:
    """Let a household in that strangers at its door have locked out: its own PIN stays. Refused when nothing is locked."""
    locked = Plate.objects.filter(pk=plate.pk, revoked_at=None, locked_until__gt=timezone.now())
    if not locked.update(failures=0, locked_until=None):
        raise Refused("not_locked", "这块户牌没有锁着。", status=409)
    audit.record(by, "plate.unlock", place=plate.household_id, subject=plate)


def check_pin(plate: Plate, pin: str, *, device: str = "") -> PinCheck:
    """Whether `pin` opens `plate`; every try is counted at once, right ones start the count anew.

    Five wrong ones in a row lock the plate for 15 minutes, five more for an hour, then four, then a day at a time;
    while it is locked or revoked no PIN opens it. The tries of a device that the plate knows (its `digest`) are counted
    apart, and no lock holds for them; once they are used up it is a device like any other.
    """
    return (_on_known_device(plate, pin, device) if device else None) or _at_the_door(plate, pin)


def is_pin(plate: Plate, pin: str) -> bool:
    """Whether `pin` is the plate's as it was read. Counts nothing."""
    return constant_time_compare(plate.pin_hash, hash_pin(plate.token, digits_of(pin)))


def accept_pin(plate: Plate) -> None:
    """Let a PIN that `is_pin` found right open the plate, in the caller's transaction: the count starts anew.

    Refused when the plate was locked, revoked or given another PIN since it was read. The row stays locked until the
    transaction ends, so who tries wrong ones meanwhile waits, and is counted after this one.
    """
    if not sql.run(_ACCEPT, {"plate": plate.pk, "pin_hash": plate.pin_hash}):
        has_other = Plate.objects.filter(pk=plate.pk, revoked_at=None).exclude(pin_hash=plate.pin_hash).exists()
        raise PinCheck(False, TRIES if has_other else 0, _locked_until(plate)).refusal()


def _on_known_device(plate: Plate, pin: str, device: str) -> PinCheck | None:
    """None for a device that the plate does not know, or no longer."""
    with transaction.atomic():
        spent = sql.row(_SPEND_ON_DEVICE, {"plate": plate.pk, "device": device, "tries": TRIES})
        if spent is None:
            return None
        if is_pin(plate, pin):
            PlateDevice.objects.filter(plate=plate, digest=device).update(failures=0)
            return PinCheck(True, TRIES)
    return PinCheck(False, TRIES - cast(int, spent[0]))


def _at_the_door(plate: Plate, pin: str) -> PinCheck:
    with transaction.atomic():
        spent = _spend(plate)
        if spent is None:
            return PinCheck(False, 0, _locked_until(plate))
        failures, locked_until = spent
        if is_pin(plate, pin):
            Plate.objects.filter(pk=plate.pk).update(failures=0, locked_until=None)
            return PinCheck(True, TRIES)
        if locked_until:
            # Nobody signed in: somebody at the door.
            audit.record(audit.VILLAGER, "plate.lock", place=plate.household_id, subject=plate, failures=failures)
    return PinCheck(False, -failures % TRIES, locked_until)


def _spend(plate: Plate) -> tuple[int, datetime | None] | None:
    """Count one try; None when the plate is locked or revoked. The row stays locked until the answer stands."""
    params: dict[str, Any] = {"plate": plate.pk, "tries": TRIES, "locks": list(LOCKS), "steps": len(LOCKS)}
    return cast(tuple[int, datetime | None] | None, sql.row(_SPEND, params))


def _locked_until(plate: Plate) -> datetime | None:
    return Plate.objects.filter(pk=plate.pk, revoked_at=None).values_list("locked_until", flat=True).first()


def hash_pin(token: str, pin: str) -> str:
    """Keyed digest (HMAC-SHA-256, hexadecimal) of a PIN; the token makes equal PINs of two plates differ."""
    return salted_hmac(f"households.plate.{token}", pin, settings.CODE_KEY, algorithm="sha256").hexdigest()


def new_pin() -> str:
    """Six random digits that nobody tries first: no runs, no repeated halves, no few digits over and over."""
    while True:
        pin = f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}d}"
        if not is_trivial(pin):
            return pin


def _fresh(household: Household, pin: str, by: User | None, at: datetime) -> Plate:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return Plate(household=household, token=token, pin_hash=hash_pin(token, pin), pin_set_at=at, issued_by=by)


def _common_prefix(codes: Iterable[str]) -> str:
    """The village that all the codes lie in, or nothing."""
    villages = {village_of(code) for code in codes}
    return villages.pop() if len(villages) == 1 else ""
