"""The page on which the county office enters a year's arrangement of holidays."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, user_of
from households.permissions import Permission
from households.refusals import Refused
from households.workdays import actions, reads
from households.workdays.actions import Preview
from households.workdays.forms import ArrangeForm

SHOWN = 50  # due days of a preview that are listed one by one

arrangers = holders_of(Permission.ARRANGE_YEARS)


@arrangers
@require_safe
def arrangements(request: HttpRequest) -> HttpResponse:
    """Which years are arranged, by whom; and the form for the next notice."""
    return _show(request, ArrangeForm(initial={"op_id": uuid4()}))


@arrangers
@require_POST
def preview_arrangement(request: HttpRequest) -> HttpResponse:
    """What was read from the notice and which due days it would move; nothing is written."""
    form = ArrangeForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        found = actions.preview(year=form.cleaned_data["year"], text=form.cleaned_data["text"])
    except Refused as refusal:
        form.add_error("text", refusal.sentence)
        return _show(request, form, status=422)
    return _show(request, form, found)


@arrangers
@require_POST
def arrange_year(request: HttpRequest) -> HttpResponse:
    """Enter it."""
    form = ArrangeForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        done = actions.arrange(**form.cleaned_data, by=user_of(request))
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _show(request, form, status=refusal.status)
    messages.success(request, f"{done.year}年的放假安排已生效，重新算过 {done.moved} 个到期日。")
    return redirect("arrangements")


def _show(request: HttpRequest, form: ArrangeForm, found: Preview | None = None, status: int = 200) -> HttpResponse:
    this_year = timezone.localdate().year
    context = {
        "form": form,
        "years": [reads.standing(year) for year in (this_year + 1, this_year)],
        "versions": reads.versions(),
        "preview": found,
        "holidays": list(reads.spans_of(found.notice)) if found else [],
        "moved": found.moved[:SHOWN] if found else [],
        "more": max(0, len(found.moved) - SHOWN) if found else 0,
    }
    return render(request, "households/workdays/arrangements.html", context, status=status)
