"""Filing by staff: whose month, then which record; a household's paper comes with a photo of it."""

from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from households.audience import holders_of, user_of
from households.codes import Level, is_level
from households.files.photos import made_anew
from households.models import User
from households.permissions import Permission
from households.refusals import Refused
from households.register.places import names_of
from households.roles import Role
from scoring.objection_states import KEYS_IN
from scoring.objections.actions.filing import OWN_WAYS, ObjectionFiling, file_by_staff
from scoring.objections.forms import MISSING, ContestForm, OwnOrPaperForm, PaperForm
from scoring.objections.reads import MISSING as MISSING_WORDS
from scoring.objections.reads import event_words, events_open_to
from scoring.restatements.forms import FindPlaceForm, PlaceForm
from scoring.restatements.places import places_found


@holders_of(Permission.FILE_OBJECTION)
@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
def objection_new(request: HttpRequest) -> HttpResponse:
    """`?month=&code=` the month of a household or division; without it, the search for one."""
    place = PlaceForm(request.GET)
    if not place.is_valid():
        return _find(request)
    month, code, user = place.cleaned_data["month"], place.cleaned_data["code"], user_of(request)
    if not user.scope.covers(code):
        raise Http404
    form = _form(user, month, code, request)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            return _file(request, form, month, code)
        except Refused as refused:
            refusal = refused
    context = {
        "form": form,
        "month": month,
        "code": code,
        "place": names_of([code])[code],
        "paper": user.role in KEYS_IN,
        "refusal": refusal,
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "scoring/objections/new.html", context, status=status)


def _find(request: HttpRequest) -> HttpResponse:
    form = FindPlaceForm(request.GET if "words" in request.GET else None, initial={"month": request.GET.get("month")})
    found = places_found(form.cleaned_data["words"], user_of(request)) if form.is_valid() else None
    return render(request, "scoring/objections/place.html", {"form": form, "found": found})


def _form(user: User, month: str, code: str, request: HttpRequest) -> ContestForm:
    about = [(str(event.pk), event_words(event)) for event in events_open_to(month, code, user)]
    if is_level(code, Level.HOUSEHOLD) and user.role != Role.DEPARTMENT:
        about.append((MISSING, MISSING_WORDS))
    first = {"op_id": uuid4(), "about": request.GET.get("event", "")}
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    own = OWN_WAYS.get(Role(user.role))
    if own is None:
        return PaperForm(about, data, files, initial=first)
    if user.role in KEYS_IN:
        return OwnOrPaperForm(own, about, data, files, initial=first)
    return ContestForm(about, data, initial=first)


def _file(request: HttpRequest, form: ContestForm, month: str, code: str) -> HttpResponse:
    given = form.cleaned_data
    upload = given.get("photo")
    photo = made_anew(upload) if upload else b""
    filing = ObjectionFiling(month=month, code=code, text=given["text"], event=form.event, paper=form.paper)
    answer = file_by_staff(op_id=given["op_id"], filing=filing, by=user_of(request), photo=photo)
    messages.success(request, f"已经收下，编号 {answer['number']}。请打印回执交给提出的人。")
    return redirect("objection", answer["id"])
