"""A village's projects for everybody: what was built with the village's awards, what it cost, before and after."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from households.audience import published
from rewards.models import Project
from rewards.project_states import ProjectState
from rewards.projects.account import account_of
from rewards.projects.ballot_pages import ballots_of, view_of
from rewards.projects.place import public_village
from rewards.projects.public import accepted_by, projects_of_village, spent


@published
@require_safe
def public_projects(request: HttpRequest, village: str) -> HttpResponse:
    """All projects of a village, and how its households chose."""
    place = public_village(village)
    chapters = projects_of_village(place.code)
    settled = next((ballot for ballot in ballots_of(place) if ballot.settled_at), None)
    context = {
        "village": place,
        "chapters": chapters,
        "spent": spent(chapters),
        "view": view_of(settled) if settled else None,
    }
    return render(request, "rewards/projects/public_list.html", context)


@published
@require_safe
def public_project(request: HttpRequest, village: str, project: int) -> HttpResponse:
    """The account of one project."""
    place = public_village(village)
    found = Project.objects.filter(village=place, pk=project).select_related("village__parent").first()
    if found is None:
        raise Http404
    account = account_of(found)
    context = {
        "village": place,
        "project": found,
        "account": account,
        "accepted_by": accepted_by(account.acceptances, found.round) if found.stage in _ACCEPTED else [],
        "path": [state for state in ProjectState if state is not ProjectState.DROPPED],
    }
    return render(request, "rewards/projects/public_page.html", context)


_ACCEPTED = (ProjectState.ACCEPTED, ProjectState.CLOSED)
