"""The township's review: the queue of a month, one sheet with every exception, and the decision."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import division_in_scope, holders_of, user_of
from households.codes import Level, county_of, is_code
from households.fields import OnceForm, faults_of
from households.models import User
from households.months import month_of
from households.permissions import Permission, may
from households.refusals import Refused
from households.register import looking
from households.register.places import names_of
from scoring.addresses import month_of_address
from scoring.models import Decision, Finding, FindingAnswer, LookFound, Period, Sheet
from scoring.months.called import called_then, with_names
from scoring.months.due import month_of_review
from scoring.months.months import calendar_of
from scoring.readers import Reader
from scoring.reviews.actions.decisions import approve_together, send_back
from scoring.reviews.actions.decisions import decide as decide_sheet
from scoring.reviews.actions.reviewing import DrawnFinding, look
from scoring.reviews.forms import LOOK, ReviewAgainForm, ReviewDecisionForm
from scoring.reviews.queue import Queue, name_cadres, next_waiting, queue_of
from scoring.reviews.reads import looked_through, open_sheet
from scoring.sheets.contradictions import contradictions_of
from scoring.signals.reads import signals_of
from scoring.states import SheetState

UNPOSTED = (SheetState.DECLARED, SheetState.REVIEWED)


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
    _add_signals(queue, user, month)
    deciding = may(user, Permission.REVIEW)
    step = calendar_of(month, next(iter(user.scope.prefixes), "")).step_for(SheetState.DECLARED)
    context = {
        "month": month,
        "months": months,
        "queue": queue,
        "within": within,
        "townships": _townships(queue_of(month, user.scope) if within else queue),
        "deciding": deciding,
        "looked": looked_through(queue.waiting, month, user) if deciding and queue.waiting else set(),
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
    given = dict(form.cleaned_data)
    try:
        if given["decision"] == LOOK or (
            given["decision"] == Decision.APPROVE and _waits(sheet)
        ):  # what was opened stays written down, whatever comes of the decision
            look(sheet=sheet, opened=given["opened"], households=given["households"], by=user_of(request))
        if given["decision"] == LOOK:
            messages.success(request, f"{sheet.village.name}看过的已经记下，可以在列表里和别的村一起通过。")
            return redirect("review-sheet", month, village)
        decide_sheet(sheet=sheet, by=user_of(request), **given)
    except Refused as refusal:
        return _show(request, _sheet_or_404(request, month, village), refusal, given["opened"], given["households"])
    done = "通过" if form.cleaned_data["decision"] == Decision.APPROVE else "退回，村里会看到您写的原因"
    messages.success(request, f"{sheet.village.name}已{done}。")
    return redirect(_next_address(queue_of(month, user_of(request).scope), month, village))


@holders_of(Permission.REVIEW)
@require_POST
def review_together(request: HttpRequest, month: str) -> HttpResponse:
    """Approve the chosen villages that were looked through."""
    user, form = user_of(request), OnceForm(request.POST)
    villages = [division_in_scope(user, code, Level.VILLAGE) for code in request.POST.getlist("village")]
    if not form.is_valid() or not villages:
        messages.error(request, "没有选村，没有生效。")
        return redirect("review", month)
    answer = approve_together(month=month_of_address(month), villages=villages, by=user, **form.cleaned_data)
    names = {village.code: village.name for village in villages}
    for one in answer["results"]:
        if one["status"] == "refused":
            messages.error(request, f"{names[one['village']]}没有通过：{one['reason']}")
    done = sum(one["status"] == "approved" for one in answer["results"])
    if done:
        messages.success(request, f"{done} 个村已通过。")
    return redirect("review", month)


@holders_of(Permission.RETURN_APPROVAL)
@require_POST
def review_revoke(request: HttpRequest, month: str, village: str) -> HttpResponse:
    """The county has the township review it again."""
    sheet, form = _sheet_or_404(request, month, village), ReviewAgainForm(request.POST)
    if not form.is_valid():
        return _show(request, sheet, Refused("form", "请写明退回审核的原因。", fields=faults_of(form), status=422))
    try:
        send_back(sheet=sheet, by=user_of(request), **form.cleaned_data)
    except Refused as refusal:
        return _show(request, _sheet_or_404(request, month, village), refusal)
    messages.success(request, f"{sheet.village.name}已退回乡镇重新审核。")
    return redirect("review-sheet", month, village)


def _show(
    request: HttpRequest,
    sheet: Sheet,
    refusal: Refused | None = None,
    ticked: list[int] | None = None,
    sent: Mapping[str, DrawnFinding] | None = None,
) -> HttpResponse:
    user = user_of(request)
    opened = open_sheet(sheet)
    looked = opened.looked(user)
    chosen = {code: (one.found, one.note) for code, one in looked.households.items()}
    chosen |= dict(sent or {})
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
        "may_revoke": may(user, Permission.RETURN_APPROVAL) and opened.state is SheetState.REVIEWED,
        "keeps_calendar": may(user, Permission.SET_CALENDAR),
        "revoke": ReviewAgainForm(initial={"op_id": uuid4()}),
        "found": [(one.value, one.label) for one in LookFound],
        "signals": signals_of(sheet.period_id, sheet.village_id).get(sheet.village_id, []),
        "contradictions": _contradictions(sheet) if opened.state in UNPOSTED else [],
        "reads_findings": may(user, Permission.SEE_FINDINGS),
        "drawn": [(one, *chosen.get(one.household.code, ("", ""))) for one in opened.sample],
        "ticked": opened.seen_by(user) if ticked is None else ticked,
        "refusal": refusal,
        "reason": request.POST.get("reason", "") if refusal else "",
    }
    return render(request, "scoring/reviews/sheet.html", context, status=refusal.status if refusal else 200)


def _contradictions(sheet: Sheet) -> list[tuple[Finding, str, list[FindingAnswer]]]:
    """What departments found and the declaration does not say: where, and what the village answered."""
    found = contradictions_of(sheet)
    places = names_of([one.code for one in found]) if found else {}
    return [(one, places[one.code], list(one.answers.all())) for one in found]


def _add_signals(queue: Queue, user: User, month: str) -> None:
    """What about the waiting villages deserves a second look, and why."""
    counties = {county_of(place) for place in user.scope.prefixes if queue.waiting}
    found = {code: told for county in counties for code, told in signals_of(month, county).items()}
    for line in queue.waiting:
        line.signals = found.get(line.village.code, [])


def _waits(sheet: Sheet) -> bool:
    return sheet.state == SheetState.DECLARED


def _months(month: str) -> list[str]:
    """The months that may be chosen; 404 for one that is not among them."""
    current = month_of(timezone.localdate())
    months = sorted({*Period.objects.values_list("month", flat=True), current})
    if month_of_address(month) not in months:
        raise Http404
    return months


def _sheet_or_404(request: HttpRequest, month: str, village: str) -> Sheet:
    place = division_in_scope(user_of(request), village, Level.VILLAGE)
    sheets = with_names(Sheet.objects.select_related("period__scheme"))
    found = sheets.filter(period=month_of_address(month), village=place).first()
    if found is None:
        raise Http404
    return called_then(found)


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
