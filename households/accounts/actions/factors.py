"""The second factor of an account: bound to a telephone, given new recovery codes, taken off."""

from django.db import transaction
from django.utils import timezone

from households import audit
from households.accounts.actions.sessions import end_all
from households.confirming import codes
from households.models import RecoveryCode, SecondFactor, User
from households.refusals import Refused


@transaction.atomic
def begin(*, user: User) -> None:
    """A fresh secret for a telephone that is about to be bound; the one in use stays in use until then."""
    SecondFactor.objects.update_or_create(user=user, defaults={"pending": codes.new_secret()})
    _record(user, "second_factor.begin", user)


@transaction.atomic
def enrol(*, user: User, typed: str) -> list[str] | None:
    """Bind the telephone that shows this code. Returns its recovery codes; None for a wrong code.

    Every other session and every token ends: whoever came in with the password alone is out. The caller renews its own.
    """
    found = SecondFactor.objects.select_for_update().filter(user=user, pending__isnull=False).first()
    if found is None or found.pending is None:
        raise Refused("no_pending", "还没有开始绑定，请先按“开始绑定”。", status=409)
    now = timezone.now()
    step = codes.step_of(found.pending, codes.plain(typed), at=now.timestamp(), after=0)
    if step is None:
        return None
    found.secret, found.pending, found.since = found.pending, None, now
    found.last_step, found.failures, found.paused_until = step, 0, None
    found.save(update_fields=["secret", "pending", "since", "last_step", "failures", "paused_until"])
    fresh = _renew(user)
    end_all(user=user)
    _record(user, "second_factor.enrol", user)
    return fresh


@transaction.atomic
def renew_recovery(*, user: User) -> list[str]:
    """Ten new recovery codes; those on the old sheet open nothing any more."""
    fresh = _renew(user)
    _record(user, "second_factor.renew", user)
    return fresh


@transaction.atomic
def remove(*, user: User, by: User, confirmed: User | None = None) -> None:
    """The password alone opens the account again: the owner's wish, or because the telephone is lost (`requests`, two people)."""
    if by.pk != user.pk and confirmed in (None, by):
        raise Refused("two_hands", "解除别人的动态口令要两个人经手，不能一个人办。", status=403)
    if not SecondFactor.objects.filter(user=user).delete()[0]:
        raise Refused("no_factor", f"账号{user.username}没有绑定动态口令。", status=409)
    RecoveryCode.objects.filter(user=user).delete()
    end_all(user=user)
    _record(by, "second_factor.remove", user, **({"confirmed": confirmed.username} if confirmed else {}))


def _renew(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    fresh = codes.recovery_codes()
    rows = [RecoveryCode(user=user, digest=codes.recovery_digest(user.pk, code)) for code in fresh]
    RecoveryCode.objects.bulk_create(rows)
    return fresh


def _record(by: User, action: str, user: User, **detail: object) -> None:
    audit.record(by, action, place=user.division_id or "", subject=user, **detail)
