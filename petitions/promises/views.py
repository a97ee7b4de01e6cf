"""Promises: what is owed, what is overdue, what was fulfilled; reported by the unit, judged by the petition office."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, user_of
from households.fields import faults_of
from households.models import User
from households.paging import CountedPaginator
from households.permissions import Permission
from households.refusals import Refused
from households.roles import Role
from petitions import choices, units
from petitions.models import Promise
from petitions.promise_states import PromiseStep, steps_for
from petitions.promises import reads
from petitions.promises.actions import promises as actions
from petitions.promises.forms import PromiseMoveForm, PromiseReportForm, PromiseReturnForm, PromiseToldForm

PER_PAGE = 20  # each with its forms


@holders_of(Permission.SEE_PETITIONS)
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """The ledger: by state and unit, oldest day first. The county office reads figures by unit, never a promise."""
    return _page(request)


def _page(request: HttpRequest, refusal: Refused | None = None, status: int = 200) -> HttpResponse:
    user, today = user_of(request), timezone.localdate()
    every = reads.owed_by(user)
    unit = request.GET.get("unit", "")[:40]
    within = reads.of_unit(every, unit)
    show = request.GET.get("show", "open")
    show = show if show in reads.SHOWS else "open"
    blind = user.role == Role.COUNTY_OFFICE
    found = within.none() if blind else reads.shown(within, show, today)
    counts = reads.counts(within, today)
    number = 0 if blind else next(number for name, _, number, _ in counts if name == show)
    rows = found.told().order_by("due_on", "id")
    page = CountedPaginator(rows, PER_PAGE, count=number).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(one, user, today) for one in page],
        "counts": counts,
        "show": show,
        "unit": unit,
        "units": choices.units(choices.county_of(user), today) if not units.of(user) else [],
        "by_unit": reads.by_unit(every, today) if user.role in (Role.COUNTY_OFFICE, Role.PETITION_OFFICE) else [],
        "blind": blind,
        "refusal": refusal,
    }
    return render(request, "petitions/promises/list.html", context, status=status)


@dataclass(frozen=True, slots=True)
class OfferedStep:
    """A step that the reader may make now: its address, its name and its form."""

    name: str
    label: str
    form: forms.Form


@dataclass(frozen=True, slots=True)
class PromiseRow:
    """A promise on the list: how many days it is `late`, and what its reader may do about it."""

    promise: Promise
    late: int
    acts: list[OfferedStep]


def _row(one: Promise, user: User, today: date) -> PromiseRow:
    own = user.role == Role.PETITION_OFFICE or units.of(user) == one.unit
    steps = steps_for(user.role, one.status) if own else []
    acts = [
        OfferedStep(name, label, form(initial={"op_id": uuid4()}, auto_id=f"{name}-{one.pk}-%s"))
        for name, (step, label, form, _, _) in ACTS.items()
        if step in steps
    ]
    return PromiseRow(one, one.days_late(today), acts)


@holders_of(Permission.SEE_PETITIONS)
@require_POST
def promise_act(request: HttpRequest, promise: int, act: str) -> HttpResponse:
    """One step of a promise; a refusal comes back on the list."""
    known = Promise.objects.visible_to(user_of(request)).select_related("petition__place")
    found = known.filter(pk=promise).first()
    if found is None or act not in ACTS:
        raise Http404
    _, _, form_of, do, done = ACTS[act]
    form = form_of(request.POST)
    if not form.is_valid():
        return _page(
            request, Refused("form", "没有填好，没有保存。", hint="请填好再提交。", fields=faults_of(form)), status=422
        )
    try:
        do(promise=found, by=user_of(request), **form.cleaned_data)
    except Refused as refusal:
        return _page(request, refusal, status=refusal.status)
    messages.success(request, done)
    return redirect("promises")


Act = tuple[PromiseStep, str, type[forms.Form], Callable[..., Promise], str]
ACTS: dict[str, Act] = {
    "report": (PromiseStep.REPORTED, "报告已兑现", PromiseReportForm, actions.report, "已报信访局核实。"),
    "accept": (PromiseStep.FULFILLED, "核实已兑现", PromiseToldForm, actions.accept, "承诺已兑现，来信人会看到。"),
    "return": (PromiseStep.RETURNED, "核实没有兑现", PromiseReturnForm, actions.send_back, "已退回承诺单位。"),
    "move": (PromiseStep.MOVED, "改期", PromiseMoveForm, actions.move, "已改期，来信人会看到。"),
    "give-up": (PromiseStep.GIVEN_UP, "不能兑现", PromiseToldForm, actions.give_up, "已记为没能兑现。"),
}

urlpatterns: list[URLPattern] = [
    path("petitions/promises/", promises, name="promises"),
    path("petitions/promises/<int:promise>/<str:act>/", promise_act, name="promise-act"),
]
