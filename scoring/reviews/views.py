"""The township's review: the queue of a month, one sheet with every exception, and the decision."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import division_in_scope, holders_of, user_of
from households.codes import Level, is_code
from households.fields import faults_of
from households.months import month_of
from households.permissions import Permission, may
from households.refusals import Refused
from households.register import looking
from scoring.addresses import month_of_address
from scoring.models import Decision, Period, Sheet
from scoring.months.due import month_of_review
from scoring.months.months import calendar_of
from scoring.readers import Reader
from scoring.reviews.actions.decisions import decide as decide_sheet
from scoring.reviews.forms import ReviewDecisionForm
from scoring.reviews.queue import Queue, name_cadres, next_waiting, queue_of
from scoring.reviews.reads import open_sheet
from scoring.states import SheetState


@holders_of(Permission.SEE_SHEET)
@require_safe
def review_due(request: HttpRequest) -> HttpResponse:
    """The queue of the month that is due."""
    return redirect("review", month_of_review(user_of(request).scope, timezone.localdate()))


@holders_of(Permission.SEE_SHEET)
@require_safe
def review(request: HttpRequest, month: str) -> HttpResponse:
    """The queue of the villages below the reader's place, or below one township of it."""
    months = _months(month)
    user = user_of(request)
    within = _township(request)
    queue = queue_of(month, user.scope, within=within)
    name_cadres(queue.silent)
    step = calendar_of(month).step_for(SheetState.DECLARED)
    context = {
        "month": month,
        "months": months,
        "queue": queue,
        "within": within,
        "townships": _townships(queue_of(month, user.scope) if within else queue),
        "deciding": may(user, Permission.REVIEW),
        "sentence": step.sentence(timezone.localdate()) if step else "",
    }
    return render(request, "scoring/reviews/queue.html", context)


@holders_of(Permission.SEE_SHEET)
@require_safe
def review_sheet(request: HttpRequest, month: str, village: str) -> HttpResponse:
    """One village's sheet: exceptions to open, households drawn by lot, and for reviewers the decision."""
    return _show(request, _sheet_or_404(request, month, village))


@holders_of(Permission.REVIEW)
@require_POST
def review_decide(request: HttpRequest, month: str, village: str) -> HttpResponse:
    """Approve or return; then the next waiting village."""
    sheet = _sheet_or_404(request, month, village)
    form = ReviewDecisionForm(request.POST)
    if not form.is_valid():
        words = ("提交的内容不完整，没有生效。", "请在下面重新选择。")
        refusal = Refused("form", words[0], hint=words[1], fields=faults_of(form), status=400)
        return _show(request, sheet, refusal, form.cleaned_data.get("opened", []))
    try:
        decide_sheet(sheet=sheet, by=user_of(request), **form.cleaned_data)
    except Refused as refusal:
        return _show(request, _sheet_or_404(request, month, village), refusal, form.cleaned_data["opened"])
    done = "通过" if form.cleaned_data["decision"] == Decision.APPROVE else "退回，村里会看到您写的原因"
    messages.success(request, f"{sheet.village.name}已{done}。")
    return redirect(_next_address(queue_of(month, user_of(request).scope), month, village))


def _show(
    request: HttpRequest, sheet: Sheet, refusal: Refused | None = None, ticked: list[int] | None = None
) -> HttpResponse:
    user = user_of(request)
    opened = open_sheet(sheet)
    deciding = may(user, Permission.REVIEW)
    looking.shown(user, [one.household.code for one in opened.sample])
    context: dict[str, Any] = {
        "month": sheet.period_id,
        "opened": opened,
        "reader": Reader(user),
        "deciding": deciding,
        "may_find": may(user, Permission.NAME_HOUSEHOLDS),
        "may_approve": deciding and opened.state is SheetState.DECLARED,
        "may_return": deciding and opened.state in (SheetState.DECLARED, SheetState.REVIEWED),
        "ticked": opened.seen_by(user) if ticked is None else ticked,
        "refusal": refusal,
        "reason": request.POST.get("reason", "") if refusal else "",
    }
    return render(request, "scoring/reviews/sheet.html", context, status=refusal.status if refusal else 200)


def _months(month: str) -> list[str]:
    """The months that may be chosen; 404 for one that is not among them."""
    current = month_of(timezone.localdate())
    months = sorted({*Period.objects.values_list("month", flat=True), current})
    if month_of_address(month) not in months:
        raise Http404
    return months


def _sheet_or_404(request: HttpRequest, month: str, village: str) -> Sheet:
    place = division_in_scope(user_of(request), village, Level.VILLAGE)
    sheets = Sheet.objects.select_related("period__scheme", "village__parent")
    found = sheets.filter(period=month_of_address(month), village=place).first()
    if found is None:
        raise Http404
    return found


def _township(request: HttpRequest) -> str:
    """The township chosen above the queue; one outside the scope just shows nothing."""
    chosen = request.GET.get("within", "")
    return chosen if is_code(chosen, Level.TOWNSHIP) else ""


def _townships(queue: Queue) -> list[tuple[str, str]]:
    """Code and name of the townships of the queue, when it has more than one."""
    found = {line.village.parent.code: line.village.parent.name for line in queue.all if line.village.parent}
    return sorted(found.items()) if len(found) > 1 else []


def _next_address(queue: Queue, month: str, village: str) -> str:
    following = next_waiting(queue, village)
    if following is None:
        return reverse("review", args=[month])
    return reverse("review-sheet", args=[month, following.code])
