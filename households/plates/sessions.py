"""A household's session: opened by plate and PIN, half an hour long, apart from every staff session.

A plate's page asks for a session about this very plate, so one for one token never opens another's. A session is also
about the PIN that opened it: it ends when the PIN changes. What the PIN on paper opens is a session of another kind,
good for one thing: setting a PIN.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse

from households.models import Plate
from households.sessions import ShortSession

HOUSEHOLD = ShortSession("household", cookie="dongkou_household", most=timedelta(hours=2))
FIRST = ShortSession("household-first", cookie="dongkou_first", life=timedelta(minutes=15))
COOKIE = HOUSEHOLD.cookie
row_key = HOUSEHOLD.row_key


def open_session(request: HttpRequest, response: HttpResponse, plate: Plate) -> datetime:
    """Give the browser a new session for `plate`; returns when it ends. By the PIN on paper it may only set another."""
    kind, other = (HOUSEHOLD, FIRST) if plate.has_own_pin else (FIRST, HOUSEHOLD)
    other.end(request, response)
    return kind.open(request, response, words_about(plate))


def words_about(plate: Plate) -> str:
    """What a session of the plate's present PIN says it is about. A plate's first PIN is not numbered."""
    return f"{plate.pk}.{plate.pin_epoch}" if plate.pin_epoch else str(plate.pk)


def plate_in_session(request: HttpRequest, token: str) -> Plate | None:
    """The plate in force with this token when the browser's session is about it: at most two queries."""
    return _plate(HOUSEHOLD, request, token)


def plate_at_first(request: HttpRequest, token: str) -> Plate | None:
    """The plate for which the browser may set the household's first PIN: at most two queries."""
    plate = _plate(FIRST, request, token)
    return None if plate is None or plate.has_own_pin else plate


def _plate(kind: ShortSession, request: HttpRequest, token: str) -> Plate | None:
    about = kind.words(request)
    if not about:
        return None
    plates = Plate.objects.select_related("household__group__parent__parent")
    plate = plates.filter(pk=about.partition(".")[0], token=token, revoked_at=None).first()
    return plate if plate and about == words_about(plate) else None


def token_in_session(request: HttpRequest) -> str:
    """The token of the plate in force that the browser's session is about; empty without one."""
    plate = HOUSEHOLD.words(request).partition(".")[0]
    known = Plate.objects.filter(pk=plate, revoked_at=None).values_list("token", flat=True).first() if plate else None
    return known or ""
