"""The page of one petition."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from households.audience import user_of
from households.models import User
from households.refusals import Refused
from petitions import case_account, desk, letters
from petitions.forms.acts import ActForm
from petitions.models import Petition
from petitions.open_acts import OpenAct, Standing, open_acts
from petitions.states import PetitionAction
from petitions.views.act_table import ACTS, address, form_of


def show(
    request: HttpRequest,
    petition: Petition,
    given: dict[PetitionAction, ActForm] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with the forms of what its reader may do now; `given` are forms that came back with a fault."""
    user = user_of(request)
    account = case_account.account_of(petition, user)
    standing = Standing.of(petition, user, account.at_work)
    open_now = open_acts(petition, user, standing)
    steps = [step for step in open_now if step.action in ACTS]
    context = {
        "petition": petition,
        "account": account,
        "standing": standing,
        "inside": case_account.reads_inside(user),
        "lamp": desk.lamp_of(petition, timezone.localdate()),
        "road": case_account.way_of(petition.status),
        "steps": list(_forms(petition, user, steps, given or {})),
        "may_unmask": any(step.action is PetitionAction.UNMASK for step in open_now)
        and bool(account.filer or account.phone),
        "letters": letters.offered(petition),
        "refusal": refusal,
    }
    return render(request, "petitions/petition.html", context, status=status)


def _forms(
    petition: Petition,
    user: User,
    steps: list[OpenAct],
    given: dict[PetitionAction, ActForm],
) -> Iterator[dict[str, Any]]:
    """Each step with its form; the prominent ones first, what has to wait without a form."""
    for step in sorted(steps, key=lambda each: list(ACTS).index(each.action)):
        act = ACTS[step.action]
        initial = {"op_id": uuid4(), "seen": petition.seq}
        form = given.get(step.action) or form_of(step.action, petition, user, initial=initial)
        yield {
            "name": address(step.action),
            "label": act.button or step.action.label,
            "act": act,
            "form": form,
            "not_yet": step.not_yet,
            "open": step.action in given,
        }
