"""Batches over HTTP: another system writes many entries at once, all or none, and takes them back as one."""

from typing import Any

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, OnceSerializer, asked_number, errors, first_page, moment, sent
from households.endpoints import caller, endpoint
from households.models import Division
from households.permissions import Permission
from scoring.batches.actions import WantedBatch, record_many, rehearse, undo
from scoring.batches.reads import batches_of
from scoring.batches.rules import FileEntry
from scoring.batches.serializers import (
    BatchAnswerSerializer,
    BatchesSerializer,
    BatchUndoneSerializer,
    BatchWritingSerializer,
)
from scoring.models import BatchKind, EntryBatch
from scoring.months.months import begun
from scoring.sheets.ops import Status
from scoring.sheets.reads import place_in_reach


@extend_schema(
    methods=["GET"],
    operation_id="batches",
    summary="What was written at once in a village's month",
    parameters=[OpenApiParameter("until", int, description="Only those before this one.")],
    responses={200: BatchesSerializer, **errors(400, 401, 403, 404, 422)},
)
@extend_schema(
    methods=["POST"],
    operation_id="batch_write",
    summary="Write many entries at once",
    request=BatchWritingSerializer,
    responses={200: BatchAnswerSerializer, 201: BatchAnswerSerializer, **errors(*WRITING)},
)
@endpoint("GET", "POST", permission=Permission.RECORD_EVENT)
def batches(request: Request, month: str, village: str) -> HttpResponseBase:
    """The newest first; what is sent is written whole or refused whole (201), or only rehearsed (200)."""
    place = place_in_reach(caller(request), village, month)
    begun(month, place.village.code)
    if request.method == "POST":
        return _write(request, month, place.village)
    found = batches_of(caller(request), place.village, month)
    until = asked_number(request, "until")
    rows, more = first_page(found.filter(pk__lt=until) if until is not None else found)
    return Response(BatchesSerializer({"batches": list(map(_as_dict, rows)), "until": more}).data)


def _as_dict(one: EntryBatch) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": one.kind,
        "added": one.added,
        "withdrawn": one.withdrawn,
        "at": moment(one.at),
        "undone_at": moment(one.undone_at),
    }


def _write(request: Request, month: str, village: Division) -> HttpResponseBase:
    given, by = sent(BatchWritingSerializer, request), caller(request)
    entries = [
        FileEntry(
            one.get("household") or one["division"],
            one["date"],
            one["clause"],
            one.get("document_no", ""),
            one.get("note", ""),
        )
        for one in given["entries"]
    ]
    wanted = WantedBatch(given["op_id"], month, village, BatchKind.MANY, entries)
    answer: dict[str, Any] = {"op_id": str(wanted.op_id), "batch": None, "faults": []}
    if not given.get("rehearse"):
        return Response(answer | record_many(wanted, by=by), status=201)
    told = rehearse(wanted, by=by).added
    faults = [
        {"entry": at, "code": one.code, "detail": one.reason}
        for at, one in enumerate(told)
        if one.status is not Status.APPLIED
    ]
    return Response(answer | {"added": len(told) - len(faults), "faults": faults})


@extend_schema(
    operation_id="batch_undo",
    summary="Take a batch back as one",
    request=OnceSerializer,
    responses={200: BatchUndoneSerializer, **errors(*WRITING)},
)
@endpoint("POST", permission=Permission.RECORD_EVENT)
def batch_undo(request: Request, month: str, village: str, batch_no: int) -> HttpResponseBase:
    """While the sheet is open: what it added and still stands goes, what it took back is recorded again."""
    place = place_in_reach(caller(request), village, month)
    if not batches_of(caller(request), place.village, month).filter(pk=batch_no).exists():
        raise Http404
    given = sent(OnceSerializer, request)
    answer = undo(op_id=given["op_id"], batch=batch_no, by=caller(request))
    return Response({"op_id": str(given["op_id"]), **answer})
