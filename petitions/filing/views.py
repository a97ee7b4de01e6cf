"""Where people file: from their household's page, or without signing in; and the receipt."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from households.audience import public, unlisted
from households.models import Plate
from households.plates import sessions as plate_sessions
from households.plates.audience import of_household
from households.refusals import Refused
from petitions import choices
from petitions.filing import household_page, limits, receipts
from petitions.filing.actions.filing import Filed
from petitions.filing.actions.papers import file_with_papers
from petitions.filing.forms import IntakeForm
from petitions.filing.uploads import papers
from petitions.models import Petition

ENTERPRISE = "enterprise"  # ?line=enterprise
PERSONAL = ("title", "text", "name", "phone", "enterprise")


@public
@sensitive_post_parameters(*PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def petition_new(request: HttpRequest) -> HttpResponse:
    """File without signing in, with or without a name; `?line=enterprise` is the form for enterprises."""
    return _filing(request, None)


@of_household
@sensitive_post_parameters(*PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def household_petition_new(request: HttpRequest, plate: Plate) -> HttpResponse:
    """File from the household's page."""
    return _filing(request, plate)


@of_household
@require_safe
def household_petitions(request: HttpRequest, plate: Plate) -> HttpResponse:
    """What was filed with a name from this page, or by a cadre for this household."""
    context = {"token": plate.token, "petitions": household_page.filed_by_household(plate)}
    return render(request, "petitions/filing/household.html", context)


@public
@unlisted
@require_safe
def petition_receipt(request: HttpRequest) -> HttpResponse:
    """Number and code of what this browser has just filed, for some minutes; then that there is nothing to see."""
    filed = receipts.receipt_in_session(request)
    if filed is None:
        return render(request, "petitions/filing/filed_before.html")
    door = request.build_absolute_uri(reverse("petition-follow"))
    context = {
        "petition": filed.petition,
        "code": filed.code,
        "token": plate_sessions.token_in_session(request),
        "follow_url": door,
        "picture": receipts.picture_of(door, filed),
    }
    return render(request, "petitions/filing/filed.html", context)


def _filing(request: HttpRequest, plate: Plate | None) -> HttpResponse:
    form = _form(request, plate)
    if request.method != "POST":
        return _form_page(request, plate, form)
    if receipts.is_over(request.POST.get("op_id", "")):
        return redirect("petition-receipt")
    if not form.is_valid():
        return _form_page(request, plate, form, status=422)
    try:
        likely = _likely(plate, form)
        if likely:
            return _form_page(request, plate, _seen(request, plate), likely=likely)
        filed = _file(request, plate, form)
    except Refused as refusal:
        return _form_page(request, plate, form, refusal=refusal, status=refusal.status)
    response = redirect("petition-receipt")
    receipts.open_receipt(request, response, filed.petition, form.cleaned_data["op_id"])
    return response


def _form(request: HttpRequest, plate: Plate | None) -> IntakeForm:
    posted = request.method == "POST"
    return IntakeForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        places=choices.places_of(plate.household) if plate else choices.places(timezone.localdate()),
        departments=choices.departments(),
        enterprise=_is_enterprise(request),
        initial={"op_id": uuid4()},
    )


def _is_enterprise(request: HttpRequest) -> bool:
    return request.GET.get("line") == ENTERPRISE


def _seen(request: HttpRequest, plate: Plate | None) -> IntakeForm:
    """The same form, which files when it comes back. Only a household has likely duplicates."""
    form = _form(request, plate)
    form.data = request.POST.copy()
    form.data["similar_seen"] = "on"
    return form


def _likely(plate: Plate | None, form: IntakeForm) -> list[Petition]:
    given = form.cleaned_data
    if plate is None or given["similar_seen"]:
        return []
    return household_page.similar(plate, given["title"], given["text"])


def _file(request: HttpRequest, plate: Plate | None, form: IntakeForm) -> Filed:
    if plate is None:
        limits.check(request)
    else:
        limits.check_household(plate)
    filed = file_with_papers(
        op_id=form.cleaned_data["op_id"],
        filing=form.filing(plate.household if plate else None),
        papers=papers(form.cleaned_data["files"]),
        by=None,
        keep_private=form.cleaned_data["keep_private"],
    )
    if plate is None:
        limits.note(request)
    else:
        limits.note_household(plate)
    return filed


def _form_page(
    request: HttpRequest,
    plate: Plate | None,
    form: IntakeForm,
    *,
    likely: list[Petition] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "token": plate.token if plate else "",
        "enterprise": _is_enterprise(request),
        "likely": likely or [],
        "refusal": refusal,
    }
    return render(request, "petitions/filing/new.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("petitions/new/", petition_new, name="petition-new"),
    path("petitions/receipt/", petition_receipt, name="petition-receipt"),
    path("h/<str:token>/petitions/", household_petitions, name="household-petitions"),
    path("h/<str:token>/petitions/new/", household_petition_new, name="household-petition-new"),
]
