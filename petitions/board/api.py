"""The county board over HTTP: the figures of the page."""

from datetime import date
from typing import Any

from django.http import HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import Shape, asked_day
from households.endpoints import caller, endpoint
from households.permissions import Permission
from households.refusals import Refused
from petitions import choices
from petitions.board.board import BoardLine, CountyBoard, view_for
from petitions.board.figures import COLUMNS, RATES, told
from petitions.board.periods import BoardPeriod, PeriodFault, between, year_to_date
from petitions.petition.serializers import errors


def _number(name: str, label: str) -> Any:
    if name in RATES:
        return serializers.FloatField(allow_null=True, help_text=f"{label}: 0 to 1, null without anything to count.")
    return serializers.IntegerField(allow_null=True, help_text=label)


_FIELDS: dict[str, Any] = {name: _number(name, label) for name, label in COLUMNS.items()}
FiguresSerializer: type[Shape] = type("PetitionFiguresSerializer", (Shape,), _FIELDS)


class BoardLineSerializer(Shape):
    """A line in the period and on the same days a year before. Of a unit with few ratings, those figures are null."""

    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField(allow_blank=True)
    now = FiguresSerializer()
    before = FiguresSerializer()


class BoardMonthSerializer(Shape):
    month = serializers.IntegerField(min_value=1, max_value=12)
    now = FiguresSerializer()
    before = FiguresSerializer()


class BoardPartSerializer(Shape):
    total = BoardLineSerializer()
    channels = BoardLineSerializer(many=True)
    kinds = BoardLineSerializer(many=True)
    months = BoardMonthSerializer(many=True)


class BoardSerializer(BoardPartSerializer):
    first = serializers.DateField()
    last = serializers.DateField()
    before_first = serializers.DateField()
    before_last = serializers.DateField()
    departments = BoardLineSerializer(many=True, help_text="Empty for those who see their own line alone.")
    townships = BoardLineSerializer(many=True, help_text="Empty for those who see their own line alone.")
    own = BoardPartSerializer(allow_null=True, help_text="What the caller's own department or township led.")


@extend_schema(
    operation_id="petition_board",
    summary="Petitions of a period in figures, beside the same days a year before",
    parameters=[
        OpenApiParameter("from", date, description="First day; New Year's Day when left out."),
        OpenApiParameter("to", date, description="Last day, not in the future; today when left out. At most a year."),
    ],
    responses={200: BoardSerializer, **errors(400, 401, 403, 422)},
)
@endpoint("GET", permission=Permission.SEE_PETITION_BOARD)
def board(request: Request) -> HttpResponseBase:
    """The same function gives page, files and this."""
    user = caller(request)
    view = view_for(user, _period(request), choices.county_of(user))
    period = view.board.period
    days = {"first": period.first, "last": period.last}
    days |= {"before_first": period.before.first, "before_last": period.before.last}
    units = {"departments": _lines(view.departments), "townships": _lines(view.townships)}
    return Response(days | _part(view.board) | units | {"own": _part(view.own) if view.own else None})


def _period(request: Request) -> BoardPeriod:
    today = timezone.localdate()
    usual = year_to_date(today)
    last = asked_day(request, "to") or usual.last
    first = asked_day(request, "from") or min(usual.first, last.replace(month=1, day=1))
    try:
        return between(first, last, today)
    except PeriodFault as fault:
        raise Refused("period", str(fault), fields={"from": str(fault)}) from fault


def _part(part: CountyBoard) -> dict[str, Any]:
    of_unit = part.total.of_unit
    months = [
        {"month": one.month, "now": told(one.now, of_unit=of_unit), "before": told(one.before, of_unit=of_unit)}
        for one in part.months
    ]
    lines = {"channels": _lines(part.channels), "kinds": _lines(part.kinds)}
    return {"total": _line(part.total), **lines, "months": months}


def _lines(lines: list[BoardLine]) -> list[dict[str, Any]]:
    return [_line(line) for line in lines]


def _line(line: BoardLine) -> dict[str, Any]:
    now, before = (told(figures, of_unit=line.of_unit) for figures in (line.now, line.before))
    return {"code": line.code, "name": line.name, "now": now, "before": before}
