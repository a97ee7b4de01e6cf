"""A plate's cookie in a browser that it knows. It goes to the plate's own addresses only and opens nothing by itself."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from households.models import Plate, PlateDevice
from households.plates.actions.devices import digest_of, remember
from households.plates.actions.plates import TRIES
from households.sessions import cookie_name

COOKIE = "dongkou_known"
LIFE = timedelta(days=400)  # no browser keeps a cookie longer


def device_of(request: HttpRequest) -> str:
    """The digest of the device that the browser says it is; empty when it says nothing."""
    key = request.COOKIES.get(_name())
    return digest_of(key) if key else ""


def is_known(request: HttpRequest, plate: Plate) -> bool:
    """Whether the plate knows this browser, and its tries are not used up. No query without a cookie."""
    device = device_of(request)
    found = PlateDevice.objects.filter(plate=plate, digest=device, failures__lt=TRIES - 1)
    return bool(device) and found.exists()


def remember_here(request: HttpRequest, response: HttpResponse, plate: Plate) -> None:
    """Let the plate know this browser, unless it does already."""
    if is_known(request, plate):
        return
    response.set_cookie(
        _name(),
        remember(plate=plate),
        max_age=LIFE,
        path=reverse("plate", args=[plate.token]),
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Lax",
    )


def forget_here(response: HttpResponse, plate: Plate) -> None:
    """Take the plate's cookie out of this browser."""
    response.delete_cookie(_name(), path=reverse("plate", args=[plate.token]), samesite="Lax")


def _name() -> str:
    return cookie_name(COOKIE, path="/h/")
