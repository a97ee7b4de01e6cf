"""The household's session over HTTP: the same plate, PIN and limits as the page."""

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import Shape, errors, moment, sent
from households.endpoints import endpoint
from households.masks import mask_name
from households.models import Plate
from households.plates import sessions as plate_sessions
from households.plates.actions.pins import set_own_pin
from households.plates.reads import enter, plate_in_force


class PinSerializer(Shape):
    """Six digits: the household's own, or those of the paper that came with the plate."""

    pin = serializers.CharField(max_length=20)


class OwnPinSerializer(PinSerializer):
    """Six digits that only the household knows."""

    current = serializers.CharField(
        max_length=20,
        required=False,
        help_text="the PIN in force; not needed in a session that the PIN on paper opened",
    )


class HouseholdSessionSerializer(Shape):
    """Whose session it is and when it ends; the session itself is a cookie."""

    household = serializers.CharField()
    head = serializers.CharField(help_text="masked: surname and a star")
    village = serializers.CharField()
    expires_at = serializers.DateTimeField()
    must_set_pin = serializers.BooleanField(
        help_text="true after the PIN on paper: this session opens nothing but h/TOKEN/pin/"
    )


@extend_schema(
    operation_id="household_session",
    summary="Open a household's session by plate and PIN",
    auth=[],
    request=PinSerializer,
    responses={201: HouseholdSessionSerializer, **errors(400, 403, 404, 422, 429)},
)
@endpoint("POST", public=True)
def household_session(request: Request, token: str) -> HttpResponseBase:
    """Opens a session of thirty minutes for one household, in a cookie of its own. Tries are counted and lock.

    The PIN on paper opens one of fifteen minutes that may only set the household's own PIN.
    """
    plate = plate_in_force(token)
    if plate is None:
        raise Http404
    enter(request._request, plate, sent(PinSerializer, request)["pin"])
    return _session(request, plate)


@extend_schema(
    operation_id="household_own_pin",
    summary="Set the household's own PIN",
    auth=[],
    request=OwnPinSerializer,
    responses={201: HouseholdSessionSerializer, **errors(400, 403, 404, 409, 422, 429)},
)
@endpoint("POST", public=True)
def household_own_pin(request: Request, token: str) -> HttpResponseBase:
    """Puts a PIN in force that the household has chosen; the one before and its sessions end. Needs a session of this
    plate, and the PIN in force unless the session was opened by the PIN on paper. Opens a household's session.
    """
    given = sent(OwnPinSerializer, request)
    plate = plate_sessions.plate_at_first(request._request, token)
    if plate is None:
        plate = plate_sessions.plate_in_session(request._request, token)
        if plate is None:
            raise Http404
        enter(request._request, plate, given.get("current", ""))
    set_own_pin(plate=plate, pin=given["pin"], again=given["pin"])
    plate.refresh_from_db(fields=["own_pin_at", "pin_epoch"])
    return _session(request, plate)


def _session(request: Request, plate: Plate) -> Response:
    response = Response(status=201)
    until = plate_sessions.open_session(request._request, response, plate)
    response.data = {
        "household": plate.household_id,
        "head": mask_name(plate.household.head_name),
        "village": plate.household.group.parent.name if plate.household.group.parent else "",
        "expires_at": moment(until),
        "must_set_pin": not plate.has_own_pin,
    }
    response["Cache-Control"] = "no-store, private"
    return response
