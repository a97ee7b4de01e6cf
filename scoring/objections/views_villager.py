"""Behind the plate: objecting, the receipt with its number, and what became of it. A session ends; nothing stays on the phone."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.codes import village_of
from households.fields import OnceForm
from households.files.answers import attachment
from households.models import Plate
from households.months import month_of, months_between, shift
from households.plates.audience import of_household
from households.refusals import Refused
from scoring.models import Objection, ScoreEvent
from scoring.notices.reads import NoticeHead, heads_of
from scoring.objection_states import HOUSEHOLD, TABLE, ObjectionAction, ObjectionState
from scoring.objections import letters, reads
from scoring.objections.actions import moving
from scoring.objections.actions.filing import ObjectionFiling, file_by_household
from scoring.objections.forms import MISSING, ContestForm

MONTHS = 13  # as many as the household's page shows
SHOWN = 30


@of_household
@require_safe
def household_objections(request: HttpRequest, plate: Plate) -> HttpResponse:
    """Months to object to, with the days that are left, and what was filed."""
    today = timezone.localdate()
    own = list(reads.of_household(plate.household_id)[:SHOWN])
    context = {
        "token": plate.token,
        "months": [(head, head.takes_objections(today), _left(head, today)) for head in _months(plate, today)],
        "own": [(one, reads.what_of(one), said) for one, said in zip(own, reads.outcomes_of(own), strict=True)],
    }
    return render(request, "scoring/objections/household.html", context)


@of_household
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def household_objection_new(request: HttpRequest, plate: Plate, month: str) -> HttpResponse:
    """Which record, or what is missing, and why; `?event=` is chosen already."""
    today = timezone.localdate()
    head = next((one for one in _months(plate, today) if one.month == month), None)
    if head is None:
        raise Http404
    about = [*_records(plate, month), (MISSING, reads.MISSING)]
    first = {"op_id": uuid4(), "about": request.GET.get("event", "")}
    form = ContestForm(about, request.POST or None, initial=first)
    refusal = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        filing = ObjectionFiling(month=month, code=plate.household_id, text=given["text"], event=form.event)
        try:
            answer = file_by_household(op_id=given["op_id"], filing=filing)
        except Refused as refused:
            refusal = refused
        else:
            return redirect("household-objection", plate.token, answer["id"])
    context = {
        "token": plate.token,
        "month": month,
        "form": form,
        "takes": head.takes_objections(today),
        "until": head.days.objections_until,
        "left": _left(head, today),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "scoring/objections/household_new.html", context, status=status)


@of_household
@require_safe
def household_objection(request: HttpRequest, plate: Plate, objection: int) -> HttpResponse:
    """The receipt, then each step, then the ruling with its words."""
    return _show(request, plate, _own(plate, objection))


@of_household
@require_POST
def household_objection_appeal(request: HttpRequest, plate: Plate, objection: int) -> HttpResponse:
    """Taken further."""
    return _step(request, plate, objection, moving.appeal)


@of_household
@require_POST
def household_objection_withdraw(request: HttpRequest, plate: Plate, objection: int) -> HttpResponse:
    """Taken back."""
    return _step(request, plate, objection, moving.withdraw)


@of_household
@require_safe
def household_objection_letter(request: HttpRequest, plate: Plate, objection: int) -> HttpResponse:
    """Receipt or ruling on paper."""
    found = _own(plate, objection)
    return attachment(letters.letter(found), f"异议-{found.number}.pdf", private=True)


def _months(plate: Plate, today: date) -> list[NoticeHead]:
    """Months of the village that were posted, or frozen without, the newest first."""
    current = month_of(today)
    recent = months_between(shift(current, 1 - MONTHS), current)
    return heads_of(village_of(plate.household_id), recent)


def _records(plate: Plate, month: str) -> list[tuple[str, str]]:
    standing = ScoreEvent.objects.standing().filter(period=month, code=plate.household_id)
    found = standing.select_related("clause").order_by("date", "id")
    return [(str(one.pk), f"{one.date.month}月{one.date.day}日：{one.clause.text}") for one in found]


def _left(head: NoticeHead, today: date) -> int:
    return (head.days.objections_until - today).days


def _own(plate: Plate, number: int) -> Objection:
    found = reads.of_household(plate.household_id).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _step(request: HttpRequest, plate: Plate, number: int, act: Callable[..., object]) -> HttpResponse:
    found, form = _own(plate, number), OnceForm(request.POST)
    try:
        if form.is_valid():
            act(op_id=form.cleaned_data["op_id"], objection=found.pk, household=plate.household_id)
    except Refused as refusal:
        return _show(request, plate, _own(plate, number), refusal)
    return redirect("household-objection", plate.token, found.pk)


def _show(request: HttpRequest, plate: Plate, found: Objection, refusal: Refused | None = None) -> HttpResponse:
    own = reads.is_own(found)
    acts = TABLE.actions_for(HOUSEHOLD, ObjectionState(found.state)) if own else []
    context = {
        "token": plate.token,
        "one": found,
        "text": found.text if own else "",
        "what": reads.what_of(found),
        "outcome": reads.outcome(found),
        "county_says": reads.refusal_of(found),
        "steps": [reads.told_step(step, deals=True) for step in found.steps.all()],
        "appeals": ObjectionAction.APPEAL in acts,
        "withdraws": ObjectionAction.WITHDRAW in acts,
        "once": OnceForm(initial={"op_id": uuid4()}),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "scoring/objections/household_one.html", context, status=status)
