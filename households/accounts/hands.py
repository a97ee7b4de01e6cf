"""Two keys are two people: when an account counts as somebody's own, and not as its maker's.

For a while after one person alone made an account or gave it a one-time password, that person may still know how to
come in. Until then the two do not count as two, and a key of money does not turn at all.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from households.models import User
from households.refusals import Refused


def is_of_late(user: User) -> bool:
    """Whether somebody alone made this account, or gave it a password, within the last days."""
    return user.handed_by_id is not None and user.handed_at is not None and user.handed_at > timezone.now() - _days()


def is_from(user: User, maker: User) -> bool:
    """Whether it was `maker` who did so."""
    return is_of_late(user) and user.handed_by_id == maker.pk


def check_key(by: User | None, first: User | None = None) -> None:
    """Refuse a key of money or points that a very young account turns, or that one hand holds together with the `first`.

    Demo accounts are all made at once and hold nothing real; the command line (`by` None) is nobody's account.
    """
    if by is None or by.is_demo:
        return
    for key in (by, first):
        _check_age(key)
    if first is not None and _one_hand(by, first):
        reason = f"两个经手人的账号或密码，是 {settings.KEY_DAYS} 天内同一个人一手办的，不算两个人经手。"
        raise Refused("keys_of_one_hand", reason, hint="请由别人来办第二把，或者过几天再办。", status=403)


def _check_age(key: User | None) -> None:
    old_enough = key.created_at + _days() if key and not key.is_demo else timezone.now()
    if key is not None and timezone.now() < old_enough:
        when = timezone.localtime(old_enough)
        rule = f"账号开了满 {settings.KEY_DAYS} 天才能经手钱和积分"
        reason = f"{rule}，{key.display_name}的要到 {when:%Y年%m月%d日 %H:%M} 以后。"
        raise Refused("key_too_young", reason, hint="请由账号开得更早的人办理。", status=403)


def _one_hand(one: User, other: User) -> bool:
    same = one.handed_by_id is not None and one.handed_by_id == other.handed_by_id
    return (same and (is_of_late(one) or is_of_late(other))) or is_from(one, other) or is_from(other, one)


def _days() -> timedelta:
    return timedelta(days=settings.KEY_DAYS)
