"""Rankings over HTTP: the rows of the page, with the time they are of."""

from datetime import datetime
from typing import Any, cast

from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import Shape, errors
from households.endpoints import endpoint
from households.models import User
from households.permissions import Permission
from scoring.addresses import month_of_address
from scoring.rankings import boards
from scoring.rankings.boards import BoardRow
from scoring.rankings.departments import DepartmentRow, department_board
from scoring.readers import Reader

PROVISIONAL, FINAL = "provisional", "final"
# Named in settings.SPECTACULAR_SETTINGS: sheets and events have a "state" too.
RANKING_STATES = [(PROVISIONAL, "暂定"), (FINAL, "已评齐")]


class _LineSerializer(Shape):
    code = serializers.CharField()
    name = serializers.CharField()
    total = serializers.IntegerField(help_text="Sum of points; for a department weighted.")
    result = serializers.CharField(
        allow_blank=True, help_text="total / households with two decimals; empty when none is scored."
    )
    rank = serializers.IntegerField(allow_null=True, help_text="Ties share a rank (1, 2, 2, 4).")
    previous_rank = serializers.IntegerField(allow_null=True)
    state = serializers.ChoiceField(RANKING_STATES)
    as_of = serializers.DateTimeField()


class RankingLineSerializer(_LineSerializer):
    households = serializers.IntegerField(min_value=0, help_text="Scored households.")
    coverage = serializers.CharField(
        help_text="Scored / active with four decimals, cut off: 1.0000 means every household."
    )
    six_zero_households = serializers.IntegerField(min_value=0)


class DepartmentLineSerializer(_LineSerializer):
    households = serializers.IntegerField(min_value=0, help_text="Weighted.")


@extend_schema(
    operation_id="ranking",
    summary="The ranking of a level in a month",
    parameters=[
        OpenApiParameter("month", str, OpenApiParameter.PATH, description="YYYY-MM"),
        OpenApiParameter("level", str, OpenApiParameter.PATH, enum=["group", "village", "township", "county"]),
        OpenApiParameter(
            "within", str, description="Code of a division: only its subtree competes. The caller's county by default."
        ),
    ],
    responses={200: RankingLineSerializer(many=True), **errors(401, 403, 404)},
)
@endpoint("GET", permission=Permission.SEE_RANKINGS)
def ranking(request: Request, month: str, level: str) -> HttpResponseBase:
    """Divisions beside each other, best first; those with unscored households come last, without a rank."""
    month, ranked = month_of_address(month), boards.ranked_level(level)
    reader = caller(request)
    within = boards.place_of(reader, ranked, request.query_params.get("within", ""))
    board = boards.board(reader, month, ranked, within)
    return Response([_line(row) for row in board.rows])


def _line(row: BoardRow) -> dict[str, Any]:
    return {**row.agreed(), "state": _state(row.rank is not None), "as_of": moment(row.as_of)}


@extend_schema(
    operation_id="department_ranking",
    summary="The ranking of departments in a month",
    parameters=[OpenApiParameter("month", str, OpenApiParameter.PATH, description="YYYY-MM")],
    responses={200: DepartmentLineSerializer(many=True), **errors(401, 403, 404)},
)
@endpoint("GET", permission=Permission.SEE_RANKINGS)
def department_ranking(request: Request, month: str) -> HttpResponseBase:
    """Departments beside each other, best first; provisional while a linked division has unscored households."""
    board = department_board(month_of_address(month), caller(request))
    return Response([_department_line(row) for row in board.rows])


def _department_line(row: DepartmentRow) -> dict[str, Any]:
    return row.agreed() | {"state": _state(row.is_final), "as_of": moment(row.line.as_of)}


def _state(is_final: bool) -> str:
    return FINAL if is_final else PROVISIONAL


def caller(request: Request) -> Reader:
    """The account behind the token; the endpoint has turned everybody else away."""
    return Reader(cast(User, request.user))


def moment(at: datetime | None) -> str | None:
    """ISO 8601 with its offset."""
    return at.isoformat() if at else None
