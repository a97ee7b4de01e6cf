"""The county board of petitions: figures of a period beside the same days a year before, on the page and as files."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.audience import holders_of, user_of
from households.months import label, month_of, shift
from households.permissions import Permission, may
from households.refusals import Refused
from petitions import choices
from petitions.board import cells as board_cells
from petitions.board import rating_flags
from petitions.board.board import View, view_for
from petitions.board.files import DEFINITIONS, board_file
from petitions.board.periods import BoardPeriod, PeriodFault, named
from petitions.models import NumberSeries

MONTHS = 24  # that can be chosen


@holders_of(Permission.SEE_PETITION_BOARD)
@require_safe
def petition_board(request: HttpRequest) -> HttpResponse:
    """Everybody reads the county's figures; the two offices every unit's, a department or township its own."""
    user, today = user_of(request), timezone.localdate()
    county = choices.county_of(user)
    view = view_for(user, _period(request), county)
    form = request.GET.get("format", "")
    if form:
        return board_file(view, form)
    context = _context(view) | {
        "asked": request.GET.get("period", ""),
        "months": _months(today, request.GET.get("period", "")),
        "years": _years(county, today),
        "definitions": DEFINITIONS,
        "sees_flags": may(user, Permission.ROUTE_PETITIONS),
    }
    return render(request, "petitions/board/page.html", context)


@holders_of(Permission.ROUTE_PETITIONS)
@require_safe
def petition_rating_flags(request: HttpRequest) -> HttpResponse:
    """Ratings that look as if those who are rated had a hand in them, with the petitions behind each suspicion."""
    period = _period(request)
    flags = rating_flags.raised(user_of(request), period)
    context = {"period": period, "asked": request.GET.get("period", ""), "flags": flags, "rules": rating_flags.WORDS}
    return render(request, "petitions/board/rating_flags.html", context)


def _period(request: HttpRequest) -> BoardPeriod:
    try:
        return named(request.GET.get("period", ""), timezone.localdate())
    except PeriodFault as fault:
        raise Refused("period", str(fault), hint="请重新选时间。", status=404) from fault


def _context(view: View) -> dict[str, Any]:
    board, own = view.board, view.own
    tables = [
        board_cells.table("全县和三条直通车", "渠道", [replace(board.total, name="全县"), *board.channels]),
        board_cells.table("初访、重访、积案", "类别", board.kinds),
    ]
    if view.all_units:
        given: dict[str, Any] = {"of_unit": True, "empty": "这两期还没有由它们答复或到期的件。"}
        tables.append(board_cells.table("县直部门", "部门", view.departments, **given))
        tables.append(board_cells.table("乡镇", "乡镇", view.townships, **given))
    return {
        "view": view,
        "period": board.period,
        "headlines": board_cells.headlines(board.total),
        "by_month": board_cells.month_table(board),
        "chart": board_cells.chart(board),
        "tables": tables,
        "own": own,
        "own_headlines": board_cells.headlines(own.total) if own else [],
        "own_tables": [
            board_cells.table("本单位和三条直通车", "渠道", [own.total, *own.channels], of_unit=True),
            board_cells.month_table(own),
        ]
        if own
        else [],
    }


def _years(county: str, today: date) -> list[str]:
    """The years with petitions, the latest first; this one always."""
    filed = NumberSeries.objects.filter(county=county).values_list("year", flat=True)
    return [str(year) for year in sorted({*filed, today.year}, reverse=True)]


def _months(today: date, asked: str) -> list[tuple[str, str]]:
    """The months that can be chosen, the latest first, as value and name; an earlier one that was `asked` for last."""
    months = [shift(month_of(today), -back) for back in range(MONTHS)]
    if "-" in asked and asked < months[-1]:
        months.append(asked)
    return [(month, label(month)) for month in months]


urlpatterns: list[URLPattern] = [
    path("petitions/board/", petition_board, name="petition-board"),
    path("petitions/board/ratings/", petition_rating_flags, name="petition-rating-flags"),
]
