"""Staff take a petition in for somebody who came, called or wrote; the receipt with the code is shown once."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from households.audience import holders_of, user_of
from households.operations import answered
from households.permissions import Permission
from households.refusals import Refused
from petitions import choices
from petitions.filing import external, receipts
from petitions.filing.actions.filing import Filed, file
from petitions.filing.forms_for_others import FilingForm
from petitions.models import Petition, PetitionKind
from petitions.search import duplicates
from petitions.search.duplicates import Likely

ANOTHER = "none"  # the answer to what was found: another matter


@holders_of(Permission.FILE_FOR_OTHERS)
@require_http_methods(["GET", "HEAD", "POST"])
def file_for_others(request: HttpRequest) -> HttpResponse:
    """The empty form, the form with its faults or with what may be the same matter, or the receipt.

    The receipt is the answer to the POST itself: the code is kept nowhere, so no address can show it again; the same form
    sent again gives the same receipt.
    """
    form = _form(request, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        found = [] if _is_settled(form) else duplicates.likely(form.draft(), user_of(request))
        if found:
            return _page(request, form, found=found)
        filed = _file(request, form)
    except Refused as refusal:
        return _page(request, form, refusal)
    follow = request.build_absolute_uri(reverse("petition-follow"))
    picture = receipts.picture_of(follow, filed)
    context = {"petition": filed.petition, "code": filed.code, "follow": follow, "picture": picture}
    return render(request, "petitions/filing/receipt.html", context)


def _file(request: HttpRequest, form: FilingForm) -> Filed:
    """File it, into the life story of the petition that was chosen; without a choice of kind, of the one that it seems."""
    user, data = user_of(request), form.cleaned_data
    joined = _joined(request, data["same_as"]) if data["same_as"] not in ("", ANOTHER) else None
    kind = str(PetitionKind.FIRST)
    if data["same_as"] != ANOTHER:
        kind = duplicates.kind_for(form.draft(), user, joined.case_id if joined else None, own=_filed_before(form))
    filing = form.filing(joined.case if joined else None, kind)
    return file(op_id=data["op_id"], filing=filing, by=user, at=form.received_at)


def _joined(request: HttpRequest, number: str) -> Petition:
    """The petition that is said to be about the same matter; one that its reader does not see is none."""
    found = Petition.objects.visible_to(user_of(request)).filter(number=number, erased_at=None)
    joined = found.select_related("case").first() if "\0" not in number else None
    if joined is None:
        raise Refused("not_found", "没有找到要归入的信访件。", hint="请重新选择。", fields={"same_as": "没有这一件"})
    return joined


def _is_settled(form: FilingForm) -> bool:
    """Whether there is nothing to ask: it was answered, or filed already, or has a number that is refused anyway."""
    data = form.cleaned_data
    number = data.get("external_no")
    known = bool(number and external.known([(data["way"], number)]))
    return bool(data["same_as"]) or known or _filed_before(form) is not None


def _filed_before(form: FilingForm) -> int | None:
    """The key of what this very form filed already: sent again it gets its receipt, not a question."""
    op_id = form.cleaned_data["op_id"]
    known = answered([op_id]).get(op_id)
    return known.answer.get("petition") if known else None


def _form(request: HttpRequest, data: Any) -> FilingForm:
    user, today = user_of(request), timezone.localdate()
    departments = choices.departments()
    return FilingForm(user, choices.places_for(user, today), departments, data, initial={"op_id": uuid4()})


def _page(
    request: HttpRequest, form: FilingForm, refusal: Refused | None = None, found: Sequence[Likely] = ()
) -> HttpResponse:
    status = refusal.status if refusal else 422 if form.errors else 200
    context = {"form": form, "refusal": refusal, "found": found, "another": ANOTHER}
    return render(request, "petitions/filing/for_others.html", context, status=status)


urlpatterns: list[URLPattern] = [path("petitions/file/", file_for_others, name="petition-file")]
