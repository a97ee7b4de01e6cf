"""A change that somebody asks for, and its decision: by a cadre of the village where the household then is."""

from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from households import audit
from households.changes import plans, wishes
from households.changes.actions.carrying import carry_out
from households.changes.wishes import ChangeWish, wish_from
from households.codes import village_of
from households.inbox.actions import post_of, tell
from households.models import Household, HouseholdProposal, ProposalState, User
from households.operations import Answer, once
from households.permissions import Permission, may
from households.refusals import Refused

MAX_ANSWER = 100


def propose(*, op_id: UUID, wish: ChangeWish, by: User) -> HouseholdProposal:
    """Ask for a change: a group leader in their group, a cadre where the household goes to another village.

    Refused for what could not be carried out as the register stands now.
    """

    def act() -> Answer:
        return {"proposal": _propose(op_id, wish, by).pk}

    answer = once(op_id=op_id, by=by, kind="household.propose", payload=wish.as_dict(), act=act)
    return HouseholdProposal.objects.get(pk=answer["proposal"])


def _propose(op_id: UUID, wish: ChangeWish, by: User) -> HouseholdProposal:
    own = wish.household or wish.group
    if not own or not may(by, Permission.PROPOSE_CHANGES, at=own):
        raise Refused("outside", "没有这一户，或不在您的管辖范围内。", status=404)
    wishes.check(wish, timezone.localdate())
    wish = plans.cleaned(wish)
    plans.plan(wish, lock=False)
    household = Household.objects.filter(code=wish.household).first()
    proposal = HouseholdProposal(
        op_id=op_id,
        kind=wish.kind,
        place=wish.elsewhere or village_of(own),
        household=household,
        wish=wish.as_bytes(),
        asked_by=by,
    )
    try:
        with transaction.atomic():
            proposal.save(force_insert=True)
    except IntegrityError as fault:
        raise Refused("proposed_already", "这一户的这一项已经有人提出，还在等办理。", status=409) from fault
    audit.record(by, "household.propose", place=own, subject=f"proposal {proposal.pk}", kind=wish.kind.label)
    return proposal


@transaction.atomic
def accept(*, op_id: UUID, proposal: HouseholdProposal, by: User) -> HouseholdProposal:
    """Carry it out. Refused as `carry_out` is; the proposal then goes on waiting."""
    _check_decides(proposal, by)
    change = carry_out(op_id=op_id, wish=wish_from(proposal.wish), by=by, asked_by=proposal.asked_by)
    _decide(proposal, by, ProposalState.DONE, change=change)
    audit.record(by, "household.accept", place=proposal.place, subject=f"proposal {proposal.pk}", change=change.pk)
    return proposal


@transaction.atomic
def refuse(*, proposal: HouseholdProposal, answer: str, by: User) -> HouseholdProposal:
    """Say no, with a reason that whoever asked reads."""
    _check_decides(proposal, by)
    if not answer.strip():
        raise Refused("answer_missing", "请写明为什么不办。", fields={"answer": "必填"})
    _decide(proposal, by, ProposalState.REFUSED, answer=answer.strip()[:MAX_ANSWER])
    audit.record(by, "household.refuse", place=proposal.place, subject=f"proposal {proposal.pk}")
    return proposal


@transaction.atomic
def withdraw(*, proposal: HouseholdProposal, by: User) -> HouseholdProposal:
    """Take one's own proposal back."""
    if proposal.asked_by_id != by.pk:
        raise Refused("not_yours", "只有提出的人可以撤回。", status=403)
    _decide(proposal, by, ProposalState.WITHDRAWN)
    audit.record(by, "household.withdraw", place=proposal.place, subject=f"proposal {proposal.pk}")
    return proposal


def _check_decides(proposal: HouseholdProposal, by: User) -> None:
    if not may(by, Permission.CHANGE_HOUSEHOLDS, at=proposal.place) or by.pk == proposal.asked_by_id:
        raise Refused("not_yours", "这一项由户所到的村的村干部办理。", status=403)


def _decide(proposal: HouseholdProposal, by: User, state: ProposalState, **more: object) -> None:
    """Of two who decide at once, the second is told."""
    decided = {"state": state, "decided_by": by, "decided_at": timezone.now(), **more}
    waiting = HouseholdProposal.objects.filter(pk=proposal.pk, state=ProposalState.WAITING)
    if not waiting.update(**decided):
        raise Refused("proposal_decided", "这一项刚刚有人办过了。", hint="请刷新页面看结果。", status=409)
    proposal.refresh_from_db()
    if state != ProposalState.WITHDRAWN:
        tell("proposal.decided", key=proposal.pk, to=[post_of(proposal.asked_by)], about=[proposal.pk, state.value])
