"""The page of one petition."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from households.audience import user_of
from households.models import User
from households.permissions import Permission, may
from households.refusals import Refused
from petitions import lamps
from petitions.letters import letters
from petitions.letters import replies as reply_words
from petitions.models import Petition, PetitionKind, Promise
from petitions.petition import account as petition_account
from petitions.petition.forms import StepForm
from petitions.petition.open_acts import Involvement, OpenAct, open_acts
from petitions.petition.views_acts import ACTS, address, form_of
from petitions.publishing import actions as publishing
from petitions.search import duplicates
from petitions.states import PetitionAction


def show(
    request: HttpRequest,
    petition: Petition,
    given: dict[PetitionAction, StepForm] | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with the forms of what its reader may do now; `given` are forms that came back with a fault."""
    user = user_of(request)
    account = petition_account.account_of(petition, user)
    today = timezone.localdate()
    involvement = Involvement.of(petition, user, account.at_work)
    open_now = open_acts(petition, user, involvement)
    steps = [step for step in open_now if step.action in ACTS]
    replies = reply_words.for_steps(petition, account.at_work, [step.action for step in steps if not step.not_yet])
    context = {
        "petition": petition,
        "account": account,
        "involvement": involvement,
        "inside": account.inside,
        "lamp": lamps.lamp_of(petition, today),
        "road": petition_account.way_of(petition.status),
        "steps": list(_forms(petition, user, steps, given or {}, replies)),
        "ready_made": bool(replies),
        "may_unmask": any(step.action is PetitionAction.UNMASK for step in open_now)
        and bool(account.filer or account.phone),
        "attachments": petition.attachments.defer("sealed"),
        "promises": Promise.objects.of(petition, today),
        "may_set_owner": may(user, Permission.RUN_RECEPTIONS),
        "may_publish": may(user, Permission.REDACT_PETITIONS) and publishing.could_be_public(petition),
        "letters": letters.offered(petition),
        "kind_hint": _kind_hint(petition, user, open_now),
        "refusal": refusal,
    }
    return render(request, "petitions/petition/page.html", context, status=status)


def _kind_hint(petition: Petition, user: User, open_now: list[OpenAct]) -> PetitionKind | None:
    """Another kind than the one it has, for who may classify it: a suggestion to take over with one button."""
    may = any(step.action is PetitionAction.CLASSIFY and not step.not_yet for step in open_now)
    kind = PetitionKind(duplicates.kind_of(petition, user)) if may and not petition.erased_at else petition.kind
    return PetitionKind(kind) if kind != petition.kind else None


def _forms(
    petition: Petition,
    user: User,
    steps: list[OpenAct],
    given: dict[PetitionAction, StepForm],
    replies: dict[PetitionAction, list[tuple[str, str]]],
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
            "replies": replies.get(step.action, []),
            "not_yet": step.not_yet,
            "open": step.action in given,
            "read_by_merged": step.action is PetitionAction.ANSWER and petition.merged.exists(),
        }
