"""Reading plates: the one in force behind a token, and a try at its PIN."""

import unicodedata

from django.http import HttpRequest
from django.utils import timezone

from households import attempts
from households.actions.plates import PIN_LENGTH, PinCheck, check_pin
from households.models import Plate
from households.refusals import Refused
from households.waits import spoken_wait

TRIES = "pin"


def plate_in_force(token: str) -> Plate | None:
    """The plate with its household, group and village. None for an unknown token as for a revoked one: one query."""
    plates = Plate.objects.select_related("household__group__parent__parent")
    return plates.filter(token=token, revoked_at=None).first()


def enter(request: HttpRequest, plate: Plate, typed: str) -> None:
    """Refuse unless `typed` is the plate's PIN. Counts the try, for the plate and for the address it comes from."""
    attempts.check(TRIES, request)
    checked = check_pin(plate, _digits(typed))
    if not checked.ok:
        attempts.note_failure(TRIES, request)
        raise _refusal(checked)


def _refusal(checked: PinCheck) -> Refused:
    """The refusal in words for the door: a wait instead of a time of day, 密码 instead of PIN."""
    refusal = checked.refusal()
    if checked.locked_until:
        wait = spoken_wait((checked.locked_until - timezone.now()).total_seconds())
        hint = f"请 {wait}以后再试。忘了密码，可以到村里换一个。"
        return Refused(refusal.code, "密码输错次数太多，先锁住了。", hint=hint, status=refusal.status)
    if checked.tries_left:
        reason = f"密码不对，还可以试 {checked.tries_left} 次。"
        return Refused(refusal.code, reason, hint="密码印在发给您家的纸条上。", status=refusal.status)
    return refusal


def _digits(typed: str) -> str:
    """The digits as people type them, in full width or with blanks; anything else is no try and is refused."""
    digits = "".join(unicodedata.normalize("NFKC", typed).split())
    if len(digits) != PIN_LENGTH or not (digits.isascii() and digits.isdecimal()):
        raise Refused(
            "pin_unreadable", f"密码是 {PIN_LENGTH} 位数字。", hint="请再输一次。", fields={"pin": "不是 6 位数字"}
        )
    return digits
