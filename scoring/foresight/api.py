"""What an entry would do, over HTTP, before it is sent."""

from dataclasses import asdict

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import errors, sent
from households.endpoints import caller, endpoint
from households.permissions import Permission
from scoring.foresight.reads import foresight
from scoring.foresight.serializers import EntryInMindSerializer, ForesightSerializer
from scoring.sheets.ops import read_wanted
from scoring.sheets.reads import place_in_reach


@extend_schema(
    operation_id="sheet_impact",
    summary="What an entry would do",
    request=EntryInMindSerializer,
    responses={200: ForesightSerializer, **errors(400, 401, 403, 404, 422)},
)
@endpoint("POST", permission=Permission.SEE_SHEET)
def impact(request: Request, month: str, village: str) -> HttpResponseBase:
    """Household, group, village and linked departments, as if the village signed now, without the entry and with it.

    Nothing is written. It is asked by POST, so that no household stands in an address.
    """
    by = caller(request)
    place = place_in_reach(by, village)
    code, clause = read_wanted(sent(EntryInMindSerializer, request))
    found = foresight(month=month, place=place, code=code, clause=clause, by=by)
    return Response({"waits": found.waits, "effects": [asdict(effect) for effect in found.effects]})
