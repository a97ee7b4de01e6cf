"""The county office follows petitions up by number: state, units and due dates, never what was asked nor by whom."""

from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from households.audience import user_of
from households.models import User
from households.refusals import Refused
from households.roles import Role
from petitions import case_account, deadlines, desk
from petitions.forms.acts import ActForm, SituationForm
from petitions.models import Petition
from petitions.states import PetitionAction, transition


def numbers_only(user: User) -> bool:
    """Whether this person sees numbers and dates alone."""
    return user.role == Role.COUNTY_OFFICE


def petition_overseen(request: HttpRequest, number: str) -> Petition:
    """The petition without its words, or 404: also for every accusation."""
    found = Petition.objects.overseen_by(user_of(request)).filter(number=number)
    petition = found.defer("title", "text", "filer_name", "filer_phone", "enterprise").first()
    if petition is None:
        raise Http404
    return petition


def show(
    request: HttpRequest,
    petition: Petition,
    form: ActForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """How far it is and why it is due when, without the reasons that the filer was told; and the supervision order."""
    user, today = user_of(request), timezone.localdate()
    may_supervise = transition(PetitionAction.SUPERVISE, petition.status, user.role) is not None
    context = {
        "petition": petition,
        "lamp": desk.lamp_of(petition, today),
        "road": case_account.way_of(petition.status),
        "clocks": deadlines.explained_from(deadlines.bare(petition.events.all()), today),
        "at_work": petition.assignments.filter(ended_at=None).select_related("department", "division"),
        "lines": petition.events.order_by("-seq").only("petition", "seq", "kind", "at", "role"),
        "form": form or SituationForm(petition, initial={"op_id": uuid4(), "seen": petition.seq}),
        "may_supervise": may_supervise,
        "refusal": refusal,
    }
    return render(request, "petitions/overseen.html", context, status=status)
