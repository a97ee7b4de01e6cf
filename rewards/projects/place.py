"""Loading what an address of the projects' pages names, inside the reader's scope."""

from django.http import Http404, HttpRequest

from households.audience import user_of
from households.codes import Level, level_of
from households.models import Division
from rewards.models import Ballot, Project
from rewards.projects.reads import village_scope, visible_to


def project_in_scope(request: HttpRequest, number: int) -> Project:
    """The project, or 404 as for one that does not exist."""
    found = visible_to(user_of(request)).filter(pk=number).select_related("village__parent").first()
    if found is None:
        raise Http404
    return found


def ballot_in_scope(request: HttpRequest, number: int) -> Ballot:
    """The ballot, or 404."""
    ballots = Ballot.objects.within(village_scope(user_of(request)))
    found = ballots.filter(pk=number).select_related("village__parent").first()
    if found is None:
        raise Http404
    return found


def village_in_reach(request: HttpRequest, code: str) -> Division:
    """The village inside the reader's subtree (for a group leader: the one their group lies in), or 404."""
    if not village_scope(user_of(request)).covers(code):
        raise Http404
    return public_village(code)


def public_village(code: str) -> Division:
    """Any village there is, or 404."""
    found = Division.objects.filter(code=code).select_related("parent").first()
    if found is None or level_of(found.code) is not Level.VILLAGE:
        raise Http404
    return found
