"""Old cases by who answers for them, and setting who does."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from households.audience import holders_of, user_of
from households.models import User
from households.paging import CountedPaginator
from households.permissions import Permission, may
from households.refusals import Refused
from petitions import choices
from petitions.cases import reads
from petitions.cases.actions import ownership
from petitions.cases.forms import OwnerForm
from petitions.models import Petition
from petitions.sight import petition_in_sight

PER_PAGE = 50


@holders_of(Permission.SEE_PETITIONS)
@require_safe
def owned(request: HttpRequest) -> HttpResponse:
    """Repeated and long-standing cases, and all that have an owner; of one owner or township."""
    user, today = user_of(request), timezone.localdate()
    every = reads.old_cases(user)
    owner, within = request.GET.get("owner", ""), request.GET.get("within", "")
    found = reads.listed(reads.chosen(every, owner, within))
    owners = reads.owners_of(every)
    every_one = None if owner or within else sum(number for _, _, number in owners)
    page = CountedPaginator(found, PER_PAGE, count=every_one).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": reads.rows_of(list(page), user, today),
        "owners": owners,
        "owner": owner,
        "within": within,
        "places": choices.townships(choices.county_of(user), today) if may(user, Permission.RUN_RECEPTIONS) else [],
        "may_set": may(user, Permission.RUN_RECEPTIONS),
        "today": today,
    }
    return render(request, "petitions/cases/list.html", context)


@holders_of(Permission.RUN_RECEPTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def petition_own(request: HttpRequest, number: str) -> HttpResponse:
    """Set, hand over or take off who answers for the petition's case."""
    petition = petition_in_sight(request, number)
    people = ownership.owners_for(petition)
    choices = [(str(one.pk), f"{one.place_name} {one.display_name}") for one in people]
    started: dict[str, Any] = {"op_id": uuid4(), "owner": petition.case.owner_id or ""}
    form = OwnerForm(choices, request.POST or None, initial=started)
    context = {"petition": petition, "form": form}
    if request.method != "POST" or not form.is_valid():
        return render(request, "petitions/cases/owner.html", context, status=422 if form.errors else 200)
    try:
        _set(petition, form.cleaned_data, people, user_of(request))
    except Refused as refusal:
        return render(request, "petitions/cases/owner.html", context | {"refusal": refusal}, status=refusal.status)
    messages.success(request, "包案负责人已更新。")
    return redirect("petition", petition.number)


def _set(petition: Petition, data: dict[str, Any], people: list[User], by: User) -> None:
    chosen = next((one for one in people if str(one.pk) == data["owner"]), None)
    ownership.set_owner(op_id=data["op_id"], petition=petition, owner=chosen, by=by, note=data["note"])


urlpatterns: list[URLPattern] = [
    path("petitions/owned/", owned, name="owned"),
    path("petitions/<petition_number:number>/own/", petition_own, name="petition-own"),
]
