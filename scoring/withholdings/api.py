"""Published words withheld, over HTTP: one person asks, another one grants or refuses."""

from typing import Any

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, OnceSerializer, Shape, errors, sent
from households.endpoints import caller, endpoint
from households.permissions import Permission
from scoring.models import LegalGround
from scoring.reasons import ALL_CHOICES
from scoring.states import WITHHOLDING_LABELS
from scoring.withholdings.actions import withholding as actions
from scoring.withholdings.reads import requests_of

STATES = [(state.value, words) for state, words in WITHHOLDING_LABELS.items()]


class WithholdingRequestSerializer(OnceSerializer):
    """Either the number of an entry of points or that of an archived ranking."""

    kind = serializers.ChoiceField([("entry", "积分明细"), ("ranking", "排名存档")])
    row = serializers.IntegerField(min_value=1, help_text="The number of the row whose words must go.")
    public_reason = serializers.ChoiceField(ALL_CHOICES, help_text="What everybody reads instead.")
    ground = serializers.ChoiceField(LegalGround.choices, help_text="The article of the law.")
    why = serializers.CharField(max_length=actions.MAX_WHY, help_text="For those who decide.")


class WithholdingAnswerSerializer(Shape):
    op_id = serializers.UUIDField()
    id = serializers.IntegerField()
    state = serializers.ChoiceField(STATES)


class WithholdingGrantSerializer(OnceSerializer):
    """The second key."""


class WithholdingRefusalSerializer(OnceSerializer):
    """The words stay."""

    reason = serializers.CharField(max_length=actions.MAX_WHY)


@extend_schema(
    operation_id="withholding_ask",
    summary="Ask that published words be withheld",
    request=WithholdingRequestSerializer,
    responses={201: WithholdingAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.ASK_WITHHOLDING)
def ask(request: Request) -> HttpResponseBase:
    """It waits for another person of the county office."""
    given = sent(WithholdingRequestSerializer, request)
    op_id = given["op_id"]
    answer = actions.ask(row_id=given.pop("row"), by=caller(request), **given)
    return Response({"op_id": str(op_id), **answer}, status=201)


@extend_schema(
    operation_id="withholding_grant",
    summary="Withhold the words for good",
    request=WithholdingGrantSerializer,
    responses={200: WithholdingAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.GRANT_RESTATEMENT)
def grant(request: Request, withholding: int) -> HttpResponseBase:
    """The words go; their digest stays, and words of a list stand in their place."""
    given = _sent(WithholdingGrantSerializer, request, withholding)
    answer = actions.grant(withholding=withholding, by=caller(request), **given)
    return Response({"op_id": str(given["op_id"]), **answer})


@extend_schema(
    operation_id="withholding_refuse",
    summary="Leave the words as they are",
    request=WithholdingRefusalSerializer,
    responses={200: WithholdingAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.GRANT_RESTATEMENT)
def refuse(request: Request, withholding: int) -> HttpResponseBase:
    """Nothing changes; who asked reads the reason."""
    given = _sent(WithholdingRefusalSerializer, request, withholding)
    answer = actions.refuse(withholding=withholding, by=caller(request), **given)
    return Response({"op_id": str(given["op_id"]), **answer})


def _sent(shape: type[Shape], request: Request, withholding: int) -> dict[str, Any]:
    """The body, for a request within the caller's reach."""
    if not requests_of(caller(request)).filter(pk=withholding).exists():
        raise Http404
    return sent(shape, request)
