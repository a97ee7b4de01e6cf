"""Projects for the staff: the list with its sums and files, one project, and a village's list of needs."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from households.audience import holders_of, user_of
from households.codes import Level, reaches, village_of
from households.fields import asked_within
from households.models import Division
from households.operations import once
from households.permissions import Permission, may
from households.refusals import Refused
from rewards.models import Project, ProjectKind
from rewards.project_states import ProjectState
from rewards.projects import reads as board
from rewards.projects import views_acts
from rewards.projects.actions.projects import edit_need, list_need, move_need
from rewards.projects.ballot_pages import ballots_of
from rewards.projects.files import projects_file
from rewards.projects.forms import NeedForm
from rewards.projects.place import project_in_scope, village_in_reach

PER_PAGE = 50
GET_POST = ["GET", "HEAD", "POST"]


@holders_of(Permission.SEE_PROJECTS)
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """The projects of the reader's villages: filtered, added up, as a page or a file."""
    user = user_of(request)
    every = board.visible_to(user)
    wanted = board.asked(request.GET)
    found = board.filtered(every, wanted)
    form = request.GET.get("format", "")
    if form:
        return projects_file(found, wanted, form)
    context = {
        "wanted": wanted,
        "totals": board.totals(found),
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "years": board.years_of(every),
        "places": board.places_of(every),
        "states": [(state.value, state.label) for state in ProjectState],
        "kinds": ProjectKind.choices,
        "money": board.MONEY.items(),
        "own": _own_village(user.division_id),
    }
    return render(request, "rewards/projects/list.html", context)


def _own_village(place: str | None) -> str:
    """The one village of a person who works in one; else nothing."""
    return village_of(place) if place and reaches(place, Level.VILLAGE) else ""


@holders_of(Permission.SEE_PROJECTS)
@require_safe
def project(request: HttpRequest, project: int) -> HttpResponse:
    """One project: what it costs, how far it is, who paid, what may be done now."""
    return views_acts.show(request, project_in_scope(request, project))


@holders_of(Permission.SEE_PROJECTS)
@require_safe
def needs(request: HttpRequest, village: str) -> HttpResponse:
    """A village's list of needs of one year in the order of urgency, and its ballots."""
    place = village_in_reach(request, village)
    year = _year(request.GET.get("year", ""))
    listed = Project.objects.filter(village=place, year=year, priority__isnull=False).order_by("priority")
    years = sorted({*board.years_of(Project.objects.filter(village=place)), timezone.localdate().year}, reverse=True)
    ballots = ballots_of(place)
    context = {
        "village": place,
        "year": year,
        "years": years,
        "needs": listed,
        "ballots": ballots,
        "running": any(not ballot.ended for ballot in ballots),
        "may_run": may(user_of(request), Permission.RUN_PROJECTS, at=place.code),
    }
    return render(request, "rewards/projects/needs.html", context)


def _year(text: str) -> int:
    return asked_within(text, 2000, 9999) or timezone.localdate().year


@holders_of(Permission.RUN_PROJECTS)
@require_http_methods(GET_POST)
def need_new(request: HttpRequest, village: str) -> HttpResponse:
    """Write down a need; it goes to the end of the list."""
    place = village_in_reach(request, village)
    form = NeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _list(request, place, form)
        except Refused as refusal:
            return _need_form(request, form, place, None, refusal)
        messages.success(request, f"“{form.cleaned_data['title']}”已列在清单最后。")
        return redirect("project-needs", place.code)
    return _need_form(request, form, place, None)


def _list(request: HttpRequest, village: Division, form: NeedForm) -> None:
    """The same form sent twice lists one need."""
    user, need, year = user_of(request), form.need(), _year(request.POST.get("year", ""))

    def act() -> dict[str, Any]:
        return {"project": list_need(village=village, year=year, need=need, by=user).pk}

    payload = {"village": village.code, "year": year, "need": asdict(need)}
    once(op_id=_op_id(request), by=user, kind="project.list", payload=payload, act=act)


def _op_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("op_id", ""))
    except ValueError:
        raise Refused("op_id", "这个页面太旧了，没有保存。", hint="请刷新页面再填一次。", status=400) from None


@holders_of(Permission.RUN_PROJECTS)
@require_http_methods(GET_POST)
def need_edit(request: HttpRequest, project: int) -> HttpResponse:
    """Change what is written about a need."""
    found = project_in_scope(request, project)
    form = NeedForm(request.POST) if request.method == "POST" else NeedForm.of(found)
    if request.method == "POST" and form.is_valid():
        try:
            edit_need(project=found, need=form.need(), by=user_of(request))
        except Refused as refusal:
            return _need_form(request, form, found.village, found, refusal)
        messages.success(request, "已保存。")
        return redirect("project", found.pk)
    return _need_form(request, form, found.village, found)


def _need_form(
    request: HttpRequest, form: NeedForm, village: Division, project: Project | None, refusal: Refused | None = None
) -> HttpResponse:
    status = refusal.status if refusal else 422 if form.errors else 200
    context = {"form": form, "village": village, "project": project, "refusal": refusal}
    context["year"] = _year(request.POST.get("year", request.GET.get("year", "")))
    return render(request, "rewards/projects/need.html", context, status=status)


@holders_of(Permission.RUN_PROJECTS)
@require_POST
def need_move(request: HttpRequest, project: int) -> HttpResponse:
    """One place up or down; back to the button that was pressed, so that it can be pressed again."""
    found = project_in_scope(request, project)
    up = "up" in request.POST
    move_need(project=found, up=up, by=user_of(request))
    list_of = reverse("project-needs", args=[found.village_id])
    return redirect(f"{list_of}?year={found.year}#{'up' if up else 'down'}-{found.pk}")
