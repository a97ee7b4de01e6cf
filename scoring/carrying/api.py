"""What a device needs to give its work to somebody who carries it."""

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import Shape, errors
from households.endpoints import caller, endpoint
from households.permissions import Permission
from households.sealing.envelopes import address
from scoring.carrying.carried import proof_of
from scoring.sheets.reads import place_in_reach


class CarryingSerializer(Shape):
    proof = serializers.CharField(help_text="Shows later that the caller worked on this device; to be kept secret.")
    key = serializers.IntegerField(help_text="The number of the server's key.")
    point = serializers.CharField(help_text="Its public point (P-256), in base64.")


@extend_schema(
    operation_id="sheet_carrying",
    summary="What seals operations for somebody to carry",
    responses={200: CarryingSerializer, **errors(401, 403, 404, 422)},
)
@endpoint("GET", permission=Permission.RECORD_EVENT)
def carrying(request: Request, month: str, village: str) -> HttpResponseBase:
    """Taken along by a device that may be without a line for long: it can then give its work to anybody, sealed for the server."""
    by = caller(request)
    place_in_reach(by, village, month)
    number, point = address()
    return Response({"proof": proof_of(by), "key": number, "point": point})
