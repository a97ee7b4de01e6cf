"""The township's decision on a declared month, over HTTP."""

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, errors, sent
from households.endpoints import caller, endpoint
from households.permissions import Permission, may
from scoring.models import Decision
from scoring.months.months import readable, sheet_of
from scoring.reviews.actions.decisions import decide
from scoring.reviews.serializers import ReviewAnswerSerializer, ReviewSerializer
from scoring.sheets.reads import place_in_reach
from scoring.states import SheetState

STATES = {Decision.APPROVE: SheetState.REVIEWED, Decision.RETURN: SheetState.OPEN}


@extend_schema(
    operation_id="sheet_review",
    summary="Approve or return a declared month",
    request=ReviewSerializer,
    responses={200: ReviewAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.REVIEW)
def review(request: Request, month: str, village: str) -> HttpResponseBase:
    """Approve with every exception opened, or return with a reason. The same op_id is answered the same again."""
    by = caller(request)
    place = place_in_reach(by, village)
    if not may(by, Permission.REVIEW, at=place.village.code):
        raise PermissionDenied
    readable(month)
    given = sent(ReviewSerializer, request)
    answer = decide(sheet=sheet_of(month=month, village=place.village), by=by, **given)
    return Response({"op_id": str(given["op_id"]), "state": STATES[answer["decision"]].value, **answer})
