"""Accounts of points over HTTP: the figures and movements of the page."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import Shape, errors
from households.codes import CodeError, level_of
from households.endpoints import caller, endpoint
from households.models import User
from households.permissions import Permission
from scoring.ledger import door as ledger
from scoring.models import EntryKind, PointEntry
from scoring.points import reads as point_accounts
from scoring.points.owners import Holder, department_of_address, holder_of_address

PER_PAGE = 100


class LotSerializer(Shape):
    year = serializers.IntegerField(help_text="The year in which the points count as earned.")
    points = serializers.IntegerField(min_value=1)
    until = serializers.DateField(help_text="The last day on which they are good.")


class PointEntrySerializer(Shape):
    seq = serializers.IntegerField(min_value=1, help_text="Number in the chain of the village.")
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(EntryKind.choices)
    text = serializers.CharField(help_text="Why, as the household reads it.")
    month = serializers.CharField(allow_blank=True, help_text="YYYY-MM of the score behind it; empty without one.")
    amount = serializers.IntegerField(help_text="Added to the balance; signed.")
    held = serializers.IntegerField(help_text="Added to what is held; signed.")
    owed = serializers.IntegerField(help_text="Added to what is owed; signed.")
    balance = serializers.IntegerField(min_value=0, help_text="The balance after it.")


class AccountSerializer(Shape):
    code = serializers.CharField()
    name = serializers.CharField(help_text="Heads of households are masked unless the caller is their cadre or leader.")
    balance = serializers.IntegerField(min_value=0)
    held = serializers.IntegerField(min_value=0, help_text="Reserved, part of the balance.")
    pending = serializers.IntegerField(min_value=0, help_text="Of months whose day of redemption has not come.")
    free = serializers.IntegerField(min_value=0, help_text="balance - held - pending: what can be spent today.")
    owed = serializers.IntegerField(min_value=0, help_text="To be taken from what comes in.")
    lots = LotSerializer(many=True)
    entries = PointEntrySerializer(many=True, help_text="The newest first.")
    page = serializers.IntegerField(min_value=1)
    pages = serializers.IntegerField(min_value=1)
    count = serializers.IntegerField(min_value=0, help_text="Entries on all pages.")


@extend_schema(
    operation_id="account",
    summary="Points of a household, division or department",
    parameters=[
        OpenApiParameter(
            "code",
            str,
            OpenApiParameter.PATH,
            description="6, 9, 12, 14 or 18 digits; a department's code otherwise",
        ),
        OpenApiParameter("page", int, description="From 1; beyond the last page the last one is given."),
    ],
    responses={200: AccountSerializer, **errors(401, 403, 404)},
)
@endpoint("GET", permission=Permission.SEE_POINTS)
def account(request: Request, code: str) -> HttpResponseBase:
    """What an owner has, until when it is good, and every movement."""
    holder = _holder(caller(request), code)
    points = ledger.state_of(holder.owner)
    page = Paginator(point_accounts.entries_of(holder.owner), PER_PAGE).get_page(request.query_params.get("page"))
    answer = {
        "code": holder.code,
        "name": holder.name,
        "balance": points.balance,
        "held": points.held,
        "pending": points.pending,
        "free": points.free,
        "owed": points.owed,
        "lots": [_lot(lot) for lot in point_accounts.lots_of(holder.owner)],
        "entries": [_entry(entry) for entry in page],
        "page": page.number,
        "pages": page.paginator.num_pages,
        "count": page.paginator.count,
    }
    return Response(answer)


def _holder(user: User, code: str) -> Holder:
    try:
        level_of(code)
    except CodeError:
        return department_of_address(user, code)
    return holder_of_address(user, code)


def _lot(lot: point_accounts.Lot) -> dict[str, Any]:
    return {"year": lot.year, "points": lot.points, "until": lot.until.isoformat()}


def _entry(entry: PointEntry) -> dict[str, Any]:
    shown = {name: getattr(entry, name) for name in ("seq", "kind", "month", "amount", "held", "owed")}
    return shown | {"text": entry.shown_text, "at": entry.at.isoformat(), "balance": entry.after}  # type: ignore[attr-defined]
