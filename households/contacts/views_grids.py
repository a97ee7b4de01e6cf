"""A village's micro-grids: who is in them, who heads them; making one, another head, dissolving it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import division_in_scope, user_of
from households.codes import Level
from households.contacts import page as pages
from households.contacts import reads
from households.contacts.actions import grids as actions
from households.contacts.forms import GridForm, GridHeadForm
from households.contacts.views import division_of_village, managers, person_in_scope, readers
from households.models import Contact, Division, Household, MicroGrid
from households.permissions import Permission, may
from households.register.reads import name_for
from households.scope import lies_in

PER_PAGE = 50


@readers
@require_safe
def micro_grids(request: HttpRequest, village: str) -> HttpResponse:
    """The micro-grids of a village by group, with their households."""
    user = user_of(request)
    place = division_in_scope(user, village, Level.VILLAGE)
    rows = MicroGrid.objects.within(user.scope).filter(lies_in(place.code, "group"), valid_to=None)
    grids = list(rows.select_related("group", "head").order_by("group", "name"))
    members: dict[int, list[str]] = {grid.pk: [] for grid in grids}
    contacts = Contact.objects.filter(micro_grid__in=grids, valid_to=None).select_related("household")
    for contact in contacts.order_by("household"):
        members[contact.micro_grid_id or 0].append(name_for(contact.household, user))
    arranges = may(user, Permission.MANAGE_CONTACTS, at=place.code)
    people = pages.people_choices(place) if arranges else []
    groups = Division.objects.within(user.scope).filter(parent=place).active(pages.today()).order_by("code")
    context = {
        "village": place,
        "grids": [(grid, members[grid.pk], _head_form(people)) for grid in grids],
        "groups": list(groups),
        "arranges": arranges,
        "named": pages.sees_people(user, place.code),
    }
    return render(request, "households/contacts/grids.html", context)


@readers
@require_safe
def past_micro_grids(request: HttpRequest, village: str) -> HttpResponse:
    """All that there ever were in a village, the dissolved ones too, each with who headed it from when to when."""
    user = user_of(request)
    place = division_in_scope(user, village, Level.VILLAGE)
    rows = MicroGrid.objects.within(user.scope).filter(lies_in(place.code, "group"))
    found = rows.select_related("group", "head").order_by("-valid_from", "group", "name", "pk")
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    heads = reads.heads_of(shown)
    context = {
        "village": place,
        "page": shown,
        "grids": [(grid, heads[grid.pk]) for grid in shown],
        "named": pages.sees_people(user, place.code),
    }
    return render(request, "households/contacts/past_grids.html", context)


@managers
@require_http_methods(["GET", "HEAD", "POST"])
def new_micro_grid(request: HttpRequest, group: str) -> HttpResponse:
    """A name, a head and the households of the group that are in no micro-grid yet."""
    user = user_of(request)
    place = division_in_scope(user, group, Level.GROUP)
    village = division_of_village(place)
    free = reads.lacking(place.code, "micro", pages.today())
    households = list(Household.objects.filter(code__in=free).order_by("code"))
    choices = [(each.code, f"{name_for(each, user)} {each.code[-4:]}") for each in households]
    posted = request.POST if request.method == "POST" else None
    form = GridForm(pages.people_choices(village), choices, posted, initial={"op_id": uuid4(), "since": pages.today()})
    if posted and form.is_valid():
        asked = dict(form.cleaned_data)
        codes = set(asked.pop("households"))
        head = person_in_scope(user, asked.pop("head"))
        chosen = [each for each in households if each.code in codes]
        grid = actions.make_grid(group=place, head=head, households=chosen, by=user, **asked)
        messages.success(request, f"微网格“{grid.name}”已建好，{len(chosen)} 户。")
        return redirect("micro-grids", village.code)
    context = {"group": place, "village": village, "form": form, "free": len(households)}
    return render(request, "households/contacts/new_grid.html", context, status=422 if posted else 200)


@managers
@require_POST
def change_micro_grid(request: HttpRequest, village: str, grid: int) -> HttpResponse:
    """Another head from a day on; without one the micro-grid is dissolved."""
    user = user_of(request)
    place = division_in_scope(user, village, Level.VILLAGE)
    found = MicroGrid.objects.within(user.scope).filter(lies_in(place.code, "group"), pk=grid).first()
    if found is None:
        raise Http404
    form = GridHeadForm(pages.people_choices(place), request.POST)
    if not form.is_valid():
        messages.error(request, "没有改：请填日期。")
        return redirect("micro-grids", place.code)
    asked = form.cleaned_data
    if asked["head"]:
        head = person_in_scope(user, asked["head"])
        actions.change_head(op_id=asked["op_id"], grid=found, head=head, day=asked["day"], by=user)
    else:
        actions.dissolve(op_id=asked["op_id"], grid=found, on=asked["day"], by=user)
    messages.success(request, f"微网格“{found.name}”已{'换网格长' if asked['head'] else '撤销'}。")
    return redirect("micro-grids", place.code)


def _head_form(people: Any) -> GridHeadForm:
    return GridHeadForm(people, initial={"op_id": uuid4(), "day": pages.today()}, auto_id=False)
