"""Frozen months put right, over HTTP: a township asks, the county office grants or refuses."""

from typing import Any

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, OnceSerializer, Shape, errors, sent
from households.codes import CodeError, parse
from households.confirming.own_password import check_fresh_caller
from households.endpoints import caller, endpoint
from households.models import User
from households.permissions import Permission
from scoring.models import Adjustment
from scoring.reasons import CHOICES
from scoring.restatements import actions as restating
from scoring.sheets.ops import MAX_DOCUMENT, MAX_NOTE
from scoring.states import AdjustmentState

ADJUSTMENT_STATES = [(state.value, state.label) for state in AdjustmentState]


class AdjustmentRequestSerializer(OnceSerializer):
    """Either a clause, which adds an event, or the number of an event to withdraw."""

    month = serializers.RegexField(r"^[0-9]{4}-[0-9]{2}$")
    household = serializers.CharField(required=False, allow_blank=True)
    division = serializers.CharField(required=False, allow_blank=True)
    clause = serializers.CharField(required=False, allow_blank=True)
    date = serializers.DateField(required=False, allow_null=True, help_text="Left out: the month's last day.")
    document_no = serializers.CharField(required=False, allow_blank=True, max_length=MAX_DOCUMENT)
    note = serializers.CharField(required=False, allow_blank=True, max_length=MAX_NOTE)
    again = serializers.BooleanField(required=False, help_text="It happened again: ask for it beside its twin.")
    withdraw = serializers.IntegerField(required=False, allow_null=True, min_value=1, help_text="An event's number.")
    reason = serializers.CharField(
        required=False, allow_blank=True, max_length=MAX_NOTE, default="", help_text="For those who decide."
    )
    public_reason = serializers.ChoiceField(
        CHOICES, required=False, help_text="What rankings, points and the household read; left out: a neutral one."
    )


class AdjustmentAnswerSerializer(Shape):
    op_id = serializers.UUIDField()
    id = serializers.IntegerField()
    state = serializers.ChoiceField(ADJUSTMENT_STATES)


class GrantedSerializer(AdjustmentAnswerSerializer):
    event = serializers.IntegerField(help_text="The event that was written or withdrawn.")
    version = serializers.IntegerField(help_text="Version of the rankings kept after it; earlier ones stay readable.")


class GrantSerializer(Shape):
    op_id = serializers.UUIDField()


class RefuseSerializer(GrantSerializer):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=MAX_NOTE, default="")


@extend_schema(
    operation_id="adjustment_ask",
    summary="Ask for a correction of a frozen month",
    request=AdjustmentRequestSerializer,
    responses={201: AdjustmentAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.ASK_RESTATEMENT)
def ask(request: Request) -> HttpResponseBase:
    """Add an event under a clause, or withdraw one, in a month that is frozen. It waits for the county office."""
    given = sent(AdjustmentRequestSerializer, request)
    raw = {key: value for key, value in given.items() if value not in (None, "")}
    op_id, month = raw.pop("op_id"), raw.pop("month")
    _check_reach(caller(request), raw)
    answer = restating.ask(op_id=op_id, month=month, raw=raw, by=caller(request))
    return Response({"op_id": str(op_id), **answer}, status=201)


@extend_schema(
    operation_id="adjustment_grant",
    summary="Grant a correction and restate every level",
    request=GrantSerializer,
    responses={200: GrantedSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.GRANT_RESTATEMENT)
def grant(request: Request, adjustment: int) -> HttpResponseBase:
    """Scores, points and rankings of every level are restated; the earlier rankings stay readable.

    The token must be fresh: 403 `confirmation_required` when the password was given more than some minutes ago.
    """
    check_fresh_caller(request._request, caller(request), request.auth)
    given = _sent(GrantSerializer, request, adjustment)
    answer = restating.grant(adjustment=adjustment, by=caller(request), **given)
    return Response({"op_id": str(given["op_id"]), **answer})


@extend_schema(
    operation_id="adjustment_refuse",
    summary="Refuse a correction",
    request=RefuseSerializer,
    responses={200: AdjustmentAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.GRANT_RESTATEMENT)
def refuse(request: Request, adjustment: int) -> HttpResponseBase:
    """Nothing changes; the township reads the reason."""
    given = _sent(RefuseSerializer, request, adjustment)
    answer = restating.refuse(adjustment=adjustment, by=caller(request), **given)
    return Response({"op_id": str(given["op_id"]), **answer})


def _sent(shape: type[Shape], request: Request, adjustment: int) -> dict[str, Any]:
    """The body, for a request within the caller's reach."""
    if not Adjustment.objects.within(caller(request).scope).filter(pk=adjustment).exists():
        raise Http404
    return sent(shape, request)


def _check_reach(by: User, raw: dict[str, Any]) -> None:
    """404 for a place outside the caller's scope; what is no code is refused by the action."""
    for given in (raw.get("household"), raw.get("division")):
        try:
            if given and not by.scope.covers(parse(given)):
                raise Http404
        except CodeError:
            continue
