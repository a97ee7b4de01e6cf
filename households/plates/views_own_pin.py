"""Where a household sets its own PIN: before anything else after the PIN on paper, and whenever it wants another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from households.audience import public, unlisted
from households.models import Plate, PlateDevice
from households.plates import devices
from households.plates import sessions as plate_sessions
from households.plates.actions.devices import forget_devices
from households.plates.actions.pins import set_own_pin
from households.plates.audience import of_household
from households.plates.reads import enter
from households.refusals import Refused


@public
@unlisted
@sensitive_post_parameters("current", "pin", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def own_pin(request: HttpRequest, token: str) -> HttpResponse:
    """Set the household's PIN, typed twice. In an open session the one in force is asked for as well."""
    first = plate_sessions.plate_at_first(request, token)
    plate = first or plate_sessions.plate_in_session(request, token)
    if plate is None:
        return redirect("plate", token)
    if request.method != "POST":
        return _page(request, plate, first is not None)
    try:
        if first is None:
            _ask_current(request, plate)
        set_own_pin(plate=plate, pin=request.POST.get("pin", ""), again=request.POST.get("again", ""))
    except Refused as refusal:
        return _page(request, plate, first is not None, refusal)
    plate.refresh_from_db(fields=["own_pin_at", "pin_epoch"])
    response = redirect("plate", token)
    plate_sessions.open_session(request, response, plate)
    devices.remember_here(request, response, plate)
    return response


@of_household
@require_POST
def forget_plate_devices(request: HttpRequest, plate: Plate) -> HttpResponse:
    """No telephone is remembered any more, this one included."""
    forget_devices(plate=plate)
    messages.success(request, "好了，一部手机也不记了。")
    response = redirect("own-pin", plate.token)
    devices.forget_here(response, plate)
    return response


def _ask_current(request: HttpRequest, plate: Plate) -> None:
    try:
        enter(request, plate, request.POST.get("current", ""))
    except Refused as refusal:
        fields = {"current": refusal.sentence}
        raise Refused(refusal.code, "密码没有换。", fields=fields, status=refusal.status) from refusal


def _page(request: HttpRequest, plate: Plate, first: bool, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "token": plate.token,
        "plate": plate,
        "first": first,
        "faults": refusal.fields if refusal else {},
        "refusal": refusal if refusal and not refusal.fields else None,
        "devices": PlateDevice.objects.filter(plate=plate).count(),
    }
    page = "households/plates/own_pin.html"
    return render(request, page, context, status=refusal.status if refusal else 200)
