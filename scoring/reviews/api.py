"""The township's decision on a declared month, over HTTP."""

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import errors
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
    responses={200: ReviewAnswerSerializer, **errors(400, 401, 403, 404, 409, 413, 422)},
)
@endpoint("POST", permission=Permission.REVIEW)
def review(request: Request, month: str, village: str) -> HttpResponseBase:
    """Approve with every exception opened, or return with a reason. The same op_id is answered the same again."""
    by = caller(request)
    place = place_in_reach(by, village)
    if not may(by, Permission.REVIEW, at=place.village.code):
        raise PermissionDenied
    readable(month)
    sent = ReviewSerializer(data=request.data)
    sent.is_valid(raise_exception=True)
    answer = decide(sheet=sheet_of(month=month, village=place.village), by=by, **sent.validated_data)
    return Response({"op_id": sent.data["op_id"], "state": STATES[answer["decision"]].value, **answer})
