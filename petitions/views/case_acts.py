"""One address for each step of a petition; a refusal comes back on the petition's own page."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, user_of
from households.permissions import Permission
from households.refusals import Refused
from petitions.models import Petition
from petitions.states import PetitionAction, may_act
from petitions.views import case_page
from petitions.views.act_table import ACTS, address, form_of
from petitions.views.petition_place import petition_in_sight


def perform(request: HttpRequest, petition: Petition, action: PetitionAction) -> HttpResponse:
    """Make the step and go back to the petition's page; or show that page with what was wrong."""
    act, user = ACTS[action], user_of(request)
    if not may_act(user.role, action):
        raise PermissionDenied
    form = form_of(action, petition, user, request.POST)
    if not form.is_valid():
        return case_page.show(request, petition, {action: form}, status=422)
    try:
        act.do(petition, form.cleaned_data, user)
    except Refused as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        fresh = petition_in_sight(request, petition.number)
        return case_page.show(request, fresh, {action: form}, refusal, status=refusal.status)
    messages.success(request, act.done)
    return redirect("petition", petition.number)


@holders_of(Permission.SEE_PETITIONS)
@never_cache
@require_safe
def petition(request: HttpRequest, number: str) -> HttpResponse:
    """One petition: what was asked, how far it is, why it is due when, and what its reader may do now."""
    return case_page.show(request, petition_in_sight(request, number))


def _view(action: PetitionAction) -> Callable[..., HttpResponse]:
    @holders_of(ACTS[action].permission)
    @never_cache
    @require_POST
    def view(request: HttpRequest, number: str) -> HttpResponse:
        return perform(request, petition_in_sight(request, number), action)

    return view


urlpatterns: list[URLPattern] = [
    path("petitions/<petition_number:number>/", petition, name="petition"),
    *(
        path(f"petitions/<petition_number:number>/{address(act)}/", _view(act), name=f"petition-{address(act)}")
        for act in ACTS
    ),
]
