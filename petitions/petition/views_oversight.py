"""The county office follows petitions up by number: state, units and due dates, never what was asked nor by whom."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from households.audience import user_of
from households.refusals import Refused
from petitions import lamps
from petitions.clocks import deadlines
from petitions.models import Petition
from petitions.petition import account
from petitions.petition.forms import SituationForm, StepForm
from petitions.states import PetitionAction, transition


def show(
    request: HttpRequest,
    petition: Petition,
    form: StepForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """How far it is and why it is due when, without the reasons that the filer was told; and the supervision order."""
    user, today = user_of(request), timezone.localdate()
    may_supervise = transition(PetitionAction.SUPERVISE, petition.status, user.role) is not None
    context = {
        "petition": petition,
        "lamp": lamps.lamp_of(petition, today),
        "road": account.way_of(petition.status),
        "clocks": deadlines.explained_from(deadlines.bare(petition.events.all()), today),
        "at_work": petition.assignments.filter(ended_at=None).select_related("department", "division"),
        "lines": petition.events.order_by("-seq").only("petition", "seq", "kind", "at", "role"),
        "form": form or SituationForm(petition, initial={"op_id": uuid4(), "seen": petition.seq}),
        "may_supervise": may_supervise,
        "refusal": refusal,
    }
    return render(request, "petitions/petition/oversight.html", context, status=status)
