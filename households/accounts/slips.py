"""Slips with a user name and a one-time password, on their way to paper: kept sealed for some hours, for who made them, then gone."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.core.cache import cache
from django.utils import timezone

from households.models import User
from households.refusals import Refused
from households.sealing.sealing import Unreadable, seal, unseal

HOURS = 4
A_FILE = 200  # slips in one PDF: it is made while its reader waits


@dataclass(frozen=True, slots=True)
class AccountSlip:
    """What one piece of paper says."""

    display_name: str
    post: str
    username: str
    password: str
    until: str


def slip_of(user: User, password: str) -> AccountSlip:
    """The slip of a new account."""
    until = timezone.localtime(user.one_time_until) if user.one_time_until else None
    post = f"{user.place_name} {user.get_role_display()}"
    return AccountSlip(user.display_name, post, user.username, password, f"{until:%Y年%m月%d日 %H:%M}" if until else "")


def keep(slips: Sequence[AccountSlip], *, by: User) -> None:
    """Keep slips for `by`, behind those that wait already. Refused (503) while the cache is away: nothing is made then."""
    plain = json.dumps([asdict(one) for one in [*read(by=by), *slips]]).encode()
    sealed = seal(plain, bound_to=_owner(by))
    cache.set(_key(by), sealed, HOURS * 3600)
    if cache.get(_key(by)) != sealed:
        raise Refused("unavailable", "现在打印不了登录单，没有建立任何账号。", hint="请过一两分钟再办。", status=503)


def read(*, by: User) -> list[AccountSlip]:
    """The slips that wait for `by`."""
    sealed = cache.get(_key(by))
    try:
        plain = unseal(sealed, bound_to=_owner(by)) if sealed else b"[]"
    except Unreadable:
        return []
    return [AccountSlip(**fields) for fields in json.loads(plain)]


def forget(*, by: User) -> None:
    """Drop them: they are printed."""
    cache.delete(_key(by))


def _key(by: User) -> str:
    return f"account-slips:{by.pk}"


def _owner(by: User) -> bytes:
    return f"account slips of {by.pk}".encode()
