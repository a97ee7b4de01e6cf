"""Promises over HTTP: those about petitions that the caller may read."""

from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import asked_choice, asked_number, first_page
from households.endpoints import caller, endpoint
from households.permissions import Permission
from petitions.models import Promise
from petitions.petition.serializers import errors
from petitions.promises.serializers import PROMISE_STATES, PromiseListSerializer


@extend_schema(
    operation_id="promise_list",
    summary="Promises about petitions that the caller may read, oldest first",
    parameters=[
        OpenApiParameter("state", str, enum=[state for state, _ in PROMISE_STATES]),
        OpenApiParameter("overdue", bool, description="Only those that are owed and late."),
        OpenApiParameter("after", int, description="Only those with a greater id."),
    ],
    responses={200: PromiseListSerializer, **errors(400, 401, 403)},
)
@endpoint("GET", permission=Permission.SEE_PETITIONS)
def promises(request: Request) -> HttpResponseBase:
    """What was promised, by whom, until when, and how often the day was put off."""
    today = timezone.localdate()
    found = Promise.objects.visible_to(caller(request)).order_by("id")
    if state := asked_choice(request, "state", PROMISE_STATES, "没有这种承诺状态。"):
        found = found.filter(state=state)
    if request.query_params.get("overdue") in ("1", "true", "True"):
        found = found.overdue(today)
    if (after := asked_number(request, "after")) is not None:
        found = found.filter(pk__gt=after)
    shown, following = first_page(found.told())
    return Response({"results": [_promise(one) for one in shown], "next": following})


def _promise(one: Promise) -> dict[str, Any]:
    names = ("number", "what", "unit", "unit_name", "person", "post", "moves", "state")
    return {name: getattr(one, name) for name in names} | {
        "id": one.pk,
        "petition": one.petition.number,
        "first_due": one.first_due_on.isoformat(),
        "due": one.due_on.isoformat(),
        "days_late": one.days_late(timezone.localdate()),
        "reception": one.reception_id,
    }
