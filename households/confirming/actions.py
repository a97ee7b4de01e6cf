"""The code beside the password: looked at, counted, and spent."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from households import audit
from households.attempts import spoken_wait
from households.confirming import codes
from households.models import RecoveryCode, SecondFactor, User
from households.refusals import Refused

TRIES = 5
PAUSE = timedelta(minutes=15)


@transaction.atomic
def check_code(*, user: User, typed: str) -> bool:
    """Whether it is the code of the account's telephone now, or a recovery code; either is spent by it. False without a telephone.

    The fifth wrong one in a row pauses the account's codes: who comes so far knows the password, so no stranger can shut the
    owner out. Refused (429) meanwhile.
    """
    found = SecondFactor.objects.select_for_update().filter(user=user, secret__isnull=False).first()
    if found is None or found.secret is None:
        return False
    now = timezone.now()
    if found.paused_until and now < found.paused_until:
        left = spoken_wait((found.paused_until - now).total_seconds())
        raise Refused("second_factor_paused", f"动态口令连续错了 {TRIES} 次，请 {left}后再试。", status=429)
    code = codes.plain(typed)
    step = codes.step_of(found.secret, code, at=now.timestamp(), after=found.last_step)
    if step is None and not _spend_recovery(user, code):
        _note_wrong(found)
        return False
    found.last_step, found.failures, found.paused_until = step or found.last_step, 0, None
    found.save(update_fields=["last_step", "failures", "paused_until"])
    return True


def _note_wrong(found: SecondFactor) -> None:
    found.failures += 1
    if found.failures >= TRIES:
        found.failures, found.paused_until = 0, timezone.now() + PAUSE
        _record(found.user, "second_factor.pause", failed=TRIES)
    found.save(update_fields=["failures", "paused_until"])


def _spend_recovery(user: User, code: str) -> bool:
    if codes.is_digits(code) or not code:
        return False
    unused = RecoveryCode.objects.filter(user=user, used_at=None)
    if not unused.filter(digest=codes.recovery_digest(user.pk, code)).update(used_at=timezone.now()):
        return False
    _record(user, "second_factor.recovery", left=unused.count())
    return True


def _record(user: User, action: str, **detail: object) -> None:
    audit.record(user, action, place=user.division_id or "", subject=user, **detail)


def has_factor(user: User) -> bool:
    """Whether the account opens with a code beside the password."""
    return SecondFactor.objects.filter(user=user, secret__isnull=False).exists()
