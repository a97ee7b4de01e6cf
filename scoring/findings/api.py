"""Findings over HTTP: a department's system files them and asks what became of them."""

from typing import Any

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, asked_number, errors, first_page, moment, sent
from households.endpoints import caller, endpoint
from households.permissions import Permission, may
from scoring.findings.actions import filing
from scoring.findings.reads import FindingLine, findings_of, lines_of
from scoring.findings.serializers import (
    FindingAnswerSerializer,
    FindingFilingSerializer,
    FindingsSerializer,
    FindingWordsSerializer,
)


@extend_schema(
    methods=["GET"],
    operation_id="findings",
    summary="Findings and what became of them",
    parameters=[OpenApiParameter("until", int, description="Only those before this one.")],
    responses={200: FindingsSerializer, **errors(400, 401, 403)},
)
@extend_schema(
    methods=["POST"],
    operation_id="finding_file",
    summary="File a finding",
    request=FindingFilingSerializer,
    responses={201: FindingAnswerSerializer, **errors(*WRITING)},
)
@endpoint("GET", "POST", permission=Permission.SEE_FINDINGS)
def findings(request: Request) -> HttpResponseBase:
    """The newest first: a department's own, of everybody else those of their place."""
    return _file(request) if request.method == "POST" else _listed(request)


def _listed(request: Request) -> HttpResponseBase:
    by = caller(request)
    found = findings_of(by).order_by("-pk")
    until = asked_number(request, "until")
    if until is not None:
        found = found.filter(pk__lt=until)
    rows, more = first_page(found)
    return Response(FindingsSerializer({"findings": list(map(_as_dict, lines_of(rows, by))), "until": more}).data)


def _as_dict(line: FindingLine) -> dict[str, Any]:
    one = line.finding
    return {
        "id": one.pk,
        "month": one.period_id,
        "code": one.code,
        "department": one.department_id,
        "clause": one.clause.code,
        "date": one.date,
        "document_no": one.document_no,
        "note": one.note,
        "state": line.state.value,
        "outcome": line.state_words,
        "event": one.event_id,
        "adjustment": one.adjustment_id,
        "filed_at": moment(one.filed_at),
    }


def _file(request: Request) -> HttpResponseBase:
    by = caller(request)
    if not may(by, Permission.FILE_FINDING):
        raise PermissionDenied
    given = sent(FindingFilingSerializer, request)
    op_id = given.pop("op_id")
    answer = filing.file(op_id=op_id, raw={**given, "date": given["date"].isoformat()}, by=by)
    return Response({"op_id": str(op_id), **answer}, status=201)


@extend_schema(
    operation_id="finding_withdraw",
    summary="Take a finding back",
    request=FindingWordsSerializer,
    responses={200: FindingAnswerSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.FILE_FINDING)
def withdraw(request: Request, finding: int) -> HttpResponseBase:
    """By its department, with its entry while the sheet is open."""
    if not findings_of(caller(request)).filter(pk=finding).exists():
        raise Http404
    given = sent(FindingWordsSerializer, request)
    answer = filing.withdraw(op_id=given["op_id"], finding=finding, reason=given["reason"], by=caller(request))
    return Response({"op_id": str(given["op_id"]), **answer})
