"""The township's decision on a declared month, over HTTP."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, errors, sent
from households.audience import division_in_scope
from households.codes import Level
from households.endpoints import caller, endpoint
from households.models import Division, User
from households.permissions import Permission, may
from scoring.models import Decision, Sheet
from scoring.months.months import readable, sheet_of
from scoring.reviews.actions.decisions import approve_together, decide, keep_looks, send_back
from scoring.reviews.actions.reviewing import DrawnFinding
from scoring.reviews.draws import Draw
from scoring.reviews.reads import open_sheet
from scoring.reviews.serializers import (
    DrawSerializer,
    LooksAnswerSerializer,
    LooksSerializer,
    ReviewAnswerSerializer,
    ReviewSerializer,
    RevokeSerializer,
    TogetherAnswerSerializer,
    TogetherSerializer,
    ToReviewSerializer,
)
from scoring.sheets.reads import place_in_reach
from scoring.states import SheetState

STATES = {
    Decision.APPROVE: SheetState.REVIEWED,
    Decision.RETURN: SheetState.OPEN,
    Decision.REVOKE: SheetState.DECLARED,
}


@extend_schema(
    methods=["GET"],
    operation_id="sheet_to_review",
    summary="What must be opened before a month is approved, and what the caller has opened",
    responses={200: ToReviewSerializer, **errors(400, 401, 403, 404, 422)},
)
@extend_schema(
    methods=["POST"],
    operation_id="sheet_review",
    summary="Approve or return a declared month",
    request=ReviewSerializer,
    responses={200: ReviewAnswerSerializer, **errors(*WRITING)},
)
@endpoint("GET", "POST", permission=Permission.REVIEW)
def review(request: Request, month: str, village: str) -> HttpResponseBase:
    """Approve with every exception opened, or return with a reason. The same op_id is answered the same again.

    With `households` every drawn one must be among them or have been opened before.
    """
    by, place = caller(request), _place(request, month, village)
    if request.method == "GET":
        known = Sheet.objects.select_related("period__scheme", "village").filter(period=month, village=place).first()
        return Response(_to_review(known or Sheet(period_id=month, village=place), by))
    sheet = sheet_of(month=month, village=place)
    given = sent(ReviewSerializer, request)
    households = _findings(given.pop("households")) if "households" in given else None
    answer = decide(sheet=sheet, by=by, households=households, **given)
    return Response({"op_id": str(given["op_id"]), "state": STATES[answer["decision"]].value, **answer})


@extend_schema(
    operation_id="review_looks",
    summary="Write down which exceptions and drawn households were opened",
    request=LooksSerializer,
    responses={200: LooksAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.REVIEW)
def looks(request: Request, month: str, village: str) -> HttpResponseBase:
    """Decided later, alone or together with other villages."""
    sheet = sheet_of(month=month, village=_place(request, month, village))
    given = sent(LooksSerializer, request)
    households = _findings(given.pop("households"))
    return Response(keep_looks(sheet=sheet, by=caller(request), households=households, **given))


@extend_schema(
    operation_id="reviews_together",
    summary="Approve every month that was looked at",
    request=TogetherSerializer,
    responses={200: TogetherAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.REVIEW)
def together(request: Request, month: str) -> HttpResponseBase:
    """Each for itself: one that was not looked through is refused with the reason, the others are approved."""
    by, given = caller(request), sent(TogetherSerializer, request)
    villages = [division_in_scope(by, code, Level.VILLAGE) for code in given.pop("villages")]
    readable(month)
    return Response(approve_together(month=month, villages=villages, by=by, **given))


@extend_schema(
    operation_id="review_revoke",
    summary="Have a township review a month again",
    request=RevokeSerializer,
    responses={200: ReviewAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.RETURN_APPROVAL)
def revoke(request: Request, month: str, village: str) -> HttpResponseBase:
    """Until it is posted. What was opened before must be opened again."""
    by, given = caller(request), sent(RevokeSerializer, request)
    readable(month)
    sheet = sheet_of(month=month, village=division_in_scope(by, village, Level.VILLAGE))
    answer = send_back(sheet=sheet, by=by, **given)
    return Response({"op_id": str(given["op_id"]), "state": STATES[answer["decision"]].value, **answer})


def _place(request: Request, month: str, village: str) -> Division:
    by = caller(request)
    place = place_in_reach(by, village)
    if not may(by, Permission.REVIEW, at=place.village.code):
        raise PermissionDenied
    readable(month)
    return place.village


def _findings(given: list[dict[str, str]]) -> dict[str, DrawnFinding]:
    return {one["household"]: DrawnFinding(one["found"], one["note"]) for one in given}


def _to_review(sheet: Sheet, by: User) -> dict[str, Any]:
    opened = open_sheet(sheet)
    looked = opened.looked(by)
    return {
        "state": opened.state.value,
        "exceptions": [entry.event.pk for entry in opened.entries],
        "draw": _draw(opened.draw) if opened.draw else None,
        "looked": {"events": sorted(looked.events), "households": sorted(looked.households)},
    }


def _draw(draw: Draw) -> dict[str, Any]:
    return dict(
        DrawSerializer(
            {"published_root": draw.root, "published": draw.day, "seed": draw.seed, "households": draw.households}
        ).data
    )
