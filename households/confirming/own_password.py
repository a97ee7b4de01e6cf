"""One's own password typed again in a session that is open already: before money, other people's data and accounts.

A session may have been left open, or stolen. So what it can do by itself is limited: wrong passwords are counted, the
fifth one ends the session, and a right one is good for some minutes in this session alone.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest
from knox.models import AuthToken

from households import audit
from households.attempts import count_up
from households.audience import user_of
from households.confirming import codes
from households.confirming.actions import check_code
from households.confirming.looks import one_look
from households.middleware import SINCE
from households.models import User
from households.refusals import Refused

CONFIRMED = "confirmed_at"  # in the session, seconds since the epoch
TRIES = 5
WINDOW = 15 * 60  # seconds in which they are counted together


def begin(sender: Any, request: HttpRequest | None = None, **_more: Any) -> None:
    """A session has begun with a password: it is as good as typed again. Receiver of `user_logged_in`."""
    if request is not None and SESSION_KEY in request.session:
        request.session[SINCE] = request.session[CONFIRMED] = int(time.time())


def was_not_typed(request: HttpRequest) -> None:
    """This session was opened by another's word: before money its owner still types the password."""
    request.session.pop(CONFIRMED, None)


def is_fresh(request: HttpRequest) -> bool:
    """Whether the password was typed in this session a short while ago."""
    return time.time() - request.session.get(CONFIRMED, 0) < 60 * settings.CONFIRM_MINUTES


def is_own(request: HttpRequest, typed: str, *, or_code: bool = False) -> bool:
    """Whether it is the password of who is signed in, or with `or_code` the digits of their telephone.

    Wrong ones are counted; the fifth ends the session.
    """
    user = user_of(request)
    with one_look(f"own:{user.pk}"):
        as_code = or_code and codes.is_digits(codes.plain(typed))  # no password is so short
        right = check_code(user=user, typed=typed) if as_code else user.check_password(typed)
    if right:
        request.session[CONFIRMED] = int(time.time())
        return True
    if (wrong := count_up(f"own-password:{user.pk}", WINDOW)) >= TRIES:
        audit.record(user, "account.own_password_wrong", place=user.division_id or "", subject=user, failed=wrong)
        logout(request)
    return False


def check_fresh_caller(request: HttpRequest, user: User, token: AuthToken | None) -> None:
    """Refuse (403) a call over the interface whose token, or whose session's password, is older than some minutes."""
    age = time.time() - token.created.timestamp() if token else 60 * settings.CONFIRM_MINUTES
    if age < 60 * settings.CONFIRM_MINUTES or (token is None and is_fresh(request)):
        return
    hint = f"请用密码重新登录（/api/v1/auth/login/），{settings.CONFIRM_MINUTES} 分钟内用新的令牌再发一次。"
    raise Refused("confirmation_required", "这一步要刚输过密码才能做。", hint=hint, status=403)
