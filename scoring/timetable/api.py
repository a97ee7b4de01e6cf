"""The month's calendar over HTTP: its days, another calendar from a month on, longer for a village, freezing before the time."""

from django.http import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, errors, sent
from households.audience import division_in_scope
from households.codes import Level
from households.confirming.own_password import check_fresh_caller
from households.endpoints import caller, endpoint
from households.months import next_month
from households.permissions import Permission
from households.workdays.workdays import known
from scoring.addresses import month_of_address
from scoring.months.months import calendar_of
from scoring.timetable.actions import calendars, forced
from scoring.timetable.serializers import (
    CalendarSerializer,
    CalendarSetSerializer,
    DecideForceSerializer,
    ExtendedSerializer,
    ExtendSerializer,
    ForcedSerializer,
    NumberSerializer,
    VillageMonthSerializer,
)

_NAMES = ("opens_on", "declare_until", "review_until", "post_from", "post_until", "objections_until", "freeze_on")


@extend_schema(
    operation_id="calendar",
    summary="The days of a month",
    responses={200: CalendarSerializer, **errors(401, 404)},
)
@endpoint("GET")
def month_days(request: Request, month: str) -> HttpResponseBase:
    """As the caller's county has set them; a village that was given longer says so on its sheet."""
    month = month_of_address(month)
    days = calendar_of(month, next(iter(caller(request).scope.prefixes), ""))
    more = {"notice_days": days.rules.notice_days, "known": known(int(next_month(month)[:4]))}
    named = {name: getattr(days, name) for name in (*_NAMES, "redeem_from")}
    return Response({"month": month, **named, **more})


@extend_schema(
    operation_id="calendar_set",
    summary="Set the county's calendar from a month on",
    request=CalendarSetSerializer,
    responses={201: NumberSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.SET_CALENDAR)
def set_days(request: Request) -> HttpResponseBase:
    """Months before it keep their days."""
    check_fresh_caller(request._request, caller(request), request.auth)
    by = caller(request)
    given = sent(CalendarSetSerializer, request)
    return Response(calendars.set_calendar(county=calendars.county_of_user(by), by=by, **given), status=201)


@extend_schema(
    operation_id="calendar_extend",
    summary="Let one village declare until a later day",
    request=ExtendSerializer,
    responses={201: ExtendedSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.SET_CALENDAR)
def extend(request: Request) -> HttpResponseBase:
    """Only while it has not declared; a village that is later than that is marked late."""
    by, given = caller(request), sent(ExtendSerializer, request)
    village = division_in_scope(by, given.pop("village"), Level.VILLAGE)
    return Response(calendars.extend(village=village, by=by, **given), status=201)


@extend_schema(
    operation_id="freeze_ask",
    summary="Ask that a village's month be frozen before its time",
    request=VillageMonthSerializer,
    responses={201: ForcedSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.SET_CALENDAR)
def ask_force(request: Request) -> HttpResponseBase:
    """Another person of the county office decides."""
    check_fresh_caller(request._request, caller(request), request.auth)
    by, given = caller(request), sent(VillageMonthSerializer, request)
    village = division_in_scope(by, given.pop("village"), Level.VILLAGE)
    return Response(forced.ask(village=village, by=by, **given), status=201)


@extend_schema(
    operation_id="freeze_decide",
    summary="Grant or refuse freezing before the time",
    request=DecideForceSerializer,
    responses={200: ForcedSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.SET_CALENDAR)
def decide_force(request: Request) -> HttpResponseBase:
    """Granted, the village is frozen at once, and known as not posted if it was not."""
    check_fresh_caller(request._request, caller(request), request.auth)
    return Response(forced.decide(by=caller(request), **sent(DecideForceSerializer, request)))
