"""Who filed a petition, in full: for the petition office and the lead unit, with a reason, written into its history."""

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from households.audience import holders_of, user_of
from households.confirming.views import with_password
from households.permissions import Permission
from households.refusals import Refused
from petitions.models import Petition
from petitions.petition.forms import StepReasonForm
from petitions.sight import acts_as, petition_in_sight
from petitions.states import PetitionAction, may_act
from petitions.steps.handling import unmask


@holders_of(Permission.SEE_PETITIONS)
@require_http_methods(["GET", "HEAD", "POST"])
@with_password
def unmask_filer(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the reason; then show name and telephone number in the answer to the POST itself, nowhere else."""
    petition = petition_in_sight(request, number)
    if not any(may_act(role, PetitionAction.UNMASK) for role in acts_as(petition, user_of(request))):
        raise PermissionDenied
    if request.method != "POST":
        form = StepReasonForm(petition, initial={"op_id": uuid4(), "seen": petition.seq})
        return _page(request, petition, form)
    form = StepReasonForm(petition, request.POST)
    if not form.is_valid():
        return _page(request, petition, form)
    data = form.cleaned_data
    try:
        shown = unmask(op_id=data["op_id"], petition=petition, by=user_of(request), note=data["note"])
    except Refused as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        return _page(request, petition, form, refusal)
    return render(request, "petitions/petition/unmasking.html", {"petition": petition, "shown": shown})


def _page(
    request: HttpRequest, petition: Petition, form: StepReasonForm, refusal: Refused | None = None
) -> HttpResponse:
    context = {"petition": petition, "form": form, "refusal": refusal}
    status = refusal.status if refusal else 422 if form.errors else 200
    return render(request, "petitions/petition/unmasking.html", context, status=status)


urlpatterns: list[URLPattern] = [
    path("petitions/<petition_number:number>/unmask/", unmask_filer, name="petition-unmask"),
]
