"""How long an account stays locked after failed sign-ins. django-axes counts; this reads and clears its counters.

The counters hold a keyed digest instead of what was typed: people type their password into the wrong box.
A browser in which somebody has signed in before has counters of its own, so that strangers who type this name wrongly
from the same network address never lock its owner out there.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from households.attempts import client_address
from households.models import User
from households.sessions import cookie_name

TYPED = "password_was_typed"  # attribute of a request
DEVICE = "dongkou_device"
DEVICE_SECONDS = 400 * 86_400  # what browsers keep at most
DEVICE_NAMES = 8  # people who share a computer


class CountersOfPasswords(AxesDatabaseHandler):
    """AXES_HANDLER: a sign-in that needed no password forgives none that was wrong."""

    def user_logged_in(self, sender: Any, request: HttpRequest, user: User, **more: Any) -> None:
        """Receiver of the signal of that name."""
        if getattr(request, TYPED, True):
            super().user_logged_in(sender, request, user, **more)


def digest_of(username: str, *, at_home: bool = False) -> str:
    """What the counters know of a user name; `at_home` in a browser where its owner has signed in before."""
    return salted_hmac("households.lockout.home" if at_home else "households.lockout", username).hexdigest()


def counted_name(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """AXES_USERNAME_CALLABLE: whose failures these are."""
    typed = str((credentials or {}).get("username") or request.POST.get("username") or "")
    return digest_of(typed, at_home=is_at_home(request, typed))


def is_at_home(request: HttpRequest, username: str) -> bool:
    """Whether this person has signed in in this browser before."""
    return mark_of(username) in marks_in(request)


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Let the browser show the next time that this person has signed in here. The mark names nobody and opens nothing."""
    mark = mark_of(user.username)
    marks = [mark, *(other for other in marks_in(request) if other != mark)][:DEVICE_NAMES]
    secure = bool(settings.SESSION_COOKIE_SECURE)
    name, kept = cookie_name(DEVICE), ".".join(marks)
    response.set_cookie(name, kept, max_age=DEVICE_SECONDS, secure=secure, httponly=True, samesite="Lax")


def marks_in(request: HttpRequest) -> list[str]:
    """Of everybody who has signed in in this browser, the last one first."""
    return [mark for mark in request.COOKIES.get(cookie_name(DEVICE), "").split(".") if mark]


def mark_of(username: str) -> str:
    """Nobody can make it without the key; only whoever signed in has been given it."""
    return salted_hmac("households.device", username, algorithm="sha256").hexdigest()[:40]


def locks_here(request: HttpRequest, user: User) -> int:
    """Whole minutes for which this account is locked where the request comes from; 0 when it is not."""
    since, name = timezone.now() - settings.AXES_COOLOFF_TIME, counted_name(request, {"username": user.username})
    address = client_address(request)
    counted = AccessAttempt.objects.filter(username=name, ip_address=address, attempt_time__gt=since)
    locked = counted.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).exists()
    return minutes_left(name, address) if locked else 0


def minutes_left(name_digest: str, address: str | None) -> int:
    """Whole minutes, rounded up and at least 1, until the account may be tried again from this address."""
    attempts = AccessAttempt.objects.filter(username=name_digest, ip_address=address)
    latest = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    if latest is None:
        return math.ceil(settings.AXES_COOLOFF_TIME.total_seconds() / 60)
    left = latest + settings.AXES_COOLOFF_TIME - timezone.now()
    return max(1, math.ceil(left.total_seconds() / 60))


def unlock(user: User) -> None:
    """Forget the failures counted against an account: its owner just got a new password."""
    counted = [digest_of(user.username, at_home=at_home) for at_home in (False, True)]
    AccessAttempt.objects.filter(username__in=counted).delete()


def locked_out(usernames: Iterable[str]) -> set[str]:
    """Which of these accounts are locked just now, from some address."""
    owner = {digest_of(name, at_home=at_home): name for name in usernames for at_home in (False, True)}
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    counted = AccessAttempt.objects.filter(username__in=owner, attempt_time__gt=since)
    full = counted.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT)
    return {owner[digest] for digest in full.values_list("username", flat=True)}
