"""Objections over HTTP: a supervisor's, a department's against its own finding, a household's paper; rulings; what became of them."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, asked_choice, asked_number, errors, first_page, moment, sent
from households.endpoints import caller, endpoint
from households.files.photos import made_anew
from households.models import User
from households.permissions import Permission, may
from households.refusals import Refused
from scoring.models import Objection, ScoreEvent
from scoring.objections.actions.filing import ObjectionFiling, file_by_staff
from scoring.objections.actions.ruling import Ruling, rule
from scoring.objections.reads import objections_of, outcomes_of
from scoring.objections.serializers import (
    OBJECTION_STATES,
    ObjectionAnswerSerializer,
    ObjectionFilingSerializer,
    ObjectionPaperSerializer,
    ObjectionsSerializer,
    RulingAnswerSerializer,
    RulingSerializer,
)


@extend_schema(
    methods=["GET"],
    operation_id="objections",
    summary="Objections of the caller's scope",
    parameters=[
        OpenApiParameter("state", str, enum=[state for state, _ in OBJECTION_STATES]),
        OpenApiParameter("until", int, description="Only those before this one."),
    ],
    responses={200: ObjectionsSerializer, **errors(400, 401, 403)},
)
@extend_schema(
    methods=["POST"],
    operation_id="objection_file",
    summary="Object to a posted month",
    request=ObjectionFilingSerializer,
    responses={201: ObjectionAnswerSerializer, **errors(*WRITING)},
)
@endpoint("GET", "POST", permission=Permission.SEE_OBJECTIONS)
def objections(request: Request) -> HttpResponseBase:
    """The newest first; a department reads those against its own findings."""
    return _file(request) if request.method == "POST" else _listed(request)


def _listed(request: Request) -> HttpResponseBase:
    found = objections_of(caller(request)).order_by("-pk")
    state = asked_choice(request, "state", OBJECTION_STATES, "没有这个状态。")
    until = asked_number(request, "until")
    if state:
        found = found.filter(state=state)
    if until is not None:
        found = found.filter(pk__lt=until)
    rows, more = first_page(found)
    return Response(
        ObjectionsSerializer({"objections": list(map(_as_dict, rows, outcomes_of(rows))), "until": more}).data
    )


def _as_dict(one: Objection, outcome: str) -> dict[str, Any]:
    reasons = [step.get_public_reason_display() for step in one.steps.all() if step.public_reason]
    return {
        "id": one.pk,
        "number": one.number,
        "month": one.period_id,
        "code": one.code,
        "event": one.event_id,
        "way": one.way,
        "state": one.state,
        "outcome": outcome,
        "public_reason": reasons[-1] if reasons else "",
        "filed_at": moment(one.filed_at),
        "due_on": one.due_on,
    }


def _file(request: Request) -> HttpResponseBase:
    by = caller(request)
    if not may(by, Permission.FILE_OBJECTION):
        raise PermissionDenied
    given = sent(ObjectionFilingSerializer, request)
    answer = file_by_staff(op_id=given["op_id"], filing=_filing(given, by), by=by)
    return Response({"op_id": str(given["op_id"]), **answer}, status=201)


@extend_schema(
    operation_id="objection_paper",
    summary="Key in what a household objects to on paper",
    request={"multipart/form-data": ObjectionPaperSerializer},
    responses={201: ObjectionAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.FILE_OBJECTION, files=True)
def paper(request: Request) -> HttpResponseBase:
    """By the village's cadre or supervisor or the township, who hear it no more; a photo of the paper goes with it."""
    by = caller(request)
    given = sent(ObjectionPaperSerializer, request)
    filing = replace(_filing(given, by), paper=True)
    answer = file_by_staff(op_id=given["op_id"], filing=filing, by=by, photo=made_anew(given["photo"]))
    return Response({"op_id": str(given["op_id"]), **answer}, status=201)


def _filing(given: dict[str, Any], by: User) -> ObjectionFiling:
    """The month and place are the event's own; without an event they are named."""
    if given.get("event"):
        event = ScoreEvent.objects.within(by.scope).filter(pk=given["event"]).first()
        if event is None:
            raise Refused("event_unknown", "没有这一条记录，或者不在您的辖区。", status=404)
        return ObjectionFiling(month=event.period_id, code=event.code, text=given["text"], event=event.pk)
    month, code = given.get("month", ""), given.get("household", "")
    if not month or not by.scope.covers(code):
        fault = "请写明是哪一条记录，或者哪个月、哪一户漏记了。"
        raise Refused("about_missing", fault, fields={"event": "必填"})
    return ObjectionFiling(month=month, code=code, text=given["text"])


@extend_schema(
    operation_id="objection_rule",
    summary="Rule on an objection",
    request=RulingSerializer,
    responses={200: RulingAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.HEAR_OBJECTION)
def ruling(request: Request, objection: int) -> HttpResponseBase:
    """Never by whoever recorded or confirmed the event, or is kin; of two at the same moment the second gets 409."""
    by = caller(request)
    if not objections_of(by).filter(pk=objection).exists():
        raise Http404
    given = sent(RulingSerializer, request)
    wanted = Ruling(
        upheld=given["upheld"],
        words=given["reason"],
        public_reason=given.get("public_reason", ""),
        clause=given.get("clause", ""),
        day=given.get("date"),
        document_no=given.get("document_no", ""),
        again=given.get("again", False),
    )
    answer = rule(op_id=given["op_id"], objection=objection, ruling=wanted, by=by)
    return Response({"op_id": str(given["op_id"]), **answer})
