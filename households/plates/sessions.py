"""A household's session: opened by plate and PIN, half an hour long, apart from every staff session.

It has a cookie of its own and a row in the session table that knows one plate and nothing else. The row is found by a
digest of the cookie, so what lies in the database opens nothing, here or as a staff session. A plate's page asks for a
row about this very plate, so a session for one token never opens another's.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from households.models import Plate

COOKIE = "dongkou_household"
LIFE = timedelta(minutes=30)
_KEY_BYTES = 16
_DIGEST_LENGTH = 40  # hexadecimal: 160 bits, what the session table's key holds


def open_session(request: HttpRequest, response: HttpResponse, plate: Plate) -> datetime:
    """Give the browser a new session for `plate`; returns when it ends.

    The key is always a fresh one: a key that somebody planted in the browser before the PIN opens nothing. Rows that
    have run out, anybody's, go on this occasion.
    """
    end_session(request, response)
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    key, until = secrets.token_urlsafe(_KEY_BYTES), now + LIFE
    Session.objects.create(session_key=_digest(key), session_data=str(plate.pk), expire_date=until)
    response.set_cookie(
        COOKIE,
        key,
        max_age=LIFE,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )
    return until


def row_key(request: HttpRequest) -> str:
    """The key of the session's row, should there be one; empty when the browser has no session at all."""
    key = request.COOKIES.get(COOKIE)
    return _digest(key) if key else ""


def plate_in_session(request: HttpRequest, token: str) -> Plate | None:
    """The plate in force with this token when the browser's session is about it: at most two queries."""
    now = timezone.now()
    known = Session.objects.filter(session_key=row_key(request), expire_date__gt=now).values_list(
        "session_data", flat=True
    )
    plate_id = known.first()
    if plate_id is None or not plate_id.isdecimal():
        return None
    plates = Plate.objects.select_related("household__group__parent__parent")
    return plates.filter(pk=plate_id, token=token, revoked_at=None).first()


def end_session(request: HttpRequest, response: HttpResponse) -> None:
    """Forget the session, on the server and in the browser."""
    if key := row_key(request):
        Session.objects.filter(session_key=key).delete()
    response.delete_cookie(COOKIE, samesite="Lax")


def _digest(key: str) -> str:
    """Under which the session's row lies. The prefix keeps a staff session's key from meaning anything here."""
    return hashlib.sha256(f"household {key}".encode()).hexdigest()[:_DIGEST_LENGTH]
