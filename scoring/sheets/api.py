"""A village's month over HTTP: read it, write operations to it."""

from django.http import HttpResponseBase
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, errors, sent
from households.endpoints import caller, endpoint
from households.permissions import Permission
from households.register import looking
from households.register.reads import knows_names_of
from scoring.sheets.actions.sheets import apply_ops
from scoring.sheets.reads import event_item, page_data, place_in_reach
from scoring.sheets.receipts import answered_item
from scoring.sheets.serializers import OpsAnswerSerializer, OpsEnvelope, OpsSerializer, SheetSerializer


@gzip_page
@extend_schema(
    operation_id="sheet_read",
    summary="A village's month",
    responses={200: SheetSerializer, **errors(400, 401, 403, 404, 422)},
)
@endpoint("GET", permission=Permission.SEE_SHEET)
def sheet(request: Request, month: str, village: str) -> HttpResponseBase:
    """The state, households and events of a village in a month (YYYY-MM), as far as they lie in the caller's scope."""
    by = caller(request)
    place = place_in_reach(by, village, month)
    if knows_names_of(by, by.division_id or ""):
        looking.note(by, looking.SHEET, [by.division_id or ""])
    return Response(page_data(month=month, place=place, by=by))


@extend_schema(
    operation_id="sheet_operate",
    summary="Write to a village's month",
    request=OpsSerializer,
    responses={200: OpsAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.SEE_SHEET)
def operations(request: Request, month: str, village: str) -> HttpResponseBase:
    """Add, withdraw or confirm exceptions, declare or take the declaration back: applied in order, each answered by itself."""
    by = caller(request)
    place = place_in_reach(by, village, month)
    given = sent(OpsEnvelope, request)
    where = {"month": month, "village": place.village.code}
    done = apply_ops(month=month, village=place.village, raws=given["ops"], base_version=given["base_version"], by=by)
    return Response(
        {
            "version": done.version,
            "state": done.state.value,
            "results": [
                answered_item(outcome, raw, done=done.answered, **where)
                for outcome, raw in zip(done.outcomes, given["ops"], strict=True)
            ],
            "events": [event_item(event, by=by, state=done.state) for event in done.events],
        }
    )
