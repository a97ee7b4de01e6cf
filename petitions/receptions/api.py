"""Receptions over HTTP: the schedule, a day's list, and what was said, sent once however often it is sent."""

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, asked_day, moment, sent
from households.audience import division_in_scope, household_in_scope
from households.endpoints import caller, endpoint
from households.models import User
from households.permissions import Permission
from petitions.filing.asked import Filing
from petitions.models import Petition, Reception
from petitions.petition.serializers import errors
from petitions.promises.actions.promises import Promised
from petitions.receptions import reads
from petitions.receptions.actions.records import MadeRecord, record_on_the_spot
from petitions.receptions.reads import ListedPetition
from petitions.receptions.serializers import (
    ReceptionListSerializer,
    ReceptionSerializer,
    RecordedSerializer,
    RecordSerializer,
)

SHOWN = timedelta(days=62)  # from the first day asked for: this month and the next


@extend_schema(
    operation_id="reception_list",
    summary="Receptions that the caller may know of, by day",
    parameters=[
        OpenApiParameter("from", date, description="First day; today by default. Two months are shown from it."),
        OpenApiParameter("to", date, description="Last day."),
    ],
    responses={200: ReceptionListSerializer, **errors(400, 401, 403)},
)
@endpoint("GET", permission=Permission.SEE_PETITIONS)
def receptions(request: Request) -> HttpResponseBase:
    """The county office sees dates and counts; everybody else counts what they may read."""
    by = caller(request)
    first = asked_day(request, "from") or timezone.localdate()
    last = min(asked_day(request, "to") or first + SHOWN, first + SHOWN)
    found = reads.receptions_of(by, first, last)
    counts = reads.counts_of(found, by)
    return Response({"results": [_summary(one, counts.get(one.pk, (0, 0))) for one in found]})


@extend_schema(
    operation_id="reception_read",
    summary="One reception with its list as the caller may read it",
    responses={200: ReceptionSerializer, **errors(401, 403, 404)},
)
@endpoint("GET", permission=Permission.SEE_PETITIONS)
def reception(request: Request, reception: int) -> HttpResponseBase:
    """404 for what the caller may not know of."""
    by = caller(request)
    found = reads.in_sight(reception, by)
    counts = reads.counts_of([found], by).get(found.pk, (0, 0))
    listed = reads.listed_petitions_of(found, by, timezone.localdate())
    return Response(_summary(found, counts) | {"items": [_listed(one) for one in listed]})


@extend_schema(
    operation_id="reception_record",
    summary="Write down what was said about one petition at a reception",
    request=RecordSerializer,
    responses={201: RecordedSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.RUN_RECEPTIONS)
def records(request: Request, reception: int) -> HttpResponseBase:
    """About a petition by its number, or about a new matter, which is filed and listed at once; a late one is kept."""
    by = caller(request)
    found = reads.in_sight(reception, by)
    given = sent(RecordSerializer, request)
    number, matter, promise = given.pop("petition", None), given.pop("filing", None), given.pop("promise", None)
    made = record_on_the_spot(
        op_id=given.pop("op_id"),
        reception=found,
        by=by,
        petition=_petition(number, by) if number else None,
        filing=_filing(matter, by) if matter else None,
        promise=Promised(**promise) if promise else None,
        outcome=given.pop("outcome"),
        note=given.pop("note", ""),
        **given,
    )
    return Response(_recorded(made), status=201)


def _petition(number: str, by: User) -> Petition:
    found = Petition.objects.visible_to(by).filter(number=number).first() if "\0" not in number else None
    if not isinstance(found, Petition):
        raise Http404
    return found


def _filing(sent: dict[str, Any], by: User) -> Filing:
    household, accused = sent.pop("household", ""), tuple(sent.pop("accused", ()))
    division_in_scope(by, sent["place"])
    home = household_in_scope(by, household) if household else None
    return Filing(household=home, accused=accused, **sent)


def _summary(one: Reception, counts: tuple[int, int]) -> dict[str, Any]:
    names = ("kind", "state", "room", "leader", "post", "moves")
    return {name: getattr(one, name) for name in names} | {
        "id": one.pk,
        "day": one.day.isoformat(),
        "starts": f"{one.starts:%H:%M}",
        "ends": f"{one.ends:%H:%M}",
        "place": one.place_id,
        "place_name": one.place.name,
        "units": [{"unit": each.unit, "name": each.unit_name} for each in one.attending.all()],
        "cases": counts[0],
        "recorded": counts[1],
    }


def _listed(one: ListedPetition) -> dict[str, Any]:
    petition = one.petition
    return {
        "position": one.item.position,
        "number": petition.number,
        "title": petition.title,
        "state": petition.state,
        "seq": petition.seq,
        "due": petition.due_on.isoformat() if petition.due_on else None,
        "outcome": one.outcome,
        "records": len(one.records),
    }


def _recorded(made: MadeRecord) -> dict[str, Any]:
    return {
        "record": made.record.pk,
        "number": made.petition.number,
        "code": made.code,
        "state": made.petition.state,
        "listed": made.listed,
        "moved_on": made.record.moved_on,
        "promise": made.promise.pk if made.promise else None,
        "said_at": moment(made.record.said_at),
    }
