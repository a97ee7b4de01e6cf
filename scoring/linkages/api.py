"""Linkages over HTTP: which department answers for which place, and changing it from a month on."""

from typing import Any

from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import WRITING, errors, sent
from households.audience import division_in_scope
from households.endpoints import caller, endpoint
from households.models import Department, Linkage
from households.permissions import Permission, may
from households.refusals import Refused
from scoring.linkages.actions import WantedLinkage, set_linkage
from scoring.linkages.serializers import AskLinkageSerializer, LinkageSerializer, LinkagesSerializer


@extend_schema(
    methods=["GET"],
    operation_id="linkages",
    summary="Which department answers for which place, now and before",
    parameters=[OpenApiParameter("department", str, description="Of one department alone.")],
    responses={200: LinkagesSerializer, **errors(401, 403)},
)
@extend_schema(
    methods=["POST"],
    operation_id="set_linkage",
    summary="Link, change or end from a month on",
    request=AskLinkageSerializer,
    responses={201: LinkageSerializer, **errors(*WRITING)},
)
@endpoint("GET", "POST", permission=Permission.SEE_RANKINGS)
def linkages(request: Request) -> HttpResponseBase:
    """Months that are frozen or signed for are never changed."""
    if request.method == "POST":
        return _set(request)
    rows = Linkage.objects.order_by("department", "division", "from_month")
    wanted = request.query_params.get("department", "").replace("\0", "")
    return Response({"linkages": [_item(row) for row in (rows.filter(department=wanted) if wanted else rows)]})


def _set(request: Request) -> HttpResponseBase:
    user, asked = caller(request), sent(AskLinkageSerializer, request)
    if not may(user, Permission.MANAGE_LINKAGES):
        raise Refused("not_yours", "您不能改联村关系。", status=403)
    division = division_in_scope(user, asked["division"])
    department = Department.objects.filter(code=asked["department"]).first()
    if department is None:
        raise Http404
    months = {"from_month": asked["from"], "to_month": asked["to"]}
    wanted = WantedLinkage(department, division, asked["weight"], leader=asked["leader"], **months)
    made = set_linkage(op_id=asked["op_id"], wanted=wanted, by=user)
    return Response(_item(made), status=status.HTTP_201_CREATED)


def _item(row: Linkage) -> dict[str, Any]:
    return {
        "department": row.department_id,
        "division": row.division_id,
        "weight": row.weight,
        "leader": row.leader,
        "from": row.from_month,
        "to": row.to_month,
    }
