"""The calendar of receptions, and planning one."""

from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from households.audience import holders_of, user_of
from households.months import Month, month_of, next_month, previous_month
from households.permissions import Permission, may
from households.refusals import Refused
from households.roles import Role
from petitions import choices
from petitions.promises import reads as promises
from petitions.reception_states import ReceptionState
from petitions.receptions import calendar
from petitions.receptions.actions import planning
from petitions.receptions.forms import ReceptionPlanForm

PROMISES_SHOWN = 5


@holders_of(Permission.SEE_PETITIONS)
@require_safe
def reception_calendar(request: HttpRequest) -> HttpResponse:
    """This month and the next (or those asked for): Enterprise Day, the quiet week, who receives where, what is owed."""
    user, today = user_of(request), timezone.localdate()
    month = _month(request.GET.get("month", ""), today)
    planned = calendar.planned_for(user, month)
    overdue = promises.owed_by(user).overdue(today)
    blind = user.role == Role.COUNTY_OFFICE
    shown = [] if blind else list(overdue.told()[:PROMISES_SHOWN])
    context = {
        "months": calendar.months_of(month, planned, today),
        "townships": [] if user.role == Role.CADRE else calendar.by_township(user, planned, today),
        "preparing": [one for one in planned if one.reception.day >= today and _is_planned(one)],
        "unfinished": [one for one in planned if one.reception.status is ReceptionState.HELD],
        "overdue": overdue.count() if blind or len(shown) == PROMISES_SHOWN else len(shown),
        "promises": [(one, one.days_late(today)) for one in shown],
        "blind": blind,
        "may_plan": may(user, Permission.RUN_RECEPTIONS),
        "previous": previous_month(month),
        "following": next_month(month),
        "current": month == month_of(today),
    }
    return render(request, "petitions/receptions/calendar.html", context)


def _is_planned(one: calendar.Planned) -> bool:
    return one.reception.status is ReceptionState.PLANNED


def _month(text: str, today: date) -> Month:
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        return month_of(today)
    return month_of(asked) if 2000 <= asked.year <= 2100 else month_of(today)


@holders_of(Permission.RUN_RECEPTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def reception_plan(request: HttpRequest) -> HttpResponse:
    """Plan a reception; `?kind=` and `?day=` fill the form in."""
    user, today = user_of(request), timezone.localdate()
    wanted = {name: request.GET[name] for name in ("kind", "day", "place") if request.GET.get(name)}
    places, units = choices.places_for(user, today), choices.units(choices.county_of(user), today)
    form = ReceptionPlanForm(places, units, request.POST or None, initial={"op_id": uuid4()} | wanted)
    if request.method != "POST" or not form.is_valid():
        return render(request, "petitions/receptions/plan.html", {"form": form}, status=422 if form.errors else 200)
    try:
        reception = planning.plan(op_id=form.cleaned_data["op_id"], plan=form.plan(), by=user)
    except Refused as refusal:
        context = {"form": form, "refusal": refusal}
        return render(request, "petitions/receptions/plan.html", context, status=refusal.status)
    messages.success(request, "接访已排定，可以往里排信访件了。")
    return redirect("reception", reception.pk)


urlpatterns: list[URLPattern] = [
    path("petitions/days/", reception_calendar, name="days"),
    path("petitions/days/new/", reception_plan, name="day-plan"),
]
