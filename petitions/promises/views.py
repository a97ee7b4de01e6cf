"""Promises: what is owed, what is overdue, what was kept; reported by the unit, judged by the petition office."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, user_of
from households.models import User
from households.permissions import Permission
from households.refusals import Refused
from households.roles import Role
from petitions import choices, units
from petitions.models import Promise
from petitions.models.promises import PromiseQuerySet
from petitions.promise_states import OPEN_PROMISES, PromiseState, PromiseStep, steps_for
from petitions.promises import reads
from petitions.promises.actions import promises as actions
from petitions.promises.forms import PromiseMoveForm, PromiseReportForm, PromiseReturnForm, PromiseToldForm

PER_PAGE = 20  # each with its forms
SHOWS = {"open": "没有了结的", "overdue": "超期的", "reported": "等核实的", "kept": "已兑现", "given_up": "没能兑现"}


@holders_of(Permission.SEE_PETITIONS)
@never_cache
@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """The ledger: by state and unit, oldest day first. The county office reads figures by unit, never a promise."""
    return _page(request)


def _page(request: HttpRequest, refusal: Refused | None = None, status: int = 200) -> HttpResponse:
    user, today = user_of(request), timezone.localdate()
    every = reads.owed_by(user)
    unit = request.GET.get("unit", "")[:40]
    within = every.filter(_of_unit(unit)) if unit else every
    show = request.GET.get("show", "open")
    show = show if show in SHOWS else "open"
    blind = user.role == Role.COUNTY_OFFICE
    found = within.none() if blind else _shown(within, show, today)
    counts = _counts(within, today)
    pages = Paginator(found.told().order_by("due_on", "id"), PER_PAGE)
    pages.__dict__["count"] = (
        0 if blind else next(number for name, _, number in counts if name == show)
    )  # counted above
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(one, user, today) for one in page],
        "counts": counts,
        "show": show,
        "shows": SHOWS,
        "unit": unit,
        "units": choices.units(choices.county_of(user), today) if not units.of(user) else [],
        "by_unit": _by_unit(every, today) if user.role in (Role.COUNTY_OFFICE, Role.PETITION_OFFICE) else [],
        "blind": blind,
        "refusal": refusal,
    }
    return render(request, "petitions/promises/list.html", context, status=status)


def _shown(every: PromiseQuerySet, show: str, today: date) -> PromiseQuerySet:
    if show == "open":
        return every.open()
    return every.overdue(today) if show == "overdue" else every.filter(state=PromiseState(show))


def _of_unit(unit: str) -> Q:
    kind, _, code = unit.partition(":")
    return Q(**{kind: code}) if kind in ("department", "division") and "\0" not in code else Q(pk__in=[])


def _counts(every: PromiseQuerySet, today: date) -> list[tuple[str, str, int]]:
    told = {
        "open": Q(state__in=OPEN_PROMISES),
        "overdue": Q(state__in=OPEN_PROMISES, due_on__lt=today),
        **{state: Q(state=state) for state in ("reported", "kept", "given_up")},
    }
    found = every.order_by().aggregate(**{name: Count("pk", filter=rule) for name, rule in told.items()})
    return [(name, label, found[name]) for name, label in SHOWS.items()]


def _by_unit(every: PromiseQuerySet, today: date) -> list[Any]:
    """Of each unit: promised, kept, kept within the first day, overdue; most overdue first."""
    rows = every.order_by().values("department__name", "division__name")
    return list(
        rows.annotate(
            made=Count("pk"),
            kept=Count("pk", filter=Q(state=PromiseState.KEPT)),
            moved=Count("pk", filter=Q(moves__gt=0)),
            overdue=Count("pk", filter=Q(state__in=OPEN_PROMISES, due_on__lt=today)),
        ).order_by("-overdue", "-made")
    )


def _row(one: Promise, user: User, today: date) -> dict[str, Any]:
    """A promise with the forms of what its reader may do now."""
    own = user.role == Role.PETITION_OFFICE or units.of(user) == one.unit
    steps = steps_for(user.role, one.status) if own else []
    offered = [(name, act) for name, act in ACTS.items() if act[0] in steps]
    told = [
        {"name": name, "label": label, "form": form(initial={"op_id": uuid4()}, auto_id=f"{name}-{one.pk}-%s")}
        for name, (_, label, form, _, _) in offered
    ]
    return {"promise": one, "late": one.days_late(today), "acts": told}


@holders_of(Permission.SEE_PETITIONS)
@never_cache
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
        return _page(request, Refused("form", "没有填好，没有保存。", hint="请填好再提交。"), status=422)
    try:
        do(promise=found, by=user_of(request), **form.cleaned_data)
    except Refused as refusal:
        return _page(request, refusal, status=refusal.status)
    messages.success(request, done)
    return redirect("promises")


Act = tuple[PromiseStep, str, type[forms.Form], Callable[..., Promise], str]
ACTS: dict[str, Act] = {
    "report": (PromiseStep.REPORTED, "报告已兑现", PromiseReportForm, actions.report, "已报信访局核实。"),
    "accept": (PromiseStep.KEPT, "核实已兑现", PromiseToldForm, actions.accept, "承诺已兑现，来信人会看到。"),
    "return": (PromiseStep.RETURNED, "核实没有兑现", PromiseReturnForm, actions.send_back, "已退回承诺单位。"),
    "move": (PromiseStep.MOVED, "改期", PromiseMoveForm, actions.move, "已改期，来信人会看到。"),
    "give-up": (PromiseStep.GIVEN_UP, "不能兑现", PromiseToldForm, actions.give_up, "已记为没能兑现。"),
}

urlpatterns: list[URLPattern] = [
    path("petitions/promises/", promises, name="promises"),
    path("petitions/promises/<int:promise>/<str:act>/", promise_act, name="promise-act"),
]
