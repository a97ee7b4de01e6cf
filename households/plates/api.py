"""The household's session over HTTP: the same plate, PIN and limits as the page."""

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import Shape, errors, moment, sent
from households.endpoints import endpoint
from households.masks import mask_name
from households.plates import sessions as plate_sessions
from households.plates.reads import enter, plate_in_force


class PinSerializer(Shape):
    """Six digits from the paper that came with the plate."""

    pin = serializers.CharField(max_length=20)


class HouseholdSessionSerializer(Shape):
    """Whose session it is and when it ends; the session itself is a cookie."""

    household = serializers.CharField()
    head = serializers.CharField(help_text="masked: surname and a star")
    village = serializers.CharField()
    expires_at = serializers.DateTimeField()


@extend_schema(
    operation_id="household_session",
    summary="Open a household's session by plate and PIN",
    auth=[],
    request=PinSerializer,
    responses={201: HouseholdSessionSerializer, **errors(400, 403, 404, 422, 429)},
)
@endpoint("POST", public=True)
def household_session(request: Request, token: str) -> HttpResponseBase:
    """Opens a session of thirty minutes for one household, in a cookie of its own. Tries are counted and lock."""
    plate = plate_in_force(token)
    if plate is None:
        raise Http404
    enter(request._request, plate, sent(PinSerializer, request)["pin"])
    response = Response(status=201)
    until = plate_sessions.open_session(request._request, response, plate)
    response.data = {
        "household": plate.household_id,
        "head": mask_name(plate.household.head_name),
        "village": plate.household.group.parent.name if plate.household.group.parent else "",
        "expires_at": moment(until),
    }
    response["Cache-Control"] = "no-store, private"
    return response
