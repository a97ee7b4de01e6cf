"""Departments: their ranking, and each one's figure as a weighted sum."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from households.audience import holders_of, user_of
from households.permissions import Permission
from scoring.addresses import month_of_address
from scoring.rankings import boards
from scoring.rankings.departments import department_board
from scoring.rankings.departments import department_why as explain
from scoring.rankings.files_departments import department_file
from scoring.readers import Reader


@holders_of(Permission.SEE_RANKINGS)
@require_safe
def department_rankings_now(request: HttpRequest) -> HttpResponse:
    """The departments in the newest month that is final."""
    return redirect("department-rankings", boards.newest_month(Reader(user_of(request))))


@holders_of(Permission.SEE_RANKINGS)
@require_safe
def department_rankings(request: HttpRequest, month: str) -> HttpResponse:
    """All departments of a month, best first, each with the divisions it answers for."""
    month = month_of_address(month)
    words = request.GET.get("q", "").strip()[:30]
    board = department_board(month, Reader(user_of(request)), words=words)
    form = request.GET.get("format", "")
    if form:
        return department_file(board, form)
    context = {"board": board, "month": month, "months": boards.months()}
    return render(request, "scoring/rankings/departments.html", context)


@holders_of(Permission.SEE_RANKINGS, neighbours=True)  # departments compete: each sees what others' results are made of
@require_safe
def department_why(request: HttpRequest, department: str, month: str) -> HttpResponse:
    """Weight times total of each linked division, added up."""
    month = month_of_address(month)
    explained = explain(month, department, Reader(user_of(request)))
    context = {"why": explained, "month": month, "months": boards.months()}
    return render(request, "scoring/rankings/department_why.html", context)
