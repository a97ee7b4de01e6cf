"""Alarms over HTTP: what the checks found, and answering for it by name, as on the page."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.alarms.actions import acknowledge
from households.alarms.hearing import alarms_of
from households.alarms.serializers import (
    ALARM_STATES,
    AcknowledgedSerializer,
    AcknowledgeSerializer,
    AlarmsSerializer,
)
from households.api import WRITING, asked_choice, asked_number, errors, first_page, moment, sent
from households.endpoints import caller, endpoint
from households.models import Alarm
from households.permissions import Permission


@extend_schema(
    operation_id="alarms",
    summary="What the checks found that does not fit",
    parameters=[
        OpenApiParameter(
            "state", str, enum=[state for state, _ in ALARM_STATES], description="All that are not closed without."
        ),
        OpenApiParameter("until", int, description="Only those before this one."),
    ],
    responses={200: AlarmsSerializer, **errors(400, 401, 403)},
)
@endpoint("GET", permission=Permission.HEAR_ALARMS)
def alarms(request: Request) -> HttpResponseBase:
    """The newest first, of the caller's county and of no place; the county office hears of its own figures alone."""
    state = asked_choice(request, "state", ALARM_STATES, "没有这个状态。")
    found, until = alarms_of(caller(request)).standing(state), asked_number(request, "until")
    if until is not None:
        found = found.filter(pk__lt=until)
    rows, more = first_page(found.select_related("seen_by").order_by("-pk"))
    return Response({"alarms": [_as_dict(alarm) for alarm in rows], "until": more})


@extend_schema(
    operation_id="alarm_acknowledge",
    summary="Answer for an alarm by name",
    request=AcknowledgeSerializer,
    responses={200: AcknowledgedSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.HEAR_ALARMS)
def acknowledge_alarm(request: Request, alarm: int) -> HttpResponseBase:
    """It stays listed until the check finds it no more. The first name counts: who comes second gets 409."""
    return Response({"seen": acknowledge(alarm=alarm, by=caller(request), **sent(AcknowledgeSerializer, request))})


def _as_dict(alarm: Alarm) -> dict[str, Any]:
    return {
        "id": alarm.pk,
        "state": alarm.state,
        "kind": alarm.kind,
        "check": alarm.source,
        "what": alarm.what,
        "where": alarm.where,
        "place": alarm.place,
        "found_at": moment(alarm.found_at),
        "gone_at": moment(alarm.gone_at),
        "seen_by": alarm.seen_by.display_name if alarm.seen_by else "",
        "seen_at": moment(alarm.seen_at),
        "remark": alarm.remark,
    }
