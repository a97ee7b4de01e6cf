"""The register over HTTP: who is on it, and its changes, by the same action as the page."""

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import PAGE, WRITING, errors, fields_as_sent, sent_only
from households.changes.actions.carrying import carry_out
from households.changes.serializers import (
    SENT_AS,
    ChangeDoneSerializer,
    ChangeWantedSerializer,
    RegisterSerializer,
    wish_of,
)
from households.codes import CodeError, Level, is_code, parse
from households.confirming.own_password import check_fresh_caller
from households.endpoints import caller, endpoint
from households.models import Household
from households.permissions import Permission
from households.register import looking
from households.register.reads import name_for
from households.scope import lies_in


@extend_schema(
    operation_id="households",
    summary="Households of the register",
    parameters=[
        OpenApiParameter("within", str, description="A place's code, 6 to 14 digits; the caller's own without one."),
        OpenApiParameter("after", str, description="Households behind this code: `next` of the answer before."),
    ],
    responses={200: RegisterSerializer, **errors(401, 403, 404)},
)
@endpoint("GET", permission=Permission.SEE_HOUSEHOLDS)
def households(request: Request) -> HttpResponseBase:
    """By code, a hundred at a time, those off the register included. Telephones are not told."""
    user, within = caller(request), request.query_params.get("within", "")
    try:
        place = parse(within) if within else ""
    except CodeError as fault:
        raise Http404 from fault
    if place and not user.scope.covers(place):
        raise Http404
    after = request.query_params.get("after", "")
    if after and not is_code(after, Level.HOUSEHOLD):
        raise Http404
    found = Household.objects.within(user.scope).filter(lies_in(place), code__gt=after).order_by("code")
    rows = list(found[: PAGE + 1])
    looking.shown(user, [one.code for one in rows[:PAGE]])
    told = [
        {
            "code": one.code,
            "group": one.group_id,
            "head": name_for(one, user),
            "address": one.address,
            "valid_from": one.valid_from,
            "valid_to": one.valid_to,
        }
        for one in rows[:PAGE]
    ]
    return Response({"households": told, "next": rows[PAGE - 1].code if len(rows) > PAGE else None})


@extend_schema(
    operation_id="household_change",
    summary="Change the register: add, correct, split, merge, move, close, reopen a household, or name its heir",
    request=ChangeWantedSerializer,
    responses={201: ChangeDoneSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.CHANGE_HOUSEHOLDS)
def change(request: Request) -> HttpResponseBase:
    """All or nothing, once for each `op_id`. What was signed for never moves: `counts_from` says since when it counts."""
    given = sent_only(ChangeWantedSerializer, request)
    check_fresh_caller(request._request, caller(request), request.auth)
    with fields_as_sent(SENT_AS):
        done = carry_out(op_id=given["op_id"], wish=wish_of(given), by=caller(request), seen=given.get("seen"))
    answer = {
        "change": done.pk,
        "kind": done.kind,
        "household": done.household_id,
        "other": done.other_id,
        "day": done.day,
        "counts_from": done.counts_from,
    }
    return Response(answer, status=201)
