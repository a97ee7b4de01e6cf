"""The cockpit: every village's light in a month, who holds it, and one thing to do about each."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import division_in_scope, holders_of, user_of
from households.codes import Level
from households.fields import OnceForm
from households.months import Month
from households.permissions import Permission, may
from households.refusals import Refused
from scoring.addresses import month_of_address
from scoring.cockpit.actions import remind as remind_village
from scoring.cockpit.reads import cockpit as cockpit_of
from scoring.cockpit.reads import name_cadres
from scoring.cockpit.rules import Act, Light, MonthLamp
from scoring.models import Period
from scoring.months.due import month_of_review

minders = holders_of(Permission.REMIND)
_PAGES = ("remind", "village-month", "review-sheet")
_WHOM = {"village": "村里", "township": "乡镇", "county": "县六零办"}
LATE_FIRST = 12  # of those who are late, told with whom to call; the rest on request


@minders
@require_safe
def cockpit_due(request: HttpRequest) -> HttpResponse:
    """The month that is due."""
    return redirect("cockpit", month_of_review(user_of(request).scope, timezone.localdate()))


@minders
@require_safe
def cockpit(request: HttpRequest, month: str) -> HttpResponse:
    """Who is late first, then the villages by township. A township sees its own."""
    month, user = month_of_address(month), user_of(request)
    place = next(iter(user.scope.prefixes))
    extends = may(user, Permission.SET_CALENDAR)
    found = cockpit_of(month, place, timezone.localdate(), extends=extends)
    late = found.late
    told = late if request.GET.get("late") == "all" else late[:LATE_FIRST]
    name_cadres(told)
    _lead(found.lights, month)
    months = sorted({*Period.objects.values_list("month", flat=True), month})
    context = {
        "month": month,
        "months": months,
        "cockpit": found,
        "late": told,
        "late_more": len(late) - len(told),
        "extends": extends,
        "whole": len(found.townships) > 1,
    }
    return render(request, "scoring/cockpit/page.html", context)


def _lead(lights: Iterable[Light], month: Month) -> None:
    """Where the act of each leads. An address is made once and then written for each: there are hundreds."""
    name = "0" * Level.VILLAGE.code_length
    remind_at, extend_at, review_at = (reverse(page, args=[month, name]) for page in _PAGES)
    sheet_at = f"{reverse('sheet', args=[month])}?village={name}"
    objections_at = f"{reverse('objections')}?village={name}"
    for one in lights:
        opened = objections_at if one.lamp is MonthLamp.OBJECTED else sheet_at if one.at_village else review_at
        leads = {Act.REMIND: remind_at, Act.EXTEND: extend_at, Act.OPEN: opened}
        one.address = leads[one.act].replace(name, one.code)


@minders
@require_POST
def remind(request: HttpRequest, month: str, village: str) -> HttpResponse:
    """Remind whoever holds the village's month; back to its township."""
    month, user, form = month_of_address(month), user_of(request), OnceForm(request.POST)
    place = division_in_scope(user, village, Level.VILLAGE)
    if not form.is_valid():
        messages.error(request, "没有生效，请再按一次。")
        return redirect("cockpit", month)
    try:
        answer = remind_village(month=month, village=place, by=user, **form.cleaned_data)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"已催办{place.name}，{_WHOM[str(answer['to'])]}的首页上会看到。")
    return redirect(f"{reverse('cockpit', args=[month])}#t{place.code[:9]}")
