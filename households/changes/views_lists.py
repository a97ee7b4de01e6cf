"""Lists of the register's changes: a month's, for villages and for the township that looks on; proposals and their decision."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from households.audience import holders_of, user_of
from households.changes import reads
from households.changes.actions import proposals, watching
from households.changes.actions.carrying import preview
from households.changes.forms import ObjectionForm, ProposalAnswerForm, ReadForm
from households.changes.wishes import wish_from
from households.confirming.views import with_password
from households.fields import OnceForm
from households.models import HouseholdChange, HouseholdProposal, ProposalState, User
from households.months import MonthError, month_of, parse_month
from households.permissions import Permission, may
from households.refusals import Refused
from households.register import looking
from households.register.reads import name_for

PER_PAGE = 50


@holders_of(Permission.SEE_HOUSEHOLDS)
@require_safe
def household_changes(request: HttpRequest) -> HttpResponse:
    """What was carried out in a month, what waits, what the township says."""
    user = user_of(request)
    month = _month(request)
    found = reads.of_month(reads.changes_in(user), month)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    watches = may(user, Permission.WATCH_CHANGES)
    fresh = watching.unread(user).order_by("-id").first() if watches else None
    context = {
        "month": month,
        "page": page,
        "lines": reads.lines_of(page, user),
        "watches": watches,
        "upto": fresh.pk if fresh else 0,
        "decides": may(user, Permission.CHANGE_HOUSEHOLDS),
        "proposes": may(user, Permission.PROPOSE_CHANGES),
        "waiting": _named(reads.waiting_proposals(user)[:PER_PAGE], user)
        if may(user, Permission.CHANGE_HOUSEHOLDS)
        else [],
        "own": _named(reads.own_proposals(user)[:PER_PAGE], user) if may(user, Permission.PROPOSE_CHANGES) else [],
    }
    return render(request, "households/changes/list.html", context)


def _month(request: HttpRequest) -> str:
    try:
        return parse_month(request.GET.get("month", "") or month_of(timezone.localdate()))
    except MonthError:
        return month_of(timezone.localdate())


def _named(found: Any, user: User) -> list[dict[str, Any]]:
    return [{"proposal": one, "name": _name(one, user)} for one in found]


def _name(proposal: HouseholdProposal, user: User) -> str:
    if proposal.household:
        return name_for(proposal.household, user)
    return wish_from(proposal.wish).head_name or ""


def _proposal_or_404(request: HttpRequest, number: int) -> HouseholdProposal:
    found = reads.proposal_for(user_of(request), number)
    if found is None:
        raise Http404
    return found


@holders_of(Permission.PROPOSE_CHANGES)
@require_safe
def proposal(request: HttpRequest, proposal: int) -> HttpResponse:
    """One proposal: what is wanted, what it would do, its answer."""
    return _show(request, _proposal_or_404(request, proposal))


def _show(request: HttpRequest, found: HouseholdProposal, refusal: Refused | None = None) -> HttpResponse:
    user, wish = user_of(request), wish_from(found.wish)
    looking.shown(user, [wish.household] if wish.household else [])
    effects: list[Any] = []
    if found.state == ProposalState.WAITING and refusal is None:
        try:
            _plan, effects = preview(wish, by=None)
        except Refused as fault:
            refusal = fault
    context = {
        "proposal": found,
        "wish": wish,
        "proposed": reads.proposed(wish),
        "name": _name(found, user),
        "effects": effects,
        "refusal": refusal,
        "decides": found.state == ProposalState.WAITING and reads.may_decide(user, found),
        "own": found.asked_by_id == user.pk,
        "form": OnceForm(initial={"op_id": uuid4()}),
        "answer": ProposalAnswerForm(),
    }
    status = refusal.status if refusal and request.method == "POST" else 200
    return render(request, "households/changes/proposal.html", context, status=status)


@holders_of(Permission.CHANGE_HOUSEHOLDS)
@require_POST
@with_password
def accept_proposal(request: HttpRequest, proposal: int) -> HttpResponse:
    """Carry it out."""
    found, form = _proposal_or_404(request, proposal), OnceForm(request.POST)
    if not form.is_valid():
        raise Refused("form", "提交的内容不完整，没有生效。", status=400)
    try:
        proposals.accept(op_id=form.cleaned_data["op_id"], proposal=found, by=user_of(request))
    except Refused as refusal:
        return _show(request, found, refusal)
    messages.success(request, "已经办好。")
    return redirect("household-changes")


@holders_of(Permission.PROPOSE_CHANGES)
@require_POST
def refuse_proposal(request: HttpRequest, proposal: int) -> HttpResponse:
    """No, with a reason; or whoever asked takes it back."""
    found, form = _proposal_or_404(request, proposal), ProposalAnswerForm(request.POST)
    user = user_of(request)
    if found.asked_by_id == user.pk:
        proposals.withdraw(proposal=found, by=user)
        messages.success(request, "已经撤回。")
    else:
        proposals.refuse(proposal=found, answer=form.cleaned_data["answer"] if form.is_valid() else "", by=user)
        messages.success(request, "已经答复，提出的人看得到。")
    return redirect("household-changes")


@holders_of(Permission.WATCH_CHANGES)
@require_POST
def read_changes(request: HttpRequest) -> HttpResponse:
    """All that stood on the page is read."""
    form = ReadForm(request.POST)
    if form.is_valid():
        watching.mark_read(upto=form.cleaned_data["upto"], by=user_of(request))
        messages.success(request, "已记下：都看过了。")
    return redirect("household-changes")


@holders_of(Permission.SEE_HOUSEHOLDS)
@require_POST
def answer_change(request: HttpRequest, change: int) -> HttpResponse:
    """The township objects; the village answers."""
    user = user_of(request)
    found: HouseholdChange | None = reads.changes_in(user).filter(pk=change).first()
    if found is None:
        raise Http404
    objection = getattr(found, "objection", None)
    if objection is None:
        form = ObjectionForm(request.POST)
        watching.object_to(change=found, text=form.cleaned_data["text"] if form.is_valid() else "", by=user)
        messages.success(request, "意见已记下，村里的首页看得到。")
    else:
        answer = ProposalAnswerForm(request.POST)
        text = answer.cleaned_data["answer"] if answer.is_valid() else ""
        watching.answer_objection(objection=objection, answer=text, by=user)
        messages.success(request, "答复已记下。")
    return redirect("household-changes")
