"""A household's session: opened by plate and PIN, half an hour long, apart from every staff session.

A plate's page asks for a session about this very plate, so one for one token never opens another's.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse

from households.models import Plate
from households.sessions import ShortSession

HOUSEHOLD = ShortSession("household", cookie="dongkou_household", most=timedelta(hours=2))
COOKIE = HOUSEHOLD.cookie
row_key = HOUSEHOLD.row_key


def open_session(request: HttpRequest, response: HttpResponse, plate: Plate) -> datetime:
    """Give the browser a new session for `plate`; returns when it ends."""
    return HOUSEHOLD.open(request, response, plate.pk)


def plate_in_session(request: HttpRequest, token: str) -> Plate | None:
    """The plate in force with this token when the browser's session is about it: at most two queries."""
    plate = HOUSEHOLD.about(request)
    if plate is None:
        return None
    plates = Plate.objects.select_related("household__group__parent__parent")
    return plates.filter(pk=plate, token=token, revoked_at=None).first()


def token_in_session(request: HttpRequest) -> str:
    """The token of the plate in force that the browser's session is about; empty without one."""
    plate = HOUSEHOLD.about(request)
    known = Plate.objects.filter(pk=plate, revoked_at=None).values_list("token", flat=True).first() if plate else None
    return known or ""
