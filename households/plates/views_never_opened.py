"""Plates that were issued and never opened: a village's households to visit, and the counts that lead there from above."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from households.audience import division_in_scope, holders_of, user_of
from households.codes import Level, reaches
from households.models import Division
from households.permissions import Permission, may
from households.plates import reads_never_opened as reading
from households.plates.forms import ChooseGroupForm

readers = holders_of(Permission.SEE_HOUSEHOLDS)


@readers
@require_safe
def never_opened_home(request: HttpRequest) -> HttpResponse:
    """The reader's own place; of a department the places linked to it."""
    user = user_of(request)
    return redirect("never-opened", user.division_id) if user.division_id else _places(request, None)


@readers
@require_safe
def never_opened(request: HttpRequest, code: str) -> HttpResponse:
    """The households of a village or group; above it what lies below, in figures."""
    place = division_in_scope(user_of(request), code)
    return _households(request, place) if reaches(place.code, Level.VILLAGE) else _places(request, place)


def _households(request: HttpRequest, place: Division) -> HttpResponse:
    user, today = user_of(request), timezone.localdate()
    groups = reading.opening_counts(reading.places_below(user, place, today), today)
    form = ChooseGroupForm([(group.code, group.name) for group in groups], request.GET)
    wanted = form.cleaned_data["group"] if form.is_valid() else ""
    chosen = [group for group in groups if wanted in ("", group.code)]
    context = {
        "form": form if len(groups) > 1 else None,
        "lists": reading.unopened(user, wanted or place.code, today),
        "may_issue": may(user, Permission.ISSUE_PLATE),
        "today": today,
    }
    return render(request, "households/plates/never_opened.html", _frame(request, place, chosen) | context)


def _places(request: HttpRequest, place: Division | None) -> HttpResponse:
    today = timezone.localdate()
    places = reading.places_below(user_of(request), place, today)
    counts = reading.opening_counts(places, today)
    context = _frame(request, place, counts) | {"counts": counts}
    context["may_print"] = may(user_of(request), Permission.PRINT_PLATES)
    return render(request, "households/plates/never_opened_places.html", context)


def _frame(request: HttpRequest, place: Division | None, counts: list[reading.OpeningCount]) -> dict[str, Any]:
    above = place.parent if place and place.parent_id and user_of(request).scope.covers(place.parent_id) else None
    return {"place": place, "above": above, "total": reading.total_of(counts)}
