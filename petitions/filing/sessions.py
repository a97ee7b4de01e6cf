"""A filer's session: opened by number and follow code, half an hour long, about one petition and nothing else.

Like a household's session it has a cookie of its own and a row in the session table, found by a digest of the cookie: what
lies in the database opens nothing, here, on a household's page or as a staff session.
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from petitions.models import Petition

COOKIE = "dongkou_petition"
LIFE = timedelta(minutes=30)
PATH = "/petitions/"
_KEY_BYTES = 16
_DIGEST_LENGTH = 40  # hexadecimal: 160 bits, what the session table's key holds


def open_session(request: HttpRequest, response: HttpResponse, petition: Petition) -> None:
    """Give the browser a new session about `petition`; an earlier one ends. The key is always a fresh one."""
    end_session(request, response)
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    key = secrets.token_urlsafe(_KEY_BYTES)
    Session.objects.create(session_key=_digest(key), session_data=str(petition.pk), expire_date=now + LIFE)
    response.set_cookie(
        COOKIE,
        key,
        max_age=LIFE,
        path=PATH,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def petition_in_session(request: HttpRequest) -> Petition | None:
    """The petition that the browser's session is about; None without one. At most two queries."""
    key = request.COOKIES.get(COOKIE)
    if not key:
        return None
    rows = Session.objects.filter(session_key=_digest(key), expire_date__gt=timezone.now())
    petition = rows.values_list("session_data", flat=True).first()
    if petition is None or not petition.isdecimal():
        return None
    return Petition.objects.select_related("place__parent", "merged_into", "public_wish").filter(pk=petition).first()


def end_session(request: HttpRequest, response: HttpResponse) -> None:
    """Forget the session, on the server and in the browser."""
    if key := request.COOKIES.get(COOKIE):
        Session.objects.filter(session_key=_digest(key)).delete()
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def _digest(key: str) -> str:
    """Under which the session's row lies. The prefix keeps other sessions' keys from meaning anything here."""
    return hashlib.sha256(f"petition {key}".encode()).hexdigest()[:_DIGEST_LENGTH]
