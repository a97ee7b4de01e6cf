"""Up to where in the database's log a replica must be, so that who wrote something finds it in what they read next.

A browser brings the mark back in a cookie; for a program, which may keep none, it lies in the cache under its credentials.
"""

import contextlib
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from dongkou.replicas.replica import ANYTHING, written
from households.sessions import cookie_name

COOKIE = "wrote"
_MARGIN = 5  # seconds


def kept_seconds() -> int:
    """Longer than a replica may be behind: after that any that may be asked has it."""
    return int(settings.REPLICA_LAG_SECONDS) + _MARGIN


def leave(request: HttpRequest, response: HttpResponse) -> None:
    """Whoever sent this has written; all of it is committed."""
    mark = ANYTHING
    with contextlib.suppress(DatabaseError):
        mark = written()
    secure = bool(settings.SESSION_COOKIE_SECURE)
    response.set_cookie(
        cookie_name(COOKIE), f"{mark:x}", max_age=kept_seconds(), secure=secure, httponly=True, samesite="Lax"
    )
    if key := _key(request):
        cache.set(key, mark, kept_seconds())


def mark_of(request: HttpRequest) -> int:
    """The position that a replica must have reached to answer this; 0 for who wrote nothing lately."""
    found = 0
    if text := request.COOKIES.get(cookie_name(COOKIE)):
        with contextlib.suppress(ValueError):
            found = min(int(text[:16], 16), ANYTHING)
    if key := _key(request):
        found = max(found, cache.get(key, 0))
    return found


def _key(request: HttpRequest) -> str:
    given = request.headers.get("Authorization", "")
    return f"wrote:{sha256(given.encode()).hexdigest()[:32]}" if given else ""
