"""Changes of places over HTTP: other systems read which code became which, and the county's own may bring a mapping."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import PAGE, WRITING, errors, sent
from households.borders.actions.carrying import carry_out, preview
from households.borders.reads import lines_for, orders_in
from households.borders.serializers import (
    BorderLookSerializer,
    BorderOrderSerializer,
    BorderOrdersSerializer,
    BorderWantedSerializer,
    border_wish_of,
)
from households.confirming.own_password import check_fresh_caller
from households.endpoints import caller, endpoint
from households.models import BorderOrder, User
from households.permissions import Permission
from households.refusals import Refused


def _told(order: BorderOrder, user: User) -> dict[str, Any]:
    return {
        "order": order.pk,
        "day": order.day,
        "counts_from": order.counts_from,
        "reason": order.reason,
        "document_no": order.document_no,
        "households": order.households,
        "undone": order.undone_at is not None,
        "lines": [
            {
                "kind": one.kind,
                "old": one.old_id,
                "old_name": one.old_name,
                "new": one.new_id,
                "new_name": one.new_name,
                "households": one.households,
            }
            for one in lines_for(order, user.scope)
        ],
    }


@extend_schema(
    operation_id="border_changes",
    summary="Changes of places: which code became which, and since when",
    parameters=[OpenApiParameter("after", int, description="Orders behind this number: `next` of the answer before.")],
    responses={200: BorderOrdersSerializer, **errors(401, 403)},
)
@endpoint("GET", permission=Permission.SEE_HOUSEHOLDS)
def border_changes(request: Request) -> HttpResponseBase:
    """The orders that touch the caller's part, the oldest first, a hundred at a time."""
    user, after = caller(request), request.query_params.get("after", "")
    found = orders_in(user).filter(pk__gt=int(after) if after.isdecimal() and len(after) < 19 else 0).order_by("pk")
    orders = list(found[: PAGE + 1])
    told = [_told(one, user) for one in orders[:PAGE]]
    return Response({"orders": told, "next": orders[PAGE - 1].pk if len(orders) > PAGE else None})


@extend_schema(
    operation_id="border_change",
    summary="Change places by a mapping of codes: rename, merge, split, move a group, shift a border",
    request=BorderWantedSerializer,
    responses={200: BorderLookSerializer, 201: BorderOrderSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.IMPORT_REGISTER)
def change_borders(request: Request) -> HttpResponseBase:
    """All or nothing, once for each `op_id`; with `rehearse` nothing at all. Faults are told by line, from 1."""
    given = sent(BorderWantedSerializer, request)
    user, wish = caller(request), border_wish_of(given)
    if not given["rehearse"]:
        check_fresh_caller(request._request, user, request.auth)
        return Response(_told(carry_out(op_id=given["op_id"], wish=wish, by=user), user), status=201)
    found, effects = preview(wish, by=user)
    if found.faults:
        faults = {str(fault.line): fault.words for fault in found.faults}
        raise Refused("border_faults", "对照表有错。", fields=faults, status=409)
    return Response(
        {
            "counts_from": found.counts_from,
            "households": len(found.households.pairs),
            "effects": [one.sentence for one in effects if not one.stops],
            "stops": [one.sentence for one in effects if one.stops],
        }
    )
