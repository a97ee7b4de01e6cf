"""Who a page behind the plate is for: the household whose session is open."""

from functools import wraps
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from households.audience import Audience, View
from households.plates import sessions as plate_sessions


def of_household(view: View) -> View:
    """The household whose session is open for this very plate: the view gets the `Plate`, everyone else the plate's page.

    The address holds the token: no other site learns it, no search engine and no shared cache keeps the page.
    """

    @wraps(view)
    def guarded(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        plate = plate_sessions.plate_in_session(request, token)
        response = view(request, plate, *args, **kwargs) if plate else redirect("plate", token)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    guarded.audience = Audience(public=True)  # type: ignore[attr-defined]
    return cast(View, login_not_required(never_cache(guarded)))
