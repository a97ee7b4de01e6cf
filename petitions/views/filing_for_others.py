"""Staff take a petition in for somebody who came, called or wrote; the receipt with the code is shown once."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from households.audience import holders_of, user_of
from households.permissions import Permission
from households.refusals import Refused
from petitions import desk
from petitions.actions.filing import file
from petitions.forms.filing import FilingForm


@holders_of(Permission.FILE_FOR_OTHERS)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file_for_others(request: HttpRequest) -> HttpResponse:
    """The empty form, the form with its faults, or the receipt. The receipt is the answer to the POST itself: the code
    is kept nowhere, so no address can show it again; the same form sent again gives the same receipt."""
    form = _form(request, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    try:
        filed = file(op_id=form.cleaned_data["op_id"], filing=form.filing(), by=user_of(request), at=form.received_at)
    except Refused as refusal:
        return _page(request, form, refusal)
    follow = request.build_absolute_uri("/petitions/follow/")
    context = {"petition": filed.petition, "code": filed.code, "follow": follow}
    return render(request, "petitions/receipt.html", context)


def _form(request: HttpRequest, data: Any) -> FilingForm:
    user, today = user_of(request), timezone.localdate()
    departments = desk.departments()
    return FilingForm(user, desk.places_for(user, today), departments, data, initial={"op_id": uuid4()})


def _page(request: HttpRequest, form: FilingForm, refusal: Refused | None = None) -> HttpResponse:
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "petitions/file.html", {"form": form, "refusal": refusal}, status=status)


urlpatterns: list[URLPattern] = [path("petitions/file/", file_for_others, name="petition-file")]
