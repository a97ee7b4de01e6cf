"""The county's calendar: how months run, from when on; and one village's month, with what can be done about it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import division_in_scope, holders_of, user_of
from households.codes import Level
from households.confirming.views import with_password
from households.fields import OnceForm
from households.models import Division
from households.months import month_of
from households.permissions import Permission
from households.refusals import Refused
from scoring.addresses import month_of_address
from scoring.freezing import FORCED
from scoring.months.due import recent_months
from scoring.months.months import calendar_of
from scoring.states import SheetState
from scoring.timetable import reads
from scoring.timetable.actions import calendars, forced
from scoring.timetable.forms import CalendarForm, DecideForceForm, ForceForm, LongerForm, as_sent

LONGEST_WORDS = 30
keepers = holders_of(Permission.SET_CALENDAR)


@keepers
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """The next months as they will run, what was set, the form for another calendar; `?q=` finds a village's months."""
    month = month_of(timezone.localdate())
    user, words = user_of(request), request.GET.get("q", "").strip()[:LONGEST_WORDS]
    now = as_sent(calendar_of(month, calendars.county_of_user(user)))
    found = reads.villages_like(words, user, timezone.localdate()) if words else []
    form = CalendarForm(initial={"op_id": uuid4(), "from_month": month, **now})
    return _show(request, form, words=words, villages=found, recent=recent_months(timezone.localdate()))


@keepers
@require_POST
def preview_calendar(request: HttpRequest) -> HttpResponse:
    """The next months as they would run; nothing is written."""
    form = CalendarForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    days = {name: value for name, value in form.cleaned_data.items() if name != "op_id"}
    user = user_of(request)
    try:
        version = calendars.version_for(county=calendars.county_of_user(user), by=user, **days)
    except Refused as refusal:
        return _refused(request, form, refusal)
    return _show(request, form, months=reads.months_ahead(version.county, version), preview=True)


@keepers
@with_password
@require_POST
def set_calendar(request: HttpRequest) -> HttpResponse:
    """Set it."""
    form, user = CalendarForm(request.POST), user_of(request)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        calendars.set_calendar(county=calendars.county_of_user(user), by=user, **form.cleaned_data)
    except Refused as refusal:
        return _refused(request, form, refusal)
    messages.success(request, "日历已改。以前的月份仍按原来的日子走完。")
    return redirect("calendar")


def _refused(request: HttpRequest, form: CalendarForm, refusal: Refused) -> HttpResponse:
    field = next((name for name in refusal.fields if name in form.fields), None)
    form.add_error(field, refusal.sentence)
    return _show(request, form, status=refusal.status)


def _show(request: HttpRequest, form: CalendarForm, *, status: int = 200, **more: Any) -> HttpResponse:
    county = calendars.county_of_user(user_of(request))
    context = {"form": form, "versions": reads.versions_of(county), "preview": False}
    months = {} if "months" in more else {"months": reads.months_ahead(county)}
    return render(request, "scoring/timetable/calendar.html", context | months | more, status=status)


@keepers
@require_safe
def village_month(request: HttpRequest, month: str, village: str) -> HttpResponse:
    """Where a village stands in a month, and what the county can do about it."""
    return _show_village(request, month_of_address(month), _village(request, village))


@keepers
@require_POST
def extend(request: HttpRequest, month: str, village: str) -> HttpResponse:
    """Let it declare until a later day."""
    return _act(request, month, village, LongerForm(request.POST), "已经延期，村里的台账上会写明。")


@keepers
@with_password
@require_POST
def ask_force(request: HttpRequest, month: str, village: str) -> HttpResponse:
    """Ask that it be frozen before its time."""
    return _act(request, month, village, ForceForm(request.POST), "已经申请，等县六零办另一个人决定。")


@keepers
@with_password
@require_POST
def decide_force(request: HttpRequest, month: str, village: str) -> HttpResponse:
    """The second key."""
    return _act(request, month, village, DecideForceForm(request.POST), "已经决定。")


def _act(request: HttpRequest, month: str, village: str, form: OnceForm, told: str) -> HttpResponse:
    """Do what the form says: on with `told`, or the page again with what stands against it."""
    month, place = month_of_address(month), _village(request, village)
    if not form.is_valid():
        refusal = Refused("form", "没有填完整，没有生效。", hint="请按提示补全。", status=422)
        return _show_village(request, month, place, form, refusal)
    try:
        _carry_out(request, month, place, form)
    except Refused as refusal:
        for name in refusal.fields.keys() & form.fields.keys():
            form.add_error(name, refusal.fields[name])
        return _show_village(request, month, place, form, refusal)
    messages.success(request, told)
    return redirect("village-month", month, place.code)


def _carry_out(request: HttpRequest, month: str, place: Division, form: OnceForm) -> None:
    given, by = dict(form.cleaned_data), user_of(request)
    if isinstance(form, LongerForm):
        calendars.extend(month=month, village=place, by=by, **given)
    elif isinstance(form, ForceForm):
        forced.ask(month=month, village=place, by=by, **given)
    else:
        forced.decide(grant=given.pop("decision") == "grant", by=by, **given)


def _village(request: HttpRequest, code: str) -> Division:
    return division_in_scope(user_of(request), code, Level.VILLAGE)


def _show_village(
    request: HttpRequest, month: str, place: Division, sent: OnceForm | None = None, refusal: Refused | None = None
) -> HttpResponse:
    found, user = reads.village_month(month, place), user_of(request)
    context = {
        "month": month,
        "found": found,
        "refusal": refusal,
        "extending": found.state is SheetState.OPEN,
        "forcing": found.state in FORCED and not any(one.is_waiting for one in found.forced),
        "extend": sent if isinstance(sent, LongerForm) else LongerForm(initial={"op_id": uuid4()}),
        "force": sent if isinstance(sent, ForceForm) else ForceForm(initial={"op_id": uuid4()}),
        "deciding": [
            (one, one.asked_by_id == user.pk, sent if isinstance(sent, DecideForceForm) else _decide_form(one.pk))
            for one in found.forced
        ],
    }
    return render(request, "scoring/timetable/village.html", context, status=refusal.status if refusal else 200)


def _decide_form(forced: int) -> DecideForceForm:
    return DecideForceForm(initial={"op_id": uuid4(), "forced": forced})
