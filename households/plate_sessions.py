"""A household's session: opened by plate and PIN, half an hour long, apart from every staff session.

It has a cookie of its own and a record in the session store that knows one plate and nothing else. A plate's page checks
that the record is about this very plate, so a session for one token never opens another's.
"""

import time
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from households.models import Plate

COOKIE = "dongkou_household"
SECONDS = 30 * 60
_PLATE, _UNTIL = "plate", "until"


def _store(key: str | None = None) -> SessionBase:
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(key)
    return store


def open_session(request: HttpRequest, response: HttpResponse, plate: Plate) -> int:
    """Give the browser a new session for `plate`; returns when it ends (seconds since 1970).

    The key is always a fresh one: a key that somebody planted in the browser before the PIN opens nothing.
    """
    end_session(request, response)
    until = int(time.time()) + SECONDS
    store = _store()
    store[_PLATE], store[_UNTIL] = plate.pk, until
    store.set_expiry(SECONDS)
    store.create()
    response.set_cookie(
        COOKIE,
        store.session_key or "",
        max_age=SECONDS,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
    return until


def is_open(request: HttpRequest, plate: Plate) -> bool:
    """Whether the browser holds a session for this plate that has not run out."""
    return opened_plate(request) == plate.pk


def opened_plate(request: HttpRequest) -> int | None:
    """The plate whose session the browser holds. The plate itself may have been revoked since: ask its row."""
    key = request.COOKIES.get(COOKIE)
    if not key:
        return None
    store = _store(key)
    plate = store.get(_PLATE)
    return plate if plate is not None and store.get(_UNTIL, 0) > time.time() else None


def end_session(request: HttpRequest, response: HttpResponse) -> None:
    """Forget the session, on the server and in the browser."""
    key = request.COOKIES.get(COOKIE)
    if key and opened_plate(request) is not None:
        _store(key).delete()
    response.delete_cookie(COOKIE, samesite="Lax")
