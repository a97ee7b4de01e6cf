"""Working days over HTTP: what a year has, and entering the State Council's notice."""

from typing import Any

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import errors, sent
from households.endpoints import caller, endpoint
from households.fields import asked_within
from households.permissions import Permission
from households.workdays import actions, reads
from households.workdays.serializers import ArrangedSerializer, ArrangeSerializer, YearSerializer
from households.workdays.workdays import DayKind, holiday_name, kind


@extend_schema(
    operation_id="workdays",
    summary="A year's holidays and make-up workdays",
    responses={200: YearSerializer, **errors(401, 404)},
)
@endpoint("GET")
def year(request: Request, year: str) -> HttpResponseBase:
    """As every clock reckons with them now."""
    found = asked_within(year, 2004, 2100)
    if found is None:
        raise Http404
    return Response(_year(found))


@extend_schema(
    operation_id="arrange_year",
    summary="Enter the State Council's notice on a year's holidays",
    request=ArrangeSerializer,
    responses={200: ArrangedSerializer, **errors(400, 401, 403, 409, 422)},
)
@endpoint("POST", permission=Permission.ARRANGE_YEARS)
def arrange(request: Request) -> HttpResponseBase:
    """In force at once; stored due days are counted anew, and an earlier version of the year stays on record."""
    done = actions.arrange(**sent(ArrangeSerializer, request), by=caller(request))
    days = done.named
    return Response(
        {
            "year": done.year,
            "source": "entered",
            "holidays": [{"day": day.isoformat(), "name": name} for day, name in days.items() if name],
            "worked": [day.isoformat() for day, name in days.items() if not name],
            "moved": done.moved,
        }
    )


def _year(number: int) -> dict[str, Any]:
    days = reads.days_of(number)
    return {
        "year": number,
        "source": reads.standing(number).source,
        "holidays": [{"day": day.isoformat(), "name": holiday_name(day)} for day in days if holiday_name(day)],
        "worked": [day.isoformat() for day in days if kind(day) is DayKind.MAKE_UP],
    }
