"""Frozen months put right: the list, the request, and its decision with what it would change."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.codes import Level, county_of, is_level
from households.confirming.views import with_password
from households.fields import OnceForm
from households.permissions import Permission, may
from households.refusals import Refused
from households.register.places import names_of
from scoring.models import Adjustment
from scoring.rankings.snapshots import LEVELS
from scoring.readers import Reader
from scoring.restatements import actions as restating
from scoring.restatements.consequences import Consequence, consequences_of
from scoring.restatements.effects import effects_of
from scoring.restatements.forms import AddForm, EventWithdrawForm, FindPlaceForm, PlaceForm, RefusalForm
from scoring.restatements.places import places_found
from scoring.restatements.reads import adjustments_of, clauses_for, lines_of, may_decide, standing_events
from scoring.states import AdjustmentState

PER_PAGE = 50
INCOMPLETE = Refused("form", "提交的内容不完整，没有生效。", hint="请按提示补全。", status=400)


@holders_of(Permission.SEE_SHEET)
@require_safe
def adjustments(request: HttpRequest) -> HttpResponse:
    """Requests of the reader's part of the county: those that wait for a decision first."""
    user = user_of(request)
    mine = adjustments_of(user)
    waiting = list(mine.filter(state=AdjustmentState.ASKED).order_by("id"))
    page = Paginator(mine.exclude(state=AdjustmentState.ASKED), PER_PAGE).get_page(request.GET.get("page"))
    lines = lines_of([*waiting, *page.object_list], user)
    context = {
        "waiting": lines[: len(waiting)],
        "decided": lines[len(waiting) :],
        "page": page,
        "asking": may(user, Permission.ASK_RESTATEMENT),
        "deciding": may(user, Permission.GRANT_RESTATEMENT),
    }
    return render(request, "scoring/restatements/list.html", context)


@holders_of(Permission.ASK_RESTATEMENT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_adjustment(request: HttpRequest) -> HttpResponse:
    """Choose the place, then say what is wrong with its month."""
    place = PlaceForm(request.GET)
    if not place.is_valid():
        return _find_place(request)
    month, code = place.cleaned_data["month"], place.cleaned_data["code"]
    if not user_of(request).scope.covers(code):
        raise Http404
    if request.method != "POST":
        return _show_request(request, month, code)
    adds = "clause" in request.POST
    form = (
        AddForm(clauses_for(month, code, user_of(request)), request.POST) if adds else EventWithdrawForm(request.POST)
    )
    if not form.is_valid():
        return _show_request(request, month, code, form, INCOMPLETE)
    return _ask(request, month, code, form)


def _find_place(request: HttpRequest) -> HttpResponse:
    """Look for the household or division by what people call it; each one found leads on."""
    user = user_of(request)
    form = FindPlaceForm(request.GET if "words" in request.GET else None, initial={"month": request.GET.get("month")})
    found = places_found(form.cleaned_data["words"], user) if form.is_valid() else None
    return render(request, "scoring/restatements/place.html", {"form": form, "found": found})


def _ask(request: HttpRequest, month: str, code: str, form: Form) -> HttpResponse:
    raw = {**form.cleaned_data, "household" if is_level(code, Level.HOUSEHOLD) else "division": code}
    op_id = raw.pop("op_id")
    try:
        answer = restating.ask(op_id=op_id, month=month, raw=raw, by=user_of(request))
    except Refused as refusal:
        return _show_request(request, month, code, form, refusal)
    messages.success(request, "已经申请，等县六零办决定。")
    return redirect("adjustment", answer["id"])


def _show_request(
    request: HttpRequest, month: str, code: str, form: Form | None = None, refusal: Refused | None = None
) -> HttpResponse:
    user = user_of(request)
    clauses = clauses_for(month, code, user)
    fresh = {"op_id": uuid4()}
    sent = dict(form.data.items()) | {"op_id": str(uuid4())} if form else {}
    own = {"auto_id": "add_%s"}  # two forms on one page, each with a reason
    add = AddForm(clauses, sent, **own) if isinstance(form, AddForm) else AddForm(clauses, initial=fresh, **own)
    withdraw = (
        EventWithdrawForm(sent)
        if isinstance(form, EventWithdrawForm)
        else EventWithdrawForm(initial={"op_id": uuid4()})
    )
    context = {
        "month": month,
        "code": code,
        "place": names_of([code])[code],
        "events": standing_events(month, code),
        "reader": Reader(user),
        "add": add,
        "withdraw": withdraw,
        "chosen": str(withdraw["withdraw"].value() or request.GET.get("event", "")),
        "refusal": refusal,
    }
    return render(request, "scoring/restatements/ask.html", context, status=refusal.status if refusal else 200)


@holders_of(Permission.SEE_SHEET)
@require_safe
def adjustment(request: HttpRequest, adjustment: int) -> HttpResponse:
    """One request: what it says, what granting would change, and the decision."""
    return _show(request, _adjustment_or_404(request, adjustment))


@holders_of(Permission.GRANT_RESTATEMENT)
@require_POST
@with_password
def adjustment_grant(request: HttpRequest, adjustment: int) -> HttpResponse:
    """Grant: every level is restated."""
    told = "已同意，各级结果、积分和排名已重新计算。原来的排名仍可查看。"
    return _decide(request, adjustment, OnceForm(request.POST), restating.grant, told)


@holders_of(Permission.GRANT_RESTATEMENT)
@require_POST
def adjustment_refuse(request: HttpRequest, adjustment: int) -> HttpResponse:
    """Refuse, with a reason."""
    told = "已答复：不同意。乡镇会看到原因。"
    return _decide(request, adjustment, RefusalForm(request.POST), restating.refuse, told)


def _decide(
    request: HttpRequest, adjustment: int, form: OnceForm, decide: Callable[..., object], told: str
) -> HttpResponse:
    """Decide as the form says: on with `told` and what followed, or the page again with what stands against it."""
    found = _adjustment_or_404(request, adjustment)
    if not form.is_valid():
        return _show(request, found, INCOMPLETE, form)
    foreseen = _foreseen(found) if decide is restating.grant else []
    try:
        decide(adjustment=found.pk, by=user_of(request), **form.cleaned_data)
    except Refused as refusal:
        return _show(request, _adjustment_or_404(request, adjustment), refusal, form)
    messages.success(request, told)
    for consequence in foreseen:
        messages.warning(request, consequence.sentence)
    return redirect("adjustment", found.pk)


def _foreseen(found: Adjustment) -> list[Consequence]:
    """What follows above the scores, while it is not decided."""
    return consequences_of(found) if found.state == AdjustmentState.ASKED else []


def _show(
    request: HttpRequest, found: Adjustment, refusal: Refused | None = None, sent: OnceForm | None = None
) -> HttpResponse:
    user = user_of(request)
    [line] = lines_of([found], user)
    waiting = line.state is AdjustmentState.ASKED
    context: dict[str, Any] = {
        "line": line,
        "adjustment": found,
        "county": county_of(found.code),
        "effects": effects_of(found) if waiting else [],
        "consequences": _foreseen(found),
        "deciding": may_decide(found, user),
        "levels": LEVELS,
        "grant": OnceForm(initial={"op_id": uuid4()}),
        "refuse": sent if isinstance(sent, RefusalForm) else RefusalForm(initial={"op_id": uuid4()}),
        "refusal": refusal,
    }
    return render(request, "scoring/restatements/page.html", context, status=refusal.status if refusal else 200)


def _adjustment_or_404(request: HttpRequest, number: int) -> Adjustment:
    found = adjustments_of(user_of(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    return found
