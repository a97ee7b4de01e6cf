"""One reception: its list with suggestions, its record, its steps; and the sheets to print."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.fields import OnceForm
from households.files.answers import shown
from households.models import User
from households.permissions import Permission, may
from households.refusals import Refused
from petitions import choices
from petitions.models import Petition, Reception
from petitions.reception_states import ReceptionState
from petitions.receptions import briefings, suggestions
from petitions.receptions import reads as receptions
from petitions.receptions.actions import lists, planning
from petitions.receptions.actions.records import record_on_the_spot
from petitions.receptions.forms import AttendForm, CancelForm, MoveForm, NewMatterForm, RecordForm
from petitions.sight import numbers_only, petition_in_sight


@holders_of(Permission.SEE_PETITIONS)
@require_safe
def reception(request: HttpRequest, reception: int) -> HttpResponse:
    """Who receives where; the list as the reader may read it; for the petition office what could be put on it."""
    return _page(request, receptions.in_sight(reception, user_of(request)))


def _page(
    request: HttpRequest,
    found: Reception,
    refusal: Refused | None = None,
    given: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, today = user_of(request), timezone.localdate()
    runs = may(user, Permission.RUN_RECEPTIONS)
    open_list = runs and found.status in (ReceptionState.PLANNED, ReceptionState.HELD)
    by = request.GET.get("by", suggestions.PLACE)
    context: dict[str, Any] = {
        "reception": found,
        "listed": receptions.listed_petitions_of(found, user, today),
        "counts": receptions.counts_of([found], user).get(found.pk, (0, 0)),
        "unlisted": receptions.off_the_list(found, user),
        "blind": numbers_only(user),
        "runs": runs,
        "open_list": open_list,
        "planned": found.status is ReceptionState.PLANNED,
        "held": found.status is ReceptionState.HELD,
        "today": today,
        "by": by if by in suggestions.WAYS else suggestions.PLACE,
        "by_owner": by == suggestions.OWNER,
        "ways": suggestions.WAYS.items(),
        "refusal": refusal,
    }
    if runs:
        context["steps"] = found.steps.select_related("by__division", "by__department").order_by("seq")
        context["forms"] = _forms(user, found) | (given or {})
    if open_list:
        context["groups"] = suggestions.suggestions(found, user, context["by"], today)
    return render(request, "petitions/receptions/page.html", context, status=status)


def _forms(user: User, found: Reception) -> dict[str, forms.Form]:
    """The forms of the steps that a planned reception can take."""
    if found.status is not ReceptionState.PLANNED:
        return {}
    times = {"day": found.day, "starts": found.starts, "ends": found.ends}
    units = choices.units(choices.county_of(user), timezone.localdate())
    present = {"units": [one.unit for one in found.attending.all()]}
    return {
        "move": MoveForm(initial={"op_id": uuid4()} | times, auto_id="move-%s"),
        "cancel": CancelForm(initial={"op_id": uuid4()}, auto_id="cancel-%s"),
        "attend": AttendForm(units, initial={"op_id": uuid4()} | present, auto_id="attend-%s"),
    }


@holders_of(Permission.RUN_RECEPTIONS)
@require_POST
def reception_act(request: HttpRequest, reception: int, act: str) -> HttpResponse:
    """One step of the reception or of its list; a refusal comes back on its page."""
    found, user = receptions.in_sight(reception, user_of(request)), user_of(request)
    if act not in ACTS:
        raise Http404
    form_of, do, done = ACTS[act]
    form = form_of(user, found, request.POST)
    if not form.is_valid():
        fault = Refused("form", "没有填好，没有保存。", hint="请改好再提交。")
        return _page(request, found, fault, {act: form}, status=422)
    try:
        do(request, found, form.cleaned_data)
    except Refused as refusal:
        return _page(
            request, receptions.in_sight(reception, user_of(request)), refusal, {act: form}, status=refusal.status
        )
    messages.success(request, done)
    return redirect("reception", reception)


def _once(_user: User, _found: Reception, data: Any) -> forms.Form:
    return OnceForm(data)


def _attend_form(user: User, _found: Reception, data: Any) -> forms.Form:
    return AttendForm(choices.units(choices.county_of(user), timezone.localdate()), data, auto_id="attend-%s")


def _put(request: HttpRequest, found: Reception, data: dict[str, Any]) -> None:
    """What was ticked, or what was typed as a number."""
    numbers = [*request.POST.getlist("numbers"), *request.POST.get("number", "").split()]
    petitions = suggestions.petitions_of(numbers, user_of(request))
    lists.put(op_id=data["op_id"], reception=found, petitions=petitions, by=user_of(request))


def _put_route(request: HttpRequest, found: Reception, data: dict[str, Any]) -> None:
    """带案下访: every open case about the place, or of one owner, as far as the list has room."""
    user = user_of(request)
    petitions = suggestions.route(found, user, request.POST.get("owner", ""))
    lists.put(op_id=data["op_id"], reception=found, petitions=petitions, by=user)


def _drop(request: HttpRequest, found: Reception, data: dict[str, Any]) -> None:
    petition = petition_in_sight(request, request.POST.get("number", "").replace("\0", ""))
    lists.drop(op_id=data["op_id"], reception=found, petition=petition, by=user_of(request))


def _up(request: HttpRequest, found: Reception, data: dict[str, Any]) -> None:
    number = request.POST.get("number", "")
    lists.move_up(op_id=data["op_id"], reception=found, number=number, by=user_of(request))


def _stepped(action: Callable[..., Reception]) -> Callable[[HttpRequest, Reception, dict[str, Any]], None]:
    """A step of the reception whose keywords are the form's fields."""

    def do(request: HttpRequest, found: Reception, data: dict[str, Any]) -> None:
        action(reception=found, by=user_of(request), **data)

    return do


Made = Callable[[User, Reception, Any], forms.Form]
ACTS: dict[str, tuple[Made, Callable[[HttpRequest, Reception, dict[str, Any]], None], str]] = {
    "move": (lambda _u, _f, data: MoveForm(data, auto_id="move-%s"), _stepped(planning.move), "已改期。"),
    "cancel": (lambda _u, _f, data: CancelForm(data, auto_id="cancel-%s"), _stepped(planning.cancel), "已取消。"),
    "attend": (_attend_form, _stepped(planning.attend), "到场单位已调整。"),
    "hold": (_once, _stepped(planning.hold), "接访开始。"),
    "follow-up": (_once, _stepped(planning.follow_up), "这次接访都跟进完了。"),
    "put": (_once, _put, "已排上。"),
    "route": (_once, _put_route, "已把在办的都排上。"),
    "drop": (_once, _drop, "已移出。"),
    "up": (_once, _up, "次序已调整。"),
}


@holders_of(Permission.RUN_RECEPTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def reception_petition(request: HttpRequest, reception: int, number: str) -> HttpResponse:
    """Write down what was said about one case."""
    found, petition = receptions.in_sight(reception, user_of(request)), petition_in_sight(request, number)
    units = choices.units_for(petition)
    form = RecordForm(units, request.POST or None, initial={"op_id": uuid4()})
    context = {"reception": found, "petition": petition, "form": form}
    return _record(request, found, form, context, petition)


@holders_of(Permission.RUN_RECEPTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def reception_new_matter(request: HttpRequest, reception: int) -> HttpResponse:
    """A matter that came up: filed, listed and written down at once; the receipt with the code is the answer."""
    found, user, today = receptions.in_sight(reception, user_of(request)), user_of(request), timezone.localdate()
    units, places = choices.units(choices.county_of(user), today), choices.places_for(user, today)
    started = {"op_id": uuid4(), "place": found.place_id}
    form = NewMatterForm(units, places, choices.departments(), request.POST or None, initial=started)
    return _record(request, found, form, {"reception": found, "form": form}, None)


def _record(
    request: HttpRequest, found: Reception, form: RecordForm, context: dict[str, Any], petition: Petition | None
) -> HttpResponse:
    """The form, its faults, or what came of it."""
    if request.method != "POST" or not form.is_valid():
        return render(request, "petitions/receptions/petition.html", context, status=422 if form.errors else 200)
    data = form.cleaned_data
    try:
        made = record_on_the_spot(
            op_id=data["op_id"],
            reception=found,
            by=user_of(request),
            outcome=data["outcome"],
            note=data["note"],
            told=data["told"],
            promise=form.promised,
            petition=petition,
            filing=form.filing() if isinstance(form, NewMatterForm) else None,
        )
    except Refused as refusal:
        shown = context | {"refusal": refusal}
        return render(request, "petitions/receptions/petition.html", shown, status=refusal.status)
    if made.code:
        receipt = {
            "petition": made.petition,
            "code": made.code,
            "follow": request.build_absolute_uri("/petitions/follow/"),
        }
        return render(request, "petitions/filing/receipt.html", receipt)
    messages.success(request, "接访情况已记下。")
    return redirect("reception", found.pk)


@holders_of(Permission.SEE_PETITIONS)
@require_safe
def reception_briefing(request: HttpRequest, reception: int) -> HttpResponse:
    """One sheet a case to print, as far as everybody who is present may read it."""
    found = receptions.in_sight(reception, user_of(request))
    sheets = briefings.sheets(found, user_of(request), timezone.localdate())
    if not sheets:
        messages.info(request, "没有可以打印简报的信访件。")
        return redirect("reception", found.pk)
    return shown(briefings.pdf(found, sheets), f"jiefang-{found.day}-{found.pk}.pdf", private=True)


_ONE = "petitions/days/<int:reception>/"
urlpatterns: list[URLPattern] = [
    path(_ONE, reception, name="reception"),
    path(f"{_ONE}briefing.pdf", reception_briefing, name="reception-briefing"),
    path(f"{_ONE}new-matter/", reception_new_matter, name="reception-new-matter"),
    path(f"{_ONE}cases/<petition_number:number>/", reception_petition, name="reception-case"),
    path(f"{_ONE}do/<str:act>/", reception_act, name="reception-act"),
]
