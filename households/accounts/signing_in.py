"""Name and password, looked at once: before the look few at a time, after a wrong one what it tells is kept.

Nobody is kept out who is right (ADR 23): one look at a time for an account from an address; of an address with very many
failures one look at a time for all its accounts, but never of a browser in which the person has signed in before.
"""

from django.conf import settings
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from households import attempts
from households.accounts import lockout
from households.accounts.actions import accounts
from households.attempts import WINDOW, Counter, client_address
from households.confirming.looks import one_look
from households.models import User

TRIES = "login"  # the counter of failed sign-ins, by network address
SPRAYED = 10  # names tried from one address in ten minutes: somebody tries one password at all of them
_FAILURES = Counter("sign-in-failures", "households.signing_in", 60 * 60)
_NAMES = Counter("sign-in-names", "households.signing_in", WINDOW)
_EVERY = 100  # failures of an account from an address in an hour, of which one line is written


def look(request: HttpRequest, username: str, password: str) -> User | None:
    """The account when name and password are right; None when not, and then the failure is counted and written down.

    Refused (429) when the look has to wait for another one.
    """
    with one_look(lane(request, username)):
        user = authenticate(request, username=username, password=password)
    if isinstance(user, User):
        return user
    _note_failure(request, username)
    return None


def is_expired(user: User) -> bool:
    """Whether it is a one-time password that was not used in its hours."""
    return user.must_change_password and user.one_time_until is not None and timezone.now() > user.one_time_until


def lane(request: HttpRequest, username: str) -> str:
    """Which looks wait for one another."""
    busy = attempts.has_failed_often(TRIES, request) and not lockout.is_at_home(request, username)
    who = "" if busy else lockout.counted_name(request, {"username": username})
    return salted_hmac("households.signing_in", f"{client_address(request)} {who}").hexdigest()


def _note_failure(request: HttpRequest, username: str) -> None:
    """The first failure in an hour is written down, the one that locks, and one of every hundred; the rest are counted."""
    name = lockout.digest_of(username)
    who = f"{client_address(request)} {name}"
    _FAILURES.note(who)
    failed, _left = _FAILURES.counted(who)
    if failed in (1, settings.AXES_FAILURE_LIMIT) or failed % _EVERY == 0:
        locked = bool(getattr(request, "axes_locked_out", False)) or failed == settings.AXES_FAILURE_LIMIT
        accounts.note_failed_sign_in(username=username, locked=locked, failed=failed)
    if failed == 1:
        _NAMES.note(request)
        names, _left = _NAMES.counted(request)
        if names == SPRAYED:
            accounts.note_spraying(names=names)
