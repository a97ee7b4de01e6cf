"""What is recorded against a township or the county itself: the page, and what can be done there."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import division_in_scope, holders_of, user_of
from households.codes import Level, is_code, reaches, village_of
from households.fields import OnceForm
from households.models import Division
from households.permissions import Permission, may
from households.refusals import Refused
from households.scope import lies_in
from scoring.addresses import month_of_address
from scoring.batches.reads import clauses_for
from scoring.models import ScoreEvent, Subject
from scoring.months.due import month_of_entry
from scoring.months.months import begun
from scoring.places.forms import PlaceEntryForm, PlaceWithdrawForm
from scoring.sheets.actions.above import confirm_above, record_above, withdraw_above
from scoring.sheets.actions.entries import is_secret_from, may_confirm, may_withdraw

recording = holders_of(Permission.RECORD_EVENT)


@recording
@require_safe
def place_entries_due(request: HttpRequest) -> HttpResponse:
    """Of the own place, in the month that is due."""
    user = user_of(request)
    code = user.division_id or next(iter(user.scope.prefixes), "")
    return redirect("place-entries", month_of_entry(user, timezone.localdate()), code)


@recording
@require_safe
def place_entries(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """Entries against one township or the county, with the townships below to choose from; a village has its sheet."""
    if is_code(code, Level.VILLAGE, Level.GROUP, Level.HOUSEHOLD):
        village = division_in_scope(user_of(request), village_of(code), Level.VILLAGE)
        return redirect(f"{reverse('sheet', args=[month_of_address(month)])}?village={village.code}")
    return _show(request, month_of_address(month), _place_or_404(request, code))


@recording
@require_POST
def place_entry_add(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """Record one."""
    place = _place_or_404(request, code)
    form = PlaceEntryForm(_clauses(request, month, code), request.POST)
    if not form.is_valid():
        return _show(request, month, place, form)
    given = dict(form.cleaned_data)
    op_id = given.pop("op_id")
    raw = {**given, "division": place.code, "date": given["date"].isoformat()}
    try:
        record_above(op_id=op_id, month=month_of_address(month), raw=raw, by=user_of(request))
    except Refused as refusal:
        return _show(request, month, place, form, refusal)
    messages.success(request, "已登记。")
    return redirect("place-entries", month, place.code)


@recording
@require_POST
def place_entry_withdraw(request: HttpRequest, event: int) -> HttpResponse:
    """Take one back."""
    return _act(request, event, PlaceWithdrawForm(request.POST), withdraw_above, "已撤回。")


@holders_of(Permission.CONFIRM_EVENT)
@require_POST
def place_entry_confirm(request: HttpRequest, event: int) -> HttpResponse:
    """Confirm one that somebody else recorded."""
    return _act(request, event, OnceForm(request.POST), confirm_above, "已确认。")


def _act(request: HttpRequest, event: int, form: OnceForm, act: Callable[..., object], told: str) -> HttpResponse:
    found = ScoreEvent.objects.within(user_of(request).scope).filter(pk=event).first()
    if found is None or reaches(found.code, Level.VILLAGE):
        raise Http404
    try:
        if not form.is_valid():
            raise Refused("form", "请写明原因，没有生效。")
        act(event=event, by=user_of(request), **form.cleaned_data)
        messages.success(request, told)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("place-entries", found.period_id, found.code)


def _show(
    request: HttpRequest,
    month: str,
    place: Division,
    sent: PlaceEntryForm | None = None,
    refusal: Refused | None = None,
) -> HttpResponse:
    user = user_of(request)
    begun(month, place.code)
    events = ScoreEvent.objects.filter(period=month, code=place.code).order_by("-id")
    found = list(events.select_related("clause__indicator", "recorded_by__department", "confirmed_by"))
    below = Division.objects.filter(lies_in(place.code)).within(user.scope).of_level(Level.TOWNSHIP)
    fresh = {"op_id": uuid4(), "date": timezone.localdate()}
    context: dict[str, Any] = {
        "month": month,
        "place": place,
        "below": list(below.active(timezone.localdate()).order_by("code").exclude(pk=place.code)),
        "lines": [
            (one, may_withdraw(one, by=user), not one.confirmed_at and may_confirm(one, by=user))
            for one in found
            if not is_secret_from(one, user)
        ],
        "form": sent or PlaceEntryForm(_clauses(request, month, place.code), initial=fresh),
        "records": may(user, Permission.RECORD_EVENT, at=place.code),
        "once": PlaceWithdrawForm(initial={"op_id": uuid4()}),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if sent else 200
    return render(request, "scoring/places/page.html", context, status=status)


def _clauses(request: HttpRequest, month: str, code: str) -> list[Any]:
    begun(month_of_address(month), code)
    fitting = (Subject.DIVISION, Subject.BOTH)
    return [clause for clause in clauses_for(month, user_of(request)) if clause.subject in fitting]


def _place_or_404(request: HttpRequest, code: str) -> Division:
    place = division_in_scope(user_of(request), code)
    if reaches(place.code, Level.VILLAGE):
        raise Http404
    return place
