"""One address for each step of a petition; a refusal comes back on the petition's own page."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, user_of
from households.audit_log import noted
from households.permissions import ROLES, Permission
from households.refusals import Refused
from petitions.filing.downloads import file_answer
from petitions.models import Petition
from petitions.petition import views_oversight as oversight
from petitions.petition import views_page
from petitions.petition.forms import StepForm
from petitions.petition.views_acts import ACTS, address, form_of
from petitions.sight import acts_as, numbers_only, petition_in_sight, petition_overseen
from petitions.states import PetitionAction, may_act


def perform(request: HttpRequest, petition: Petition, action: PetitionAction) -> HttpResponse:
    """Make the step and go back to the petition's page; or show that page with what was wrong."""
    act, user = ACTS[action], user_of(request)
    if not any(act.permission in ROLES[role] and may_act(role, action) for role in acts_as(petition, user)):
        raise PermissionDenied
    form = form_of(action, petition, user, request.POST, files=request.FILES)
    if not form.is_valid():
        return _again(request, petition, action, form)
    try:
        act.do(petition, form.cleaned_data, user)
    except Refused as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        return _again(request, _loaded(request, petition.number), action, form, refusal)
    messages.success(request, act.done)
    seen = numbers_only(user) or Petition.objects.visible_to(user).filter(pk=petition.pk).exists()
    return redirect("petition", petition.number) if seen else redirect("petitions")


def _again(
    request: HttpRequest, petition: Petition, action: PetitionAction, form: StepForm, refusal: Refused | None = None
) -> HttpResponse:
    """The page from which the form came, with what was wrong."""
    status = refusal.status if refusal else 422
    if numbers_only(user_of(request)):
        return oversight.show(request, petition, form, refusal, status=status)
    return views_page.show(request, petition, {action: form}, refusal, status=status)


def _loaded(request: HttpRequest, number: str) -> Petition:
    """The petition as its reader may see it, or 404."""
    return (petition_overseen if numbers_only(user_of(request)) else petition_in_sight)(request, number)


@holders_of(Permission.SEE_PETITIONS)
@require_safe
def petition(request: HttpRequest, number: str) -> HttpResponse:
    """One petition: what was asked, how far it is, why it is due when, and what its reader may do now."""
    found = _loaded(request, number)
    if numbers_only(user_of(request)):
        return oversight.show(request, found)
    noted.read(user_of(request), "petition.read", subject=number)
    return views_page.show(request, found)


@holders_of(Permission.SEE_PETITIONS)
@require_safe
def petition_paper(request: HttpRequest, number: str, file: int) -> HttpResponse:
    """One of the petition's files, for those who may read it; 404 for everybody else, like the petition itself."""
    return file_answer(petition_in_sight(request, number), file)


def _view(action: PetitionAction) -> Callable[..., HttpResponse]:
    @holders_of(Permission.SEE_PETITIONS)
    @require_POST
    def view(request: HttpRequest, number: str) -> HttpResponse:
        return perform(request, _loaded(request, number), action)

    return view


urlpatterns: list[URLPattern] = [
    path("petitions/<petition_number:number>/", petition, name="petition"),
    path("petitions/<petition_number:number>/papers/<int:file>/", petition_paper, name="petition-paper"),
    *(
        path(f"petitions/<petition_number:number>/{address(act)}/", _view(act), name=f"petition-{address(act)}")
        for act in ACTS
    ),
]
