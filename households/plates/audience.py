"""Who a page behind the plate is for: the household whose session is open."""

from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from households.audience import Audience, View, unlisted
from households.plates import sessions as plate_sessions
from households.sessions import ran_out


def of_household(view: View) -> View:
    """The household whose session is open for this very plate: the view gets the `Plate`, everyone else the plate's page.

    The address holds the token, so the page is unlisted.
    """

    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        plate = plate_sessions.plate_in_session(request, token)
        if plate is None:
            return ran_out(redirect("plate", token), plate_sessions.HOUSEHOLD)
        return view(request, plate, *args, **kwargs)

    guarded.audience = Audience(public=True)  # type: ignore[attr-defined]
    return cast(View, login_not_required(unlisted(guarded)))
