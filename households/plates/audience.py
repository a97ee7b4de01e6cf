"""Who a page behind the plate is for: the household whose session is open."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from households.audience import Audience, View, unlisted
from households.models import Plate
from households.plates import sessions as plate_sessions
from households.sessions import ran_out


def of_household(view: View) -> View:
    """The household whose session is open for this very plate: the view gets the `Plate`, everyone else the plate's page.

    A session from before households set PINs of their own is led to setting one: until then somebody else may know the
    PIN. The address holds the token, so the page is unlisted.
    """

    def led_elsewhere(plate: Plate) -> HttpResponse | None:
        return None if plate.has_own_pin else redirect("own-pin", plate.token)

    return _behind_plate(view, led_elsewhere)


def of_readers(view: View) -> View:
    """The same for a page of figures alone, where a session from before households set their own PINs still reads."""
    return _behind_plate(view, lambda _plate: None)


def _behind_plate(view: View, led_elsewhere: Callable[[Plate], HttpResponse | None]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        plate = plate_sessions.plate_in_session(request, token)
        if plate is None:
            return ran_out(redirect("plate", token), plate_sessions.HOUSEHOLD)
        return led_elsewhere(plate) or view(request, plate, *args, **kwargs)

    guarded.audience = Audience(public=True)  # type: ignore[attr-defined]
    return cast(View, login_not_required(unlisted(guarded)))
