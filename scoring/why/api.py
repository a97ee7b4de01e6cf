"""Explanations over HTTP: the same sums as on the page."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import Shape, errors
from households.endpoints import endpoint
from households.permissions import Permission
from scoring.addresses import code_of_address, month_of_address
from scoring.rankings.api import caller, moment
from scoring.shapes import CLAUSE_KINDS, EVENT_STATES
from scoring.why.events import EventLine
from scoring.why.why import Child, DivisionWhy, HouseholdWhy, Term, explain


class WhyHandSerializer(Shape):
    at = serializers.DateTimeField()
    what = serializers.CharField()
    who = serializers.CharField(help_text="The post, with the name for staff of the place.")


class WhyEventSerializer(Shape):
    id = serializers.IntegerField(allow_null=True, help_text="Empty when the entry is kept from the caller.")
    indicator = serializers.CharField()
    kind = serializers.ChoiceField(CLAUSE_KINDS)
    points = serializers.IntegerField(min_value=0)
    state = serializers.ChoiceField(EVENT_STATES, help_text="Only confirmed events count.")
    clause = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    document_no = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    recorded_by = serializers.CharField(allow_blank=True)
    confirmed_by = serializers.CharField(allow_blank=True)
    photos = serializers.IntegerField(min_value=0, help_text="That the caller may look at, on the event's page.")
    paper = serializers.BooleanField(
        help_text="Keyed in from a paper sheet whose photo is kept, for callers who see photos."
    )
    hands = WhyHandSerializer(many=True, help_text="Through which it went, the oldest first; empty when it is kept.")


class WhyTermSerializer(Shape):
    what = serializers.CharField()
    amount = serializers.IntegerField(help_text="Signed; the amounts of all terms add up to the score.")
    event = serializers.IntegerField(allow_null=True)


class WhyChildSerializer(Shape):
    code = serializers.CharField()
    name = serializers.CharField()
    households = serializers.IntegerField(min_value=0)
    total = serializers.IntegerField(allow_null=True, help_text="Empty when nothing is scored: missing is not zero.")
    result = serializers.CharField(allow_blank=True)


class WhySerializer(Shape):
    code = serializers.CharField()
    name = serializers.CharField()
    level = serializers.CharField()
    active = serializers.IntegerField(min_value=0)
    households = serializers.IntegerField(min_value=0, help_text="Scored households; 0 or 1 for a household.")
    total = serializers.IntegerField(
        allow_null=True, help_text="children's totals + households * adjustment, or the score."
    )
    adjustment = serializers.IntegerField(help_text="Signed points of events recorded against the division itself.")
    result = serializers.CharField(allow_blank=True, help_text="total / households with two decimals.")
    reason = serializers.CharField(allow_blank=True, help_text="Why there is no score.")
    children = WhyChildSerializer(many=True)
    events = WhyEventSerializer(many=True, help_text="Recorded against the household or division itself.")
    terms = WhyTermSerializer(many=True, help_text="The sum of a household, line by line.")
    scheme = serializers.CharField(allow_blank=True, help_text="Version of the scheme that assesses the month.")
    as_of = serializers.DateTimeField(allow_null=True)
    stale = serializers.BooleanField(help_text="Whether the rolled-up figure is about to change to what stands here.")


@extend_schema(
    operation_id="why",
    summary="Why a figure is what it is",
    parameters=[
        OpenApiParameter("month", str, OpenApiParameter.PATH, description="YYYY-MM"),
        OpenApiParameter("code", str, OpenApiParameter.PATH, description="6, 9, 12, 14 or 18 digits"),
    ],
    responses={200: WhySerializer, **errors(401, 403, 404)},
)
@endpoint("GET", permission=Permission.SEE_RANKINGS)
def why(request: Request, month: str, code: str) -> HttpResponseBase:
    """The sum of a division over its children, or of a household over its events."""
    explained = explain(month_of_address(month), code_of_address(code), caller(request))
    parts = _household(explained) if isinstance(explained, HouseholdWhy) else _division(explained)
    shared = {
        "code": explained.code,
        "name": explained.name,
        "level": explained.level.value,
        "events": [_event(line) for line in (*explained.events, *explained.others)],
        "scheme": explained.scheme.code if explained.scheme else "",
        "as_of": moment(explained.as_of),
        "stale": explained.stale,
    }
    return Response(shared | parts)


def _household(explained: HouseholdWhy) -> dict[str, Any]:
    scored = explained.score is not None
    return {
        "active": 1,
        "households": 1 if scored else 0,
        "total": explained.score,
        "adjustment": 0,
        "result": f"{explained.score}.00" if scored else "",
        "reason": explained.reason,
        "children": [],
        "terms": [_term(term) for term in explained.terms],
    }


def _division(explained: DivisionWhy) -> dict[str, Any]:
    return {
        "active": explained.active,
        "households": explained.households,
        "total": explained.total if explained.households else None,
        "adjustment": explained.division_points,
        "result": explained.shown_result,
        "reason": explained.archived if explained.households else "未申报，没有得分。",
        "children": [_child(child) for child in explained.children],
        "terms": [],
    }


def _child(child: Child) -> dict[str, Any]:
    return {
        "code": child.code,
        "name": child.name,
        "households": child.households,
        "total": child.total,
        "result": child.shown_result,
    }


def _term(term: Term) -> dict[str, Any]:
    return {"what": term.what, "amount": term.amount, "event": term.event.event if term.event else None}


def _event(line: EventLine) -> dict[str, Any]:
    return {
        "id": line.event,
        "indicator": line.indicator_code,
        "kind": line.kind.value,
        "points": line.points,
        "state": line.state.value,
        "clause": line.clause,
        "text": line.text,
        "date": line.date.isoformat() if line.date else None,
        "document_no": line.document_no,
        "note": line.note,
        "recorded_by": line.recorded_by,
        "confirmed_by": line.confirmed_by,
        "photos": line.photos,
        "paper": line.paper,
        "hands": [{"at": moment(hand.at), "what": hand.what, "who": hand.who} for hand in line.hands],
    }
